"""Tells where everything stands on some pages, and how wide words are: one JSON object, at the scale of its screen."""

import json
import sys

from PyQt6.QtCore import QPoint, QRect

from app.ui import text
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.text import Run
from app.ui.theme import load_colours
from tests.ui.every_scene import EVERY, settle, visible

PAGES = ("train", "lost", "sensors", "calibrate-harden", "setup", "start", "care")

application = make_application()
colours = load_colours()
places: dict[str, object] = {"words": [round(text.width([Run("squeeze now", px, colours.text)]), 2) for px in (14, 62)]}
for name in PAGES:
    window = MainWindow(EVERY[name].source(), Bridge(), colours)
    window.resize(1280, 720)
    window.show()
    EVERY[name].act(window)
    settle(window)
    places[name] = [
        (type(one).__name__, *QRect(one.mapTo(window, QPoint()), one.size()).getRect()) for one in visible(window)
    ]
    places["scale"] = window.devicePixelRatioF()
    window.retire()
json.dump(places, sys.stdout)
