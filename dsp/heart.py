"""The heart under an electrode: short beats at an even pace, far above what rests between them."""

import math

import numpy as np
import numpy.typing as npt

from dsp.spectrum import median_of_rows

FloatArray = npt.NDArray[np.float64]

FRAME_S = 0.02
KURTOSIS = 2.0
"""Excess kurtosis of the resting band: 2.9 with R waves of 30 above noise of 2.5, 15.8 with 80; without a heart 0."""
BEATS_S = (0.55, 1.7)
"""Time between two beats, 35 to 109 a minute: who lies and rests is within."""
EVENNESS = 1.4
"""Longest over shortest time between two beats: breathing makes 1.2 of it, steps and knocks more."""
_LEAST_BEATS = 3
_ABOVE_MEDIAN, _SHARE_OF_PEAK = 8.0, 0.2
_WIDTH_S = 0.25
_MOST_SHARE = 0.15
_CORE_S, _CORE_SHARE = 0.05, 0.9
"""What rises above rest lies within so much of the tops of the beats; contractions last longer, however they begin."""


def heart_rate(frames: FloatArray, frame_s: float, kurtosis: float) -> float:
    """Find a heart in some seconds of rest of one channel.

    Parameters
    ----------
    frames : ndarray of float64, shape (n_frames,)
        Mean squares of frames of about 20 ms of band-passed samples, over 3 s or more.
    frame_s : float
        Length of a frame in seconds.
    kurtosis : float
        Excess kurtosis of the samples.

    Returns
    -------
    float
        Beats a second; 0 where there is no heart to be seen, NaN if any frame is NaN.
    """
    peak = float(np.maximum.reduce(frames))
    if not math.isfinite(peak) or math.isnan(kurtosis):
        return math.nan
    if kurtosis <= KURTOSIS:
        return 0.0
    rest = float(median_of_rows(frames))
    stands_out = frames > max(_ABOVE_MEDIAN * rest, _SHARE_OF_PEAK * peak)
    if not 0 < np.count_nonzero(stands_out) <= _MOST_SHARE * len(frames):
        return 0.0
    at = np.flatnonzero(stands_out)
    starts = np.flatnonzero(np.diff(at, prepend=-len(frames)) * frame_s > _WIDTH_S)
    tops = np.array([group[frames[group].argmax()] for group in np.split(at, starts[1:])])
    between_s = np.diff(tops) * frame_s
    if len(tops) < _LEAST_BEATS or between_s.min() < BEATS_S[0] or between_s.max() > BEATS_S[1]:
        return 0.0
    above = np.maximum(frames / peak - 3.0 * rest / peak, 0.0)
    near = np.abs(np.arange(len(frames)) - tops[:, np.newaxis]).min(axis=0) * frame_s <= _CORE_S
    if above[near].sum() < _CORE_SHARE * above.sum():
        return 0.0
    return float(1.0 / between_s.mean()) if between_s.max() <= EVENNESS * between_s.min() else 0.0
