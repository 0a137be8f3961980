"""``umyo:`` with the real bleak on an air without a radio."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceBusyError, SourceFormatError, SourceNotFoundError, SourceUriError
from drivers.registry import create
from drivers.types import LinkState
from tests.rigs.devices.umyo import SERVICE, TELEMETRY, UMyoDevice

if TYPE_CHECKING:
    from tests.rigs.air import Air

PATIENCE_S = 20.0


def test_it_keeps_the_promises_of_a_driver(air: "Air"):
    air.add(UMyoDevice())
    conformance.check(lambda: create("umyo:any"))


@pytest.mark.parametrize("payload", [20, 52, 61])
def test_every_sample_is_the_one_that_the_unit_sent(air: "Air", payload: int):
    device = UMyoDevice(payload=payload, first_sample=0)
    air.add(device)
    driver, witness = create("umyo:A1"), Witness()
    (stream,) = driver.open(witness)
    assert (stream.unit, stream.sfreq_known, stream.has_counter, stream.kind) == ("counts", False, True, "raw")
    driver.start()
    assert witness.wait_for_blocks(20, PATIENCE_S), witness.states
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks])
    assert sum(block.n_lost for block in witness.blocks) == 0
    truth = device.truth(0, 100_000)[:, 0]
    starts = np.flatnonzero(truth[: -len(samples)] == samples[0, 0])
    assert any((truth[k : k + len(samples)] == samples[:, 0]).all() for k in starts)


def test_two_units_of_one_name_are_told_apart_by_address(air: "Air"):
    left, right = UMyoDevice("uMyo v2", seed=1), UMyoDevice("uMyo v2", seed=2)
    air.add(left, "D7:00:00:00:00:D4")
    air.add(right, "D7:00:00:00:00:D5")
    with pytest.raises(SourceBusyError, match="D7:00:00:00:00:D4"):
        create("umyo:uMyo v2").open(Witness())
    found = type(create("umyo:any")).scan(1.0)
    assert [device.uri for device in found] == ["umyo:D7:00:00:00:00:D4", "umyo:D7:00:00:00:00:D5"]
    driver, witness = create("umyo:D7:00:00:00:00:D5"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    driver.close()
    assert witness.blocks[0].samples[:, 0].tolist() in right.truth(0, 24_000).reshape(-1, 24).tolist()


def test_it_streams_again_after_the_link_broke(air: "Air"):
    peripheral = air.add(UMyoDevice())
    driver, witness = create("umyo:*"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    air.drop(peripheral)
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()
    assert LinkState.RECONNECTING in [state for _, state, _ in witness.states]


def test_notifications_that_the_radio_lost_are_a_gap_of_that_length(air: "Air"):
    peripheral = air.add(UMyoDevice())
    driver, witness = create("umyo:*"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    peripheral.channel.lose_next = 4
    assert witness.wait_for_blocks(len(witness.blocks) + 8, PATIENCE_S)
    driver.close()
    assert [block.n_lost for block in witness.blocks if block.n_lost] == [4 * 24]


def test_a_link_of_small_packets_is_refused(air: "Air"):
    air.add(UMyoDevice(), mtu=23)
    with pytest.raises(DriverError, match="MTU too small"):
        create("umyo:*").open(Witness())


def test_a_device_that_has_only_the_name_is_refused(air: "Air"):
    device = UMyoDevice()
    device.services = {SERVICE.replace("9337", "0000"): {TELEMETRY: ("read", "notify")}}
    air.add(device)
    with pytest.raises(SourceFormatError, match="the name of a uMyo"):
        create("umyo:*").open(Witness())


def test_a_unit_that_is_not_found_may_be_in_another_radio_mode(air: "Air", monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drivers.ble_driver.FIND_S", 0.5)
    with pytest.raises(SourceNotFoundError, match="blue three times"):
        create("umyo:uMyo-A1").open(Witness())


@pytest.mark.parametrize("query", ["adv=2", "rate=1000", "chan=1"])
def test_a_wrong_option_is_refused(query: str):
    with pytest.raises(SourceUriError, match=query.partition("=")[0]):
        create(f"umyo:A?{query}")
