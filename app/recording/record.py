"""`SessionRecord`: what a session folder tells of its session; what history, review, report and export stand on."""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from app.recording.errors import RecordingError
from app.recording.notes import later_ratings
from app.session.calibration import Calibration
from app.session.events import Event, SessionStarted, from_json
from app.session.taken_back import taken_back
from drivers.errors import DriverError
from drivers.replay.formats.journal import Journal, journal_file, open_journal
from drivers.replay.formats.journal_chunks import Meta, chunk_at

E = TypeVar("E", bound=Event)

_HEAD_FITS_IN = 1 << 18


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """Everything that one session left, besides its samples.

    Attributes
    ----------
    folder : Path
        The session folder, which holds the journal.
    started : SessionStarted
        The first line: who, what, with which sensors and calibration.
    events : tuple of Event
        Every other line, in the order in which they were recorded. Lines of a newer version are left out, what
        somebody took back counts no more, and how it was said to be after its end stands last.
    calibration : Calibration or None
        In the units of the streams.
    duration_s : float
        From the first sample to the last.
    missing_s : dict of str to float
        Seconds that are missing within it, by stream.
    ended_well : bool
        False if the session broke off.
    sha256 : str
        Of the journal, in hexadecimal: the name of this recording for everything that is worked out from it.
    """

    folder: Path
    started: SessionStarted
    events: tuple[Event, ...]
    calibration: Calibration | None
    duration_s: float
    missing_s: dict[str, float]
    ended_well: bool
    sha256: str

    def of(self, kind: type[E]) -> list[E]:
        """Every event of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def read_record(folder: Path) -> SessionRecord:
    """Read what a session left.

    Parameters
    ----------
    folder : Path
        Session folder, or the journal in it.

    Raises
    ------
    RecordingError
        If there is no recording of ours, or nothing of it can be read.
    """
    try:
        with contextlib.closing(open_journal(folder)) as journal:
            return record_of(journal, journal_file(folder))
    except DriverError as error:
        raise RecordingError(error.sentence, error.detail) from error
    except OSError as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error


def record_of(journal: Journal, path: Path) -> SessionRecord:
    """Read the record of a journal that is open already.

    Parameters
    ----------
    journal : Journal
    path : Path
        The journal itself.

    Raises
    ------
    RecordingError
        If it does not say what was recorded.
    OSError
        If the file cannot be read.
    """
    folder = path.parent
    nameless = f"'{folder}' does not say what was recorded; leave it out."
    try:
        started = from_json(bytes(journal.meta.session))
        carried = journal.carried.calibration
        calibration = None if carried is None else msgspec.convert(carried, Calibration)
    except msgspec.ValidationError as error:
        raise RecordingError(nameless, str(error)) from error
    if not isinstance(started, SessionStarted):
        raise RecordingError(nameless)
    events = []
    for line in journal.events:
        with contextlib.suppress(msgspec.DecodeError):
            events.append(from_json(bytes(line)))
    return SessionRecord(
        folder=folder,
        started=started,
        events=(
            *taken_back(event for event in events if not isinstance(event, SessionStarted)),
            *later_ratings(folder),
        ),
        calibration=calibration,
        duration_s=journal.duration_s,
        missing_s={
            info.stream_id: (timeline.n_rows - timeline.n_samples) / info.sfreq
            for info in journal.streams
            if (timeline := journal.timelines.get(info.stream_id)) is not None
        },
        ended_well=journal.is_closed_well,
        sha256=sha256_of(path),
    )


def read_started(folder: Path) -> SessionStarted | None:
    """Read the first line alone, in no time; None if it is not where it belongs.

    Parameters
    ----------
    folder : Path
        Session folder.

    Raises
    ------
    OSError
        If the journal cannot be read.
    """
    with journal_file(folder).open("rb") as file:
        chunk = chunk_at(file.read(_HEAD_FITS_IN), 0)
    try:
        meta = msgspec.json.decode(chunk.payload if chunk is not None else b"", type=Meta)
        started = from_json(bytes(meta.session))
    except msgspec.DecodeError:
        return None
    return started if isinstance(started, SessionStarted) else None


def sha256_of(path: Path) -> str:
    """Hash of a file, in hexadecimal; raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
