"""An OpenBCI Cyton behind its radio dongle, after OpenBCI_32bit_Library.cpp of OpenBCI/OpenBCI_Cyton_Library."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

AMPLITUDE_V = 1e-3
BETWEEN_PIN_AND_SRB2_V = 5e-3
"""What a channel measures in addition while it is not bipolar: enough to notice."""
INVALID = 1_234_567
"""Counts of the first frame with a Daisy, a mean of one measurement and whatever was there before."""

_GAINS = (1, 2, 4, 6, 8, 12, 24)
_LETTERS = "12345678QWERTYUI"


@dataclass
class Channel:
    """The settings of one channel, as ``d`` leaves them."""

    off: bool = False
    gain: int = 24
    input_type: int = 0
    bias: bool = True
    srb2: bool = True


class CytonDevice:
    """Answers like firmware 3.1.2 and sends from ``b`` on.

    Parameters
    ----------
    daisy : bool
        Whether a Daisy sits on the board.
    board_is_on : bool
        False leaves the dongle alone on the port.
    """

    def __init__(self, *, daisy: bool = False, board_is_on: bool = True) -> None:
        self.board_is_on = board_is_on
        self.has_daisy = daisy
        self.is_streaming = False
        self.commands: list[str] = []
        """Everything the board was told, in order."""
        self._word = ""
        self._n_frames = 0
        self._reset()

    @property
    def sfreq(self) -> float:
        """250 Hz, or half of it while two boards share the radio."""
        return 125.0 if self.daisy_is_used else 250.0

    def receive(self, data: bytes) -> bytes:
        """Take commands letter by letter; while it streams it answers nothing."""
        if not self.board_is_on:
            return b"Failure: Communications timeout - Device failed to poll Host$$$" if data else b""
        return b"".join(self._take(letter) for letter in data.decode("ascii", "replace"))

    def samples(self, n: int) -> bytes:
        """What is sent during the next `n` samples."""
        if not self.is_streaming:
            return b""
        n_frames = 2 * n if self.daisy_is_used else n
        first, self._n_frames = self._n_frames, self._n_frames + n_frames
        return b"".join(self._frame(number) for number in range(first, first + n_frames))

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Volts since the last ``b``; with a Daisy, since frame 2, the first that holds a mean of two measurements."""
        lsb = np.array([self._lsb_v(channel) for channel in self.channels])
        if not self.daisy_is_used:
            return np.asarray(self._counts(first, n)[:, :8] * lsb[:8], np.float32)
        rows = [
            [*self._means(2 * i + 3)[:8], *self._means(2 * i + 2)[8:]]  # the board is behind its Daisy by one frame
            for i in range(first, first + n)
        ]
        return np.asarray(np.array(rows) * lsb, np.float32)

    def _reset(self) -> None:
        self.channels = [Channel() for _ in _LETTERS]
        self.daisy_is_used = self.has_daisy
        self.is_streaming = False
        self._n_frames = 0

    def _take(self, letter: str) -> bytes:
        self._word += letter
        if self._word[0] == "x" and len(self._word) < 9:
            return b""
        word, self._word = self._word, ""
        self.commands.append(word)
        answer = self._obey(word)
        return b"" if self.is_streaming else answer

    def _obey(self, word: str) -> bytes:
        match word[0]:
            case "v":
                self._reset()
                daisy = "On Daisy ADS1299 Device ID: 0x3E\r\n" if self.has_daisy else ""
                return (
                    "OpenBCI V3 8-16 channel\r\nOn Board ADS1299 Device ID: 0x3E\r\n"
                    f"{daisy}LIS3DH Device ID: 0x33\r\nFirmware: v3.1.2\r\n$$$"
                ).encode()
            case "d":
                self.channels = [Channel() for _ in _LETTERS]
                return b"updating channel settings to default$$$"
            case "c" if self.daisy_is_used:
                self.daisy_is_used = False
                return b"daisy removed$$$"
            case "b":
                self.is_streaming, self._n_frames = True, 0
            case "s":
                self.is_streaming = False
            case "x":
                return self._set(word)
        return b""

    def _set(self, word: str) -> bytes:
        _, channel, off, gain, input_type, bias, srb2, _, latch = list(word)
        if channel not in _LETTERS or latch != "X" or gain not in "0123456":
            return b"Failure: Err: 9th char not X$$$"
        number = _LETTERS.index(channel)
        self.channels[number] = Channel(off == "1", _GAINS[int(gain)], int(input_type), bias == "1", srb2 == "1")
        return f"Success: Channel set for {number + 1}\n$$$".encode()

    @staticmethod
    def _lsb_v(channel: Channel) -> float:
        return 4.5 / channel.gain / 8_388_607

    def _counts(self, first: int, n: int) -> npt.NDArray[np.int64]:
        """What all 16 converters measure, at 250 Hz; 0 before the start."""
        wave = AMPLITUDE_V * squeezes(first, n, len(_LETTERS), 250.0)
        wave[: max(0, -first)] = 0.0
        for number, channel in enumerate(self.channels):
            wave[:, number] += BETWEEN_PIN_AND_SRB2_V * channel.srb2
            wave[:, number] *= not (channel.off or channel.input_type == 1)
            wave[:, number] /= self._lsb_v(channel)
        return np.clip(np.rint(wave), -(2**23), 2**23 - 1).astype(np.int64)

    def _means(self, frame: int) -> list[int]:
        before, now = self._counts(frame - 1, 2).tolist()
        return [int((a + b) / 2) for a, b in zip(before, now, strict=True)]  # C rounds towards zero

    def _frame(self, number: int) -> bytes:
        if not self.daisy_is_used:
            counts = self._counts(number, 1)[0, :8].tolist()
        elif number == 0:
            counts = [INVALID] * 8
        else:
            counts = self._means(number)[8:] if number % 2 == 0 else self._means(number)[:8]
        channels = b"".join(count.to_bytes(3, "big", signed=True) for count in counts)
        acceleration = (0, 0, 0x2000) if number % 10 == 0 else (0, 0, 0)  # 25 Hz; zeros between
        axes = b"".join(axis.to_bytes(2, "big", signed=True) for axis in acceleration)
        return bytes((0xA0, number % 256)) + channels + axes + b"\xc0"
