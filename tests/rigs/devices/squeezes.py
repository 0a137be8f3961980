"""What the virtual devices measure: two muscles that squeeze, the same for every run."""

import numpy as np
import numpy.typing as npt

REST_S = 4.0
PERIOD_S = 3.0
SQUEEZE_S = 1.5
REST_LEVEL = 0.01
_NOISE = np.random.default_rng(20240229).standard_normal(65_536)


def squeezes(first: int, n: int, n_channels: int, sfreq: float) -> npt.NDArray[np.float64]:
    """Samples ``first`` to ``first + n``: rest, then a squeeze every three seconds; RMS 0.25 in it, within -1 to 1."""
    index = np.arange(first, first + n)[:, np.newaxis] + 9973 * np.arange(n_channels)
    since_s = np.arange(first, first + n) / sfreq - REST_S
    works = (since_s >= 0) & (since_s % PERIOD_S < SQUEEZE_S)
    level = np.where(works, 0.25, REST_LEVEL)[:, np.newaxis]
    wave: npt.NDArray[np.float64] = np.clip(level * _NOISE[index % len(_NOISE)], -1.0, 1.0)
    return wave
