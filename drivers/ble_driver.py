"""What all Bluetooth units have in common: search, connection, a watchdog, and coming back after a loss.

A family adds what is its own: by which name or service it is known, how it is greeted, started and stopped, and its
codec. Everything of it runs in the thread ``bluetooth`` (`drivers.io_loop`), blocks and states come from there.
"""

import asyncio
import contextlib
import logging
import time
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, Final

from drivers import gatt, io_loop
from drivers.base import DriverListener
from drivers.ble_choice import belongs, choose, is_address, is_meant, limit, listed, not_found
from drivers.ble_errors import BluetoothUnavailableError, LinkError
from drivers.codec import Codec
from drivers.delivery import Delivery, same_streams
from drivers.errors import DriverError, SourceNotFoundError
from drivers.gatt import GattPeer
from drivers.link import LinkMachine, LinkTimes, Phase
from drivers.linked import Delays, LinkedDriver, usual_delays
from drivers.radio import OPERATION_S, Radio, Seen
from drivers.types import DeviceInfo, Isolation, LinkState, StreamInfo, Vitals
from drivers.uri import SourceUri

FIND_S: Final = 6.0
"""How long `open` searches, and tries again what fails at first, as it does on every system now and then."""
OPEN_S: Final = 18.0
SETTLE_S: Final = 0.4
"""How long to listen for a second unit of the same name before the first is taken."""
FRESH_S: Final = 3.0
"""How old an advertisement may be that `open` still believes: the second of two units was heard with the first."""
STOP_S: Final = 10.0
POLL_S: Final = 0.5
"""How often it is tried whether Bluetooth can be used again."""

_log = logging.getLogger(__name__)


class BleDriver(LinkedDriver):
    """Keeps one Bluetooth unit streaming.

    A family writes `greet`, and `begin` and `end` where its unit wants to be told. The address in the URI is a name,
    the beginning of one (also of what follows the family's own prefix), a Bluetooth address, or ``*`` for the only
    unit in reach.

    Parameters
    ----------
    uri : SourceUri
        Takes those in `options`.
    delays : callable
        Gives the seconds to wait before each try to reach the unit again.
    """

    isolation: ClassVar[Isolation] = "wireless"
    name_prefixes: ClassVar[tuple[str, ...]] = ()
    """How the names of its units begin; upper and lower case are the same."""
    services: ClassVar[tuple[str, ...]] = ()
    """UUIDs of the services that its units advertise; empty if they are known by name alone."""
    data: ClassVar[str]
    """UUID of the characteristic whose notifications feed the codec."""
    least_payload: ClassVar[int] = gatt.LEAST_PAYLOAD
    """Bytes of its longest notification; a link that carries less is refused."""
    options: ClassVar[tuple[str, ...]] = ()
    """What its URI takes."""
    wake_hint: ClassVar[str] = "Switch it on, hold it near, and let go of it in any phone or program that has it."
    """What to do when it is not found."""
    silent_sentence: ClassVar[str] = "'{name}' is linked but sends nothing; is it on and charged?"
    """What is told when no samples come."""
    times: ClassVar[LinkTimes] = LinkTimes()

    def __init__(self, uri: SourceUri, *, delays: Delays = usual_delays) -> None:
        super().__init__(uri, self.options, delays)
        self._known_address = ""
        self._peer: GattPeer | None = None
        self._rssi_dbm: int | None = None
        self._flow: asyncio.Task[None] | None = None
        self._was_opened = False

    # ---- what a family writes

    @abstractmethod
    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        """Make sure of the unit, configure it, and leave it idle; streams are named by `stream_id`.

        Called by `open`, and again after every reconnection.

        Raises
        ------
        DriverError
            If it is not the unit that was expected.
        """

    async def link(self, seen: Seen) -> GattPeer:
        """Connect to the unit; one that only advertises is given a peer that listens instead."""
        return await gatt.connect(seen)

    async def begin(self, peer: GattPeer) -> None:
        """Tell the unit to send; its data are already listened to."""

    async def end(self, peer: GattPeer) -> None:
        """Tell the unit to stop; what fails here fails silently."""

    @classmethod
    def battery_pct(cls, seen: Seen) -> float | None:
        """Charge in per cent, where it is advertised."""
        return None

    # ---- the five methods

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List the units in reach; all families share one scan. Nothing where Bluetooth cannot be used."""
        try:
            found = [seen for seen in gatt.scan(timeout_s) if cls.owns(seen)]
        except (DriverError, TimeoutError) as error:
            _log.info("no scan for %s: %s", cls.name, error)
            return []
        return listed(found, cls.schemes[0], cls.name, cls.battery_pct)

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Find the unit, connect, and greet it; a few seconds, or a sentence that says what to do."""
        self.close()
        self._was_opened = True
        self._known_address = ""
        self._vitals, self._rssi_dbm = {}, None
        try:
            self.streams = io_loop.run(self._open(), OPEN_S)
        except TimeoutError:
            self.close()
            slow = f"'{self.uri.address}' does not answer in time."
            raise SourceNotFoundError(f"{slow} {self.wake_hint}") from None
        except BaseException:
            self.close()
            raise
        self._deliver_to(listener)
        return self.streams

    def start(self) -> None:
        """Let blocks flow, beginning with what is measured from now on."""
        self.stop()
        delivery = self._opened()

        async def begin() -> asyncio.Task[None]:
            return asyncio.create_task(self._run(delivery))

        self._flow = io_loop.run(begin(), OPERATION_S)

    def stop(self) -> None:
        """Stop the flow; the unit stays connected."""
        flow, self._flow = self._flow, None
        if flow is None or flow.done():
            return

        async def halt() -> None:
            flow.cancel()
            await asyncio.wait({flow})

        try:
            io_loop.run(halt(), STOP_S)
        except TimeoutError:
            _log.error("the flow of %s does not end", self.uri.text)

    def close(self) -> None:
        """Stop, and let the unit go; that goes on behind this call's back, because BlueZ takes 2 s for it."""
        self.stop()
        if self._was_opened:
            self._was_opened = False
            io_loop.run(self._let_go(), OPERATION_S)
        self._delivery, self.streams = None, ()

    # ---- which unit is meant

    @classmethod
    def owns(cls, seen: Seen) -> bool:
        """Whether a device is of this family, by what it advertises."""
        return belongs(seen, cls.name_prefixes, cls.services)

    def _fits(self, seen: Seen) -> bool:
        if self._known_address:
            return seen.address == self._known_address
        return is_meant(seen, self.uri.address, self.name_prefixes, self.services)

    def _with_link(self, vitals: Vitals) -> Vitals:
        return replace(vitals, rssi_dbm=self._rssi_dbm)  # as strong as it was when it was last found

    @property
    def _silent(self) -> str:
        return self.silent_sentence.format(name=self._peer.name if self._peer else self.uri.address)

    # ---- in the loop: open

    async def _open(self) -> Sequence[StreamInfo]:
        begun_ns = time.perf_counter_ns()
        since_ns = begun_ns - round(FRESH_S * 1e9)
        is_first = True
        while True:
            try:
                return await self._meet(await self._find_soon(since_ns, also_left_over=is_first))
            except LinkError as error:
                _log.info("%s: %s %s", self.uri.text, error.sentence, error.detail)
                since_ns, is_first = time.perf_counter_ns(), False
                if since_ns - begun_ns > FIND_S * 1e9:
                    raise

    async def _find_soon(self, since_ns: int, *, also_left_over: bool) -> Seen:
        try:
            async with asyncio.timeout(FIND_S):
                return await self._find(since_ns, also_left_over=also_left_over)
        except TimeoutError:
            own = [seen for seen in Radio.here().heard_since(since_ns) if self.owns(seen)]
            raise not_found(self.uri.address, self.name, self.wake_hint, own) from None

    async def _find(
        self, since_ns: int, *, also_left_over: bool = False, on_air: Callable[[], None] = lambda: None
    ) -> Seen:
        radio = Radio.here()
        if also_left_over:
            left = [seen for seen in await radio.left_over(self.services) if self._fits(seen)]
            if left:
                return choose(left, self.uri.address, self.uri.scheme)
        settle_s = 0.0 if self._known_address or is_address(self.uri.address) else SETTLE_S
        services = limit(self.uri.address, self.name_prefixes, self.services)
        found = await radio.find(self._fits, since_ns=since_ns, services=services, settle_s=settle_s, on_air=on_air)
        return choose(found, self.uri.address, self.uri.scheme)

    async def _meet(self, seen: Seen) -> Sequence[StreamInfo]:
        """Connect and greet; `_peer` and `_codec` are set only if all went well."""
        peer = await self.link(seen)
        try:
            await peer.require_payload(self.least_payload)
            self._codec, streams = await self.greet(peer)
        except TimeoutError as error:
            io_loop.see_off(peer.close())
            raise LinkError(f"'{peer.name}' does not answer; hold it nearer, or switch it off and on.") from error
        except BaseException:
            io_loop.see_off(peer.close())
            raise
        self._peer, self._known_address = peer, peer.address
        if peer.rssi_dbm is not None:
            self._rssi_dbm = peer.rssi_dbm
        return streams

    async def _let_go(self) -> None:
        """Comes to the loop after whatever `open` began there and gave up."""
        peer, self._peer = self._peer, None
        if peer is not None:
            io_loop.see_off(peer.close())

    # ---- in the loop: the flow, from start() to stop()

    async def _run(self, delivery: Delivery) -> None:
        reason = "stopped"
        try:
            try:
                await self._keep_streaming(delivery)
            finally:
                await self._say_goodbye()
        except Exception:  # noqa: BLE001 - the last handler: the user is told and the link closes
            reason = self._tell_fault(delivery)
        finally:
            delivery.tell(LinkState.CLOSED, reason, time.perf_counter_ns())

    async def _keep_streaming(self, delivery: Delivery) -> None:
        """Receive until cancelled, across any number of losses."""
        machine = LinkMachine(self._delays, self._limits)
        if self._peer is not None:
            machine.found()
        since_ns = time.perf_counter_ns()
        while True:
            try:
                if machine.phase is not Phase.CONNECTING:
                    await self._reach(machine, delivery, since_ns)
                await self._make_flow(machine, delivery)
                await self._watch(machine, delivery)
            except BluetoothUnavailableError as error:
                machine.unavailable(error.sentence)
            except (DriverError, TimeoutError) as error:
                _log.info("%s: %r", self.uri.text, error)
                machine.lost(time.perf_counter_ns(), getattr(error, "sentence", str(error)))
            since_ns = time.perf_counter_ns()
            delivery.tell(machine.state, machine.reason, since_ns)
            peer, self._peer = self._peer, None
            if peer is not None:
                await peer.close()
            await _pause(machine)

    async def _reach(self, machine: LinkMachine, delivery: Delivery, since_ns: int) -> None:
        def on_air() -> None:
            machine.available()  # a scanner that starts is the proof
            delivery.tell(machine.state, machine.reason, time.perf_counter_ns())

        seen = await self._find(since_ns, on_air=on_air)
        machine.available()
        machine.found()
        streams = await self._meet(seen)
        if not same_streams(streams, self.streams):
            raise LinkError(f"'{self.uri.address}' is now set up in another way than at the beginning; open it again.")

    async def _make_flow(self, machine: LinkMachine, delivery: Delivery) -> None:
        peer, codec = self._peer, self._codec
        assert peer is not None
        assert codec is not None

        def on_data(data: bytes, arrival_ns: int) -> None:
            chunks = codec.feed(data, arrival_ns)
            if chunks and machine.phase is not Phase.CONNECTING:
                machine.data(arrival_ns)
            delivery.deliver(chunks)

        codec.restart()
        delivery.begin_epoch(time.perf_counter_ns())
        await peer.subscribe(self.data, on_data)
        await self.begin(peer)
        machine.connected(time.perf_counter_ns())
        delivery.tell(machine.state, machine.reason, time.perf_counter_ns())

    async def _watch(self, machine: LinkMachine, delivery: Delivery) -> None:
        """Look after the flow until it is given up."""
        peer = self._peer
        assert peer is not None
        while machine.phase in (Phase.STREAMING, Phase.STALLED):
            due_ns = machine.due_ns
            timeout_s = None if due_ns is None else max(0.0, (due_ns - time.perf_counter_ns()) * 1e-9) + 1e-3
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(peer.lost.wait(), timeout_s)
            now_ns = time.perf_counter_ns()
            if peer.lost.is_set():
                machine.lost(now_ns, f"The link to '{peer.name}' broke; hold it nearer to the computer.")
            else:
                machine.tick(now_ns, self._silent)
                delivery.tell(machine.state, machine.reason, now_ns)

    async def _say_goodbye(self) -> None:
        peer = self._peer
        if peer is None:
            return
        try:
            async with asyncio.timeout(OPERATION_S):
                await self.end(peer)
        except (DriverError, TimeoutError) as error:
            _log.debug("stopping %s: %r", self.uri.text, error)
        finally:
            with contextlib.suppress(DriverError):  # it is not heard any more, whether it knows or not
                await peer.unsubscribe(self.data)


async def _pause(machine: LinkMachine) -> None:
    """Wait for the next try."""
    if machine.phase is Phase.UNAVAILABLE:
        await asyncio.sleep(POLL_S)
    while machine.phase is Phase.WAITING:
        due_ns = machine.due_ns
        assert due_ns is not None
        await asyncio.sleep(max(0.0, (due_ns - time.perf_counter_ns()) * 1e-9))
        machine.tick(time.perf_counter_ns())
