"""The coach as a whole: squeezes in, attempts, reps, states and cues out."""

import math
from collections.abc import Iterator

import numpy as np
import pytest

from app.session.coach import Coach
from app.session.events import Act, Event, StateChanged
from app.session.flags import PASSES_TO_CLEAR
from app.session.programme import Phase, Programme
from app.session.reference import scale_of
from app.session.tick import TICK_S
from tests.session.people import (
    BOTH,
    FREE,
    HEALTHY,
    LATE_LEFT,
    PACED,
    PERIOD_S,
    SLEEPY_BOTH,
    SLEEPY_BOTH_WITH_HELPER,
    SLEEPY_LEFT,
    WAKING_BOTH_WITH_HELPER,
    WAKING_LEFT,
    WEAK_LEFT,
    Frames,
    Person,
    attempts,
    coach_for,
    cues,
    frames,
    play,
    reps,
    shipped,
    ticks,
    train,
)

N = 20


def states(events: list[Event], side: str) -> list[str]:
    return [event.state for event in events if isinstance(event, StateChanged) and event.side == side]


@pytest.mark.parametrize(
    ("person", "n_reps"),
    [(HEALTHY, N), (SLEEPY_LEFT, N), (LATE_LEFT, N), (WEAK_LEFT, N), (SLEEPY_BOTH_WITH_HELPER, 0), (WAKING_LEFT, N),
     (WAKING_BOTH_WITH_HELPER, N - 12)],
)  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2])
def test_attempts_and_reps_are_those_that_were_squeezed(person, n_reps, seed):
    _, events = train(person, N, seed)
    assert len(attempts(events)) == N
    assert all(attempt.counted for attempt in attempts(events))
    assert len(reps(events)) == n_reps
    commands_s = frames(person, N, seed).commands_s
    assert [attempt.start_s for attempt in attempts(events)] == pytest.approx(commands_s.tolist(), abs=0.2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_healthy_person_hears_nothing(seed):
    coach, events = train(HEALTHY, N, seed)
    assert not cues(events)
    assert coach.flags.ever_sleeping_side is None
    assert coach.summary(recording=None, lost_pct=0.0).woke


def test_a_sleeping_side_is_cued_in_every_squeeze_and_named():
    coach, events = train(SLEEPY_LEFT, N)
    assert [(cue.side, cue.kind) for cue in cues(events)] == [("left", "not-firing")] * N
    assert coach.flags.sleeping_side == "left"
    assert coach.summary(recording=None, lost_pct=None).fired_pct == {"left": 0.0, "right": 100.0}


def test_two_sleeping_sides_are_cued_together_when_the_helpers_work():
    _, events = train(SLEEPY_BOTH_WITH_HELPER, N)
    assert [(cue.side, cue.kind) for cue in cues(events)] == [("both", "not-firing")] * N
    assert all(attempt.fired == [] for attempt in attempts(events))


def test_two_sleeping_sides_without_a_witness_are_cued_after_the_go():
    coach, events = train(SLEEPY_BOTH, N, programme=PACED)
    assert coach.go_times_s
    assert {(cue.side, cue.kind) for cue in cues(events)} == {("both", "not-firing")}
    assert len(cues(events)) in (len(attempts(events)), len(attempts(events)) + 1)  # the last may still run
    assert not reps(events)
    assert coach.progress.at.done == len(attempts(events))


@pytest.mark.parametrize("person", [WAKING_LEFT, WAKING_BOTH_WITH_HELPER])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_waking_side_is_cued_while_it_sleeps_and_not_after_its_second_squeeze_awake(person, seed):
    coach, events = train(person, 30, seed)
    commands_s = frames(person, 30, seed).commands_s
    asleep_until_s = commands_s[person.wakes_after] - 0.5
    silent_from_s = commands_s[person.wakes_after + PASSES_TO_CLEAR] - 0.5
    while_asleep = [cue for cue in cues(events) if cue.t_s < asleep_until_s]
    assert len(while_asleep) == person.wakes_after
    assert not [cue for cue in cues(events) if cue.t_s > silent_from_s]
    assert coach.guidance.wake_up.woke_at is not None
    assert abs(coach.guidance.wake_up.woke_at - person.wakes_after - 1) <= 6  # helpers must ease as well


def test_a_late_side_is_cued_once_it_is_known_to_be_late():
    coach, events = train(LATE_LEFT, N)
    assert {(cue.side, cue.kind) for cue in cues(events)} == {("left", "late")}
    assert cues(events)[0].t_s > 1.0 + 4 * PERIOD_S
    assert coach.flags.sides["left"].late.up


def test_a_weak_side_is_cued_low_once_it_is_known_to_be_weak():
    coach, events = train(WEAK_LEFT, N)
    assert {(cue.side, cue.kind) for cue in cues(events)} == {("left", "low")}
    assert cues(events)[0].t_s > 1.0 + 4 * PERIOD_S
    assert coach.flags.sides["left"].weak.up


def test_with_a_reference_made_from_the_session_nobody_is_called_low():
    made = frames(WEAK_LEFT, N, 1)
    scale = scale_of(made.calibration, made.sites)
    stand_in = type(scale)(scale.rest, scale.reference, scale.reference_spread, verdicts=False)
    coach = Coach(FREE, made.sites, stand_in, raw_to_uv=1e6, method="session", skip_rests=True)
    events = [event for happened in play(coach, made) for event in happened]
    assert not cues(events)
    assert not any("weak" in word for rep in reps(events) for word in rep.not_clean)
    assert coach.summary(recording=None, lost_pct=0.0).lsi_pct is None
    assert {rep.ref for rep in reps(events)} == {"session"}


def test_where_no_feedback_is_wanted_nothing_is_cued():
    _, events = train(SLEEPY_LEFT, 8, programme=shipped("check"))
    assert attempts(events)
    assert not cues(events)


def test_lag_is_left_minus_right():
    _, events = train(LATE_LEFT, N)
    lags = [rep.lag_ms for rep in reps(events) if rep.lag_ms is not None]
    assert np.median(lags) == pytest.approx(250.0, abs=40.0)


def test_the_words_on_the_pillar_go_from_quiet_through_not_yet_to_asleep_and_back():
    _, events = train(SLEEPY_LEFT, 2)
    assert states(events, "left") == ["quiet", "late", "asleep", "quiet", "late", "asleep", "quiet"]
    assert states(events, "right") == ["quiet", "firing", "quiet", "firing", "quiet"]


def test_a_late_side_that_joins_says_late_a_second_time():
    _, events = train(LATE_LEFT, 1)
    assert states(events, "left") == ["quiet", "late", "late", "quiet"]


def test_times_of_lines_never_run_backwards():
    _, events = train(WAKING_BOTH_WITH_HELPER, N)
    times = [event.t_s for event in events if hasattr(event, "t_s")]
    assert times == sorted(times)


ONE_SIDED = Person(sites=("right",))


def test_one_electrode_gives_attempts_and_reps_without_lag_or_symmetry():
    coach, events = train(ONE_SIDED, 8)
    assert len(reps(events)) == 8
    assert {(rep.scheme, rep.lag_status, rep.lag_ms, rep.lsi_pct) for rep in reps(events)} == {
        ("right", "single", None, None)
    }
    assert set(reps(events)[0].sides) == {"right"}
    assert not cues(events)
    assert states(events, "left") == []
    assert coach.live.state("left") == "no-signal"
    assert coach.summary(recording=None, lost_pct=0.0).fired_pct == {"left": None, "right": 100.0}


def test_a_single_side_that_does_not_follow_the_go_is_cued():
    _, events = train(Person(sites=("left",), asleep=("left",)), 10, programme=PACED)
    assert attempts(events)
    assert {(cue.side, cue.kind) for cue in cues(events)} == {("left", "not-firing")}
    assert "asleep" in states(events, "left")


def test_a_single_sided_exercise_judges_its_side_alone():
    right = Programme("r", "R", "", "side", (Phase("free"),), scheme="right", effort_floor_pct=10.0)
    coach, events = train(SLEEPY_LEFT, 8, programme=right)
    assert len(reps(events)) == 8
    assert not cues(events)
    assert not coach.compared


def lose(made: Frames, site: int, from_s: float, to_s: float) -> dict[int, set[int]]:
    return {tick: {site} for tick in range(round(from_s / TICK_S), round(to_s / TICK_S))}


def test_a_lost_side_is_no_signal_and_never_asleep_and_never_cued():
    made = frames(SLEEPY_LEFT, 6, 1)
    coach = coach_for(made)
    events = [event for happened in play(coach, made, lost=lose(made, 0, 0.0, 99.0)) for event in happened]
    assert not cues(events)
    assert set(states(events, "left")) <= {"no-signal"}
    assert coach.flags.sleeping_side is None


def test_a_squeeze_in_which_the_signal_was_lost_is_shown_and_not_counted_and_says_why():
    made = frames(HEALTHY, 4, 1)
    coach = coach_for(made)
    during = lose(made, 0, made.commands_s[1] + 0.5, made.commands_s[1] + 0.6)
    events = [event for happened in play(coach, made, lost=during) for event in happened]
    assert [attempt.counted for attempt in attempts(events)] == [True, False, True, True]
    assert attempts(events)[1].why == "signal lost"
    rep = reps(events)[1]
    assert not rep.counted
    assert rep.not_clean == ["no-signal:left"]
    assert (rep.sides["left"].state, rep.sides["left"].mean_pct, rep.lsi_pct) == ("no-signal", None, None)
    assert rep.lag_status == "single"
    assert coach.summary(recording=None, lost_pct=0.0).reps == 3


def test_a_squeeze_of_which_nothing_but_a_lost_side_was_seen_is_shown_and_not_counted():
    made = frames(SLEEPY_LEFT, 3, 1)
    coach = coach_for(made)
    during = lose(made, 1, made.commands_s[1] + 0.6, made.commands_s[2] - 0.5)
    events = [event for happened in play(coach, made, lost=during) for event in happened]
    assert [(attempt.fired, attempt.why) for attempt in attempts(events)] == [
        (["right"], None), ([], "signal lost"), (["right"], None),
    ]  # fmt: skip
    assert len(reps(events)) == 2


def test_a_side_that_does_not_fire_at_all_is_asleep_and_not_also_weak():
    coach, _ = train(SLEEPY_LEFT, N)
    assert coach.flags.sides["left"].asleep.up
    assert not coach.flags.sides["left"].weak.up


def test_a_side_whose_signal_comes_back_in_mid_squeeze_is_not_hurried():
    made = frames(SLEEPY_LEFT, 4, 1)
    coach = coach_for(made)
    during = lose(made, 0, made.commands_s[1] - 0.3, made.commands_s[1] + 0.6)
    events = [event for happened in play(coach, made, lost=during) for event in happened]
    start_s, end_s = made.commands_s[1] - 0.3, made.commands_s[1] + PERIOD_S - 0.3
    assert not [cue for cue in cues(events) if start_s < cue.t_s < end_s]
    assert len(cues(events)) == 3


def pause_between(coach: Coach, made: Frames, pause_s: float, go_on_s: float = math.inf) -> Iterator[list[Event]]:
    """Play a session in which a person pauses and goes on."""
    acts = [(pause_s, Act(0.0, "pause")), (go_on_s, Act(0.0, "go-on"))]
    for happened in play(coach, made):
        yield happened
        if acts and acts[0][0] <= coach.track.n_ticks * TICK_S:
            coach.do(acts.pop(0)[1])


def test_a_pause_drops_what_runs_and_clears_the_cue():
    made = frames(SLEEPY_LEFT, 3, 1)
    coach = coach_for(made)
    pause_s = made.commands_s[1] + 0.9
    events: list[Event] = []
    cue_during_pause = []
    for happened in pause_between(coach, made, pause_s, pause_s + 1.0):
        events += happened
        if coach.course.stage == "paused":
            cue_during_pause.append(coach.live.cue)
    assert len(attempts(events)) == 2
    assert cue_during_pause[0] is not None
    assert states(events, "left").count("asleep") == 3
    assert coach.attempt is None


def test_a_cue_does_not_outlive_a_long_pause():
    made = frames(SLEEPY_LEFT, 2, 1, tail_s=3.0)
    coach = coach_for(made)
    for _ in pause_between(coach, made, made.commands_s[1] + 0.9):
        pass
    assert coach.live.cue is None


def test_squeezes_in_a_pause_are_neither_counted_nor_cued():
    made = frames(SLEEPY_LEFT, 4, 1)
    coach = coach_for(made)
    coach.do(Act(0.0, "pause"))
    events = [event for happened in play(coach, made) for event in happened]
    assert not attempts(events)
    assert not cues(events)


def test_squeezes_in_a_planned_rest_are_not_counted():
    made = frames(HEALTHY, 6, 1)
    sets = Programme("w", "W", "", "prone", (Phase("work", reps=2, sets=2, rest_s=3.0),), effort_floor_pct=10.0)
    coach = Coach(
        sets, made.sites, scale_of(made.calibration, made.sites), raw_to_uv=1e6, method="mvc", skip_rests=False
    )
    events = [event for happened in play(coach, made) for event in happened]
    assert [rep.set for rep in reps(events)][:2] == [1, 1]
    assert len(reps(events)) < 6
    assert all(rep.start_s > reps(events)[1].end_s + 3.0 for rep in reps(events)[2:])


def test_the_end_cuts_the_running_attempt_which_is_no_rep():
    made = frames(HEALTHY, 2, 1, tail_s=-1.2)
    coach = coach_for(made)
    events = [event for happened in play(coach, made) for event in happened]
    last = coach.finish(coach.track.n_ticks * TICK_S)
    assert len(reps(events)) == 1
    (cut,) = attempts(last)
    assert (cut.index, cut.counted, cut.fired, cut.why) == (2, False, [], "cut by the end")
    assert coach.attempt is None
    assert coach.summary(recording=None, lost_pct=0.0).reps == 1


def test_the_end_while_nothing_runs_says_nothing():
    coach, _ = train(HEALTHY, 2)
    assert coach.finish(99.0) == []


def test_the_order_of_who_came_first_is_kept_for_the_strip():
    coach, _ = train(LATE_LEFT, 1)
    assert coach.order == ("right", "left")


def test_joining_together_is_seen_within_the_squeeze():
    made = frames(HEALTHY, 1, 1)
    coach = coach_for(made)
    assert any(coach.together for _ in play(coach, made))
    late = frames(LATE_LEFT, 1, 1)
    coach = coach_for(late)
    assert not any(coach.together for _ in play(coach, late))


def test_a_squeeze_below_the_effort_floor_is_shown_as_too_weak_and_is_no_rep():
    _, events = train(Person(ratio=dict.fromkeys(BOTH, 0.35)), 4, programme=Programme(
        "h", "H", "", "any", (Phase("free"),), effort_floor_pct=40.0))  # fmt: skip
    assert {attempt.why for attempt in attempts(events)} == {"too weak"}
    assert not reps(events)


def test_the_programme_moves_on_by_muscle_and_says_where():
    squeeze = shipped("prone-ankle-squeeze")
    coach, events = train(HEALTHY, 8, programme=squeeze)
    assert coach.progress.phase.kind == "work"
    assert [event.text for event in events if hasattr(event, "text")] == ["Set 1 of 3."]
    assert [rep.phase for rep in reps(events)] == ["wake-up"] * 4 + ["work"] * 4


def test_without_aligned_clocks_there_is_no_lag_and_no_late_side():
    made = frames(LATE_LEFT, 8, 1)
    coach = coach_for(made)
    coach.advance(ticks(made, 0, len(made.level)), None)
    assert coach.last_rep is not None
    assert (coach.last_rep.lag_ms, coach.last_rep.lag_status) == (None, "not-synced")
    assert not coach.flags.sides["left"].late.up


def test_the_same_ticks_give_the_same_lines():
    assert train(WAKING_BOTH_WITH_HELPER, 12)[1] == train(WAKING_BOTH_WITH_HELPER, 12)[1]


@pytest.mark.parametrize("n_ticks", [7, 200, 10**6])
def test_the_lines_do_not_depend_on_how_many_ticks_come_at_once(n_ticks):
    made = frames(WAKING_BOTH_WITH_HELPER, 16, 3)
    lost = lose(made, 0, 7.0, 7.7)
    one_by_one, in_pieces = (
        [event for happened in play(coach_for(made, PACED), made, lost=lost, n_ticks=n) for event in happened]
        for n in (1, n_ticks)
    )
    assert in_pieces == one_by_one


def test_a_pause_and_its_end_are_written_down_once_each():
    coach, _ = train(HEALTHY, 1)
    acts = [Act(0.0, "pause"), Act(0.0, "pause"), Act(0.0, "go-on"), Act(0.0, "go-on")]
    said = [[event.what for event in coach.do(act) if isinstance(event, Act)] for act in acts]
    assert said == [["pause"], [], ["go-on"], []]
