"""A board that prints its readings over the Nordic UART service, as sketches on an nRF52 or ESP32 do."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.text import TextDevice


class NusDevice:
    """Lines of text, cut into notifications wherever one is full.

    Parameters
    ----------
    name : str
    sfreq : float
        Lines a second.
    n_channels : int
    packet_bytes : int
        What the firmware puts into one notification: 20 without an MTU exchange.
    """

    samples_per_packet = 10
    services: ClassVar[Mapping[str, Mapping[str, Sequence[str]]]] = {
        "6e400001-b5a3-f393-e0a9-e50e24dcca9e": {
            "6e400002-b5a3-f393-e0a9-e50e24dcca9e": ("write", "write-without-response"),
            "6e400003-b5a3-f393-e0a9-e50e24dcca9e": ("notify",),
        }
    }
    advertised = tuple(services)
    values: ClassVar[Mapping[str, bytes]] = {}

    def __init__(
        self, name: str = "EMG-UART", sfreq: float = 500.0, n_channels: int = 2, packet_bytes: int = 100
    ) -> None:
        self.name = name
        self.sfreq = sfreq
        self._board = TextDevice(sfreq, n_channels)
        self._packet_bytes = packet_bytes
        self._ready = b""

    def receive(self, data: bytes) -> bytes:
        """Nothing: such sketches do not listen."""
        return b""

    def packets(self, n: int) -> list[bytes]:
        """The notifications that are full after `n` more lines."""
        self._ready += self._board.samples(n)
        size = self._packet_bytes
        n_full = len(self._ready) // size
        full = [self._ready[i * size : (i + 1) * size] for i in range(n_full)]
        self._ready = self._ready[n_full * size :]
        return full

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Readings of a 10-bit converter around its middle."""
        return self._board.truth(first, n)
