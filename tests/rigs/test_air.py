"""The fake Bluetooth is driven by the real bleak here, and behaves as bluetoothd 5.66 was seen to behave."""

import asyncio
import struct
from collections.abc import Coroutine
from typing import Any, TypeVar

import bleak
import pytest
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from tests.rigs.air import Air
from tests.rigs.counting import COMMAND, DATA, CountingUnit
from tests.rigs.devices.npg import CONTROL, NpgDevice


def counting(name: str = "count") -> CountingUnit:
    """A unit that sends already."""
    unit = CountingUnit(name)
    unit.receive(b"start")
    return unit


T = TypeVar("T")


def run(air: Air, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it in a loop of its own, and let bleak's connection to the bus end before the loop does."""

    async def run_and_leave() -> T:
        try:
            return await coroutine
        finally:
            air.bus.kill()
            await asyncio.wait_for(asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}), 2.0)

    return asyncio.run(run_and_leave())


async def find(name: str) -> BLEDevice:
    device = await bleak.BleakScanner.find_device_by_name(name, timeout=5.0)
    assert device is not None
    return device


def test_two_devices_are_found_connected_and_heard_without_loss(air: Air):
    for i in (1, 2):
        air.add(counting(f"count-{i}"), f"C0:00:00:00:00:0{i}")

    async def listen(name: str) -> list[int]:
        heard: list[int] = []
        enough = asyncio.Event()

        def on_data(_: object, data: bytearray) -> None:
            heard.extend(struct.unpack("<II", data))
            if len(heard) >= 60:
                enough.set()

        async with bleak.BleakClient(await find(name)) as client:
            await client.start_notify(DATA, on_data)
            await asyncio.wait_for(enough.wait(), 5.0)
        return heard

    async def both() -> list[list[int]]:
        return [await listen("count-1"), await listen("count-2")]

    for heard in run(air, both()):
        assert heard == list(range(heard[0], heard[0] + len(heard)))


def test_a_characteristic_is_read(air: Air):
    air.add(counting())

    async def ask() -> bytes:
        async with bleak.BleakClient(await find("count")) as client:
            return bytes(await client.read_gatt_char(COMMAND))

    assert run(air, ask()) == b"count"


def test_a_command_is_answered(air: Air):
    air.add(NpgDevice(name="NPG"))

    async def ask() -> bytes:
        answer: asyncio.Queue[bytes] = asyncio.Queue()
        async with bleak.BleakClient(await find("NPG")) as client:
            await client.start_notify(CONTROL, lambda _, data: answer.put_nowait(bytes(data)))
            await client.write_gatt_char(CONTROL, b"WHORU", response=True)
            return await asyncio.wait_for(answer.get(), 2.0)

    assert run(air, ask()) == b"NPG-LITE"


def test_a_notification_longer_than_the_mtu_is_cut(air: Air):
    air.add(counting(), mtu=9)

    async def hear() -> bytes:
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        async with bleak.BleakClient(await find("count")) as client:
            await client.start_notify(DATA, lambda _, data: heard.put_nowait(bytes(data)))
            return await asyncio.wait_for(heard.get(), 2.0)

    assert len(run(air, hear())) == 6


def test_a_lost_link_is_told_and_the_device_can_be_connected_again(air: Air):
    peripheral = air.add(counting())

    async def lose_and_return() -> None:
        lost = asyncio.Event()
        device = await find("count")
        client = bleak.BleakClient(device, lambda _: lost.set())
        await client.connect()
        await asyncio.to_thread(air.drop, peripheral)
        await asyncio.wait_for(lost.wait(), 1.0)
        await client.connect()
        await client.disconnect()

    run(air, lose_and_return())
    assert peripheral.n_connects == 2
    assert not peripheral.connected


def test_a_second_scanner_of_one_program_is_refused_as_on_a_real_system(air: Air):
    async def scan_twice() -> None:
        async with bleak.BleakScanner():
            with pytest.raises(BleakError, match="InProgress"):
                await bleak.BleakScanner().start()

    run(air, scan_twice())


def test_connecting_to_a_device_out_of_range_ends_at_the_callers_time_out(air: Air):
    peripheral = air.add(counting())

    async def reach() -> None:
        device = await find("count")
        peripheral.advertising = False
        with pytest.raises(TimeoutError):
            await bleak.BleakClient(device, timeout=0.3).connect()

    run(air, reach())
    assert not peripheral.connected


def test_a_device_that_nobody_is_linked_to_is_forgotten(air: Air):
    air.bluez.forget_after_s = 0.05
    peripheral = air.add(counting())

    async def come_too_late() -> None:
        device = await find("count")
        peripheral.advertising = False
        while air.do(air.bluez.knows, peripheral):
            await asyncio.sleep(0)
        with pytest.raises(BleakError, match="not found"):
            await bleak.BleakClient(device, timeout=1.0).connect()

    run(air, come_too_late())


def test_bluetooth_switched_off_drops_the_link_and_ends_the_scan(air: Air):
    peripheral = air.add(counting())

    async def switch_off() -> None:
        lost = asyncio.Event()
        async with bleak.BleakClient(await find("count"), lambda _: lost.set()):
            await asyncio.to_thread(air.do, air.bluez.set_powered, False)
            await asyncio.wait_for(lost.wait(), 1.0)
        with pytest.raises(BleakError):
            await bleak.BleakScanner().start()

    run(air, switch_off())
    assert not peripheral.connected


def test_what_the_way_did_to_the_packets_is_known(air: Air):
    peripheral = air.add(counting())
    heard: list[int] = []

    async def listen() -> None:
        enough = asyncio.Event()

        def on_data(_: object, data: bytearray) -> None:
            heard.append(struct.unpack("<II", data)[0])
            if len(heard) == 20:
                peripheral.channel.lose_next = 3
            if len(heard) == 30:
                enough.set()

        async with bleak.BleakClient(await find("count")) as client:
            await client.start_notify(DATA, on_data)
            await asyncio.wait_for(enough.wait(), 5.0)

    run(air, listen())
    missing = set(range(heard[0], heard[-1] + 1, 2)) - set(heard)
    assert len(missing) == 3
    assert peripheral.gaps() == [6]
