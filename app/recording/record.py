"""`SessionRecord`: what a session folder tells of its session; what history, review, report and export stand on."""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from app.recording.errors import RecordingError
from app.session.calibration import Calibration
from app.session.events import Event, SessionStarted, from_json
from drivers.errors import DriverError
from drivers.replay.formats.journal import JOURNAL_NAME, open_journal

E = TypeVar("E", bound=Event)


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
        Every other line, in the order in which they were recorded. Lines of a newer version are left out.
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
    journal_path = folder if folder.name == JOURNAL_NAME else folder / JOURNAL_NAME
    try:
        with contextlib.closing(open_journal(folder)) as journal:
            started = from_json(bytes(journal.meta.session))
            if not isinstance(started, SessionStarted):
                raise RecordingError(f"'{folder}' does not say what was recorded; recover it, or leave it out.")
            events = []
            for line in journal.events:
                with contextlib.suppress(msgspec.DecodeError):
                    events.append(from_json(bytes(line)))
            carried = journal.carried.calibration
            return SessionRecord(
                folder=journal_path.parent,
                started=started,
                events=tuple(event for event in events if not isinstance(event, SessionStarted)),
                calibration=None if carried is None else msgspec.convert(carried, Calibration),
                duration_s=journal.duration_s,
                missing_s={
                    stream_id: (timeline.n_rows - timeline.n_samples) / info.sfreq
                    for info in journal.streams
                    for stream_id, timeline in journal.timelines.items()
                    if stream_id == info.stream_id
                },
                ended_well=journal.is_closed_well,
                sha256=_sha256(journal_path),
            )
    except DriverError as error:
        raise RecordingError(error.sentence, error.detail) from error
    except (OSError, msgspec.ValidationError) as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
