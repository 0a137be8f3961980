"""A MyoWare 2.0 Wireless Shield with the maker's sketch, after MyoWare.h and MyoWare.cpp of Advancer Technologies."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

LARGEST_CODE = 4095


class MyoWareDevice:
    """Notifies one reading at a time, as text of two decimals.

    Parameters
    ----------
    name : str
        ``MyoWareSensor1`` unless the user changed the sketch.
    sfreq : float
        Readings a second; the sketch sends as fast as its loop runs.
    output : {'env', 'raw'}
        Which pin the sketch reads.
    """

    samples_per_packet = 1
    services: ClassVar[Mapping[str, Mapping[str, Sequence[str]]]] = {
        "ec3af789-2154-49f4-a9fc-bc6c88e9e930": {"f3a56edf-8f1e-4533-93bf-5601b2e91308": ("read", "notify")}
    }
    advertised = tuple(services)

    def __init__(self, name: str = "MyoWareSensor1", sfreq: float = 100.0, output: str = "env") -> None:
        self.name = name
        self.sfreq = sfreq
        self._output = output
        self._n_sent = 0

    @property
    def values(self) -> dict[str, bytes]:
        """What it says when it is read: the last reading."""
        return {"f3a56edf-8f1e-4533-93bf-5601b2e91308": self._text(max(0, self._n_sent - 1))}

    def receive(self, data: bytes) -> bytes:
        """Nothing: it does not listen."""
        return b""

    def packets(self, n: int) -> list[bytes]:
        """The next `n` readings."""
        first, self._n_sent = self._n_sent, self._n_sent + n
        return [self._text(index) for index in range(first, first + n)]

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Converter codes of the envelope, or volts at the skin of the raw signal behind a gain of 200."""
        codes = self._codes(first, n)
        volts = (codes - LARGEST_CODE / 2) * 3.3 / LARGEST_CODE / 200.0
        return (codes if self._output == "env" else volts).astype(np.float32)

    def _codes(self, first: int, n: int) -> npt.NDArray[np.float64]:
        wave = squeezes(first, n, 1, self.sfreq)
        share = np.abs(wave) if self._output == "env" else 0.5 + 0.5 * wave
        return np.rint(LARGEST_CODE * share)

    def _text(self, index: int) -> bytes:
        return f"{self._codes(index, 1)[0, 0]:.2f}".encode()
