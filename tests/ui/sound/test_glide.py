"""The tone of the sleeping side: its pitch is its level, and it never clicks."""

import numpy as np
import pytest

from app.ui.sound.glide import LEVEL_S, MOST_PCT, Aim, Glide, pitch_hz
from app.ui.sound.tones import SFREQ

SECOND = SFREQ


def frames(glide, n_frames, aim):
    made = glide.next(n_frames, aim)
    assert made is not None
    return made


def heard_hz(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum)) * SFREQ / (1 << 17)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("pct", [0.0, 40.0, 100.0, 120.0])
def test_pitch_says_how_much_of_the_target_there_is(side, pct):
    glide = Glide()
    glide.next(SECOND // 2, Aim(side, pct))
    assert heard_hz(glide.next(SECOND, Aim(side, pct))) == pytest.approx(pitch_hz(side, pct), rel=0.003)


def test_the_target_sounds_as_the_sides_own_tone_and_nothing_an_octave_below():
    assert pitch_hz("left", 100.0) == pytest.approx(261.63)
    assert pitch_hz("right", 100.0) == pytest.approx(1046.5)
    assert pitch_hz("left", 0.0) == pytest.approx(261.63 / 2)


def test_more_than_enough_rises_no_further():
    assert pitch_hz("left", 300.0) == pitch_hz("left", MOST_PCT)


def test_nothing_to_follow_is_nothing_to_hear():
    assert Glide().next(1000, None) is None


@pytest.mark.parametrize("side", ["left", "right"])
def test_it_begins_moves_and_ends_without_a_click(side):
    glide = Glide()
    aims = [Aim(side, 30.0)] * 40 + [Aim(side, 110.0)] * 40 + [None] * 40
    pieces = [glide.next(240, aim) for aim in aims]
    wave = np.concatenate([piece for piece in pieces if piece is not None])
    steady = np.abs(np.diff(glide_steady(side))).max()
    assert np.abs(np.diff(np.concatenate([[0.0], wave, [0.0]]))).max() <= 1.15 * steady
    assert pieces[-1] is None


def glide_steady(side):
    glide = Glide()
    glide.next(SECOND // 2, Aim(side, 110.0))
    return glide.next(SECOND // 4, Aim(side, 110.0))


def test_the_samples_do_not_depend_on_how_they_are_cut():
    whole, pieces = Glide(), Glide()
    aim = Aim("left", 70.0)
    cut = np.concatenate([frames(pieces, n, aim) for n in (1, 7, 480, 1000, 3)])
    np.testing.assert_allclose(cut, frames(whole, 1491, aim), atol=1e-6)


def test_it_is_gone_soon_after_its_muscle_rests():
    glide = Glide()
    glide.next(SECOND, Aim("left", 100.0))
    after = frames(glide, round(10 * LEVEL_S * SFREQ), None)
    assert np.abs(after[round(4 * LEVEL_S * SFREQ) :]).max() < 0.02 * np.abs(after[:200]).max() * 1.5


def test_the_other_side_begins_only_when_this_one_has_faded():
    glide = Glide()
    glide.next(SECOND, Aim("left", 100.0))
    blocks = [glide.next(480, Aim("right", 100.0)) for _ in range(60)]
    later = [block for block in blocks[40:] if block is not None]
    assert heard_hz(np.concatenate(later)) == pytest.approx(1046.5, rel=0.01)


def test_left_and_right_are_two_octaves_apart_and_differ_in_timbre():
    left, right = (glide_at(side) for side in ("left", "right"))
    assert heard_hz(right) == pytest.approx(4 * heard_hz(left), rel=0.01)

    def share(samples, ratio):
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        base = np.argmax(spectrum)
        around = round(base * ratio)
        return spectrum[around - 3 : around + 4].max() / spectrum.max()

    assert share(right, 2.0) > 0.2 > 5 * share(left, 2.0)  # a bell has the octave, wood has not
    assert share(left, 3.93) > 0.1


def glide_at(side):
    glide = Glide()
    glide.next(SECOND // 2, Aim(side, 100.0))
    return glide.next(SECOND, Aim(side, 100.0))
