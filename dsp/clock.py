"""The time of a sample, from its index and from when its packets arrived.

Latency only ever adds: of all packets, those that came soonest tell the truth. So the clock of a device is the line
beneath the cloud of its arrival times, never the time of arrival itself.
"""

from typing import Final, NamedTuple, overload

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

REFIT_NS = 500_000_000
BIN_S = 1.0
SPAN_BINS = 60
SYNC_SPAN_S = 10.0
"""Seconds of packets before a clock can count as synced; a known rate is believed as it is until then."""
SYNCED_S = 0.010
"""Greatest disagreement of the soonest packets of a synced clock: radios with 30 to 45 ms intervals give 1 to 5 ms."""
SLEW_S = 1.0
"""Seconds over which a corrected clock moves to its new line: two refits, so that corrections never pile up."""
SLEW_MOST = 0.05
"""Greatest change of speed while it does: 5 % makes a 1 s squeeze 50 ms longer at worst, in the first seconds."""
TURN_PACKETS: Final = 1000
"""Packets of which the rhythm of the radio is read; 10 s at 100 packets a second."""
TURN_BINS: Final = 20
TURN_USUAL: Final = 0.9
"""Share of the packets that need no second try: retries and stalls wait longer than any turn."""
TURN_LONGEST: Final = 20
"""Packets that a radio sends in one turn, at most."""
TURN_SHARE: Final = 0.01
"""A bin with a smaller share of the packets holds chance alone."""
PIECES_KEPT = 240
"""Two minutes of past mapping; times are asked for within seconds."""


class _Second(NamedTuple):
    """The packets of one second: the soonest of them, and all together."""

    number: int
    end_s: float
    delay_s: float
    sum_delay_s: float
    n_packets: int


class SampleClock:
    """Map the sample indices of one epoch of one stream to host time.

    Every packet gives one point: the index after its last sample, and its arrival. The soonest point of each second
    is kept for 60 s, and twice a second of `arrival_ns` the line is fitted anew beneath them: the edge of their lower
    convex hull that lies under their middle (Moon, Skelly and Towsley 1999, "Estimation and removal of clock skew").
    Packets held up for seconds lie above it and change nothing. A radio that sends in turns lets even its soonest
    packet wait; how long on average is read off the waits of all (`_rung`) and taken off. The mapping is
    continuous, never runs backwards, and what it said of the past it goes on saying.

    Parameters
    ----------
    sfreq : float
        Sampling frequency in Hz.
    sfreq_known : bool
        True if `sfreq` is the crystal's own: the slope is nominal for 10 s and within 200 ppm after. False if it was
        measured: the slope is free after 2 s, within 5 %.
    """

    def __init__(self, sfreq: float, sfreq_known: bool = True) -> None:
        self._sfreq = sfreq
        self._most_skew = 200e-6 if sfreq_known else 0.05
        self._free_after_s = SYNC_SPAN_S if sfreq_known else 2.0
        self._origin_ns: int | None = None
        self._first_end = self._last_end = 0
        self._refit_number = 0
        self._skew = 0.0
        self._seconds: list[_Second] = []
        # The mapping, a row for each piece: first index, nanoseconds since the first arrival, nanoseconds a sample.
        self._pieces = np.empty((0, 3))
        self._packet_s = 0.0
        # End and delay of the last packets, in no order; a queue of pairs would take seven times as much room.
        self._recent = np.empty((2, TURN_PACKETS))
        self._n_packets = 0
        self._disagreement_s = float("inf")
        self.uncertainty_s = float("inf")
        """Half width of the 95 % interval of `time_ns`; infinite before the first fit."""

    @property
    def synced(self) -> bool:
        """True once 10 s of packets agree well enough for a verdict on left against right."""
        return self._span_s >= SYNC_SPAN_S and self._disagreement_s <= SYNCED_S

    @property
    def sync_in_s(self) -> float:
        """Seconds of packets that are still missing before the clock can be synced; 0 when there are enough."""
        return max(0.0, SYNC_SPAN_S - self._span_s)

    @property
    def _span_s(self) -> float:
        return (self._last_end - self._first_end) / self._sfreq

    def add(self, first_index: int, n: int, arrival_ns: int) -> None:
        """Take the arrival of one block.

        Parameters
        ----------
        first_index : int
            Index of its first sample in the epoch.
        n : int
            Samples in it. A block that brings no new sample, empty or repeated, says nothing.
        arrival_ns : int
            Host time at which it came, `time.perf_counter_ns`.
        """
        end = first_index + n
        if self._origin_ns is None:
            self._origin_ns = arrival_ns
            self._first_end = end
        elif end <= self._last_end:
            return
        self._last_end = end
        self._packet_s = max(self._packet_s, n / self._sfreq)
        since_ns = arrival_ns - self._origin_ns
        end_s = end / self._sfreq
        self._keep(int(since_ns * 1e-9 // BIN_S), end_s, since_ns * 1e-9 - end_s)
        if since_ns // REFIT_NS != self._refit_number or not len(self._pieces):
            self._refit_number = since_ns // REFIT_NS
            self._refit(end)

    def stage(self, end: int, arrival_ns: int) -> tuple[int, bool]:
        """Tell two packets apart between which the clock is fitted anew, or has enough to be synced.

        Parameters
        ----------
        end : int
            Index after the packet's last sample, in the epoch.
        arrival_ns : int

        Returns
        -------
        tuple
            As long as it is the same, further packets change nothing that the clock says of times up to them, and
            nothing that it says of itself.
        """
        if self._origin_ns is None:
            return -1, False
        return (arrival_ns - self._origin_ns) // REFIT_NS, (end - self._first_end) / self._sfreq >= SYNC_SPAN_S

    def _keep(self, number: int, end_s: float, delay_s: float) -> None:
        place = self._n_packets % TURN_PACKETS
        self._recent[0, place], self._recent[1, place] = end_s, delay_s
        self._n_packets += 1
        if not self._seconds or self._seconds[-1].number != number:
            self._seconds = [*self._seconds[1 - SPAN_BINS :], _Second(number, end_s, delay_s, delay_s, 1)]
            return
        last = self._seconds[-1]
        # Soonest with respect to the line, not to the nominal rate: a wrong rate would always pick one end of a second.
        sooner = delay_s - self._skew * end_s < last.delay_s - self._skew * last.end_s
        self._seconds[-1] = _Second(
            number,
            end_s if sooner else last.end_s,
            delay_s if sooner else last.delay_s,
            last.sum_delay_s + delay_s,
            last.n_packets + 1,
        )

    def _refit(self, end: int) -> None:
        end_s = np.array([second.end_s for second in self._seconds])
        delay_s = np.array([second.delay_s for second in self._seconds])
        self._skew = 0.0
        if self._span_s >= self._free_after_s and len(end_s) > 1:
            self._skew = float(np.clip(_lower_slope(end_s, delay_s), -self._most_skew, self._most_skew))
        above = delay_s - self._skew * end_s
        offset_s = float(above.min())
        above -= offset_s
        recent_end_s, recent_delay_s = self._recent[:, : self._n_packets]
        rung_s = _rung(recent_delay_s - self._skew * recent_end_s - offset_s, self._packet_s)
        # What the soonest packets differ by was seen of the rung; the rest of it may lie below them all. A quarter of
        # the seconds have no punctual packet, only retried ones.
        unseen_s = max(0.0, rung_s - float(np.quantile(above, 0.75))) / 2
        self._disagreement_s = max(0.0, float(np.median(above)) - rung_s)
        # Without turns the waits are the jitter of punctual packets.
        waits = np.array([second.sum_delay_s / second.n_packets for second in self._seconds]) - delay_s
        jitter_s = min(float(np.median(waits)), self._packet_s / 2)
        # Two even chances of +-a have a difference within hypot(1.1 a, 1.1 a) in 95 % of cases.
        self.uncertainty_s = self._disagreement_s + (1.1 * rung_s / 2 or jitter_s)
        offset_s -= unseen_s

        slope = (1.0 + self._skew) * 1e9 / self._sfreq
        self._slew(end, (end / self._sfreq * (1.0 + self._skew) + offset_s) * 1e9, slope)

    def _slew(self, end: int, line_ns: float, slope: float) -> None:
        if not len(self._pieces):  # nothing was ever said that must go on to hold
            self._pieces = np.array([[end, line_ns, slope]])
            return
        now_ns = float(self._at(np.array(float(end))))
        n_slew = max(SLEW_S, abs(now_ns - line_ns) * 1e-9 / SLEW_MOST) * self._sfreq
        there_ns = line_ns + n_slew * slope
        past = self._pieces[self._pieces[:, 0] < end][-PIECES_KEPT:]
        self._pieces = np.vstack([past, [end, now_ns, (there_ns - now_ns) / n_slew], [end + n_slew, there_ns, slope]])

    def _at(self, index: FloatArray) -> FloatArray:
        starts, ns, slopes = self._pieces.T
        piece = np.maximum(np.searchsorted(starts, index, side="right") - 1, 0)
        return np.asarray(ns[piece] + slopes[piece] * (index - starts[piece]), np.float64)

    @overload
    def time_ns(self, index: int) -> int: ...
    @overload
    def time_ns(self, index: npt.NDArray[np.integer]) -> IntArray: ...
    def time_ns(self, index: int | npt.NDArray[np.integer]) -> int | IntArray:
        """Host time at which a sample began.

        Parameters
        ----------
        index : int or ndarray of int
            Sample index in the epoch; future samples and those before the first block are extrapolated.

        Returns
        -------
        int or ndarray of int64, shape of `index`
            Nanoseconds of `time.perf_counter_ns`.

        Raises
        ------
        ValueError
            If no block has arrived yet.
        """
        if self._origin_ns is None:
            raise ValueError("a clock without a single arrival knows no time")
        ns = np.rint(self._at(np.asarray(index, np.float64))).astype(np.int64) + self._origin_ns
        return ns if isinstance(index, np.ndarray) else int(ns)


def _lower_slope(x: FloatArray, y: FloatArray) -> float:
    """Slope of the lower convex hull's edge under the mean of `x`, which rises and holds two values at least."""
    hull: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(hull) >= 2 and _turns_up(hull[-2], hull[-1], point) <= 0.0:
            hull.pop()
        hull.append(point)
    middle = float(x.mean())
    right = min(max(1, sum(px < middle for px, _ in hull)), len(hull) - 1)
    (x0, y0), (x1, y1) = hull[right - 1], hull[right]
    return (y1 - y0) / (x1 - x0)


def _turns_up(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _rung(waits_s: FloatArray, packet_s: float) -> float:
    """Distance in seconds between the waits of packets that a radio sends in turns; 0 where there are no turns.

    A radio that listens every T seconds for packets made every p makes them wait d, d + g, d + 2g ... with
    g = gcd(T, p) where both keep step, which two crystals do for minutes. Then d, anywhere in [0, g), is never seen;
    but g is, as the distance between the rungs on which the waits lie, and g / 2 is the best guess of d.
    Packets on one rung alone are taken for punctual, as over a wire: a radio in step with every packet looks the same.

    Parameters
    ----------
    waits_s : ndarray of float, shape (n_packets,)
        How much later than the soonest each packet came.
    packet_s : float
        Length of a packet in seconds, p.
    """
    width_s = packet_s / TURN_BINS
    usual = waits_s[waits_s <= min(np.quantile(waits_s, TURN_USUAL), TURN_LONGEST * packet_s)]
    bins = np.rint(np.maximum(usual, 0.0) / width_s).astype(np.intp)
    taken = np.flatnonzero(np.bincount(bins) > TURN_SHARE * len(waits_s))
    if len(taken) < 2:
        return 0.0
    rungs = [float(rung.mean()) for rung in np.split(taken, np.flatnonzero(np.diff(taken) > 1) + 1)]
    return float(np.median(np.diff(rungs))) * width_s if len(rungs) > 1 else 0.0
