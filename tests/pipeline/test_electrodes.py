"""What an expert sees of each electrode: the samples as they came, their spectrum, the numbers of the chain."""

import numpy as np
import pytest

from app.pipeline.build import SessionPlan
from app.pipeline.condition import Condition
from app.pipeline.electrodes import look_at_electrodes
from app.pipeline.hub import Hub
from app.pipeline.programmes import load_programme
from app.pipeline.sources import Sources, open_unpaced
from app.wiring import wire
from tests.pipeline.signals import BOTH, cut, pair

PLAN = SessionPlan(load_programme("free"))


def looked_at(uri, seconds=8.0):
    """The electrodes of a simulated person after some seconds, and the run that measured them."""
    hub = Hub()
    with open_unpaced(Sources.create([uri])) as (sources, blocks):
        run, _ = wire(sources, PLAN, None, [])
        for info in sources.streams:
            hub.add_stream(info, sources.montage.targets_of(info.stream_id))
        sources.start()
        run.begin()
        for block in blocks:
            hub.on_block(block)
            run.push(block)
            if run.engine.t_s > seconds:
                break
        return look_at_electrodes(sources, hub, run.engine.condition()), run


@pytest.fixture(scope="module")
def humming():
    return looked_at("sim:healthy?speed=max&hum=20&seed=3&compensators=0&block_ms=100", 3.5)[0]


def test_an_electrode_shows_its_newest_two_seconds_in_microvolts(humming):
    left, right = humming
    assert (left.site, right.site, left.unit) == ("left", "right", "uV")
    assert left.raw.shape == (2000,)
    assert np.sqrt(np.mean(np.square(left.raw))) == pytest.approx(20.0, rel=0.2)


def test_the_spectrum_shows_the_mains_where_they_are(humming):
    left = humming[0]
    in_band = left.hz > 20.0
    assert left.hz[in_band][left.density[in_band].argmax()] == 50.0


def test_the_numbers_are_those_of_the_chain(humming):
    numbers = humming[0].numbers
    assert numbers.hum_hz == 50.0
    assert numbers.hum * humming[0].scale == pytest.approx(20.0, rel=0.1)
    assert numbers.notch_hz == 50.0
    assert numbers.snr_db > 20.0


def test_before_the_first_judgement_there_are_samples_and_no_numbers():
    hub = Hub()
    hub.add_stream(BOTH, ("left", "right"))
    for block in cut(pair(0.5, [], []), [100]):
        hub.on_block(block)
    with open_unpaced(Sources.create(["sim:healthy?speed=max"])) as (sources, _):
        assert {one.numbers for one in look_at_electrodes(sources, hub, Condition())} == {None}


def test_a_stream_that_brought_nothing_yet_has_an_empty_ring():
    hub = Hub()
    hub.add_stream(BOTH, ("left", "right"))
    assert hub.newest("unit", 2000).shape == (0, 2)
    assert hub.newest("another", 2000).size == 0


def test_the_newest_samples_of_a_stream_are_the_last_that_came():
    hub = Hub()
    hub.add_stream(BOTH, ("left", "right"))
    samples = pair(3.0, [], [])
    for block in cut(samples, [70]):
        hub.on_block(block)
    np.testing.assert_array_equal(hub.newest("unit", 1000), samples[-1000:])
