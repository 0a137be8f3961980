"""``nus:`` with the real bleak on an air without a radio."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import SourceFormatError
from drivers.registry import create
from tests.rigs.devices.nus import NusDevice

if TYPE_CHECKING:
    from tests.rigs.air import Air


def test_nus_keeps_the_promises_of_a_driver(air: "Air"):
    air.add(NusDevice())
    conformance.check(lambda: create("nus:EMG-UART?rate=500"))


def test_lines_that_span_packets_come_whole_and_in_order(air: "Air"):
    device = NusDevice(packet_bytes=20)
    air.add(device)
    driver, witness = create("nus:*?rate=500"), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(30, 20.0)
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks])
    truth = device.truth(0, 20_000)
    starts = np.flatnonzero((truth[: -len(samples)] == samples[0]).all(axis=1))
    assert any(np.array_equal(truth[start : start + len(samples)], samples) for start in starts)


def test_the_rate_is_measured_and_not_believed(air: "Air"):
    air.add(NusDevice(sfreq=100.0, n_channels=1))
    driver = create("nus:EMG-UART")
    (stream,) = driver.open(Witness())
    notes = driver.carried.notes
    driver.close()
    assert stream.sfreq == pytest.approx(100.0, rel=0.1)
    assert (stream.sfreq_known, stream.kind, stream.unit, stream.ch_names) == (False, "envelope", "counts", ("ch1",))
    assert "envelope" in notes[0]


def test_a_board_that_prints_no_numbers_is_refused(air: "Air"):
    device = NusDevice()
    device.packets = lambda n: [b"hello\n"]  # type: ignore[method-assign]
    air.add(device)
    with pytest.raises(SourceFormatError, match="sends no lines of numbers"):
        create("nus:EMG-UART").open(Witness())
