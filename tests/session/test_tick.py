"""What the chain hands over: the last minute of every site, and the scale it is read on."""

import numpy as np
import pytest

from app.session.tick import TICK_S, TRACK_S, Scale, Track


def filled(n_ticks: int) -> Track:
    track = Track(1)
    ramp = np.arange(n_ticks, dtype=np.float64)[:, np.newaxis]
    track.extend(ramp, -ramp)
    return track


def test_a_stretch_of_time_gives_the_ticks_from_its_start_to_just_before_its_end():
    track = filled(100)
    assert track.energy(0.10, 0.15)[:, 0].tolist() == [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]
    assert track.level(0.10, 0.11)[:, 0].tolist() == [-20, -21]


def test_what_lies_before_the_start_or_has_not_happened_yet_is_left_out():
    track = filled(4)
    assert track.energy(-1.0, 9.0)[:, 0].tolist() == [0, 1, 2, 3]
    assert track.energy(3.0, 1.0).shape == (0, 1)


def test_only_the_last_minute_is_kept_and_older_times_are_left_out():
    n_kept = round(TRACK_S / TICK_S)
    track = filled(n_kept + 10)
    kept = track.energy(0.0, 1e3)[:, 0]
    assert (kept[0], kept[-1], len(kept)) == (10, n_kept + 9, n_kept)


@pytest.mark.parametrize("n_at_once", [1, 7, 4999, 12000, 12001, 30000])
def test_the_track_is_the_same_however_many_ticks_come_at_once(n_at_once):
    ramp = np.arange(30000.0)[:, np.newaxis]
    track = Track(1)
    for first in range(0, len(ramp), n_at_once):
        track.extend(ramp[first : first + n_at_once], -ramp[first : first + n_at_once])
    assert track.n_ticks == 30000
    assert track.energy(100.0, 150.0)[:, 0].tolist() == ramp[20000:30000, 0].tolist()


def scale(rest: float, reference: float) -> Scale:
    return Scale(np.array([rest]), np.array([reference]), np.array([0.08]), verdicts=True)


def test_the_reference_is_100_percent():
    assert scale(1.0, 50.0).pct(np.array([50.0, 25.0])[:, np.newaxis])[:, 0].tolist() == [100.0, 50.0]


def test_rest_is_taken_off_in_power_so_that_unequal_noise_reads_alike():
    muscle = 30.0
    for rest in (3.0, 9.0):
        assert scale(rest, 100.0).above_rest(np.array([muscle**2 + rest**2]))[0] == pytest.approx(muscle)


def test_less_than_rest_is_no_muscle_and_not_a_negative_one():
    assert scale(9.0, 100.0).above_rest(np.array([4.0]))[0] == 0.0


def test_without_a_rest_level_nothing_is_taken_off():
    assert scale(np.nan, 100.0).above_rest(np.array([16.0]))[0] == 4.0


def test_without_a_reference_there_is_no_percent():
    assert np.isnan(scale(3.0, np.nan).pct(np.array([50.0])))[0]


def test_no_signal_stays_no_signal():
    assert np.isnan(scale(3.0, 100.0).above_rest(np.array([np.nan])))[0]
