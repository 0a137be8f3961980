"""Hints: when the next one comes, what it changes, and with which one tomorrow begins."""

import pytest

from app.session.events import Side
from app.session.hints import AFTER_MISSED, ALONE, HOLD, ONE_SIDE, Hints
from app.session.programme import Tempo

LIST = (HOLD, "inner-heels", "softer", ONE_SIDE)
LEFT: list[Side] = ["left"]


def miss(hints: Hints, times: int, missing: list[Side] = LEFT) -> list[str | None]:
    return [hints.update(missing) for _ in range(times)]


def test_the_fifth_attempt_in_a_row_without_the_side_brings_a_hint():
    hints = Hints(LIST)
    assert miss(hints, AFTER_MISSED) == [None] * 4 + [HOLD]
    assert hints.in_force == HOLD


def test_joining_once_starts_the_count_anew():
    hints = Hints(LIST)
    miss(hints, 4)
    assert hints.update([]) is None
    assert miss(hints, 4) == [None] * 4


def test_a_hint_stays_in_force_when_the_side_joins():
    hints = Hints(LIST)
    miss(hints, AFTER_MISSED)
    hints.update([])
    assert hints.in_force == HOLD


def test_each_five_attempts_bring_the_next_and_after_the_last_the_first_again():
    hints = Hints(("a", "b"))
    assert [name for name in miss(hints, 15) if name] == ["a", "b", "a"]


def test_without_a_list_nothing_is_offered():
    assert miss(Hints(()), 20) == [None] * 20


def test_tomorrow_begins_with_the_hint_that_helped():
    hints = Hints(LIST, first="softer")
    assert hints.in_force == "softer"
    assert [name for name in miss(hints, 10) if name] == [HOLD, "inner-heels"]


def test_a_hint_of_another_programme_is_left_out():
    hints = Hints(LIST, first="unheard-of")
    assert hints.in_force is None
    assert miss(hints, AFTER_MISSED)[-1] == HOLD


def test_hold_until_it_joins_gives_the_squeeze_four_seconds():
    hints = Hints(LIST)
    assert hints.tempo(Tempo(2.0, 2.0)) == Tempo(2.0, 2.0)
    miss(hints, AFTER_MISSED)
    assert hints.tempo(Tempo(2.0, 2.0)) == Tempo(4.0, 2.0)
    assert hints.tempo(Tempo(10.0, 5.0)) == Tempo(10.0, 5.0)
    assert hints.tempo(None) is None


def test_that_side_alone_asks_for_it_three_times_and_then_for_both():
    hints = Hints((ONE_SIDE,))
    miss(hints, AFTER_MISSED)
    asked = []
    for _ in range(ALONE + 1):
        asked.append(hints.asked)
        hints.update([])
    assert asked == ["left"] * ALONE + ["both"]


@pytest.mark.parametrize("missing", [["left", "right"], ["right", "left"]])
def test_where_both_sides_sleep_nobody_is_told_to_squeeze_that_side_alone(missing):
    hints = Hints((ONE_SIDE, "softer"))
    assert miss(hints, AFTER_MISSED, missing)[-1] == "softer"
    assert hints.asked == "both"
    assert miss(Hints((ONE_SIDE,)), AFTER_MISSED, missing) == [None] * AFTER_MISSED
