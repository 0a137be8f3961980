"""A third air, with neither a system nor a stack below bleak: nothing but asyncio, so it is at home in virtual time.

Links break whenever a test says so, without a word from the device, as radio links do.
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

from tests.rigs.below_bleak import PlainClient, put_below_bleak
from tests.rigs.channel import Channel
from tests.rigs.peripheral import Characteristic, Packet, Peripheral
from tests.rigs.virtual import RadioDevice

ADVERTISE_S = 0.1
CONNECT_S = 0.15


class PlainAir:
    """One computer and the devices around it, in the loop that is running."""

    def __init__(self) -> None:
        self.peripherals: dict[str, Peripheral] = {}
        """By address."""
        self.scanners: set[_Scanner] = set()
        self.clients: dict[str, _Client] = {}
        """Who is connected, by address."""
        self._lives: list[asyncio.Task[None]] = []

    def start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put this air below bleak."""
        put_below_bleak(monkeypatch, self, client=_Client, scanner=_Scanner)
        self._lives.append(asyncio.create_task(self._advertise()))

    async def stop(self) -> None:
        """Let every device fall silent."""
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)

    def add(self, device: RadioDevice, address: str, channel: Channel[Packet] | None = None) -> Peripheral:
        """Bring a device into range; it lives and measures from now on."""
        peripheral = Peripheral(device, address, channel=channel)

        def notify(characteristic: Characteristic, data: bytes) -> bool:
            client = self.clients.get(address)
            return client is not None and client.hear(characteristic, data)

        peripheral.on_notify = notify
        self.peripherals[address] = peripheral
        self._lives.append(asyncio.create_task(peripheral.live()))
        return peripheral

    def drop(self, peripheral: Peripheral) -> None:
        """Lose the link to a device."""
        peripheral.connected = False
        client = self.clients.pop(peripheral.address, None)
        if client is not None:
            client.lose()

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(ADVERTISE_S)
            for peripheral in self.peripherals.values():
                if peripheral.advertising and not peripheral.connected:
                    for scanner in list(self.scanners):
                        scanner.hear(peripheral)


class _Scanner(BaseBleakScanner):
    air: PlainAir

    def __init__(self, callback: Any, uuids: list[str] | None, mode: str, **_: Any) -> None:
        super().__init__(callback, uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        self.air.scanners.add(self)

    async def stop(self) -> None:
        self.air.scanners.discard(self)

    def hear(self, peripheral: Peripheral) -> None:
        name, services = peripheral.device.name, list(peripheral.device.advertised)
        if self.is_allowed_uuid(services):
            advertisement = AdvertisementData(name, {}, {}, services, None, peripheral.rssi_dbm, ())
            address = peripheral.address
            device = self.create_or_update_device(address, address, name, None, advertisement)
            self.call_detection_callbacks(device, advertisement)


class _Client(PlainClient):
    air: PlainAir

    def __init__(self, device: BLEDevice, *, disconnected_callback: Any, timeout: float, **_: Any) -> None:
        super().__init__(device, disconnected_callback=disconnected_callback, timeout=timeout)
        self._peripheral = self.air.peripherals[self.address]
        self._listeners: dict[str, Callable[[bytearray], None]] = {}

    @property
    def mtu_size(self) -> int:
        return self._peripheral.mtu

    @property
    def is_connected(self) -> bool:
        return self.air.clients.get(self.address) is self

    async def connect(self, pair: bool, **_: Any) -> None:
        async with asyncio.timeout(self._timeout):
            await asyncio.sleep(CONNECT_S)
            while not self._peripheral.advertising:
                await asyncio.sleep(ADVERTISE_S)
        if self._peripheral.faults.connect_fails:
            self._peripheral.faults.connect_fails -= 1
            raise BleakError(self._peripheral.faults.connect_error[1])
        self.air.clients[self.address] = self
        self._peripheral.connected = True
        self._peripheral.n_connects += 1
        self.services = BleakGATTServiceCollection()
        for uuid, (handle, table) in self._peripheral.services.items():
            service = BleakGATTService(None, handle, uuid)
            self.services.add_service(service)
            for c in table:
                flags: Any = list(c.properties)
                self.services.add_characteristic(
                    BleakGATTCharacteristic(c, c.handle, c.uuid, flags, lambda: self.mtu_size - 3, service)
                )

    def lose(self) -> None:
        self.services = None
        self._listeners.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    def hear(self, characteristic: Characteristic, data: bytes) -> bool:
        callback = self._listeners.get(characteristic.uuid)
        if callback is not None:
            callback(bytearray(data))
        return callback is not None

    async def disconnect(self) -> None:
        if self.is_connected:
            self.air.drop(self._peripheral)

    def _characteristic(self, characteristic: BleakGATTCharacteristic) -> Any:
        if not self.is_connected:
            raise BleakError("Not connected")
        return characteristic.obj

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_: Any
    ) -> None:
        self._listeners[self._characteristic(characteristic).uuid] = callback

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._listeners.pop(self._characteristic(characteristic).uuid, None)

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
        return bytearray(self._peripheral.read(self._characteristic(characteristic)))

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
        self._peripheral.written(self._characteristic(characteristic), bytes(data))
