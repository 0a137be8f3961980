"""When the bridge is proposed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.session.checks import Check
from app.session.readiness import TrainingDay, readiness

GOOD = Check(
    attempts=10,
    fired={"left": 9, "right": 10},
    lag_ms=-40.0,
    abs_lag_ms=99.9,
    n_lags=9,
    lsi_pct=80.0,
    lsi_bound_pct=70.0,
)


def week(*checks, pain=(None, None)):
    first = date(2026, 3, 2)
    return [TrainingDay(first + timedelta(days=number), check, *pain) for number, check in enumerate(checks)]


def test_three_good_days_of_the_last_four_are_enough():
    assert readiness(week(GOOD, None, GOOD, GOOD)).ready


def test_two_good_days_are_not():
    assert not readiness(week(GOOD, GOOD)).ready
    assert not readiness(week(GOOD, GOOD, None, None, GOOD)).ready


def test_only_the_last_four_days_count():
    result = readiness(week(GOOD, GOOD, GOOD, None, None))
    assert not result.ready
    assert len(result.days) == 4


def test_nobody_is_ready_without_a_training_day():
    assert not readiness([]).ready


@pytest.mark.parametrize(
    ("check", "lacks"),
    [
        (replace(GOOD, fired={"left": 8, "right": 10}), "left-fires-seldom"),
        (replace(GOOD, attempts=11, fired={"left": 9, "right": 11}), "left-fires-seldom"),
        (replace(GOOD, fired={"left": 10, "right": 8}), "right-fires-seldom"),
        (replace(GOOD, fired={"left": 10, "right": None}), "right-not-measured"),
        (replace(GOOD, abs_lag_ms=100.0), "not-together"),
        (replace(GOOD, abs_lag_ms=None), "timing-unknown"),
        (replace(GOOD, lsi_bound_pct=69.9), "not-alike"),
        (replace(GOOD, lsi_bound_pct=None), "symmetry-unknown"),
        (None, "no-check"),
    ],
)
def test_a_day_says_what_it_lacks(check, lacks):
    (day,) = readiness(week(check)).days
    assert not day.passes
    assert day.lacks == (lacks,)


def test_pain_that_rose_keeps_the_bridge_waiting():
    assert not readiness(week(GOOD, GOOD, GOOD, pain=(2.0, 3.0))).ready
    assert readiness(week(GOOD, GOOD, GOOD, pain=(3.0, 3.0))).ready
    assert readiness(week(GOOD, GOOD, GOOD, pain=(None, 4.0))).ready
