"""What is told besides cues, in whole sessions of people: hints, targets, silent tests, waking, stories."""

from dataclasses import replace

import numpy as np
import pytest

from app.session.coach import Coach
from app.session.events import SIDES, Act, Event, Rating, Say, TargetChanged
from app.session.programme import Hint, Phase, Programme, Sides, Tempo
from app.session.reference import scale_of
from app.session.shaping import START_PERCENTILE
from app.session.tick import TICK_S
from tests.session.people import (
    HEALTHY,
    SLEEPY_BOTH_WITH_HELPER,
    SLEEPY_LEFT,
    WAKING_LEFT,
    WEAK_LEFT,
    WITH_HELPER,
    Person,
    attempts,
    coach_for,
    cues,
    frames,
    reps,
    ticks,
    train,
)

HINTS = (Hint("softer", "Press half as hard"), Hint("one-side-then-both", "That side alone, then both"))
WAKE = Phase("wake-up", reps=30, max_squeezes=12, tempo=Tempo(), rest_s=10.0)
WAKING = Programme("p", "P", "", "prone", (WAKE, Phase("work", reps=10)), effort_floor_pct=10.0, hints=HINTS)
WORK = Programme(
    "w", "W", "", "prone", (Phase("work", reps=200, feedback="bandwidth", test_reps=2),), effort_floor_pct=10.0
)


def said(events: list[Event], what: str) -> list[object]:
    return [event.value for event in events if isinstance(event, Say) and event.what == what]


def targets(events: list[Event]) -> list[TargetChanged]:
    return [event for event in events if isinstance(event, TargetChanged)]


def with_rests(person: Person, programme: Programme, n_squeezes: int, seed: int = 1) -> tuple[Coach, list[Event]]:
    """A session that keeps its rests."""
    made = frames(person, n_squeezes, seed)
    scale = scale_of(made.calibration, made.sites)
    coach = Coach(programme, made.sites, scale, raw_to_uv=1e6, method="best-clench", skip_rests=False)
    return coach, coach.advance(ticks(made, 0, len(made.level)), 0.0)


def test_a_hint_comes_after_each_five_squeezes_without_the_side_and_is_logged_from_the_next_one_on():
    _, events = train(SLEEPY_LEFT, 11, programme=WAKING)
    assert said(events, "hint") == ["softer", "one-side-then-both"]
    assert [one.hint for one in attempts(events)] == [None] * 5 + ["softer"] * 5 + ["one-side-then-both"]
    assert [one.hint for one in reps(events)] == [one.hint for one in attempts(events)]


def test_that_side_alone_is_asked_three_times_and_says_nothing_of_the_pair():
    _, events = train(SLEEPY_LEFT, 15, programme=replace_phase(WAKING, max_squeezes=60))
    assert [rep.scheme for rep in reps(events)] == ["both"] * 10 + ["left"] * 3 + ["both"] * 2
    assert {rep.lag_status for rep in reps(events)[10:13]} == {"single"}


def replace_phase(programme: Programme, **changes: object) -> Programme:
    phase = Phase(**{name: getattr(programme.phases[0], name) for name in Phase.__struct_fields__} | changes)
    values = {name: getattr(programme, name) for name in Programme.__struct_fields__}
    return Programme(**values | {"phases": (phase, *programme.phases[1:])})


def test_waking_is_told_with_the_side_and_the_hint_that_helped():
    coach, events = train(WAKING_LEFT, 20, programme=replace_phase(WAKING, max_squeezes=60))
    assert said(events, "woke") == ["left"]
    summary = coach.summary(recording=None, lost_pct=None)
    assert summary.woke_after_hint == "one-side-then-both"
    assert coach.guidance.story is not None
    assert coach.guidance.story.hint == "That side alone, then both"
    assert summary.wake_up_squeezes == 13
    assert summary.wake_up_tried == 16


def test_enough_squeezes_end_the_day_kindly_and_nothing_more_is_asked_for():
    coach, events = train(SLEEPY_LEFT, 14, programme=WAKING)
    assert said(events, "enough") == [None]
    assert said(events, "woke") == []
    assert coach.progress.finished
    summary = coach.summary(recording=None, lost_pct=None)
    assert (summary.wake_up_squeezes, summary.wake_up_tried) == (None, 12)


def test_without_helper_electrodes_it_is_asked_in_the_rest_where_it_is_felt():
    _, events = with_rests(HEALTHY, WAKING, 5)
    assert said(events, "felt") == [None]


def test_one_squeeze_in_the_rest_answers_with_the_glute_and_is_no_attempt():
    _, events = with_rests(HEALTHY, WAKING, 8)
    assert [rating.value for rating in events if isinstance(rating, Rating) and rating.kind == "felt"] == [1.0]
    assert len(attempts(events)) < 8


def test_where_helpers_are_measured_nobody_is_asked():
    _, events = with_rests(replace(HEALTHY, sites=WITH_HELPER), helped(WAKING), 8)
    assert said(events, "woke")
    assert said(events, "felt") == []


def helped(programme: Programme) -> Programme:
    values = {name: getattr(programme, name) for name in Programme.__struct_fields__}
    return Programme(**values | {"compensators": ("hamstring",)})


def test_a_set_that_ends_leaves_its_story():
    coach, events = train(SLEEPY_LEFT, 14, programme=WAKING)
    assert said(events, "set-done") == [None]
    story = coach.guidance.story
    assert story is not None
    assert (story.n, story.sides["left"].n, story.sides["left"].of) == (12, 0, 12)
    assert (story.sides["right"].n, story.sides["right"].of) == (10, 10)  # twice the left alone was asked for
    assert (story.about, story.next) == ("left", "tomorrow")


def test_where_both_sleep_the_story_is_about_neither():
    programme = helped(replace_phase(WAKING, max_squeezes=6))
    coach, _ = train(SLEEPY_BOTH_WITH_HELPER, 8, programme=programme)
    story = coach.guidance.story
    assert story is not None
    assert (story.about, story.sides["left"].n, story.sides["right"].n) == (None, 0, 0)


def test_the_target_moves_to_the_weak_side_between_reps_and_is_logged_with_them():
    coach, events = train(WEAK_LEFT, 40, programme=WORK)
    moves = targets(events)
    assert {move.side for move in moves} == {"left"}
    assert 10.0 < moves[0].pct < 30.0
    by_rep = [rep.target_pct["left"] for rep in reps(events)]
    assert by_rep[:5] == [30.0] * 5
    assert by_rep[5] == moves[0].pct
    assert by_rep[-1] == coach.aim.target_pct["left"]
    ends_s = [rep.end_s for rep in reps(events)]
    assert all(any(end_s <= move.t_s <= end_s + 0.4 for end_s in ends_s) for move in moves)


@pytest.mark.parametrize("scheme", ["alternating", "single"])
def test_in_turns_each_side_has_a_target_of_its_own_and_its_own_lines(scheme):
    coach, events = train(WEAK_LEFT, 60, programme=in_turns(scheme))
    levels = {side: [rep.sides[side].mean_pct or 0.0 for rep in reps(events) if rep.scheme == side] for side in SIDES}
    for side in SIDES:
        first = next(move for move in targets(events) if move.side == side)
        assert first.pct == round(float(np.percentile(levels[side][:5], START_PERCENTILE)))
        last = [move for move in targets(events) if move.side == side][-1]
        assert coach.guidance.goals.target_pct(side)[side] == last.pct
    by_side = coach.guidance.goals.target_pct("left")
    assert by_side["left"] < by_side["right"]
    assert coach.guidance.goals.band_top_pct("left") == {}


def test_in_turns_a_squeeze_is_judged_by_the_target_of_its_own_side():
    _, events = train(WEAK_LEFT, 60, programme=in_turns("alternating"))
    now = {"left": 30.0, "right": 30.0}
    moves = targets(events)
    for rep in reps(events):
        while moves and moves[0].t_s < rep.start_s:
            move = moves.pop(0)
            now[move.side] = move.pct
        assert rep.target_pct == now
        below = f"below-target:{rep.scheme}" in rep.not_clean
        assert below == ((rep.sides[rep.scheme].peak_pct or 0.0) < now[rep.scheme])


def test_a_squeeze_taken_back_takes_the_target_of_its_side_back():
    programme = in_turns("alternating")
    made = frames(WEAK_LEFT, 12, 1)
    coach = coach_for(made, programme)
    before = dict(coach.guidance.goals.target_pct("left"))
    for tick in range(0, len(made.level), 20):
        if targets(coach.advance(ticks(made, tick, min(tick + 20, len(made.level))), 0.0)):
            break
    assert coach.guidance.goals.target_pct("left") != before
    coach.do(Act(t_s=0.0, what="discard"))
    assert coach.guidance.goals.target_pct("left") == before


def in_turns(scheme: Sides) -> Programme:
    values = {name: getattr(WORK, name) for name in Programme.__struct_fields__}
    return Programme(**values | {"scheme": scheme, "phases": (Phase("work", reps=30),)})


def test_a_locked_target_stays():
    values = {name: getattr(WORK, name) for name in Programme.__struct_fields__}
    _, events = train(WEAK_LEFT, 30, programme=Programme(**values | {"target_locked": True}))
    assert targets(events) == []
    assert {rep.target_pct["left"] for rep in reps(events)} == {30.0}


def test_a_check_moves_nothing_and_offers_nothing():
    check = Programme("c", "C", "", "prone", (Phase("check", reps=30, feedback="none"),), hints=HINTS)
    _, events = train(SLEEPY_LEFT, 12, programme=check)
    assert targets(events) == said(events, "hint") == []


def test_what_is_not_to_be_heard_in_a_silent_rep_is_no_cue():
    _, events = train(SLEEPY_LEFT, 30, programme=WORK)
    silent = [rep for rep in reps(events) if rep.feedback == "none"]
    assert len(silent) == 6
    for rep in silent:
        assert not [cue for cue in cues(events) if rep.start_s <= cue.t_s <= rep.end_s]
    assert len(cues(events)) == 24


def test_good_reps_are_left_alone_every_second_time():
    _, events = train(HEALTHY, 30, programme=WORK)
    assert sum(rep.feedback == "none" for rep in reps(events)) >= 8


@pytest.mark.parametrize("n_ticks", [1, 7, 400])
def test_what_is_told_does_not_depend_on_how_the_ticks_are_cut(n_ticks):
    made = frames(WAKING_LEFT, 20, 1)
    coach = coach_for(made, WAKING)
    coach.guidance.begin_with("softer")
    events: list[Event] = []
    for first in range(0, len(made.level), n_ticks):
        events += coach.advance(ticks(made, first, min(first + n_ticks, len(made.level))), 0.0)
    whole = coach_for(made, WAKING)
    whole.guidance.begin_with("softer")
    assert events == whole.advance(ticks(made, 0, len(made.level)), 0.0)


def test_a_target_that_is_set_in_the_middle_of_a_squeeze_waits_for_its_end():
    made = frames(HEALTHY, 4, 1)
    coach = coach_for(made, WORK)
    events: list[Event] = []
    acted_at = round((made.commands_s[1] + 0.8) / TICK_S)
    events += coach.advance(ticks(made, 0, acted_at), 0.0)
    assert coach.attempt is not None
    events += coach.do(Act(t_s=0.0, what="target", side="left", value=55.0))
    assert coach.aim.target_pct["left"] == 30.0
    events += coach.advance(ticks(made, acted_at, len(made.level)), 0.0)
    assert [rep.target_pct["left"] for rep in reps(events)] == [30.0, 30.0, 55.0, 55.0]


def test_a_rep_that_is_taken_back_takes_its_hint_back():
    made = frames(SLEEPY_LEFT, 5, 1)
    coach = coach_for(made, WAKING)
    coach.advance(ticks(made, 0, len(made.level)), 0.0)
    assert coach.aim.hint == "softer"
    coach.do(Act(t_s=0.0, what="discard"))
    assert coach.aim.hint is None
    assert coach.guidance.wake_up.tried == 4
