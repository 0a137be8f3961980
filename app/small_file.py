"""Reads a file that a person can write by hand: settings, exercises, plans, results, kits, calibrations."""

import errno
from pathlib import Path
from typing import Final

from app.language import mark

REASONS: Final = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("Read-only file system"),
    mark("No space left on device"),
    mark("Too many levels of symbolic links"),
    mark("File name too long"),
    mark("Input/output error"),
)
"""What a system says of files, in English wherever it runs; sentences carry it, and `app.said` finds it here."""
_NO_FILE: Final = mark("it is no file but a device or a pipe")
_TOO_LARGE: Final = mark("it is larger than {n:.0f} MB")

LARGEST_BYTES: Final = 10_000_000
"""A result of ten years has a few million; what is larger is something else."""


def read_small(path: Path, largest: int = LARGEST_BYTES) -> bytes:
    """Read a small file as a whole.

    Parameters
    ----------
    path : Path
    largest : int
        Bytes that such a file may have.

    Raises
    ------
    OSError
        With a reason in `strerror`; also for a device or a pipe, which may never end, and for a file that is too large.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, _NO_FILE)
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except ValueError as error:  # a path that no system can have, e.g. with a NUL in it
        raise OSError(errno.EINVAL, str(error)) from None
    if len(content) > largest:
        raise OSError(errno.EFBIG, _TOO_LARGE.format(n=largest / 1e6))
    return content
