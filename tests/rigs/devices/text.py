"""A board whose sketch prints its readings for a serial plotter."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

LARGEST_CODE = 1023


class TextDevice:
    """Prints one line a sample, and heeds nothing that is sent to it.

    Parameters
    ----------
    sfreq : float
        Lines a second.
    n_channels : int
    line : callable or None
        Prints sample ``n`` in another way than ``514,498\\r\\n``; its `truth` is the caller's business then.
    """

    def __init__(self, sfreq: float = 1000.0, n_channels: int = 2, line: Callable[[int], bytes] | None = None) -> None:
        self.sfreq = sfreq
        self.n_channels = n_channels
        self.line = line or self._print
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """Nothing: such sketches do not listen."""
        return b""

    def samples(self, n: int) -> bytes:
        """The next `n` lines."""
        first, self._n_sent = self._n_sent, self._n_sent + n
        return b"".join(map(self.line, range(first, first + n)))

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Readings of a 10-bit converter around its middle."""
        middle = (LARGEST_CODE + 1) // 2
        wave = middle + middle * squeezes(first, n, self.n_channels, self.sfreq)
        return np.clip(np.rint(wave), 0, LARGEST_CODE).astype(np.float32)

    def _print(self, n: int) -> bytes:
        return (",".join(str(int(code)) for code in self.truth(n, 1)[0]) + "\r\n").encode()
