"""The target: whose it is, where it starts, when it moves, and that nobody is rewarded for overdrive."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.events import Scheme, Side, SideOrBoth
from app.session.shaping import OVERDRIVE, ROUND, Goals, Shaping, TargetMoved

LINE = 10.0


def reps(
    shaping: Shaping, n: int, left: float, right: float, flagged: SideOrBoth | None = None, peak: float = 1.2
) -> list[TargetMoved]:
    means: dict[Side, float] = {"left": left, "right": right}
    peaks: dict[Side, float] = {"left": peak * left, "right": peak * right}
    return [moved for _ in range(n) if (moved := shaping.update(means, peaks, flagged)) is not None]


def test_it_starts_where_the_first_five_squeezes_of_the_weak_side_were():
    shaping = Shaping(30.0, LINE)
    assert reps(shaping, 4, 22.0, 40.0) == []
    assert reps(shaping, 1, 22.0, 40.0) == [TargetMoved("left", 22.0, None)]
    assert (shaping.target_pct, shaping.side) == (22.0, "left")


def test_the_side_that_is_known_to_be_the_sleepy_one_has_the_target_though_it_is_the_stronger():
    shaping = Shaping(30.0, LINE)
    (moved,) = reps(shaping, 5, 40.0, 35.0, flagged="left")
    assert moved.side == "left"


def test_eight_of_ten_reached_make_it_harder():
    shaping = Shaping(30.0, LINE)
    reps(shaping, 5, 30.0, 60.0)
    assert reps(shaping, 8, 30.0, 60.0) == []
    assert reps(shaping, 2, 30.0, 60.0, peak=0.9) == [TargetMoved("left", 35.0, 8)]


def test_five_of_ten_reached_make_it_easier():
    shaping = Shaping(30.0, LINE)
    reps(shaping, 5, 30.0, 60.0)
    reps(shaping, 5, 30.0, 60.0)
    assert reps(shaping, 5, 30.0, 60.0, peak=0.9) == [TargetMoved("left", 25.0, 5)]


@pytest.mark.parametrize("n_reached", [6, 7])
def test_in_between_it_stays(n_reached):
    shaping = Shaping(30.0, LINE)
    reps(shaping, 5, 30.0, 60.0)
    reps(shaping, n_reached, 30.0, 60.0)
    assert reps(shaping, ROUND - n_reached, 30.0, 60.0, peak=0.9) == []
    assert shaping.target_pct == 30.0


def test_it_never_passes_the_usual_level_of_the_strong_side():
    shaping = Shaping(30.0, LINE)
    reps(shaping, 105, 30.0, 42.0, peak=2.0)
    assert shaping.target_pct == 42.0


def test_it_never_comes_down_to_where_a_try_begins():
    shaping = Shaping(30.0, LINE)
    reps(shaping, 105, 12.0, 40.0, peak=0.9)
    assert shaping.target_pct == LINE + 5.0


def test_locked_it_stays_where_it_is():
    shaping = Shaping(30.0, LINE, locked=True)
    assert reps(shaping, 50, 30.0, 60.0, peak=2.0) == []
    assert shaping.target_pct == 30.0


def test_set_by_hand_it_stays_there():
    shaping = Shaping(30.0, LINE)
    reps(shaping, 5, 30.0, 60.0)
    shaping.set_by_hand(45.0)
    assert reps(shaping, 50, 30.0, 60.0, peak=2.0) == []
    assert shaping.target_pct == 45.0


def test_squeezes_without_the_sleepy_side_move_nothing():
    shaping = Shaping(30.0, LINE)
    for _ in range(50):
        assert shaping.update({"right": 40.0}, {"right": 50.0}, "left") is None
    assert shaping.target_pct == 30.0


def test_a_single_side_has_a_target_of_its_own():
    shaping = Shaping(30.0, LINE)
    moved = [shaping.update({"right": 35.0}, {"right": 42.0}, None) for _ in range(5)]
    assert moved[-1] == TargetMoved("right", 35.0, None)
    assert shaping.band_top("left") is None


def test_the_strong_side_has_a_band_up_to_twice_its_usual_level_and_the_weak_one_has_none():
    shaping = Shaping(30.0, LINE)
    assert shaping.band_top("right") is None
    reps(shaping, 5, 20.0, 40.0)
    assert shaping.band_top("right") == OVERDRIVE * 40.0
    assert shaping.band_top("left") is None


def turns(goals: Goals, turn: Scheme, n: int, left: float, right: float, peak: float = 1.2) -> list[TargetMoved]:
    means: dict[Side, float] = {"left": left, "right": right}
    peaks: dict[Side, float] = {"left": peak * left, "right": peak * right}
    return [moved for _ in range(n) if (moved := goals.update(turn, means, peaks, None)) is not None]


def test_in_its_own_turns_each_side_starts_from_its_own_squeezes():
    goals = Goals(30.0, LINE)
    assert turns(goals, "left", 5, 22.0, 40.0) == [TargetMoved("left", 22.0, None)]
    assert turns(goals, "right", 4, 22.0, 40.0) == []
    assert turns(goals, "right", 1, 22.0, 40.0) == [TargetMoved("right", 40.0, None)]
    assert goals.target_pct("left") == goals.target_pct("right") == {"left": 22.0, "right": 40.0}


def test_in_its_own_turns_a_side_moves_by_its_own_squeezes_alone():
    goals = Goals(30.0, LINE)
    turns(goals, "left", 5, 30.0, 60.0)
    turns(goals, "right", 5, 30.0, 60.0)
    for _ in range(9):
        assert turns(goals, "left", 1, 30.0, 60.0) == turns(goals, "right", 1, 30.0, 60.0, peak=0.9) == []
    assert turns(goals, "left", 1, 30.0, 60.0) == [TargetMoved("left", 35.0, 10)]
    assert turns(goals, "right", 1, 30.0, 60.0, peak=0.9) == [TargetMoved("right", 55.0, 0)]


def test_in_its_own_turns_no_side_has_a_band_though_it_is_the_stronger():
    goals = Goals(30.0, LINE)
    turns(goals, "left", 5, 20.0, 40.0)
    turns(goals, "right", 5, 20.0, 40.0)
    assert goals.band_top_pct("left") == goals.band_top_pct("right") == {}


def test_squeezes_of_both_share_one_target_that_those_of_one_side_leave_alone():
    goals = Goals(30.0, LINE)
    turns(goals, "left", 40, 50.0, 50.0)
    assert goals.target_pct("both") == {"left": 30.0, "right": 30.0}
    turns(goals, "both", 5, 20.0, 40.0)
    assert goals.target_pct("both") == {"left": 20.0, "right": 20.0}
    assert goals.band_top_pct("both") == {"right": OVERDRIVE * 40.0}


def test_set_by_hand_for_one_side_the_other_still_moves_in_its_turns():
    goals = Goals(30.0, LINE)
    goals.set_by_hand("left", 45.0)
    turns(goals, "left", 20, 50.0, 50.0)
    turns(goals, "right", 5, 50.0, 50.0)
    assert goals.target_pct("left") == {"left": 45.0, "right": 50.0}
    assert goals.target_pct("both") == {"left": 45.0, "right": 45.0}


def test_locked_no_target_moves_and_unlocked_each_does():
    goals = Goals(30.0, LINE, locked=True)
    every: tuple[Scheme, ...] = ("both", "left", "right")
    assert [turns(goals, turn, 20, 40.0, 50.0) for turn in every] == [[], [], []]
    goals.lock(locked=False)
    assert all(turns(goals, turn, 20, 40.0, 50.0) for turn in every)


def test_a_turn_in_which_its_side_did_not_fire_moves_nothing():
    goals = Goals(30.0, LINE)
    for _ in range(50):
        assert goals.update("left", {"right": 40.0}, {"right": 50.0}, "left") is None
    assert goals.target_pct("left") == {"left": 30.0, "right": 30.0}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(1.0, 150.0), st.floats(1.0, 150.0)), max_size=80))
def test_whatever_is_squeezed_the_target_is_a_whole_number_above_the_line_and_moves_by_no_more_than_a_step(levels):
    shaping = Shaping(30.0, LINE)
    started = False
    for left, right in levels:
        before = shaping.target_pct
        moved = shaping.update({"left": left, "right": right}, {"left": left, "right": right}, None)
        assert shaping.target_pct == int(shaping.target_pct) >= LINE + 5.0
        if moved is None:
            assert shaping.target_pct == before
        started = started or moved is not None
