"""The preloaded sounds: at the pitch that is promised, without clicks, never too loud."""

import numpy as np
import pytest

from app.session.events import SIDES
from app.ui.sound.glide import Aim, Glide
from app.ui.sound.tones import PULSE_PERIOD_S, SFREQ, all_tones, left_tone, right_tone

TONES = all_tones()


def loudest_pitch_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum)) * SFREQ / (1 << 17)


@pytest.mark.parametrize("name", TONES)
def test_every_sound_is_mono_float32_and_below_its_peak(name):
    samples = TONES[name].samples
    assert samples.ndim == 1
    assert samples.dtype == np.float32
    assert 0.1 < np.max(np.abs(samples)) <= 0.8


@pytest.mark.parametrize("name", TONES)
def test_no_sound_begins_or_ends_with_a_click(name):
    samples = TONES[name].samples
    peak = np.max(np.abs(samples))
    assert abs(samples[0]) < 1e-6
    assert np.max(np.abs(samples[:8])) < 0.02 * peak  # 0.17 ms
    assert np.max(np.abs(samples[-8:])) < 0.02 * peak


def test_left_is_low_and_right_two_octaves_higher():
    assert loudest_pitch_hz(left_tone()) == pytest.approx(261.6, abs=3)
    assert loudest_pitch_hz(right_tone()) == pytest.approx(1046.5, abs=3)


def test_a_bell_rings_longer_than_wood():
    def late_share(samples):
        energy = np.cumsum(samples.astype(float) ** 2)
        return 1 - energy[round(0.08 * SFREQ)] / energy[-1]

    assert late_share(right_tone()) > 1.5 * late_share(left_tone())


def loudness_db(samples):
    """Level after the A-weighting of IEC 61672-1."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    square = np.fft.rfftfreq(len(samples), 1 / SFREQ) ** 2
    middle = np.sqrt((square + 107.7**2) * (square + 737.9**2))
    weight = 12194**2 * square**2 / ((square + 20.6**2) * middle * (square + 12194**2))
    return 10 * np.log10(np.sum(power * weight**2) / len(samples) ** 2)


def test_left_and_right_are_equally_loud_to_the_ear():
    assert loudness_db(left_tone()) == pytest.approx(loudness_db(right_tone()), abs=2.0)
    steady = []
    for side in SIDES:
        glide = Glide()
        glide.next(SFREQ, Aim(side, 100.0))
        steady.append(loudness_db(glide.next(SFREQ, Aim(side, 100.0))))
    assert steady[0] == pytest.approx(steady[1], abs=2.0)
    assert max(steady) < loudness_db(left_tone())


def test_pulses_have_one_period_and_those_of_both_sides_alternate():
    n_period = round(PULSE_PERIOD_S * SFREQ)
    left, right, both = (TONES[name].samples for name in ("pulses-left", "pulses-right", "pulses-both"))
    assert len(left) == len(right) == n_period
    np.testing.assert_array_equal(both, np.concatenate([left, right]))


def test_only_pulses_go_round():
    assert {name for name, tone in TONES.items() if tone.loops} == {"pulses-left", "pulses-right", "pulses-both"}


def test_the_note_of_the_first_side_is_lower_and_softer_than_any_call():
    strong = TONES["strong"].samples
    assert loudest_pitch_hz(strong) < 200
    assert np.max(np.abs(strong)) < 0.6 * np.max(np.abs(left_tone()))
