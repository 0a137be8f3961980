"""Whoever closes the window is rid of the program, whatever the disk does."""

import threading
from functools import partial

import pytest

from app.pipeline.build import SessionPlan
from app.recording.recorder import Recorder
from app.session.events import Act
from app.session.programme import Phase, Programme
from app.studio import Studio
from tests.recording.fake_disk import PATIENCE_S, FakeDisk

SHORT = Programme("short", "Short", "", "prone", (Phase("work", reps=2, sets=1),))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch):
    disk = FakeDisk()
    monkeypatch.setattr("app.wiring.Recorder", partial(Recorder, disk=disk.calls()))
    monkeypatch.setattr("app.studio.JOIN_S", 0.1)
    monkeypatch.setattr("app.studio.CLOSE_S", 0.1)
    monkeypatch.setattr("app.recording.recorder._JOIN_TIMEOUT_S", 0.1)
    yield disk
    disk.go.set()
    for thread in threading.enumerate():
        if thread.name in ("control", "closing", "start", "recorder", "dsp"):
            thread.join(PATIENCE_S)


def is_waiting(studio: Studio) -> bool:
    """Whether a session is open that nobody has begun."""
    return studio.snapshot() is not None and studio.recording().state == "off"


def test_a_disk_that_does_not_answer_when_a_session_begins_keeps_no_window_from_closing(
    qtbot, application, tmp_path, disk
):
    with Studio(["sim:healthy?seed=2"], SessionPlan(programme=SHORT, ready=True), tmp_path) as studio:
        studio.begin_work()
        studio.train(SHORT)
        qtbot.waitUntil(lambda: is_waiting(studio), timeout=20_000)
        disk.stall = True
        studio.do(Act(t_s=0.0, what="start", by="person"))
        assert disk.stalled.wait(PATIENCE_S)
    assert not disk.go.is_set()


def test_a_disk_that_stops_answering_in_a_session_keeps_no_window_from_closing(qtbot, application, tmp_path, disk):
    with Studio(["sim:healthy?seed=2"], SessionPlan(programme=SHORT), tmp_path) as studio:
        studio.begin_work()
        qtbot.waitUntil(lambda: studio.recording().recorded_s > 0.5, timeout=20_000)
        disk.stall = True
        assert disk.stalled.wait(PATIENCE_S)
    assert not disk.go.is_set()
