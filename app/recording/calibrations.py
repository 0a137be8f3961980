"""Calibrations are kept: one small JSON file each, in a folder for each person, beside the recordings."""

import contextlib
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from app.recording.disk import replace_file
from app.recording.errors import RecordingError, explain
from app.recording.folders import whose
from app.session.calibrating.unfinished import FOR_S, Unfinished
from app.session.calibration import Calibration
from app.small_file import read_small
from drivers.uri import TARGET_SITES

FOLDER: Final = "calibrations"
UNFINISHED_NAME: Final = "unfinished.json"
NOBODY: Final = "nobody"

_log = logging.getLogger(__name__)


def keep(root: Path, calibration: Calibration) -> tuple[Path, Calibration]:
    """Write a calibration among those of its person; the first one with a reference becomes the baseline.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    calibration : Calibration
        With `made_utc`.

    Returns
    -------
    Path
        Where it lies; nothing is ever overwritten.
    Calibration
        As it was written.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    folder = _folder(root, calibration.person, simulated=calibration.simulated)
    if calibration.method != "session" and not any(one.baseline for one in _all(folder)):
        calibration = msgspec.structs.replace(calibration, baseline=True)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error
    made = (calibration.made_utc or "unknown")[:19].replace(":", "")
    path, number = folder / f"{made}_{calibration.kind or 'other'}.json", 1
    while path.exists():
        number += 1
        path = folder / f"{made}_{calibration.kind or 'other'}-{number}.json"
    write(path, calibration)
    return path, calibration


def keep_unfinished(root: Path, unfinished: Unfinished, now: datetime) -> Unfinished:
    """Keep what a calibration has brought so far, in place of any earlier one of that person.

    It is kept after every step, by the thread that measures, so it does not wait for the disk itself: what a power
    cut leaves of it is its beginning, or nothing.

    Returns
    -------
    Unfinished
        As it was written.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    path = _folder(root, unfinished.person, simulated=unfinished.simulated) / UNFINISHED_NAME
    unfinished = msgspec.structs.replace(unfinished, broken_off_utc=now.isoformat(timespec="seconds"))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replace_file(path, outlives_power_cut=False) as file:
            file.write(msgspec.json.encode(unfinished) + b"\n")
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error
    return unfinished


def find_unfinished(root: Path, person: str | None, now: datetime, *, simulated: bool) -> Unfinished | None:
    """Find what a person may go on with; None if nothing broke off within the last hour."""
    path = _folder(root, person, simulated=simulated) / UNFINISHED_NAME
    try:
        found = msgspec.json.decode(read_small(path), type=Unfinished)
        age_s = found.age_s(now)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:  # of another version, or by another hand: it is begun anew
        _log.warning("%s is left out: %s", path, error)
        return None
    return found if found.person == person and 0.0 <= age_s <= FOR_S else None


def forget_unfinished(root: Path, person: str | None, *, simulated: bool) -> None:
    """There is nothing to go on with any more."""
    with contextlib.suppress(OSError):
        (_folder(root, person, simulated=simulated) / UNFINISHED_NAME).unlink()


def write(path: Path, calibration: Calibration) -> None:
    """Write one calibration as JSON, whole or not at all.

    Raises
    ------
    RecordingError
        If it cannot be written.
    """
    try:
        with replace_file(path) as file:
            file.write(msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")
    except OSError as error:
        raise RecordingError(explain(error, path.parent), str(error)) from error


def read(path: Path, now: datetime) -> Calibration:
    """Read one calibration; its age is that of `now`, where it says when it was made.

    Raises
    ------
    RecordingError
        If it cannot be read, or is none.
    """
    try:
        return aged(msgspec.json.decode(read_small(path), type=Calibration), now)
    except OSError as error:
        raise RecordingError(
            f"The calibration {path} cannot be read: {error.strerror}; name another one, or calibrate anew.", str(error)
        ) from error
    except msgspec.DecodeError as error:
        raise RecordingError(
            f"The calibration {path} is wrong: {error}; mend it, or calibrate anew.", str(error)
        ) from error


def newest(root: Path, person: str | None, sites: tuple[str, ...], now: datetime, *, simulated: bool) -> Calibration:
    """Find the newest calibration of a person that knows every side that is measured.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    person : str or None
        Code; None is whoever trains without one.
    sites : tuple of str
        With an electrode.
    now : datetime
        For its age.
    simulated : bool
        Whether nobody is on the electrodes: simulated calibrations are kept apart.

    Raises
    ------
    RecordingError
        If there is none.
    """
    sides = [side for side in TARGET_SITES if side in sites]
    fitting = [
        one
        for one in _all(_folder(root, person, simulated=simulated))
        if one.person == person and all(side in one.reference for side in sides)
    ]
    if not fitting:
        name = "the simulated person" if simulated else person or "anybody without a code"
        raise RecordingError(
            f"There is no calibration of {name} with {' and '.join(sides)} in {root / FOLDER}; make one with "
            "glutewake calibrate, or leave out --calibration last."
        )
    return aged(max(fitting, key=lambda one: one.made_utc or ""), now)


def _folder(root: Path, person: str | None, *, simulated: bool) -> Path:
    return root / FOLDER / (whose(simulated=simulated, person=person) or NOBODY)


def _all(folder: Path) -> list[Calibration]:
    found = []
    for path in sorted(folder.glob("*_*.json")):
        try:
            found.append(msgspec.json.decode(read_small(path), type=Calibration))
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("%s is left out: %s", path, error)
    return found


def aged(calibration: Calibration, now: datetime) -> Calibration:
    """Tell how old a calibration is, where it says when it was made."""
    if calibration.made_utc is None:
        return calibration
    try:
        made = datetime.fromisoformat(calibration.made_utc)
    except ValueError:
        return calibration
    made = made if made.tzinfo is not None else made.replace(tzinfo=UTC)
    return msgspec.structs.replace(calibration, age_s=max(0.0, round((now - made).total_seconds(), 1)))
