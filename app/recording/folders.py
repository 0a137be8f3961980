"""Where sessions are kept, one folder each, and whether anything can be kept there."""

import os
import re
import shutil
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import platformdirs

from app.preferences import Preferences
from app.recording.errors import RecordingError, explain
from app.settings import Settings, default_path
from drivers.types import StreamInfo

LEAST_FREE_BYTES = 200 << 20
"""Hours of two channels; below that a session may end in a full disk."""
PLANNED_S = 3600.0
"""Longest session that is planned for; a warmed-up person trains for a quarter of that."""
_PROBE_BYTES = 1 << 20
_BYTES_PER_SAMPLE = 4
_BYTES_PER_BLOCK = 64
_BLOCKS_PER_S = 100
_LONGEST_LABEL = 40


def default_root() -> Path:
    """The folder that holds all sessions: the one that the user moved them to, else the usual one."""
    return chosen_root(Settings(default_path()).preferences)


def chosen_root(preferences: Preferences) -> Path:
    """The folder that holds all sessions of whoever likes it so."""
    if preferences.data_folder:
        return Path(preferences.data_folder)
    return platformdirs.user_data_path("glutewake", appauthor=False) / "recordings"


def create_session_folder(root: Path, started: datetime, *, simulated: bool, person: str | None) -> Path:
    """Make the folder of one session; one that exists is never used again.

    Parameters
    ----------
    root : Path
        Made where it is missing.
    started : datetime
        Its own time zone stands in the name.
    simulated : bool
        True if nobody is on the electrodes: the name says so, whatever `person` is.
    person : str or None
        Code of the person; only ASCII letters, digits and hyphens are kept of it.

    Returns
    -------
    Path
        For example ``2026-11-20_143005_simulated``, with ``-2`` behind it if that one was taken.

    Raises
    ------
    RecordingError
        If it cannot be made.
    """
    label = whose(simulated=simulated, person=person)
    name = "_".join(filter(None, (started.strftime("%Y-%m-%d_%H%M%S"), label)))
    try:
        root.mkdir(parents=True, exist_ok=True)
        folder, number = root / name, 1
        while not _make(folder):
            number += 1
            folder = root / f"{name}-{number}"
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error
    return folder


def whose(*, simulated: bool, person: str | None) -> str:
    """What the name of a session folder says about the person; may be empty."""
    return "simulated" if simulated else _ascii(person or "")


def room_for(streams: Sequence[StreamInfo]) -> int:
    """Bytes that a session of `PLANNED_S` takes, and at least `LEAST_FREE_BYTES`."""
    return max(LEAST_FREE_BYTES, round(_bytes_per_s(streams) * PLANNED_S))


def free_s(root: Path, streams: Sequence[StreamInfo]) -> float:
    """Seconds of recording that the disk has room for; raises `OSError`."""
    return shutil.disk_usage(root).free / _bytes_per_s(streams)


def _bytes_per_s(streams: Sequence[StreamInfo]) -> float:
    """Of the journal, and as much again for the files made of it."""
    return 2.0 * sum(
        info.sfreq * len(info.ch_names) * _BYTES_PER_SAMPLE + min(info.sfreq, _BLOCKS_PER_S) * _BYTES_PER_BLOCK
        for info in streams
    )


def check_writable(root: Path, *, least_free: int = LEAST_FREE_BYTES) -> None:
    """Write a small file to the disk itself and look at the free space, before a session begins.

    Parameters
    ----------
    root : Path
        Made where it is missing.
    least_free : int
        Bytes that must be free.

    Raises
    ------
    RecordingError
        With the reason and the remedy.
    """
    probe = root / f".probe-{os.getpid()}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        try:
            with probe.open("wb") as file:
                file.write(os.urandom(_PROBE_BYTES))  # zeros would take no room on a disk that compresses
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
        free = shutil.disk_usage(root).free
    except OSError as error:
        raise RecordingError(explain(error, root), str(error)) from error
    if free < least_free:
        raise RecordingError(
            f"Only {free / 2**20:.0f} MB are free in '{root}' and {least_free / 2**20:.0f} MB are needed; "
            "free some space or choose another folder."
        )


def _make(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9-]+", "-", plain).strip("-")[:_LONGEST_LABEL]
