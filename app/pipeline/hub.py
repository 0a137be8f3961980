"""The hub: every block and link change of every driver comes in here and is handed on within microseconds.

Runs on the drivers' threads. It never blocks: samples go into a ring, a note of them into a queue that the DSP thread
empties, and the block itself to the sinks (the recorder), before any DSP and whatever the DSP does.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.pipeline.align import BEHIND_S
from app.pipeline.health import LinkView
from app.pipeline.ring import RingBuffer, RingOverrun
from drivers.types import Float32Array, LinkState, SampleBlock, StreamInfo

RING_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """A block that lies in the ring at positions [start, stop)."""

    stream_id: str
    start: int
    stop: int
    first_index: int
    epoch: int
    arrival_ns: int
    n_lost: int
    received_ns: int


@dataclass(frozen=True, slots=True)
class LinkNote:
    """A link changed."""

    stream_id: str
    state: LinkState
    reason: str


class Hub:
    """`DriverListener` of a paced session.

    Parameters
    ----------
    sinks : sequence of callables
        Get every raw block on the driver's thread; must not block.
    clock_ns : callable
        ``time.perf_counter_ns``; a test gives its own.
    """

    def __init__(
        self,
        sinks: Sequence[Callable[[SampleBlock], None]] = (),
        clock_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        self.sinks = list(sinks)
        self.clock_ns = clock_ns
        self.arrived = threading.Event()
        self.reconnects = 0
        self.overruns = 0
        self._rings: dict[str, RingBuffer] = {}
        self._inbox: deque[Arrived | LinkNote] = deque()
        self._queues: dict[str, deque[Arrived | LinkNote]] = {}
        self._newest: dict[str, Arrived] = {}
        self._begun_ns: int | None = None
        self._links: dict[str, LinkView] = {}
        self._open: set[str] = set()
        self._taken = True

    def add_stream(self, info: StreamInfo, sites: tuple[str, ...]) -> None:
        """Make room for a stream; call before its driver starts."""
        self._rings[info.stream_id] = RingBuffer(max(1, round(RING_S * info.sfreq)), len(info.ch_names))
        self._links[info.stream_id] = LinkView(info.stream_id, sites, LinkState.CONNECTING, "", self.clock_ns())
        self._queues[info.stream_id] = deque()
        self._open.add(info.stream_id)

    @property
    def links(self) -> tuple[LinkView, ...]:
        """State of every stream's link."""
        return tuple(self._links.values())

    @property
    def ended(self) -> bool:
        """Whether every source has ended and nothing is left to take."""
        return not self._open and not self._inbox and not any(self._queues.values())

    def on_block(self, block: SampleBlock) -> None:
        """Take a block; on the driver's thread."""
        received_ns = self.clock_ns()
        for sink in self.sinks:
            sink(block)
        ring = self._rings.get(block.stream_id)
        if ring is None or not self._taken:
            return
        start, stop = ring.write(block.samples)
        head = (block.first_index, block.epoch, block.arrival_ns, block.n_lost)
        self._inbox.append(Arrived(block.stream_id, start, stop, *head, received_ns))
        self.arrived.set()

    def newest(self, stream_id: str, n_samples: int) -> Float32Array:
        """Copy the newest samples of a stream, from any thread and without waiting for any.

        Returns
        -------
        ndarray of float32, shape (n, n_channels)
            Fewer than asked for, where not so many came yet; none of a stream that is not there.
        """
        ring = self._rings.get(stream_id)
        if ring is None:
            return np.empty((0, 0), np.float32)
        stop = ring.written
        with contextlib.suppress(RingOverrun):  # written over by a burst while it was copied: the next look shows it
            return ring.read(max(0, stop - min(n_samples, ring.capacity // 2)), stop)
        return ring.read(stop, stop)

    def let_go(self) -> None:
        """Nobody takes blocks any more: those that still come go to the sinks alone, or memory would grow with them."""
        self._taken = False
        self._inbox.clear()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        """Take a link change; on the driver's thread."""
        before = self._links.get(stream_id)
        if before is not None:
            if state is LinkState.RECONNECTING and before.state is not LinkState.RECONNECTING:
                self.reconnects += 1
            self._links[stream_id] = LinkView(stream_id, before.sites, state, reason, self.clock_ns())
        self._inbox.append(LinkNote(stream_id, state, reason))
        if state is LinkState.CLOSED:
            self._open.discard(stream_id)
        self.arrived.set()

    def take(self) -> tuple[SampleBlock, int] | LinkNote | None:
        """Next block with its time of receipt, or link change; None if there is none yet. On the DSP thread.

        Blocks of several streams come in the order of (arrival_ns, stream_id), whatever the order in which the
        drivers' threads ran. A block that was overwritten before it was taken is counted and left out; the engine sees
        a gap.
        """
        while True:
            while self._inbox:
                note = self._inbox.popleft()
                self._queues.setdefault(note.stream_id, deque()).append(note)
                if isinstance(note, Arrived):
                    self._newest[note.stream_id] = note
                    self._begun_ns = note.received_ns if self._begun_ns is None else self._begun_ns
            arrived = self._next()
            if not isinstance(arrived, Arrived):
                return arrived
            try:
                samples = self._rings[arrived.stream_id].read(arrived.start, arrived.stop)
            except RingOverrun:
                self.overruns += 1
                continue
            head = (arrived.first_index, arrived.epoch, arrived.arrival_ns, arrived.n_lost)
            return SampleBlock(arrived.stream_id, samples, *head), arrived.received_ns

    def _next(self) -> Arrived | LinkNote | None:
        """The earliest block, once no stream can bring an earlier one; a stream that is silent is not waited for.

        The grid waits in the same way, so this delays nothing that is shown. Silence is measured by the clock on the
        wall: at ten times the speed, half a second of source time is the nap of a busy computer.
        """
        first: Arrived | None = None
        for queue in self._queues.values():
            if not queue:
                continue
            head = queue[0]
            if isinstance(head, LinkNote):
                queue.popleft()
                return head
            if first is None or (head.arrival_ns, head.stream_id) < (first.arrival_ns, first.stream_id):
                first = head
        if first is None or self._begun_ns is None:
            return None
        silent_ns = max(newest.received_ns for newest in self._newest.values()) - round(BEHIND_S * 1e9)
        for stream_id in tuple(self._open):
            newest = self._newest.get(stream_id)
            heard_ns = self._begun_ns if newest is None else newest.received_ns
            may_be_earlier = newest is None or newest.arrival_ns < first.arrival_ns
            if not self._queues[stream_id] and may_be_earlier and heard_ns >= silent_ns:
                return None
        self._queues[first.stream_id].popleft()
        return first
