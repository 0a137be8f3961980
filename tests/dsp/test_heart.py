"""A heart is found at rest; noise, knocks and steps are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.filters import emg_stream_filter
from dsp.heart import heart_rate
from dsp.quality import QualityWindow

SFREQ = 1000.0


def beats(times_s, height, width_s=0.008, n=8000):
    t = np.arange(n) / SFREQ
    u = ((t[:, np.newaxis] - np.asarray(times_s)) / width_s) ** 2
    return height * ((1.0 - u) * np.exp(-u / 2.0)).sum(axis=1)


def seen(x):
    """What is said of the last step."""
    x = np.asarray(x, float)[:, np.newaxis]
    y, _ = emg_stream_filter(SFREQ, 1).process(x)
    return float(QualityWindow(SFREQ, 1).process(x, y)[-1].heart_hz[0])


def rest(seed, level=2.5, n=8000):
    return level * np.random.default_rng(seed).standard_normal(n)


@pytest.mark.parametrize("height", [30.0, 80.0])
@pytest.mark.parametrize("beat_s", [0.65, 0.85, 1.1])
def test_a_heart_is_found_at_its_rate(height, beat_s):
    jitter = np.random.default_rng(5).normal(1.0, 0.05, 12)
    assert seen(rest(1) + beats(np.cumsum(beat_s * jitter), height)) == pytest.approx(1.0 / beat_s, rel=0.15)


def test_resting_noise_has_no_heart():
    assert [seen(rest(seed)) for seed in range(20)] == [0.0] * 20


def test_knocks_at_odd_times_are_no_heart():
    assert seen(rest(2) + beats([5.2, 5.9, 7.5], 200.0)) == 0.0


def test_contractions_at_the_pace_of_steps_are_no_heart():
    walking = np.where((np.arange(8000) / SFREQ) % 1.0 < 0.3, 40.0, 1.0)
    assert seen(rest(3) * walking) == 0.0


def test_a_gap_hides_the_heart_for_as_long_as_it_is_in_the_window():
    x = rest(4) + beats(np.arange(0.4, 8.0, 0.85), 60.0)
    x[6000:6100] = np.nan
    assert np.isnan(seen(x))


@given(
    frames=hnp.arrays(
        np.float64, st.integers(1, 150), elements=st.floats(0, 1e300) | st.sampled_from([np.nan, np.inf, 0.0])
    ),
    kurtosis=st.sampled_from([np.nan, -3.0, 0.0, 2.0, 50.0]),
)
def test_any_frames_give_a_rate_or_none_and_no_warning(frames, kurtosis):
    rate = heart_rate(frames, 0.02, kurtosis)
    assert np.isnan(rate) or rate == 0.0 or 0.5 < rate < 2.0
