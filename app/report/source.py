"""From a path to the record of a session: our own recordings as they are, all others through `analyze`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from app.pipeline.build import SessionPlan
from app.pipeline.cohort import analyze_file, recording_hash
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
    return _record_of(path, analyze_file(uri, plan, progress))


def _record_of(path: Path, result: dict[str, Any]) -> SessionRecord:
    started = msgspec.convert(result["session"], SessionStarted)
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
        sha256=recording_hash(path),
    )
