"""Moves the folder of all recordings as a whole: copied, compared, and only then deleted where it was.

Nothing may be recorded meanwhile. If it breaks off, everything is where it was; what was copied is taken away again
unless the process was killed. What somebody puts into the old folder meanwhile stays there.
"""

import contextlib
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from filecmp import cmp
from pathlib import Path
from typing import Final

from app.recording.disk import open_locked
from app.recording.errors import RecordingError, explain
from drivers.replay.formats.journal import JOURNAL_NAME

PATIENCE_S: Final = 30.0
"""How long the files of the session that has just ended may still be made."""
_LOOK_EVERY_S: Final = 0.25

_log = logging.getLogger(__name__)


def relocate(root: Path, target: Path, say: Callable[[float], None], then: Callable[[], None] = lambda: None) -> int:
    """Move everything in `root` into `target`.

    Parameters
    ----------
    root : Path
        Folder of all recordings; a missing one is as good as an empty one.
    target : Path
        Empty, or made here; not within `root`, nor the other way round.
    say : callable
        Takes the share of the bytes that are there.
    then : callable, optional
        Called when all is there and nothing is deleted yet, to remember the new place; may raise `RecordingError`.

    Returns
    -------
    int
        How many files were moved.

    Raises
    ------
    RecordingError
        With the reason and the remedy; `root` is whole then.
    """
    files: list[Path] = []
    try:
        root, target = root.absolute(), target.absolute()
        _refuse(root, target)
        files = sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file() or path.is_symlink())
        total = sum((root / path).lstat().st_size for path in files)
        target.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(target).free
        if free < total:
            needed = f"{total / 2**20:.0f} MB are needed in '{target}' and {free / 2**20:.0f} MB are free"
            raise RecordingError(f"{needed}; choose a folder on a larger disk.")
        _copy(root, target, files, total, say)
        os.sync() if hasattr(os, "sync") else None
        for path in files:
            if not _same(root / path, target / path):
                raise RecordingError(f"'{target / path}' is not what was copied; the disk may be failing.")
        _wait_until_free(root)
        then()
    except (OSError, ValueError, RuntimeError) as error:  # also a path that no system can have, or a loop of links
        _delete(target, files)
        reason = (
            explain(error, target) if isinstance(error, OSError) else f"'{target}' is no folder; choose another one."
        )
        raise RecordingError(reason, str(error)) from error
    except BaseException:
        _delete(target, files)
        raise
    _delete(root, files)
    return len(files)


def _refuse(root: Path, target: Path) -> None:
    inner, outer = target.resolve(), root.resolve()
    if inner == outer or outer in inner.parents or inner in outer.parents:
        raise RecordingError(f"'{target}' and the folder of now lie within each other; choose another one.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RecordingError(f"'{target}' is not an empty folder; choose an empty one, or a name that is new.")
    _wait_until_free(root)


def _wait_until_free(root: Path) -> None:
    never = threading.Event()
    for journal in root.glob(f"*/{JOURNAL_NAME}"):
        waited_s = 0.0
        while (lock := open_locked(journal)) is None:
            if waited_s >= PATIENCE_S:
                raise RecordingError(f"'{journal.parent.name}' is being recorded; end that session first.")
            never.wait(_LOOK_EVERY_S)
            waited_s += _LOOK_EVERY_S
        os.close(lock)


def _copy(root: Path, target: Path, files: list[Path], total: int, say: Callable[[float], None]) -> None:
    done = 0
    for path in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, target / path, follow_symlinks=False)
        done += (target / path).lstat().st_size
        say(done / max(1, total))


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    return cmp(one, other, shallow=False)


def _delete(folder: Path, files: Iterable[Path]) -> None:
    """Delete these files and each of their folders that is empty then; what cannot be deleted is left behind."""
    folders = set[Path]()
    for path in files:
        folders.update((folder / path).parents[: len(path.parts)])
        try:
            (folder / path).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("left behind: %s", error)
    for parent in sorted(folders, reverse=True):
        with contextlib.suppress(OSError):
            parent.rmdir()
