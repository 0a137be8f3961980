"""Starts of muscles that rise together, placed once the effort is over."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.rise import place_starts
from dsp.symmetry import lag_pm_s

HOP_S = 0.005
N_PAIRS = 1000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 100
END_S = 2.8


def rise(start_s, ramp_s, level, rng=None, length_s=3.5):
    """Hop energies of one squeeze over a rest of 1; noise has as many free squares as real EMG."""
    middle_s = (np.arange(round(length_s / HOP_S)) + 0.5) * HOP_S
    up = np.clip((middle_s - start_s) / ramp_s, 0.0, 1.0) if ramp_s else (middle_s >= start_s).astype(float)
    energy = 1.0 + (level * np.minimum(up, np.clip((END_S - middle_s) / 0.1, 0.0, 1.0))) ** 2
    freedom = 117.0 * HOP_S
    return energy if rng is None else energy * rng.standard_gamma(freedom, energy.shape) / freedom


def pair(left, right):
    return np.stack([left, right], axis=1)


@pytest.mark.parametrize("ramp_s", [0.0, 0.08, 0.2, 0.3])
def test_a_start_without_noise_is_placed_within_a_hop_however_late_it_was_found(ramp_s):
    energy = pair(rise(1.5, ramp_s, 10.0), rise(1.6, ramp_s, 10.0))
    for late_s in (0.0, 0.1, 0.3):
        starts = place_starts(energy, HOP_S, [1.5 + late_s, 1.6 + late_s], [END_S] * 2, [1.0, 1.0])
        np.testing.assert_allclose(starts, [1.5, 1.6], atol=HOP_S)


def lag_errors_s(levels, late_s):
    rng = np.random.default_rng(51)
    errors, pm = [], lag_pm_s(*(20.0 * np.log10(level) for level in levels))
    for _ in range(N_PAIRS):
        ramp_s, lag_s = rng.uniform(0.08, 0.3), rng.uniform(-0.1, 0.1)
        energy = pair(rise(1.5 + lag_s, ramp_s, levels[0], rng), rise(1.5, ramp_s, levels[1], rng))
        left, right = place_starts(energy, HOP_S, [1.5 + lag_s + late_s[0], 1.5 + late_s[1]], [END_S] * 2, [1.0, 1.0])
        errors.append(left - right - lag_s)
    return np.array(errors), pm


@pytest.mark.parametrize(
    ("levels", "late_s"),
    [((10.0, 10.0), (0.03, 0.03)), ((4.0, 4.0), (0.05, 0.05)), ((10.0, 4.0), (0.03, 0.07)), ((10.0, 2.5), (0.03, 0.4))],
    ids=["20 dB", "12 dB", "20 and 12 dB", "20 and 8 dB"],
)
def test_a_weak_side_does_not_look_late_and_the_interval_holds_the_true_lag(levels, late_s):
    errors_s, pm_s = lag_errors_s(levels, late_s)
    assert abs(np.mean(errors_s)) <= 0.006
    assert np.mean(np.abs(errors_s) <= pm_s) >= 0.90


def test_an_unquiet_second_before_is_the_rest_of_this_effort():
    rng = np.random.default_rng(52)
    energy = 9.0 * pair(rise(1.5, 0.1, 10.0, rng), rise(1.5, 0.1, 10.0, rng))
    np.testing.assert_allclose(place_starts(energy, HOP_S, [1.55, 1.55], [END_S] * 2, [1.0, 1.0]), 1.5, atol=0.03)


def test_the_tail_of_the_squeeze_before_is_no_start():
    energy = pair(rise(1.5, 0.1, 10.0), rise(1.5, 0.1, 10.0))
    energy[: round(1.1 / HOP_S)] = 101.0
    np.testing.assert_allclose(place_starts(energy, HOP_S, [1.55, 1.55], [END_S] * 2, [1.0, 1.0]), 1.5, atol=HOP_S)


def test_a_squeeze_too_soon_after_another_for_the_longest_rise_is_placed_by_the_shorter_ones():
    energy = pair(rise(1.5, 0.1, 10.0), rise(1.5, 0.1, 10.0))
    energy[: round(1.4 / HOP_S)] = 101.0
    energy[round(1.75 / HOP_S) :] = 1.0
    np.testing.assert_allclose(place_starts(energy, HOP_S, [1.55, 1.55], [1.75, 1.75], [1.0, 1.0]), 1.5, atol=0.04)


def test_where_nothing_before_is_known_the_onset_found_stands():
    energy = pair(rise(1.5, 0.1, 10.0), rise(1.5, 0.1, 10.0))[round(1.45 / HOP_S) :]
    assert place_starts(energy, HOP_S, [0.06, 0.08], [1.3, 1.3], [1.0, 1.0]) == [0.06, 0.08]


def test_a_muscle_with_a_gap_keeps_its_onset_and_does_not_disturb_the_other():
    energy = pair(rise(1.5, 0.1, 10.0), rise(1.5, 0.1, 10.0))
    energy[round(1.7 / HOP_S), 0] = np.nan
    left, right = place_starts(energy, HOP_S, [1.6, 1.6], [END_S] * 2, [1.0, 1.0])
    assert left == 1.6
    assert right == pytest.approx(1.5, abs=HOP_S)


def test_a_helper_alone_is_placed_too_and_nobody_is_nobody():
    assert place_starts(rise(1.5, 0.1, 10.0)[:, np.newaxis], HOP_S, [1.6], [END_S], [1.0])[0] == pytest.approx(
        1.5, abs=HOP_S
    )
    assert place_starts(np.empty((500, 0)), HOP_S, [], [], []) == []


@settings(max_examples=1000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 50)
@given(
    energy=hnp.arrays(
        np.float64,
        st.tuples(st.integers(0, 400), st.just(2)),
        elements=st.floats(0.0, 1e30) | st.sampled_from([0.0, 1.0, np.nan, np.inf]),
        fill=st.sampled_from([0.0, 1.0, np.nan]),
    ),
    edges=st.tuples(*[st.floats(0.0, 2.0)] * 4),
    rest=st.sampled_from([np.nan, 0.0, 1.0, 1e15]),
)
def test_any_input_gives_finite_starts_within_the_recording_and_no_warning(energy, edges, rest):
    found, end = sorted(edges)[:2], sorted(edges)[2:]
    starts = place_starts(energy, HOP_S, found, end, [rest, rest])
    assert np.isfinite(starts).all()
    assert min(starts) >= 0.0
    assert max(starts) <= max(2.0, len(energy) * HOP_S)
