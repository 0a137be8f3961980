"""One session behind the window: what was before its start belongs to it, and nothing else is recorded."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.calibration_desk import CalibrationDesk
from app.live_session import LiveSession
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.pipeline.review import load_review
from app.pipeline.sources import Sources
from app.session.events import Act, Event, Rep, to_json
from app.ui.sound import Sound
from drivers.replay.formats.journal import JOURNAL_NAME, open_journal

PLAN = SessionPlan(load_programme("prone-ankle-squeeze"), skip_rests=False, ready=True)
PATIENCE_S = 90.0

pytestmark = pytest.mark.timeout(240)  # a quarter of a minute where nothing else runs


def wait_until(holds: Callable[[], bool]) -> None:
    moment = threading.Event()
    for _ in range(round(PATIENCE_S / 0.01)):
        if holds():
            return
        moment.wait(0.01)
    raise AssertionError("it never came")


@pytest.fixture
def sound() -> Sound:
    return Sound()


@pytest.fixture
def said() -> list[Event]:
    return []


@pytest.fixture
def live(tmp_path: Path, sound: Sound, said: list[Event]) -> Iterator[LiveSession]:
    desk = CalibrationDesk(lambda kind: None, lambda uris: None, sound)
    session = LiveSession(PLAN, tmp_path, sound, said.append, lambda sentence: None, desk)
    session.open(Sources.create(["sim:healthy?seed=2&speed=2&reps=7"]))  # faster, a nap of a busy computer is seconds
    yield session
    session.close()


def t_s(live: LiveSession) -> float:
    return 0.0 if live.snapshot is None else live.snapshot.t_s


def test_nothing_is_recorded_while_a_session_waits_to_be_started(live: LiveSession, tmp_path: Path):
    wait_until(lambda: t_s(live) > 6.0)
    live.close()

    assert live.recording.state == "off"
    assert list(tmp_path.iterdir()) == []


def test_a_session_begins_three_seconds_before_its_start_and_replays_to_the_same_lines(
    live: LiveSession, said: list[Event], tmp_path: Path
):
    wait_until(lambda: t_s(live) > 6.0)
    n_before = len(said)
    live.do(Act(0.0, "start", value=1.0))
    wait_until(lambda: live.recording.state == "recording" and any(isinstance(event, Rep) for event in said[n_before:]))
    wait_until(lambda: live.recording.state == "stopped")
    live.close()

    (folder,) = (path.parent for path in tmp_path.glob(f"*/{JOURNAL_NAME}"))
    (start,) = (event for event in said[n_before:] if isinstance(event, Act))
    assert start.t_s > 2.0  # of 3 s; what a busy worker has not taken yet is missing
    journal = open_journal(folder)
    assert journal.missing == ()
    recorded = [line for line in journal.events if b'"type":"rep"' in line or b'"type":"act"' in line]
    journal.close()
    assert len(recorded) > 3
    replayed = load_review([f"file:{folder}?speed=max"], SessionPlan(None))
    assert [line for line in map(to_json, replayed.events) if b'"type":"rep"' in line or b'"type":"act"' in line] == (
        recorded
    )


@pytest.fixture
def rate_slowly(live: LiveSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, list[int]]]:
    """Say after its end how a session was, on a disk that answers when it is let."""
    answers, began, kept = threading.Event(), threading.Event(), list[int]()

    def add_slowly(folder: Path, t_s: float, kind: str, value: int, now: object) -> None:
        began.set()
        assert answers.wait(PATIENCE_S)
        kept.append(value)

    monkeypatch.setattr("app.live_session.add_rating", add_slowly)
    monkeypatch.setattr("app.archive.renew", lambda folder: None)
    live.start(Act(t_s=0.0, what="start", by="person"))
    live.close()
    live.rate("pain", 3)
    assert began.wait(PATIENCE_S)
    yield answers, kept
    answers.set()


def test_what_was_said_after_the_end_is_kept_before_the_session_is_closed(live: LiveSession, rate_slowly):
    answers, kept = rate_slowly
    closing = threading.Thread(target=live.close)
    closing.start()
    answers.set()
    closing.join(PATIENCE_S)
    assert kept == [3]


def test_a_disk_that_never_takes_what_was_said_keeps_no_session_from_closing(
    live: LiveSession, rate_slowly, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.live_session.RATED_S", 0.05)
    live.close()
    assert rate_slowly[1] == []
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "rated")
