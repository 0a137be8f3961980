"""What all devices on a wire have in common: a port, a thread, a watchdog, and coming back after a replug.

A family adds what is its own: which USB chips it has, how it is greeted, started and stopped, and its codec.
"""

import logging
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers import serial_port
from drivers.base import DriverListener
from drivers.codec import Codec
from drivers.delivery import Delivery, same_streams
from drivers.errors import DriverError, SourceNotFoundError
from drivers.link import LinkMachine, LinkTimes, Phase
from drivers.linked import Delays, LinkedDriver, usual_delays
from drivers.serial_port import LINK_ERRORS, Identity, SerialLine, identify, open_port
from drivers.types import DeviceInfo, LinkState, StreamInfo, Vitals
from drivers.uri import SourceUri

LOOK_S = 0.05
"""How often a port that is away is looked for; listing all ports takes half a millisecond."""
JOIN_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)

Find = Callable[[str, Identity | None], str | None]


@dataclass(frozen=True, slots=True)
class UsbId:
    """A USB chip that a family of devices has.

    Attributes
    ----------
    vid, pid : int
        Vendor and product number.
    product : str
        What the name that the chip tells must contain; empty where it says nothing.
    sure : bool
        False if the same chip sits in devices of other families too.
    """

    vid: int
    pid: int
    product: str = ""
    sure: bool = True

    def fits(self, port: ListPortInfo) -> bool:
        """Whether a port that the system lists is such a chip."""
        return (port.vid, port.pid) == (self.vid, self.pid) and self.product in (port.product or "")


class SerialDriver(LinkedDriver):
    """Keeps one device on a serial port streaming. Blocks and states come on the thread ``serial-PORT``.

    A family writes `greet`, and `begin` and `end` where its device wants to be told; all three may use the line as
    they like, must bound every wait by `SerialLine.read_until` or `SerialLine.drain`, and may let `LINK_ERRORS` pass.

    Parameters
    ----------
    uri : SourceUri
        Takes the options ``baud`` and those in `options`.
    delays : callable
        Gives the seconds to wait before each try to reach the device again.
    find : callable
        Says where a device is now, given its address and identity; None if it is away.
    """

    usb_ids: ClassVar[tuple[UsbId, ...]] = ()
    """The chips by which `scan` finds it."""
    options: ClassVar[tuple[str, ...]] = ()
    """What its URI takes besides ``baud``."""
    default_baud: ClassVar[int] = 115200
    silent_sentence: ClassVar[str] = "'{address}' is open but sends nothing; is the device on?"
    """What is told when no samples come."""
    times: ClassVar[LinkTimes] = LinkTimes(dead_after_s=None)
    """With ``dead_after_s`` a silent device is greeted and started anew: behind a dongle it may have been off."""

    def __init__(
        self,
        uri: SourceUri,
        *,
        delays: Delays = usual_delays,
        find: Find = serial_port.locate,
    ) -> None:
        super().__init__(uri, {"baud", *self.options}, delays)
        self.baud = uri.integer("baud", self.default_baud, low=300, high=4_000_000)
        self._find = find
        self._identity: Identity | None = None
        self._line: SerialLine | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    # ---- what a family writes

    @abstractmethod
    def greet(self, line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        """Make sure of the device, configure it, and leave it idle; streams are named by `stream_id`.

        Opening the port has just restarted an Arduino UNO or Nano: it boots for two seconds.

        Called by `open`, and again on the thread ``serial-PORT`` after every replug.

        Raises
        ------
        DriverError
            If it is not the device that was expected.
        """

    def begin(self, line: SerialLine) -> None:
        """Tell the device to send; what came before was dropped."""

    def end(self, line: SerialLine) -> None:
        """Tell the device to stop; what fails here fails silently, and no answer of a silent device is waited for."""

    # ---- the five methods

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the ports whose USB chip this family has; opens none, and sends nothing."""
        found = []
        for port in sorted(list_ports.comports()):
            usb_id = next((usb_id for usb_id in cls.usb_ids if usb_id.fits(port)), None)
            if usb_id is not None:
                found.append(found_port(cls.schemes[0], cls.name, port, sure=usb_id.sure))
        return found

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Open the port and greet the device."""
        self.close()
        address = self.uri.address
        self._vitals = {}
        self._stopping.clear()
        line = self._connect(address)
        try:
            self._identity = identify(address)
            self._codec, self.streams = self.greet(line)
        except LINK_ERRORS as error:
            self.close()
            raise SourceNotFoundError(f"'{address}' went away; plug it in again.", str(error)) from None
        except DriverError:
            self.close()
            raise
        self._deliver_to(listener)
        return self.streams

    def start(self) -> None:
        """Let blocks flow, beginning with what is measured from now on."""
        self.stop()
        if self._thread is not None:
            raise DriverError(f"'{self.uri.address}' is still busy; restart the application.", "the thread hangs")
        delivery = self._opened()
        self._stopping.clear()
        self._thread = threading.Thread(
            target=self._run, args=(delivery,), name=f"serial-{self.uri.address}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop the flow; the port stays open."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_TIMEOUT_S)
            if self._thread.is_alive():
                _log.error("the thread of %s does not end", self.uri.text)
            else:
                self._thread = None

    def close(self) -> None:
        """Stop and close the port."""
        self.stop()
        if self._thread is None:  # a port that is closed under its reader would take the thread down
            self._disconnect()
        self._delivery, self.streams = None, ()

    # ---- the port

    def _with_link(self, vitals: Vitals) -> Vitals:
        line = self._line
        return replace(vitals, latency_timer_ms=line.latency_timer_ms if line is not None else None)

    @property
    def _silent(self) -> str:
        return self.silent_sentence.format(address=self.uri.address)

    def _connect(self, address: str) -> SerialLine:
        port = open_port(address, self.baud)
        self._line = SerialLine(port, self.uri.address, self.name, interrupted=self._stopping)
        return self._line

    def _disconnect(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    # ---- the thread serial-PORT

    def _run(self, delivery: Delivery) -> None:
        reason = "stopped"
        machine = LinkMachine(self._delays, self._limits, again=True)
        try:
            try:
                self._keep_streaming(machine, delivery)
            finally:
                self._say_goodbye(will_answer=machine.phase is Phase.STREAMING)
        except Exception:  # noqa: BLE001 - the thread's last handler: the user is told and the link closes
            reason = self._tell_fault(delivery)
        delivery.tell(LinkState.CLOSED, reason, time.perf_counter_ns())

    def _keep_streaming(self, machine: LinkMachine, delivery: Delivery) -> None:
        """Read until told to stop, across any number of unplugs."""
        if self._line is not None:
            machine.found()
        was_there = True
        while not self._stopping.is_set():
            try:
                if machine.phase in (Phase.STREAMING, Phase.STALLED):
                    self._receive(machine, delivery)
                elif machine.phase is Phase.CONNECTING:
                    self._make_link(machine, delivery)
                else:
                    was_there = self._look(machine, was_there)
            except LINK_ERRORS as error:
                _log.info("%s: %s", self.uri.text, error)
                self._drop(machine, f"'{self.uri.address}' was unplugged; plug it in again.")
            except DriverError as error:
                _log.info("%s: %s %s", self.uri.text, error.sentence, error.detail)
                self._drop(machine, error.sentence)
            if not self._stopping.is_set():
                delivery.tell(machine.state, machine.reason, time.perf_counter_ns())

    def _receive(self, machine: LinkMachine, delivery: Delivery) -> None:
        assert self._line is not None
        assert self._codec is not None
        data, now_ns = self._line.read()
        if delivery.deliver(self._codec.feed(data, now_ns)):
            machine.data(now_ns)
        machine.tick(now_ns, self._silent)
        if machine.phase not in (Phase.STREAMING, Phase.STALLED):  # given up: a family with a limit to its patience
            self._disconnect()

    def _look(self, machine: LinkMachine, was_there: bool) -> bool:
        """Wait for the next try, or for the device to be plugged in; tells whether it is there."""
        machine.tick(time.perf_counter_ns())
        is_there = self._find(self.uri.address, self._identity) is not None
        if is_there and not was_there:
            machine.appeared()
        elif is_there:
            machine.found()
        if machine.phase is not Phase.CONNECTING:
            self._stopping.wait(LOOK_S)
        return is_there

    def _make_link(self, machine: LinkMachine, delivery: Delivery) -> None:
        if self._line is None:
            address = self._find(self.uri.address, self._identity)
            if address is None:
                raise SourceNotFoundError(f"'{self.uri.address}' was unplugged; plug it in again.")
            line = self._connect(address)
            self._codec, streams = self.greet(line)
            if not same_streams(streams, self.streams):
                raise SourceNotFoundError(
                    f"'{self.uri.address}' is now another device, or set up in another way; "
                    "plug the first one in again, or open this one anew."
                )
        assert self._line is not None
        assert self._codec is not None
        self._line.flush_input()  # what was sent before the start is no sample of this session
        self._codec.restart()
        self.begin(self._line)
        now_ns = time.perf_counter_ns()
        delivery.begin_epoch(now_ns)
        machine.connected(now_ns)

    def _drop(self, machine: LinkMachine, reason: str) -> None:
        self._disconnect()
        machine.lost(time.perf_counter_ns(), reason)

    def _say_goodbye(self, *, will_answer: bool) -> None:
        if self._line is None:
            return
        if will_answer:
            self._stopping.clear()  # while it is set, no answer is waited for
        try:
            self.end(self._line)
        except DriverError as error:
            _log.debug("stopping %s: %s %s", self.uri.text, error.sentence, error.detail)
        except LINK_ERRORS as error:
            _log.debug("stopping %s: %s", self.uri.text, error)


def found_port(scheme: str, name: str, port: ListPortInfo, *, sure: bool) -> DeviceInfo:
    """What a scan says of a port."""
    return DeviceInfo(
        uri=f"{scheme}:{port.device}",
        name=name,
        detail=" ".join(filter(None, (port.device, port.manufacturer, port.serial_number))),
        key=port.serial_number or "",
        sure=sure,
    )
