"""Left against right: values, signs, and intervals that hold what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp import symmetry

level = st.floats(allow_nan=True, allow_infinity=True)
RNG = np.random.default_rng(7)


def test_the_log_ratio_is_negative_when_the_left_is_weaker():
    assert symmetry.log_ratio(30.0, 60.0) == pytest.approx(math.log(0.5))


def test_lsi_is_the_weaker_in_percent_of_the_stronger_whichever_that_is():
    assert symmetry.lsi_pct(71.0, 100.0) == pytest.approx(71.0)
    assert symmetry.lsi_pct(100.0, 71.0) == pytest.approx(71.0)


@given(left=level, right=level)
def test_no_level_gives_no_ratio_and_never_an_error(left, right):
    usable = all(0.0 < value < math.inf for value in (left, right))
    assert math.isnan(symmetry.lsi_pct(left, right)) != usable
    assert math.isnan(symmetry.snr_db(left, right)) != usable
    assert math.isnan(symmetry.lsi_pm_pct(left, right, 0.1, 0.1)) != usable


def test_one_second_of_emg_has_an_error_of_5_percent():
    assert symmetry.sampling_error(1.0) == pytest.approx(0.046, abs=0.001)
    assert math.isnan(symmetry.sampling_error(0.0))
    assert math.isnan(symmetry.sampling_error(math.nan))


def test_sampling_error_is_that_of_noise_of_its_bandwidth():
    sfreq, bandwidth = 1000.0, 117.0  # a flat band of B Hz has the statistical bandwidth B
    spectrum = np.fft.rfft(RNG.standard_normal(400_000))
    spectrum[int(bandwidth / sfreq * 400_000) :] = 0
    rms = np.sqrt(np.square(np.fft.irfft(spectrum)).reshape(-1, 500).mean(axis=1))
    assert rms.std() / rms.mean() == pytest.approx(symmetry.sampling_error(0.5), rel=0.1)


def test_unknown_tries_count_as_8_percent_and_equal_tries_are_no_proof():
    assert symmetry.reference_error([]) == symmetry.reference_error([50.0]) == 0.08
    assert 0.02 < symmetry.reference_error([50.0, 50.0, 50.0]) < 0.08
    assert symmetry.reference_error([30.0, 50.0, 80.0]) > 0.15


def test_the_interval_of_one_rep_covers_the_truth_in_95_of_100():
    error = 0.08
    truth = 70.0
    left = truth * np.exp(RNG.normal(0, error, 2000))
    right = 100.0 * np.exp(RNG.normal(0, error, 2000))
    hit = [
        abs(symmetry.lsi_pct(a, b) - truth) <= symmetry.lsi_pm_pct(a, b, error, error)
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
    ]
    assert np.mean(hit) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize("n_reps", [4, 8])
def test_the_upper_bound_lies_above_the_true_lsi_in_95_of_100_sets(n_reps):
    above = []
    for _ in range(2000):
        reference = RNG.normal(0, 0.08 * math.sqrt(2))
        ratios = math.log(0.7) + reference + RNG.normal(0, 0.2, n_reps)
        above.append(symmetry.lsi_upper_bound_pct(ratios, 0.08, 0.08) >= 70.0)
    assert np.mean(above) >= 0.93


def test_more_reps_never_beat_the_error_of_the_references():
    bound = symmetry.lsi_upper_bound_pct(np.full(1000, math.log(0.7)), 0.08, 0.08)
    assert bound == pytest.approx(70.0 * math.exp(1.645 * 0.08 * math.sqrt(2)), rel=1e-3)


def test_healthy_people_are_seldom_called_weak_and_half_strength_is_found():
    def called(ratio, reference):
        n = 0
        for _ in range(500):
            ratios = math.log(ratio) + RNG.normal(0, reference * math.sqrt(2)) + RNG.normal(0, 0.15 * math.sqrt(2), 8)
            n += symmetry.lsi_upper_bound_pct(ratios, reference, reference) < 85.0
        return n / 500

    assert called(1.0, 0.04) <= 0.015
    assert called(1.0, 0.08) <= 0.04
    assert called(1.0, 0.15) <= 0.07
    assert called(0.5, 0.08) >= 0.97


def test_references_that_err_by_a_fifth_bound_nothing():
    assert symmetry.lsi_upper_bound_pct([-2.0] * 8, 0.15, 0.15) == 100.0
    assert symmetry.lsi_upper_bound_pct([-2.0] * 8, 0.12, 0.12) < 30.0


def test_one_rep_bounds_nothing():
    assert math.isnan(symmetry.lsi_upper_bound_pct([-0.5, math.nan], 0.08, 0.08))
    assert math.isnan(symmetry.lsi_upper_bound_pct([], 0.08, 0.08))


def test_lag_is_surer_with_clean_signals_and_one_clock():
    clean = symmetry.lag_pm_s(20.0, 20.0)
    assert clean == pytest.approx(0.027, abs=0.001)
    assert symmetry.lag_pm_s(12.0, 12.0) > clean
    assert symmetry.lag_pm_s(20.0, 20.0, 0.006, 0.006) > clean
    assert clean < symmetry.lag_pm_s(20.0, 12.0) < symmetry.lag_pm_s(12.0, 12.0)
    assert math.isnan(symmetry.lag_pm_s(math.nan, 20.0))


def test_half_rise_is_interpolated_and_blind_to_strength():
    rise = np.array([0.0, 0.0, 2.0, 4.0, 8.0, 10.0, 9.0])
    assert symmetry.half_rise_s(rise, 0.01) == pytest.approx(0.0325)
    assert symmetry.half_rise_s(rise * 0.1, 0.01) == pytest.approx(0.0325)


@pytest.mark.parametrize("bad", [[], [1.0], [0.0, 0.0], [0.0, math.nan, 9.0], [9.0, 9.0], [math.nan] * 3])
def test_no_rise_gives_no_time(bad):
    assert math.isnan(symmetry.half_rise_s(bad, 0.01))


def test_a_hold_that_loses_a_third_has_steadiness_two_thirds():
    hold = np.concatenate([np.full(500, 30.0), np.full(300, 20.0)])
    assert symmetry.hold_steadiness(hold, 0.01) == pytest.approx(2 / 3)


@pytest.mark.parametrize("bad", [np.ones(600), np.full(800, np.nan), np.zeros(800)])
def test_a_hold_too_short_or_empty_has_no_steadiness(bad):
    assert math.isnan(symmetry.hold_steadiness(bad, 0.01))


def test_synchrony_is_the_share_of_lags_within_the_limit():
    assert symmetry.synchrony_pct([0.0, -100.0, 101.0, math.nan], 100.0) == 66.7
    assert symmetry.synchrony_pct([math.nan], 100.0) is None
