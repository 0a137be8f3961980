"""``ganglion:`` on the real bleak and an air without a radio."""

import numpy as np
import pytest

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import SourceFormatError, SourceUriError
from drivers.openbci.ganglion_driver import GanglionDriver
from drivers.openbci.ganglion_protocol import COUNT_V
from drivers.uri import parse_uri
from tests.rigs.air import Air
from tests.rigs.devices.ganglion import GanglionDevice

PATIENCE_S = 8.0


def ganglion(address: str = "*", query: str = "") -> GanglionDriver:
    return GanglionDriver(parse_uri(f"ganglion:{address}{query}", ["ganglion"]))


def test_it_keeps_the_promises_of_a_driver(air: Air):
    air.add(GanglionDevice())
    conformance.check(lambda: ganglion("Ganglion 1.3 (A1B2)"))


@pytest.mark.parametrize(
    ("revision", "sfreq", "step", "tolerance"), [("3.0.2", 200 * 200 / 201, 64, 0), ("2.0.1", 200.0, 1, 200)]
)
def test_each_firmware_gives_the_samples_that_were_measured(
    revision: str, sfreq: float, step: int, tolerance: int, air: Air
):
    device = GanglionDevice(revision)
    air.add(device)
    driver, witness = ganglion(), Witness()
    (stream,) = driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(60, PATIENCE_S), witness.states
    driver.close()

    assert stream.sfreq == pytest.approx(sfreq)
    assert (stream.sfreq_known, stream.spectrum_valid, stream.unit) == (False, False, "V")
    assert stream.lsb == (step * COUNT_V,) * 4
    assert stream.full_scale == pytest.approx(15_686e-6, rel=1e-4)
    assert not any(block.n_lost for block in witness.blocks)
    samples = np.concatenate([block.samples for block in witness.blocks])
    truth = device.truth(0, len(samples))
    np.testing.assert_allclose(samples, truth, rtol=0, atol=(tolerance + 0.01) * COUNT_V)


def test_a_second_start_begins_with_its_own_first_sample(air: Air):
    device = GanglionDevice()
    air.add(device)
    driver, witness = ganglion(), Witness()
    driver.open(witness)
    for epoch in (0, 1):
        n_before = len(witness.blocks)
        witness.states.clear()
        driver.start()
        assert witness.wait_for_blocks(n_before + 20, PATIENCE_S), witness.states
        driver.stop()
        samples = np.concatenate([block.samples for block in witness.blocks if block.epoch == epoch])
        np.testing.assert_allclose(samples, device.truth(0, len(samples)), rtol=0, atol=COUNT_V / 100)
    driver.close()


def test_it_tells_the_board_to_start_and_to_stop(air: Air):
    device = GanglionDevice()
    air.add(device)
    driver, witness = ganglion(), Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    assert device.is_streaming
    driver.stop()
    assert not device.is_streaming
    driver.close()


@pytest.mark.parametrize("revision", ["4.0.0", "", "\xff"])
def test_a_firmware_that_is_not_known_is_refused_in_words(revision: str, air: Air):
    air.add(GanglionDevice(revision))
    driver = ganglion()
    with pytest.raises(SourceFormatError, match="and only 2 and 3 are known; update it"):
        driver.open(Witness())
    driver.close()


def test_an_unknown_option_is_refused():
    with pytest.raises(SourceUriError, match="no option 'rate'"):
        ganglion("A1B2", "?rate=100")
