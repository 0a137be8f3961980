"""A knock on an electrode: when it came. Two units that are knocked together tell the constant between their clocks.

A knock moves the electrode: a step within a sample or two, many times anything that a resting muscle does.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

JUMP_OVER_NOISE: Final = 12.0
"""A knock's steepest rise against the median absolute difference of neighbouring samples, which is noise."""
SHARE_OF_STRONGEST: Final = 0.3
"""A jump of less than this part of the strongest is the ringing of a knock, or a finger on the cable."""
APART_S: Final = 0.3
"""Knocks closer together than this are one knock that bounced."""
ONSET_SHARE: Final = 0.3
"""A knock begins with the first step of this part of its steepest one."""
REACH_S: Final = 0.03
"""So long after its beginning a knock is at its steepest, at most."""


def find_knocks(x: npt.NDArray[np.floating], sfreq: float) -> FloatArray:
    """Find when an electrode was knocked.

    Parameters
    ----------
    x : ndarray of float, shape (n_samples,)
        Raw signal of one channel, in any unit, with any offset; NaN (lost) is no knock.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    ndarray of float, shape (n_knocks,)
        Sample numbers at which knocks begin, rising; to half a sample.
    """
    steps = np.abs(np.diff(np.asarray(x, np.float64)))
    known = steps[np.isfinite(steps)]
    if not len(known):
        return np.empty(0)
    steps = np.nan_to_num(steps)
    floor = max(JUMP_OVER_NOISE * float(np.median(known)), SHARE_OF_STRONGEST * float(known.max()))
    jumps = np.flatnonzero((steps >= floor) & (steps > 0.0))
    firsts: list[float] = []
    for jump in jumps.tolist():
        if firsts and jump - firsts[-1] < APART_S * sfreq:
            continue
        around = steps[jump : jump + max(1, round(REACH_S * sfreq))]
        first = int(np.argmax(around >= ONSET_SHARE * around.max()))
        firsts.append(jump + first + 0.5)
    return np.array(firsts)
