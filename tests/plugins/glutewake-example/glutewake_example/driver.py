"""``example:NAME``: a sensor that is not there, with two channels of noise that swells every three seconds.

A device of your own reads its bytes where `_run` makes numbers up. If it hangs on a serial port or speaks Bluetooth LE,
derive from `drivers.serial_driver.SerialDriver` or `drivers.ble_driver.BleDriver` instead: they bring thread, watchdog
and reconnection, and you write a codec and three short methods.
"""

import threading
import time
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from drivers.base import Driver, DriverListener
from drivers.types import DeviceInfo, Isolation, LinkState, SampleBlock, StreamInfo
from drivers.uri import SourceUri

SFREQ = 1000
BLOCK = 10


class ExampleDriver(Driver):
    """Makes a block every 10 ms.

    Parameters
    ----------
    uri : SourceUri
        Option ``level`` in µV: how loud a squeeze is.
    """

    name: ClassVar[str] = "Example sensor"
    schemes: ClassVar[tuple[str, ...]] = ("example",)
    isolation: ClassVar[Isolation] = "wireless"

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        uri.refuse_unknown_options({"level"})
        self._level_v = uri.number("level", 50.0, low=1.0, high=1000.0) * 1e-6
        self._stream = StreamInfo(f"example:{uri.address}", float(SFREQ), ("left", "right"))
        self._listener: DriverListener | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._next = 0
        self.simulated = True  # nobody is on these electrodes

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the one sensor there is."""
        return (DeviceInfo("example:one", cls.name),)

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Connect; here there is nothing to connect to."""
        self._listener = listener
        return (self._stream,)

    def start(self) -> None:
        """Let blocks flow, on a thread of our own."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="example", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Return when the last block has been delivered."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def close(self) -> None:
        """Let go; may be called at any time."""
        self.stop()

    def _run(self) -> None:
        if self._listener is None:
            return
        noise = np.random.default_rng(1)
        self._listener.on_state(self._stream.stream_id, LinkState.STREAMING, "")
        begun_ns, n_before = time.perf_counter_ns(), self._next
        while True:
            due_ns = begun_ns + (self._next + BLOCK - n_before) * 10**9 // SFREQ
            if self._stopping.wait(max(0.0, (due_ns - time.perf_counter_ns()) * 1e-9)):
                break
            arrival_ns = time.perf_counter_ns()  # the first thing to do when samples come
            squeezes = (self._next // SFREQ) % 3 == 2
            volts = (self._level_v if squeezes else 3e-6) * noise.standard_normal((BLOCK, 2))
            block = SampleBlock(self._stream.stream_id, volts.astype(np.float32), self._next, 0, arrival_ns)
            self._next += BLOCK
            self._listener.on_block(block)
        self._listener.on_state(self._stream.stream_id, LinkState.CLOSED, "stopped")
