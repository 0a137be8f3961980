"""The signal chain of one stream: blocks in, hops out.

Gaps are filled with NaN so that the time axis is kept; a new epoch starts a new clock and a new filter. Whatever
the size of the blocks, the same samples give the same hops.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.types import SampleBlock, StreamInfo
from dsp.bayes import FrameBayes
from dsp.clock import SampleClock
from dsp.envelope import HopEnergy, MovingRmsOfWindows, hop_samples
from dsp.filters import Prime, emg_stream_filter, notched_filter
from dsp.onset import BACK_DATE_S, Decisions, DetectorParameters, HopDetector, back_date
from dsp.quality import ChannelQuality, MainsWatch, QualityWindow
from dsp.rest import QuietRest

Float64Array = npt.NDArray[np.float64]

LEVEL_S: Final = 0.100
HISTORY_S: Final = 1.0
REST_MOVES: Final = 1.25
"""Smaller moves of the rest level are within its own error: the ramps of squeezes, too weak to be seen, lift it by
6-8 % (measured on the simulator), which would shift lags by 10 ms."""
MAX_FILL_S: Final = 30.0
"""A longer gap is not filled sample by sample: nothing is known of it but its length."""


@dataclass(frozen=True, slots=True)
class Hops:
    """The hops that one block completed, of a stream's mapped channels; NaN where there is no signal.

    Attributes
    ----------
    end_index : ndarray of int, shape (n_hops,)
        Index, within the epoch, one past the last sample of each hop.
    rows : ndarray of float, shape (n_hops, N_ROWS, n_mapped)
        `ENERGY`, `LEVEL`, `BAR`, `LOW`, `HIGH`: mean square, RMS of 100 ms, what the bar shows, least and greatest
        band-passed sample. Everything is judged by `LEVEL`; `BAR` is for the eye and the ear alone.
    rms_on, rms_off : ndarray of float, shape (n_hops, n_mapped)
        What the detector looks at.
    """

    end_index: npt.NDArray[np.int64]
    rows: Float64Array
    rms_on: Float64Array
    rms_off: Float64Array

    def __len__(self) -> int:
        return len(self.end_index)


ENERGY: Final = 0
LEVEL: Final = 1
BAR: Final = 2
LOW: Final = 3
HIGH: Final = 4
N_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class Decided:
    """An onset or offset: decided with hop `hop`, it lies at sample `index` of the epoch."""

    hop: int
    channel: int
    rises: bool
    index: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Samples that never came: within an epoch [first_index, first_index + n_samples)."""

    first_index: int
    n_samples: int


@dataclass(slots=True)
class Bars:
    """How the bars are drawn; one for all sessions, changed at any time from any thread. The picture alone.

    Attributes
    ----------
    plain : bool
        By RMS of 100 ms; else by Frame-Bayes, which is quicker up and steadier (docs/pareto-envelope.svg).
    """

    plain: bool = False


class StreamChain:
    """Filter, envelope and onset detector of one epoch of one stream.

    Parameters
    ----------
    info : StreamInfo
    columns : sequence of int
        The stream's columns that lie on sites, in the order of the results.
    prime : {'mute', 'steady'}
    pair : tuple of (int, int) or None
        The places of left and right among `columns`, if both are there.
    draws : Bars or None
        How `BAR` is drawn; None where nobody looks at it, and it is the same as `LEVEL`.
    """

    def __init__(
        self,
        info: StreamInfo,
        columns: tuple[int, ...],
        *,
        prime: Prime,
        pair: tuple[int, int] | None = None,
        draws: Bars | None = None,
    ) -> None:
        self.info = info
        # A slice is several times cheaper to take than a list of the same columns.
        in_a_row = list(columns) == list(range(columns[0], columns[0] + len(columns)))
        self._columns = slice(columns[0], columns[0] + len(columns)) if in_a_row else list(columns)
        n = len(columns)
        self.hop = hop_samples(info.sfreq)
        hop_s = self.hop / info.sfreq
        self.parameters = DetectorParameters.for_onsets(info.sfreq)
        self._filter = emg_stream_filter(info.sfreq, n, prime=prime) if info.kind == "raw" else None
        self._hops = HopEnergy(self.hop, n)
        windows = (LEVEL_S, self.parameters.rms_on_s, self.parameters.rms_off_s)
        self._n_level, self._n_on, self._n_off = (max(1, round(seconds / hop_s)) for seconds in windows)
        # Quicker up and steadier than RMS 100 on every count (docs/pareto-envelope.svg), so it is the bar.
        self._bar = FrameBayes(hop_s, n) if draws is not None and info.kind == "raw" else None
        self._draws = draws
        self._windows = sorted({self._n_level, self._n_on, self._n_off})
        self._rms = MovingRmsOfWindows(self._windows, n)
        self.detector = HopDetector(n, hop_s, self.parameters)
        self.clock = SampleClock(info.sfreq, info.sfreq_known)
        self.quality: list[tuple[int, ChannelQuality]] = []
        """Contact of each complete step, with the index at which it ended; whoever reads them takes them out."""
        self._quality = QualityWindow(info.sfreq, n, info.full_scale, pair)
        self._n_quality = 0
        self._mains = MainsWatch(n)
        self._raw = np.empty((0, n))
        self._next_index: int | None = None
        self._hop_end = 0
        self._y = np.empty((0, n))
        self._y_end = 0
        self._n_recent = round(BACK_DATE_S[1] * info.sfreq) + self.hop
        self._levels = np.empty((0, n))
        self._n_history = max(1, round(HISTORY_S / hop_s))
        self.rest = self._reference = np.full(n, np.nan)
        """Rest level in force, shape (n_mapped,)."""
        self._quiet: QuietRest | None = None

    @property
    def notch_hz(self) -> float | None:
        """The mains frequency that is taken out, once hum was measured."""
        return self._mains.mains_hz if self._filter is not None else None

    def set_levels(self, rest: Float64Array, reference: Float64Array, *, follow_rest: bool) -> None:
        """Set rest and reference of the mapped channels from the next hop on.

        Parameters
        ----------
        rest, reference : ndarray of float, shape (n_mapped,)
        follow_rest : bool
            Whether the detector's rest level then follows the noise of the pads, which changes while they warm up. It
            does so slowly and in rest alone (`dsp.rest.QuietRest`); what is scored stays on the rest given here.
        """
        self.rest, self._reference = rest, reference
        self._quiet = QuietRest(len(rest), self.hop / self.info.sfreq, level=rest) if follow_rest else None
        self.detector.set_levels(rest, reference)

    def missing_before(self, block: SampleBlock) -> Missing | None:
        """Samples that are missing between the last block and this one."""
        if self._next_index is None or block.first_index <= self._next_index:
            return None
        return Missing(self._next_index, block.first_index - self._next_index)

    def stage(self, end: int, arrival_ns: int) -> tuple[int, bool, int]:
        """Tell blocks apart between which the clock or the contact is looked at; see `SampleClock.stage`."""
        hop_end = end - (end - self._hop_end) % self.hop
        return *self.clock.stage(end, arrival_ns), (hop_end - self._n_quality) // self._quality.step

    def push(self, block: SampleBlock, *following: SampleBlock) -> Hops:
        """Take the next block of this epoch, and any that follow without a gap.

        A block that overlaps what has been seen is cut.
        """
        samples = block.samples[:, self._columns].astype(np.float64)
        if self._next_index is None:
            self._next_index = self._hop_end = self._y_end = self._n_quality = block.first_index
        gap = block.first_index - self._next_index
        if gap < 0:
            samples = samples[-gap:]
        self.clock.add(block.first_index, block.n_samples, block.arrival_ns)
        if gap > 0:
            skipped = max(0, gap - round(MAX_FILL_S * self.info.sfreq)) // self.hop * self.hop
            self._hop_end += skipped
            self._y_end += skipped
            self._n_quality += skipped
            samples = np.concatenate([np.full((gap - skipped, samples.shape[1]), np.nan), samples])
        self._next_index = max(self._next_index, block.first_index + block.n_samples)
        if following:
            for one in following:
                self.clock.add(one.first_index, one.n_samples, one.arrival_ns)
            samples = np.concatenate([samples, *(one.samples[:, self._columns] for one in following)])
            self._next_index += sum(one.n_samples for one in following)
        return self._process(samples)

    def flush(self) -> Hops:
        """Let go what a steady start still holds back at the end of a very short source."""
        if self._filter is None:
            return self._measure(self._raw, np.isfinite(self._raw))
        y, valid = self._filter.flush()
        self._look_at_contact(y)
        return self._measure(y, valid)

    def _process(self, samples: Float64Array) -> Hops:
        if self._filter is None:
            valid = np.isfinite(samples)
            y = np.where(valid, samples, np.nan)
            self._raw = samples
            self._look_at_contact(y)
            return self._measure(y, valid)
        filtered: list[tuple[Float64Array, npt.NDArray[np.bool_]]] = []
        while len(samples) or not filtered:
            # Hum is judged where a step of quality ends, and the filter changes there and nowhere else: what comes out
            # does not depend on the size of the blocks.
            room = self._quality.room
            part, samples = samples[:room], samples[room:]
            # A steady start holds samples back; the raw ones wait with them, since quality looks at both together.
            self._raw = np.concatenate([self._raw, part]) if len(self._raw) else part
            filtered.append(self._filter.process(part))
            if self._look_at_contact(filtered[-1][0]) and self.notch_hz is not None:
                self._filter = notched_filter(self.info.sfreq, self._quality.recent, self.notch_hz)
        if len(filtered) == 1:
            return self._measure(*filtered[0])
        return self._measure(np.concatenate([y for y, _ in filtered]), np.concatenate([valid for _, valid in filtered]))

    def _look_at_contact(self, y: Float64Array) -> bool:
        """Measure the contact of raw samples together with what became of them; True if hum was found just now."""
        raw, self._raw = self._raw[: len(y)], self._raw[len(y) :]
        found = False
        for quality in self._quality.process(raw, y):
            self._n_quality += self._quality.step
            self.quality.append((self._n_quality, quality))
            found |= self._mains.update(quality)
        return found

    def _measure(self, y: Float64Array, valid: npt.NDArray[np.bool_]) -> Hops:
        self._y = np.concatenate([self._y[-self._n_recent :], y if valid.all() else np.where(valid, y, np.nan)])
        self._y_end += len(y)
        hops = self._hops.process(y, valid)
        rms = dict(zip(self._windows, self._rms.process(hops.energy), strict=True))
        level = rms[self._n_level]
        self._levels = np.concatenate([self._levels[-self._n_history :], level])
        ends = self._hop_end + self.hop * np.arange(1, len(level) + 1)
        self._hop_end += self.hop * len(level)
        bar = level
        if self._bar is not None and self._draws is not None and not self._draws.plain:
            bar = self._bar.process(hops.energy)
        rows = np.empty((len(level), N_ROWS, level.shape[1]))
        rows[:, ENERGY], rows[:, LEVEL], rows[:, BAR], rows[:, LOW], rows[:, HIGH] = (
            hops.energy,
            level,
            bar,
            hops.low,
            hops.high,
        )
        return Hops(
            ends,
            rows,
            rms[self._n_on],
            rms[self._n_off],
        )

    def detect(self, hops: Hops, first: int, end: int) -> list[Decided]:
        """Onsets and offsets that hops [first, end) of the newest block decide; call with rising numbers, once each."""
        if self._quiet is None:
            return self._decide(hops, first, self.detector.process(hops.rms_on[first:end], hops.rms_off[first:end]))
        decided: list[Decided] = []
        while first < end:
            n_to_go = self._quiet.n_to_go
            stop = min(end, first + n_to_go)
            decisions = self.detector.process(hops.rms_on[first:stop], hops.rms_off[first:stop])
            decided += self._decide(hops, first, decisions)
            rest = self._quiet.process(hops.rows[first:stop, LEVEL], decisions.active)
            if stop - first == n_to_go:  # it moves with the last of its hops alone
                self._follow_rest(rest[-1])
            first = stop
        return decided

    def _follow_rest(self, rest: Float64Array) -> None:
        moved = (rest > REST_MOVES * self.rest) | (rest * REST_MOVES < self.rest)
        if moved.any():
            self.rest = np.where(moved, rest, self.rest)
            self.detector.set_levels(self.rest, self._reference)

    def _decide(self, hops: Hops, first: int, decisions: Decisions) -> list[Decided]:
        """Place what the detector decided from hop `first` on."""
        if not (decisions.went_on.any() or decisions.went_off.any()):
            return []
        decided: list[Decided] = []
        off_lag = round(self.parameters.off_lag_s * self.info.sfreq)
        for row, channel in np.argwhere(decisions.went_on | decisions.went_off).tolist():
            hop = first + row
            at = int(hops.end_index[hop])
            if decisions.went_on[row, channel]:
                decided.append(Decided(hop, channel, True, at - self._back_date(hops, hop, channel)))
            if decisions.went_off[row, channel]:
                decided.append(Decided(hop, channel, False, at - (0 if decisions.cut[row, channel] else off_lag)))
        return decided

    def _back_date(self, hops: Hops, hop: int, channel: int) -> int:
        """Samples from the onset to the end of the hop that decided it."""
        if self.info.kind != "raw":
            return round(self.parameters.on_s * self.info.sfreq)
        upto = len(self._y) - (self._y_end - int(hops.end_index[hop]))
        history = len(self._levels) - len(hops) + hop + 1
        return back_date(
            self._y[max(0, upto - self._n_recent) : upto, channel],
            self.info.sfreq,
            float(self.rest[channel]),
            self._levels[max(0, history - self._n_history) : history, channel],
        )
