"""`Lately`: the blocks that were taken last, for a session that begins with what was before it."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Final

from drivers.types import SampleBlock

KEPT_S: Final = 10.0
"""More than a pre-roll and the time that a disk may take to begin."""


class Lately:
    """Keeps the blocks of the last ten seconds. On one thread."""

    def __init__(self) -> None:
        self._blocks: deque[SampleBlock] = deque()
        self._firsts: Mapping[str, tuple[int, int]] = {}

    def add(self, block: SampleBlock) -> bool:
        """Keep the newest block; False if it lies before the beginning, because a busy computer takes it late."""
        self._blocks.append(block)
        while block.arrival_ns - self._blocks[0].arrival_ns > KEPT_S * 1e9:
            self._blocks.popleft()
        return self._is_wanted(block)

    def begin(self, firsts: Mapping[str, tuple[int, int]]) -> Iterator[SampleBlock]:
        """Begin with these samples; gives the blocks of them that were taken already, in that order.

        Parameters
        ----------
        firsts : mapping of str to (int, int)
            Epoch and index of the first sample that is wanted, by stream; of a stream that is not named, everything.
        """
        self._firsts = firsts
        return (block for block in self._blocks if self._is_wanted(block))

    def _is_wanted(self, block: SampleBlock) -> bool:
        return (block.epoch, block.first_index) >= self._firsts.get(block.stream_id, (0, 0))
