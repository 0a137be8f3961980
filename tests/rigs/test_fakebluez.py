"""The signals of the fake BlueZ come in the order in which bluetoothd 5.66 was traced to send them."""

import asyncio
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.rigs.air import Air
from tests.rigs.bluez_objects import ADAPTER, DEVICE, HCI
from tests.rigs.counting import CountingUnit

UNIT = f"{HCI}/dev_C0_00_00_00_00_01"


class Spy:
    """A client that writes down every signal of BlueZ."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.signals: list[tuple[str, ...]] = []
        bus.add_message_handler(self._note)

    @classmethod
    async def listening(cls, address: str) -> "Spy":
        spy = cls(await MessageBus(bus_address=address).connect())
        await spy.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "AddMatch", "type='signal',sender='org.bluez'")
        return spy

    async def call(self, interface: str, path: str, member: str, *body: str) -> None:
        """Call something, which must work."""
        destination = interface if interface == "org.freedesktop.DBus" else "org.bluez"
        reply = await self._bus.call(
            Message(
                destination=destination,
                path=path,
                interface=interface,
                member=member,
                signature="s" * len(body),
                body=list(body),
            )
        )
        assert reply is not None
        assert reply.message_type is MessageType.METHOD_RETURN, reply.body

    async def hear(self, *words: str) -> None:
        """Wait until a signal came that holds these."""
        while not any(set(words) <= set(signal) for signal in self.signals):
            await asyncio.sleep(0.005)

    def leave(self) -> None:
        self._bus.disconnect()

    def _note(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL or not (message.path or "").startswith(("/org/bluez", "/")):
            return
        if message.member == "InterfacesAdded":
            self.signals.append(("added", message.body[0].removeprefix(UNIT) or "unit"))
        elif message.member == "PropertiesChanged" and message.path == UNIT:
            changed: dict[str, Any] = message.body[1]
            told = [f"{name}={changed[name].value}" for name in changed if name != "UUIDs"]
            self.signals.append((*told, *(name for name in changed if name == "UUIDs"), *message.body[2]))


def test_signals_come_in_the_order_of_a_real_bluetoothd(air: Air):
    peripheral = air.add(CountingUnit("count"))

    async def watch() -> list[tuple[str, ...]]:
        spy = await Spy.listening(air.bus.address)
        await spy.call(ADAPTER, HCI, "StartDiscovery")
        await spy.hear("added", "unit")
        await spy.call(ADAPTER, HCI, "StopDiscovery")
        await spy.call(DEVICE, UNIT, "Connect")
        await spy.hear("ServicesResolved=True")
        await asyncio.to_thread(air.drop, peripheral)
        await spy.hear("ServicesResolved=False")
        await spy.call(DEVICE, UNIT, "Connect")
        while sum("ServicesResolved=True" in signal for signal in spy.signals) < 2:
            await asyncio.sleep(0.005)
        await spy.call(DEVICE, UNIT, "Disconnect")
        while ("Connected=False",) not in spy.signals:
            await asyncio.sleep(0.005)
        spy.leave()
        return [signal for signal in spy.signals if not signal[0].startswith("RSSI=")]

    assert asyncio.run(asyncio.wait_for(watch(), 5.0)) == [
        ("added", "unit"),
        ("RSSI",),  # invalidated when the scan ends
        ("Connected=True",),
        ("added", "/service000a"),
        ("added", "/service000a/char000b"),
        ("added", "/service000a/char000e"),
        ("ServicesResolved=True", "UUIDs"),
        ("ServicesResolved=False", "Connected=False"),  # a lost link: one signal, and the table stays
        ("Connected=True",),
        ("ServicesResolved=True", "UUIDs"),
        ("ServicesResolved=False",),  # a local disconnect: two signals, seconds apart on a real one
        ("Connected=False",),
    ]
