"""How the samples of one stream come in: what was lost lately, how unevenly packets arrive, how fast it really runs."""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from drivers.types import SampleBlock, StreamInfo
from dsp.clock import SampleClock

LATELY_S: Final = 10.0
LEAST_SPAN_S: Final = 2.0
"""A rate over less is a guess."""


@dataclass(frozen=True, slots=True)
class FlowView:
    """What was measured of one stream.

    Attributes
    ----------
    stream_id : str
    lost_pct, lost_lately_pct : float or None
        Share of samples lost since the start and in the last 10 s; None where the device does not number them.
    sfreq : float or None
        Samples a second as fitted to this computer's clock; None before there are 2 s of them.
    jitter_ms : float or None
        By how much packets were later than the soonest, 95 % of them less; None as above.
    """

    stream_id: str
    lost_pct: float | None
    lost_lately_pct: float | None
    sfreq: float | None
    jitter_ms: float | None


class Flow:
    """Remembers the blocks of the last ten seconds of one stream."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[int, int, int, int]] = deque()
        self._epoch = -1

    def add(self, block: SampleBlock, n_lost: int) -> None:
        """Take note of a block, and of the samples that are missing before it."""
        if block.epoch != self._epoch:
            self._epoch = block.epoch
            # Arrivals of another connection are on another clock; what it lost still counts.
            n_before = sum(n for _, _, n, _ in self._blocks)
            n_lost += sum(lost for _, _, _, lost in self._blocks)
            self._blocks.clear()
            self._blocks.append((block.arrival_ns, block.first_index, n_before, 0))
        end = block.first_index + block.n_samples
        self._blocks.append((block.arrival_ns, end, block.n_samples, n_lost))
        while block.arrival_ns - self._blocks[0][0] > LATELY_S * 1e9:
            self._blocks.popleft()

    def view(self, info: StreamInfo, clock: SampleClock, n_lost: int, n_received: int) -> FlowView:
        """Say how the stream runs; `n_lost` and `n_received` are counted since the start."""
        blocks = np.array(self._blocks, dtype=np.int64).reshape(-1, 4)
        sfreq = jitter_ms = None
        if len(blocks) > 1:
            arrival_ns, end = blocks[1:, 0], blocks[1:, 1]
            span_ns = int(clock.time_ns(int(end[-1])) - clock.time_ns(int(end[0])))
            if span_ns >= LEAST_SPAN_S * 1e9:
                sfreq = float(end[-1] - end[0]) / span_ns * 1e9
                late_ms = (arrival_ns - arrival_ns[0]) * 1e-6 - (end - end[0]) / sfreq * 1e3
                jitter_ms = float(np.percentile(late_ms, 95) - late_ms.min())
        lately = blocks.sum(axis=0)
        return FlowView(
            info.stream_id,
            lost_pct=_share(n_lost, n_received) if info.has_counter else None,
            lost_lately_pct=_share(int(lately[3]), int(lately[2])) if info.has_counter else None,
            sfreq=sfreq,
            jitter_ms=jitter_ms,
        )


def _share(n_lost: int, n_received: int) -> float:
    return 100.0 * n_lost / max(1, n_lost + n_received)
