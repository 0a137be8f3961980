"""Samples between samples: band-limited interpolation at any places, so that two clocks can share one grid. Pure."""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

HALF: Final = 16
"""Samples on either side that one value is made of."""
_PHASES: Final = 4096
_BETA: Final = 8.0
"""Of the Kaiser window: ripple below -80 dB, flat to 0.42 of the rate (dsp bench: 0.01 dB at 0.4)."""


@cache  # when the first is wanted: they take 35 ms, which no start of the application has to spend
def _kernels() -> FloatArray:
    """Weights of shape (phases, 2 x HALF), rising in their distance from the sample before the place."""
    places = np.arange(1 - HALF, HALF + 1) - np.arange(_PHASES + 1)[:, None] / _PHASES
    window = np.i0(_BETA * np.sqrt(np.maximum(0.0, 1.0 - (places / HALF) ** 2))) / np.i0(_BETA)
    kernels = np.sinc(places) * window
    return np.asarray(kernels / kernels.sum(axis=1, keepdims=True), np.float64)


def interpolate(samples: FloatArray, positions: FloatArray) -> FloatArray:
    """Give the values of a signal between its samples.

    Parameters
    ----------
    samples : ndarray of float, shape (n_samples, n_channels)
        NaN where a sample is missing.
    positions : ndarray of float, shape (n,)
        In samples: 0.0 is the first. NaN is nowhere.

    Returns
    -------
    ndarray of float64, shape (n, n_channels)
        NaN where one of the 32 samples around a position is missing: nothing is made up beside a gap.

    Notes
    -----
    A windowed sinc (Kaiser, beta 8), of which 4096 phases are kept; the nearest is taken. Smith, "Digital Audio
    Resampling Home Page", 2002.
    """
    values = np.full((len(positions), samples.shape[1]), np.nan)
    whole = np.floor(np.nan_to_num(positions, nan=-1e9)).astype(np.int64)
    inside = np.flatnonzero((whole >= HALF - 1) & (whole + HALF < len(samples)))
    if not len(inside):
        return values
    whole = whole[inside]
    weights = _kernels()[np.rint((positions[inside] - whole) * _PHASES).astype(np.int64)]
    for channel in range(samples.shape[1]):
        around = np.lib.stride_tricks.sliding_window_view(samples[:, channel], 2 * HALF)[whole - HALF + 1]
        values[inside, channel] = np.einsum("ij,ij->i", around, weights)
    return values
