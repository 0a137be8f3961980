"""Bursts of whole recordings: known truths, simulated and real."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy import signal

from dsp.bursts import detect_bursts, merge_bursts
from dsp.filters import emg_band_sos, emg_stream_filter
from dsp.onset import DetectorParameters
from dsp.rest import estimate_levels

EMG = Path(__file__).resolve().parents[2] / "../shared/data/emg"
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
recordings = pytest.mark.skipif(not EMG.is_dir(), reason="the real recordings are not here")


def band_passed(raw):
    y, valid = emg_stream_filter(1000.0, 1, prime="steady").process(np.asarray(raw, float)[:, np.newaxis])
    assert valid.all()
    return y[:, 0]


def opensignals(name):
    with h5py.File(EMG / name) as file:
        raw = next(iter(file.values()))["raw"]
        return band_passed(raw[next(channel for channel in raw if channel.startswith("channel"))][:, 0])


def walking():
    return band_passed(np.genfromtxt(EMG / "glute_right_walk_1000hz.csv", delimiter=",", skip_header=2)[:, 2])


def reps(y, **changes):
    parameters = DetectorParameters.for_reps(1000.0)
    values = {name: getattr(parameters, name) for name in DetectorParameters.__slots__} | changes
    return detect_bursts(y, 1000.0, *estimate_levels(y, 1000.0), DetectorParameters(**values))


def test_close_bursts_are_joined_before_short_ones_are_dropped():
    bursts = [(1.0, 1.1), (1.2, 1.3), (2.0, 2.1), (3.0, 4.0)]
    assert merge_bursts(bursts, 0.15, 0.15) == [(1.0, 1.3), (3.0, 4.0)]


@recordings
@pytest.mark.parametrize("share", [0.12, 0.15, 0.18])
def test_nine_slow_contractions_are_nine(share):
    assert len(reps(opensignals("bsnb_emg_bursts.h5"), on_reference=share)) == 9


@recordings
@pytest.mark.parametrize("share", [0.12, 0.15, 0.18])
def test_thirty_contractions_to_fatigue_are_thirty(share):
    assert len(reps(opensignals("bsnb_emg_fatigue.h5"), on_reference=share)) == 30


@recordings
@pytest.mark.parametrize("share", [0.12, 0.15, 0.18])
def test_seven_complete_steps_of_a_walking_glute_are_seven_and_the_cut_eighth_is_none(share):
    onsets = [onset for onset, _ in reps(walking(), on_reference=share)]
    np.testing.assert_allclose(onsets, [0.35, 1.36, 2.42, 3.42, 4.47, 5.50, 6.55], atol=0.06)


@recordings
def test_noise_alone_would_merge_contractions_hence_the_share_of_the_reference():
    assert len(reps(opensignals("bsnb_emg_fatigue.h5"), on_reference=0.0, off_reference=0.0)) < 20


def coloured(rng, n, sfreq):
    hz = np.fft.rfftfreq(n, 1 / sfreq)
    shape = 120.0**2 * hz / np.sqrt(hz**2 + 60.0**2) / (hz**2 + 120.0**2)
    x = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * shape, n)
    return x / np.sqrt(np.mean(signal.sosfilt(emg_band_sos(sfreq), x) ** 2))


# Least errors that the field's best causal method reaches on the same recipe, in ms.
@pytest.mark.parametrize(
    ("snr_db", "ramp_s", "most_ms"), [(5, 0, 8), (10, 0, 4), (20, 0, 2), (5, 0.1, 60), (10, 0.1, 46), (20, 0.1, 24)]
)
def test_every_onset_is_found_none_invented_and_its_error_is_small(snr_db, ramp_s, most_ms):
    rng = np.random.default_rng(11)
    errors = []
    for _ in range(2):
        n, sfreq = 60_000, 1000.0
        true = np.arange(3.0, 57.0, 2.7) + rng.uniform(0, 0.5, 20)
        t = np.arange(n) / sfreq
        into = t - true[np.maximum(np.searchsorted(true, t, side="right") - 1, 0)]
        rise = np.clip(into / ramp_s, 0, 1) if ramp_s else 1.0
        level = np.where((t >= true[0]) & (into < 1.4), rise, 0.0) * 10 ** (snr_db / 20)
        noise = rng.standard_normal(n)
        noise /= np.sqrt(np.mean(signal.sosfilt(emg_band_sos(sfreq), noise) ** 2))
        y = band_passed(noise + level * coloured(rng, n, sfreq))
        rest = float(np.sqrt(np.mean(y[:2500] ** 2)))
        _, reference = estimate_levels(y, sfreq)
        bursts = detect_bursts(y, sfreq, rest, reference, DetectorParameters.for_onsets(sfreq))
        assert len(bursts) == len(true)
        errors += [onset - start for (onset, _), start in zip(bursts, true, strict=True)]
    assert 1e3 * np.mean(np.abs(errors)) <= most_ms


@pytest.mark.parametrize("sfreq", [200.0, 250.0, 500.0, 1000.0, 2000.0] if FULL else [250.0, 1000.0])
def test_half_an_hour_of_rest_holds_no_onset(sfreq):
    length_s = 1800 if FULL else 600
    y = emg_stream_filter(sfreq, 1, prime="steady").process(
        np.random.default_rng(12).standard_normal((int(length_s * sfreq), 1))
    )[0][:, 0]
    rest = float(np.sqrt(np.mean(y[: int(2.5 * sfreq)] ** 2)))
    assert detect_bursts(y, sfreq, rest, rest, DetectorParameters.for_onsets(sfreq)) == []


def test_a_burst_that_runs_into_a_gap_is_left_out():
    y = np.random.default_rng(13).standard_normal(9000)
    y[2000:3000] *= 50.0
    y[5000:6000] *= 50.0
    y[5500:5600] = np.nan
    y[5600:6000] /= 50.0
    assert len(detect_bursts(y, 1000.0, 1.0, 50.0, DetectorParameters.for_reps(1000.0))) == 1


@pytest.mark.parametrize("y", [np.empty(0), np.zeros(3000), np.full(3000, np.nan), np.full(3000, 5.0)])
def test_a_recording_without_muscle_has_no_bursts(y):
    assert detect_bursts(y, 1000.0, *estimate_levels(y, 1000.0), DetectorParameters.for_reps(1000.0)) == []
