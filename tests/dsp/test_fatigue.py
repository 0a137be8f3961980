"""The median frequency of known spectra, its line over a set, and when that is called tiring."""

import math
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import signal

from dsp.fatigue import Epochs, fit_fatigue, measure_epochs, median_mean_frequency, spectrum_valid
from dsp.filters import band_pass_whole
from dsp.offline import find_bursts
from dsp.onset import DetectorParameters
from dsp.rest import estimate_levels

SFREQ = 1000.0
EMG = Path(__file__).resolve().parents[2] / "../shared/data/emg"


def tone(hz, seconds=2.0):
    return np.sin(2.0 * np.pi * hz * np.arange(round(seconds * SFREQ)) / SFREQ)


def reps(n=30, every_s=4.0, fall=0.0, growth=0.0, jitter=0.0):
    t = np.arange(n) * every_s
    part = np.linspace(0.0, 1.0, n)
    noise = jitter * np.random.default_rng(3).standard_normal(n)
    mdf = 80.0 * (1.0 - fall * part) + noise
    return Epochs(t, mdf, mdf + 10.0, 1.0 + growth * part)


@pytest.mark.parametrize("hz", [40.0, 75.0, 200.0])
def test_a_tone_has_its_own_median_and_mean_frequency(hz):
    assert median_mean_frequency(tone(hz), SFREQ) == pytest.approx((hz, hz), abs=1.5)


def test_flat_noise_has_its_median_in_the_middle_of_the_band():
    noise = np.random.default_rng(1).standard_normal(20_000)
    assert median_mean_frequency(noise, SFREQ)[0] == pytest.approx(235.0, abs=5.0)


@pytest.mark.parametrize("scale", [1e-9, 1e-150, 1e150])
def test_frequencies_do_not_depend_on_the_unit(scale):
    noise = np.random.default_rng(1).standard_normal(2000)
    np.testing.assert_allclose(median_mean_frequency(scale * noise, SFREQ), median_mean_frequency(noise, SFREQ))


def test_segments_with_a_lost_sample_are_left_out():
    y = tone(60.0, 3.0)
    y[700:750] = np.nan
    assert median_mean_frequency(y, SFREQ)[0] == pytest.approx(60.0, abs=1.5)


@pytest.mark.parametrize("y", [np.zeros(2000), np.full(2000, np.nan), np.empty(0), np.ones(100), np.full(2000, 7.0)])
def test_nothing_has_no_frequency(y):
    assert np.isnan(median_mean_frequency(y, SFREQ)).all()


def test_a_rep_is_one_epoch_and_a_hold_one_a_second():
    y = np.random.default_rng(2).standard_normal(20_000)
    epochs = measure_epochs(y, SFREQ, [(1.0, 2.5), (5.0, 15.0)])
    np.testing.assert_allclose(epochs.t_s, [1.75, *np.arange(5.5, 15.0)])
    assert np.isfinite(epochs.mdf_hz).all()


def test_a_line_gives_start_end_and_slope_in_percent_of_its_start():
    found = fit_fatigue(reps(n=31, every_s=4.0, fall=0.24))
    assert (found.mdf_start_hz, found.mdf_end_hz) == pytest.approx((80.0, 60.8))
    assert found.slope_pct_per_min == pytest.approx(-12.0)
    assert found.slope_pm_pct_per_min == pytest.approx(0.0, abs=1e-9)


def test_the_interval_of_the_slope_holds_the_true_one():
    found = fit_fatigue(reps(n=31, fall=0.24, jitter=5.0))
    assert 1.0 < found.slope_pm_pct_per_min < 6.0
    assert abs(found.slope_pct_per_min + 12.0) <= found.slope_pm_pct_per_min


@pytest.mark.parametrize(
    ("changes", "tires"),
    [
        ({"fall": 0.2}, True),
        ({"fall": 0.2, "growth": 0.5}, True),
        ({"fall": 0.2, "growth": -0.3}, False),  # giving up
        ({"fall": 0.05}, False),
        ({"fall": -0.2}, False),
        ({"fall": 0.12, "jitter": 25.0}, False),  # too uncertain to say
    ],
)
def test_tiring_is_a_sure_fall_of_frequency_without_one_of_amplitude(changes, tires):
    assert fit_fatigue(reps(**changes)).tires is tires


@pytest.mark.parametrize("epochs", [reps(n=4), reps(n=6, every_s=3.0), reps(n=0)])
def test_a_few_reps_carry_no_slope(epochs):
    found = fit_fatigue(epochs)
    assert np.isnan(found).all()
    assert not found.tires


def test_slow_devices_have_no_spectrum_to_speak_of():
    assert [spectrum_valid(sfreq) for sfreq in (200.0, 250.0, 500.0, 1000.0)] == [False, False, True, True]


@pytest.mark.skipif(not EMG.is_dir(), reason="the real recordings are not here")
def test_real_contractions_to_fatigue_fall_by_twelve_percent_a_minute():
    with h5py.File(EMG / "bsnb_emg_fatigue.h5") as file:
        raw = next(iter(file.values()))["raw"]
        x = np.asarray(raw[next(channel for channel in raw if channel.startswith("channel"))], float)
    passed = band_pass_whole(x, SFREQ)
    y = passed[:, 0]
    rest, reference = estimate_levels(y, SFREQ)
    bursts = find_bursts(x, passed, SFREQ, [rest], [reference], DetectorParameters.for_reps(SFREQ))[0]
    found = fit_fatigue(measure_epochs(y, SFREQ, bursts))
    assert found.slope_pct_per_min == pytest.approx(-12.0, abs=3.0)
    assert found.mdf_start_hz == pytest.approx(74.6, abs=4.0)
    assert found.mdf_end_hz == pytest.approx(56.4, abs=4.0)
    assert found.tires


def test_healthy_sets_are_seldom_called_tiring():
    called = 0
    sos = signal.butter(1, [60.0, 120.0], "bandpass", fs=SFREQ, output="sos")
    for seed in range(40):
        y = signal.sosfilt(sos, np.random.default_rng(seed).standard_normal(36_000))
        called += fit_fatigue(measure_epochs(y, SFREQ, [(t, t + 1.2) for t in np.arange(0.0, 35.0, 3.0)])).tires
    assert called <= 2


@given(
    y=hnp.arrays(
        np.float64, st.integers(0, 1500), elements=st.floats(-1e100, 1e100) | st.sampled_from([np.nan, np.inf])
    ),
    bursts=st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), max_size=8),
)
def test_any_input_gives_numbers_or_nan_and_no_warning(y, bursts):
    epochs = measure_epochs(y, 100.0, sorted((min(burst), max(burst)) for burst in bursts))
    known = epochs.mdf_hz[np.isfinite(epochs.mdf_hz)]
    assert ((known > 0.0) & (known <= 51.0)).all()
    found = fit_fatigue(epochs)
    assert all(math.isnan(value) or math.isfinite(value) for value in found)
