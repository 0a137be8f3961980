"""The delay of headphones, from taps; and ticks that leave earlier by it."""

import numpy as np
import pytest

from app.ui.sound.delay import AHEAD_MS, LEAST_TAPS, MOST_MS, GoesAhead, TapAlong

SECOND = 1_000_000_000


def tapped(offsets_ms):
    along = TapAlong()
    events = []
    for number, offset_ms in enumerate(offsets_ms):
        events += [(number * SECOND, along.tick), (number * SECOND + round(offset_ms * 1e6), along.tap)]
    for at_ns, what in sorted(events, key=lambda event: event[0]):
        what(at_ns)
    return along


@pytest.mark.parametrize("delay_ms", [0, 40, 120, 250, 450])
def test_who_taps_along_tells_the_delay_within_20_ms(delay_ms):
    random = np.random.default_rng(1)
    along = tapped(delay_ms - AHEAD_MS + 20.0 * random.standard_normal(12))
    assert along.delay_ms == pytest.approx(delay_ms, abs=20)


def test_too_few_taps_tell_nothing():
    along = tapped([100.0] * (LEAST_TAPS - 1))
    assert along.delay_ms is None
    assert not along.scatters
    assert along.n_taps == LEAST_TAPS - 1


def test_taps_anywhere_tell_nothing_but_that_they_scatter():
    along = tapped([0.0, 700.0, 300.0, 500.0, 100.0, 650.0, 250.0, 400.0])
    assert along.delay_ms is None
    assert along.scatters


def test_the_newest_taps_count():
    assert tapped([600.0] * 10 + [100.0] * LEAST_TAPS).delay_ms == 100.0 + AHEAD_MS


def test_a_delay_is_never_negative_nor_beyond_what_can_be_told():
    assert tapped([-80.0] * (LEAST_TAPS + 1)).delay_ms == 0.0
    assert tapped([700.0] * LEAST_TAPS).delay_ms == MOST_MS


def test_a_tap_before_the_first_tick_means_nothing():
    along = TapAlong()
    along.tap(5)
    assert along.n_taps == 0


def ticks(delay_s, goes=(2.0, 6.0, 10.0), first_planned=True):
    ahead, left = GoesAhead(), []
    for step in range(1200):
        t_s = step * 0.01
        newest = max((go for go in goes if go <= t_s), default=None)
        planned = min((go for go in goes if go > t_s), default=None)
        if not first_planned and planned == goes[0]:
            planned = None
        if ahead.due(t_s, newest, planned, delay_s):
            left.append(t_s)
    return left


def test_without_a_delay_a_tick_leaves_at_its_go():
    assert ticks(0.0) == pytest.approx([2.0, 6.0, 10.0])


def test_with_late_headphones_each_tick_leaves_earlier_and_only_once():
    assert ticks(0.2) == pytest.approx([1.8, 5.8, 9.8], abs=0.011)


def test_a_go_that_nobody_could_plan_is_told_when_it_comes():
    assert ticks(0.2, first_planned=False) == pytest.approx([2.0, 5.8, 9.8], abs=0.011)
