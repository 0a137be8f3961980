"""``bitalino+ble:`` with the real bleak on an air without a radio."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from drivers import conformance
from drivers.bitalino import ble_driver
from drivers.conformance import Witness
from drivers.errors import DriverError
from drivers.registry import create
from drivers.types import LinkState
from tests.rigs.devices.bitalino import BitalinoBle

if TYPE_CHECKING:
    from tests.rigs.air import Air

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble_driver, "ANSWER_S", 0.8)


def test_it_keeps_the_promises_of_a_driver(air: "Air"):
    air.add(BitalinoBle(), mtu=23)
    conformance.check(lambda: create("bitalino+ble:any"))


@pytest.mark.parametrize("query", ["", "?channels=1,2,3,4,5,6"])
def test_slices_come_together_as_the_samples_that_the_device_sent(air: "Air", query: str):
    device = BitalinoBle()
    air.add(device, mtu=23)
    driver, witness = create(f"bitalino+ble:BITalino BLE{query}"), Witness()
    (stream,) = driver.open(witness)
    assert driver.vitals[stream.stream_id].battery_pct == pytest.approx(69.4, abs=0.1)
    driver.start()
    assert witness.wait_for_blocks(50, PATIENCE_S), witness.states
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks])
    np.testing.assert_array_equal(samples, device.truth(0, len(samples)))
    assert not device.is_streaming


def test_it_streams_again_after_the_link_broke(air: "Air"):
    device = BitalinoBle()
    peripheral = air.add(device, mtu=23)
    driver, witness = create("bitalino+ble:*?test=1"), Witness()
    (stream,) = driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    air.drop(peripheral)  # it goes on sending, to nobody
    with witness.watched:
        assert witness.watched.wait_for(lambda: LinkState.RECONNECTING in [s for _, s, _ in witness.states], PATIENCE_S)
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()
    assert driver.simulated
    assert stream.ch_names == ("A1", "A2")


def test_a_device_of_another_kind_is_refused(air: "Air"):
    air.add(BitalinoBle(version=b""), mtu=23)
    with pytest.raises(DriverError, match="does not answer as a BITalino would"):
        create("bitalino+ble:*").open(Witness())
