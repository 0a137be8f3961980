"""Notes stand beside a session and touch nothing of it."""

from datetime import UTC, datetime

import pytest

from app.recording.errors import RecordingError
from app.recording.notes import NAME, add_note, add_rating, later_ratings, read_notes
from app.recording.record import read_record
from app.session.events import Rating
from tests.rigs.lived import on_disk

NOW = datetime(2026, 11, 20, 18, 12, tzinfo=UTC)


def test_notes_come_back_in_the_order_of_what_they_are_about(tmp_path):
    add_note(tmp_path, 52.1, "inner heels helped", NOW)
    add_note(tmp_path, 3.0, "pads were cold — wärmer", NOW)
    assert [(note.t_s, note.text) for note in read_notes(tmp_path)] == [
        (3.0, "pads were cold — wärmer"),
        (52.1, "inner heels helped"),
    ]


def test_a_note_that_a_power_cut_broke_off_spoils_no_other(tmp_path):
    add_note(tmp_path, 1.0, "one", NOW)
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"t_s": 2.0, "te')
    add_note(tmp_path, 3.0, "three", NOW)
    assert [note.text for note in read_notes(tmp_path)] == ["one", "three"]


def test_only_the_user_can_read_notes(tmp_path):
    add_note(tmp_path, 1.0, "one", NOW)
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_a_note_that_cannot_be_kept_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(RecordingError):
        add_note(tmp_path / "nowhere", 1.0, "one", NOW)


def test_a_session_without_notes_has_none(tmp_path):
    assert read_notes(tmp_path) == ()


def test_what_is_said_after_a_session_counts_as_one_of_its_ratings(tmp_path):
    folder = on_disk(tmp_path)
    before = read_record(folder)
    add_rating(folder, 300.0, "pain", 4, NOW)
    after = read_record(folder)

    assert after.of(Rating) == [*before.of(Rating), Rating(300.0, "pain", 4.0)]
    assert after.sha256 == before.sha256
    assert read_notes(folder)[0].text == "pain after the session: 4 of 10"


def test_a_typed_note_is_no_rating(tmp_path):
    add_note(tmp_path, 3.0, "pain after the session: 9 of 10", NOW)

    assert later_ratings(tmp_path) == []


def test_notes_that_cannot_be_read_leave_the_session_readable(tmp_path):
    folder = on_disk(tmp_path)
    (folder / NAME).mkdir()

    assert read_record(folder).events
