"""How loud a resting muscle is, and how loud a strong one: from a whole recording, or as a session goes on.

Calibration measures both properly. This is for what comes without one: a foreign file, a device just plugged in, and
the slow drift of the noise while pads warm up.
"""

import math
from collections import deque

import numpy as np

from dsp.envelope import BoolArray, FloatArray, HopEnergy, MovingRms, hop_samples

QUIET_S = 2.5
LEVEL_S = 0.1
HISTORY_S = 30.0
REST_PERCENTILE, REFERENCE_PERCENTILE = 5.0, 97.0

# RMS of 100 ms of steady noise varies by 11 to 22 % (simulated and real, 250 Hz and more); any movement varies more.
STEADY_VARIATION = 0.3

# 5th percentile of the RMS over 100 ms of steady noise, relative to its RMS. Measured on noise with an EMG
# spectrum: 0.82 at 1 and 2 kHz (white 0.88; 0.75 at 250 Hz), so the level errs by a tenth at most.
LOW_OF_STEADY = 0.82

# A quiet 2.5 s may be at most this much above the quietest twentieth of a recording; if not, nobody rested in it.
# Steady noise gives 1.1 to 1.4, walking with 0.6 s between bursts 7.
QUIETEST_RATIO = 1.6


def estimate_levels(y: FloatArray, sfreq: float) -> tuple[float, float]:
    """Estimate rest and reference level of one channel from a whole recording.

    Rest is the RMS of the quietest 2.5 s, if the person rested that long anywhere; else it comes from the 5th
    percentile of the RMS over 100 ms, which lies in the gaps between bursts (over 0.82, as in `QuietRest`, so that
    both mean the same). The reference is the 97th percentile of that RMS.

    Parameters
    ----------
    y : ndarray of float64, shape (n_samples,)
        Band-passed samples; NaN where there is no signal.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    rest_rms, reference_rms : float
        In the unit of `y`; both NaN if not even 100 ms run without a gap.
    """
    hop = hop_samples(sfreq)
    column = np.asarray(y, np.float64)[:, np.newaxis]
    energy = HopEnergy(hop, 1).process(column, np.isfinite(column)).energy
    return levels_of_hops(energy[:, 0], hop / sfreq)


def levels_of_hops(energy: FloatArray, hop_s: float) -> tuple[float, float]:
    """Estimate rest and reference level from the hop energies of a whole recording, see `estimate_levels`.

    Parameters
    ----------
    energy : ndarray of float64, shape (n_hops,)
        Mean squares from `dsp.envelope.HopEnergy`; NaN where there is no signal.
    hop_s : float
        Length of a hop in seconds.

    Returns
    -------
    rest_rms, reference_rms : float
        Both NaN if not even 100 ms run without a gap.
    """
    column = np.asarray(energy, np.float64)[:, np.newaxis]
    levels, long_levels = (
        window[np.isfinite(window)]
        for window in (MovingRms(max(1, round(s / hop_s)), 1).process(column) for s in (LEVEL_S, QUIET_S))
    )
    if not len(levels):
        return float("nan"), float("nan")
    low, high = (float(level) for level in np.percentile(levels, [REST_PERCENTILE, REFERENCE_PERCENTILE]))
    quietest = float(long_levels.min()) if len(long_levels) else np.inf
    return quietest if quietest <= QUIETEST_RATIO * low else low / LOW_OF_STEADY, high


class QuietRest:
    """Rest level of every channel while a session runs.

    The first 2.5 s in which a channel is steady and not active give its level. From then on it follows the 5th
    percentile of the last 30 s of rest, once a second; what happens while the muscle is active never counts. A person
    who is never steady for 2.5 s gets a level from the first full 30 s in the same way.

    Parameters
    ----------
    n_channels : int
        Channels of the stream.
    hop_s : float
        Length of a hop in seconds.
    level : ndarray of float64, shape (n_channels,), optional
        Rest level known from calibration; NaN where it is not.
    """

    def __init__(self, n_channels: int, hop_s: float, level: FloatArray | None = None) -> None:
        self.level: FloatArray = np.full(n_channels, np.nan) if level is None else np.array(level, np.float64)
        self._stride = max(1, round(LEVEL_S / hop_s))
        self._seen = 0
        self._busy = np.zeros(n_channels, np.bool_)
        self._calm = [0] * n_channels
        self._fresh = [0] * n_channels
        self._n_quiet, self._n_history, self._n_fresh = (
            max(1, round(seconds / (self._stride * hop_s))) for seconds in (QUIET_S, HISTORY_S, 1.0)
        )
        self._history: list[deque[float]] = [deque(maxlen=self._n_history) for _ in range(n_channels)]

    @property
    def n_to_go(self) -> int:
        """Hops until the level may change again: whoever depends on it takes at most so many at a time."""
        return self._stride - self._seen

    def process(self, rms100: FloatArray, active: BoolArray) -> FloatArray:
        """Take the next hops.

        Parameters
        ----------
        rms100 : ndarray of float64, shape (k, n_channels)
            Moving RMS over 100 ms; NaN where there is no signal.
        active : ndarray of bool, shape (k, n_channels)
            True while the muscle is active.

        Returns
        -------
        ndarray of float64, shape (k, n_channels)
            Rest level after each hop, in the unit of `rms100`; NaN until there is one.
        """
        levels = np.empty(rms100.shape)
        done = 0
        while done < len(rms100):
            end = min(len(rms100), done + self._stride - self._seen)
            self._seen += end - done
            self._busy |= active[done:end].any(axis=0)
            levels[done:end] = self.level
            if self._seen == self._stride:
                for channel, level in enumerate(rms100[end - 1].tolist()):
                    self._take(channel, level if not self._busy[channel] else math.nan)
                levels[end - 1] = self.level
                self._seen = 0
                self._busy[:] = False
            done = end
        return levels

    def _take(self, channel: int, level: float) -> None:
        # Every 100 ms one RMS of 100 ms: neighbours share no sample, so their mean square is that of the whole stretch.
        if not math.isfinite(level):
            self._calm[channel] = 0
            return
        history = self._history[channel]
        history.append(level)
        self._calm[channel] += 1
        self._fresh[channel] += 1
        if math.isnan(self.level[channel]) and self._calm[channel] >= self._n_quiet:
            quiet = np.array(history)[-self._n_quiet :]
            if quiet.mean() > 0.0 and quiet.std() <= STEADY_VARIATION * quiet.mean():
                self.level[channel] = math.sqrt(float(np.square(quiet).mean()))
        if len(history) == self._n_history and self._fresh[channel] >= self._n_fresh:
            self._fresh[channel] = 0
            low = float(np.percentile(np.array(history), REST_PERCENTILE)) / LOW_OF_STEADY
            if low > 0.0:
                self.level[channel] = low
