"""Taps and presses on a pad, told from the muscle beneath it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.movement import SLOW, Movement, count_touches, moved_one, movement_strength

SFREQ = 1000.0


def emg(rms, n, rng):
    from scipy import signal

    sos = signal.butter(2, (30, 200), "bandpass", fs=SFREQ, output="sos")
    y = signal.sosfilt(sos, rng.standard_normal(n + 500))[500:]
    return rms * y / y.std()


def strength(x):
    return movement_strength(Movement(SFREQ, x.shape[1]).process(x))


@pytest.fixture
def quiet():
    rng = np.random.default_rng(5)
    return 4.0 * rng.standard_normal((5000, 2)), rng


def knock(height, at, n=5000):
    t = (np.arange(n) - at) / SFREQ
    return np.where(t >= 0, height * np.exp(-np.maximum(t, 0) / 0.02) * np.cos(2 * np.pi * 40 * t), 0.0)


def press(height, at, n=5000, length_s=0.4):
    t = (np.arange(n) - at) / SFREQ
    return np.where((t >= 0) & (t < length_s), height * np.sin(np.pi * t / length_s), 0.0)


def test_rest_moves_nothing(quiet):
    assert strength(quiet[0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("touch", [lambda: knock(1000.0, 2000), lambda: press(500.0, 2000)], ids=["tap", "press"])
def test_the_pad_that_is_touched_is_found_although_the_other_shakes_along(quiet, touch):
    x, _ = quiet
    x[:, 1] += touch()
    x[:, 0] += 0.1 * touch()
    assert moved_one(tuple(strength(x))) == 1


def test_a_muscle_at_work_is_no_movement(quiet):
    x, rng = quiet
    x[2000:3200, 0] += emg(60.0, 1200, rng)
    assert strength(x).tolist() == [0.0, 0.0]


def test_a_tap_is_found_while_the_other_muscle_works(quiet):
    x, rng = quiet
    x[:, 0] += emg(40.0, 5000, rng)
    x[:, 1] += knock(1000.0, 2500)
    assert moved_one(tuple(strength(x))) == 1


def test_both_moved_alike_tell_nothing():
    assert moved_one((100.0, 90.0)) is None
    assert moved_one((0.0, 0.0)) is None


def test_a_constant_offset_of_the_device_is_no_movement(quiet):
    x, _ = quiet
    x += 1e5
    assert strength(x).tolist() == [0.0, 0.0]


def test_lost_samples_are_left_out(quiet):
    x, _ = quiet
    x[:, 1] += knock(1000.0, 2000)
    x[4000:4400] = np.nan
    assert moved_one(tuple(strength(x))) == 1
    assert strength(np.full((1000, 2), np.nan)).tolist() == [0.0, 0.0]


def test_the_size_of_blocks_changes_nothing(quiet):
    x, _ = quiet
    x[:, 1] += knock(1000.0, 2000)
    cut = Movement(SFREQ, 2)
    parts = np.concatenate([cut.process(x[first : first + 7]) for first in range(0, 5000, 7)])
    np.testing.assert_array_equal(parts, Movement(SFREQ, 2).process(x)[: len(parts)])


def touches(x):
    windows = Movement(SFREQ, x.shape[1]).process(x)
    return [count_touches(windows[:upto, :, 0]) for upto in range(len(windows) + 1)]


def test_taps_are_counted_one_by_one_and_none_twice(quiet):
    x, _ = quiet
    for at in (600, 1700, 2900):
        x[:, 0] += knock(1000.0, at)
    counted = touches(x)
    assert counted == sorted(counted)
    assert counted[-1] == 3
    assert counted.index(1) <= (600 + 600) / 50 + 1


def test_presses_are_counted_like_taps(quiet):
    x, _ = quiet
    for at in (800, 2400):
        x[:, 0] += press(500.0, at)
    assert touches(x)[-1] == 2


def test_rest_and_a_muscle_at_work_are_no_touch(quiet):
    x, rng = quiet
    assert max(touches(x)) == 0
    x[2000:3200, 0] += emg(60.0, 1200, rng)
    assert max(touches(x)) == 0


@given(
    taps=st.lists(st.tuples(st.integers(100, 4800), st.floats(50.0, 3000.0)), max_size=5),
    noise=st.floats(1.0, 40.0),
    seed=st.integers(0, 99),
)
@settings(max_examples=30, deadline=None)
def test_no_touch_is_counted_that_the_whole_step_does_not_show(taps, noise, seed):
    x = noise * np.random.default_rng(seed).standard_normal((5000, 1))
    for at, height in taps:
        x[:, 0] += knock(height, at)
    windows = Movement(SFREQ, 1).process(x)
    jumps = windows.copy()
    jumps[:, SLOW] = 0.0  # a press is judged against the usual of all seconds so far; a tap against its surroundings
    counted = [count_touches(jumps[:upto, :, 0]) for upto in range(len(windows) + 1)]
    assert counted == sorted(counted)
    assert counted[-1] <= len(taps)
    assert counted[-1] == 0 or movement_strength(jumps)[0] > 0.0
