"""Notes about a session, typed after it: one JSON line each in ``notes.jsonl`` beside the journal.

The journal itself stays as it is. Notes typed during a session are events of it and stand there.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app.recording.errors import RecordingError, explain

NAME: Final = "notes.jsonl"


class LaterNote(msgspec.Struct, frozen=True):
    """One note.

    Attributes
    ----------
    t_s : float
        The moment that it is about, seconds from the start of the session.
    text : str
    written : str
        When it was typed, ISO 8601 with the time zone.
    """

    t_s: float
    text: str
    written: str


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
    """Write a note down, to the disk itself.

    Raises
    ------
    RecordingError
        If it cannot be kept.
    """
    path = folder / NAME
    line = msgspec.json.encode(LaterNote(round(t_s, 3), text, written.isoformat(timespec="seconds")))
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, b"\n" + line + b"\n")  # whatever a power cut left half written ends before it
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise RecordingError(explain(error, path), str(error)) from error
