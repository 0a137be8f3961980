"""``org.bluez`` as bluetoothd 5.66 behaves, on a private bus, so that the real bleak runs in every test.

What is imitated was traced on a real bluetoothd: Connect sets Connected, then adds all objects of the GATT table, then
sets UUIDs and ServicesResolved in one signal; a lost link is one signal and the table stays; a local Disconnect takes
its time; a second scanner of the same client is refused; RSSI goes when the scan ends; a device that nobody is linked
to is forgotten after half a minute.
"""

import asyncio
import contextlib
from typing import Any

from dbus_fast import Message, MessageFlag, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.rigs.bluez_objects import (
    ADAPTER,
    CHARACTERISTIC,
    DEVICE,
    HCI,
    Interfaces,
    adapter_properties,
    characteristic_path,
    device_properties,
    gatt_objects,
    name_properties,
    service_uuids,
)
from tests.rigs.peripheral import FAILED, IN_PROGRESS, BluezError, Characteristic, Peripheral

OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"


class _RefusedError(Exception):
    """Answered to the caller as a D-Bus error."""

    def __init__(self, error: BluezError) -> None:
        super().__init__(*error)
        self.error = error


class FakeBluez:
    """The Bluetooth service of a computer with one adapter. Lives in one loop, which `tests.rigs.air.Air` runs.

    Parameters
    ----------
    bus_address : str
        Of the private bus.
    """

    def __init__(self, bus_address: str) -> None:
        self._bus_address = bus_address
        self._bus: MessageBus | None = None
        self._objects: dict[str, Interfaces] = {}
        self._scanners: set[str] = set()
        self._listeners: dict[str, set[str]] = {}
        """Path of a characteristic to the unique bus names that called StartNotify on it."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._advertiser: asyncio.Task[None] | None = None
        self._forgetting: dict[str, asyncio.TimerHandle] = {}
        self._attempts: dict[str, asyncio.Event] = {}
        """Path of each device that is being connected to; set to give up."""
        self.peripherals: dict[str, Peripheral] = {}
        """By path."""
        self.advertise_s = 0.1
        self.forget_after_s = 30.0
        self.name_comes_late = False
        """Whether the first advertisement of a device lacks its name, which real ones send in the scan response."""
        self.calls: list[tuple[str, str]] = []
        """Member and path of every call that came."""

    # ---- birth and death

    async def start(self) -> None:
        """Come up on the bus, as after boot or after a crash: no device is known, no link is up."""
        self._objects = {HCI: {ADAPTER: adapter_properties()}}
        self._scanners.clear()
        for path in self.peripherals:
            self._unlink(path)
        self._bus = await MessageBus(bus_address=self._bus_address).connect()
        self._bus.add_message_handler(self._on_message)
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged',arg2=''"],
            )
        )
        await self._bus.request_name("org.bluez")
        self._announce(HCI)  # clients that outlived a crash never ask again
        self._advertiser = asyncio.create_task(self._advertise())

    async def stop(self) -> None:
        """Go, without a word to anybody: what a crash looks like from outside."""
        if self._advertiser is not None:
            self._advertiser.cancel()
        for timer in self._forgetting.values():
            timer.cancel()
        self._forgetting.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._bus is not None:
            self._bus.disconnect()
            with contextlib.suppress(OSError, EOFError):  # the daemon may have gone first
                await self._bus.wait_for_disconnect()
            self._bus = None
        for path in self.peripherals:
            self._unlink(path)

    def add(self, peripheral: Peripheral) -> None:
        """Bring a device into range."""
        path = f"{HCI}/dev_{peripheral.address.replace(':', '_')}"
        self.peripherals[path] = peripheral
        peripheral.on_notify = lambda characteristic, data: self._notify(path, characteristic, data)

    def knows(self, peripheral: Peripheral) -> bool:
        """Whether it has an object of its own now."""
        return self._path(peripheral) in self._objects

    # ---- faults that are the system's

    def drop(self, peripheral: Peripheral, *, forget: bool = False) -> None:
        """Lose the link to a device, as after its supervision timeout; `forget` removes the device too."""
        path = self._path(peripheral)
        if peripheral.connected:
            self._unlink(path)
            self._change(path, DEVICE, ServicesResolved=Variant("b", False), Connected=Variant("b", False))
        if forget:
            self._forget(path)
        else:
            self._forget_later(path)

    def leave_linked(self, peripheral: Peripheral) -> None:
        """Keep a link that nobody uses: what a program leaves behind that was killed while it was connected."""
        path = self._path(peripheral)
        self._objects[path] = {DEVICE: device_properties(peripheral) | name_properties(peripheral)}
        self._announce(path)
        self._link(path, peripheral)

    def set_powered(self, on: bool) -> None:
        """Switch Bluetooth off or on: links drop, scans end."""
        if not on:
            for peripheral in self.peripherals.values():
                self.drop(peripheral)
            self._scanners.clear()
            self._change(HCI, ADAPTER, Discovering=Variant("b", False))
        self._change(HCI, ADAPTER, Powered=Variant("b", on))

    def unplug_adapter(self) -> None:
        """Pull the dongle: everything under it vanishes."""
        for peripheral in self.peripherals.values():
            self.drop(peripheral, forget=True)
        self._scanners.clear()
        self._remove(HCI)

    def plug_adapter(self) -> None:
        """Put the dongle back."""
        self._objects[HCI] = {ADAPTER: adapter_properties()}
        self._announce(HCI)

    # ---- the tree of objects

    def _path(self, peripheral: Peripheral) -> str:
        return next(path for path, known in self.peripherals.items() if known is peripheral)

    def _unlink(self, path: str) -> None:
        self.peripherals[path].connected = False
        self._listeners = {char: who for char, who in self._listeners.items() if not char.startswith(f"{path}/")}

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        if self._bus is not None and self._bus.connected:
            self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def _change(self, path: str, interface: str, **changed: Variant) -> None:
        if path in self._objects:
            self._objects[path][interface].update(changed)
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def _announce(self, path: str) -> None:
        self._signal("/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, self._objects[path]])

    def _remove(self, path: str) -> None:
        for gone in sorted((p for p in self._objects if p == path or p.startswith(f"{path}/")), reverse=True):
            interfaces = self._objects.pop(gone)
            self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", [gone, list(interfaces)])

    def _forget(self, path: str) -> None:
        timer = self._forgetting.pop(path, None)
        if timer is not None:
            timer.cancel()
        if not self.peripherals[path].connected:
            self._remove(path)

    def _forget_later(self, path: str) -> None:
        if path in self._forgetting:
            self._forgetting[path].cancel()
        self._forgetting[path] = asyncio.get_running_loop().call_later(self.forget_after_s, self._forget, path)

    def _notify(self, path: str, characteristic: Characteristic, data: bytes) -> bool:
        place = characteristic_path(path, self.peripherals[path], characteristic)
        if not self._listeners.get(place):
            return False
        self._change(place, CHARACTERISTIC, Value=Variant("ay", data))
        return True

    # ---- advertising

    async def _advertise(self) -> None:
        while True:
            await asyncio.sleep(self.advertise_s)
            if self._scanners:
                for path, peripheral in self.peripherals.items():
                    if peripheral.advertising and not peripheral.connected:
                        self._sighted(path, peripheral)

    def _sighted(self, path: str, peripheral: Peripheral) -> None:
        name = name_properties(peripheral)
        if path not in self._objects:
            properties = device_properties(peripheral)
            if not self.name_comes_late:
                properties |= name
            self._objects[path] = {DEVICE: properties}
            self._announce(path)
        else:
            late = {} if "Name" in self._objects[path][DEVICE] else name
            self._change(path, DEVICE, RSSI=Variant("n", peripheral.rssi_dbm), **late)
        self._forget_later(path)

    # ---- calls

    def _on_message(self, message: Message) -> Message | bool | None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            self._client_gone(message.body[0])
        interfaces = (OBJECT_MANAGER, PROPERTIES, ADAPTER, DEVICE, CHARACTERISTIC)
        if message.message_type is not MessageType.METHOD_CALL or message.interface not in interfaces:
            return None
        self.calls.append((message.member or "", message.path or ""))
        if message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _client_gone(self, name: str) -> None:
        """A program ended; the link that it made stays, as it does on a real system."""
        self._end_scan(name)
        for listeners in self._listeners.values():
            listeners.discard(name)

    async def _answer(self, message: Message) -> None:
        try:
            reply = await self._call(message)
        except _RefusedError as refused:
            reply = Message.new_error(message, *refused.error)
        if self._bus is not None and not message.flags & MessageFlag.NO_REPLY_EXPECTED:
            self._bus.send(reply)

    async def _call(self, m: Message) -> Message:
        path = m.path or ""
        if path not in self._objects:
            error = "org.freedesktop.DBus.Error.UnknownObject"
            raise _RefusedError((error, f'Method "{m.member}" with signature "{m.signature}" doesn\'t exist'))
        if m.interface == PROPERTIES:
            return self._properties_call(m, path)
        if m.interface == ADAPTER:
            return self._adapter_call(m)
        if m.interface == DEVICE:
            return await self._device_call(m, path)
        return await self._characteristic_call(m, path)

    def _properties_call(self, m: Message, path: str) -> Message:
        interface = m.body[0]
        if m.member == "GetAll":
            return Message.new_method_return(m, "a{sv}", [self._objects[path][interface]])
        if m.member == "Get":
            return Message.new_method_return(m, "v", [self._objects[path][interface][m.body[1]]])
        self._change(path, interface, **{m.body[1]: m.body[2]})
        return Message.new_method_return(m)

    def _adapter_call(self, m: Message) -> Message:
        sender = m.sender or ""
        if not self._objects[HCI][ADAPTER]["Powered"].value:
            raise _RefusedError(("org.bluez.Error.NotReady", "Resource Not Ready"))
        if m.member == "StartDiscovery":
            if sender in self._scanners:
                raise _RefusedError((IN_PROGRESS, "Operation already in progress"))
            self._scanners.add(sender)
            self._change(HCI, ADAPTER, Discovering=Variant("b", True))
        elif m.member == "StopDiscovery":
            if sender not in self._scanners:
                raise _RefusedError((FAILED, "No discovery started"))
            self._end_scan(sender)
        elif m.member == "RemoveDevice":
            self.drop(self.peripherals[m.body[0]], forget=True)
        return Message.new_method_return(m)

    def _end_scan(self, sender: str) -> None:
        if sender not in self._scanners:
            return
        self._scanners.discard(sender)
        if self._scanners:
            return
        for path in self.peripherals:
            if self._objects.get(path, {DEVICE: {}})[DEVICE].pop("RSSI", None) is not None:
                self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [DEVICE, {}, ["RSSI"]])
        self._change(HCI, ADAPTER, Discovering=Variant("b", False))

    async def _device_call(self, m: Message, path: str) -> Message:
        peripheral = self.peripherals[path]
        if m.member == "Connect":
            await self._connect(path, peripheral)
        elif m.member == "Disconnect":
            if path in self._attempts:
                self._attempts.pop(path).set()
            self._change(path, DEVICE, ServicesResolved=Variant("b", False))
            await asyncio.sleep(peripheral.faults.disconnect_delay_s if peripheral.connected else 0.0)
            if peripheral.connected:
                self._unlink(path)
                self._change(path, DEVICE, Connected=Variant("b", False))
                self._forget_later(path)
        else:
            raise _RefusedError(("org.freedesktop.DBus.Error.UnknownMethod", m.member or ""))
        return Message.new_method_return(m)

    async def _connect(self, path: str, peripheral: Peripheral) -> None:
        faults = peripheral.faults
        if not self._objects[HCI][ADAPTER]["Powered"].value:
            raise _RefusedError((FAILED, "Input/output error"))
        if faults.connect_fails:
            faults.connect_fails -= 1
            raise _RefusedError(faults.connect_error)
        given_up = self._attempts[path] = asyncio.Event()
        while (
            not peripheral.advertising or faults.connect_hangs
        ):  # no time-out of its own: a later advertisement connects
            if given_up.is_set():
                raise _RefusedError((FAILED, "le-connection-abort-by-local"))
            await asyncio.sleep(0.02)
        self._attempts.pop(path, None)
        self._link(path, peripheral)

    def _link(self, path: str, peripheral: Peripheral) -> None:
        peripheral.connected = True
        peripheral.n_connects += 1
        self._change(path, DEVICE, Connected=Variant("b", True))
        asyncio.get_running_loop().call_soon(self._resolve, path)

    def _resolve(self, path: str) -> None:
        peripheral = self.peripherals[path]
        if peripheral.faults.drop_while_resolving:
            self.drop(peripheral)
        if peripheral.faults.resolve_never or not peripheral.connected:
            return
        for place, interfaces in gatt_objects(path, peripheral).items():
            if place not in self._objects:
                self._objects[place] = interfaces
                self._announce(place)
        self._change(path, DEVICE, UUIDs=service_uuids(peripheral), ServicesResolved=Variant("b", True))

    async def _characteristic_call(self, m: Message, path: str) -> Message:
        device = path.split("/service")[0]
        peripheral = self.peripherals[device]
        characteristic = next(
            c for c in peripheral.characteristics if characteristic_path(device, peripheral, c) == path
        )
        faults = peripheral.faults
        if not peripheral.connected:
            raise _RefusedError((FAILED, "Not connected"))
        if m.member == "ReadValue":
            if faults.read_error is not None:
                raise _RefusedError(faults.read_error)
            return Message.new_method_return(m, "ay", [peripheral.read(characteristic)])
        if m.member == "WriteValue":
            if faults.write_in_progress:
                faults.write_in_progress -= 1
                raise _RefusedError((IN_PROGRESS, "In Progress"))
            while faults.write_hangs and peripheral.connected:
                await asyncio.sleep(0.02)
            if faults.write_error is not None:
                raise _RefusedError(faults.write_error)
            peripheral.written(characteristic, bytes(m.body[0]))
        elif m.member == "StartNotify":
            if faults.notify_error is not None:
                raise _RefusedError(faults.notify_error)
            if not {"notify", "indicate"} & set(characteristic.properties):
                raise _RefusedError(("org.bluez.Error.NotSupported", "Operation is not supported"))
            self._listeners.setdefault(path, set()).add(m.sender or "")
            self._change(path, CHARACTERISTIC, Notifying=Variant("b", True))
        elif m.member == "StopNotify":
            self._listeners.get(path, set()).discard(m.sender or "")
            self._change(path, CHARACTERISTIC, Notifying=Variant("b", False))
        else:
            raise _RefusedError(("org.freedesktop.DBus.Error.UnknownMethod", m.member or ""))
        return Message.new_method_return(m)
