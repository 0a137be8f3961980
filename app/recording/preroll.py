"""`PreRoll`: the last seconds before a session begins belong to it, although nothing was recorded yet.

Who is asked to start has often begun to move, and a rest before the first squeeze is worth more than one after it. So
the blocks of the last seconds are held while nothing records, and are the first that a recorder gets.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from drivers.types import SampleBlock

PRE_ROLL_S: Final = 3.5
"""Three, and what packets and the watch on two clocks hold back."""


class PreRoll:
    """Stands between the drivers' threads and a recorder that comes later.

    Parameters
    ----------
    seconds : float
        How much is held.
    """

    def __init__(self, seconds: float = PRE_ROLL_S) -> None:
        self._most_ns = round(seconds * 1e9)
        self._held: deque[SampleBlock] = deque()
        self._record: Callable[[SampleBlock], None] | None = None
        self._begun = False
        self._next: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def push_block(self, block: SampleBlock) -> None:
        """Hold a block, or hand it on once the session has begun. On any thread; never waits for a disk."""
        with self._lock:
            self._next[block.stream_id] = block.epoch, block.first_index + block.n_samples
            if self._record is not None:
                self._record(block)
            elif not self._begun:
                self._held.append(block)
                while block.arrival_ns - self._held[0].arrival_ns > self._most_ns:
                    self._held.popleft()

    def begin(self, record: Callable[[SampleBlock], None] | None) -> dict[str, tuple[int, int]]:
        """Hand over what is held, and from now on every block; between the two none is lost, and none comes twice.

        Parameters
        ----------
        record : callable or None
            `Recorder.push_block`; None where the session is not recorded.

        Returns
        -------
        dict of str to tuple of (int, int)
            Epoch and index of the first sample that belongs to the session, by stream; where nothing is held, that
            of the next block. A stream that was never heard belongs to it from its first sample on.
        """
        with self._lock:
            firsts = dict(self._next)
            for block in reversed(self._held):
                firsts[block.stream_id] = block.epoch, block.first_index
            for block in self._held:
                if record is not None:
                    record(block)
            self._held.clear()
            self._record, self._begun = record, True
            return firsts
