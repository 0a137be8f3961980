"""Colours and type of the screen, from ``assets/themes/tokens.toml`` and the bundled fonts.

Which theme and which size of text are in force is the GUI thread's to say; what was made before keeps its own.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Literal

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QPalette, QStyleHints

from app.preferences import TextPct, ThemeChoice
from app.session.events import Side

ThemeName = Literal["dark", "light", "contrast"]

REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600
DISPLAY_FROM_PX = 28
"""Inter Display is cut for large sizes, Inter for small ones."""
LEAST_TEXT_PX = 14


@dataclass(frozen=True)
class Colours:
    """Every colour of one theme; the names are the keys of the token file.

    Attributes
    ----------
    ground, rail, well, line, edge : QColor
        Surfaces from the large to the small; ``edge`` is for outlines that carry meaning.
    text, text2, text3 : QColor
        White and two greys.
    left, right and left_*, right_* : QColor
        For that side only: full, as text, stepped back, behind the envelope, missing up to the goal.
    attention, rec, focus : QColor
        With a triangle and a word; with a disc and REC; the keyboard's focus ring.
    """

    ground: QColor
    rail: QColor
    well: QColor
    line: QColor
    edge: QColor
    text: QColor
    text2: QColor
    text3: QColor
    left: QColor
    right: QColor
    left_text: QColor
    right_text: QColor
    left_rest: QColor
    right_rest: QColor
    left_raw: QColor
    right_raw: QColor
    left_tint: QColor
    right_tint: QColor
    attention: QColor
    rec: QColor
    focus: QColor

    @property
    def outlined(self) -> bool:
        """True for high contrast: there a pillar has an outline even while nothing is asked of it."""
        return bool(self.edge == self.text)

    def of(self, side: Side) -> "SideColours":
        """The colours of one side."""
        return SideColours(*(getattr(self, side + suffix) for suffix in ("", "_text", "_rest", "_raw", "_tint")))

    def palette(self) -> QPalette:
        """Qt's own palette, for the few things that Qt paints."""
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, self.ground)
        palette.setColor(QPalette.ColorRole.WindowText, self.text)
        for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Button):  # scroll bars, and what is typed into
            palette.setColor(role, self.well)
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(role, self.text)
        for role in (QPalette.ColorRole.Light, QPalette.ColorRole.Mid, QPalette.ColorRole.Dark):
            palette.setColor(role, self.edge)
        palette.setColor(QPalette.ColorRole.Highlight, self.edge)
        palette.setColor(QPalette.ColorRole.ToolTipBase, self.well)
        palette.setColor(QPalette.ColorRole.ToolTipText, self.text)
        return palette


@dataclass(frozen=True)
class SideColours:
    """The colours of one side."""

    full: QColor
    text: QColor
    rest: QColor
    raw: QColor
    tint: QColor


@cache
def load_colours(theme: ThemeName = "dark") -> Colours:
    """Read one theme of the token file; every colour must be there."""
    table = tomllib.loads((files("assets") / "themes" / "tokens.toml").read_text(encoding="utf-8"))[theme]
    return Colours(**{field.name: QColor(table[field.name]) for field in fields(Colours)})


@cache
def load_fonts() -> None:
    """Register the bundled fonts; Qt brings none, and a bare system has none."""
    for font_file in (files("assets") / "fonts").iterdir():
        if font_file.name.endswith(".ttf"):
            QFontDatabase.addApplicationFontFromData(font_file.read_bytes())


def theme_of(choice: ThemeChoice, hints: QStyleHints) -> ThemeName:
    """The theme that was chosen, or that the system asks for; dark where it says nothing.

    Parameters
    ----------
    choice : {'system', 'dark', 'light', 'contrast'}
    hints : QStyleHints
        What the system says. It tells of a wish for contrast from Qt 6.10 on.
    """
    if choice != "system":
        return choice
    accessibility = hints.accessibility() if hasattr(hints, "accessibility") else None
    if accessibility is not None and accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "light" if hints.colorScheme() == Qt.ColorScheme.Light else "dark"


class _Type:
    """Size of the text in force."""

    pct: TextPct = 100


def enlarge_text(pct: TextPct) -> None:
    """Set the size of all text that is not large already, in %; for what is made from now on."""
    _Type.pct = pct


def grown(px: int) -> int:
    """A size of the drawings in the size of text in force: what is small grows up to `DISPLAY_FROM_PX`."""
    return max(px, min(DISPLAY_FROM_PX, round(px * _Type.pct / 100)))


def room_px(px: float) -> int:
    """Room beside or for small text, which grows as that does, in device-independent px."""
    return round(px * _Type.pct / 100)


def font(px: int, weight: int = REGULAR, *, tabular: bool = False) -> QFont:
    """Make the font of one size, as `grown` as the person wants it.

    Parameters
    ----------
    px : int
        Size in device-independent pixels; never below `LEAST_TEXT_PX`.
    weight : int
        400, 500 or 600.
    tabular : bool
        All digits equally wide, so that nothing moves when a number changes. Only for numbers: the feature also
        spreads hyphens and colons.
    """
    return font_as_is(grown(px), weight, tabular)


@cache
def font_as_is(px: int, weight: int, tabular: bool) -> QFont:
    """Make the font of exactly one size; see `font`."""
    made = QFont(["Inter Display" if px >= DISPLAY_FROM_PX else "Inter", "sans-serif"])
    made.setPixelSize(px)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), int(tabular))
    made.setFeature(QFont.Tag("calt"), 0)  # it would lift the colon of "LEFT: squeeze now"
    return made
