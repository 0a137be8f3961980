"""Notifications of NPG Lite. Pure: bytes in, samples out.

Ten samples in each notification, each a counter (u8) and ``n_channels`` codes (u16 big-endian) of 12 bits. The counter
numbers what the device sends, from 0 at ``START``; what it drops before sending leaves no gap.
"""

import numpy as np

from drivers.codec import Chunk, Unwrapper

SFREQ = 500.0
BITS = 12
MIDDLE = 2 ** (BITS - 1)
SAMPLES = 10
"""In one notification."""
_LATE = 3 * SAMPLES
"""A counter that steps back no further than this comes late or twice, where it comes soon after the last one ..."""
_LATE_NS = 400_000_000
"""... namely before a loss can have taken the counter nearly around."""


def payload_size(n_channels: int) -> int:
    """Bytes of one notification: 70 with three channels, 130 with six."""
    return SAMPLES * (1 + 2 * n_channels)


class NpgCodec:
    """Decodes notifications, one for each call of `feed`.

    Parameters
    ----------
    n_channels : int
    """

    def __init__(self, n_channels: int) -> None:
        self.n_damaged = 0
        self._size = payload_size(n_channels)
        self._unwrapper = Unwrapper(256, SFREQ)
        self.restart()

    def restart(self) -> None:
        """Begin anew: the next notification has index 0."""
        self._unwrapper.restart()
        self._last: int | None = None
        self._last_ns = 0
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take one notification; one of another size, or that comes twice or late, is dropped and counted."""
        if len(data) != self._size:
            self.n_damaged += 1
            return []
        rows = np.frombuffer(data, np.uint8).reshape(SAMPLES, -1)
        counters = rows[:, 0].astype(int)
        is_whole = (np.diff(counters) % 256 == 1).all()
        if not is_whole or self._is_late(int(counters[0]), arrival_ns):
            self.n_damaged += 1
            return []
        self._last, self._last_ns = int(counters[-1]), arrival_ns
        steps = [self._unwrapper.step(int(counter), arrival_ns) for counter in counters]
        n_lost = sum(steps) - SAMPLES
        first_index = self._next_index + n_lost
        self._next_index = first_index + SAMPLES
        codes = np.ascontiguousarray(rows[:, 1:]).view(">u2")
        return [Chunk((codes.astype(np.int32) - MIDDLE).astype(np.float32), first_index, arrival_ns, n_lost)]

    def _is_late(self, counter: int, arrival_ns: int) -> bool:
        if self._last is None or arrival_ns - self._last_ns > _LATE_NS:
            return False
        return (self._last - counter) % 256 < _LATE
