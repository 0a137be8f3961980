"""Wires one session: engine, recorder and whoever listens to its events. Shared by the window and the commands."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.runner import EventSink, SessionRun
from app.pipeline.sources import Sources
from app.recording.folders import check_writable, create_session_folder, room_for
from app.recording.recorder import Recorder
from app.session.coach import Coach
from app.session.events import Event, SessionStarted


def wire(
    sources: Sources,
    plan: SessionPlan,
    record_in: Path | None,
    sinks: Sequence[EventSink],
    *,
    duration_s: float | None = None,
    watchers: Sequence[Callable[[Coach, int], None]] = (),
) -> tuple[SessionRun, Recorder | None]:
    """Build the session of open sources, and its recorder.

    Parameters
    ----------
    sources : Sources
    plan : SessionPlan
    record_in : Path or None
        Folder in which the session's own folder is made; None records nothing.
    sinks : sequence of EventSink
        Get every event; the recorder is added to them.
    duration_s : float or None
        Source time after which the session ends.
    watchers : sequence of callables
        Look at the coach after every block.

    Raises
    ------
    RecordingError
        If nothing can be recorded there.
    """
    engine, calibration = build_engine(sources, plan, math.inf if duration_s is None else duration_s)
    started = describe(sources, plan, engine, calibration)
    recorder = None
    if record_in is not None:
        check_writable(record_in, least_free=room_for(sources.streams))
        now = datetime.now().astimezone()
        folder = create_session_folder(record_in, now, simulated=sources.simulated, person=plan.person)
        recorder = Recorder(folder, sources.streams, started, calibration)
        sinks = [_to(recorder), *sinks]  # first: what cannot be shown any more is still kept
    recording = None if recorder is None else str(recorder.status.path)
    return SessionRun(engine, started, sinks, duration_s=duration_s, recording=recording, watchers=watchers), recorder


def _to(recorder: Recorder) -> EventSink:
    """Everything but the first line, which the recorder has in its head."""

    def sink(event: Event, decided_ns: int) -> None:
        if not isinstance(event, SessionStarted):
            recorder.push_event(event)

    return sink
