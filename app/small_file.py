"""Reads a file that a person can write by hand: settings, exercises, plans, results, kits, calibrations."""

import errno
from pathlib import Path
from typing import Final

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
            raise OSError(errno.EINVAL, "it is no file but a device or a pipe")
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except ValueError as error:  # a path that no system can have, e.g. with a NUL in it
        raise OSError(errno.EINVAL, str(error)) from None
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {largest / 1e6:.0f} MB")
    return content
