"""Made-up muscles for the pipeline: noise of a known level, loud while they squeeze, cut into blocks at will."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from app.pipeline.chain import Bars
from app.pipeline.engine import Engine
from app.pipeline.montage import Montage
from app.pipeline.programmes import load_programme
from app.session.calibration import Calibration
from app.session.events import Event, to_json
from drivers.types import Float32Array, SampleBlock, StreamInfo

SFREQ = 1000.0
REST_V = 4e-6
REFERENCE_V = 100e-6
BOTH = StreamInfo("unit", SFREQ, ("left", "right"))
ONE_UNIT = Montage(("left", "right"), {"unit": ((0, 0), (1, 1))})
CALIBRATION = Calibration(
    id="known",
    method="mvc",
    rest={"left": REST_V, "right": REST_V},
    reference={"left": REFERENCE_V, "right": REFERENCE_V},
)
Squeezes = Sequence[tuple[float, float]]


def muscle(duration_s: float, squeezes: Squeezes, *, seed: int, level_v: float = 40e-6) -> Float32Array:
    """One channel, shape (n_samples,): rest noise, and `level_v` RMS on top from start to end of each squeeze."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(duration_s * SFREQ)) / SFREQ
    on = np.zeros(len(t), np.bool_)
    for start_s, end_s in squeezes:
        on |= (t >= start_s) & (t < end_s)
    noise = rng.standard_normal((2, len(t)))
    samples: Float32Array = (REST_V * noise[0] + level_v * on * noise[1]).astype(np.float32)
    return samples


def pair(duration_s: float, left: Squeezes, right: Squeezes, *, level_v: float = 40e-6) -> Float32Array:
    """Both sides, shape (n_samples, 2)."""
    return np.column_stack(
        [muscle(duration_s, left, seed=1, level_v=level_v), muscle(duration_s, right, seed=2, level_v=level_v)]
    )


def cut(
    samples: Float32Array,
    sizes: Iterable[int],
    *,
    stream_id: str = "unit",
    start_s: float = 0.0,
    epoch: int = 0,
    first_index: int = 0,
    delay_s: float = 0.0,
) -> Iterator[SampleBlock]:
    """Cut samples into blocks of the given sizes, round and round; they arrive when their last sample was taken."""
    turn = list(sizes)
    at = number = 0
    while at < len(samples):
        part = samples[at : at + turn[number % len(turn)]]
        at += len(part)
        number += 1
        arrival_ns = round((start_s + delay_s + at / SFREQ) * 1e9)
        yield SampleBlock(stream_id, part, first_index + at - len(part), epoch, arrival_ns)


def make_engine(
    streams: Sequence[StreamInfo] = (BOTH,),
    montage: Montage = ONE_UNIT,
    *,
    programme: str = "free",
    calibration: Calibration | None = CALIBRATION,
    draws: Bars | None = None,
) -> Engine:
    """An engine that mutes its start, as live."""
    return Engine(streams, montage, load_programme(programme), calibration, draws=draws)


def run(engine: Engine, blocks: Iterable[SampleBlock]) -> list[Event]:
    """Everything that the blocks make happen, to the end."""
    events = [event for block in blocks for event in engine.push(block)]
    return events + engine.finish()


def lines(events: Iterable[Event]) -> list[bytes]:
    """Events as they are printed."""
    return [to_json(event) for event in events]
