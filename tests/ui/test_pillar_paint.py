"""A pillar paints the stretch that its bar moved over, and looks as if it were painted whole."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QColor, QImage

from app.ui.layout import lay_out
from app.ui.theme import ThemeName, load_colours
from app.ui.widgets.pillar import Pillar, PillarView
from tests.ui.scenes import NOT_YET, both, side

LEVELS = (4.0, 6.0, 30.0, 44.9, 45.0, 45.1, 62.0, 67.5, 119.0, 130.0, 60.0, 8.1, 7.9, 0.4, 0.0, 2.0)


def on_screen(window) -> QImage:
    picture: QImage = window.screen().grabWindow(window.winId()).toImage()
    return picture.convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("states", [("asleep", "firing"), ("firing", "weak"), ("quiet", "quiet")])
@pytest.mark.parametrize("peak", [None, 66.0])
def test_what_is_painted_in_parts_looks_like_what_is_painted_whole(make_window, application, states, peak):
    window = make_window()
    for step, level in enumerate(LEVELS):
        views = [side(level, states[0], peak=peak), side(121 - level, states[1], peak=peak)]
        window.source.now = replace(NOT_YET, t_s=60 + 0.05 * step, sides=both(*views), cue=None)
        window.pull()
        application.processEvents()
        for pillar in window.train.pillars.values():
            column = pillar._column.toAlignedRect().adjusted(-8, -4, 8, 4)
            box = column.translated(pillar.mapTo(window, QPoint()))
            whole = window.grab(box).toImage().convertToFormat(QImage.Format.Format_RGB32)
            assert on_screen(window).copy(box) == whole, f"{pillar.side} at {level}"


def test_a_bar_that_moves_by_less_than_a_pixel_paints_nothing(make_window, application, monkeypatch):
    window = make_window()
    pillar = window.train.pillars["left"]
    px_pct = 120.0 / pillar._column.height()
    painted = []
    monkeypatch.setattr(type(pillar), "update", lambda shown, *where: painted.append(shown))
    for step, level in enumerate((10 * px_pct, 10.3 * px_pct, 9.8 * px_pct, 12 * px_pct)):
        pillar.show_view(PillarView("rest", level, "5 %", "resting", 45.0, 8.0, None, joined=False))
        if step == 0:
            painted.clear()
        assert len(painted) == (step == 3), f"step {step}"


def test_with_high_contrast_a_pillar_has_an_outline_even_while_nothing_is_asked_of_it(application):
    view = PillarView("rest", 62.0, "62 %", "joining", 45.0, 8.0, 67.0, joined=False)

    def at_its_edge(theme: ThemeName) -> QColor:
        pillar = Pillar(load_colours(theme), "right")
        pillar.place(lay_out(1296, 784), None)
        pillar.show_view(view)
        column = pillar._column
        return QColor(pillar.grab().toImage().pixel(int(column.left()), int(column.center().y())))

    assert at_its_edge("contrast").lightness() > 200 > 60 > at_its_edge("dark").lightness()
