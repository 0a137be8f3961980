"""When a muscle starts and stops: causal hop detector with a hybrid threshold, and likelihood back-dating.

The threshold is a noise multiple AND a share of the reference: noise alone merges reps, because people do not relax
fully between them. The decision comes when the muscle is surely on; the onset is then looked for in the past, so that
sureness costs no accuracy. The same detector runs live and, by `dsp.bursts`, over whole recordings.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

BACK_DATE_S = (0.015, 0.400)
"""Least and greatest time before the decision at which an onset is looked for."""


@dataclass(frozen=True, slots=True)
class DetectorParameters:
    """Thresholds and times of the detector; the defaults find onsets at 900 Hz and more.

    Attributes
    ----------
    rms_on_s, rms_off_s : float
        Windows of the moving RMS that turns a muscle on, and of the one that turns it off.
    on_noise, on_reference : float
        On above ``max(on_noise * rest, rest + on_reference * reference)``.
    off_noise, off_reference : float
        Off below ``max(off_noise * rest, rest + off_reference * reference)``.
    on_s, off_s : float
        How long the level must stay there.
    min_burst_s : float
        Shorter bursts are no squeezes.
    merge_gap_s : float
        Bursts closer than this are one.
    """

    rms_on_s: float = 0.050
    rms_off_s: float = 0.100
    on_noise: float = 1.6
    on_reference: float = 0.10
    off_noise: float = 1.3
    off_reference: float = 0.06
    on_s: float = 0.025
    off_s: float = 0.150
    min_burst_s: float = 0.0
    merge_gap_s: float = 0.0

    @classmethod
    def for_onsets(cls, sfreq: float) -> Self:
        """Earliest sure decision, for onsets and live states.

        Fewer samples a second are fewer independent ones in an RMS, and rest wanders further. Below 900 Hz the noise
        multiple is 1.8 (false onsets in 10 h of pure rest at 500 Hz: 25 with 1.6, none with this); at 250 Hz and less
        the windows grow to 100 and 150 ms, and below 240 Hz the multiple to 1.95 (at 200 Hz: 8 with 1.8, none).
        """
        if sfreq >= 900.0:
            return cls()
        if sfreq > 250.0:
            return cls(on_noise=1.8)
        return cls(rms_on_s=0.100, rms_off_s=0.150, on_noise=1.8 if sfreq >= 240.0 else 1.95, on_s=0.040)

    @classmethod
    def for_reps(cls, sfreq: float) -> Self:
        """Squeezes to be counted: higher shares of the reference, nothing shorter than 150 ms."""
        base = cls.for_onsets(sfreq)
        return cls(
            rms_on_s=base.rms_on_s,
            rms_off_s=base.rms_off_s,
            on_noise=base.on_noise,
            on_s=base.on_s,
            on_reference=0.15,
            off_reference=0.08,
            min_burst_s=0.150,
            merge_gap_s=0.150,
        )

    @property
    def off_lag_s(self) -> float:
        """Seconds between the end of a burst and the decision that it ended: the hold, and half the RMS window."""
        return self.off_s + self.rms_off_s / 2


class Decisions(NamedTuple):
    """What the detector decided at each hop.

    Attributes
    ----------
    active : ndarray of bool, shape (k, n_channels)
        State after the hop.
    went_on, went_off : ndarray of bool, shape (k, n_channels)
        True at the one hop of the decision. The burst itself began before (`back_date`) and ended
        ``DetectorParameters.off_lag_s`` before the end of that hop.
    cut : ndarray of bool, shape (k, n_channels)
        True beside `went_off` where the burst did not end but was lost: no signal, or no thresholds any more.
    """

    active: BoolArray
    went_on: BoolArray
    went_off: BoolArray
    cut: BoolArray


class HopDetector:
    """On or off, hop by hop, for every channel by itself.

    Parameters
    ----------
    n_channels : int
        Channels of the stream.
    hop_s : float
        Length of a hop in seconds.
    parameters : DetectorParameters
        Thresholds and times.
    """

    def __init__(self, n_channels: int, hop_s: float, parameters: DetectorParameters) -> None:
        self.parameters = parameters
        # A hair less than the quotient, so that 25 ms of 5 ms hops are 5 and not 6.
        self._n_on = max(1, int(np.ceil(parameters.on_s / hop_s - 1e-6)))
        self._n_off = max(1, int(np.ceil(parameters.off_s / hop_s - 1e-6)))
        self._active = [False] * n_channels
        self._count = [0] * n_channels
        unknown = np.full(n_channels, np.nan)
        self.on_level: FloatArray = unknown
        self.off_level: FloatArray = unknown

    def set_levels(self, rest: npt.ArrayLike, reference: npt.ArrayLike) -> None:
        """Set the thresholds from now on.

        Parameters
        ----------
        rest, reference : array_like of float, shape (n_channels,)
            RMS at rest and of the reference contraction, in the unit of the samples. NaN means not yet known: such a
            channel is never active.
        """
        p = self.parameters
        rest, reference = np.asarray(rest, np.float64), np.asarray(reference, np.float64)
        # np.maximum, unlike np.fmax, keeps the NaN of an unknown level.
        self.on_level = np.maximum(p.on_noise * rest, rest + p.on_reference * reference)
        self.off_level = np.maximum(p.off_noise * rest, rest + p.off_reference * reference)

    def process(self, rms_on: FloatArray, rms_off: FloatArray) -> Decisions:
        """Take the next hops.

        Parameters
        ----------
        rms_on, rms_off : ndarray of float64, shape (k, n_channels)
            Moving RMS over ``parameters.rms_on_s`` and ``parameters.rms_off_s``. NaN in either means no signal.

        Returns
        -------
        Decisions
            One row per hop.
        """
        active, went_on, went_off, cut = decisions = Decisions(*np.zeros((4, *rms_on.shape), np.bool_))
        above = rms_on >= self.on_level
        if len(above) and not (any(self._active) or above.any()):
            self._count = [0] * len(self._count)
            return decisions
        below = rms_off < self.off_level
        lost = np.isnan(rms_on + rms_off + self.on_level)
        for channel in range(rms_on.shape[1]):
            # A few hops and a few channels at a time: plain numbers are several times faster than tiny arrays.
            on, count = self._active[channel], self._count[channel]
            is_above, is_lost = above[:, channel].tolist(), lost[:, channel].tolist()
            is_below = (below[:, channel] | lost[:, channel]).tolist()
            hop, n_hops = 0, len(is_above)
            while hop < n_hops:
                if count == 0:  # nothing counts up: on to the next hop at which anything can happen
                    try:
                        there = (is_below if on else is_above).index(True, hop)
                    except ValueError:
                        there = n_hops
                    active[hop:there, channel] = on
                    hop = there
                    if hop == n_hops:
                        break
                if is_lost[hop]:
                    went_off[hop, channel] = cut[hop, channel] = on
                    on, count = False, 0
                else:
                    count = count + 1 if (is_below if on else is_above)[hop] else 0
                    if count >= (self._n_off if on else self._n_on):
                        (went_off if on else went_on)[hop, channel] = True
                        on, count = not on, 0
                    active[hop, channel] = on
                hop += 1
            self._active[channel], self._count[channel] = on, count
        return decisions


def back_date(y_recent: FloatArray, sfreq: float, rest: float, level_history: npt.ArrayLike) -> int:
    """Find how long before a decision the muscle really started.

    Approximated generalised likelihood ratio (Staude 2001): for every candidate onset the samples from there to the
    decision are compared with the noise before it, ``L = N/2 (r - 1 - ln r)``, ``r`` their mean square over that of
    the noise; the greatest ``L`` wins. The noise is the larger of the rest and the 20th percentile of the last second,
    because muscles are seldom as quiet between squeezes as in calibration.

    Parameters
    ----------
    y_recent : ndarray of float64, shape (n_samples,)
        Band-passed samples of one channel up to the decision, at least 0.4 s where there are as many. Nothing before
        the last NaN is looked at.
    sfreq : float
        Sampling frequency in Hz.
    rest : float
        RMS at rest; NaN if unknown.
    level_history : array_like of float, shape (n_hops,)
        RMS of 100 ms at the hops of the last second; NaN are left out.

    Returns
    -------
    int
        Samples from the onset to the decision. The least candidate (15 ms, or all there is) if none stands out.
    """
    least, most = (round(seconds * sfreq) for seconds in BACK_DATE_S)
    y = np.asarray(y_recent, np.float64)[-most:]
    lost = np.flatnonzero(~np.isfinite(y))
    if len(lost):
        y = y[lost[-1] + 1 :]
    least = min(max(1, least), len(y))
    if not len(y):
        return 0
    levels = np.asarray(level_history, np.float64)
    quiet_first = np.sort(np.square(levels[np.isfinite(levels)]))
    # The 20th percentile as numpy.percentile has it, which takes five times as long for so few.
    place = 0.2 * (len(quiet_first) - 1)
    recent = float(np.interp(place, np.arange(len(quiet_first)), quiet_first)) if len(quiet_first) else 0.0
    noise = max(recent, 0.0 if np.isnan(rest) else rest * rest)
    energy = np.cumsum(np.square(y[::-1]))[least - 1 :]  # sums back from the decision, least candidate first
    n = np.arange(least, len(y) + 1)
    # A floor far beneath any signal keeps the ratio finite where the noise is exactly zero.
    ratio = energy / n / max(noise, energy[-1] / n[-1] * 1e-12, float(np.finfo(np.float64).tiny))
    ratio = np.maximum(ratio, 1.0)
    return int(n[np.argmax(n / 2 * (ratio - 1.0 - np.log(ratio)))])
