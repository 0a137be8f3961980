"""From a path to the record of a session: our own recordings as they are, all others through `analyze`."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan
from app.recording.record import SessionRecord, read_record
from app.session.events import AnyEvent, Event, SessionStarted
from drivers.replay.formats.journal import JOURNAL_NAME

_KEYS: Final = ("attempts", "reps", "cues", "quality", "gaps")


def read_session(path: Path, uri: str, plan: SessionPlan, progress: Callable[[float], None] | None) -> SessionRecord:
    """Read the session that a path names.

    Parameters
    ----------
    path : Path
        Session folder, journal, or a recording of another program.
    uri : str
        The same as a source, with the channels of a foreign file.
    plan : SessionPlan
        Reference and programme of a foreign file.
    progress : callable or None
        Told the source time now and then.

    Raises
    ------
    RecordingError, DriverError
        If it cannot be read.
    """
    if path.name == JOURNAL_NAME or (path / JOURNAL_NAME).exists():
        return read_record(path)
    before = datetime.now(UTC)
    result = analyze([uri], plan, progress)
    return _record_of(path, result, before)


def _record_of(path: Path, result: dict[str, Any], before: datetime) -> SessionRecord:
    started = msgspec.convert(result["session"], SessionStarted)
    if started.utc_start is not None and datetime.fromisoformat(started.utc_start) >= before:
        started = msgspec.structs.replace(started, utc_start=None)  # the file does not say: it is the time of reading
    events: list[Event] = [msgspec.convert(line, AnyEvent) for key in _KEYS for line in result[key]]
    missing_s: dict[str, float] = {}
    for gap in result["gaps"]:
        missing_s[gap["stream"]] = missing_s.get(gap["stream"], 0.0) + gap["end_s"] - gap["start_s"]
    return SessionRecord(
        folder=path,
        started=started,
        events=tuple(events),
        calibration=None,
        duration_s=result["duration_s"],
        missing_s=missing_s,
        ended_well=True,
        sha256=_sha256(path),
    )


def _sha256(path: Path) -> str:
    """Of a file, or of all files of a folder in the order of their names."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()
