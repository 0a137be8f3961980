"""What an OpenBCI Cyton says and hears on the serial port of its dongle. Pure: bytes in, samples out.

Written after the makers' firmware 3.1.2 (OpenBCI/OpenBCI_Cyton_Library) and their data format
(OpenBCI/Documentation, website/docs/Cyton/03-Cyton_Data_Format.md). Commands are single letters or short words
without a line end; answers end with `END_OF_ANSWER` and come only while the board does not stream.
"""

import numpy as np
import numpy.typing as npt

from drivers.codec import Chunk, Unwrapper

RESET = b"v"
START = b"b"
STOP = b"s"
REMOVE_DAISY = b"c"
"""Back to 8 channels at 250 Hz."""
END_OF_ANSWER = b"$$$"

SFREQ = 250.0
"""Nominal: the converters run on their own oscillators, about 1 % fast in some (OpenBCI_Cyton_Library issue 25)."""
DAISY_SFREQ = 125.0
N_CHANNELS = 8
N_DAISY_CHANNELS = 16
GAINS = (1, 2, 4, 6, 8, 12, 24)

_REFERENCE_V = 4.5
_CHANNEL_LETTERS = "12345678QWERTYUI"

_HEADER = 0xA0
_FIRST_FOOTER, _LAST_FOOTER = 0xC0, 0xC6
"""The low digit tells what the six auxiliary bytes are; they are not read."""
_SIZE = 33
_LOOKAHEAD = _SIZE + 2
"""A frame with the header and the counter of the next."""
_COUNTERS = 256


def lsb_v(gain: int) -> float:
    """Volts per count (data format page, "Interpreting the EEG Data")."""
    return _REFERENCE_V / gain / (2**23 - 1)


def full_scale_v(gain: int) -> float:
    """Largest voltage that the converter can give."""
    return _REFERENCE_V / gain


def channel_on(channel: int, gain: int) -> bytes:
    """Command that makes a channel fit for EMG: bipolar between its own two pins, and part of the bias drive.

    After a reset every channel is measured against the common pin SRB2 instead, which is for EEG.

    Parameters
    ----------
    channel : int
        From 1; above 8 on the Daisy.
    gain : int
        One of `GAINS`.
    """
    return f"x{_CHANNEL_LETTERS[channel - 1]}0{GAINS.index(gain)}0100X".encode()


def channel_off(channel: int) -> bytes:
    """Command that powers a channel down and keeps its open pins out of the bias drive."""
    return f"x{_CHANNEL_LETTERS[channel - 1]}161000X".encode()


class CytonCodec:
    """Decodes the frames of a running Cyton.

    A frame has no checksum. It is taken if its header, its footer and the header of the next frame stand where they
    must, and its counter follows that of the frame before, or lies between it and that of the next; so a sample comes
    one frame, 4 ms, after it was sent. Where that does not fit, one byte is skipped.

    With a Daisy, frames with an even counter carry channels 9 to 16 and those with an odd one channels 1 to 8, each the
    mean of two measurements. An even frame and the next odd one are one sample; if either is lost, both are.

    Parameters
    ----------
    gain : int
        One of `GAINS`, for all channels.
    daisy : bool
        Whether frames alternate.
    """

    def __init__(self, *, gain: int = 24, daisy: bool = False) -> None:
        self.n_damaged = 0
        self._lsb_v = lsb_v(gain)
        self._frames_per_sample = 2 if daisy else 1
        self._unwrapper = Unwrapper(_COUNTERS, SFREQ)
        self.restart()

    def restart(self) -> None:
        """Begin anew after a (re)connection."""
        self._unwrapper.restart()
        self._bytes = bytearray()
        self._in_step = False
        self._counter: int | None = None
        self._number = self._first_number = 0
        self._even: tuple[int, bytes] | None = None
        self._origin: int | None = None
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, see `drivers.codec.Codec`.

        Parameters
        ----------
        data : bytes
            Of any length, cut anywhere.
        arrival_ns : int
            When they came.

        Returns
        -------
        list of Chunk
            Samples in volts, shape (n_samples, 8), or (n_samples, 16) with a Daisy.
        """
        self._bytes += data
        frames = self._numbered(self._frames(), arrival_ns)
        rows = frames if self._frames_per_sample == 1 else self._pairs(frames)
        if not rows:
            return []
        if self._origin is None:
            self._origin = rows[0][0]
        samples = (_counts([row for _, row in rows]) * self._lsb_v).astype(np.float32)
        indices = [number - self._origin for number, _ in rows]
        starts = [i for i, index in enumerate(indices) if i == 0 or index != indices[i - 1] + 1]
        chunks = []
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            n_lost = indices[start] - self._next_index
            chunks.append(Chunk(samples[start:end], indices[start], arrival_ns, n_lost))
            self._next_index = indices[end - 1] + 1
        return chunks

    def _frames(self) -> list[bytes]:
        """Take every frame out of the bytes that is certain by now."""
        data, at = self._bytes, 0
        frames = []
        while len(data) - at >= _LOOKAHEAD:
            if self._is_frame(at):
                frames.append(bytes(data[at : at + _SIZE]))
                self._counter = data[at + 1]
                self._in_step = True
                at += _SIZE
                continue
            self.n_damaged += self._in_step
            self._in_step = False
            found = data.find(_HEADER, at + 1)
            at = len(data) if found < 0 else found
        del data[:at]
        return frames

    def _is_frame(self, at: int) -> bool:
        data = self._bytes
        header, footer, next_header = data[at], data[at + _SIZE - 1], data[at + _SIZE]
        if header != _HEADER or next_header != _HEADER or not _FIRST_FOOTER <= footer <= _LAST_FOOTER:
            return False
        to_next = (data[at + _SIZE + 1] - data[at + 1]) % _COUNTERS
        if self._counter is None:
            return to_next == 1
        # A damaged counter lies off the way from its predecessor to its successor; believed, it would cost a turn.
        to_this = (data[at + 1] - self._counter) % _COUNTERS
        return to_this == 1 or 0 < to_this < to_this + to_next < _COUNTERS

    def _numbered(self, frames: list[bytes], arrival_ns: int) -> list[tuple[int, bytes]]:
        """Give each frame its counter without the wraps."""
        numbered = []
        for frame in frames:
            step = self._unwrapper.step(frame[1], arrival_ns)
            if not self._number:
                self._number = self._first_number = _COUNTERS + frame[1]  # even where the counter is
            else:
                self._number += step
            numbered.append((self._number, frame))
        return numbered

    def _pairs(self, frames: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        """Join each even frame to the odd one that follows it, channels 1 to 8 in front."""
        pairs = []
        for number, frame in frames:
            if number == self._first_number:
                continue  # there was nothing yet to take the mean with
            if number % 2 == 0:
                self._even = number, frame
            elif self._even is not None and self._even[0] == number - 1:
                pairs.append((number // 2, frame + self._even[1]))
        return pairs


def _counts(rows: list[bytes]) -> npt.NDArray[np.int32]:
    """Read 24-bit big-endian two's complement; shape (n_rows, 8 for each frame in a row)."""
    frames = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1, _SIZE)
    values = frames[:, :, 2:26].reshape(len(rows), -1, 3)
    top = values[:, :, 0].view(np.int8).astype(np.int32)
    return top << 16 | values[:, :, 1].astype(np.int32) << 8 | values[:, :, 2]
