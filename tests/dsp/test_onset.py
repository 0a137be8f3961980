"""On, off and when: the live detector, and back-dating."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.onset import DetectorParameters, HopDetector, back_date

HOP_S = 0.005


def detector(n_channels=1, rest=1.0, reference=100.0):
    made = HopDetector(n_channels, HOP_S, DetectorParameters())
    made.set_levels(np.full(n_channels, rest), np.full(n_channels, reference))
    return made


def levels(*stretches):
    return np.concatenate([np.full(n, level, float) for n, level in stretches])[:, np.newaxis]


def test_a_level_above_the_threshold_for_25_ms_turns_it_on_at_that_hop():
    x = levels((10, 1.0), (20, 50.0))
    found = detector().process(x, x)
    assert np.flatnonzero(found.went_on[:, 0]).tolist() == [14]
    np.testing.assert_array_equal(np.flatnonzero(found.active[:, 0]), range(14, 30))


def test_a_shorter_spike_turns_nothing_on():
    x = levels((10, 1.0), (4, 50.0), (10, 1.0))
    assert not detector().process(x, x).went_on.any()


def test_it_turns_off_after_150_ms_below_the_lower_threshold():
    x = levels((20, 50.0), (29, 1.0), (1, 50.0), (40, 1.0))
    found = detector().process(x, x)
    assert np.flatnonzero(found.went_off[:, 0]).tolist() == [20 + 29 + 1 + 29]
    assert not found.cut.any()


def test_between_the_two_thresholds_the_state_stays():
    x = levels((20, 8.0), (10, 50.0), (200, 8.0))
    found = detector().process(x, x)
    assert found.active[-1, 0]
    assert not found.active[19, 0]


def test_unknown_levels_never_turn_on():
    x = levels((100, 50.0))
    assert not HopDetector(1, HOP_S, DetectorParameters()).process(x, x).active.any()
    assert not detector(reference=np.nan).process(x, x).active.any()


def test_losing_the_signal_cuts_the_burst_and_says_so():
    x = levels((20, 50.0), (5, np.nan), (30, 50.0))
    found = detector().process(x, x)
    assert np.flatnonzero(found.cut[:, 0]).tolist() == [20]
    assert np.flatnonzero(found.went_off[:, 0]).tolist() == [20]
    assert np.flatnonzero(found.went_on[:, 0]).tolist() == [4, 29]


def test_a_chunk_without_hops_changes_nothing():
    made = detector()
    made.process(levels((4, 50.0)), levels((4, 50.0)))
    made.process(np.empty((0, 1)), np.empty((0, 1)))
    assert made.process(levels((1, 50.0)), levels((1, 50.0))).went_on.all()


def test_new_levels_count_from_the_next_hop():
    made = detector()
    x = levels((20, 30.0))
    assert made.process(x, x).active[-1, 0]
    made.set_levels([1.0], [1000.0])
    assert not made.process(levels((30, 30.0)), levels((30, 30.0))).active[-1, 0]


def test_a_side_that_rests_does_not_keep_the_other_waiting():
    x = np.hstack([levels((20, 50.0)), levels((20, 1.0))])
    np.testing.assert_array_equal(detector(2).process(x, x).active[-1], [True, False])


@given(
    x=hnp.arrays(
        np.float64, st.tuples(st.integers(1, 200), st.just(2)), elements=st.sampled_from([0.0, 1.0, 8.0, 50.0, np.nan])
    ),
    cuts=st.lists(st.integers(0, 200), max_size=10),
)
def test_chunks_change_no_decision_and_states_follow_from_decisions(x, cuts):
    whole = detector(2).process(x, x)
    made = detector(2)
    parts = [made.process(chunk, chunk) for chunk in np.split(x, sorted(cuts))]
    for together, pieces in zip(whole, zip(*parts, strict=True), strict=True):
        np.testing.assert_array_equal(np.concatenate(pieces), together)
    steps = np.diff(whole.active.astype(int), axis=0, prepend=0)
    np.testing.assert_array_equal(steps, whole.went_on.astype(int) - whole.went_off.astype(int))


def test_slow_devices_get_longer_windows():
    assert DetectorParameters.for_onsets(250.0).rms_on_s == 0.1
    assert DetectorParameters.for_reps(1000.0).on_reference == 0.15
    assert DetectorParameters.for_reps(200.0).on_noise == 1.95


def test_fewer_samples_a_second_ask_for_more_above_rest():
    multiples = [DetectorParameters.for_onsets(sfreq).on_noise for sfreq in (500.0, 890.0, 998.0, 2000.0)]
    assert multiples == [1.8, 1.8, 1.6, 1.6]


def test_an_abrupt_start_is_back_dated_to_the_very_samples():
    rng = np.random.default_rng(3)
    errors = []
    for _ in range(50):
        y = rng.standard_normal(400)
        y[250:] *= 10.0
        errors.append(back_date(y, 1000.0, 1.0, np.ones(200)) - 150)
    assert np.mean(np.abs(errors)) <= 2.0


def test_an_unquiet_second_before_raises_the_noise_it_is_compared_with():
    rng = np.random.default_rng(4)
    y = rng.standard_normal(400) * 5.0
    y[300:] *= 10.0
    assert abs(back_date(y, 1000.0, 1.0, np.full(200, 5.0)) - 100) <= 5
    assert back_date(y, 1000.0, 1.0, np.full(200, np.nan)) > 300


def test_nothing_before_a_gap_is_looked_at():
    y = np.full(400, 10.0)
    y[350] = np.nan
    assert back_date(y, 1000.0, 1.0, []) == 49


@pytest.mark.parametrize("y", [np.zeros(400), np.full(400, np.nan), np.empty(0), np.full(400, 1e-200), np.ones(3)])
def test_back_dating_nothing_gives_a_finite_answer(y):
    assert 0 <= back_date(y, 1000.0, np.nan, []) <= 400


@given(
    y=hnp.arrays(np.float64, st.integers(0, 500), elements=st.floats(-1e38, 1e38) | st.sampled_from([0.0, np.nan])),
    rest=st.sampled_from([np.nan, 0.0, 1.0, 1e9]),
)
def test_back_dating_never_leaves_the_samples_it_was_given(y, rest):
    assert 0 <= back_date(y, 1000.0, rest, np.abs(y)) <= min(400, len(y))
