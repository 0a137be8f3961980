"""New files only: nothing that is there is ever written over."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.recording.disk import create_file
from app.recording.errors import RecordingError, explain


def new_folder(folder: Path, names: list[str]) -> None:
    """Make a folder for files that must not be there yet.

    Raises
    ------
    RecordingError
        If it cannot be made, or one of `names` is in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(explain(error, folder), str(error)) from error
    for name in names:
        if (folder / name).exists():
            raise _is_there(folder / name)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that must not be there yet; one that is not finished is taken away again.

    Raises
    ------
    RecordingError
        If it is there, or the disk does not take it.
    """
    try:
        fd = create_file(path)
    except FileExistsError as error:
        raise _is_there(path) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no system can have
        reason = error if isinstance(error, OSError) else OSError(errno.EINVAL, str(error))
        raise RecordingError(explain(reason, path.parent), str(error)) from error
    try:
        with os.fdopen(fd, "wb") as file:
            yield file
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise RecordingError(explain(error, path.parent), str(error)) from error
        raise


def _is_there(path: Path) -> RecordingError:
    return RecordingError(f"'{path}' is there already and is not written over; choose another place with -o.")
