"""A window that is moved to a screen of another scale, in a process of its own: is it painted as one opened there?"""

import json
import sys
from collections.abc import Callable

from PyQt6.QtCore import QPoint
from PyQt6.QtDBus import QDBusConnection
from PyQt6.QtGui import QGuiApplication, QImage
from PyQt6.QtWidgets import QApplication, QWidget

from app.ui import awake
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from app.ui.widgets.overview import Overview
from tests.ui.every_scene import EVERY, settle
from tests.ui.scenes import NOT_YET

PAGES = ("train", "sensors", "calibrate-tap", "calibrate-raw", "setup", "history", "start")


def window_of(name: str) -> Callable[[], QWidget]:
    """Open a page, on the first screen."""

    def make() -> QWidget:
        window = MainWindow(EVERY[name].source(), Bridge(), load_colours())
        window.resize(1024, 640)
        window.show()
        EVERY[name].act(window)
        settle(window)
        return window

    return make


def overview() -> QWidget:
    """A whole recording, whose picture is kept."""
    shown = Overview(load_colours())
    shown.resize(600, 60)
    rep = NOT_YET.last_rep
    assert rep is not None
    shown.show_reps([rep], 60.0)
    shown.show()
    return shown


def picture(widget: QWidget, x: int) -> tuple[float, QImage]:
    """Stand it on the screen at `x`; its scale there and what it looks like."""
    widget.move(QPoint(x, 0))
    QGuiApplication.processEvents()
    focused = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()  # only one window has it
    return widget.devicePixelRatioF(), widget.grab().toImage()


def main() -> None:
    """Move each from the coarse screen to the fine one and back."""
    awake.bus_of = lambda which: QDBusConnection("none")
    application = make_application()
    coarse, fine = (screen.geometry().x() for screen in application.screens())
    told = {}
    for name, make in {**{name: window_of(name) for name in PAGES}, "overview": overview}.items():
        moved, opened_there = make(), make()
        before = picture(moved, coarse)
        there, should = picture(moved, fine), picture(opened_there, fine)
        back = picture(moved, coarse)
        scales = [before[0], there[0], back[0]]
        told[name] = {"scales": scales, "same": there[1] == should[1], "as_before": back[1] == before[1]}
        for one in (moved, opened_there):
            one.hide()
            one.deleteLater()
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
