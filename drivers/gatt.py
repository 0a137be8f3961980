"""A connected Bluetooth unit, and what stands around it: who is in reach, and whether Bluetooth can be used at all.

`GattPeer` is for the loop of `drivers.io_loop`; `scan` and `problem` are for all other threads.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bleak import BleakAdapter, BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from drivers import io_loop
from drivers.ble_errors import RETRYABLE, explain, explain_search
from drivers.errors import DriverError, SourceFormatError
from drivers.radio import OPERATION_S, Radio, Seen

LEAST_PAYLOAD = 20
"""Bytes that fit one notification where both ends did not agree on more."""
_PAYLOAD_PATIENCE_S = 1.0
"""Windows tells the agreed size a while after the connection."""
_GRACE_S = 1.0

OnData = Callable[[bytes, int], None]

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class GattPeer:
    """One unit for the time of one connection; made by `connect`.

    Every operation takes 3 s at most, and raises `DriverError` with a sentence if it fails.

    Attributes
    ----------
    name : str
        As it was advertised; its address if it has none.
    address : str
        Bluetooth address; on macOS a UUID that this computer gave it.
    rssi_dbm : int or None
        Signal strength in dBm when it was found; None if it was linked already.
    lost : asyncio.Event
        Set when the link is gone.
    """

    def __init__(self, client: BleakClient, seen: Seen, lost: asyncio.Event) -> None:
        self.name = seen.name or seen.address
        self.address = seen.address
        self.rssi_dbm = seen.rssi_dbm
        self.lost = lost
        self._client = client
        self._listeners: dict[str, OnData] = {}
        self._has_complained = False

    @property
    def payload_size(self) -> int:
        """Bytes that fit one notification now."""
        try:
            characteristics = self._client.services.characteristics.values()
        except RETRYABLE:
            return LEAST_PAYLOAD
        return max((c.max_write_without_response_size for c in characteristics), default=LEAST_PAYLOAD)

    def offers(self, uuid: str) -> bool:
        """Whether it has a service or characteristic of that UUID."""
        try:
            services = self._client.services
        except RETRYABLE:
            return False
        return services.get_service(uuid) is not None or services.get_characteristic(uuid) is not None

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic."""
        return bytes(await self._bounded(self._client.read_gatt_char(uuid)))

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Write a characteristic; with `response` it returns when the unit has taken it."""
        await self._bounded(self._client.write_gatt_char(uuid, data, response=response))

    async def subscribe(self, uuid: str, on_data: OnData) -> None:
        """Hear the notifications or indications of a characteristic; a second call replaces `on_data`.

        Parameters
        ----------
        uuid : str
        on_data : callable
            Called in the loop with the bytes and ``time.perf_counter_ns()`` of their arrival; what it raises is
            logged, and the link goes on.
        """
        is_new = uuid not in self._listeners
        self._listeners[uuid] = on_data
        if not is_new:
            return

        def on_notification(_: BleakGATTCharacteristic, data: bytearray) -> None:
            arrival_ns = time.perf_counter_ns()
            self._hand_over(uuid, bytes(data), arrival_ns)

        try:
            await self._bounded(self._client.start_notify(uuid, on_notification))
        except DriverError:
            self._listeners.pop(uuid, None)
            raise

    async def unsubscribe(self, uuid: str) -> None:
        """Hear a characteristic no more."""
        if self._listeners.pop(uuid, None) is not None:
            await self._bounded(self._client.stop_notify(uuid))

    async def require_payload(self, n_bytes: int) -> None:
        """Raise `SourceFormatError` unless one notification can carry `n_bytes`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PAYLOAD_PATIENCE_S):
                while self.payload_size < n_bytes:
                    await asyncio.sleep(0.05)
        if self.payload_size < n_bytes:
            raise SourceFormatError(
                f"This computer and '{self.name}' agreed on packets of {self.payload_size} bytes only, but it sends "
                f"{n_bytes} at a time (MTU too small); use another Bluetooth adapter, or update the driver of this one."
            )

    async def close(self) -> None:
        """Let the link go, in 3 s at most; nothing is heard of it any more."""
        self._listeners.clear()
        await Radio.here().disconnect(self._client, self.address)

    def _hand_over(self, uuid: str, data: bytes, arrival_ns: int) -> None:
        on_data = self._listeners.get(uuid)
        if on_data is None:
            return
        try:
            on_data(data, arrival_ns)
        except Exception:  # noqa: BLE001 - whoever listens may fail in any way; the other units, and the next packet, go on
            if not self._has_complained:
                self._has_complained = True
                _log.exception("taking data of %s failed; said once", self.name)

    async def _bounded(self, operation: Awaitable[_T]) -> _T:
        try:
            async with asyncio.timeout(OPERATION_S):
                return await operation
        except RETRYABLE as error:
            raise explain(error, f"'{self.name}'") from error


async def connect(seen: Seen) -> GattPeer:
    """Connect to a unit that was just heard.

    Raises
    ------
    DriverError
        If it fails; nothing is left connected then.
    """
    lost = asyncio.Event()
    client = await Radio.here().connect(seen, lost.set)
    return GattPeer(client, seen, lost)


def scan(timeout_s: float) -> list[Seen]:
    """List every Bluetooth device in reach; any number of callers at once share one scan.

    Parameters
    ----------
    timeout_s : float
        How long to listen, in seconds.

    Raises
    ------
    DriverError
        If Bluetooth cannot be used.
    """

    async def look_around() -> list[Seen]:
        since_ns = time.perf_counter_ns()
        radio = Radio.here()
        async with radio.listening(lambda seen: None) as failed:
            await asyncio.wait({failed}, timeout=timeout_s)
            if failed.done():
                raise failed.result()
        return radio.heard_since(since_ns)

    return io_loop.run(look_around(), timeout_s + _GRACE_S)


def problem() -> str:
    """Say in one sentence why Bluetooth cannot be used now and what to do; empty if it can, as far as one can tell."""

    async def ask() -> str:
        try:
            async with asyncio.timeout(OPERATION_S):
                await BleakAdapter.get()
        except NotImplementedError:
            return ""
        except RETRYABLE as error:
            return explain_search(error).sentence
        return ""

    return io_loop.run(ask(), OPERATION_S + _GRACE_S)
