"""Moves the folder of all recordings as a whole: copied, compared, and only then deleted where it was.

Nothing may be recorded meanwhile. If it breaks off, everything is where it was, and the new folder holds a part.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from filecmp import cmp
from pathlib import Path

from app.recording.disk import open_locked
from app.recording.errors import RecordingError, explain
from drivers.replay.formats.journal import JOURNAL_NAME

_log = logging.getLogger(__name__)


def relocate(root: Path, target: Path, say: Callable[[float], None]) -> int:
    """Move everything in `root` into `target`.

    Parameters
    ----------
    root : Path
        Folder of all recordings; a missing one is as good as an empty one.
    target : Path
        Empty, or made here; not within `root`, nor the other way round.
    say : callable
        Takes the share of the bytes that are there.

    Returns
    -------
    int
        How many files were moved.

    Raises
    ------
    RecordingError
        With the reason and the remedy; `root` is whole then.
    """
    root, target = root.absolute(), target.absolute()
    _refuse(root, target)
    try:
        files = sorted(path.relative_to(root) for path in _files(root))
        total = sum((root / path).stat().st_size for path in files)
        target.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(target).free
        if free < total:
            needed = f"{total / 2**20:.0f} MB are needed in '{target}' and {free / 2**20:.0f} MB are free"
            raise RecordingError(f"{needed}; choose a folder on a larger disk.")
        _copy(root, target, files, total, say)
        os.sync() if hasattr(os, "sync") else None
        for path in files:
            if not cmp(root / path, target / path, shallow=False):
                raise RecordingError(f"'{target / path}' is not what was copied; the disk may be failing.")
    except OSError as error:
        raise RecordingError(explain(error, target), str(error)) from error
    shutil.rmtree(root, onerror=lambda function, path, _info: _log.warning("left behind: %s", path))
    return len(files)


def _refuse(root: Path, target: Path) -> None:
    inner, outer = target.resolve(), root.resolve()
    if inner == outer or outer in inner.parents or inner in outer.parents:
        raise RecordingError(f"'{target}' and the folder of now lie within each other; choose another one.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RecordingError(f"'{target}' is not an empty folder; choose an empty one, or a name that is new.")
    for journal in root.glob(f"*/{JOURNAL_NAME}"):
        lock = open_locked(journal)
        if lock is None:
            raise RecordingError(f"'{journal.parent.name}' is being recorded; end that session first.")
        os.close(lock)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() or path.is_symlink())


def _copy(root: Path, target: Path, files: list[Path], total: int, say: Callable[[float], None]) -> None:
    done = 0
    for path in files:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, target / path, follow_symlinks=False)
        done += (target / path).stat().st_size
        say(done / max(1, total))
