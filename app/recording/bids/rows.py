"""The samples of a session on one even grid of rows, read piece by piece.

One stream is its own grid: every row is a sample as it was recorded, and only the lines of the session need this
computer's time, for which the soonest packet of every 10 s is good enough. Several streams have clocks that drift apart
by tens of milliseconds in ten minutes, so all of them are resampled onto one grid of this computer's time; where each
sample stood tells the same clock fit (`dsp.clock`) that the session itself was judged by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from drivers.replay.formats.journal import Journal
from drivers.replay.formats.journal_timeline import BlockPlace
from drivers.types import Float32Array, StreamInfo
from dsp.clock import SampleClock
from dsp.resample import HALF, interpolate

Float64Array = npt.NDArray[np.float64]

ROWS_AT_ONCE: Final = 1 << 16
LONGEST_GAP_S: Final = 60.0
"""After so long without anything at all, another run begins."""
LEAST_RATE_S: Final = 5.0
"""A rate over less is not better than the one that was measured when the source was opened."""
SOONEST_NS: Final = 10 * 10**9
KNOT_NS: Final = 10**8


class Lane:
    """One stream: its rows with NaN where samples are missing, and the host time of each.

    Parameters
    ----------
    journal : Journal
    info : StreamInfo
        A stream that has samples.
    delay_ns : int
        How much later than the body its samples come.
    is_fitted : bool
        Whether the time of every sample is needed, or only that of a row within a few milliseconds.
    """

    def __init__(self, journal: Journal, info: StreamInfo, delay_ns: int, *, is_fitted: bool) -> None:
        self.info = info
        self._journal = journal
        places = journal.places(info.stream_id)
        timeline = journal.timelines[info.stream_id]
        self._n = np.array([place.n_samples for place in places])
        self._start = np.cumsum(np.array(timeline.gaps)) + np.concatenate([[0], np.cumsum(self._n)[:-1]])
        self.n_rows = timeline.n_rows
        self.first_ns = places[0].arrival_ns - delay_ns - round(places[0].n_samples * 1e9 / info.sfreq)
        self._times_ns, self._rows = (self._fitted if is_fitted else self._soonest)(places, delay_ns)

    def _fitted(self, places: Sequence[BlockPlace], delay_ns: int) -> tuple[Float64Array, Float64Array]:
        """Host time and row of the ends of blocks a tenth of a second apart, by the clock fit of each connection."""
        times, rows = [], []
        for _, connection in groupby(zip(places, self._start.tolist(), strict=True), key=lambda pair: pair[0].epoch):
            clock = SampleClock(self.info.sfreq, self.info.sfreq_known)
            blocks = list(connection)
            known_ns = None
            for place, start in blocks:
                clock.add(place.first_index, place.n_samples, place.arrival_ns - delay_ns)
                if known_ns is None:
                    times.append(clock.time_ns(place.first_index))
                    rows.append(start)
                if known_ns is None or place.arrival_ns - known_ns >= KNOT_NS or place is blocks[-1][0]:
                    known_ns = place.arrival_ns
                    times.append(clock.time_ns(place.first_index + place.n_samples))
                    rows.append(start + place.n_samples)
        return np.maximum.accumulate(np.array(times, np.float64)), np.array(rows, np.float64)

    def _soonest(self, places: Sequence[BlockPlace], delay_ns: int) -> tuple[Float64Array, Float64Array]:
        """Host time and row of the end of the soonest block of every 10 s of every connection."""
        arrivals_ns = np.array([place.arrival_ns for place in places], np.float64) - delay_ns
        ends = (self._start + self._n).astype(np.float64)
        late_ns = arrivals_ns - ends * 1e9 / self.info.sfreq
        epochs = np.array([place.epoch for place in places])
        stretch = np.cumsum(np.diff(epochs, prepend=epochs[0]) != 0) * 2**40 + (arrivals_ns // SOONEST_NS).astype(int)
        order = np.lexsort((late_ns, stretch))
        soonest = np.sort(order[np.unique(stretch[order], return_index=True)[1]])
        return np.maximum.accumulate(arrivals_ns[soonest]), ends[soonest]

    @property
    def sfreq(self) -> float:
        """Samples a second: what the device says of itself, else what it was on the whole."""
        seconds, n_rows = float(np.ptp(self._times_ns)) / 1e9, float(np.ptp(self._rows))
        return self.info.sfreq if self.info.sfreq_known or seconds < LEAST_RATE_S else n_rows / seconds

    @property
    def span_ns(self) -> tuple[float, float]:
        """Host time of its first row and of the end of its last one."""
        ends = self._rows[[0, -1]], self._times_ns[[0, -1]]
        beyond = (np.array([0, self.n_rows]) - ends[0]) * 1e9 / self.sfreq
        return float(ends[1][0] + beyond[0]), float(ends[1][1] + beyond[1])

    def row_at(self, host_ns: Float64Array) -> Float64Array:
        """The row, with its fraction, of each host time; beyond both ends the nominal rate goes on."""
        first_ns, last_ns = self._times_ns[[0, -1]]
        beyond_ns = np.minimum(host_ns - first_ns, 0.0) + np.maximum(host_ns - last_ns, 0.0)
        return np.asarray(np.interp(host_ns, self._times_ns, self._rows) + beyond_ns * self.sfreq / 1e9)

    def read(self, start: int, stop: int) -> Float32Array:
        """Rows ``start`` to ``stop``, also beyond the ends: shape (stop - start, n_channels), NaN where none is."""
        rows = np.full((stop - start, len(self.info.ch_names)), np.nan, np.float32)
        first = int(np.searchsorted(self._start + self._n, start, side="right"))
        last = int(np.searchsorted(self._start, stop, side="left"))
        if first < last:
            n = self._n[first:last]
            at = np.arange(n.sum()) + np.repeat(self._start[first:last] - start - (np.cumsum(n) - n), n)
            wanted = (at >= 0) & (at < len(rows))
            rows[at[wanted]] = self._journal.rows(self.info.stream_id, first, last)[wanted]
        return rows


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that are missing in some columns."""

    start: int
    stop: int
    columns: tuple[int, ...]


class Rows:
    """All channels of a session, streams one beside the other.

    Parameters
    ----------
    journal : Journal
        With samples in at least one stream.
    delays_ns : mapping of str to int
        As in `Lane`, by stream.

    Attributes
    ----------
    lanes : tuple of Lane
    sfreq : float
    n_rows : int
    n_columns : int
    """

    def __init__(self, journal: Journal, delays_ns: Mapping[str, int]) -> None:
        infos = [info for info in journal.streams if info.stream_id in journal.timelines]
        self.is_resampled = len(infos) > 1
        self.lanes = tuple(
            Lane(journal, info, delays_ns.get(info.stream_id, 0), is_fitted=self.is_resampled) for info in infos
        )
        self.n_columns = sum(len(lane.info.ch_names) for lane in self.lanes)
        if self.is_resampled:
            self.sfreq = max(lane.sfreq for lane in self.lanes)
            self._zero_ns = min(lane.span_ns[0] for lane in self.lanes)
            self.n_rows = round((max(lane.span_ns[1] for lane in self.lanes) - self._zero_ns) * self.sfreq / 1e9)
        else:
            self.sfreq, self.n_rows = self.lanes[0].sfreq, self.lanes[0].n_rows

    @property
    def session_zero_ns(self) -> int:
        """Host time from which the lines of the session count."""
        return min(lane.first_ns for lane in self.lanes)

    def row_at(self, t_s: float) -> float:
        """The row, with its fraction, of a time of the session's lines."""
        host_ns = np.array([self.session_zero_ns + t_s * 1e9])
        if self.is_resampled:
            return float((host_ns[0] - self._zero_ns) * self.sfreq / 1e9)
        return float(self.lanes[0].row_at(host_ns)[0])

    def read(self, start: int, stop: int) -> Float64Array:
        """Rows in the units of the streams, shape (stop - start, n_columns), NaN where nothing is."""
        if not self.is_resampled:
            return self.lanes[0].read(start, stop).astype(np.float64)
        host_ns: Float64Array = self._zero_ns + np.arange(start, stop, dtype=np.float64) * (1e9 / self.sfreq)
        return np.concatenate([self._resampled(lane, host_ns) for lane in self.lanes], axis=1)

    def pieces(self, start: int, stop: int) -> Iterator[tuple[int, Float64Array]]:
        """The rows ``start`` to ``stop`` in pieces, each with the number of its first."""
        for at in range(start, stop, ROWS_AT_ONCE):
            yield at, self.read(at, min(stop, at + ROWS_AT_ONCE))

    @staticmethod
    def _resampled(lane: Lane, host_ns: Float64Array) -> Float64Array:
        at = lane.row_at(host_ns)
        first = max(0, int(at[0])) - HALF
        last = min(lane.n_rows, int(at[-1]) + 1) + HALF
        samples = lane.read(first, max(first, last)).astype(np.float64)
        if np.isnan(samples).all():  # away, perhaps for hours
            return np.full((len(at), samples.shape[1]), np.nan)
        return interpolate(samples, at - first)


@dataclass(frozen=True, slots=True)
class Survey:
    """What had to be known of all rows before the first is written.

    Attributes
    ----------
    peaks : ndarray of float, shape (n_columns,)
        Largest magnitude of each column, in the unit of its stream; 0 for one without samples.
    gaps : tuple of Gap
        By their start.
    runs : tuple of (int, int)
        First and last row but one of every run.
    """

    peaks: Float64Array
    gaps: tuple[Gap, ...]
    runs: tuple[tuple[int, int], ...]


def survey(rows: Rows) -> Survey:
    """Go through all rows once."""
    peaks = np.zeros(rows.n_columns)
    missing = [_Spans() for _ in range(rows.n_columns)]
    empty = _Spans()
    for at, piece in rows.pieces(0, rows.n_rows):
        nothing = np.isnan(piece)
        np.maximum(peaks, np.where(nothing, 0.0, np.abs(piece)).max(axis=0), out=peaks)
        if nothing.any():
            for column, spans in enumerate(missing):
                spans.add(at, nothing[:, column])
            empty.add(at, np.asarray(nothing.all(axis=1)))
    together: dict[tuple[int, int], list[int]] = {}
    for column, spans in enumerate(missing):
        for span in spans.found:
            together.setdefault(span, []).append(column)
    gaps = tuple(Gap(start, stop, tuple(columns)) for (start, stop), columns in sorted(together.items()))
    return Survey(peaks, gaps, tuple(_between(empty.found, rows.n_rows, LONGEST_GAP_S * rows.sfreq)))


class _Spans:
    """Stretches in which something is so, gathered piece by piece."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int]] = []

    def add(self, at: int, so: npt.NDArray[np.bool_]) -> None:
        edges = np.flatnonzero(np.diff(so, prepend=False, append=False)) + at
        for start, stop in edges.reshape(-1, 2).tolist():
            if self.found and self.found[-1][1] == start:
                start = self.found.pop()[0]
            self.found.append((start, stop))


def _between(empty: list[tuple[int, int]], n_rows: int, longest: float) -> Iterator[tuple[int, int]]:
    """What lies between the stretches that are too long."""
    begin = 0
    for start, stop in empty:
        if stop - start > longest:
            if start > begin:
                yield begin, start
            begin = stop
    if begin < n_rows:
        yield begin, n_rows
