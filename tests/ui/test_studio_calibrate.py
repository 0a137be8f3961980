"""The Calibrate page on the real machine and the simulated person, by keyboard, from the pads to the next session."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt

from app.pipeline import hub
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.recording import calibrations
from app.session.calibration import Calibration
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.replay.formats.journal import open_journal

WAIT_MS = 150_000
PATIENT_RING_S = 900.0
"""At five times the speed a busy computer falls behind by more than what the hub keeps, which no sensor is fast enough
for; here nothing is lost then."""
_NOW = datetime(2026, 11, 20, tzinfo=UTC)
OpenStudio = Callable[..., tuple[Studio, MainWindow]]

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def open_studio(application, monkeypatch) -> Iterator[OpenStudio]:
    """Start studios in windows on the Calibrate page; they are closed afterwards."""
    monkeypatch.setattr(hub, "RING_S", PATIENT_RING_S)
    with ExitStack() as stack:

        def make(uri: str, record_in: Path | None = None) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=load_programme("prone-ankle-squeeze"), skip_rests=False)
            studio = stack.enter_context(Studio([uri], plan, record_in))
            bridge = Bridge()
            window = MainWindow(studio, bridge, load_colours())
            stack.callback(window.deleteLater)
            stack.callback(window.hide)
            window.resize(1440, 900)
            window.show()
            window.start()
            window.show_page(2)
            studio.attach(bridge)
            return studio, window

        yield make


def press(qtbot, window: MainWindow, key: str) -> None:
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))


def wait_for_end(qtbot, window: MainWindow) -> None:
    def ended() -> bool:
        view = window.calibrate.page.view
        return view is not None and view.finished

    qtbot.waitUntil(ended, timeout=WAIT_MS)


def kept_in(folder: Path) -> list[Calibration]:
    """The calibrations in a folder of recordings."""
    return [calibrations.read(path, _NOW) for path in sorted((folder / calibrations.FOLDER).rglob("*_*.json"))]


def test_a_healthy_person_is_calibrated_by_space_alone_and_trains_with_it(qtbot, open_studio, tmp_path):
    studio, window = open_studio("sim:healthy?seed=2&speed=5&compensators=0", tmp_path)
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.calibrate.page.strip.at >= 4, timeout=WAIT_MS)
    wait_for_end(qtbot, window)
    record = studio.calibration.view.record
    assert record.method == "best-clench"
    assert set(record.results) == {"left", "right"}
    measured = studio.recording().path
    press(qtbot, window, "Space")
    assert window.train.isVisible()
    qtbot.waitUntil(lambda: studio.recording().state == "recording" and studio.snapshot() is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: studio.recording().path not in (None, measured), timeout=WAIT_MS)
    recording = studio.recording().path
    studio.__exit__(None, None, None)

    journal = open_journal(recording)
    carried = journal.carried.calibration
    journal.close()
    assert carried is not None
    assert carried["reference"] == record.reference
    assert [one.reference for one in kept_in(tmp_path)] == [record.reference]


def test_whether_a_sleeping_cheek_hardened_is_asked_while_it_goes_on(qtbot, open_studio):
    studio, window = open_studio("sim:sleepy-left?seed=2&speed=5&compensators=0")
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    press(qtbot, window, "Space")

    def asks() -> bool:
        question = window.calibrate.page.stage.question.question
        return question is not None and question.id == "hardened"

    qtbot.waitUntil(asks, timeout=WAIT_MS)
    assert studio.calibration.view.results["left"] == "no-signal"
    press(qtbot, window, "N")
    press(qtbot, window, "E")
    wait_for_end(qtbot, window)
    assert studio.calibration.view.results["left"] == "not-yet"


def test_exchanged_pads_are_put_right_by_one_key_for_good(qtbot, open_studio):
    studio, window = open_studio("sim:healthy?seed=2&speed=5&compensators=0&swap=1")
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    press(qtbot, window, "Space")

    def asks() -> bool:
        question = window.calibrate.page.stage.question.question
        return question is not None and question.id == "swapped"

    qtbot.waitUntil(asks, timeout=WAIT_MS)
    press(qtbot, window, "X")
    qtbot.waitUntil(lambda: studio.calibration.view.exchanged, timeout=WAIT_MS)
    press(qtbot, window, "E")
    wait_for_end(qtbot, window)
    press(qtbot, window, "B")
    qtbot.waitUntil(lambda: any("map=" in unit.uri for unit in studio.units()), timeout=WAIT_MS)
    assert "map=right:1,left:2" in studio.units()[0].uri
    assert "script=" not in studio.units()[0].uri


def test_closing_in_the_middle_keeps_the_steps_that_were_finished(qtbot, open_studio, tmp_path):
    studio, window = open_studio("sim:healthy?seed=2&speed=5&compensators=0", tmp_path)
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    press(qtbot, window, "D")

    def has_a_squeeze() -> bool:
        view = studio.calibration.view
        return view is not None and view.step == "squeeze-both" and view.number >= 3

    qtbot.waitUntil(has_a_squeeze, timeout=WAIT_MS)
    studio.__exit__(None, None, None)

    (record,) = kept_in(tmp_path)
    assert record.rest.keys() >= {"left", "right"}
    assert {one.kind for one in record.squeezes} == {"comfortable"}
    assert len(record.squeezes) in (2, 4)  # of both sides, in one squeeze or two of three
    found = calibrations.find_unfinished(tmp_path, None, datetime.now(UTC), simulated=True)
    assert found is not None
    assert [one.step.id for one in found.steps][:2] == ["rest", "squeeze-both"]
    assert studio.calibration.broken_off == found


def test_an_expert_sees_the_running_sensors_raw(qtbot, open_studio):
    studio, window = open_studio("sim:healthy?seed=2&speed=5&compensators=0&hum=20")
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    press(qtbot, window, "V")
    expert = window.calibrate.page.expert

    def is_measured() -> bool:
        return len(expert.views) == 2 and all(one.numbers is not None and one.hz.size for one in expert.views)

    qtbot.waitUntil(is_measured, timeout=WAIT_MS)
    left = expert.views[0]
    assert left.site == "left"
    assert left.hz[left.density.argmax()] == pytest.approx(50.0, abs=1.0)
