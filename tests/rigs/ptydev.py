"""A serial device on a pseudo terminal, for the real pyserial: it runs, and can be unplugged, muted and garbled.

A pseudo terminal has no baud rate and no modem lines, and holds what is not read up to 20 kB; what does not fit is
lost, as with a UART.
"""

import math
import os
import random
import select
import threading
import time
import tty
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from tests.rigs.virtual import WireDevice

TICK_S = 0.004
TRANSMIT_BUFFER = 64
"""Bytes that an Arduino takes before ``Serial.print`` waits for the line."""
PATIENCE_S = 20.0

Device = TypeVar("Device", bound=WireDevice)


@dataclass
class Wire:
    """What is wrong between device and computer, looked at whenever something is sent.

    Attributes
    ----------
    corrupt, drop : float
        Share of the bytes that have one bit turned, or vanish.
    chunk : int
        Bytes a write; 0 for everything that is ready at once.
    garbage : bytes
        Sent once, before whatever comes next.
    hold : bool
        The system hiccups: what is sent comes later, all at once.
    mute : bool
        The device hangs: it neither measures nor answers.
    speed : float
        How fast its crystal is: 1.02 is 2 % too fast.
    baud : int
        Bits a second, ten a byte; the device waits for the line. 0 for a line that is never slow.
    most_lost : float
        Bytes that a port whose application does not read loses at most; what follows them waits.
    """

    corrupt: float = 0.0
    drop: float = 0.0
    chunk: int = 0
    garbage: bytes = b""
    hold: bool = False
    mute: bool = False
    speed: float = 1.0
    baud: int = 0
    most_lost: float = math.inf


class PtyDevice(Generic[Device]):
    """Hosts a virtual device behind one name that stays, as ``/dev/serial/by-id`` names do, on a new tty at every plug.

    Parameters
    ----------
    device : WireDevice
    link : Path
        That name.
    seed : int
        Of the damage on the wire.
    """

    def __init__(self, device: Device, link: Path, *, seed: int = 1) -> None:
        self.device = device
        self.link = link
        self.wire = Wire()
        self.n_sent = 0
        """Samples whose time has passed."""
        self.n_overflowed = 0
        """Bytes that nobody read in time."""
        self.commands = b""
        """Everything the computer wrote."""
        self.tty = ""
        """What the system calls the port now."""
        self._rng = random.Random(seed)
        self._queue = b""
        self._ends: tuple[int, int] | None = None
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self.plug()
        self._thread = threading.Thread(target=self._run, name="pty-device")
        self._thread.start()

    def plug(self) -> None:
        """Come to the computer, on a tty of another name."""
        master, slave = os.openpty()  # the slave stays open: without one, the master's end fails
        tty.setraw(master)
        tty.setraw(slave)
        os.set_blocking(master, False)
        with self._changed:
            self._ends, self._queue, self.tty = (master, slave), b"", os.ttyname(slave)
            self.link.symlink_to(self.tty)

    def unplug(self) -> None:
        """Go: reads at the other end fail at once."""
        with self._changed:
            assert self._ends is not None
            self.link.unlink()
            for end in reversed(self._ends):
                os.close(end)
            self._ends = None

    def find(self) -> str | None:
        """Where it is now, by the name the system gave it."""
        return self.tty if self.link.exists() else None

    def await_samples(self, n: int) -> None:
        """Wait until it has measured `n` samples altogether."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.n_sent >= n, PATIENCE_S), self.n_sent

    def await_overflow(self, n_bytes: int) -> None:
        """Wait until `n_bytes` were lost because nobody read."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.n_overflowed >= n_bytes, PATIENCE_S), self.n_overflowed

    def close(self) -> None:
        """Stop, and unplug it if nobody did."""
        self._stopping.set()
        self._thread.join()
        if self._ends is not None:
            self.unplug()

    def _run(self) -> None:
        last_s, n_owed, n_free = time.perf_counter(), 0.0, 0.0
        while not self._stopping.wait(TICK_S):
            now_s = time.perf_counter()
            n_owed += (now_s - last_s) * self.device.sfreq * self.wire.speed
            n_free = min(n_free, TRANSMIT_BUFFER) + (now_s - last_s) * self.wire.baud / 10
            last_s = now_s
            with self._changed:
                self._listen()
                while n_owed >= 1.0 and (not self.wire.baud or len(self._queue) < TRANSMIT_BUFFER + n_free):
                    n = 1 if self.wire.baud else int(n_owed)
                    self._send(n)
                    n_owed -= n
                n_now = len(self._queue)
                if self.wire.baud:
                    n_owed = min(n_owed, 1.0)  # a sketch that waited for the line does not catch up
                    n_now = min(n_now, int(n_free))
                    n_free -= n_now
                if not self.wire.hold:
                    sent, self._queue = self._queue[:n_now], self._queue[n_now:]
                    self._queue = self._write(sent) + self._queue
                self._changed.notify_all()

    def _listen(self) -> None:
        if self._ends is None or self.wire.mute or not select.select([self._ends[0]], [], [], 0)[0]:
            return
        data = os.read(self._ends[0], 4096)
        self.commands += data
        self._put(self.device.receive(data))

    def _send(self, n: int) -> None:
        self.n_sent += n
        if not self.wire.mute:
            self._put(self.device.samples(n))

    def _put(self, data: bytes) -> None:
        wire = self.wire
        data, wire.garbage = wire.garbage + data, b""
        if wire.corrupt or wire.drop:
            data = bytes(self._spoil(byte) for byte in data if self._rng.random() >= wire.drop)
        self._queue += data

    def _spoil(self, byte: int) -> int:
        return byte ^ 1 << self._rng.randrange(8) if self._rng.random() < self.wire.corrupt else byte

    def _write(self, data: bytes) -> bytes:
        """Write what fits, lose what may be lost, and give back what waits."""
        if self._ends is None:
            return b""
        step = self.wire.chunk or max(1, len(data))
        for start in range(0, len(data), step):
            part = data[start : start + step]
            try:
                n_taken = os.write(self._ends[0], part)
            except BlockingIOError:
                n_taken = 0
            n_lost = int(min(len(part) - n_taken, max(0, self.wire.most_lost - self.n_overflowed)))
            self.n_overflowed += n_lost
            if n_taken + n_lost < len(part):
                return data[start + n_taken + n_lost :]
        return b""
