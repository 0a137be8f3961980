"""Knocks on an electrode."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dsp.tap import find_knocks

SFREQ = 1000.0


def resting(seconds, *, seed=1, level=5.0):
    return np.random.default_rng(seed).normal(8000.0, level, round(seconds * SFREQ))


def knocked(at, *, height=300.0, seconds=8, seed=1):
    signal = resting(seconds, seed=seed)
    ringing = height * np.exp(-np.arange(200) / 20.0) * np.cos(2 * np.pi * 40 * np.arange(200) / SFREQ)
    for index in at:
        signal[index : index + 200] += ringing
    return signal


def test_knocks_are_found_to_the_sample():
    at = [1000, 2100, 2950, 4000, 5500]
    assert find_knocks(knocked(at), SFREQ) == pytest.approx([index - 0.5 for index in at], abs=0.6)


def test_a_bounce_is_one_knock():
    assert len(find_knocks(knocked([1000, 1080, 3000]), SFREQ)) == 2


def test_lost_samples_are_no_knock():
    signal = knocked([1000, 3000])
    signal[2000:2100] = np.nan
    assert len(find_knocks(signal, SFREQ)) == 2


def test_a_flat_line_has_no_knock():
    assert len(find_knocks(np.zeros(3000), SFREQ)) == 0


@given(arrays.arrays(np.float64, st.integers(0, 300), elements=st.floats(allow_nan=True, width=32)))
def test_whatever_comes_knocks_are_apart_and_within_the_signal(signal):
    knocks = find_knocks(np.where(np.isinf(signal), np.nan, signal), SFREQ)
    assert ((knocks >= 0) & (knocks < len(signal))).all()
    assert (np.diff(knocks) > 0).all()
