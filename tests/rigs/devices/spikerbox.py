"""A SpikerBox on a serial port, after Backyard Brains' guide for USB communication (R7)."""

import re

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

BEGIN = bytes((255, 255, 1, 1, 128, 255))
END = bytes((255, 255, 1, 1, 129, 255))


class SpikerBoxDevice:
    """Sends frames, and messages whenever it likes.

    Parameters
    ----------
    hardware : str
        What it answers to ``b:;``; empty for the boxes that do not answer.
    n_channels, sfreq, bits
        As the guide has them for that box.
    waits_for_start : bool
        As the Pro boxes do.
    boots_s : float
        Seconds from power on in which it neither hears nor sends, as a shield on an UNO whose port was opened.
    """

    def __init__(
        self,
        hardware: str = "HUMANSB",
        n_channels: int = 2,
        sfreq: float = 5000.0,
        bits: int = 14,
        waits_for_start: bool = False,
        boots_s: float = 0.0,
    ) -> None:
        self.hardware = hardware
        self.n_channels = n_channels
        self.sfreq = sfreq
        self.bits = bits
        self.is_streaming = not waits_for_start
        self.message = b""
        """Goes out in the middle of the next frame."""
        self._rate_of_one = sfreq * n_channels
        self._waits_for_start = waits_for_start
        self._boot_samples = boots_s * sfreq
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """Take commands, and answer between the marks of a message."""
        if self._boot_samples > 0:
            return b""
        answers = b""
        for name, value in re.findall(rb"([a-z?]+):([^;]*);", data):
            if name == b"b" and self.hardware:
                answers += BEGIN + b"HWT:" + self.hardware.encode() + b";" + END
            elif name == b"start" and self._waits_for_start:
                self.is_streaming, self._n_sent = True, 0
            elif name == b"h" and self._waits_for_start:
                self.is_streaming = False
            elif name == b"c" and self.hardware == "MUSCLESS":
                self.n_channels = int(value)
                self.sfreq = self._rate_of_one / self.n_channels
        return answers

    def expand(self, n_channels: int) -> None:
        """Have the board with two more channels plugged in, or out."""
        self.n_channels = n_channels
        self.message = BEGIN + (b"BRD:1;" if n_channels > 2 else b"BRD:0;") + END

    def samples(self, n: int) -> bytes:
        """What is sent during the next `n` samples."""
        self._boot_samples -= n
        if self._boot_samples > 0 or not self.is_streaming:
            return b""
        codes = self._codes(self._n_sent, n)
        self._n_sent += n
        sent = np.empty((n, 2 * self.n_channels), np.uint8)
        sent[:, 0::2] = codes // 128
        sent[:, 1::2] = codes % 128
        sent[:, 0] += 128
        stream = sent.tobytes()
        split, self.message = self.message, b""
        return stream[:3] + split + stream[3:]

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Codes since it began to send, less half scale."""
        return (self._codes(first, n) - 2.0 ** (self.bits - 1)).astype(np.float32)

    def _codes(self, first: int, n: int) -> npt.NDArray[np.int64]:
        middle = 2 ** (self.bits - 1)
        wave = squeezes(first, n, self.n_channels, self.sfreq)
        codes: npt.NDArray[np.int64] = np.clip(np.rint(middle + middle * wave), 0, 2 * middle - 1).astype(np.int64)
        return codes
