"""The application in a real window, in a process of its own; prints what was seen as one JSON object."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from app.studio import Studio
from app.ui.main_window import MainWindow
from scripts.stories import Condition, grab, plan, tell

SOURCE = "sim:sleepy-left?seed=2&speed=3"
COUNTED = 3


def main(record_in: Path, picture: Path) -> int:
    """Look on until the left side is cued in the third squeeze, pause, close."""
    seen: dict[str, object] = {}

    def story(window: MainWindow) -> Iterator[Condition]:
        yield lambda: int(window.train.ring.view.number or 0) >= COUNTED and window.train.cue.line.side == "left"
        seen["cue"] = window.train.cue.line.address + window.train.cue.line.text
        seen["counted"] = window.train.ring.view.number
        seen["active"] = window.isActiveWindow()
        grab(window, picture)
        QTest.keyClick(window, Qt.Key.Key_Space)  # type: ignore[call-overload]
        yield lambda: window.train.cue.line.text == "Paused"
        seen["button"] = window.desk.go_button.text()

    with Studio([SOURCE], plan(), record_in) as studio:
        code = tell(studio, story)
    recording = studio.recording()
    sys.stdout.write(json.dumps({**seen, "recording": str(recording.path), "state": recording.state}))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
