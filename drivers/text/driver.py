"""``text:PORT``: any device that prints lines of numbers. Blocks come on the thread ``serial-PORT``.

The lines carry no counter, so lost ones cannot be counted; only the time of arrival shows them.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

import serial
from serial.tools import list_ports

from drivers.backoff import retry_delays
from drivers.base import Driver, DriverListener
from drivers.errors import DriverError, SourceFormatError, SourceNotFoundError
from drivers.text.port import LINK_ERRORS, Identity, identify, locate, open_port
from drivers.text.protocol import Layout, LineParser, Rows
from drivers.types import Carried, DeviceInfo, Isolation, LinkState, SampleBlock, StreamInfo, StreamKind
from drivers.uri import SourceUri

SLOWEST_RAW_HZ = 200.0
"""Below this the device prints an envelope: surface EMG itself needs more than twice its 100 Hz of main content."""
LOCK_S = 5.0
MEASURE_S = 2.0
STALLED_AFTER_S = 0.5
STALLED_AFTER_LINES = 5
"""A device that prints slowly is stalled only after so many lines are missing."""
_LOOK_S = 0.01
"""How often an unplugged port is looked for."""
_JOIN_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class _Link:
    """Tells the listener what the link does, once a change."""

    def __init__(self, stream: StreamInfo, listener: DriverListener) -> None:
        self.stream_id = stream.stream_id
        self.stalled_after_ns = round(max(STALLED_AFTER_S, STALLED_AFTER_LINES / stream.sfreq) * 1e9)
        self._listener = listener
        self._state: LinkState | None = None

    def tell(self, state: LinkState, reason: str = "") -> None:
        if state is not self._state:
            self._state = state
            self._listener.on_state(self.stream_id, state, reason)


class TextDriver(Driver):
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

    def __init__(
        self,
        uri: SourceUri,
        *,
        lock_s: float = LOCK_S,
        measure_s: float = MEASURE_S,
        delays: Callable[[], Iterator[float]] = lambda: retry_delays(random.Random()),
    ) -> None:
        super().__init__(uri)
        uri.refuse_unknown_options({"baud", "rate", "time"})
        self._baud = uri.integer("baud", 115200, low=300, high=4_000_000)
        self._rate = uri.number("rate", 0.0, low=1.0, high=20_000.0) or None
        self._time_column = uri.integer("time", 0, low=0, high=1) == 1
        self._parser = LineParser(time_column=self._time_column)
        self._address = uri.address
        self._lock_s = lock_s
        self._measure_s = measure_s
        self._delays = delays
        self._identity: Identity | None = None
        self._port: serial.Serial | None = None
        self._stream: StreamInfo | None = None
        self._listener: DriverListener | None = None
        self._notes: tuple[str, ...] = ()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._was_started = False

    @property
    def carried(self) -> Carried:
        """What was found out about the lines."""
        return Carried(notes=self._notes)

    @property
    def n_bad_lines(self) -> int:
        """Damaged lines that were dropped; not the same as samples lost."""
        return self._parser.n_bad_lines

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the serial ports of this computer; opens none."""
        return [
            DeviceInfo(
                uri=f"text:{port.device}",
                name=port.product or port.description or port.device,
                detail=" ".join(filter(None, (port.device, port.manufacturer, port.serial_number))),
            )
            for port in sorted(list_ports.comports())
        ]

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Open the port, wait for lines of numbers, and measure their rate where it was not given."""
        self.close()
        self._listener = listener
        self._parser = LineParser(time_column=self._time_column)
        self._was_started = False
        self._notes = ()
        self._port = open_port(self._address, self._baud)
        try:
            self._identity = identify(self._address)
            self._stream = self._learn(self._port)
        except LINK_ERRORS as error:
            self.close()
            raise SourceNotFoundError(f"'{self._address}' went away; plug it in again.", str(error)) from None
        except DriverError:
            self.close()
            raise
        return (self._stream,)

    def start(self) -> None:
        """Let blocks flow, beginning with what is measured from now on."""
        self.stop()
        if self._port is None or self._stream is None or self._listener is None:
            raise DriverError(f"'{self._address}' is not open; open it again.", "start() without an open port")
        self._parser.restart(self._parser.epoch + 1 if self._was_started else 0)
        self._was_started = True
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(self._port, self._listener, _Link(self._stream, self._listener), self._stopping),
            name=f"serial-{self._address}",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop the flow; the port stays open."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_JOIN_TIMEOUT_S)
            if self._thread.is_alive():
                _log.error("the thread of %s does not end", self.uri.text)
            self._thread = None

    def close(self) -> None:
        """Stop and close the port."""
        self.stop()
        self._close_port()

    def _close_port(self) -> None:
        if self._port is not None:
            try:
                self._port.close()
            except LINK_ERRORS as error:  # a device that is gone cannot be left in order, and need not be
                _log.debug("closing %s: %s", self._address, error)
            self._port = None

    def _read(self, port: serial.Serial) -> tuple[bytes, int]:
        """Whatever is there, after at most `READ_TIMEOUT_S`, and when it came."""
        data = port.read(max(1, port.in_waiting))
        return data, time.perf_counter_ns()

    # ---- open: what the lines look like

    def _learn(self, port: serial.Serial) -> StreamInfo:
        deadline_ns = time.perf_counter_ns() + round(self._lock_s * 1e9)
        while self._parser.layout is None:
            data, now_ns = self._read(port)
            self._parser.feed(data, now_ns)
            if now_ns > deadline_ns:
                raise SourceFormatError(
                    f"'{self._address}' sends no lines of numbers; check that the device is on and sends, "
                    f"and that its baud rate is {self._baud} (else write baud=...)."
                )
        sfreq = self._rate or self._measure(port)
        kind: StreamKind = "raw" if sfreq >= SLOWEST_RAW_HZ else "envelope"
        if kind == "envelope":
            self._notes = (
                f"'{self._address}' sends {sfreq:.0f} lines a second: taken as an envelope, "
                "which gives bars and counts but no timing between the sides.",
            )
        return StreamInfo(
            stream_id=f"text:{self._address}",
            sfreq=sfreq,
            sfreq_known=self._rate is not None,
            ch_names=_channel_names(self._parser.layout),
            unit="counts",
            kind=kind,
            has_counter=False,
        )

    def _measure(self, port: serial.Serial) -> float:
        """Lines per second from the first to the last arrival within `measure_s`."""
        begun_ns = now_ns = time.perf_counter_ns()
        first_ns = last_ns = 0
        n_after_first = 0
        while now_ns - begun_ns < self._measure_s * 1e9:
            data, now_ns = self._read(port)
            for rows in self._parser.feed(data, now_ns):
                if first_ns:
                    n_after_first += len(rows.samples)
                first_ns, last_ns = first_ns or now_ns, now_ns
        if last_ns == first_ns:
            raise SourceFormatError(
                f"'{self._address}' sends too few lines to measure their rate; check the device, or write rate=..."
            )
        return n_after_first * 1e9 / (last_ns - first_ns)

    # ---- the thread serial-PORT

    def _run(self, port: serial.Serial, listener: DriverListener, link: _Link, stopping: threading.Event) -> None:
        reason = "stopped"
        try:
            self._flow(port, listener, link, stopping)
        except Exception:  # noqa: BLE001 - the thread's last handler: the user is told and the link closes
            reason = f"Reading '{self._address}' failed; the log says why."
            _log.exception("reading %s failed", self.uri.text)
            link.tell(LinkState.UNAVAILABLE, reason)
        link.tell(LinkState.CLOSED, reason)

    def _flow(self, port: serial.Serial, listener: DriverListener, link: _Link, stopping: threading.Event) -> None:
        """Read until told to stop, across any number of unplugs."""
        layout = self._parser.layout
        link.tell(LinkState.STREAMING)
        try:
            port.reset_input_buffer()  # what was printed before the start is no sample of this session
        except LINK_ERRORS as error:
            _log.debug("flushing %s: %s", self._address, error)  # the first read tells the same and is heeded
        last_ns = time.perf_counter_ns()
        while not stopping.is_set():
            try:
                data, now_ns = self._read(port)
            except LINK_ERRORS as error:
                _log.info("%s: %s", self._address, error)
                found = self._reconnect(link, stopping)
                if found is None:
                    return
                port, last_ns = found, time.perf_counter_ns()
                continue
            for rows in self._parser.feed(data, now_ns):
                last_ns = now_ns
                if rows.layout == layout:
                    link.tell(LinkState.STREAMING)
                    listener.on_block(_block(link.stream_id, rows))
            if self._parser.layout != layout:
                link.tell(
                    LinkState.UNAVAILABLE,
                    f"'{self._address}' now sends other columns than at the beginning; open it again.",
                )
            elif now_ns - last_ns > link.stalled_after_ns:
                link.tell(LinkState.STALLED, f"'{self._address}' is open but sends no numbers; is the device on?")

    def _reconnect(self, link: _Link, stopping: threading.Event) -> serial.Serial | None:
        """Try until the device is back; None if told to stop before."""
        self._close_port()
        link.tell(LinkState.RECONNECTING, f"'{self._address}' was unplugged; plug it in again.")
        delays = self._delays()
        while not stopping.is_set():
            if self._await_replug(next(delays), stopping):
                delays = self._delays()  # it has just come: the system may need some tries to let it be opened
            address = locate(self._address, self._identity)
            if address is None or stopping.is_set():
                continue
            try:
                self._port = open_port(address, self._baud)
            except DriverError as error:
                _log.debug("%s %s", error.sentence, error.detail)
                continue
            self._parser.restart(self._parser.epoch + 1)
            return self._port
        return None

    def _await_replug(self, longest_s: float, stopping: threading.Event) -> bool:
        """Wait `longest_s`, but only until the device appears; True if it did."""
        if locate(self._address, self._identity) is not None:
            stopping.wait(longest_s)
            return False
        end_ns = time.perf_counter_ns() + round(longest_s * 1e9)
        while time.perf_counter_ns() < end_ns and not stopping.wait(_LOOK_S):
            if locate(self._address, self._identity) is not None:
                return True
        return False


def _block(stream_id: str, rows: Rows) -> SampleBlock:
    return SampleBlock(stream_id, rows.samples, rows.first_index, rows.epoch, rows.arrival_ns)


def _channel_names(layout: Layout) -> tuple[str, ...]:
    """The labels, where every column has one of its own."""
    if all(layout) and len(set(layout)) == len(layout):
        return layout
    return tuple(f"ch{i + 1}" for i in range(len(layout)))
