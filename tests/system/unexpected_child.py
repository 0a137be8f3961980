"""The application in a real window, in which a slot raises while a session is recorded; prints what came of it."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest

from app.archive import open_history
from app.settings import Sensor, Settings
from app.studio import Studio
from app.ui.main_window import MainWindow
from scripts.stories import Condition, grab, plan, tell

SOURCE = "sim:healthy?seed=2&speed=3"
SENSOR = Sensor("umyo:AA:BB:CC:DD:EE:FF", {"left": 1}, key="AA:BB:CC:DD:EE:FF", name="Adas Muskel")


class PlannedError(Exception):
    """What nobody expects."""


def fail_as_a_slot_would() -> None:
    """Raise, with what must never get into a report."""
    raise PlannedError(f"{sys.argv[1]}/P-017 of umyo:AA:BB:CC:DD:EE:FF?map=left:1 (Adas Muskel) broke")


def main(record_in: Path, picture: Path) -> int:
    """Train, raise in a slot, look, save the report from the notice, train on, close."""
    seen: dict[str, object] = {}
    settings = Settings()
    settings.remember([SENSOR])
    settings.prefer(person="P-017")
    with open_history(record_in) as history:
        history.add_person("P-017", display_name="Ada Meier")

    def story(window: MainWindow) -> Iterator[Condition]:
        yield lambda: int(window.train.ring.view.number or 0) >= 1
        logging.getLogger("app.test").warning("P-017, Ada Meier, trains in %s with 'Adas Muskel'", record_in)
        QTimer.singleShot(0, fail_as_a_slot_would)
        yield lambda: window.notice.isVisible()
        seen["sentence"] = window.notice.sentence
        seen["answers"] = [button.text() for button in window.notice.buttons]
        grab(window, picture)
        window.notice.buttons[1].setFocus()
        QTest.keyClick(window.notice.buttons[1], Qt.Key.Key_Return)  # type: ignore[call-overload]
        yield lambda: window.notice.isVisible() and window.notice.sentence != seen["sentence"]
        seen["saved"] = window.notice.sentence
        QTest.keyClick(window, Qt.Key.Key_Escape)  # type: ignore[call-overload]
        counted = int(window.train.ring.view.number or 0)
        yield lambda: int(window.train.ring.view.number or 0) > counted
        seen["goes_on"] = True

    with Studio([SOURCE], plan(), record_in, settings=settings) as studio:
        code = tell(studio, story)
    recording = studio.recording()
    sys.stdout.write(json.dumps({**seen, "recording": str(recording.path), "state": recording.state}))
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
