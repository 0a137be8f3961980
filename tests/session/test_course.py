"""Waiting, counting down, pausing and going on: what a person, the muscle or the coach does between squeezes."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.coach import Coach
from app.session.course import Stage
from app.session.events import Act, ActKind, Event, Say
from app.session.programme import Phase, Programme, Tempo
from app.session.reference import scale_of
from app.session.tick import TICK_S, Edge
from tests.session.people import (
    HEALTHY,
    SLEEPY_BOTH,
    SLEEPY_LEFT,
    Frames,
    Person,
    attempts,
    cues,
    frames,
    play,
    reps,
)

SETS = Programme("p", "P", "", "prone", (Phase("work", reps=4, sets=2, rest_s=30.0),), effort_floor_pct=10.0)
Timed = tuple[float, Act]


def coach_of(made: Frames, programme: Programme = SETS, *, ready: bool = False, rests: bool = True) -> Coach:
    scale = scale_of(made.calibration, made.sites)
    return Coach(programme, made.sites, scale, raw_to_uv=1e6, method="mvc", skip_rests=not rests, ready=ready)


def session(
    coach: Coach, made: Frames, *acts: Timed, lost: dict[int, set[int]] | None = None
) -> tuple[list[Event], dict[Stage, float]]:
    """Play a session with acts at their times; events, and the seconds spent in each stage."""
    events: list[Event] = []
    stages: dict[Stage, float] = {}
    waiting = list(acts)
    for happened in play(coach, made, lost=lost):
        events += happened
        stages[coach.course.stage] = stages.get(coach.course.stage, 0.0) + TICK_S
        while waiting and waiting[0][0] <= coach.track.n_ticks * TICK_S:
            events += coach.do(waiting.pop(0)[1])
    return events, stages


def said(events: list[Event]) -> list[tuple[str, object]]:
    return [(event.what, event.value) for event in events if isinstance(event, Say)]


def acts_of(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.what, event.by) for event in events if isinstance(event, Act)]


def act(what: ActKind, value: float | None = None) -> Act:
    return Act(0.0, what, value=value)


def shifted(edge: Edge, later_s: float) -> Edge:
    return replace(edge, t_s=edge.t_s + later_s)


def joined(*parts: Frames, pause_s: float) -> Frames:
    """Stretches of squeezes with rest between them."""
    energy, level, commands = [], [], []
    edges: dict[int, list[Edge]] = {}
    at = 0
    quiet = round(pause_s / TICK_S)
    for part in parts:
        energy += [part.energy, np.tile(part.energy[:100], (quiet // 100, 1))]
        level += [part.level, np.tile(part.level[:100], (quiet // 100, 1))]
        edges |= {at + tick: [shifted(edge, at * TICK_S) for edge in found] for tick, found in part.edges.items()}
        commands += [at * TICK_S + command_s for command_s in part.commands_s]
        at += len(part.level) + quiet // 100 * 100
    fired = tuple(one for part in parts for one in part.fired)
    return replace(
        parts[0],
        energy=np.vstack(energy), level=np.vstack(level), edges=edges, commands_s=np.array(commands), fired=fired,
    )  # fmt: skip


def short_squeezes(made: Frames, *starts_s: float) -> Frames:
    """The same with two short squeezes of the right side alone in it."""
    edges = {tick: list(found) for tick, found in made.edges.items()}
    for start_s in starts_s:
        for rises, at_s in ((True, start_s), (False, start_s + 0.5)):
            edges.setdefault(round((at_s + 0.03) / TICK_S), []).append(Edge(1, rises, at_s))
    return replace(made, edges=edges)


def test_a_session_that_is_ready_counts_nothing_until_it_is_started():
    made = frames(HEALTHY, 4, 1)
    events, stages = session(coach_of(made, ready=True), made)
    assert not attempts(events)
    assert set(stages) == {"ready"}


def test_one_key_counts_twenty_seconds_down_and_then_the_set_begins():
    made = frames(HEALTHY, 14, 1, lead_s=1.0)
    events, stages = session(coach_of(made, ready=True), made, (1.0, act("start")))
    assert said(events)[:8] == [
        ("get-into-position", None), ("countdown", 15), ("countdown", 10), ("countdown", 5), ("countdown", 4),
        ("countdown", 3), ("countdown", 2), ("countdown", 1),
    ]  # fmt: skip
    assert said(events)[8] == ("set", 1)
    assert stages["countdown"] == pytest.approx(20.0, abs=0.01)
    assert min(attempt.start_s for attempt in attempts(events)) > 20.9


def test_two_short_squeezes_of_one_side_start_it_and_are_not_counted():
    made = short_squeezes(frames(HEALTHY, 6, 1, lead_s=9.0), 2.0, 3.2)
    events, stages = session(coach_of(made, ready=True), made)
    assert acts_of(events) == [("start", "muscle")]
    assert said(events)[0] == ("gesture", None)
    assert stages["countdown"] == pytest.approx(3.0, abs=0.01)
    assert len(reps(events)) == 4  # then comes the rest


def test_the_countdown_waits_for_a_side_without_contact_and_says_so():
    made = frames(HEALTHY, 20, 1)
    lost = {tick: {0} for tick in range(round(30.0 / TICK_S))}
    events, _ = session(coach_of(made, ready=True), made, (1.0, act("start")), lost=lost)
    assert said(events).count(("contact", "left")) == 4
    assert min(attempt.start_s for attempt in attempts(events)) > 34.9


def test_the_key_pressed_again_in_a_countdown_waits_again():
    made = frames(HEALTHY, 4, 1)
    events, stages = session(coach_of(made, ready=True), made, (1.0, act("start")), (3.0, act("pause")))
    assert said(events)[-1] == ("ready", None)
    assert stages["ready"] > 5.0


def test_a_rest_is_told_at_its_beginning_and_ten_seconds_before_its_end():
    made = joined(frames(HEALTHY, 4, 1), frames(HEALTHY, 4, 2), pause_s=32.0)
    events, stages = session(coach_of(made), made)
    told = [one for one in said(events) if one[0] in ("rest", "ten-seconds", "set")]
    assert told == [("rest", 30), ("ten-seconds", None), ("set", 2)]
    assert stages["rest"] == pytest.approx(30.0, abs=0.02)


def test_a_rest_is_never_a_pause():
    made = joined(frames(HEALTHY, 4, 1), frames(HEALTHY, 4, 2), pause_s=40.0)
    _, stages = session(coach_of(made), made)
    assert "paused" not in stages


def test_two_squeezes_in_a_rest_end_it_and_are_not_counted():
    made = short_squeezes(joined(frames(HEALTHY, 4, 1), frames(HEALTHY, 4, 2), pause_s=10.0), 11.0, 12.2)
    events, _ = session(coach_of(made), made)
    assert ("end-rest", "muscle") in acts_of(events)
    assert [rep.set for rep in reps(events)] == [1] * 4 + [2] * 4


def test_twenty_seconds_without_effort_inside_a_set_pause_and_it_says_how_to_go_on():
    made = joined(frames(HEALTHY, 2, 1), frames(HEALTHY, 2, 2), pause_s=30.0)
    events, stages = session(coach_of(made), made)
    assert acts_of(events) == [("pause", "coach")]
    assert ("paused", "no-effort") in said(events)
    assert stages["going"] == pytest.approx(made.commands_s[1] + 1.5 + 20.0, abs=0.6)
    assert len(reps(events)) == 2


def test_two_squeezes_in_a_pause_go_on():
    made = short_squeezes(joined(frames(HEALTHY, 2, 1), frames(HEALTHY, 2, 2), pause_s=34.0), 30.0, 31.2)
    events, _ = session(coach_of(made), made)
    assert acts_of(events) == [("pause", "coach"), ("go-on", "muscle")]
    assert len(reps(events)) == 4


@pytest.mark.parametrize("kind", ["check", "free"])
def test_a_check_and_free_practice_never_pause(kind):
    made = joined(frames(HEALTHY, 2, 1), frames(HEALTHY, 2, 2), pause_s=30.0)
    programme = Programme("p", "P", "", "prone", (Phase(kind, reps=10),), effort_floor_pct=10.0)
    events, _ = session(coach_of(made, programme), made)
    assert not acts_of(events)


def test_while_both_sides_sleep_trying_with_the_go_is_enough_and_nothing_pauses():
    made = frames(SLEEPY_BOTH, 30, 1)
    programme = Programme("p", "P", "", "prone", (Phase("wake-up", reps=30, tempo=Tempo()),), effort_floor_pct=10.0)
    events, _ = session(coach_of(made, programme), made)
    assert attempts(events)
    assert not acts_of(events)


def test_without_a_window_nothing_pauses():
    made = joined(frames(HEALTHY, 2, 1), frames(HEALTHY, 2, 2), pause_s=30.0)
    events, _ = session(coach_of(made, rests=False), made)
    assert not acts_of(events)
    assert len(reps(events)) == 4


def test_a_lost_side_pauses_and_the_next_squeeze_after_it_is_back_goes_on_and_counts():
    made = frames(HEALTHY, 8, 1)
    lost = {tick: {0} for tick in range(round(4.9 / TICK_S), round(10.6 / TICK_S))}
    events, _ = session(coach_of(made), made, lost=lost)
    assert acts_of(events) == [("pause", "coach"), ("go-on", "muscle")]
    told = [one for one in said(events) if one[0] in ("side-lost", "paused", "side-back", "going-on")]
    assert told == [("side-lost", "left"), ("paused", "no-signal"), ("side-back", "left"), ("going-on", None)]
    assert [rep.start_s for rep in reps(events) if rep.counted][-1] > 11.0


@pytest.mark.parametrize("n_ticks", [1, 400])
def test_a_lost_side_is_told_in_a_check_too_although_nobody_moves(n_ticks):
    made = joined(frames(HEALTHY, 2, 1), pause_s=20.0)
    programme = Programme("p", "P", "", "prone", (Phase("check", reps=10),), effort_floor_pct=10.0)
    lost_s = made.commands_s[-1] + 4.0
    lost = {tick: {0} for tick in range(round(lost_s / TICK_S), len(made.level))}
    events = [
        event for happened in play(coach_of(made, programme), made, lost=lost, n_ticks=n_ticks) for event in happened
    ]
    (told,) = [event for event in events if isinstance(event, Say) and event.what == "side-lost"]
    assert told.t_s == pytest.approx(lost_s + 3.0, abs=0.02)
    assert not acts_of(events)


def test_a_pause_does_not_shorten_the_rest_it_falls_into():
    made = joined(frames(HEALTHY, 4, 1), frames(HEALTHY, 4, 2), pause_s=40.0)
    _, stages = session(coach_of(made), made, (12.0, act("pause")), (22.0, act("go-on")))
    assert stages["rest"] == pytest.approx(30.0, abs=0.02)
    assert stages["paused"] == pytest.approx(10.0, abs=0.02)


def test_a_rep_that_is_taken_back_leaves_nothing_and_is_done_again():
    made = frames(HEALTHY, 5, 1)
    coach = coach_of(made)
    events, _ = session(coach, made, (made.commands_s[2] - 0.3, act("discard")))
    (discarded,) = [event for event in events if isinstance(event, Act)]
    assert (discarded.what, discarded.value) == ("discard", 2.0)
    assert coach.tally.reps == 4
    assert [rep.set for rep in reps(events)] == [1] * 5
    assert coach.course.stage == "rest"


def test_a_rep_can_be_taken_back_once():
    made = frames(HEALTHY, 3, 1)
    coach = coach_of(made)
    events, _ = session(coach, made, (7.0, act("discard")), (7.0, act("discard")))
    assert acts_of(events) == [("discard", "person")]


def test_taking_the_last_rep_of_a_set_back_in_its_rest_opens_the_set_again():
    made = frames(HEALTHY, 5, 1)
    coach = coach_of(made)
    events, _ = session(coach, made, (made.commands_s[3] + 1.7, act("discard")))
    assert coach.tally.reps == 4
    assert coach.progress.at.set_number == 1
    assert coach.course.stage == "rest"
    assert ("discarded", None) in said(events)


def test_what_was_taken_back_no_longer_speaks_for_a_sleeping_side():
    made = frames(SLEEPY_LEFT, 6, 1)
    kept, taken_back = coach_of(made), coach_of(made)
    session(kept, made)
    session(taken_back, made, *((command_s - 0.2, act("discard")) for command_s in made.commands_s[1:]))
    assert kept.flags.sleeping_side == "left"
    assert taken_back.flags.sleeping_side is None


def test_the_last_set_can_be_repeated_after_its_rest():
    made = joined(frames(HEALTHY, 4, 1), frames(HEALTHY, 4, 2), pause_s=32.0)
    events, _ = session(coach_of(made), made, (12.0, act("repeat-set")))
    assert [rep.set for rep in reps(events)] == [1] * 8


def test_a_set_that_is_repeated_from_its_midst_is_told_by_the_repetition_alone():
    made = joined(frames(HEALTHY, 3, 1), frames(HEALTHY, 4, 2), pause_s=5.0)
    coach = coach_of(made)
    events, _ = session(coach, made, (made.commands_s[2] + 3.0, act("repeat-set")))
    assert ("set-done", 1) in said(events)
    assert coach.guidance.story is not None
    assert coach.guidance.story.n == 4
    assert coach.tally.reps == 7


def test_after_a_set_is_repeated_nothing_leads_back_into_the_one_that_was_given_up():
    made = frames(HEALTHY, 3, 1)
    again_s = made.commands_s[2] + 2.0
    coach = coach_of(made)
    events, _ = session(coach, made, (again_s, act("repeat-set")), (again_s + 0.1, act("discard")))
    assert acts_of(events) == [("repeat-set", "person")]
    assert coach.progress.at.done == 0


def test_stopping_keeps_what_was_done_and_counts_nothing_more():
    made = frames(HEALTHY, 6, 1)
    coach = coach_of(made)
    events, _ = session(coach, made, (made.commands_s[3] - 0.2, act("stop")))
    assert said(events)[-1] == ("stopped", None)
    assert coach.summary(recording=None, lost_pct=0.0).reps == 3
    assert not cues([event for event in events if getattr(event, "t_s", 0.0) > made.commands_s[3]])


@pytest.mark.parametrize("what", ["go-on", "end-rest", "start", "discard", "felt", "repeat-set"])
def test_an_act_that_means_nothing_now_leaves_no_line(what):
    made = frames(HEALTHY, 1, 1)
    assert coach_of(made).do(act(what)) == []


ACTS = st.lists(
    st.tuples(
        st.floats(0.0, 20.0),
        st.sampled_from(["start", "pause", "go-on", "end-rest", "discard", "repeat-set", "stop"]),
    ),
    max_size=8,
)
MADE = frames(Person(asleep=("left",), wakes_after=4), 8, 3)


@settings(max_examples=25)
@given(ACTS, st.booleans())
def test_whatever_is_pressed_when_the_same_acts_give_the_same_lines_and_numbers_stay_true(pressed, ready):
    acts = [(at_s, act(what)) for at_s, what in sorted(pressed)]
    coach = coach_of(MADE, ready=ready)
    events, _ = session(coach, MADE, *acts)
    again, _ = session(coach_of(MADE, ready=ready), MADE, *acts)
    assert [msgspec.json.encode(event) for event in events] == [msgspec.json.encode(event) for event in again]
    summary = coach.summary(recording=None, lost_pct=0.0)
    counted = [rep for rep in reps(events) if rep.counted]
    discarded = sum(what == "discard" for what, _ in acts_of(events))
    assert summary.reps == len(counted) - discarded
    assert [attempt.index for attempt in attempts(events)] == list(range(1, len(attempts(events)) + 1))


LONG = joined(frames(HEALTHY, 6, 1), frames(SLEEPY_LEFT, 5, 2), pause_s=46.0)
ONE_SIDE = Programme(
    "s", "S", "", "side-lying", (Phase("hold", reps=2, sets=2, hold_s=1.2, rest_s=5.0, tempo=Tempo()),),
    scheme="single", effort_floor_pct=10.0,
)  # fmt: skip


@pytest.mark.parametrize("programme", [SETS, ONE_SIDE], ids=["both", "one side"])
@pytest.mark.parametrize("n_ticks", [7, 200, 10**6])
def test_stages_and_counts_do_not_depend_on_how_many_ticks_come_at_once(n_ticks, programme):
    lost = {tick: {1} for tick in range(round(59.0 / TICK_S), round(63.0 / TICK_S))}
    one_by_one, in_pieces = (
        [event for happened in play(coach_of(LONG, programme), LONG, lost=lost, n_ticks=n) for event in happened]
        for n in (1, n_ticks)
    )
    assert acts_of(one_by_one)
    assert in_pieces == one_by_one
