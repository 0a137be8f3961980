"""Values between samples are those of the band-limited signal, and nothing is made up beside a gap."""

import numpy as np
import pytest

from dsp.resample import HALF, interpolate

SFREQ = 1000.0


def tone(hz: float, places: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * hz * places / SFREQ + 0.3)[:, None]


@pytest.mark.parametrize("hz", [20.0, 150.0, 400.0])
def test_a_tone_of_the_muscles_band_is_the_same_between_its_samples(hz):
    positions = np.arange(100.0, 1800.0) * 1.00007 + 0.123
    found = interpolate(tone(hz, np.arange(2000.0)), positions)
    assert np.abs(found - tone(hz, positions)).max() < 2e-3


def test_at_the_samples_themselves_they_are_given_back():
    samples = np.random.default_rng(1).normal(size=(200, 2))
    np.testing.assert_allclose(interpolate(samples, np.arange(50.0, 100.0)), samples[50:100], atol=1e-12)


def test_a_missing_sample_is_missing_in_everything_that_it_would_be_part_of():
    samples = np.ones((200, 1))
    samples[100] = np.nan
    found = interpolate(samples, np.arange(50.0, 150.0) + 0.5)[:, 0]
    assert np.isnan(found[50 - HALF : 50 + HALF]).all()
    assert np.isfinite(np.delete(found, np.arange(50 - HALF, 50 + HALF))).all()


def test_beyond_the_ends_and_nowhere_there_is_nothing():
    found = interpolate(np.ones((100, 1)), np.array([-5.0, 3.0, np.nan, 95.0, 1e6]))
    assert np.isnan(found).all()


def test_a_signal_shorter_than_what_one_value_is_made_of_gives_nothing():
    assert np.isnan(interpolate(np.ones((5, 1)), np.array([2.0]))).all()
