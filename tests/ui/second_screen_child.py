"""A window with two screens, in a process of its own: Qt reads its screens once. Says in JSON what happened."""

import json
import sys

from PyQt6.QtDBus import QDBusConnection

from app.ui import awake
from app.ui.application import make_application
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from tests.ui.scenes import SCENES, StagedSource


def main() -> None:
    """Open the stage beside the window, turn the window's view around, and tell where everything is."""
    awake.bus_of = lambda which: QDBusConnection("none")
    application = make_application()
    window = MainWindow(StagedSource(now=SCENES["train-late"]), Bridge(), load_colours())
    window.resize(1440, 900)
    window.show()
    window.pull()
    window.desk.stage.toggle()
    window.desk.toggle_front()
    window._shown = None
    window.pull()
    application.processEvents()
    stage = window.desk.stage.stage
    assert stage is not None
    window_screen, stage_screen = window.screen(), stage.screen()
    assert window_screen is not None
    assert stage_screen is not None
    left_of = {
        "window": window.train.pillars["left"].x() < window.train.pillars["right"].x(),
        "stage": stage.pillars["left"].x() < stage.pillars["right"].x(),
    }
    told = {
        "screens": [window_screen.name(), stage_screen.name()],
        "covers": window.desk.stage.covers_the_window,
        "same": stage.cue.line == window.train.cue.line,
        "left_is_left": left_of,
        "traces": window.train.traces.isVisible(),
        "button": window.desk.go_button.isVisible(),
    }
    window.desk.stage.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
