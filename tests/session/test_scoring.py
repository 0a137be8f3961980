"""Scores of one attempt: levels, times, symmetry, and the effort it takes to count."""

import math

import numpy as np
import pytest

from app.session.attempt import Burst, OpenAttempt
from app.session.scoring import (
    AttemptScore,
    Comparison,
    compare,
    effort_floor_pct,
    mean_window,
    score_attempt,
)
from app.session.tick import TICK_S, Scale, Track

LEFT, RIGHT, HELPER = 0, 1, 2
REST, REFERENCE = 5.0, 100.0


def scale(*, rest: float = REST, reference: float = REFERENCE, spread: float = 0.08, verdicts: bool = True) -> Scale:
    return Scale(np.full(3, rest), np.full(3, reference), np.full(3, spread), verdicts)


def steady(*, left_s: float = 1.0, **levels: float) -> Track:
    """Three seconds; bursts of the given levels from 1.0 (left: `left_s`) to 2.0 s."""
    track = Track(3)
    starts = np.array([left_s, 1.0, 1.0])
    amplitude = np.array([levels.get("left", 0.0), levels.get("right", 0.0), levels.get("helper", 0.0)])
    for tick in range(600):
        t_s = (tick + 0.5) * TICK_S
        muscle = np.where((starts < t_s) & (t_s < 2.0), amplitude, 0.0)
        energy = muscle**2 + REST**2
        track.extend(energy[np.newaxis], np.sqrt(energy)[np.newaxis])
    return track


def attempt(**bursts: tuple[float, float | None]) -> OpenAttempt:
    sites = {"left": LEFT, "right": RIGHT, "helper": HELPER}
    onsets = [onset_s for onset_s, _ in bursts.values()]
    made = OpenAttempt(opened_s=min(onsets) + 0.05, start_s=min(onsets), by_go=False)
    for name, (onset_s, offset_s) in bursts.items():
        made.bursts[sites[name]] = Burst(onset_s, onset_s + 0.05, offset_s)
    return made


def scored(made: OpenAttempt, track: Track, at: Scale | None = None) -> AttemptScore:
    return score_attempt(made, 2.2, track, at or scale(), (LEFT, RIGHT))


BOTH = {"left": (1.1, 2.0), "right": (1.0, 1.98)}


def compared(
    track: Track, at: Scale | None = None, clock_s: float | None = 0.0, **bursts: tuple[float, float]
) -> Comparison:
    at = at or scale()
    score = scored(attempt(**(bursts or BOTH)), track, at)
    return compare(score, LEFT, RIGHT, at, floor_pct=10.0, clock_s=clock_s)


def test_a_rep_lasts_from_the_first_onset_to_the_last_offset_of_the_glutes():
    score = scored(attempt(helper=(0.6, 2.1), **BOTH), steady(left=40, right=40))
    assert [score.start_s, score.end_s] == pytest.approx([1.0, 2.0], abs=0.002)


def test_an_attempt_in_which_no_glute_fired_lasts_as_long_as_it_was_open():
    score = scored(attempt(helper=(0.6, 2.1)), steady(helper=40))
    assert (score.start_s, score.end_s) == (0.6, 2.2)
    assert not score.sites[LEFT].fired


def test_levels_are_those_of_the_muscle_alone_in_percent_of_the_reference():
    score = scored(attempt(**BOTH), steady(left=20, right=40))
    assert score.sites[LEFT].mean_pct == pytest.approx(20.0)
    assert score.sites[RIGHT].peak_pct == pytest.approx(40.0)
    assert score.sites[RIGHT].mean_raw == pytest.approx(40.0)


def test_ramps_are_left_out_of_the_mean_and_short_reps_give_their_middle_half():
    assert mean_window(1.0, 3.0) == pytest.approx((1.35, 2.75))
    assert mean_window(1.0, 1.4) == pytest.approx((1.1, 1.3))


def test_a_burst_that_still_runs_has_an_onset_and_no_offset():
    score = scored(attempt(helper=(0.9, None), **BOTH), steady(left=40, right=40, helper=50))
    helper = score.sites[HELPER]
    assert helper.fired
    assert helper.onset_s == pytest.approx(1.0, abs=0.002)
    assert helper.offset_s is None
    assert helper.mean_pct == pytest.approx(50.0)


def test_a_lost_site_did_not_fire_and_has_no_numbers():
    made = attempt(**BOTH)
    made.lose({LEFT}, 1.5)
    left = scored(made, steady(left=40, right=40)).sites[LEFT]
    assert (left.lost, left.fired, left.onset_s) == (True, False, None)
    assert math.isnan(left.mean_pct)
    assert math.isnan(left.peak_pct)


def test_single_lost_ticks_do_not_spoil_a_mean():
    track = steady(left=40, right=40)
    track._energy[300] = np.nan
    assert scored(attempt(**BOTH), track).sites[LEFT].mean_pct == pytest.approx(40.0)


def test_a_session_without_a_single_good_tick_gives_no_levels_and_no_warning():
    track = Track(3)
    track.extend(np.full((600, 3), np.nan), np.full((600, 3), np.nan))
    assert math.isnan(scored(attempt(**BOTH), track).sites[LEFT].mean_pct)


def test_lag_is_left_onset_minus_right_onset():
    assert compared(steady(left_s=1.1, left=40, right=40)).lag_s == pytest.approx(0.1, abs=0.002)


def test_lag_is_that_of_the_muscles_and_not_that_of_their_detection():
    seen_late = compared(steady(left=12, right=40), left=(1.35, 2.0), right=(1.02, 1.98))
    assert seen_late.lag_s == pytest.approx(0.0, abs=0.005)


def test_a_hold_longer_than_the_track_keeps_the_onset_that_was_found():
    track = steady(left=40, right=40)
    energy = np.full((round(61.0 / TICK_S), 3), 40.0**2)
    track.extend(energy, np.sqrt(energy))
    score = score_attempt(attempt(left=(1.0, 64.0), right=(1.0, 64.0)), 64.0, track, scale(), (LEFT, RIGHT))
    assert score.start_s == 1.0


def test_log_ratio_is_left_over_right_and_lsi_the_weaker_of_the_stronger():
    comparison = compared(steady(left=20, right=40))
    assert comparison.lr_log == pytest.approx(math.log(0.5))
    assert comparison.lsi_pct == pytest.approx(50.0)
    assert compared(steady(left=40, right=20)).lsi_pct == pytest.approx(50.0)


def test_without_aligned_clocks_there_is_symmetry_but_no_lag():
    comparison = compared(steady(left=20, right=40), clock_s=None)
    assert comparison.lag_s is None
    assert comparison.lag_pm_s is None
    assert comparison.lsi_pct == pytest.approx(50.0)


def test_an_unsure_clock_widens_the_interval_of_the_lag():
    sure, unsure = (compared(steady(left=40, right=40), clock_s=clock_s).lag_pm_s for clock_s in (0.0, 0.05))
    assert sure is not None
    assert unsure is not None
    assert unsure > max(sure, 0.05)


def test_an_unsure_reference_widens_the_interval_of_the_symmetry():
    sure, unsure = (compared(steady(left=40, right=40), scale(spread=spread)).lsi_pm_pct for spread in (0.02, 0.15))
    assert sure is not None
    assert unsure is not None
    assert unsure > 2 * sure


def test_a_side_that_did_not_fire_gives_no_lag():
    assert compared(steady(left=2, right=40), right=(1.0, 2.0)).lag_s is None


def test_below_the_effort_floor_there_is_no_symmetry():
    comparison = compared(steady(left=8, right=9))
    assert comparison.lsi_pct is None
    assert comparison.lr_log is None
    assert comparison.lag_s is not None


def test_without_a_reference_there_is_no_symmetry():
    assert compared(steady(left=40, right=40), scale(reference=math.nan)).lsi_pct is None


def test_nothing_against_something_is_zero_percent_and_no_logarithm():
    comparison = compared(steady(left=0, right=40))
    assert comparison.lsi_pct == pytest.approx(0.0)
    assert comparison.lr_log is None


def test_the_half_rise_of_a_ramp_is_seen_whatever_its_height():
    track = Track(3)
    for tick in range(600):
        share = min(1.0, max(0.0, (tick * TICK_S - 1.0) / 0.2)) if tick < 400 else 0.0
        track.extend(np.full((1, 3), REST**2), np.array([[40.0, 10.0, 0.0]]) * share)
    score = scored(attempt(left=(1.0, 2.0), right=(1.0, 2.0)), track)
    assert score.sites[LEFT].rise_s == pytest.approx(1.1, abs=TICK_S)
    assert score.sites[RIGHT].rise_s == pytest.approx(1.1, abs=TICK_S)


@pytest.mark.parametrize(
    ("rest", "floor", "expected"), [(1.0, 10.0, 10.0), (3.0, 10.0, 15.0), (9.0, 10.0, 15.0), (9.0, 30.0, 30.0)]
)
def test_the_effort_floor_is_the_programmes_or_five_times_rest_which_hides_no_plain_squeeze(rest, floor, expected):
    assert effort_floor_pct(scale(rest=rest), LEFT, floor) == pytest.approx(expected)


def test_without_a_rest_level_the_programmes_floor_stands():
    assert effort_floor_pct(scale(rest=math.nan), LEFT, 10.0) == 10.0
