"""The window on the real session: simulator, hub, engine, recorder and sound, without a display."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.care_desk import CareDesk
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.pipeline.snapshot import Snapshot
from app.session.programme import Phase, Programme
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.replay.formats.journal import ends_well, open_journal
from drivers.simulator.driver import SimulatorDriver

WAIT_MS = 20_000
SETS = Programme("sets", "Sets", "", "prone", (Phase("work", reps=1, sets=2, rest_s=600.0),), effort_floor_pct=10.0)

OpenSession = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_session(application) -> Iterator[OpenSession]:
    """Start sessions in windows; they are ended and closed afterwards."""
    with ExitStack() as stack:

        def open_window(
            uri: str, *, programme: Programme | None = None, record_in: Path | None = None
        ) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=programme or load_programme("prone-ankle-squeeze"), skip_rests=False)
            studio = stack.enter_context(Studio([uri], plan, record_in))
            bridge = Bridge()
            window = MainWindow(studio, bridge, load_colours())
            stack.callback(window.deleteLater)
            stack.callback(window.hide)
            window.resize(1440, 900)
            window.show()
            window.start()
            studio.attach(bridge)
            return studio, window

        yield open_window


def status(window: MainWindow) -> str:
    """What the status bar says."""
    window.look_around()
    return " | ".join(entry.strong + entry.plain for entry in window.status.entries)


def block_until(holds: Callable[[], bool]) -> None:
    """Hold the GUI thread up: Qt does nothing until `holds`."""
    stop_s = time.perf_counter() + WAIT_MS / 1000
    while not holds():
        assert time.perf_counter() < stop_s
        threading.Event().wait(0.01)


def test_the_sources_open_before_there_is_a_window(qtbot):
    plan = SessionPlan(programme=load_programme("prone-ankle-squeeze"), skip_rests=False)
    with Studio(["sim:healthy"], plan, None) as studio:
        studio.begin_work()
        qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)


def test_a_sleeping_side_is_cued_and_its_squeezes_are_counted(qtbot, open_session):
    _, window = open_session("sim:sleepy-left?seed=2&speed=5")
    said: set[str] = set()

    def cued_and_counted() -> bool:
        said.add(window.train.cue.line.address + window.train.cue.line.text)
        return "LEFT: squeeze now" in said and window.train.ring.view.number not in ("", "0")

    qtbot.waitUntil(cued_and_counted, timeout=WAIT_MS)
    assert "RIGHT: squeeze now" not in said


def test_a_healthy_person_is_told_that_both_join(qtbot, open_session):
    _, window = open_session("sim:healthy?seed=2&speed=5")
    qtbot.waitUntil(lambda: window.train.cue.line.text == "Both together", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.train.cue.line.text == "Squeeze when ready", timeout=WAIT_MS)  # before the next


def test_a_pause_counts_nothing_until_the_person_goes_on(qtbot, open_session):
    studio, window = open_session("sim:healthy?seed=2&speed=5")
    qtbot.waitUntil(lambda: window.train.ring.view.number == "1", timeout=WAIT_MS)
    window.desk.go()
    paused_s = studio.snapshot().t_s
    qtbot.waitUntil(lambda: studio.snapshot().t_s > paused_s + 8.0, timeout=WAIT_MS)  # two squeezes pass
    assert window.train.ring.view.number == "1"
    window.desk.go()
    qtbot.waitUntil(lambda: window.train.ring.view.number == "2", timeout=WAIT_MS)


def test_space_ends_a_rest_and_the_next_set_begins(qtbot, open_session):
    studio, window = open_session("sim:healthy?seed=2&speed=5", programme=SETS)
    qtbot.waitUntil(lambda: window.desk.go_button.text() == "Go now", timeout=WAIT_MS)
    window.desk.go()
    qtbot.waitUntil(lambda: studio.snapshot().progress.set_number == 2, timeout=WAIT_MS)
    assert not studio.snapshot().progress.resting


def test_a_sensor_that_falls_silent_is_said_and_comes_back(qtbot, open_session):
    _, window = open_session("sim:healthy?disconnect_at=7&disconnect_s=8&speed=5")
    qtbot.waitUntil(lambda: window.train.cue.line.text == "Both: check the sensors", timeout=WAIT_MS)
    assert {pillar.view.mode for pillar in window.train.pillars.values() if pillar.view} == {"lost"}
    assert "0 of 2 sides, both reconnecting" in status(window)
    qtbot.waitUntil(lambda: "2 of 2 sides" in status(window), timeout=WAIT_MS)


def test_the_end_of_a_source_is_the_end_of_the_session(qtbot, open_session, tmp_path):
    studio, window = open_session("sim:healthy?seed=2&speed=10&reps=2", record_in=tmp_path)
    qtbot.waitUntil(lambda: window.train.cue.line.text == "The end", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: studio.recording().state == "stopped", timeout=WAIT_MS)
    assert window.train.block.sentences[1].startswith("2 squeezes counted")
    assert "recorded 00:00:1" in status(window)


def test_a_source_that_cannot_be_opened_shows_its_sentence(qtbot, open_session, tmp_path):
    _, window = open_session(f"file:{tmp_path / 'none.csv'}")
    qtbot.waitUntil(lambda: window.train.block.sentences != (), timeout=WAIT_MS)
    assert window.train.block.sentences[0].startswith("There is no file")
    assert window.train.cue.line.text == "No signal"


def test_a_folder_that_cannot_be_written_is_said_and_the_session_runs(qtbot, open_session, tmp_path):
    occupied = tmp_path / "occupied"
    occupied.write_text("no folder")
    _, window = open_session("sim:healthy?seed=2&speed=5", record_in=occupied / "sessions")
    qtbot.waitUntil(lambda: window.train.ring.view.number == "1", timeout=WAIT_MS)
    assert status(window).startswith("Not recorded. ")
    assert window.close()


def test_closing_while_a_living_person_is_recorded_asks(qtbot, open_session, tmp_path, monkeypatch):
    monkeypatch.setattr(SimulatorDriver, "simulated", False)
    monkeypatch.setattr(CareDesk, "admits", lambda desk: True)
    studio, window = open_session("sim:healthy?seed=2&speed=5", record_in=tmp_path)
    qtbot.waitUntil(lambda: studio.recording().state == "recording" and window._shown is not None, timeout=WAIT_MS)
    assert window.header.sign == ""
    assert not window.close()
    assert window.notice.sentence == "A recording is running. Stop it and close?"


def test_a_blocked_window_loses_no_sample_and_no_cue_and_is_fresh_at_once(qtbot, open_session, tmp_path):
    studio, window = open_session("sim:sleepy-left?seed=2&speed=4&compensators=0", record_in=tmp_path)
    painted: list[Snapshot] = []
    qtbot.waitUntil(lambda: window.train.ring.view.number == "1", timeout=WAIT_MS)
    n_sounds, shown_s = studio.sound.n_begun, window._shown.t_s
    block_until(lambda: studio.snapshot().t_s > shown_s + 8.0 and studio.sound.n_begun > n_sounds)
    newest_s = studio.snapshot().t_s
    studio.note_painted = lambda snapshot, at_ns: painted.append(snapshot)
    qtbot.waitUntil(lambda: bool(painted), timeout=WAIT_MS)
    assert painted[0].t_s >= newest_s
    assert studio.health().dsp_overruns == 0
    studio.__exit__(None, None, None)
    path = studio.recording().path
    journal = open_journal(path)
    n_samples = sum(block.n_samples for block in journal.blocks(0.1))
    missing, duration_s = journal.missing, journal.duration_s
    journal.close()
    assert missing == ()
    assert n_samples == pytest.approx(duration_s * 1000.0, abs=1.0)
    assert ends_well(path)
