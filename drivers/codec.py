"""What every wire protocol is to the rest of the house: bytes in, numbered samples out. Pure.

A codec does no I/O and knows no clock: the same code eats a port, a radio, a recorded file and a fuzzer's noise.
"""

import math
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from drivers.types import Float32Array

_USUALLY_LATE_S = 0.15
"""What a radio that is well is late at most: retries, and the packets that wait behind them."""
_SEEMS_EARLY_S = 0.1
"""What a packet may seem early, as the one before it was late."""
_RATE_ERROR = 0.03
"""Largest share by which a nominal rate is wrong."""
_BIN_S = 0.25
_BINS_KEPT = 80
_BINS_TO_BE_SURE = 4
_SPAN_S = 3.0
"""Seconds of arrivals that tell the rate."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples that one call of `Codec.feed` completed.

    Attributes
    ----------
    samples : ndarray of float32, shape (n_samples, n_channels)
        In the unit of the stream; finite, except NaN for samples that the device itself marks as missing.
    first_index : int
        Number of ``samples[0]`` since the last `Codec.restart`, lost samples counted and counter wraps undone.
    arrival_ns : int
        As given to `Codec.feed`.
    n_lost : int
        Samples missing directly before this chunk.
    unit : str
        Which unit sent it, where several share one link (a USB base); empty otherwise.
    """

    samples: Float32Array
    first_index: int
    arrival_ns: int
    n_lost: int = 0
    unit: str = ""


class Codec(Protocol):
    """Decoder of one link.

    Whatever the bytes are, `feed` never raises, never emits a sample that was not sent, and never a chunk of another
    width than the frames it came from. A damaged frame is dropped and counted; after it, decoding finds its way back
    by advancing one byte at a time.
    """

    n_damaged: int
    """Frames, lines or packets that were dropped because they were broken; not the same as samples lost."""

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere, with the time at which they came (``time.perf_counter_ns``)."""

    def restart(self) -> None:
        """Begin anew after a (re)connection: what was begun is dropped, the next sample has index 0."""


class Unwrapper:
    """Turns a device counter of few bits into a count that never wraps.

    A counter alone tells a gap up to whole turns; the host's clock tells the turns (the makers' own advice, e.g.
    OpenBCI_Cyton_Library issue 110). But arrival is late rather than early, so time that passed proves nothing yet:

    * A counter that simply continues after a pause was held back somewhere; nothing is lost.
    * A counter that jumps after a pause has lost samples, and at least the turns that the pause has room for if it is
      late by almost a turn (by `_USUALLY_LATE_S`, where a turn is shorter).
    * Turns missed by these two rules show by themselves: from then on everything is late by them, measured against the
      lower envelope of the lateness before. Once that has been steady for a second they are added to the next step.

    The rate is measured along the way, so a device clock that runs 2 % off is not taken for loss.

    Where it cannot know, and errs towards too few turns: in the first three seconds, for turns shorter than the doubt
    about the rate (3 % of the time since the first sample); where the delay of the link does not come within a quarter
    turn of its shortest once a second (4 bits at 1000 Hz turn in 16 ms: no jitter on every packet); and after pauses so
    long that the measured rate is off by half a turn. A link that becomes slower for good by more than half a turn
    looks like loss, and so does a pause whose end was held back after its beginning was lost: there it counts too many.

    Parameters
    ----------
    modulus : int
        Number of different counter values, e.g. 256.
    per_second : float
        Counts a second, nominal; true to 3 %.
    stride : int
        Counts from one call to the next where nothing is missing.
    """

    def __init__(self, modulus: int, per_second: float, stride: int = 1) -> None:
        self._modulus = modulus
        self._per_second = per_second
        self._stride = stride
        self._counter: int | None = None
        self._arrival_ns = 0
        self._total = 0
        self._began_ns = 0
        self._lateness = _Lateness(modulus / per_second)

    def restart(self) -> None:
        """Forget the last counter: whatever comes next follows without loss."""
        self._counter = None

    def step(self, counter: int, arrival_ns: int) -> int:
        """Tell how many counts lie between the last counter and this one.

        Parameters
        ----------
        counter : int
            In ``[0, modulus)``.
        arrival_ns : int
            When it came; equal to that of the last one where both came in one packet.

        Returns
        -------
        int
            `stride` where nothing is missing, which the first counter after a restart is held to; 0 for a repetition;
            more after a loss, or for turns that were missed before.
        """
        before, passed_s = self._counter, (arrival_ns - self._arrival_ns) * 1e-9
        self._counter, self._arrival_ns = counter, arrival_ns
        if before is None:
            self._total, self._began_ns = 0, arrival_ns
            self._lateness = _Lateness(self._modulus / self._per_second)
            return self._stride
        counts = (counter - before) % self._modulus
        if counts == 0:
            if passed_s < self._modulus / self._per_second / 2:
                return 0
            counts = self._modulus  # what is given twice comes at once; this one is a turn later
        if counts != self._stride:
            counts += self._modulus * self._turns(counts, passed_s)
        now_s = (arrival_ns - self._began_ns) * 1e-9
        late_s = now_s - (self._total + counts) / self._per_second
        counts += self._modulus * self._lateness.missed_turns(now_s, late_s)
        self._total += counts
        return counts

    def _turns(self, counts: int, passed_s: float) -> int:
        """Fewest turns that a jump of so many counts leaves room for."""
        turn_s = self._modulus / self._per_second
        device_s = passed_s * (1.0 - self._lateness.slope)
        room_s = device_s - counts / self._per_second - max(_USUALLY_LATE_S, turn_s - _SEEMS_EARLY_S)
        return max(0, math.ceil(room_s / turn_s))


class _Lateness:
    """How late samples arrive against their own numbers, and whether that has risen for good by whole turns.

    Kept is the earliest arrival of every `_BIN_S`; these draw the lower envelope, whose slope is the error of the
    nominal rate. Arrivals above it wait until it is certain what they are.

    Parameters
    ----------
    turn_s : float
        Duration of one turn of the counter in seconds.
    """

    def __init__(self, turn_s: float) -> None:
        self.slope = 0.0
        """Seconds by which samples arrive later every second: by this share the nominal rate is too high."""
        self._turn_s = turn_s
        self._steady_s = min(turn_s / 4, 0.05)
        self._is_measured = False
        self._known: deque[tuple[float, float]] = deque(maxlen=_BINS_KEPT)
        self._waiting: list[tuple[float, float]] = []
        self._bin = 0
        self._base_s = 0.0
        self._earliest: tuple[float, float] | None = None

    def missed_turns(self, now_s: float, late_s: float) -> int:
        """Take the lateness of the next sample, and tell how many turns are certain to be missing before it.

        Parameters
        ----------
        now_s : float
            Arrival in seconds since the first sample.
        late_s : float
            How much later that is than the number of the sample at the nominal rate.
        """
        bin_ = int(now_s / _BIN_S)
        if self._earliest is not None and bin_ == self._bin:
            self._earliest = min(self._earliest, (now_s, late_s), key=lambda arrival: arrival[1])
            return 0
        turns = self._judge(self._earliest) if self._earliest is not None else 0
        self._bin, self._earliest = bin_, (now_s, late_s - turns * self._turn_s)
        return turns

    def _judge(self, earliest: tuple[float, float]) -> int:
        near_s = self._steady_s + (0.0 if self._is_measured else self._doubt(earliest))
        if not self._known or self._above(earliest) < near_s:
            self._waiting.clear()  # held back, but here again: nothing is missing
            self._learn([earliest])
            return 0
        self._waiting.append(earliest)
        for n_bins in (_BINS_TO_BE_SURE, 2 * _BINS_TO_BE_SURE):
            newest = self._waiting[-n_bins:]
            above = [self._above(arrival) for arrival in newest]
            half = n_bins // 2
            if len(newest) < n_bins or abs(min(above[:half]) - min(above[half:])) > self._steady_s:
                continue  # too early, or a backlog that shrinks
            allowed_s = self._usually_above(n_bins) + self._doubt(newest[0]) + self._turn_s / 4
            turns = max(0, math.ceil((min(above) - allowed_s) / self._turn_s))
            self._learn([(now_s, late_s - turns * self._turn_s) for now_s, late_s in newest])
            self._waiting.clear()
            return turns
        del self._waiting[:-_BINS_KEPT]
        return 0

    def _above(self, arrival: tuple[float, float]) -> float:
        """Seconds above the lower envelope."""
        now_s, late_s = arrival
        return late_s - self.slope * now_s - self._base_s

    def _usually_above(self, n_bins: int) -> float:
        """How far above the envelope the earliest arrival of so many bins has been at most."""
        above = [self._above(arrival) for arrival in self._known]
        return max(min(above[i : i + n_bins]) for i in range(max(1, len(above) - n_bins + 1)))

    def _doubt(self, arrival: tuple[float, float]) -> float:
        """How far the envelope may be wrong at a time because its slope is."""
        if not self._known:
            return 0.0
        began_s, ended_s = self._known[0][0], self._known[-1][0]
        slope = self._usually_above(_BINS_TO_BE_SURE) / (ended_s - began_s) if self._is_measured else _RATE_ERROR
        return slope * (arrival[0] - began_s)

    def _learn(self, arrivals: list[tuple[float, float]]) -> None:
        self._known.extend(arrivals)
        now_s, late_s = np.array(self._known).T
        if len(now_s) * _BIN_S >= _SPAN_S:
            half = len(now_s) // 2
            slopes = (late_s[half:] - late_s[:-half]) / (now_s[half:] - now_s[:-half])
            self.slope = float(np.clip(np.median(slopes), -_RATE_ERROR, _RATE_ERROR))  # few late bins do not count
            self._is_measured = True
        self._base_s = float((late_s - self.slope * now_s).min())
