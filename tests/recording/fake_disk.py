"""A disk and a clock that do what a test tells them."""

import errno
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.recording.disk import Disk, lay_reserve, sync_file, write_at
from app.recording.recorder import Recorder
from tests.recording.known_signal import note

PATIENCE_S = 20.0


@dataclass
class FakeDisk:
    """A disk that fails or stalls when told to.

    ``tried`` is released at every failure, ``synced`` at every sync that went well; ``stalled`` is set while a sync
    waits for ``go``.
    """

    refuse_writes: int | None = None
    """The errno of every write, or None."""
    refuse_syncs: int | None = None
    forgets: bool = False
    """Whether a refused sync throws away what it could not write, as systems do."""
    most_bytes: int = 1 << 30
    fits_reserve: bool = True
    free_bytes: int = 1 << 40
    tried: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    synced: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    wrote_note: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    stall: bool = False
    n_syncs: int = 0

    def write_at(self, fd: int, data: bytes, offset: int) -> int:
        refusal = self.refuse_writes  # read once: the test may take it back at any moment
        if refusal is not None:
            write_at(fd, data[: len(data) // 2], offset)
            self.tried.release()
            raise OSError(refusal, os.strerror(refusal))
        if b"note" in data:
            self.wrote_note.set()
        return write_at(fd, data[: self.most_bytes], offset)

    def sync(self, fd: int) -> None:
        self.n_syncs += 1
        if self.stall:
            self.stalled.set()
            assert self.go.wait(PATIENCE_S)
        refusal = self.refuse_syncs
        if refusal is not None:
            if self.forgets:
                write_at(fd, b"\0" * 100, os.fstat(fd).st_size - 100)
            self.tried.release()
            raise OSError(refusal, os.strerror(refusal))
        sync_file(fd)
        self.synced.release()

    def lay_reserve(self, path: Path, size: int) -> None:
        if not self.fits_reserve:
            self.tried.release()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        lay_reserve(path, size)

    def calls(self) -> Disk:
        return Disk(
            write_at=self.write_at, sync=self.sync, lay_reserve=self.lay_reserve, free=lambda folder: self.free_bytes
        )


class FakeClock:
    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)


def wait_for(semaphore: threading.Semaphore, n_times: int = 1) -> None:
    for _ in range(n_times):
        assert semaphore.acquire(timeout=PATIENCE_S)


def wait_until(met: Callable[[], bool]) -> None:
    """Wait for something that nobody tells."""
    tick, end_s = threading.Event(), time.monotonic() + PATIENCE_S
    while not met():
        assert time.monotonic() < end_s
        tick.wait(0.002)


def run_until(met: Callable[[], bool], recorder: Recorder, clock: FakeClock, *, step_s: float = 1.1) -> None:
    """Let the clock of a recorder run until something is so; a line of the session wakes the recorder at every step."""

    def go_on() -> bool:
        recorder.push_event(note(0))
        clock.advance(step_s)
        return met()

    wait_until(lambda: met() or go_on())


def sync(recorder: Recorder, clock: FakeClock) -> None:
    """Let time run until all samples that were pushed are on the disk itself."""
    run_until(lambda: not recorder.status.at_risk_s, recorder, clock)
