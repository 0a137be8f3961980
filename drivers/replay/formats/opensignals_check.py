"""Reads an OpenSignals HDF5 file once from end to end in a process of its own, before anything else touches it.

HDF5 itself crashes on some damaged files, or never comes back; neither may take a session along.
"""

import functools
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from drivers.errors import DriverError, SourceFormatError

_LEAST_S: Final = 30.0
_BYTES_PER_S: Final = 2e6
"""A slow disk and a busy computer; whoever needs longer hangs."""


def check_readable(path: Path, *, rate: float | None) -> None:
    """Refuse a file that cannot be read to its end.

    Parameters
    ----------
    path : Path
    rate : float or None
        As in `drivers.replay.formats.opensignals.open_opensignals`.

    Raises
    ------
    SourceFormatError
        With the reason.
    """
    status = path.stat()
    sentence, detail = _verdict(str(path.resolve()), rate, status.st_mtime_ns, status.st_size)
    if sentence:
        raise SourceFormatError(sentence.replace(str(path.resolve()), str(path)), detail)


@functools.lru_cache(maxsize=64)
def _verdict(path: str, rate: float | None, changed_ns: int, size: int) -> tuple[str, str]:
    """What is wrong with a file, as sentence and detail, both empty if nothing is; asked once for each state of it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, path, *([] if rate is None else [str(rate)])],
            capture_output=True,
            timeout=_LEAST_S + size / _BYTES_PER_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        detail = "HDF5 did not come back"
    else:
        if done.returncode == 0:
            return "", ""
        said = done.stdout.decode("utf-8", "replace").strip()
        if said:
            return said, ""
        detail = f"HDF5 ended with {done.returncode}"
    return f"'{path}' is damaged or was not copied whole; copy it again from where it was recorded.", detail


def main(arguments: Sequence[str]) -> int:
    """Read the file that is named, at a rate if one is; 0 if that went to the end, else one sentence on stdout."""
    from drivers.replay.formats.opensignals import open_checked

    try:
        recording = open_checked(Path(arguments[0]), rate=float(arguments[1]) if arguments[1:] else None)
        for _ in recording.blocks(10.0):
            pass
    except DriverError as error:
        sys.stdout.buffer.write(error.sentence.encode())
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
