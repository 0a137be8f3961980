"""Where the engine is with each of its streams."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.pipeline.chain import StreamChain
from app.pipeline.flow import Flow
from app.pipeline.montage import Montage
from app.session.events import Gap
from drivers.types import SampleBlock, StreamInfo


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

    def gap(self, start_s: float, end_s: float, samples: int) -> Gap:
        """The line of samples that never came."""
        return Gap(stream=self.info.stream_id, start_s=round(start_s, 3), end_s=round(end_s, 3), samples=samples)


def states_of(streams: Sequence[StreamInfo], montage: Montage) -> dict[str, StreamState]:
    """Every stream that is judged: those with a site."""
    states = {}
    for info in streams:
        if pairs := montage.columns.get(info.stream_id, ()):
            places = np.array([site for _, site in pairs], dtype=np.intp)
            states[info.stream_id] = StreamState(info, tuple(column for column, _ in pairs), places)
    return states


def zero_of(blocks: Sequence[SampleBlock], sfreqs: Mapping[str, float]) -> int:
    """Host time of the earliest first sample among the first blocks of all streams, in nanoseconds."""
    firsts: dict[str, SampleBlock] = {}
    for block in blocks:
        firsts.setdefault(block.stream_id, block)
    return min(
        block.arrival_ns - round(block.n_samples / sfreqs[stream_id] * 1e9) for stream_id, block in firsts.items()
    )


def apart(streams: Mapping[str, StreamState], montage: Montage, *, aligned: bool) -> tuple[float | None, float | None]:
    """How well the clocks of the units of left and right agree.

    Parameters
    ----------
    streams : mapping of str to StreamState
    montage : Montage
    aligned : bool
        False if their times have nothing to do with each other.

    Returns
    -------
    pm_s : float or None
        Half width of the 95 % interval of the time between them; 0 where one unit carries both, None until all are
        synced.
    in_s : float or None
        Seconds until there is one; None if there is, NaN if nothing has been heard yet.
    """
    chains = [stream.chain for stream_id, stream in streams.items() if montage.targets_of(stream_id)]
    if len(chains) == 1 or not {"left", "right"} <= set(montage.sites):
        return 0.0, None
    if not aligned:
        return None, None
    clocks = [chain.clock for chain in chains if chain is not None]
    if len(clocks) < len(chains) or not all(clock.synced for clock in clocks):
        return None, max((clock.sync_in_s for clock in clocks), default=math.nan)
    return math.hypot(*(clock.uncertainty_s for clock in clocks)), None
