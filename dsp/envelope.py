"""Mean square of whole hops, and moving RMS over whole hops.

The hop (5 ms of whole samples) is the clock of everything that is decided, so a result never depends on how samples
were packed into blocks: every sum here is made in one fixed order, and equal input gives equal bits at any chunk size.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

HOP_S = 0.005


def hop_samples(sfreq: float) -> int:
    """Samples in one hop: 5 ms, rounded to at least one whole sample."""
    return max(1, round(HOP_S * sfreq))


class Hops(NamedTuple):
    """What one pass over completed hops gives; NaN where any sample of a hop is not valid.

    Attributes
    ----------
    energy : ndarray of float64, shape (n_hops, n_channels)
        Mean square, in the square of the unit of the samples.
    low, high : ndarray of float64, shape (n_hops, n_channels)
        Least and greatest sample, for drawing.
    """

    energy: FloatArray
    low: FloatArray
    high: FloatArray


class HopEnergy:
    """Cut a stream of band-passed samples into hops and measure each.

    Parameters
    ----------
    hop : int
        Samples in a hop.
    n_channels : int
        Channels of the stream.
    """

    def __init__(self, hop: int, n_channels: int) -> None:
        self._hop = hop
        self._rest = np.empty((0, n_channels))

    def process(self, y: FloatArray, valid: BoolArray) -> Hops:
        """Measure the hops that these samples complete; samples left over wait for the next call.

        Parameters
        ----------
        y : ndarray of float64, shape (n_samples, n_channels)
            Band-passed samples; NaN in gaps.
        valid : ndarray of bool, shape (n_samples, n_channels)
            False where `y` must not be believed.

        Returns
        -------
        Hops
            Of as many hops as are complete, perhaps none.
        """
        if not valid.all():
            y = np.where(valid, y, np.nan)
        if len(self._rest):
            y = np.concatenate([self._rest, y])
        n_hops, n_channels = len(y) // self._hop, y.shape[1]
        cut = n_hops * self._hop
        self._rest = y[cut:]
        # Samples first: then every operation below adds whole rows, in the same order for any number of hops.
        frames = np.ascontiguousarray(y[:cut].reshape(n_hops, self._hop, n_channels).swapaxes(0, 1))
        energy = np.add.reduce(np.square(frames), axis=0) / self._hop
        return Hops(energy, np.minimum.reduce(frames, axis=0), np.maximum.reduce(frames, axis=0))


def _window_sums(values: FloatArray, windows: Sequence[int]) -> list[FloatArray]:
    """Sum consecutive rows, for each window the last so many before every row from the longest window on.

    By doubling: a sum is the same tree of additions wherever it starts, and the windows share its branches.
    """
    longest = max(windows)
    n_out = len(values) - longest + 1
    totals: list[FloatArray | None] = [None] * len(windows)
    starts = [longest - n for n in windows]
    width, sums = 1, values
    while True:
        for place, n in enumerate(windows):
            if n & width:
                part = sums[starts[place] : starts[place] + n_out]
                total = totals[place]
                totals[place] = part if total is None else total + part
                starts[place] += width
        width *= 2
        if width > longest:
            return [total for total in totals if total is not None]
        sums = sums[: -width // 2] + sums[width // 2 :]


class MovingRmsOfWindows:
    """RMS over the last hops, for several windows at once, exact: no running sum that could drift after a large burst.

    Parameters
    ----------
    windows : sequence of int
        Length of each window in hops.
    n_channels : int
        Channels of the stream.
    """

    def __init__(self, windows: Sequence[int], n_channels: int) -> None:
        self._windows = tuple(windows)
        self._tail = np.full((max(windows) - 1, n_channels), np.nan)

    def process(self, energy: FloatArray) -> list[FloatArray]:
        """Take the next hop energies.

        Parameters
        ----------
        energy : ndarray of float64, shape (k, n_channels)
            Mean squares from `HopEnergy`.

        Returns
        -------
        list of ndarray of float64, shape (k, n_channels)
            For each window the RMS of what ends with each hop; NaN until it is full, and while any hop in it is NaN.
        """
        if not len(energy):
            return [np.empty(energy.shape) for _ in self._windows]
        history = np.concatenate([self._tail, energy])
        self._tail = history[len(energy) :]
        sums = _window_sums(history, self._windows)
        return [np.asarray(np.sqrt(total / n), np.float64) for total, n in zip(sums, self._windows, strict=True)]


class MovingRms:
    """RMS over the last `n_hops` hops, as `MovingRmsOfWindows` gives it for one window.

    Parameters
    ----------
    n_hops : int
        Length of the window in hops.
    n_channels : int
        Channels of the stream.
    """

    def __init__(self, n_hops: int, n_channels: int) -> None:
        self._windows = MovingRmsOfWindows((n_hops,), n_channels)

    def process(self, energy: FloatArray) -> FloatArray:
        """Take the next hop energies, shape (k, n_channels); returns the RMS at the end of each, of the same shape."""
        return self._windows.process(energy)[0]
