"""Where a session goes, and that a place that takes none is refused before the session begins."""

import errno
import os
import sys
from datetime import UTC, datetime

import pytest

from app.recording.errors import RecordingError
from app.recording.folders import (
    LEAST_FREE_BYTES,
    check_writable,
    create_session_folder,
    default_root,
    room_for,
)
from drivers.types import StreamInfo

STARTED = datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)


def test_folder_is_named_by_its_start(tmp_path):
    assert create_session_folder(tmp_path, STARTED, simulated=True, person=None).name == "2026-11-20_143005_simulated"
    assert create_session_folder(tmp_path, STARTED, simulated=False, person=None).name == "2026-11-20_143005"
    assert create_session_folder(tmp_path, STARTED, simulated=False, person="P-017").name == "2026-11-20_143005_P-017"


def test_simulated_session_never_bears_a_persons_code(tmp_path):
    assert "P-017" not in create_session_folder(tmp_path, STARTED, simulated=True, person="P-017").name


def test_folder_that_exists_is_never_used_again(tmp_path):
    names = [create_session_folder(tmp_path, STARTED, simulated=True, person=None).name for _ in range(3)]
    assert names == [f"2026-11-20_143005_simulated{suffix}" for suffix in ("", "-2", "-3")]


@pytest.mark.parametrize("person", ["Jürgen Ä/../..\\:*?", "../..", "名前", "x" * 500, " "])
def test_whatever_the_code_is_the_name_is_plain_ascii_and_short(tmp_path, person):
    folder = create_session_folder(tmp_path, STARTED, simulated=False, person=person)
    assert folder.parent == tmp_path
    assert folder.name.isascii()
    assert len(folder.name) <= 60
    assert all(mark.isalnum() or mark in "-_" for mark in folder.name)


def test_root_is_made_where_it_is_missing(tmp_path):
    check_writable(tmp_path / "a" / "b")
    assert create_session_folder(tmp_path / "c" / "d", STARTED, simulated=True, person=None).is_dir()


def test_check_leaves_nothing_behind(tmp_path):
    check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_file_in_place_of_the_root_is_refused_in_one_sentence(tmp_path):
    root = tmp_path / "file"
    root.write_text("mine")
    for place in (root, root / "below"):
        with pytest.raises(RecordingError, match="is not a folder"):
            check_writable(place)
        with pytest.raises(RecordingError, match="is not a folder"):
            create_session_folder(place, STARTED, simulated=True, person=None)
    assert root.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root and Windows may write anywhere")
def test_read_only_folder_is_refused_in_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingError, match="may not be written to"):
        check_writable(tmp_path)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "may not be written to"),
        (errno.EROFS, "may not be written to"),
        (errno.ENOSPC, "is full"),
        (errno.EIO, "check the disk"),
    ],
)
def test_disk_that_refuses_the_probe_is_told_with_its_remedy(tmp_path, monkeypatch, number, words):
    def refuse(fd: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("app.recording.folders.os.fsync", refuse)
    with pytest.raises(RecordingError, match=words):
        check_writable(tmp_path)


def test_too_little_room_is_told_in_megabytes(tmp_path):
    with pytest.raises(RecordingError, match=r"MB are free.*free some space"):
        check_writable(tmp_path, least_free=1 << 60)


def test_default_root_is_in_the_users_own_data():
    assert default_root().parts[-2:] == ("glutewake", "recordings")


def test_room_is_asked_for_an_hour_of_these_very_streams_and_what_is_made_of_them():
    small = StreamInfo("a", 1000.0, ("left", "right"))
    large = StreamInfo("a", 4000.0, tuple("abcdefgh"))
    assert room_for([small]) == LEAST_FREE_BYTES
    assert room_for([large]) == pytest.approx(2 * 3600 * 4000 * 8 * 4, rel=0.1)
    assert room_for([large, large]) == 2 * room_for([large])
