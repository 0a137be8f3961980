"""What one check says."""

import math

import pytest

from app.session.checks import check_of
from tests.rigs.lived import line, squeeze, squeezes, summary


def test_a_session_without_a_check_has_no_numbers_for_the_trend():
    assert check_of(line(programme="prone-ankle-squeeze"), squeezes(phase="work")) is None


def test_a_check_without_a_counted_squeeze_says_nothing():
    assert check_of(line(), squeeze(1, counted=False)) is None


def test_every_squeeze_counts_those_too_in_which_a_side_did_not_fire():
    check = check_of(line(), squeezes(10, asleep=4))
    assert check is not None
    assert (check.attempts, check.fired) == (10, {"left": 6, "right": 10})
    assert check.fired_pct("left") == 60.0


def test_squeezes_in_which_nothing_fired_count_although_they_are_no_reps():
    check = check_of(line(), [*squeeze(1, ()), *squeeze(2)])
    assert check is not None
    assert check.fired == {"left": 1, "right": 1}
    assert check.attempts == 2


def test_free_practice_after_the_check_does_not_change_it():
    check = squeezes(10, asleep=4)
    assert check_of(line(), [*check, *squeeze(11, phase="free", lag_ms=400.0)]) == check_of(line(), check)


def test_squeezes_that_do_not_count_are_in_no_number():
    events = squeezes(5, lag_ms=50.0)
    assert check_of(line(), [*events, *squeeze(6, counted=False, lag_ms=900.0)]) == check_of(line(), events)


def test_the_lag_is_the_median_with_its_sign_and_the_spread_of_the_reps():
    check = check_of(line(), squeezes(10, lag_ms=80.0))
    assert check is not None
    assert (check.lag_ms, check.abs_lag_ms, check.n_lags) == (80.0, 80.0, 10)
    assert check.lag_pm_ms is not None
    assert 5.0 < check.lag_pm_ms < 10.0


def test_the_clocks_of_two_units_do_not_average_out():
    events = squeezes(10, lag_ms=80.0, clock_ms=12.0)
    check = check_of(line(), events)
    assert check is not None
    assert check.lag_pm_ms is not None
    assert 12.0 < check.lag_pm_ms < 16.0


def test_sides_that_take_turns_in_being_late_are_not_in_time():
    events = [event for number in range(1, 11) for event in squeeze(number, lag_ms=150.0 * (-1) ** number)]
    check = check_of(line(), events)
    assert check is not None
    assert (check.lag_ms, check.abs_lag_ms) == (0.0, 150.0)


def test_symmetry_is_that_of_the_mean_log_ratio():
    events = [event for number, ratio in enumerate((0.5, 2.0, 0.5, 2.0), 1) for event in squeeze(number, ratio=ratio)]
    check = check_of(line(), events)
    assert check is not None
    assert (check.lsi_pct, check.weaker) == (100.0, None)


def test_the_interval_of_the_symmetry_holds_the_error_of_the_references():
    even = [event for number in range(1, 11) for event in squeeze(number, ratio=0.8)]
    check = check_of(line(), even)
    assert check is not None
    assert check.lsi_pct is not None
    assert check.lsi_pct == pytest.approx(80.0, abs=0.1)
    assert check.lsi_pm_pct is not None
    assert check.lsi_pm_pct > 3.0
    assert check.lsi_bound_pct is not None
    assert check.lsi_pct < check.lsi_bound_pct < check.lsi_pct + check.lsi_pm_pct
    assert check.weaker == "left"


def test_a_reference_that_is_a_stand_in_allows_no_bound():
    events = [event for number in range(1, 11) for event in squeeze(number, ratio=0.5, ref="session")]
    check = check_of(line(reference="session"), events)
    assert check is not None
    assert check.lsi_pct == pytest.approx(50.0, abs=0.1)
    assert check.lsi_bound_pct is None


def test_one_squeeze_alone_has_numbers_and_no_interval():
    check = check_of(line(), [*squeeze(1, lag_ms=30.0, ratio=math.exp(-0.1)), summary(squeeze(1))])
    assert check is not None
    assert (check.lag_ms, check.lag_pm_ms, check.lsi_pm_pct) == (30.0, None, None)
