"""Glute against helper: the extremes are known, and the three measures keep their ranges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.coactivation import falconer_winter_pct, glute_share_pct, rudolph_pct

ONE, HALF, NONE = np.full(100, 40.0), np.full(100, 20.0), np.zeros(100)
MEASURES = (rudolph_pct, falconer_winter_pct, glute_share_pct)


def test_a_glute_that_works_alone_shares_nothing():
    assert [measure(ONE, NONE) for measure in MEASURES] == [0.0, 0.0, 100.0]


def test_equal_work_is_full_coactivation():
    assert [measure(ONE, ONE) for measure in MEASURES] == [80.0, 100.0, 50.0]


def test_a_helper_at_half_of_the_glute():
    assert rudolph_pct(ONE, HALF) == pytest.approx(30.0)
    assert falconer_winter_pct(ONE, HALF) == pytest.approx(200.0 / 3.0)
    assert glute_share_pct(ONE, HALF) == pytest.approx(200.0 / 3.0)


def test_instants_that_either_lost_are_left_out():
    glute, helper = ONE.copy(), HALF.copy()
    glute[:30], helper[60:] = np.nan, np.inf
    assert glute_share_pct(glute, helper) == pytest.approx(200.0 / 3.0)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", [np.empty(0), NONE, np.full(3, np.nan)])
def test_without_any_work_there_is_no_number(measure, level):
    assert np.isnan(measure(level, level))


@given(
    a=hnp.arrays(np.float64, 20, elements=st.floats(-10, 120) | st.sampled_from([np.nan, np.inf, 0.0])),
    b=hnp.arrays(np.float64, 20, elements=st.floats(-10, 120) | st.sampled_from([np.nan, np.inf, 0.0])),
)
def test_any_levels_stay_within_the_ranges_and_nothing_warns(a, b):
    for measure, most in zip(MEASURES, (240.0, 100.0, 100.0), strict=True):
        value = measure(a, b)
        assert np.isnan(value) or -1e-9 <= value <= most + 1e-9
