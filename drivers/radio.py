"""The one Bluetooth radio of this computer: one scanner for all who search, one lock around scanning and connecting.

Runs in the loop of `drivers.io_loop`. BlueZ refuses a second scanner in one process, and two connections begun at once
disturb each other on every system, so everybody shares what is here.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16

from drivers import io_loop
from drivers.ble_errors import RETRYABLE, BluetoothUnavailableError, explain, explain_search
from drivers.errors import DriverError

OPERATION_S: Final = 3.0
"""How long any operation may take; bleak itself waits for ever for a write that is never answered."""
CONNECT_S: Final = 8.0
SLICE_S: Final = 2.0
"""How long the scanner runs before others may have the radio."""
_LIST_S: Final = 1.0
_FIRST_CONNECT_S: Final = 1.0
_FORGET_S: Final = 60.0
_EVERYBODYS: Final = (normalize_uuid_16(0x1800), normalize_uuid_16(0x1801))
"""Services that every device has: by these the system lists the devices to which it is linked."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A device as it was last heard.

    Attributes
    ----------
    device : BLEDevice
        What bleak connects to; an address would make it scan once more.
    name : str
        Empty until it was told; many devices tell it only in a second packet.
    address : str
        Bluetooth address; on macOS a UUID that this computer gave it.
    services : frozenset of str
        UUIDs that it advertised, in lower case.
    rssi_dbm : int or None
        Signal strength in dBm; None if it was not heard but is connected already.
    manufacturer : mapping of int to bytes
        Data of the advertisement by company number.
    at_ns : int
        ``time.perf_counter_ns()`` when it was heard.
    """

    device: BLEDevice
    name: str
    address: str
    services: frozenset[str]
    rssi_dbm: int | None
    manufacturer: Mapping[int, bytes]
    at_ns: int


class _Ear:
    """Somebody who wants to hear advertisements."""

    def __init__(self, services: Sequence[str], on_seen: Callable[[Seen], None], on_air: Callable[[], None]) -> None:
        self.services = services
        self.on_seen = on_seen
        self.on_air = on_air
        self.failed: asyncio.Future[DriverError] = asyncio.get_running_loop().create_future()


class Radio:
    """Scanner and connections of one loop; `Radio.here` gives the one to use."""

    _of_loops: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, "Radio"]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._seen: dict[str, Seen] = {}
        self._ears: list[_Ear] = []
        self._held: dict[str, BleakClient] = {}
        """Our own links by address, from the first attempt until they are let go."""
        self._scanning: asyncio.Task[None] | None = None
        self._slice_over = asyncio.Event()
        self._heard_services: Sequence[str] | None = None
        """What the running scanner is limited to (empty: nothing); None while none runs."""
        self._has_connected = False
        io_loop.at_end(self._let_all_go)

    @classmethod
    def here(cls) -> "Radio":
        """The radio of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in cls._of_loops:
            cls._of_loops[loop] = cls()
        return cls._of_loops[loop]

    # ---- searching

    @contextlib.asynccontextmanager
    async def listening(
        self,
        on_seen: Callable[[Seen], None],
        services: Sequence[str] = (),
        on_air: Callable[[], None] = lambda: None,
    ) -> AsyncIterator["asyncio.Future[DriverError]"]:
        """Hear every advertisement while the context lasts.

        Parameters
        ----------
        on_seen : callable
            Called in the loop for each.
        services : sequence of str
            Advertised services to which the search may be limited; empty where there are none.
        on_air : callable
            Called when the scanner has really started, perhaps more than once.

        Yields
        ------
        future of DriverError
            Done if nothing will be heard any more, with the reason.
        """
        ear = _Ear(services, on_seen, on_air)
        self._ears.append(ear)
        if self._scanning is None:
            self._scanning = asyncio.create_task(self._scan())
        elif self._heard_services is not None:
            if self._heard_services and not set(services or ("",)) <= set(self._heard_services):
                self._slice_over.set()
            else:
                on_air()
        try:
            yield ear.failed
        finally:
            self._ears.remove(ear)
            if not self._ears:
                self._slice_over.set()

    async def find(
        self,
        fits: Callable[[Seen], bool],
        *,
        since_ns: int,
        services: Sequence[str] = (),
        settle_s: float = 0.0,
        on_air: Callable[[], None] = lambda: None,
    ) -> list[Seen]:
        """Search until a device fits that was heard after `since_ns`, for ever if need be.

        Parameters
        ----------
        settle_s : float
            How long to go on after the first, in case that there are more of the kind.
        services, on_air
            See `listening`.

        Returns
        -------
        list of Seen
            One or more.

        Raises
        ------
        DriverError
            If nothing can be heard.
        """
        hit: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_seen(seen: Seen) -> None:
            if seen.at_ns >= since_ns and fits(seen) and not hit.done():
                hit.set_result(None)

        def fitting() -> list[Seen]:
            return [seen for seen in self._seen.values() if seen.at_ns >= since_ns and fits(seen)]

        if found := fitting():
            return found
        async with self.listening(on_seen, services, on_air) as failed:
            awaited: set[asyncio.Future[Any]] = {hit, failed}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if settle_s > 0 and hit.done():
                await asyncio.wait({failed}, timeout=settle_s)
            if not hit.done():
                raise failed.result()
        self._slice_over.set()  # whoever has found something connects at once
        return fitting()

    def heard_since(self, since_ns: int) -> list[Seen]:
        """Everything that was heard after `since_ns`."""
        return [seen for seen in self._seen.values() if seen.at_ns >= since_ns]

    async def left_over(self, services: Sequence[str]) -> list[Seen]:
        """Devices to which this computer is linked, but not we: from a run that crashed; they do not advertise.

        Only for the first search: after a crash of bluetoothd bleak goes on to list what was connected before.

        Raises
        ------
        BluetoothUnavailableError
            If Bluetooth cannot be used; anything else that fails only gives an empty list.
        """
        try:
            async with asyncio.timeout(_LIST_S):
                adapter = await BleakAdapter.get()
                linked = await adapter.get_connected_devices(list(_EVERYBODYS))
                own = await adapter.get_connected_devices(list(services)) if services else []
        except NotImplementedError:
            return []
        except RETRYABLE as error:
            explained = explain_search(error)
            if isinstance(explained, BluetoothUnavailableError):
                raise explained from error
            _log.info("listing what is linked: %r", error)
            return []
        now_ns = time.perf_counter_ns()
        of_family = {device.address for device in own}
        return [
            Seen(
                device,
                device.name or "",
                device.address,
                frozenset(services if device.address in of_family else ()),
                None,
                {},
                now_ns,
            )
            for device in {device.address: device for device in (*linked, *own)}.values()
            if device.address not in self._held
        ]

    async def _scan(self) -> None:
        try:
            while self._ears:
                async with self._lock:
                    await self._scan_slice()
        except Exception as error:  # noqa: BLE001 - whatever it is: those who wait must hear of it
            _log.info("scanning: %r", error, exc_info=not isinstance(error, RETRYABLE))
            for ear in self._ears:
                if not ear.failed.done():
                    ear.failed.set_result(explain_search(error))
        finally:
            self._scanning = None

    async def _scan_slice(self) -> None:
        now_ns = time.perf_counter_ns()
        self._seen = {a: seen for a, seen in self._seen.items() if now_ns - seen.at_ns < _FORGET_S * 1e9}
        limited = bool(self._ears) and all(ear.services for ear in self._ears)
        services = sorted({service for ear in self._ears for service in ear.services}) if limited else []
        self._slice_over.clear()
        scanner = BleakScanner(self._hear, service_uuids=services or None)
        async with asyncio.timeout(OPERATION_S):
            await scanner.start()
        try:
            self._heard_services = services
            for ear in list(self._ears):
                ear.on_air()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._slice_over.wait(), SLICE_S)
        finally:
            self._heard_services = None
            async with asyncio.timeout(OPERATION_S):
                await scanner.stop()

    def _hear(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        before = self._seen.get(device.address)
        seen = Seen(
            device,
            advertisement.local_name or device.name or (before.name if before else ""),
            device.address,
            frozenset(uuid.lower() for uuid in advertisement.service_uuids),
            advertisement.rssi,
            advertisement.manufacturer_data,
            time.perf_counter_ns(),
        )
        self._seen[seen.address] = seen
        for ear in list(self._ears):
            ear.on_seen(seen)

    # ---- connecting

    async def connect(self, seen: Seen, on_lost: Callable[[], None]) -> BleakClient:
        """Connect to a device that was just heard, with a new client.

        Parameters
        ----------
        on_lost : callable
            Called in the loop when the link is gone.

        Raises
        ------
        DriverError
            If it fails; nothing is left connected then.
        """
        client = BleakClient(seen.device, lambda _: on_lost(), timeout=CONNECT_S)
        self._held[seen.address] = client
        is_connected = False
        try:
            async with self._lock:
                await self._connect(client)
            is_connected = True
        except RETRYABLE as error:
            raise explain(error, f"'{seen.name or seen.address}'") from error
        finally:
            self._seen.pop(seen.address, None)  # only what is heard after a loss counts
            if not is_connected:
                io_loop.see_off(self.disconnect(client, seen.address))
        return client

    async def disconnect(self, client: BleakClient, address: str) -> None:
        """Let a link go, in bounded time and whatever state it is in."""
        try:
            async with asyncio.timeout(OPERATION_S):
                await client.disconnect()
        except RETRYABLE as error:
            _log.info("disconnecting %s: %r", address, error)
        finally:
            if self._held.get(address) is client:
                del self._held[address]

    async def _let_all_go(self) -> None:
        """Leave no link behind at the end of the process: its unit would not advertise, and not be found again."""
        await asyncio.gather(*(self.disconnect(client, address) for address, client in self._held.items()))

    async def _connect(self, client: BleakClient) -> None:
        connecting = asyncio.create_task(client.connect())
        try:
            async with asyncio.timeout(CONNECT_S + 2.0):
                await asyncio.shield(connecting)
        finally:
            if not connecting.done():
                if not self._has_connected:
                    # bleak asks BlueZ for its version first; cancelled while it waits for that, it never connects again
                    await asyncio.wait({connecting}, timeout=_FIRST_CONNECT_S)
                connecting.cancel()
                await asyncio.wait({connecting}, timeout=OPERATION_S)
            self._has_connected = True
