"""A first session or the start after it in a real window, by keys alone; prints what was seen as one JSON object.

``python -m tests.system.first_session_child first|second DATA [PICTURES]``: an empty folder for settings and
recordings, and one for a picture of every step. A simulated person stands for a living one with pads, so that
everything is asked.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog, QLineEdit

from app import sensor_desk, session_view, studio
from app.pipeline.discovery import Choice, Finds, FoundDevice
from app.settings import Settings
from app.studio import Studio
from app.ui.main_window import MainWindow
from drivers.simulator.driver import SimulatorDriver
from scripts.stories import Condition, grab, plan, tell

LIVING = "seed=77"
PADS = FoundDevice(
    "Pads",
    "a person with pads",
    "",
    (Choice(f"sim:waking-left?{LIVING}&speed=6&wake=6&period=2.5", "pads"),),
    sure=True,
)
FIRST = "sim:waking-left?speed=4"
LIMIT_S = 150.0
STEP_S = 20.0
NAMED = {
    "Space": Qt.Key.Key_Space, "Return": Qt.Key.Key_Return, "Escape": Qt.Key.Key_Escape, "Tab": Qt.Key.Key_Tab,
    "Ctrl+Return": Qt.Key.Key_Return,
}  # fmt: skip


def press(window: MainWindow, *keys: str) -> None:
    """Press keys where the keyboard is."""
    for key in keys:
        control = key.startswith("Ctrl+")
        code = NAMED.get(key) or Qt.Key[f"Key_{key.removeprefix('Ctrl+').upper()}"]
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        target = QApplication.focusWidget() or window
        QTest.keyClick(target, code, held)  # type: ignore[call-overload]


def accept(path: str) -> None:
    """Type a name into the dialog that asks where, and press Return; until there is one, look again."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QFileDialog):
        dialog.selectFile(path)
        QTest.keyClick(dialog.findChild(QLineEdit), Qt.Key.Key_Return)  # type: ignore[call-overload]
    else:
        QTimer.singleShot(20, lambda: accept(path))


class Pictures:
    """A picture of every step, in order, if somebody wants to look at them."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self.n, self.last = 0, ""

    def take(self, window: MainWindow, name: str) -> None:
        QApplication.processEvents()
        self.n += 1
        self.last = name if name != "stuck" else self.last
        if self._folder is not None:
            grab(window, self._folder / f"{self.n:02}-{name}.png")


def patient(
    story: Callable[[MainWindow], Iterator[Condition]], pictures: Pictures, seen: dict[str, object]
) -> Callable[[MainWindow], Iterator[Condition]]:
    """The same story, which says where it waits in vain."""

    def told(window: MainWindow) -> Iterator[Condition]:
        for condition in story(window):
            ends_s = time.perf_counter() + STEP_S

            def come(condition: Condition = condition, ends_s: float = ends_s) -> bool:
                late = time.perf_counter() > ends_s
                if late:
                    pictures.take(window, "stuck")
                return condition() or late

            yield come
            if not condition():
                seen["stuck"] = pictures.last
                window.close_at_once()
                return

    return told


def first_session(
    studio: Studio, pictures: Pictures, seen: dict[str, object], data: Path
) -> Callable[[MainWindow], Iterator[Condition]]:
    """From the tour to the report."""

    def story(window: MainWindow) -> Iterator[Condition]:
        yield lambda: window.tour.runs
        pictures.take(window, "tour")
        for step in range(2, 7):
            press(window, "Space")
            pictures.take(window, f"tour-{step}")
        press(window, "Space")
        yield lambda: not window.tour.runs and window.steps.shown is None
        pictures.take(window, "train-simulated")
        press(window, "Ctrl+2")
        yield lambda: window.sensors.isVisible()
        pictures.take(window, "sensors")
        press(window, "F")
        yield lambda: any(row.hasFocus() for row in window.sensors.found.shown_rows)
        pictures.take(window, "found")
        press(window, "Return")
        yield lambda: window.sensors.assign.isVisible()
        press(window, "B")
        pictures.take(window, "assign")
        press(window, "Ctrl+Return")
        yield lambda: window.steps.care.isVisible()
        pictures.take(window, "care")
        press(window, *"NNNNN")
        pictures.take(window, "care-answered")
        press(window, "Space")
        yield lambda: window.steps.start.isVisible()
        press(window, "1")
        pictures.take(window, "start")
        press(window, "Space")
        yield lambda: window.calibrate.isVisible() and window.calibrate.page.view is not None
        shown = ""
        while True:
            page = window.calibrate.page
            view = page.view
            if view is not None and view.finished and view.question is None:
                break
            if view is not None and view.question is not None:
                pictures.take(window, f"calibrate-question-{view.question.id}")
                press(window, "N")
            elif view is not None and view.step != shown:
                shown = view.step
                pictures.take(window, f"calibrate-{view.step}")
            yield lambda view=view: window.calibrate.page.view is not view  # type: ignore[misc]
        pictures.take(window, "calibrated")
        press(window, "Space")
        yield lambda: window.train.isVisible() and window.desk.does == "ready" and window.train.set_up.isVisible()
        pictures.take(window, "ready")
        press(window, "Space")
        yield lambda: window.desk.does == "countdown"
        pictures.take(window, "countdown")
        yield lambda: window.desk.does == "going" and window.train.ring.view.number == "3"
        pictures.take(window, "wake-up")
        rests = 0
        while rests < 3:
            yield lambda: window.desk.does in ("rest", "finished")
            rests += 1
            asks = window.desk._shown is not None and window.desk._shown.progress.asks_felt
            if asks:
                pictures.take(window, "felt")
                press(window, "1")
                yield lambda: not window.desk._shown.progress.asks_felt  # type: ignore[union-attr]
            pictures.take(window, f"rest-{rests}")
            press(window, "Space")
            yield lambda: window.desk.does == "going"
        yield lambda: window.desk.does == "finished"
        yield lambda: window.train.summary.isVisible()
        pictures.take(window, "summary")
        seen["key-at-the-end"] = window.desk.go_button.text() if window.desk.go_button.isVisible() else ""
        press(window, "Space")
        yield lambda: window.steps.pain.isVisible()
        pictures.take(window, "pain-after")
        press(window, "1")
        yield lambda: window.steps.pain.step == "effort-after"
        pictures.take(window, "effort-after")
        press(window, "4")
        yield lambda: window.steps.shown is None
        pictures.take(window, "after")
        seen["recording"] = str(studio.recording().path)
        yield lambda: window.desk.does == "stopped" and studio.recording().state == "stopped"
        pictures.take(window, "over")
        press(window, "V")
        yield lambda: window.review.isVisible() and window.review.page.desk.opened is not None
        pictures.take(window, "review")
        press(window, "P")
        yield window.review.page.entry.isVisible
        QTimer.singleShot(0, lambda: accept(str(data / "report.html")))
        press(window, "Return")  # no name on it
        yield lambda: (data / "report.html").exists() and bool((data / "report.html").read_bytes())
        seen["report"] = (data / "report.html").read_text(encoding="utf-8")[:9]
        pictures.take(window, "report")

    return story


def second_start(
    studio: Studio, pictures: Pictures, seen: dict[str, object], data: Path
) -> Callable[[MainWindow], Iterator[Condition]]:
    def story(window: MainWindow) -> Iterator[Condition]:
        yield lambda: window.steps.start.isVisible()
        pictures.take(window, "second-start")
        press(window, "Space")
        yield lambda: window.calibrate.isVisible() and window.calibrate.page.view is not None
        pictures.take(window, "second-start-one-key")
        seen["second"] = window.calibrate.page.view.kind  # type: ignore[union-attr]
        window.close_at_once()

    return story


def main(which: str, data: Path, pictures: Path | None) -> int:
    """Go through one start."""
    for module in (session_view, studio):
        setattr(module, "FIRST_SOURCE", FIRST)  # noqa: B010 - a constant of the application
    setattr(SimulatorDriver, "simulated", property(lambda driver: LIVING not in driver.uri.text))  # noqa: B010
    setattr(sensor_desk, "search", lambda *_: iter([Finds((PADS,))]))  # noqa: B010
    seen: dict[str, object] = {}
    taken = Pictures(pictures)
    story = {"first": first_session, "second": second_start}[which]
    with Studio([], replace(plan(), ready=True), data / "kept", Settings(data / "settings.toml")) as running:
        code = tell(running, patient(story(running, taken, seen, data), taken, seen), limit_s=LIMIT_S)
    sys.stdout.write(json.dumps(seen))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None))
