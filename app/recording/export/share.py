"""One archive that may be passed on: new codes, other dates, nothing that somebody typed unless it is asked for.

Every person gets a new code in a random order, and one shift of time, so that the days between sessions stay what they
were; the latest session comes to lie before 1926, as BIDS recommends for shifted dates. What tells one recording or
one unit of a sensor from another (hashes, folders, names of devices, labels) is left out.
"""

import io
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.recording.export.choice import Session
from app.recording.export.codebook import COLUMNS, KEY
from app.recording.export.files import new_file, new_folder
from app.recording.export.samples import write_samples
from app.recording.export.tables import Row, Table, joined_tables
from app.recording.export.tidy import tidy_files
from app.recording.notes import read_notes
from app.session.events import Note

NAME: Final = "glutewake-share.zip"
_LATEST: Final = datetime(1925, 12, 31, tzinfo=UTC)
_SPREAD: Final = timedelta(days=365)
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_README: Final = """Sessions recorded with GluteWake, made fit to be passed on.

Persons have new codes, and all times of a person are shifted by the same amount: only the time between sessions is
true. codebook.json says what every column means; samples/*.parquet hold every sample in microvolts or counts.
GluteWake is not a medical device.
"""


def write_share(
    sessions: Sequence[Session], folder: Path, *, with_notes: bool = False, rng: random.Random | None = None
) -> Path:
    """Write the archive.

    Parameters
    ----------
    sessions : sequence of Session
        Oldest first.
    folder : Path
        Made where it is missing; the archive may not be in it yet.
    with_notes : bool
        True to pass on what was typed, which may name anybody.
    rng : random.Random or None
        Chooses codes and shifts; by default that of the system, which nobody can foretell.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    RecordingError
        If it is there already, a recording cannot be read, or the disk is full.
    """
    new_folder(folder, [NAME])
    # by their new names: the true order would tell who came before whom
    shared = sorted(nameless(sessions, rng or random.SystemRandom()), key=lambda session: session.id)
    tables = joined_tables(shared)
    if with_notes:
        tables.append(_notes(shared))
    with new_file(folder / NAME) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "README.txt", _README.encode())
        for name, content in tidy_files(tables):
            _add(archive, name, content)
        for session in shared:
            with archive.open(_entry(f"samples/{session.id}.parquet", zipfile.ZIP_STORED), "w") as member:
                samples = io.BytesIO()
                write_samples(session, samples)
                member.write(samples.getbuffer())
    return folder / NAME


def nameless(sessions: Sequence[Session], rng: random.Random) -> Iterator[Session]:
    """Take out of sessions what tells who and when.

    Parameters
    ----------
    sessions : sequence of Session
        Oldest first.
    rng : random.Random

    Yields
    ------
    Session
        In the same order. Sessions of no person are each a person of their own.
    """
    whose = [session.person if session.person is not None else f"\0{session.id}" for session in sessions]
    persons = sorted(set(whose))
    rng.shuffle(persons)
    codes = {person: f"p{number:03d}" for number, person in enumerate(persons, start=1)}
    shifts = {
        person: _shift([session for session, his in zip(sessions, whose, strict=True) if his == person], rng)
        for person in persons
    }
    counts = dict.fromkeys(persons, 0)
    calibrations: dict[str, str] = {}
    for session, person in zip(sessions, whose, strict=True):
        counts[person] += 1
        start = _start(session)
        calibration_id = session.calibration_id
        if calibration_id is not None:
            calibration_id = calibrations.setdefault(calibration_id, f"c{len(calibrations) + 1:03d}")
        yield replace(
            session,
            id=f"{codes[person]}-{counts[person]:03d}",
            person=codes[person],
            label=None,
            started_utc=None if start is None else (start - shifts[person]).isoformat(timespec="milliseconds"),
            source=" ".join(text.partition(":")[0] for text in session.record.started.source),
            calibration_id=calibration_id,
            sha256=None,
        )


def _shift(sessions: Sequence[Session], rng: random.Random) -> timedelta:
    starts = [start for session in sessions if (start := _start(session)) is not None]
    if not starts:
        return timedelta()
    return max(starts) - _LATEST + rng.random() * _SPREAD


def _start(session: Session) -> datetime | None:
    try:
        start = datetime.fromisoformat(session.started_utc or "")
    except ValueError:
        return None
    return start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC)


def _notes(sessions: Sequence[Session]) -> Table:
    rows: list[Row] = []
    for session in sessions:
        during = [(note.t_s, note.text) for note in session.record.of(Note)]
        later = [(note.t_s, note.text) for note in read_notes(session.record.folder)]
        rows += [{KEY: session.id, "t_s": t_s, "text": text} for t_s, text in sorted(during + later)]
    return Table("notes", (KEY, *COLUMNS["notes"]), tuple(rows))


def _entry(name: str, kind: int) -> zipfile.ZipInfo:
    """An entry without the time of its making."""
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = kind
    entry.external_attr = 0o600 << 16
    return entry


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), content)
