"""Today begins with the hint after which the side woke the last time."""

from pathlib import Path

from msgspec.structs import replace

from app import archive
from app.history.store import NAME
from app.pipeline.programmes import load_programme
from app.session.events import Event, Summary
from app.yesterday import hint_of_last
from tests.rigs.lived import on_disk, squeezes, summary

SQUEEZE = load_programme("prone-ankle-squeeze")


def session(root: Path, hint: str | None, *, programme: str = "prone-ankle-squeeze") -> None:
    done = squeezes(8, phase="wake-up")
    last: Summary = replace(summary(done, wake_up_squeezes=3), woke_after_hint=hint)
    events: list[Event] = [*done, last]
    archive.enter(on_disk(root, events=events, programme=programme))


def test_today_begins_with_the_hint_that_helped(tmp_path: Path):
    session(tmp_path, "softer")
    assert hint_of_last(tmp_path, "P-017", SQUEEZE) == "softer"


def test_a_session_that_woke_without_a_hint_leaves_none(tmp_path: Path):
    session(tmp_path, None)
    assert hint_of_last(tmp_path, "P-017", SQUEEZE) is None


def test_another_exercise_or_another_person_says_nothing(tmp_path: Path):
    session(tmp_path, "softer", programme="bridge")
    assert hint_of_last(tmp_path, "P-017", SQUEEZE) is None
    assert hint_of_last(tmp_path, "P-018", load_programme("bridge")) is None
    assert hint_of_last(tmp_path, None, SQUEEZE) is None


def test_a_programme_without_hints_has_none_to_begin_with(tmp_path: Path):
    session(tmp_path, "softer", programme="check")
    assert hint_of_last(tmp_path, "P-017", load_programme("check")) is None


def test_without_a_history_a_session_begins_as_well(tmp_path: Path):
    assert hint_of_last(tmp_path, "P-017", SQUEEZE) is None


def test_a_damaged_history_stops_nobody(tmp_path: Path):
    (tmp_path / NAME).write_bytes(b"no database" * 500)
    assert hint_of_last(tmp_path, "P-017", SQUEEZE) is None
