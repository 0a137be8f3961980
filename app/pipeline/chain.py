"""The signal chain of one stream: blocks in, hops with times out.

Gaps are filled with NaN so that the time axis is kept; a new epoch starts a new clock and a new filter. Whatever
the size of the blocks, the same samples give the same hops.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.types import SampleBlock, StreamInfo
from dsp.clock import SampleClock
from dsp.envelope import HopEnergy, MovingRms, hop_samples
from dsp.filters import Prime, emg_stream_filter
from dsp.onset import BACK_DATE_S, DetectorParameters, HopDetector, back_date
from dsp.quality import ChannelQuality, QualityWindow

Float64Array = npt.NDArray[np.float64]

LEVEL_S: Final = 0.100
HISTORY_S: Final = 1.0
MAX_FILL_S: Final = 30.0
"""A longer gap is not filled sample by sample: nothing is known of it but its length."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a stream's mapped channels.

    Attributes
    ----------
    end_index : int
        Index, within the epoch, one past the last sample.
    energy, level, low, high : ndarray of float, shape (n_mapped,)
        Mean square, RMS of 100 ms, least and greatest band-passed sample; NaN where there is no signal.
    rises, falls : tuple of (int, int)
        (mapped channel, samples before `end_index`) of onsets and offsets decided with this hop.
    """

    end_index: int
    energy: Float64Array
    level: Float64Array
    low: Float64Array
    high: Float64Array
    rises: tuple[tuple[int, int], ...]
    falls: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Samples that never came: within an epoch [first_index, first_index + n_samples)."""

    first_index: int
    n_samples: int


class StreamChain:
    """Filter, envelope and onset detector of one epoch of one stream.

    Parameters
    ----------
    info : StreamInfo
    columns : sequence of int
        The stream's columns that lie on sites, in the order of the results.
    prime : {'mute', 'steady'}
    """

    def __init__(self, info: StreamInfo, columns: tuple[int, ...], *, prime: Prime) -> None:
        self.info = info
        self._columns = list(columns)
        n = len(columns)
        self.hop = hop_samples(info.sfreq)
        hop_s = self.hop / info.sfreq
        self.parameters = DetectorParameters.for_onsets(info.sfreq)
        self._filter = emg_stream_filter(info.sfreq, n, prime=prime) if info.kind == "raw" else None
        self._hops = HopEnergy(self.hop, n)
        self._level = MovingRms(max(1, round(LEVEL_S / hop_s)), n)
        self._rms_on = MovingRms(max(1, round(self.parameters.rms_on_s / hop_s)), n)
        self._rms_off = MovingRms(max(1, round(self.parameters.rms_off_s / hop_s)), n)
        self.detector = HopDetector(n, hop_s, self.parameters)
        self.clock = SampleClock(info.sfreq, info.sfreq_known)
        self.quality: list[ChannelQuality] = []
        """Contact of the steps completed so far; whoever reads them clears the list."""
        self._quality = QualityWindow(info.sfreq, n, info.full_scale)
        self._raw = np.empty((0, n))
        self._next_index = 0
        self._hop_end = 0
        self._y_end = 0
        self._recent = np.empty((0, n))
        self._history: list[Float64Array] = []
        self._n_history = max(1, round(HISTORY_S / hop_s))
        self._n_recent = round(BACK_DATE_S[1] * info.sfreq) + self.hop
        self._rest = np.full(n, np.nan)
        self._started = False

    def set_levels(self, rest: Float64Array, reference: Float64Array) -> None:
        """Set rest and reference of the mapped channels from the next hop on."""
        self._rest = rest
        self.detector.set_levels(rest, reference)

    def missing_before(self, block: SampleBlock) -> Missing | None:
        """Samples that are missing between the last block and this one."""
        if not self._started or block.first_index <= self._next_index:
            return None
        return Missing(self._next_index, block.first_index - self._next_index)

    def push(self, block: SampleBlock) -> Iterator[Hop]:
        """Take the next block of this epoch; yields the hops that it completes, one at a time.

        The thresholds may be changed between two hops. A block that overlaps what has been seen is cut.
        """
        samples = block.samples[:, self._columns].astype(np.float64)
        if not self._started:
            self._started = True
            self._next_index = self._hop_end = self._y_end = block.first_index
        gap = block.first_index - self._next_index
        if gap < 0:
            samples = samples[-gap:]
        self.clock.add(block.first_index, block.n_samples, block.arrival_ns)
        n_fill = min(gap, round(MAX_FILL_S * self.info.sfreq))
        if gap > 0:
            skipped = (gap - n_fill) // self.hop * self.hop
            self._hop_end += skipped
            self._y_end += skipped
            samples = np.vstack([np.full((n_fill + (gap - n_fill) % self.hop, samples.shape[1]), np.nan), samples])
        self._next_index = max(self._next_index, block.first_index + block.n_samples)
        if len(samples):
            yield from self._process(samples)

    def flush(self) -> Iterator[Hop]:
        """Yield what a steady start still holds back at the end of a very short source."""
        if self._filter is not None:
            y, valid = self._filter.flush()
            if len(y):
                yield from self._emit(y, valid)

    def _process(self, samples: Float64Array) -> Iterator[Hop]:
        # A steady start holds samples back; the raw ones wait with them, since quality looks at both together.
        self._raw = np.concatenate([self._raw, samples])
        if self._filter is None:
            valid = np.isfinite(samples)
            y = np.where(valid, samples, np.nan)
        else:
            y, valid = self._filter.process(samples)
        if len(y):
            yield from self._emit(y, valid)

    def _emit(self, y: Float64Array, valid: npt.NDArray[np.bool_]) -> Iterator[Hop]:
        self.quality += self._quality.process(self._raw[: len(y)], y)
        self._raw = self._raw[len(y) :]
        n_before = len(self._recent)
        # Samples of an unfinished hop are at the end of `_recent`, so a hop's end counts from the hop counter.
        recent = np.concatenate([self._recent, np.where(valid, y, np.nan)])
        first_index_of_recent = self._y_end - n_before
        self._y_end += len(y)
        hops = self._hops.process(y, valid)
        level = self._level.process(hops.energy)
        rms_on = self._rms_on.process(hops.energy)
        rms_off = self._rms_off.process(hops.energy)
        for row in range(len(hops.energy)):
            self._hop_end += self.hop
            decided = self.detector.process(rms_on[row : row + 1], rms_off[row : row + 1])
            self._history.append(level[row])
            if len(self._history) > 2 * self._n_history:
                del self._history[: self._n_history]
            rises: tuple[tuple[int, int], ...] = ()
            falls: tuple[tuple[int, int], ...] = ()
            if decided.went_on.any():
                upto = recent[: self._hop_end - first_index_of_recent]
                on = np.flatnonzero(decided.went_on[0]).tolist()
                rises = tuple((channel, self._back_date(upto, channel)) for channel in on)
            if decided.went_off.any():
                lag = round(self.parameters.off_lag_s * self.info.sfreq)
                falls = tuple(
                    (int(channel), 0 if decided.cut[0, channel] else lag)
                    for channel in np.flatnonzero(decided.went_off[0])
                )
            yield Hop(self._hop_end, hops.energy[row], level[row], hops.low[row], hops.high[row], rises, falls)
        self._recent = recent[-self._n_recent :]

    def _back_date(self, upto: Float64Array, channel: int) -> int:
        levels = np.array([row[channel] for row in self._history[-self._n_history :]])
        if self.info.kind != "raw":
            return round(self.parameters.on_s * self.info.sfreq)
        return back_date(upto[-self._n_recent :, channel], self.info.sfreq, float(self._rest[channel]), levels)
