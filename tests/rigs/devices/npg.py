"""An NPG Lite on Bluetooth, after NPG-LITE-BLE.ino of upsidedownlabs/Chords-Arduino-Firmware."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

SERVICE = "4fafc201-1fb5-459e-8fcc-c5c9c331914b"
DATA = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"
BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"


class NpgDevice:
    """Notifies ten samples at a time from ``START`` on, numbered from 0.

    Parameters
    ----------
    n_channels : int
        3 or 6.
    name : str
        Empty for the name that the newer firmware gives itself.
    """

    sfreq = 500.0
    samples_per_packet = 10

    def __init__(self, n_channels: int = 3, name: str = "") -> None:
        self.n_channels = n_channels
        self.name = name or f"NPG-Lite-{n_channels}CH:A3:F1"
        self.services: Mapping[str, Mapping[str, Sequence[str]]] = {
            SERVICE: {DATA: ("notify",), CONTROL: ("read", "write", "notify"), BATTERY: ("notify",)}
        }
        self.advertised: Sequence[str] = (SERVICE,)
        self.values: Mapping[str, bytes] = {}
        self.is_streaming = False
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """Take what is written to the control characteristic."""
        match data.strip().upper():
            case b"START":
                self.is_streaming, self._n_sent = True, 0
            case b"STOP":
                self.is_streaming = False
            case b"WHORU":
                return b"NPG-LITE"
            case b"STATUS":
                return b"RUNNING" if self.is_streaming else b"STOPPED"
            case _:
                return b"UNKNOWN COMMAND"
        return b""

    def packets(self, n: int) -> list[bytes]:
        """What is notified during the next `n` samples."""
        if not self.is_streaming:
            return []
        return [self._packet() for _ in range(n // self.samples_per_packet)]

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Codes since the last ``START``, less half scale."""
        return (self._codes(first, n) - 2048.0).astype(np.float32)

    def _codes(self, first: int, n: int) -> npt.NDArray[np.int64]:
        wave = squeezes(first, n, self.n_channels, self.sfreq)
        codes: npt.NDArray[np.int64] = np.clip(np.rint(2048 + 2048 * wave), 0, 4095).astype(np.int64)
        return codes

    def _packet(self) -> bytes:
        packet = bytearray()
        for k, row in enumerate(self._codes(self._n_sent, self.samples_per_packet).tolist()):
            packet.append((self._n_sent + k) % 256)
            for code in row:
                packet += bytes(divmod(code, 256))
        self._n_sent += self.samples_per_packet
        return bytes(packet)
