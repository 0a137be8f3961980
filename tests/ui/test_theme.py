import colorsys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFontInfo, QFontMetricsF

from app.ui import layout, text
from app.ui import theme as theme_module
from app.ui.layout import lay_out
from app.ui.marks import ROUND_TOP
from app.ui.theme import enlarge_text, font, grown, load_colours, theme_of
from app.ui.widgets.buttons import HEIGHT
from app.ui.widgets.pillar import SCALE_MAX_PCT

THEMES = ("dark", "light", "contrast")
TEXT_PAIRS = (
    ("text", "ground"), ("text2", "ground"), ("text3", "ground"), ("text3", "rail"), ("text2", "rail"),
    ("left_text", "ground"), ("right_text", "ground"), ("ground", "text"), ("text", "well"),
)  # fmt: skip
MARK_PAIRS = (
    ("edge", "ground"), ("left", "ground"), ("right", "ground"), ("left", "well"), ("right", "well"),
    ("attention", "ground"), ("rec", "rail"), ("focus", "ground"), ("text", "left_tint"), ("text", "right_tint"),
)  # fmt: skip


def luminance(colour: QColor) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", TEXT_PAIRS)
def test_text_can_be_read(theme, pair):
    colours = load_colours(theme)
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", MARK_PAIRS)
def test_marks_can_be_seen(theme, pair):
    colours = load_colours(theme)
    assert contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) >= 3.0


@pytest.mark.parametrize("theme", THEMES)
def test_addressed_and_stepped_back_bars_differ_in_grey(theme):
    for side in (load_colours(theme).of("left"), load_colours(theme).of("right")):
        assert contrast(side.full, side.rest) >= 1.5


def test_blue_and_orange_are_far_apart_in_hue():
    left, right = (colorsys.rgb_to_hsv(*c.getRgbF()[:3])[0] for c in (load_colours().left, load_colours().right))
    assert abs(left - right) > 0.3


def test_tabular_digits_are_equally_wide(application):
    for px in (16, 36):
        metrics = QFontMetricsF(font(px, 600, tabular=True))
        assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1


def test_large_text_is_set_in_the_display_cut(application):
    assert (QFontInfo(font(27)).family(), QFontInfo(font(28)).family()) == ("Inter", "Inter Display")


@pytest.fixture
def largest_text():
    enlarge_text(130)
    yield
    enlarge_text(100)


def test_larger_text_grows_what_is_small_and_leaves_what_is_large(application, largest_text):
    assert [grown(px) for px in (14, 16, 22, 28, 62)] == [18, 21, 28, 28, 62]
    assert font(16).pixelSize() == 21


def test_a_width_is_that_of_the_text_as_it_is_drawn(application):
    run = text.Run("squeeze now", 16, load_colours().text)
    before = text.width([run])
    enlarge_text(130)
    try:
        assert text.width([run]) > 1.2 * before
    finally:
        enlarge_text(100)
    assert text.width([run]) == before


def hints(scheme: Qt.ColorScheme, contrast: Qt.ContrastPreference = Qt.ContrastPreference.NoPreference):
    accessibility = SimpleNamespace(contrastPreference=lambda: contrast)
    return SimpleNamespace(colorScheme=lambda: scheme, accessibility=lambda: accessibility)


@pytest.mark.parametrize(
    ("scheme", "theme"),
    [(Qt.ColorScheme.Light, "light"), (Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Unknown, "dark")],
)
def test_the_theme_follows_the_system(scheme, theme):
    assert theme_of("system", hints(scheme)) == theme


def test_a_wish_for_contrast_goes_before_light_and_dark():
    wanted = hints(Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast)
    assert theme_of("system", wanted) == "contrast"


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_that_was_chosen_follows_nobody(theme):
    assert theme_of(theme, hints(Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast)) == theme


def test_train_is_built_of_the_measures_that_it_was_drawn_with():
    """Those of the drawn tokens: sizes in device-independent px, a share of the pillar's width, a scale in %."""
    drawn = {
        "rail": 144, "status bar": 44, "least to click": 44, "least text": 14, "display from": 28, "scale": 120.0,
        "round top": 0.34, "cue": 62, "number": 36, "goal line": 3, "pillar": (216.0, 470.0), "ring": 84.0,
        "weights": (400, 500, 600),
    }  # fmt: skip
    train = lay_out(1440 - layout.RAIL_WIDE, 900 - layout.HEADER - layout.STATUS_BAR)

    assert drawn == {
        "rail": layout.RAIL_WIDE, "status bar": layout.STATUS_BAR, "least to click": HEIGHT,
        "least text": theme_module.LEAST_TEXT_PX, "display from": theme_module.DISPLAY_FROM_PX,
        "scale": SCALE_MAX_PCT, "round top": ROUND_TOP, "cue": train.cue_px, "number": train.pillar.number_px,
        "goal line": train.pillar.line_px, "pillar": (train.left.width(), train.left.height()), "ring": train.ring[2],
        "weights": (theme_module.REGULAR, theme_module.MEDIUM, theme_module.SEMIBOLD),
    }  # fmt: skip


def test_nothing_on_the_screen_moves_by_itself():
    """Motion is always reduced: what is drawn follows the signal in the frame in which it arrives."""
    eased = ("QPropertyAnimation", "QVariantAnimation", "QTimeLine", "QGraphicsEffect")
    sources = [file.read_text(encoding="utf-8") for file in Path(theme_module.__file__).parent.rglob("*.py")]

    assert sources
    assert not [word for word in eased for source in sources if word in source]
