"""``text:PORT``: any device that prints lines of numbers.

The lines carry no counter, so lost ones cannot be counted; only the time of arrival shows them.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.backoff import retry_delays
from drivers.codec import Chunk, Codec
from drivers.serial_driver import SerialDriver, found_port
from drivers.serial_port import SerialLine
from drivers.text.lines import LINE_OPTIONS, Lines
from drivers.text.study import LOCK_S, MEASURE_S
from drivers.types import Carried, DeviceInfo, Isolation, StreamInfo
from drivers.uri import SourceUri


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
    options: ClassVar[tuple[str, ...]] = LINE_OPTIONS
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
        self._lines = Lines(uri)
        self._lock_s = lock_s
        self._measure_s = measure_s

    @property
    def carried(self) -> Carried:
        """What was found out about the lines."""
        return self._lines.carried

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the serial ports of this computer; opens none, and cannot know which of them print numbers."""
        return [found_port("text", _name_of(port), port, sure=False) for port in sorted(list_ports.comports())]

    def greet(self, line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        """Wait for lines of numbers, and measure their rate where it was not given; after a replug believe both."""
        if self.streams:
            return self._lines.parser, self.streams
        study = self._lines.study(
            line.address,
            no_lines="Check that the device is on and sends, "
            f"and that its baud rate is {self.baud} (else write baud=...).",
            lock_s=self._lock_s,
            measure_s=self._measure_s,
        )
        while not study.is_done(*line.read()):
            pass
        return self._lines.learn(study, self.stream_id())

    def fits(self, chunk: Chunk, stream: StreamInfo) -> bool:
        """Whether the lines have the columns, and the labels, that they had at the beginning."""
        return self._lines.fit(chunk)


def _name_of(port: ListPortInfo) -> str:
    words = port.product or port.description
    return port.device if words in (None, "", "n/a") else words  # pyserial's own words for having none
