"""When the muscles of one effort really began, once it is over: the start of the rise, not the moment of detection.

A detector that decides live sees a slow rise late, and a weak side later than a strong one, by 20 to 80 ms: enough to
call the wrong side late. Here the whole rise is in view, and how high it leads; what is left is a few milliseconds.
Works on hop energies, so it costs next to nothing.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RAMPS_S: Final = (0.0, 0.04, 0.08, 0.12, 0.16, 0.20, 0.25, 0.30, 0.40)
"""Lengths of a rise that are told apart; a start at once is the first of them."""
RAMP_PRIOR: Final = (4.0, *[1.0] * (len(RAMPS_S) - 1))
"""At 12 dB an abrupt start looks much like a short rise: with equal odds it is placed 10 ms early, with these 6."""
INDEPENDENT_HZ: Final = 300.0
"""Independent squares in a second of band-passed rest and muscle together, as in `dsp.offline`."""
BEFORE_S: Final = 0.45
AFTER_S: Final = 0.50
"""The window of a start: from so long before the first muscle's causal onset to so long after its own."""
TOP_S: Final = (0.35, 0.25)
"""What is left out of the level of an effort at its start and end."""
LEAST_TOP_S: Final = 0.05
QUIET_S: Final = 1.0
LEVEL_S: Final = 0.10
TAIL: Final = 4.0
"""So many times the quiet energy within `LEVEL_S`, and quiet again after it, is the tail of what was before."""
_LEAST_GAIN: Final = 1.05


def place_starts(
    energy: FloatArray, hop_s: float, found_s: Sequence[float], end_s: Sequence[float], rest: Sequence[float]
) -> list[float]:
    """Place the starts of muscles that rise together.

    Every hop's energy is that of rest before a start, grows with the square of a linearly rising amplitude, and is
    that of the effort from there on. The likelihood of all starts and all lengths of rise is that of a variance
    (Staude 2001, who has the step); the length is one and the same for all muscles given, since one command makes
    them rise. Each start is the mean of what remains possible. Of simulated rises of 80 to 300 ms the starts err by
    9 ms on average where the detector's onsets err by 45, and the lag of a set by 3 ms (SD) instead of 13.

    Parameters
    ----------
    energy : ndarray of float64, shape (n_hops, n_muscles)
        Mean squares from `dsp.envelope.HopEnergy`, from 1 s before the first onset where there is as much.
    hop_s : float
        Length of a hop in seconds.
    found_s, end_s : sequence of float, shape (n_muscles,)
        Onset and offset as the detector found them, in seconds from the start of the first hop.
    rest : sequence of float, shape (n_muscles,)
        RMS at rest, NaN if unknown.

    Returns
    -------
    list of float
        Start of each muscle in seconds from the start of the first hop; the onset found where too little of the
        effort or nothing before it is known.
    """
    # A weak side is found long after it began to rise; it may have begun as early as any other.
    first_s = min(found_s, default=0.0)
    windows = [
        _Window.cut(np.asarray(column, np.float64), hop_s, first_s, *edges)
        for column, *edges in zip(energy.T, found_s, end_s, rest, strict=True)
    ]
    likelihoods = [None if window is None else window.likelihoods(hop_s) for window in windows]
    of_ramp = np.log(RAMP_PRIOR)
    for likelihood in likelihoods:
        if likelihood is not None:
            of_ramp += np.logaddexp.reduce(likelihood, axis=1)
    fits = np.isfinite(of_ramp)
    ramp = np.exp(of_ramp[fits] - of_ramp.max())
    starts = []
    for found, window, likelihood in zip(found_s, windows, likelihoods, strict=True):
        if window is None or likelihood is None:
            starts.append(float(found))
            continue
        likelihood = likelihood[fits]
        share = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
        mean = share @ np.arange(share.shape[1]) / share.sum(axis=1)
        starts.append(float((window.first + ramp @ mean / ramp.sum()) * hop_s))
    return starts


class _Window:
    """The hops around one start, and the energies before and after it."""

    def __init__(self, first: int, energy: FloatArray, low: float, high: float) -> None:
        self.first = first
        self.energy = energy
        self.low = low
        self.high = high

    @classmethod
    def cut(
        cls, energy: FloatArray, hop_s: float, first_s: float, found_s: float, end_s: float, rest: float
    ) -> "_Window | None":
        """Cut it out; None where too little is known."""
        earliest, found, end = (round(at_s / hop_s) for at_s in (first_s, found_s, end_s))
        n = round(LEVEL_S / hop_s)
        first, last = max(0, earliest - round(BEFORE_S / hop_s)), min(found + round(AFTER_S / hop_s), end, len(energy))
        top = energy[found + round(TOP_S[0] / hop_s) : end - round(TOP_S[1] / hop_s)]
        if len(top) * hop_s < LEAST_TOP_S:
            top = energy[(found + end) // 2 : end]
        before = energy[max(0, earliest - round(QUIET_S / hop_s)) : earliest]
        high = float(top.mean()) if len(top) else np.nan
        if len(before) < n or not np.isfinite(high) or not np.isfinite(energy[first:last]).all():
            return None
        levels = np.convolve(before, np.full(n, 1.0 / n), "valid")
        levels = levels[np.isfinite(levels)]
        recent = float(np.percentile(levels, 20)) if len(levels) else 0.0
        # No rest is 120 dB below what comes after it: a level of zero is one that was not seen.
        peak = float(energy[first:last].max(initial=high))
        low = max(recent, 0.0 if np.isnan(rest) else rest * rest, peak * 1e-12, float(np.finfo(np.float64).tiny))
        if earliest - first >= n:
            busy = np.convolve(energy[first:earliest], np.full(n, 1.0 / n), "valid") > TAIL * low
            quiet_at = np.flatnonzero(~busy)
            tail = np.flatnonzero(busy[: quiet_at[-1]]) if len(quiet_at) else quiet_at
            first += int(tail[-1]) + n if len(tail) else 0
        if last - first < n:
            return None
        return cls(first, energy[first:last], low, max(high, _LEAST_GAIN * low))

    def likelihoods(self, hop_s: float) -> FloatArray:
        """Log likelihood of a rise of each length at each hop, shape (n_ramps, n_hops); -inf where it has no room."""
        x, gain = self.energy / self.low, self.high / self.low
        before = np.concatenate([[0.0], np.cumsum(x)])
        after = np.concatenate([[0.0], np.cumsum(x / gain + np.log(gain))])
        found = np.full((len(RAMPS_S), len(x)), -np.inf)
        for row, ramp_s in enumerate(RAMPS_S):
            n = round(ramp_s / hop_s)
            if n > len(x):
                continue
            # Muscle and rest are independent, so powers add.
            level = 1.0 + (gain - 1.0) * np.square((np.arange(n) + 0.5) / n)
            starts = np.arange(len(x) - n + 1 if n else len(x))
            rising = np.lib.stride_tricks.sliding_window_view(x, n) @ (1.0 / level) + np.log(level).sum() if n else 0.0
            cost = before[starts] + rising + after[-1] - after[starts + n]
            found[row, starts] = -0.5 * INDEPENDENT_HZ * hop_s * cost
        return found
