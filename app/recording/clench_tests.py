"""Clench tests are kept, a small file for each person beside their calibrations."""

import logging
from pathlib import Path
from typing import Final

import msgspec

from app.recording.calibrations import FOLDER, NOBODY
from app.recording.disk import replace_file
from app.recording.errors import RecordingError, explain
from app.recording.folders import whose
from app.session.clench import ClenchTest
from app.small_file import read_small

NAME: Final = "clench-tests.json"

_log = logging.getLogger(__name__)


def keep(root: Path, test: ClenchTest) -> Path:
    """Write a test behind those of its person; returns the file.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    path = _path(root, test.person, simulated=test.simulated)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and not _read(path):
            path.rename(path.with_suffix(".unreadable"))  # what nobody can read is not thrown away
        with replace_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode([*_read(path), test]), indent=2) + b"\n")
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error
    return path


def before(root: Path, test: ClenchTest) -> ClenchTest | None:
    """Find the newest earlier test that may be compared with this one; None if there is none."""
    earlier = [
        one
        for one in _read(_path(root, test.person, simulated=test.simulated))
        if one.is_like(test) and one.made_utc < test.made_utc
    ]
    return max(earlier, key=lambda one: one.made_utc, default=None)


def _path(root: Path, person: str | None, *, simulated: bool) -> Path:
    return root / FOLDER / (whose(simulated=simulated, person=person) or NOBODY) / NAME


def _read(path: Path) -> list[ClenchTest]:
    try:
        return msgspec.json.decode(read_small(path), type=list[ClenchTest])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        _log.warning("%s is left out: %s", path, error)
        return []
