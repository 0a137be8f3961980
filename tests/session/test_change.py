"""A change is called one only where it exceeds the person's own spread from day to day."""

import os
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.change import Point, judge_change, share_pm_pct

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_PEOPLE = 20_000 if FULL else 3_000
MONDAY = date(2026, 3, 2)


def days(*values, pm=None):
    return [Point(MONDAY + timedelta(days=number), value, pm) for number, value in enumerate(values)]


def test_three_checks_tell_no_change_yet():
    assert judge_change(days(40.0, 90.0, 10.0)).verdict == "too-few"
    assert judge_change([]).verdict == "too-few"


def test_a_step_beyond_the_own_spread_is_a_change():
    change = judge_change(days(250.0, 260.0, 245.0, 255.0, 90.0))
    assert change.verdict == "changed"
    assert change.difference == pytest.approx(-161.7, abs=0.1)
    assert change.least is not None
    assert change.least < 50.0


def test_the_same_step_within_the_own_spread_is_within_the_usual_range():
    assert judge_change(days(250.0, 120.0, 310.0, 180.0, 90.0)).verdict == "usual"


def test_steady_progress_is_not_taken_for_spread():
    assert judge_change(days(*range(40, 100, 5))).verdict == "changed"


def test_several_checks_of_one_day_are_one_day():
    of_one_day = [Point(MONDAY, value) for value in (40.0, 41.0, 42.0, 90.0)]
    assert judge_change(of_one_day).verdict == "too-few"
    assert judge_change(of_one_day).n_days == 1


def test_days_without_any_spread_do_not_make_a_change_of_what_a_check_cannot_tell():
    assert judge_change(days(0.0, 0.0, 0.0, 10.0, pm=share_pm_pct(0, 10))).verdict == "usual"
    assert judge_change(days(0.0, 0.0, 0.0, 90.0, pm=share_pm_pct(0, 10))).verdict == "changed"


@pytest.mark.parametrize("n_days", [4, 6, 12])
def test_somebody_who_does_not_change_is_told_of_a_change_in_no_more_than_7_of_100_checks(n_days):
    random = np.random.default_rng(n_days)
    values = random.normal(80.0, 6.0, (N_PEOPLE, n_days))
    called = sum(judge_change(days(*row)).verdict == "changed" for row in values.tolist())
    assert called / N_PEOPLE < 0.07


def test_the_interval_of_a_share_is_that_of_wilson():
    # Newcombe 1998, Stat. Med. 17:857, table I, score method: 0 of 20 and 15 of 148
    assert 2 * share_pm_pct(0, 20) == pytest.approx(16.11, abs=0.01)
    assert 2 * share_pm_pct(15, 148) == pytest.approx(16.05 - 6.24, abs=0.01)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-1e6, 1e6), st.none() | st.floats(0, 1e3)), max_size=12))
def test_any_numbers_give_a_verdict(rows):
    points = [Point(MONDAY + timedelta(days=day), value, pm) for day, value, pm in sorted(rows, key=lambda row: row[0])]
    change = judge_change(points)
    assert (change.verdict == "too-few") == (len({point.day for point in points}) <= 3) == (change.least is None)
