"""A second air, on Bumble: real HCI, L2CAP and ATT between computer and device, with MTU exchange and CCCD.

It takes the place of bleak's own backend, so bleak's front end and all of ours run above it. Where `tests.rigs.air`
imitates an operating system, this one is a Bluetooth stack; it has no supervision time-out and no radio to lose.
Everything lives in one event loop: the one in which the code under test calls bleak.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble import hci
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from tests.rigs import peripheral as rig
from tests.rigs.below_bleak import PlainClient, put_below_bleak
from tests.rigs.virtual import RadioDevice

PROPERTIES = {
    "read": Characteristic.Properties.READ,
    "write": Characteristic.Properties.WRITE,
    "write-without-response": Characteristic.Properties.WRITE_WITHOUT_RESPONSE,
    "notify": Characteristic.Properties.NOTIFY,
    "indicate": Characteristic.Properties.INDICATE,
}
LONGEST_ATT = 517
ADVERTISEMENT = 31
"""Bytes of a legacy advertisement; what does not fit goes into the scan response."""


def uuid_text(uuid: UUID) -> str:
    """A UUID as bleak writes it."""
    digits = uuid.to_hex_str("-").lower()
    return digits if len(digits) == 36 else f"0000{digits}-0000-1000-8000-00805f9b34fb"


class BumbleAir:
    """One computer and the devices around it, in the loop that is running.

    Parameters
    ----------
    mtu : int
        What the computer asks for after connecting; 23 asks for nothing, as systems that never exchange it.
    """

    def __init__(self, mtu: int = 247) -> None:
        self.mtu = mtu
        self._link = LocalLink()
        self._lives: list[asyncio.Task[None]] = []
        self.computer = self._radio("computer", "F0:F1:F2:F3:F4:F5")
        self.connecting = asyncio.Lock()
        """Bumble makes one connection at a time."""

    async def start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Switch the computer's radio on, and put this air below bleak."""
        await self.computer.power_on()
        put_below_bleak(monkeypatch, self, client=_Client, scanner=_Scanner)

    async def stop(self) -> None:
        """Let every device fall silent."""
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)

    async def add(self, device: RadioDevice, address: str = "C0:00:00:00:00:01") -> "BumblePeripheral":
        """Bring a device into range; it lives and measures from now on."""
        peripheral = BumblePeripheral(device, address, self._radio(device.name, address))
        await peripheral.start()
        self._lives.append(asyncio.create_task(peripheral.live()))
        return peripheral

    def _radio(self, name: str, address: str) -> Device:
        controller = Controller(name, link=self._link, public_address=address)
        return Device(name=name, address=hci.Address(address), host=Host(controller, AsyncPipeSink(controller)))


class BumblePeripheral(rig.Peripheral):
    """A device whose table, notifications and MTU are Bumble's."""

    def __init__(self, device: RadioDevice, address: str, radio: Device) -> None:
        super().__init__(device, address, mtu=LONGEST_ATT)  # the stack below cuts, not we
        self._radio = radio
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_notify = self._notify
        self._table = {c.uuid: self._characteristic(c) for c in self.characteristics}
        for uuid, (_, characteristics) in self.services.items():
            radio.add_service(Service(UUID(uuid), [self._table[c.uuid] for c in characteristics]))
        radio.on(Device.EVENT_CONNECTION, self._connected)
        radio.advertising_data, radio.scan_response_data = self._advertisement()

    def _characteristic(self, characteristic: rig.Characteristic) -> Characteristic[Any]:
        properties = Characteristic.Properties(0)
        for name in characteristic.properties:
            properties |= PROPERTIES[name]
        return Characteristic(
            UUID(characteristic.uuid),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(
                read=lambda _: self.read(characteristic),
                write=lambda _, data: self.written(characteristic, bytes(data)),
            ),
        )

    def _advertisement(self) -> tuple[bytes, bytes]:
        flags = (AdvertisingData.FLAGS, b"\x06")
        name = (AdvertisingData.COMPLETE_LOCAL_NAME, self.device.name.encode())
        services = [
            (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, UUID(uuid).to_bytes(force_128=True))
            for uuid in self.device.advertised
        ]
        whole = bytes(AdvertisingData([flags, name, *services]))
        if len(whole) <= ADVERTISEMENT:
            return whole, b""
        return bytes(AdvertisingData([flags, *services])), bytes(AdvertisingData([name]))

    async def start(self) -> None:
        """Switch the radio on and advertise whenever nobody is connected."""
        await self._radio.power_on()
        await self._radio.start_advertising(
            auto_restart=True, advertising_interval_min=100, advertising_interval_max=100
        )

    async def drop(self) -> None:
        """End the link from the device's side."""
        for connection in list(self._radio.connections.values()):
            await connection.disconnect()

    def _connected(self, connection: Connection) -> None:
        self.connected = True
        self.n_connects += 1
        connection.on(Connection.EVENT_DISCONNECTION, self._disconnected)

    def _disconnected(self, *_: object) -> None:
        self.connected = False

    def _notify(self, characteristic: rig.Characteristic, data: bytes) -> bool:
        row = self._table[characteristic.uuid]
        listening = [
            connection
            for connection in self._radio.connections.values()
            if self._radio.gatt_server.subscribers.get(connection, {}).get(row.handle, b"\0")[0]
        ]
        for connection in listening:
            task = asyncio.create_task(self._radio.notify_subscriber(connection, row, data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(listening)


class _Scanner(BaseBleakScanner):
    air: BumbleAir

    def __init__(self, callback: Any, uuids: list[str] | None, mode: str, **_: Any) -> None:
        super().__init__(callback, uuids)
        self._names: dict[str, str] = {}

    async def start(self) -> None:
        self.seen_devices = {}
        self.air.computer.on(Device.EVENT_ADVERTISEMENT, self._heard)
        await self.air.computer.start_scanning(legacy=True, filter_duplicates=False)

    async def stop(self) -> None:
        self.air.computer.remove_listener(Device.EVENT_ADVERTISEMENT, self._heard)
        await self.air.computer.stop_scanning(legacy=True)

    def _heard(self, heard: Advertisement) -> None:
        uuids: Any = heard.data.get(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS) or []
        services = [uuid_text(uuid) for uuid in uuids]
        if not self.is_allowed_uuid(services):
            return
        address = str(heard.address).split("/")[0]
        name: Any = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        if name is not None:
            self._names[address] = name
        known = self._names.get(address)
        advertisement = AdvertisementData(known, {}, {}, services, None, heard.rssi, ())
        device = self.create_or_update_device(address, address, known, None, advertisement)
        self.call_detection_callbacks(device, advertisement)


class _Client(PlainClient):
    air: BumbleAir

    def __init__(self, device: BLEDevice, *, disconnected_callback: Any, timeout: float, **_: Any) -> None:
        super().__init__(device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._connection: Connection | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def mtu_size(self) -> int:
        return 23 if self._connection is None else self._connection.att_mtu

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        async with self.air.connecting:
            connection = await self.air.computer.connect(hci.Address(self.address), timeout=self._timeout)
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._lost)
        peer = Peer(connection)
        if self.air.mtu > 23:
            await peer.request_mtu(self.air.mtu)
        await peer.discover_all()
        self.services = BleakGATTServiceCollection()
        for found in peer.services:
            service = BleakGATTService(found, found.handle, uuid_text(found.uuid))
            self.services.add_service(service)
            for c in found.characteristics:
                flags: Any = [name for name, flag in PROPERTIES.items() if c.properties & flag]
                uuid = uuid_text(c.uuid)
                self.services.add_characteristic(
                    BleakGATTCharacteristic(c, c.handle, uuid, flags, lambda: self.mtu_size - 3, service)
                )

    def _lost(self, *_: object) -> None:
        if self._connection is not None:
            self._connection = self.services = None
            if self._disconnected_callback is not None:
                self._disconnected_callback()

    async def disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.disconnect()

    def _characteristic(self, characteristic: BleakGATTCharacteristic) -> Any:
        if self._connection is None:
            raise BleakError("Not connected")
        return characteristic.obj

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_: Any
    ) -> None:
        def subscriber(data: bytes) -> None:
            callback(bytearray(data))

        self._subscribers[characteristic.handle] = subscriber
        await self._characteristic(characteristic).subscribe(subscriber)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        await self._characteristic(characteristic).unsubscribe(self._subscribers.pop(characteristic.handle))

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(await self._characteristic(characteristic).read_value())

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        await self._characteristic(characteristic).write_value(bytes(data), with_response=response)
