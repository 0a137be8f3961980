"""Where the engine is with each of its streams."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.pipeline.chain import StreamChain
from app.pipeline.flow import Flow
from drivers.types import SampleBlock, StreamInfo
from dsp.clock import SampleClock


@dataclass(slots=True)
class EpochSpan:
    """Session times of the ends of an epoch, by sample index."""

    first_index: int
    start_s: float
    end_index: int = 0
    end_s: float = 0.0

    def at(self, offset_s: float, sfreq: float) -> float:
        """Session time of a moment `offset_s` after the first sample, by the stream's own clock."""
        own_s = (self.end_index - self.first_index) / sfreq
        return self.start_s + offset_s * (self.end_s - self.start_s) / own_s if own_s > 0.0 else offset_s


@dataclass(slots=True)
class StreamState:
    """One stream's chain in its running epoch."""

    info: StreamInfo
    columns: tuple[int, ...]
    sites: npt.NDArray[np.intp]
    epoch: int | None = None
    chain: StreamChain | None = None
    end_index: int = 0
    n_received: int = 0
    n_lost: int = 0
    first_epoch: EpochSpan | None = None
    flow: Flow = field(default_factory=Flow)


def zero_of(blocks: Sequence[SampleBlock], sfreqs: Mapping[str, float]) -> int:
    """Host time of the earliest first sample among the first blocks of all streams, in nanoseconds."""
    firsts: dict[str, SampleBlock] = {}
    for block in blocks:
        firsts.setdefault(block.stream_id, block)
    return min(
        block.arrival_ns - round(block.n_samples / sfreqs[stream_id] * 1e9) for stream_id, block in firsts.items()
    )


def apart(clocks: Sequence[SampleClock | None]) -> tuple[float | None, float | None]:
    """How well the clocks of several streams agree.

    Parameters
    ----------
    clocks : sequence of SampleClock or None
        None for a stream that has not been heard yet.

    Returns
    -------
    pm_s : float or None
        Half width of the 95 % interval of the time between them; None until all are synced.
    in_s : float or None
        Seconds until there is one; None if there is, NaN if nothing has been heard yet.
    """
    known = [clock for clock in clocks if clock is not None]
    if len(known) < len(clocks) or not all(clock.synced for clock in known):
        return None, max((clock.sync_in_s for clock in known), default=math.nan)
    return math.hypot(*(clock.uncertainty_s for clock in known)), None
