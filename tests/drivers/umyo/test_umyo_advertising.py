"""A uMyo that only advertises, heard by a scanner that a test speaks for."""

import asyncio
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from drivers import conformance, io_loop, radio
from drivers.ble_errors import LinkError
from drivers.conformance import Witness
from drivers.gatt import GattPeer
from drivers.radio import Radio, Seen
from drivers.registry import create
from drivers.types import LinkState
from tests.rigs.devices.umyo import advertisement

PATIENCE_S = 20.0
BLOCK_S = 8 / 1133


class Unit:
    """Advertises its latest block as often as somebody scans; each block holds its own number as its level."""

    def __init__(self) -> None:
        self.began_s = 0.0
        self.is_on = True
        self.heard: dict[int, bytes] = {}

    def advertise(self, now_s: float) -> Mapping[int, bytes]:
        self.began_s = self.began_s or now_s
        block = int((now_s - self.began_s) / BLOCK_S)
        number, data = advertisement(block, (0, 0, block, 0))
        self.heard[number] = data  # as a system that keeps what it heard
        return dict(self.heard)


@pytest.fixture
def unit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Unit]:
    unit = Unit()

    class Scanner:
        def __init__(self, heard: Callable[[BLEDevice, AdvertisementData], None], **_: object) -> None:
            self._heard = heard
            self._task: asyncio.Task[None] | None = None

        async def start(self) -> None:
            self._task = asyncio.create_task(self._speak())

        async def stop(self) -> None:
            assert self._task is not None
            self._task.cancel()
            await asyncio.wait({self._task})

        async def _speak(self) -> None:
            loop = asyncio.get_running_loop()
            device = BLEDevice("D4:00:00:00:00:D7", "uMyo v2", None)
            while True:
                await asyncio.sleep(0.02)
                if unit.is_on:
                    data = dict(unit.advertise(loop.time()))
                    self._heard(device, AdvertisementData("uMyo v2", data, {}, [], None, -60, ()))

    async def nothing_left_over(self: Radio, services: object) -> list[Seen]:
        return []

    monkeypatch.setattr(radio, "BleakScanner", Scanner)
    monkeypatch.setattr(Radio, "left_over", nothing_left_over)
    yield unit
    io_loop.shutdown()


def test_it_keeps_the_promises_of_a_driver(unit: Unit):
    conformance.check(lambda: create("umyo:any?adv=1"))


def test_levels_come_as_an_envelope_at_the_pace_of_the_unit(unit: Unit):
    driver, witness = create("umyo:uMyo v2?adv=1"), Witness()
    (stream,) = driver.open(witness)
    assert (stream.kind, stream.unit) == ("envelope", "counts")
    assert stream.sfreq == pytest.approx(8.85, abs=0.01)
    assert driver.vitals[stream.stream_id].battery_pct == pytest.approx(70.0)
    assert "only advertises" in driver.carried.notes[0]
    driver.start()
    assert witness.wait_for_blocks(12, PATIENCE_S), witness.states
    driver.close()
    levels = np.concatenate([block.samples[:, 0] for block in witness.blocks])
    indices = np.array([block.first_index for block in witness.blocks])
    slope = np.polyfit(indices[1:], levels[1:], 1)[0]
    assert slope == pytest.approx(16, rel=0.1)


def test_a_unit_that_offers_nothing_when_connected_is_listened_to(unit: Unit, monkeypatch: pytest.MonkeyPatch):
    closed = []

    class Bare(GattPeer):
        def __init__(self) -> None:
            pass

        def offers(self, uuid: str) -> bool:
            return False

        async def close(self) -> None:
            closed.append(True)

    async def connect(seen: Seen) -> GattPeer:
        return Bare()

    monkeypatch.setattr("drivers.gatt.connect", connect)
    driver = create("umyo:*")
    (stream,) = driver.open(Witness())
    driver.close()
    assert stream.kind == "envelope"
    assert closed == [True]


def test_a_unit_that_cannot_be_connected_to_may_be_listened_to(unit: Unit, monkeypatch: pytest.MonkeyPatch):
    async def connect(seen: Seen) -> GattPeer:
        raise LinkError("It does not answer.")

    monkeypatch.setattr("drivers.gatt.connect", connect)
    monkeypatch.setattr("drivers.ble_driver.FIND_S", 2.0)
    with pytest.raises(LinkError, match=r"write umyo:\*\?adv=1"):
        create("umyo:*").open(Witness())


def test_a_unit_that_falls_silent_is_stalled_and_comes_back(unit: Unit):
    driver, witness = create("umyo:any?adv=1"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    unit.is_on = False
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.states[-1][1] is LinkState.STALLED, PATIENCE_S)
    unit.is_on = True
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.states[-1][1] is LinkState.STREAMING, PATIENCE_S)
    driver.close()


def test_a_scan_tells_the_charge(unit: Unit):
    (found,) = type(create("umyo:any")).scan(3.0)
    assert found.battery_pct == pytest.approx(70.0)
    assert (found.rssi_dbm, found.uri) == (-60, "umyo:uMyo v2")
