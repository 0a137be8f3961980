"""Flags over reps: late, weak, asleep; how they come, how they go, and what they forget."""

import math

from app.session.events import SIDES, Side
from app.session.flags import Measured, SetFlags

SURE = (0.02, 0.02)


def rep(
    *, left: bool = True, right: bool = True, lag_ms: float | None = 0.0, rise_ms: float | None = None,
    ratio: float | None = 1.0,
) -> Measured:  # fmt: skip
    fired: dict[Side, bool] = {"left": left, "right": right}
    both = left and right
    lag = lag_ms if both else None
    signed: dict[Side, float] = {"left": lag or 0.0, "right": -(lag or 0.0)}
    return Measured(
        fired=fired,
        in_time={side: fired[side] and signed[side] <= 150.0 for side in SIDES},
        lag_ms=lag,
        rise_lag_ms=lag if rise_ms is None else rise_ms,
        log_ratio=math.log(ratio) if both and ratio is not None else None,
    )


def after(*reps: Measured, spreads: tuple[float, float] = SURE) -> SetFlags:
    flags = SetFlags()
    for measured in reps:
        flags.update(measured, spreads)
    return flags


LATE, WEAK, MISSED, FINE = rep(lag_ms=250.0), rep(ratio=0.5), rep(left=False), rep()


def test_a_side_is_late_after_four_late_reps_and_not_before():
    assert not after(*[LATE] * 3).sides["left"].late.up
    assert after(*[LATE] * 4).sides["left"].late.up
    assert not after(*[LATE] * 4).sides["right"].late.up


def test_a_negative_lag_is_the_right_side_that_is_late():
    assert after(*[rep(lag_ms=-250.0)] * 4).sides["right"].late.up


def test_a_weak_side_that_only_looks_late_by_its_onset_is_not_called_late():
    assert not after(*[rep(lag_ms=120.0, rise_ms=20.0)] * 8).sides["left"].late.up


def test_one_late_rep_among_many_is_no_flag():
    assert not after(*[FINE, FINE, LATE, FINE] * 2).sides["left"].late.up


def test_two_passing_reps_clear_late_and_its_history():
    flags = after(*[LATE] * 8, FINE)
    assert flags.sides["left"].late.up
    flags.update(FINE, SURE)
    assert not flags.sides["left"].late.up
    assert flags.sides["left"].count_late() == (0, 0)


def test_late_comes_back_after_four_more_reps_and_not_before():
    flags = after(*[LATE] * 8, FINE, FINE, *[LATE] * 3)
    assert not flags.sides["left"].late.up
    flags.update(LATE, SURE)
    assert flags.sides["left"].late.up


def test_passing_reps_must_run_without_one_that_fails_between():
    assert after(*[LATE] * 8, FINE, LATE, FINE).sides["left"].late.up


def test_a_rep_that_the_late_side_misses_altogether_is_no_pass():
    assert after(*[LATE] * 8, FINE, MISSED, FINE).sides["left"].late.up


def test_half_of_the_other_side_is_weak_after_four_reps():
    assert not after(*[WEAK] * 3).sides["left"].weak.up
    assert after(*[WEAK] * 4).sides["left"].weak.up
    assert not after(*[WEAK] * 4).sides["right"].weak.up


def test_a_small_difference_is_never_weak():
    assert not after(*[rep(ratio=0.88)] * 8).sides["left"].weak.up


def test_an_unsure_reference_gives_no_verdict_and_says_that_it_cannot_tell():
    flags = after(*[rep(ratio=0.75)] * 8, spreads=(0.15, 0.15))
    assert not flags.sides["left"].weak.up
    assert flags.sides["left"].undecided


def test_what_is_already_decided_is_not_also_undecided():
    flags = after(*[rep(ratio=0.7)] * 8)
    assert flags.sides["left"].weak.up
    for _ in range(8):
        flags.update(rep(ratio=0.84), (0.3, 0.3))
        left = flags.sides["left"]
        assert [left.weak.up, left.undecided] != [True, True]


def test_two_passing_reps_clear_weak_and_its_history():
    flags = after(*[WEAK] * 8, FINE, FINE)
    assert not flags.sides["left"].weak.up
    assert flags.sides["left"].count_weak() == (0, 0)


def test_weak_comes_back_after_four_more_reps_and_not_before():
    flags = after(*[WEAK] * 8, FINE, FINE, *[WEAK] * 3)
    assert not flags.sides["left"].weak.up
    flags.update(WEAK, SURE)
    assert flags.sides["left"].weak.up


def test_a_weak_side_comes_up_when_three_reps_have_left_what_it_was_for_a_third_of_the_way_or_more():
    better = rep(ratio=0.75)
    assert not after(*[WEAK] * 8).sides["left"].coming_up(math.log(0.75))
    assert not after(*[WEAK] * 8, better).sides["left"].coming_up(math.log(0.5))
    assert after(*[WEAK] * 8, better, better).sides["left"].coming_up(math.log(0.75))
    assert not after(*[WEAK] * 8, *[rep(ratio=0.6)] * 2).sides["left"].coming_up(math.log(0.6))


def test_coming_up_is_no_pass_and_the_flag_stays():
    assert after(*[WEAK] * 8, *[rep(ratio=0.75)] * 3).sides["left"].weak.up


def test_without_a_ratio_now_or_before_nobody_is_coming_up():
    assert not after(*[WEAK] * 8, FINE).sides["left"].coming_up(math.nan)
    assert not after(FINE).sides["left"].coming_up(0.0)


def test_without_a_trustworthy_ratio_nothing_is_weak():
    assert not after(*[rep(ratio=None)] * 8).sides["left"].weak.up


def test_three_of_the_last_four_attempts_without_a_side_call_it_asleep():
    assert not after(MISSED, MISSED, MISSED).sides["left"].asleep.up
    assert after(MISSED, FINE, MISSED, MISSED).sides["left"].asleep.up
    assert not after(MISSED, FINE, MISSED, FINE).sides["left"].asleep.up


def test_two_squeezes_in_time_wake_a_side_and_it_sleeps_again_only_after_four_more_attempts():
    flags = after(*[MISSED] * 4, FINE, FINE)
    assert not flags.sides["left"].asleep.up
    for _ in range(3):
        flags.update(MISSED, SURE)
        assert not flags.sides["left"].asleep.up
    flags.update(MISSED, SURE)
    assert flags.sides["left"].asleep.up


def test_firing_far_too_late_is_not_yet_awake():
    assert after(*[MISSED] * 4, rep(lag_ms=400.0), rep(lag_ms=400.0)).sides["left"].asleep.up


def test_a_side_is_hurried_while_it_is_late_or_asleep_and_not_because_it_is_weak():
    assert after(*[LATE] * 4).sides["left"].hurried
    assert after(*[MISSED] * 4).sides["left"].hurried
    assert not after(*[WEAK] * 4).sides["left"].hurried


def test_the_sleeping_side_is_the_one_with_any_flag_and_both_if_both():
    assert after(*[FINE] * 8).sleeping_side is None
    assert after(*[WEAK] * 4).sleeping_side == "left"
    assert after(*[rep(right=False)] * 4).sleeping_side == "right"
    assert after(*[rep(left=False, right=False)] * 4).sleeping_side == "both"


def test_the_session_remembers_a_side_that_slept_and_woke():
    flags = after(*[MISSED] * 4, FINE, FINE)
    assert flags.sleeping_side is None
    assert flags.ever_sleeping_side == "left"
