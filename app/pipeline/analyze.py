"""Analysis of one recording: the session's own engine over it, and beside that what only the whole of it tells."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.engine import Engine
from app.pipeline.offline import Samples, measure_offline
from app.pipeline.runner import SessionRun, run_unpaced
from app.pipeline.sources import Sources, open_unpaced
from app.session.events import Event

_KEYS: Final = {"attempt": "attempts", "rep": "reps", "cue": "cues", "quality": "quality", "gap": "gaps"}


def analyze(uris: Sequence[str], plan: SessionPlan, progress: Callable[[float], None] | None = None) -> dict[str, Any]:
    """Analyze one recording, or two of one session, one for each side.

    Parameters
    ----------
    uris : sequence of str
        Sources that run unpaced, such as ``file:PATH?speed=max``; of two, the left comes first.
    plan : SessionPlan
    progress : callable or None
        Told the source time now and then.

    Returns
    -------
    dict
        One object of the JSON contract.

    Raises
    ------
    DriverError
        If the recording cannot be read.
    """
    with open_unpaced(Sources.create(uris)) as (sources, blocks):
        engine, calibration = build_engine(sources, plan)
        events: list[Event] = []
        samples = Samples()
        run = SessionRun(
            engine, describe(sources, plan, engine, calibration), [lambda event, decided_ns: events.append(event)]
        )
        run.begin()
        sources.start()
        run_unpaced(run, blocks, samples.add, progress)
        return _result(sources, engine, events, samples)


def _result(sources: Sources, engine: Engine, events: list[Event], samples: Samples) -> dict[str, Any]:
    lines = [msgspec.to_builtins(event) for event in events]
    result: dict[str, Any] = {
        "file": " + ".join(driver.uri.address for driver in sources.drivers),
        "session": lines[0],
        "sfreq": sources.streams[0].sfreq,
        "duration_s": round(engine.t_s, 3),
        **measure_offline(sources.streams, engine, samples),
    }
    for kind, key in _KEYS.items():
        result[key] = [line for line in lines if line["type"] == kind]
    result["notes"] = list(sources.notes)
    result["summary"] = lines[-1]
    return result
