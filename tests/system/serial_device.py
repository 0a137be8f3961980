"""A serial device that prints numbers: a pty behind a name that stays while the device is unplugged and replugged."""

import os
import pty
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

from drivers.types import Float32Array

TICK_S = 0.004


class SerialDevice:
    """Prints rows of samples at true speed, 1000 a second, from `begin` on; before that the first row, to be heard.

    Parameters
    ----------
    port : Path
        The name under which it is plugged in.
    rows : ndarray, shape (n_samples, n_channels)
    """

    def __init__(self, port: Path, rows: Float32Array) -> None:
        self.port = port
        self._lines = [(",".join(f"{value:g}" for value in row) + "\n").encode() for row in rows.tolist()]
        self._begun = threading.Event()
        self._closing = threading.Event()
        self._ends: tuple[int, int] | None = None
        self._absent: tuple[float, float] | None = None
        self._thread = threading.Thread(target=self._print, name="device")
        self.unplugged_s = 0.0
        """How long it was away, by the clock on the wall."""

    def __enter__(self) -> "SerialDevice":
        self._plug()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._begun.set()
        self._thread.join()
        self._unplug()

    def begin(self, unplug_at_s: float | None = None, for_s: float = 0.0) -> None:
        """Print from the first sample on; be away from `unplug_at_s` for `for_s` seconds."""
        if unplug_at_s is not None:
            self._absent = (unplug_at_s, unplug_at_s + for_s)
        self._begun.set()

    def join(self) -> None:
        """Wait until all is printed."""
        self._thread.join()

    def _plug(self) -> None:
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.port.symlink_to(os.ttyname(theirs))
        self._ends = ours, theirs

    def _unplug(self) -> None:
        if self._ends is not None:
            self.port.unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None

    def _write(self, data: bytes) -> None:
        if self._ends is not None:
            os.write(self._ends[0], data)

    def _print(self) -> None:
        while not self._begun.wait(TICK_S):
            self._write(self._lines[0])
        done = 0
        for due in self._schedule():
            if due > done:
                self._write(b"".join(self._lines[done:due]))
                done = due

    def _schedule(self) -> Iterator[int]:
        """How many lines are due, again and again until all are; unplugs and replugs on its way."""
        start_s = time.perf_counter()
        due = 0
        while due < len(self._lines) and not self._closing.wait(TICK_S):
            now_s = time.perf_counter() - start_s
            due = min(len(self._lines), int(now_s * 1000))
            if self._absent is not None:
                begin_s, end_s = self._absent
                if self._ends is not None and begin_s <= now_s < end_s:
                    self._unplug()
                    self.unplugged_s = -time.perf_counter()
                elif self._ends is None and now_s >= end_s:
                    self._plug()
                    self.unplugged_s += time.perf_counter()
                    self._absent = None
            yield due
