"""How the samples of a stream come in: loss lately, jitter, and the rate that is fitted, not believed."""

from dataclasses import replace

import numpy as np
import pytest

from app.pipeline.flow import Flow
from drivers.types import SampleBlock, StreamInfo
from dsp.clock import SampleClock
from tests.pipeline.signals import cut, make_engine, pair

INFO = StreamInfo("s", 1000.0, ("left",))


def run(n_blocks: int, *, sfreq: float = 1000.0, true_sfreq: float = 1000.0, late_ns=lambda n: 0, lost=lambda n: 0):
    flow, clock, index = Flow(), SampleClock(sfreq), 0
    for number in range(n_blocks):
        index += lost(number)
        arrival_ns = round((index + 10) / true_sfreq * 1e9) + late_ns(number)
        block = SampleBlock("s", np.zeros((10, 1), np.float32), index, 0, arrival_ns, lost(number))
        clock.add(index, 10, arrival_ns)
        flow.add(block, lost(number))
        index += 10
    return flow.view(INFO, clock, 0, index)


def test_a_device_that_runs_fast_is_shown_at_its_true_rate():
    assert run(6000, true_sfreq=1000.1).sfreq == pytest.approx(1000.1, abs=0.01)


def test_nothing_is_said_of_a_rate_before_there_are_two_seconds():
    assert run(150).sfreq is None


def test_jitter_is_how_much_later_than_the_soonest_packets_come():
    view = run(1500, late_ns=lambda n: 12_000_000 if n % 2 else 0)

    assert view.jitter_ms == pytest.approx(12.0, abs=1.0)


def test_loss_of_more_than_ten_seconds_ago_is_forgotten_lately():
    once = run(1600, lost=lambda n: 100 if n == 100 else 0)
    now = run(1600, lost=lambda n: 100 if n == 1500 else 0)

    assert once.lost_lately_pct == 0.0
    assert now.lost_lately_pct == pytest.approx(1.0, abs=0.05)


def test_samples_lost_while_a_link_was_down_count():
    flow, clock = Flow(), SampleClock(1000.0)
    for epoch, index, arrival_ns, lost in ((0, 0, 10_000_000, 0), (1, 0, 1_000_000_000, 980)):
        block = SampleBlock("s", np.zeros((10, 1), np.float32), index, epoch, arrival_ns)
        clock.add(index, 10, arrival_ns)
        flow.add(block, lost)

    assert flow.view(INFO, clock, 980, 20).lost_lately_pct == pytest.approx(98.0)


def test_loss_that_is_not_counted_has_no_number():
    view = Flow().view(replace(INFO, has_counter=False), SampleClock(1000.0), 0, 0)

    assert view.lost_pct is None
    assert view.lost_lately_pct is None


def test_a_session_tells_the_condition_of_its_sensors():
    engine = make_engine()
    for block in cut(pair(6.0, [], []), [10]):
        engine.push(block)
    condition = engine.condition()

    (flow,) = condition.flows.values()
    assert flow.lost_pct == 0.0
    assert flow.sfreq == pytest.approx(1000.0, rel=0.01)
    assert condition.contacts["left"][0] == "ok"
    assert condition.rest_uv["right"] > 0.0
    assert condition.sync is None
