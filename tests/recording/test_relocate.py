"""The recordings move as a whole or stay as a whole."""

import errno
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


def test_nothing_moves_while_a_session_is_recorded(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(relocating, "PATIENCE_S", 0.0)
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


def test_links_move_as_they_are_even_to_nowhere_and_to_themselves(root: Path, tmp_path: Path):
    targets = {"gone": tmp_path / "nowhere", "loop": root / "loop", "session": root / "2026-11-19_P-7"}
    for name, to in targets.items():
        (root / name).symlink_to(to)
    relocate(root, tmp_path / "new", lambda share: None)

    assert {name: (tmp_path / "new" / name).readlink() for name in targets} == targets
    assert not root.exists()


def test_what_another_window_records_meanwhile_stays(root: Path, tmp_path: Path):
    def begin(share: float) -> None:
        if share == 1.0:
            (root / "meanwhile").mkdir()
            (root / "meanwhile" / JOURNAL_NAME).write_bytes(b"samples")

    relocate(root, tmp_path / "new", begin)

    assert content(root) == {f"meanwhile{os.sep}{JOURNAL_NAME}": b"samples"}


def test_a_session_that_another_window_begins_meanwhile_ends_the_move(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(relocating, "PATIENCE_S", 0.0)
    before, locks = content(root), []

    def begin(share: float) -> None:
        if share == 1.0:
            locks.append(os.open(root / "2026-11-20_P-7" / JOURNAL_NAME, os.O_RDWR))
            assert try_lock(locks[0])

    with pytest.raises(RecordingError, match="is being recorded"):
        relocate(root, tmp_path / "new", begin)
    os.close(locks[0])

    assert content(root) == before
    assert not (tmp_path / "new").exists()


def test_a_move_waits_for_the_files_of_the_session_that_has_just_ended(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lock = os.open(root / "2026-11-20_P-7" / JOURNAL_NAME, os.O_RDWR)
    assert try_lock(lock)
    monkeypatch.setattr("threading.Event.wait", lambda self, timeout: os.close(lock))
    assert relocate(root, tmp_path / "new", lambda share: None) == 3


def test_nothing_is_deleted_before_the_new_place_is_remembered(root: Path, tmp_path: Path):
    before = content(root)

    def refuse() -> None:
        assert content(root) == content(tmp_path / "new") == before
        raise RecordingError("The settings cannot be kept.")

    with pytest.raises(RecordingError, match="cannot be kept"):
        relocate(root, tmp_path / "new", lambda share: None, refuse)

    assert content(root) == before
    assert not (tmp_path / "new").exists()


def test_a_disk_that_is_full_after_all_keeps_no_half_of_it(root, tmp_path, monkeypatch):
    def fill(one: Path, other: Path, *, follow_symlinks: bool) -> None:
        other.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    before = content(root)
    monkeypatch.setattr(shutil, "copy2", fill)
    with pytest.raises(RecordingError, match="is full"):
        relocate(root, tmp_path / "new", lambda share: None)

    assert content(root) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", ["loop", "nul\0", "x" * 300])
def test_a_place_that_no_system_can_have_is_said(root: Path, tmp_path: Path, name: str):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = content(root)
    with pytest.raises(RecordingError, match="choose another"):
        relocate(root, tmp_path / name, lambda share: None)

    assert content(root) == before
