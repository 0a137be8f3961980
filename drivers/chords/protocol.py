"""Frames of Chords firmware on a wire. Pure: bytes in, samples out.

::

    C7 7C | counter u8 | n_channels x u16 big-endian | 01

There is no checksum. A frame is taken only if header, end and codes fit and its counter is the next one, or else if
what comes after it agrees; after anything else the search goes on one byte further. A flipped bit inside a code that
stays in the converter's range cannot be told from a sample.
"""

from collections import Counter

import numpy as np
import numpy.typing as npt

from drivers.chords.boards import Board
from drivers.codec import Chunk, Unwrapper

HEADER = b"\xc7\x7c"
END = 0x01
_AROUND = 4
"""Bytes of a frame that are no codes: header, counter, end."""
MOST_CHANNELS = 32
_ENOUGH_FRAMES = 4
"""Frames of one length in a row that settle it."""


def find_n_channels(data: bytes) -> int | None:
    """Tell from a piece of the stream how many channels its frames have.

    Parameters
    ----------
    data : bytes
        Cut anywhere, with anything in front.

    Returns
    -------
    int or None
        What the commonest distance from one header to the next says, if an end lies before the next and the counter
        is one higher there; None if too few frames agree.
    """
    lengths: Counter[int] = Counter()
    place = data.find(HEADER)
    while place >= 0:
        for length in range(_AROUND + 2, _AROUND + 2 * MOST_CHANNELS + 1, 2):
            after = data[place + length - 1 : place + length + 3]
            if after[:-1] == bytes([END]) + HEADER and after[-1] == (data[place + 2] + 1) % 256:
                lengths[length] += 1
                break
        place = data.find(HEADER, place + 1)
    if not lengths:
        return None
    length, n_frames = lengths.most_common(1)[0]
    return (length - _AROUND) // 2 if n_frames >= _ENOUGH_FRAMES else None


class ChordsCodec:
    """Decodes the frames of one board.

    Parameters
    ----------
    board : Board
        Its resolution. Half scale becomes zero; codes of more than one bit above the resolution are damage (NPG Lite
        with an early chip stretches its codes a little past their 12 bits).
    n_channels : int
        As found by `find_n_channels`.
    sfreq : float
        Frames a second in Hz, to tell the turns of the counter.
    lsb : float
        Volts of one code, or 1.0 for counts.
    """

    def __init__(self, board: Board, n_channels: int, sfreq: float, lsb: float = 1.0) -> None:
        self.n_damaged = 0
        self._length = _AROUND + 2 * n_channels
        self._most = 2 ** (board.bits + 1) - 1
        self._middle = 2 ** (board.bits - 1)
        self._lsb = lsb
        self._unwrapper = Unwrapper(256, sfreq)
        self.restart()

    def restart(self) -> None:
        """Begin anew; what comes before the first whole frame is then no damage."""
        self._unwrapper.restart()
        self._bytes = b""
        self._due: int | None = None
        self._next_index = 0
        self._is_lost = True

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere; see `drivers.codec.Codec`."""
        self._bytes += data
        runs: list[tuple[int, bytearray]] = []
        place = 0
        while True:
            start = self._bytes.find(HEADER, place)
            if start < 0:
                # the last byte may be half a header
                start = len(self._bytes) - self._bytes.endswith(HEADER[:1])
            if start > place:
                self._note_damage()
            place = start
            fits = self._judge(place)
            if fits is None:
                break
            if fits:
                self._take(place, arrival_ns, runs)
                place += self._length
            else:
                self._note_damage()
                place += 1
        self._bytes = self._bytes[place:]
        return [self._chunk(n_lost, bytes(codes), arrival_ns) for n_lost, codes in runs]

    def _judge(self, place: int) -> bool | None:
        """Whether a frame begins here; None if more bytes are needed to tell."""
        frame = self._bytes[place : place + self._length]
        if len(frame) < self._length:
            return None
        if frame[-1] != END or self._codes(frame).max() > self._most:
            return False
        counter = frame[2]
        if counter == self._due:
            return True
        after = self._bytes[place + self._length : place + self._length + 3]
        if not HEADER.startswith(after[:2]):
            return False
        if len(after) < 3:
            return None
        if self._due is None:
            return after[2] == (counter + 1) % 256
        # A counter that its successor passes over, to go on from the one before, is a damaged one.
        return after[2] != (self._due + 1) % 256

    def _codes(self, frames: bytes) -> npt.NDArray[np.uint16]:
        rows = np.frombuffer(frames, np.uint8).reshape(-1, self._length)
        return np.ascontiguousarray(rows[:, 3:-1]).view(">u2")

    def _take(self, place: int, arrival_ns: int, runs: list[tuple[int, bytearray]]) -> None:
        frame = self._bytes[place : place + self._length]
        counter = frame[2]
        self._is_lost = False
        self._due = (counter + 1) % 256
        n_lost = self._unwrapper.step(counter, arrival_ns) - 1
        if n_lost < 0:  # the same frame again
            return
        if n_lost or not runs:
            runs.append((n_lost, bytearray()))
        runs[-1][1].extend(frame)

    def _chunk(self, n_lost: int, frames: bytes, arrival_ns: int) -> Chunk:
        centred = self._codes(frames).astype(np.int32) - self._middle
        samples = (centred * self._lsb).astype(np.float32)
        first_index = self._next_index + n_lost
        self._next_index = first_index + len(samples)
        return Chunk(samples, first_index, arrival_ns, n_lost)

    def _note_damage(self) -> None:
        """Count once, however many bytes it takes to find the next frame."""
        if not self._is_lost:
            self.n_damaged += 1
        self._is_lost = True
