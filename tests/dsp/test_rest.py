"""Rest and reference without a calibration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.rest import QuietRest, estimate_levels

RNG = np.random.default_rng(5)


def noise(seconds, level=1.0, sfreq=1000):
    return RNG.standard_normal(int(seconds * sfreq)) * level


def rms100(y):
    """RMS over 100 ms at every 5 ms hop, as one column."""
    energy = np.concatenate([np.full(95, np.nan), y]) ** 2
    frames = np.lib.stride_tricks.sliding_window_view(energy, 100)[4::5] if len(y) else np.empty((0, 100))
    return np.sqrt(frames.mean(axis=1))[:, np.newaxis]


def still(levels):
    return np.zeros(levels.shape, bool)


def test_someone_who_rests_once_is_measured_there():
    y = np.concatenate([noise(5, 30), noise(3, 2), noise(5, 30)])
    rest, reference = estimate_levels(y, 1000.0)
    assert rest == pytest.approx(2.0, rel=0.1)
    assert reference == pytest.approx(33.0, rel=0.15)


def test_someone_who_never_rests_is_measured_between_the_bursts():
    y = np.concatenate([np.concatenate([noise(0.4, 50), noise(0.6, 3)]) for _ in range(8)])
    rest, _ = estimate_levels(y, 1000.0)
    assert rest == pytest.approx(3.0, rel=0.15)


@pytest.mark.parametrize("sfreq", [200, 250, 1000, 2000])
def test_pure_rest_is_rest_at_any_rate(sfreq):
    rest, _ = estimate_levels(noise(30, 4.0, sfreq), float(sfreq))
    assert rest == pytest.approx(4.0, rel=0.12)


def test_gaps_are_left_out():
    y = np.concatenate([noise(5, 2), np.full(500, np.nan), noise(5, 40)])
    assert estimate_levels(y, 1000.0)[0] == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("y", [np.empty(0), np.ones(50), np.full(5000, np.nan)])
def test_too_little_signal_gives_no_levels(y):
    assert np.isnan(estimate_levels(y, 1000.0)).all()


def test_first_quiet_2_5_s_give_the_rest_level():
    levels = QuietRest(1, 0.005).process(rest := rms100(noise(4, 3.0)), still(rest))
    known = np.flatnonzero(~np.isnan(levels[:, 0]))
    assert 2.5 <= (known[0] + 1) * 0.005 <= 2.8
    assert levels[-1, 0] == pytest.approx(3.0, rel=0.1)


def test_squeezing_on_and_off_is_no_quiet_stretch():
    x = rms100(np.concatenate([np.concatenate([noise(1, 50), noise(1, 3)]) for _ in range(8)]))
    assert np.isnan(QuietRest(1, 0.005).process(x, still(x))).all()


def test_activity_interrupts_a_quiet_stretch():
    x = rms100(noise(4.9, 3.0))
    active = still(x)
    active[490] = True
    assert np.isnan(QuietRest(1, 0.005).process(x, active)).all()


def test_a_dead_lead_never_gets_a_rest_level():
    x = np.zeros((10_000, 1))
    assert np.isnan(QuietRest(1, 0.005).process(x, still(x))).all()


def test_rest_follows_a_slow_rise_of_the_noise_but_never_the_muscle():
    x = rms100(np.concatenate([noise(40, 3.0), noise(60, 6.0)]))
    assert QuietRest(1, 0.005).process(x, still(x))[-1, 0] == pytest.approx(6.0, rel=0.15)
    active = still(x)
    active[8000:] = True
    assert QuietRest(1, 0.005).process(x, active)[-1, 0] == pytest.approx(3.0, rel=0.15)


def test_a_calibrated_level_stands_until_half_a_minute_of_rest_was_seen():
    x = rms100(noise(40, 3.0))
    levels = QuietRest(1, 0.005, np.array([5.0])).process(x, still(x))
    assert (levels[: int(29 / 0.005)] == 5.0).all()
    assert levels[-1, 0] == pytest.approx(3.0, rel=0.15)


@given(
    x=hnp.arrays(np.float64, st.tuples(st.integers(1, 900), st.just(2)), elements=st.sampled_from([0.0, 2.0, np.nan])),
    cuts=st.lists(st.integers(0, 900), max_size=8),
)
def test_chunks_change_no_level(x, cuts):
    busy = x == 0.0
    whole = QuietRest(2, 0.005).process(x, busy)
    made = QuietRest(2, 0.005)
    at = sorted(cuts)
    parts = [made.process(*pair) for pair in zip(np.split(x, at), np.split(busy, at), strict=True)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
