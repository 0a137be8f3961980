"""`RingBuffer`: the last minute of one stream, written by one thread and read by another without a lock.

Two counters make torn reads visible: ``claimed`` is raised before the copy, ``written`` after it. Positions are
absolute, so a reader that is too late is told so instead of being given newer samples for older ones.
"""

import numpy as np

from drivers.types import Float32Array


class RingOverrun(Exception):  # noqa: N818 - a condition that the reader handles, not a failure of the program
    """The samples asked for are not in the ring: overwritten already, or not written yet."""


class RingBuffer:
    """Single writer, absolute positions, NaN gaps.

    Parameters
    ----------
    capacity : int
        Samples kept.
    n_channels : int

    Notes
    -----
    ``write`` is called on the driver's thread, ``read`` on any other.
    """

    def __init__(self, capacity: int, n_channels: int) -> None:
        self._data = np.full((capacity, n_channels), np.nan, dtype=np.float32)
        self._claimed = 0
        self._written = 0

    @property
    def capacity(self) -> int:
        """Samples kept."""
        return len(self._data)

    @property
    def written(self) -> int:
        """Position one past the newest sample."""
        return self._written

    def write(self, samples: Float32Array) -> tuple[int, int]:
        """Append samples of shape (n_samples, n_channels); returns their positions as [start, stop)."""
        start = self._written
        stop = start + len(samples)
        self._claimed = stop
        self._copy_in(max(start, stop - self.capacity), samples[-self.capacity :])
        self._written = stop
        return start, stop

    def skip(self, n_samples: int) -> None:
        """Advance by samples that never came: they read as NaN. Longer than the ring is fine."""
        n_nan = min(n_samples, self.capacity)
        stop = self._written + n_samples
        self._claimed = stop
        self._copy_in(stop - n_nan, np.full((n_nan, self._data.shape[1]), np.nan, dtype=np.float32))
        self._written = stop

    def _copy_in(self, position: int, samples: Float32Array) -> None:
        at = position % self.capacity
        n_first = min(len(samples), self.capacity - at)
        self._data[at : at + n_first] = samples[:n_first]
        self._data[: len(samples) - n_first] = samples[n_first:]

    def read(self, start: int, stop: int) -> Float32Array:
        """Copy the samples at positions [start, stop), shape (stop - start, n_channels).

        Raises
        ------
        RingOverrun
            If any of them is overwritten (also while they were being copied) or not written yet.
        """
        if start < 0 or stop < start or stop > self._written:
            raise RingOverrun(f"[{start}, {stop}) is not written yet; the newest is {self._written}")
        at, n_samples = start % self.capacity, stop - start
        n_first = min(n_samples, self.capacity - at)
        copied: Float32Array = np.concatenate([self._data[at : at + n_first], self._data[: n_samples - n_first]])
        if self._claimed - start > self.capacity:
            raise RingOverrun(f"[{start}, {stop}) is overwritten; {self._claimed} is claimed of {self.capacity}")
        return copied
