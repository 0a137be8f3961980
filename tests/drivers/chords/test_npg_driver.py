"""``npg:`` on the real bleak and a fake air with the virtual unit in it."""

import sys

import numpy as np
import pytest

from drivers import conformance
from drivers.chords.npg_driver import NpgDriver
from drivers.conformance import Witness
from drivers.errors import DriverError
from drivers.registry import create
from drivers.types import LinkState, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.air import Air
from tests.rigs.devices.npg import BATTERY, NpgDevice

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bleak speaks to D-Bus on Linux alone")

PATIENCE_S = 20.0


def opened(name: str) -> tuple[NpgDriver, Witness, StreamInfo]:
    driver = NpgDriver(parse_uri(f"npg:{name}", ["npg"]))
    witness = Witness()
    try:
        (stream,) = driver.open(witness)
    except DriverError:
        driver.close()
        raise
    return driver, witness, stream


def test_it_keeps_the_promises_of_a_driver(air: Air):
    air.add(NpgDevice(3))
    conformance.check(lambda: create("npg:any"))


@pytest.mark.parametrize("n_channels", [3, 6])
def test_every_sample_is_the_one_that_the_unit_sent(air: Air, n_channels: int):
    device = NpgDevice(n_channels)
    air.add(device)
    driver, witness, stream = opened(device.name)
    assert (len(stream.ch_names), stream.sfreq, stream.unit, stream.full_scale) == (n_channels, 500.0, "counts", 2047.0)
    driver.start()
    assert witness.wait_for_blocks(20, PATIENCE_S), witness.states
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks])
    np.testing.assert_array_equal(samples, device.truth(0, len(samples)))
    assert sum(block.n_lost for block in witness.blocks) == 0


def test_a_unit_of_the_old_firmware_has_three_channels_and_no_battery(air: Air):
    device = NpgDevice(3, name="NPG-a1b2c3d4e5f6")
    device.services = {
        uuid: {c: p for c, p in table.items() if c != BATTERY} for uuid, table in device.services.items()
    }
    air.add(device)
    driver, witness, stream = opened("NPG-a1b2")
    assert len(stream.ch_names) == 3
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S), witness.states
    assert [vitals.battery_pct for vitals in driver.vitals.values()] == [None]
    driver.close()


def test_the_battery_shows_among_the_vitals(air: Air):
    peripheral = air.add(NpgDevice(3))
    driver, witness, stream = opened("any")
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S), witness.states
    battery = next(c for c in peripheral.characteristics if c.uuid == BATTERY)
    for charge in (bytes([85]), bytes([200]), b"junk"):  # what is no percentage changes nothing
        assert air.do(peripheral.on_notify, battery, charge)
    n_before = len(witness.blocks)
    assert witness.wait_for_blocks(n_before + 5, PATIENCE_S)
    assert driver.vitals[stream.stream_id].battery_pct == 85.0
    driver.close()


def test_packets_too_small_for_its_channels_are_refused_in_a_sentence(air: Air):
    device = NpgDevice(6)
    air.add(device, mtu=100)
    with pytest.raises(DriverError, match="MTU too small"):
        opened(device.name)


def test_an_esp32_with_another_sketch_is_no_npg_lite(air: Air):
    device = NpgDevice(3, name="NPG-but-not-really")
    device.services = {"0000181a-0000-1000-8000-00805f9b34fb": {"00002a6e-0000-1000-8000-00805f9b34fb": ("notify",)}}
    air.add(device)
    with pytest.raises(DriverError, match="is no NPG Lite that sends over Bluetooth"):
        opened(device.name)


def test_after_a_lost_link_it_begins_at_zero_in_a_new_epoch(air: Air):
    device = NpgDevice(3)
    peripheral = air.add(device)
    driver, witness, _ = opened("any")
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S), witness.states
    air.drop(peripheral)
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()
    first = next(block for block in witness.blocks if block.epoch == 1)
    assert (first.first_index, first.n_lost) == (0, 0)
    np.testing.assert_array_equal(first.samples, device.truth(0, 10))
    assert LinkState.RECONNECTING in [state for _, state, _ in witness.states]
