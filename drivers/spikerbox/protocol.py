"""The stream of a SpikerBox: frames of samples, with messages in between and inside. Pure: bytes in, samples out.

A frame is two bytes a channel, seven bits each, high ones first; bit 7 is set in the first byte of a frame and in no
other. A message stands between two marks that no frame can hold, anywhere in the stream, and may split a frame.
There is neither counter nor checksum: what is lost shows only where it tears a frame.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from drivers.codec import Chunk

MESSAGE_BEGIN = b"\xff\xff\x01\x01\x80\xff"
MESSAGE_END = b"\xff\xff\x01\x01\x81\xff"
LONGEST_MESSAGE = 256
"""Bytes; whatever is longer had its end damaged, and was samples."""
MOST_CHANNELS = 6
FRAMES_TO_RELOCK = 50
"""Frames in a row of one other width after which the box has changed its number of channels."""
_LONGEST_TAIL = 64
"""Bytes without a beginning of a frame that are kept; a frame has twelve at most."""
_START = 0x80


class MessageFilter:
    """Takes the messages out of the stream."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        """Texts of the messages so far, e.g. ``HWT:HUMANSB;``; whoever reads them takes them out."""
        self._held = b""

    def restart(self) -> None:
        """Forget what was begun."""
        self._held = b""
        self.messages.clear()

    def feed(self, data: bytes) -> bytes:
        """Give the bytes that are samples; what may be the beginning of a mark is kept for the next call."""
        rest = self._held + data
        samples = b""
        while True:
            before, begun, after = rest.partition(MESSAGE_BEGIN)
            if not begun:
                n_kept = _n_begun(before, MESSAGE_BEGIN)
                self._held = before[len(before) - n_kept :]
                return samples + before[: len(before) - n_kept]
            samples += before
            text, ended, rest_after = after.partition(MESSAGE_END)
            again = text.find(MESSAGE_BEGIN)
            if again >= 0:  # the end of this one was lost, and another begins
                samples, rest = samples + text[:again], after[again:]
            elif ended and len(text) < LONGEST_MESSAGE + len(MESSAGE_END):
                self.messages.append(text.decode("ascii", "replace").strip())
                rest = rest_after
            elif len(text) >= LONGEST_MESSAGE + len(MESSAGE_END):  # the end itself may be half there
                rest = after
            else:
                self._held = begun + after
                return samples


def _n_begun(data: bytes, mark: bytes) -> int:
    """How many of the last bytes may be the beginning of `mark`."""
    return next((n for n in range(len(mark) - 1, 0, -1) if data.endswith(mark[:n])), 0)


def find_n_channels(samples: bytes) -> int | None:
    """Tell from a piece of the stream without messages how many channels its frames have.

    Returns
    -------
    int or None
        That of most frames; None if there are fewer than ten frames, or if hardly any two are alike.
    """
    starts = np.flatnonzero(np.frombuffer(samples, np.uint8) & _START)
    lengths = np.diff(starts)
    if len(lengths) < 10:
        return None
    n_frames = np.bincount(np.minimum(lengths, 2 * MOST_CHANNELS + 1))
    length = int(n_frames.argmax())
    is_plausible = length % 2 == 0 and length <= 2 * MOST_CHANNELS and 2 * n_frames[length] > len(lengths)
    return length // 2 if is_plausible else None


class SpikerBoxCodec:
    """Decodes the stream of one box.

    Parameters
    ----------
    n_channels : int
        As found by `find_n_channels`. When a box changes it, its chunks have another width from then on.
    bits : int
        Of the converter; a frame with a greater code is damage. Half scale becomes zero.
    """

    def __init__(self, n_channels: int, bits: int) -> None:
        self.n_damaged = 0
        self.n_channels = n_channels
        self._most = 2**bits - 1
        self._middle = 2 ** (bits - 1)
        self._filter = MessageFilter()
        self.restart()

    def restart(self) -> None:
        """Begin anew; what comes before the first frame is no damage."""
        self._filter.restart()
        self._bytes = b""
        self._is_cut = True
        self._n_torn_bytes = 0
        self._n_of_other_length = 0
        self._other_length = 0
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere; see `drivers.codec.Codec`. A frame is given when the next one begins.

        The ``n_lost`` of a chunk is what the torn bytes before it had room for, and one at least.
        """
        self._bytes += self._filter.feed(data)
        self._filter.messages.clear()
        stream = np.frombuffer(self._bytes, np.uint8)
        starts = np.flatnonzero(stream & _START)
        chunks: list[Chunk] = []
        if not len(starts):
            if len(stream) > _LONGEST_TAIL:
                self._tear(len(stream))
                self._bytes = b""
            return chunks
        if starts[0]:
            self._tear(int(starts[0]))
        self._is_cut = False
        self._split(stream, starts, arrival_ns, chunks)
        if len(stream) - starts[-1] > _LONGEST_TAIL:
            self._tear(len(stream) - int(starts[-1]))
            self._bytes = b""
        else:
            self._bytes = self._bytes[int(starts[-1]) :]
        return chunks

    def _split(
        self, stream: npt.NDArray[np.uint8], starts: npt.NDArray[np.intp], arrival_ns: int, chunks: list[Chunk]
    ) -> None:
        """Give runs of whole frames, and see to what is between them."""
        lengths = np.diff(starts)
        done = 0
        while done < len(lengths):
            width = 2 * self.n_channels
            odd = np.flatnonzero(lengths[done:] != width)
            n_whole = int(odd[0]) if len(odd) else len(lengths) - done
            if n_whole:
                self._n_of_other_length = 0
                frames = stream[starts[done] : starts[done] + n_whole * width].reshape(n_whole, width)
                self._give(frames, arrival_ns, chunks)
                done += n_whole
            if done < len(lengths):
                self._note_other(int(lengths[done]))
                done += 1

    def _give(self, frames: npt.NDArray[np.uint8], arrival_ns: int, chunks: list[Chunk]) -> None:
        codes = (frames[:, 0::2] & 0x7F).astype(np.int32) << 7 | frames[:, 1::2]
        wrong = np.flatnonzero((codes > self._most).any(axis=1))
        for begin, end in pairwise([-1, *wrong.tolist(), len(codes)]):
            run = codes[begin + 1 : end]
            if len(run):
                n_lost = max(1, round(self._n_torn_bytes / (2 * self.n_channels))) if self._n_torn_bytes else 0
                self._n_torn_bytes = 0
                first_index = self._next_index + n_lost
                self._next_index = first_index + len(run)
                chunks.append(Chunk((run - self._middle).astype(np.float32), first_index, arrival_ns, n_lost))
            if end < len(codes):
                self._tear(2 * self.n_channels)

    def _note_other(self, length: int) -> None:
        self._tear(length)
        self._n_of_other_length = self._n_of_other_length + 1 if length == self._other_length else 1
        self._other_length = length
        if self._n_of_other_length == FRAMES_TO_RELOCK and length % 2 == 0 and length <= 2 * MOST_CHANNELS:
            self.n_channels = length // 2

    def _tear(self, n_bytes: int) -> None:
        if self._is_cut:
            return
        if not self._n_torn_bytes:
            self.n_damaged += 1
        self._n_torn_bytes += n_bytes
