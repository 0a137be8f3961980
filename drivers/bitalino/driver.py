"""``bitalino:PORT``: a BITalino (r)evolution on a Bluetooth serial port. Runs in the thread ``serial-PORT``."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.bitalino import protocol
from drivers.bitalino.protocol import BitalinoCodec
from drivers.bitalino.setup import OPTIONS, Setup, find_battery_pct, is_streaming, require_version
from drivers.serial_driver import SerialDriver, found_port
from drivers.serial_port import SerialLine
from drivers.types import Carried, DeviceInfo, Isolation, StreamInfo
from drivers.uri import SourceUri

ANSWER_S = 1.0
"""A radio that was asleep takes its time for the first answer."""
PAUSE_S = 0.1
"""Between two commands, as the maker's own client leaves it."""


class BitalinoDriver(SerialDriver):
    """Reads the analogue inputs of one BITalino.

    Parameters
    ----------
    uri : SourceUri
        Options ``channels`` (inputs, 1,2; the fifth and sixth of a list have 6 bits instead of 10), ``rate`` (1000 or
        100 Hz), ``test`` (1: the device's own made-up signal, to check the link) and ``baud``.
    """

    name: ClassVar[str] = "BITalino"
    schemes: ClassVar[tuple[str, ...]] = ("bitalino",)
    # It runs on a battery and mostly over radio, but a port does not tell whether a cable is at its other end.
    isolation: ClassVar[Isolation] = "unknown"
    options: ClassVar[tuple[str, ...]] = OPTIONS
    silent_sentence: ClassVar[str] = "'{address}' has stopped sending; is the BITalino on, near and charged?"

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._setup = Setup.of(uri)
        self.simulated = self._setup.test

    @property
    def carried(self) -> Carried:
        """Whether it is a test signal."""
        return self._setup.carried(self.uri.address)

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the serial ports that lead to a Bluetooth device; sure where the port bears the name BITalino."""
        return [
            found_port(cls.schemes[0], cls.name, port, sure=_bears_name(port))
            for port in sorted(list_ports.comports())
            if _bears_name(port) or _is_bluetooth(port)
        ]

    def greet(self, line: SerialLine) -> tuple[BitalinoCodec, Sequence[StreamInfo]]:
        """Ask for the version, which is the only question that is safe for any device, then set the rate."""
        answer = _ask(line, protocol.ASK_VERSION, _has_version)
        if is_streaming(answer):  # left so by a program that crashed
            line.write(protocol.STOP)
            line.drain(PAUSE_S)
            line.flush_input()
            answer = _ask(line, protocol.ASK_VERSION, _has_version)
        require_version(answer, self.uri.address)
        line.write(self._setup.rate_command)
        line.drain(PAUSE_S)
        self._ask_state(line)
        return self._setup.codec(), (self._setup.stream(self.stream_id()),)

    def begin(self, line: SerialLine) -> None:
        """Start the stream."""
        line.write(self._setup.start_command)

    def end(self, line: SerialLine) -> None:
        """Stop the stream, and look at the battery: only the idle device tells."""
        line.write(protocol.STOP)
        line.drain(PAUSE_S)
        self._ask_state(line)

    def _ask_state(self, line: SerialLine) -> None:
        answer = _ask(line, protocol.ASK_STATE, lambda heard: find_battery_pct(heard) is not None)
        self.tell(self._setup.vitals(find_battery_pct(answer)))


def _ask(line: SerialLine, command: bytes, is_answered: Callable[[bytes], bool]) -> bytes:
    """Send a command to the idle device, and give what comes within `ANSWER_S`."""
    line.write(command)
    heard = b""
    for _ in range(round(ANSWER_S / PAUSE_S)):
        heard += line.drain(PAUSE_S)
        if is_answered(heard):
            break
    return heard


def _has_version(heard: bytes) -> bool:
    return protocol.find_version(heard) is not None


def _bears_name(port: ListPortInfo) -> bool:
    """As macOS and some systems name the ports of paired devices."""
    return "bitalino" in f"{port.device} {port.description}".casefold()


def _is_bluetooth(port: ListPortInfo) -> bool:
    return "rfcomm" in port.device or "BTHENUM" in (port.hwid or "")
