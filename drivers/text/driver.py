"""``text:PORT``: any device that prints lines of numbers.

The lines carry no counter, so lost ones cannot be counted; only the time of arrival shows them.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from serial.tools import list_ports

from drivers.backoff import retry_delays
from drivers.codec import Chunk, Codec
from drivers.errors import SourceFormatError
from drivers.serial_driver import SerialDriver, found_port
from drivers.serial_port import SerialLine
from drivers.text.protocol import Layout, LineParser, Rows
from drivers.types import Carried, DeviceInfo, Isolation, StreamInfo, StreamKind
from drivers.uri import SourceUri

SLOWEST_RAW_HZ = 200.0
"""Below this the device prints an envelope: surface EMG itself needs more than twice its 100 Hz of main content."""
LOCK_S = 5.0
MEASURE_S = 2.0


class TextDriver(SerialDriver):
    """Reads lines of numbers from a serial port, and waits for it when it is unplugged.

    Parameters
    ----------
    uri : SourceUri
        Options ``baud`` (115200), ``rate`` in Hz (measured for 2 s where not given) and ``time`` (1: the first number
        of a line is a time stamp or counter, not a channel).
    lock_s, measure_s : float
        How long ``open`` looks for lines of numbers, and then measures their rate.
    delays : callable
        Gives the seconds to wait before each try to open the port again.
    """

    name: ClassVar[str] = "Serial device that prints numbers"
    schemes: ClassVar[tuple[str, ...]] = ("text",)
    isolation: ClassVar[Isolation] = "unknown"
    options: ClassVar[tuple[str, ...]] = ("rate", "time")
    silent_sentence: ClassVar[str] = "'{address}' is open but sends no numbers; is the device on?"

    def __init__(
        self,
        uri: SourceUri,
        *,
        lock_s: float = LOCK_S,
        measure_s: float = MEASURE_S,
        delays: Callable[[], Iterator[float]] = lambda: retry_delays(random.Random()),
    ) -> None:
        super().__init__(uri, delays=delays)
        self._rate = uri.number("rate", 0.0, low=1.0, high=20_000.0) or None
        self._time_column = uri.integer("time", 0, low=0, high=1) == 1
        self._parser = LineParser(time_column=self._time_column)
        self._layout: Layout = ()
        self._lock_s = lock_s
        self._measure_s = measure_s
        self._notes: tuple[str, ...] = ()

    @property
    def carried(self) -> Carried:
        """What was found out about the lines."""
        return Carried(notes=self._notes)

    @property
    def n_bad_lines(self) -> int:
        """Damaged lines that were dropped; not the same as samples lost."""
        return self._parser.n_damaged

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the serial ports of this computer; opens none, and cannot know which of them print numbers."""
        return [
            found_port("text", port.product or port.description or port.device, port, sure=False)
            for port in sorted(list_ports.comports())
        ]

    def greet(self, line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        """Wait for lines of numbers, and measure their rate where it was not given; after a replug believe both."""
        if not self.streams:
            self._parser = LineParser(time_column=self._time_column)
            self._layout = self._await_layout(line)
            return self._parser, (self._describe(self._rate or self._measure(line)),)
        return self._parser, self.streams

    def fits(self, chunk: Chunk, stream: StreamInfo) -> bool:
        """Whether the lines have the columns, and the labels, that they had at the beginning."""
        return isinstance(chunk, Rows) and chunk.layout == self._layout

    def _await_layout(self, line: SerialLine) -> Layout:
        deadline_ns = time.perf_counter_ns() + round(self._lock_s * 1e9)
        while self._parser.layout is None:
            data, now_ns = line.read()
            self._parser.feed(data, now_ns)
            if now_ns > deadline_ns:
                raise SourceFormatError(
                    f"'{line.address}' sends no lines of numbers; check that the device is on and sends, "
                    f"and that its baud rate is {self.baud} (else write baud=...)."
                )
        return self._parser.layout

    def _describe(self, sfreq: float) -> StreamInfo:
        kind: StreamKind = "raw" if sfreq >= SLOWEST_RAW_HZ else "envelope"
        self._notes = ()
        if kind == "envelope":
            self._notes = (
                f"'{self.uri.address}' sends {sfreq:.0f} lines a second: taken as an envelope, "
                "which gives bars and counts but no timing between the sides.",
            )
        return StreamInfo(
            stream_id=self.stream_id(),
            sfreq=sfreq,
            sfreq_known=self._rate is not None,
            ch_names=channel_names(self._layout),
            unit="counts",
            kind=kind,
            has_counter=False,
        )

    def _measure(self, line: SerialLine) -> float:
        """Lines per second from the first to the last arrival within `measure_s`."""
        begun_ns = now_ns = time.perf_counter_ns()
        first_ns = last_ns = 0
        n_after_first = 0
        while now_ns - begun_ns < self._measure_s * 1e9:
            data, now_ns = line.read()
            for rows in self._parser.feed(data, now_ns):
                if first_ns:
                    n_after_first += len(rows.samples)
                first_ns, last_ns = first_ns or now_ns, now_ns
        if last_ns == first_ns:
            raise SourceFormatError(
                f"'{line.address}' sends too few lines to measure their rate; check the device, or write rate=..."
            )
        return n_after_first * 1e9 / (last_ns - first_ns)


def channel_names(layout: Layout) -> tuple[str, ...]:
    """The labels, where every column has one of its own."""
    if all(layout) and len(set(layout)) == len(layout):
        return layout
    return tuple(f"ch{i + 1}" for i in range(len(layout)))
