"""What a crash left is offered once at the next start, and what became of it is told."""

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from app import archive
from app.recording.finalise import find_broken_off
from app.rescue_desk import RescueDesk
from tests.recording.known_signal import block
from tests.recording.making import LIVING, crashed, session_of

PATIENCE_S = 30.0


def waited_for(take: Callable[[], str]) -> str:
    """The first thing that is said; every look is a moment after the one before."""
    moment = threading.Event()
    for _ in range(int(PATIENCE_S * 100)):
        if words := take():
            return words
        moment.wait(0.01)
    raise AssertionError("nothing was said")


def idle() -> bool:
    return not any(thread.name == "rescue" for thread in threading.enumerate())


def test_a_recording_that_broke_off_is_offered_once(tmp_path: Path):
    crashed(tmp_path / "1", *map(block, range(50)))
    crashed(tmp_path / "2", *map(block, range(50)))
    desk = RescueDesk(lambda: tmp_path)
    desk.look()
    question = waited_for(desk.take_question)
    assert question.startswith("The recording of 20 November 2026, ")
    assert question.endswith(", and 1 before it, broke off. Finish it now?")
    assert desk.take_question() == ""


def test_what_became_of_it_says_what_is_missing_and_where(tmp_path: Path):
    crashed(tmp_path / "1", *map(block, range(50)), block(650, n_lost=600 * 20), block(651), block(652))
    desk = RescueDesk(lambda: tmp_path)
    desk.look()
    waited_for(desk.take_question)
    desk.accept()
    news = waited_for(desk.take_news)
    assert "is kept: 1 s." in news
    assert "12.0 s at 00:00:01 are missing" in news
    assert find_broken_off(tmp_path) == []
    with archive.open_history(tmp_path) as history:
        assert [line.state for line in history.sessions("P-017")] == ["recovered"]


def test_recordings_that_were_moved_meanwhile_are_finished_where_they_are(tmp_path: Path):
    roots = [tmp_path / "before"]
    crashed(roots[0] / "1", *map(block, range(50)))
    desk = RescueDesk(lambda: roots[-1])
    desk.look()
    waited_for(desk.take_question)
    roots.append(roots[0].rename(tmp_path / "after"))
    desk.accept()
    assert "is kept: 1 s." in waited_for(desk.take_news)
    assert find_broken_off(roots[-1]) == []


def test_a_history_that_does_not_take_it_is_told_with_the_rest(tmp_path: Path):
    crashed(tmp_path / "1", *map(block, range(50)))
    (tmp_path / "history.db").write_bytes(b"garbage" * 1000)
    desk = RescueDesk(lambda: tmp_path)
    desk.look()
    waited_for(desk.take_question)
    desk.accept()
    news = waited_for(desk.take_news)
    assert "is kept: 1 s." in news
    assert "history rebuild" in news


def test_what_ended_well_or_was_simulated_is_not_asked_about(tmp_path: Path):
    session_of(tmp_path / "well", block(0))
    journal = (
        session_of(tmp_path / "s", block(0), started=msgspec.structs.replace(LIVING, simulated=True)) / "journal.emj"
    )
    journal.write_bytes(journal.read_bytes()[:-10])
    desk = RescueDesk(lambda: tmp_path)
    desk.look()
    while not idle():
        threading.Event().wait(0.005)
    assert desk.take_question() == ""


def test_without_a_folder_nothing_is_looked_for():
    desk = RescueDesk(lambda: None)
    desk.look()
    assert idle()
    assert desk.take_question() == desk.take_news() == ""
