"""Blocks of unpaced sources, one after the other in merge order: nothing is dropped, the sources wait.

Each driver delivers on its own thread into a small buffer and is held back when that is full; the one thread that
runs engine and recorder takes the blocks in order of (arrival, stream).
"""

import heapq
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from drivers.errors import SourceLostError
from drivers.types import LinkState, SampleBlock

DEPTH: Final = 64


class Feed:
    """`DriverListener` of one unpaced driver, and the iterator over its blocks.

    Attributes
    ----------
    n_streams : int
        How many streams must close before the feed ends; set it once the driver is open.
    """

    def __init__(self) -> None:
        self.n_streams = 1
        self._blocks: deque[SampleBlock] = deque()
        self._changed = threading.Condition()
        self._n_closed = 0
        self._fault = ""
        self._stopped = False

    def on_block(self, block: SampleBlock) -> None:
        """Take a block; waits for room, so that nothing is ever dropped."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._blocks) < DEPTH or self._stopped)
            if not self._stopped:
                self._blocks.append(block)
                if len(self._blocks) == 1:  # the engine waits for the first alone
                    self._changed.notify_all()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        """Take note of the end, and of why it came if it came too early."""
        if state is LinkState.UNAVAILABLE:
            self._fault = reason
        if state is LinkState.CLOSED:
            with self._changed:
                self._n_closed += 1
                self._changed.notify_all()

    def stop(self) -> None:
        """Let the driver go: whatever it still delivers is not wanted."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def raise_fault(self) -> None:
        """Raise what ended the source before its end, if anything did.

        Raises
        ------
        SourceLostError
        """
        if self._fault:
            raise SourceLostError(self._fault)

    def __iter__(self) -> Iterator[SampleBlock]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._blocks or self._n_closed >= self.n_streams or self._stopped)
                if not self._blocks:
                    return
                # All at once: two threads that hand over block by block spend a third of the time on waking each other.
                taken, self._blocks = self._blocks, deque()
                self._changed.notify_all()
            yield from taken


def merged(feeds: Sequence[Feed], offsets_ns: Sequence[int]) -> Iterator[SampleBlock]:
    """Blocks of all feeds in order of (arrival_ns, stream_id), each feed's arrivals later by its offset."""

    def shifted(feed: Feed, offset_ns: int) -> Iterator[SampleBlock]:
        if not offset_ns:
            return iter(feed)
        return (replace(block, arrival_ns=block.arrival_ns + offset_ns) for block in feed)

    late = [shifted(feed, offset_ns) for feed, offset_ns in zip(feeds, offsets_ns, strict=True)]
    if len(late) == 1:
        return late[0]
    return heapq.merge(*late, key=lambda block: (block.arrival_ns, block.stream_id))
