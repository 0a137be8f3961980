"""A board with Chords firmware, after the sketches of upsidedownlabs/Chords-Arduino-Firmware."""

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes


class ChordsDevice:
    """Answers and sends like the sketch of one board.

    Parameters
    ----------
    board : str
        What it answers to ``WHORU``.
    n_channels, sfreq, bits
        As the sketch of that board has them.
    listens_s : float
        Seconds without a byte after which a command is read, as ``Serial.readString`` waits one on an AVR; 0 for the
        newer boards, which read to the line end.
    first_counter : int
        Of the first frame; only NPG Lite counts up before it sends.
    boots_s : float
        Seconds from power on in which it hears nothing, as an UNO after its port was opened.
    """

    def __init__(
        self,
        board: str = "UNO-R3",
        n_channels: int = 6,
        sfreq: float = 250.0,
        bits: int = 10,
        listens_s: float = 1.0,
        first_counter: int = 0,
        boots_s: float = 0.0,
    ) -> None:
        self.board = board
        self.n_channels = n_channels
        self.sfreq = sfreq
        self.bits = bits
        self.is_streaming = False
        self._listens_s = listens_s
        self._counter = first_counter
        self._heard = b""
        self._quiet_samples = 0
        self._deaf_samples = boots_s * sfreq
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """Take commands; on an AVR they are answered later, by `samples`."""
        if self._deaf_samples > 0:
            return b""
        self.is_streaming = False  # since October 2024 any byte stops the stream
        self._heard += data
        self._quiet_samples = 0
        if self._listens_s:
            return b""
        *lines, self._heard = self._heard.split(b"\n")
        return b"".join(self._obey(line) for line in lines)

    def samples(self, n: int) -> bytes:
        """What is sent during the next `n` samples."""
        sent = b""
        self._deaf_samples -= n
        for _ in range(n):
            self._quiet_samples += 1
            if self._heard and self._listens_s and self._quiet_samples >= self._listens_s * self.sfreq:
                heard, self._heard = self._heard, b""
                sent += self._obey(heard)
            if self.is_streaming:
                sent += self._frame()
        return sent

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Codes since the last ``START``, less half scale."""
        return (self._codes(first, n) - 2.0 ** (self.bits - 1)).astype(np.float32)

    def _codes(self, first: int, n: int) -> npt.NDArray[np.int64]:
        middle = 2 ** (self.bits - 1)
        wave = squeezes(first, n, self.n_channels, self.sfreq)
        codes: npt.NDArray[np.int64] = np.clip(np.rint(middle + middle * wave), 0, 2 * middle - 1).astype(np.int64)
        return codes

    def _frame(self) -> bytes:
        frame = bytearray((0xC7, 0x7C, self._counter))
        for code in self._codes(self._n_sent, 1)[0].tolist():
            frame += bytes(divmod(code, 256))
        frame.append(0x01)
        self._counter = (self._counter + 1) % 256
        self._n_sent += 1
        return bytes(frame)

    def _obey(self, line: bytes) -> bytes:
        match line.strip():
            case b"WHORU":
                return self.board.encode() + b"\r\n"
            case b"START":
                self.is_streaming, self._n_sent = True, 0
            case b"STOP":
                self.is_streaming = False
            case b"STATUS":
                return b"START\r\n" if self.is_streaming else b"STOP\r\n"
        return b""
