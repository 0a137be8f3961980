"""The recordings move as a whole or stay as a whole."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.recording import relocate as relocating
from app.recording.disk import create_file, try_lock
from app.recording.errors import RecordingError
from app.recording.relocate import relocate
from drivers.replay.formats.journal import JOURNAL_NAME


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sessions and the history."""
    folder = tmp_path / "recordings"
    for name in ("2026-11-19_P-7", "2026-11-20_P-7"):
        (folder / name).mkdir(parents=True)
        (folder / name / JOURNAL_NAME).write_bytes(os.urandom(5000))
    (folder / "history.db").write_bytes(b"rows")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_there_afterwards_and_nothing_is_left(root: Path, tmp_path: Path):
    before = content(root)
    n_files = relocate(root, tmp_path / "disk" / "new", lambda share: None)

    assert content(tmp_path / "disk" / "new") == before
    assert n_files == len(before)
    assert not root.exists()


def test_how_far_it_is_grows_to_the_whole(root: Path, tmp_path: Path):
    shares: list[float] = []
    relocate(root, tmp_path / "new", shares.append)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_folder_yet_is_as_good_as_an_empty_one(tmp_path: Path):
    assert relocate(tmp_path / "none", tmp_path / "new", lambda share: None) == 0
    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize("inner", ["recordings", "recordings/inner", "."])
def test_a_folder_within_the_other_is_refused(root: Path, tmp_path: Path, inner: str):
    before = content(root)
    with pytest.raises(RecordingError, match="within each other"):
        relocate(root, tmp_path / inner, lambda share: None)

    assert content(root) == before


def test_a_folder_that_holds_something_is_refused(root: Path, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(RecordingError, match="empty"):
        relocate(root, tmp_path / "full", lambda share: None)

    assert content(tmp_path / "full") == {"mine.txt": b"mine"}


def test_nothing_moves_while_a_session_is_recorded(root: Path, tmp_path: Path):
    (root / "now").mkdir()
    descriptor = create_file(root / "now" / JOURNAL_NAME)
    assert try_lock(descriptor)
    try:
        with pytest.raises(RecordingError, match="is being recorded"):
            relocate(root, tmp_path / "new", lambda share: None)
    finally:
        os.close(descriptor)

    assert not (tmp_path / "new").exists()


def test_a_disk_that_is_too_small_is_said_before_anything_is_copied(root, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
    with pytest.raises(RecordingError, match="larger disk"):
        relocate(root, tmp_path / "new", lambda share: None)

    assert len(content(root)) == 3
    assert content(tmp_path / "new") == {}


def test_a_copy_that_is_not_the_same_costs_nothing(root, tmp_path, monkeypatch):
    monkeypatch.setattr(relocating, "cmp", lambda one, other, shallow: False)
    before = content(root)
    with pytest.raises(RecordingError, match="not what was copied"):
        relocate(root, tmp_path / "new", lambda share: None)

    assert content(root) == before


def test_a_place_that_may_not_be_written_is_said(root: Path, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="not a folder"):
        relocate(root, tmp_path / "file" / "new", lambda share: None)

    assert len(content(root)) == 3
