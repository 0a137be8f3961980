"""Whatever changed since a recording was made is found, and the bytes are named."""

import re
from pathlib import Path

import pytest

from app.recording.errors import RecordingError
from app.recording.finalise import finalise
from app.recording.verify import verify
from drivers.replay.formats.journal import JOURNAL_NAME
from tests.recording.known_signal import block
from tests.recording.making import bdf_of, crashed, session_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = session_of(tmp_path / "s", *map(block, range(100)))
    finalise(made)
    return made


def change(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def test_a_recording_that_is_what_it_was_is_sound(folder):
    verdict = verify(folder)
    assert verdict.is_sound
    assert "Sound: 7 files" in verdict.sentences[0]
    assert verify(folder / JOURNAL_NAME) == verdict


def test_a_wrong_byte_of_the_signal_is_named_with_its_time(folder, tmp_path):
    size = bdf_of(tmp_path).stat().st_size
    change(bdf_of(tmp_path), size - 3000)
    verdict = verify(folder)
    assert not verdict.is_sound
    assert any(f"bytes {size - 3000} to {size - 3000}" in words and "at 1 s" in words for words in verdict.sentences)


def test_a_wrong_byte_of_the_header_is_named(folder, tmp_path):
    change(bdf_of(tmp_path), 300)
    assert any("bytes 300 to 300" in words and "in the header" in words for words in verify(folder).sentences)


def test_a_signal_that_is_too_short_is_named(folder, tmp_path):
    whole = bdf_of(tmp_path).read_bytes()
    bdf_of(tmp_path).write_bytes(whole[:-50])
    assert any(f"bytes {len(whole) - 50} to {len(whole) - 1}" in words for words in verify(folder).sentences)


def test_a_table_that_was_changed_is_named(folder, tmp_path):
    (events,) = tmp_path.glob("bids/sub-*/ses-*/emg/*_events.tsv")
    change(events, 10)
    assert f"emg/{events.name} is not what it was." in verify(folder).sentences


def test_a_rotten_journal_beside_a_whole_signal_is_told_as_that(folder):
    journal = folder / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes())  # its second name in the data set stays as it was
    change(journal, journal.stat().st_size // 2)
    verdict = verify(folder)
    assert not verdict.is_sound
    assert any(re.search(rf"{JOURNAL_NAME}: bytes \d+ to \d+ are damaged", words) for words in verdict.sentences)
    assert any("the damage is in the journal alone" in words for words in verdict.sentences)


def test_a_journal_of_which_nothing_is_left_does_not_keep_the_files_from_being_checked(folder, tmp_path):
    (folder / JOURNAL_NAME).write_bytes(b"\0" * 100)
    change(bdf_of(tmp_path), 300)
    verdict = verify(folder)
    assert not verdict.is_sound
    assert any("not a recording" in words for words in verdict.sentences)
    assert any(words.endswith(".bdf is not what it was.") for words in verdict.sentences)


def test_what_a_crash_tore_off_is_told_but_is_no_fault(tmp_path):
    folder = crashed(tmp_path / "s", *map(block, range(50)))
    finalise(folder)
    verdict = verify(folder)
    assert verdict.is_sound
    assert "were being written when the session broke off" in verdict.sentences[0]


def test_a_session_without_its_files_is_told_how_to_get_them(tmp_path):
    verdict = verify(session_of(tmp_path / "s", block(0)))
    assert verdict.is_sound
    assert "glutewake recover" in verdict.sentences[0]


def test_a_folder_without_a_recording_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="holds no recording"):
        verify(tmp_path / "nowhere")
