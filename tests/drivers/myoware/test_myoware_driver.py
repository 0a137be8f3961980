"""``myoware:`` with the real bleak on an air without a radio."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import SourceFormatError, SourceUriError
from drivers.registry import create
from tests.rigs.devices.myoware import MyoWareDevice

if TYPE_CHECKING:
    from tests.rigs.air import Air


def test_myoware_keeps_the_promises_of_a_driver(air: "Air"):
    air.add(MyoWareDevice())
    conformance.check(lambda: create("myoware:MyoWareSensor1?rate=100"))


@pytest.mark.parametrize(
    ("signal", "sfreq", "unit", "kind"), [("env", 100.0, "counts", "envelope"), ("raw", 400.0, "V", "raw")]
)
def test_readings_come_as_the_sensor_measured_them(air: "Air", signal: str, sfreq: float, unit: str, kind: str):
    device = MyoWareDevice(sfreq=sfreq, output=signal)
    air.add(device)
    driver, witness = create(f"myoware:MyoWareSensor1?signal={signal}"), Witness()
    (stream,) = driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(50, 20.0)
    driver.close()
    assert (stream.unit, stream.kind, stream.sfreq_known) == (unit, kind, False)
    assert stream.sfreq == pytest.approx(sfreq, rel=0.25)  # an air on a busy computer is late
    samples = np.concatenate([block.samples for block in witness.blocks])
    windows = np.lib.stride_tricks.sliding_window_view(device.truth(0, 8000)[:, 0], len(samples))
    assert np.isclose(windows, samples[:, 0], atol=1e-9).all(axis=1).any()


def test_two_sensors_are_told_apart_by_name(air: "Air"):
    air.add(MyoWareDevice("MyoWareSensor1"), "C0:00:00:00:00:01")
    air.add(MyoWareDevice("MyoWareSensor2"), "C0:00:00:00:00:02")
    found = type(create("myoware:any")).scan(1.0)
    assert [device.uri for device in found] == ["myoware:MyoWareSensor1", "myoware:MyoWareSensor2"]


def test_too_few_readings_for_a_raw_signal_are_refused(air: "Air"):
    air.add(MyoWareDevice(sfreq=100.0, output="raw"))
    with pytest.raises(SourceFormatError, match="too few for signal=raw"):
        create("myoware:*?signal=raw").open(Witness())


@pytest.mark.parametrize("query", ["signal=REF", "rate=0", "baud=9600"])
def test_a_wrong_option_is_refused(query: str):
    with pytest.raises(SourceUriError, match=query.partition("=")[0]):
        create(f"myoware:MyoWareSensor1?{query}")
