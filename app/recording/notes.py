"""Notes about a session, typed after it: one JSON line each in ``notes.jsonl`` beside the journal.

The journal itself stays as it is. Notes typed during a session are events of it and stand there.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from app.recording.errors import RecordingError, explain
from app.session.events import Rating

NAME: Final = "notes.jsonl"


class LaterNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One note.

    Attributes
    ----------
    t_s : float
        The moment that it is about, seconds from the start of the session.
    text : str
    written : str
        When it was typed, ISO 8601 with the time zone.
    kind : {'pain', 'effort', ''}
        What was rated, if it is a rating that came after the journal was closed.
    value : float or None
        The rating, 0 to 10.
    """

    t_s: float
    text: str
    written: str
    kind: Literal["pain", "effort", ""] = ""
    value: float | None = None


def read_notes(folder: Path) -> tuple[LaterNote, ...]:
    """The notes about a session, by the moment that they are about; a line that cannot be read is left out.

    Raises
    ------
    RecordingError
        If the file is there and cannot be read.
    """
    path = folder / NAME
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise RecordingError(explain(error, path), str(error)) from error
    notes = []
    for line in lines:
        try:
            notes.append(msgspec.json.decode(line, type=LaterNote))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # the power went while it was written
    return tuple(sorted(notes, key=lambda note: note.t_s))


def add_note(folder: Path, t_s: float, text: str, written: datetime) -> None:
    """Write a note down, to the disk itself; raises `RecordingError`."""
    _add(folder, LaterNote(round(t_s, 3), text, written.isoformat(timespec="seconds")))


def add_rating(folder: Path, t_s: float, kind: Literal["pain", "effort"], value: float, written: datetime) -> None:
    """Write a rating down that came after the session, so that it counts as one of it; raises `RecordingError`."""
    text = f"{kind} after the session: {value:g} of 10"
    _add(folder, LaterNote(round(t_s, 3), text, written.isoformat(timespec="seconds"), kind, value))


def later_ratings(folder: Path) -> list[Rating]:
    """Ratings that came after the session, as lines of it; none where they cannot be read."""
    try:
        notes = read_notes(folder)
    except RecordingError:
        return []  # the session itself can be read all the same
    return [
        Rating(t_s=note.t_s, kind=note.kind, value=note.value) for note in notes if note.kind and note.value is not None
    ]


def _add(folder: Path, note: LaterNote) -> None:
    """Append a line.

    Raises
    ------
    RecordingError
        If it cannot be kept.
    """
    path = folder / NAME
    line = msgspec.json.encode(note)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, b"\n" + line + b"\n")  # whatever a power cut left half written ends before it
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise RecordingError(explain(error, path), str(error)) from error
