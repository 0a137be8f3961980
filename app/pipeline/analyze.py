"""Analysis of one recording: the session's own engine over it, and the offline onsets beside that."""

from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from app.pipeline.build import SessionPlan, build_engine, describe
from app.pipeline.engine import Engine
from app.pipeline.feed import Feed, merged
from app.pipeline.runner import SessionRun, run_unpaced
from app.pipeline.sources import Sources
from app.session.events import Event
from drivers.types import Float32Array, SampleBlock, StreamInfo
from drivers.uri import TARGET_SITES
from dsp.bursts import Burst, detect_bursts
from dsp.offline import find_bursts
from dsp.onset import DetectorParameters

Float64Array = npt.NDArray[np.float64]

_KEYS: Final = {"attempt": "attempts", "rep": "reps", "cue": "cues", "quality": "quality", "gap": "gaps"}


class _Samples:
    """Keeps every sample of the mapped channels of the first epoch of each stream, gaps as NaN."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Float32Array]] = {}
        self._next: dict[str, int] = {}

    def add(self, block: SampleBlock) -> None:
        if block.epoch:
            return  # another epoch has another clock: offline onsets cover the first alone
        parts = self._parts.setdefault(block.stream_id, [])
        expected = self._next.get(block.stream_id, block.first_index)
        if block.first_index > expected:
            hole = np.full((block.first_index - expected, block.samples.shape[1]), np.nan, dtype=np.float32)
            parts.append(hole)
        parts.append(block.samples)
        self._next[block.stream_id] = block.first_index + block.n_samples

    def of(self, stream_id: str) -> Float32Array | None:
        parts = self._parts.get(stream_id)
        return np.concatenate(parts) if parts else None


def analyze(uri: str, plan: SessionPlan, progress: Callable[[float], None] | None = None) -> dict[str, object]:
    """Analyze one recording.

    Parameters
    ----------
    uri : str
        A source that runs unpaced, such as ``file:PATH?speed=max``.
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
    drivers = Sources.create([uri])
    feeds = [Feed() for _ in drivers]
    sources = Sources.open(drivers, lambda number: feeds[number])
    try:
        for feed in feeds:
            feed.n_streams = len(sources.streams)
        engine, calibration = build_engine(sources, plan)
        events: list[Event] = []
        samples = _Samples()
        run = SessionRun(
            engine, describe(sources, plan, engine, calibration), [lambda event, decided_ns: events.append(event)]
        )
        run.begin()
        sources.start()
        run_unpaced(run, merged(feeds), samples.add, progress)
        for feed in feeds:
            feed.raise_fault()
    finally:
        for feed in feeds:
            feed.stop()
        sources.close()
    return _result(sources, engine, events, samples)


def _result(sources: Sources, engine: Engine, events: list[Event], samples: _Samples) -> dict[str, object]:
    lines = [msgspec.to_builtins(event) for event in events]
    result: dict[str, object] = {
        "file": sources.drivers[0].uri.address,
        "session": lines[0],
        "sfreq": sources.streams[0].sfreq,
        "duration_s": round(engine.t_s, 3),
        "onsets": _onsets(sources, engine, samples),
    }
    for kind, key in _KEYS.items():
        result[key] = [line for line in lines if line["type"] == kind]
    result["notes"] = list(sources.notes)
    result["summary"] = lines[-1]
    return result


def _onsets(sources: Sources, engine: Engine, samples: _Samples) -> dict[str, list[tuple[float, float]]]:
    """Bursts of every glute by the offline detector, seconds from the start of the source."""
    onsets: dict[str, list[tuple[float, float]]] = {}
    for info in sources.streams:
        raw = samples.of(info.stream_id)
        pairs = [
            (column, site)
            for column, site in sources.montage.columns.get(info.stream_id, ())
            if sources.montage.sites[site] in TARGET_SITES
        ]
        if raw is None or not pairs:
            continue
        columns, sites = (list(part) for part in zip(*pairs, strict=True))
        scale, notch_hz = engine.scale, engine.notch_hz(info.stream_id)
        found = _bursts(raw[:, columns].astype(np.float64), info, scale.rest[sites], scale.reference[sites], notch_hz)
        for site, bursts in zip(sites, found, strict=True):
            onsets[sources.montage.sites[site]] = [(round(onset, 4), round(offset, 4)) for onset, offset in bursts]
    return onsets


def _bursts(
    raw: Float64Array, info: StreamInfo, rest: Float64Array, reference: Float64Array, notch_hz: float | None
) -> list[list[Burst]]:
    parameters = DetectorParameters.for_reps(info.sfreq)
    if info.kind == "raw":
        return find_bursts(raw, info.sfreq, rest, reference, parameters, notch_hz=notch_hz)
    # An envelope has no squares to weigh: its bursts stay where the live detector saw them.
    return [
        detect_bursts(raw[:, channel], info.sfreq, float(rest[channel]), float(reference[channel]), parameters)
        for channel in range(raw.shape[1])
    ]
