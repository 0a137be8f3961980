"""Whole sessions face down: by the muscle alone where one fires, by one key where none does; never without an end."""

from itertools import pairwise

import pytest

from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.pipeline.sources import Sources, open_unpaced
from app.session.events import Act, Cue, Event, Rep, Say, Summary
from app.wiring import wire

KEY = Act(0.0, "start", value=20.0)


def lie_through(person: str, programme: str, *keys: Act, duration_s: float, after_s: float = 0.0) -> list[Event]:
    """A session as in the window, as fast as it goes, until it is over and `after_s` more."""
    plan = SessionPlan(load_programme(programme), skip_rests=False, ready=True)
    events: list[Event] = []
    with open_unpaced(Sources.create([f"sim:{person}&seed=4&speed=max"])) as (sources, blocks):
        run, _ = wire(sources, plan, None, [lambda event, ns: events.append(event)], duration_s=duration_s)
        sources.start()
        run.begin()
        for key in keys:
            run.do(key)
        over_s: float | None = None
        for block in blocks:
            run.push(block)
            if over_s is None and run.engine.coach.course.stage == "finished":
                over_s = run.engine.t_s
            if run.is_over or (over_s is not None and run.engine.t_s >= over_s + after_s):
                break
        run.finish()
    return events


def said(events: list[Event]) -> list[str]:
    return [event.what for event in events if isinstance(event, Say)]


@pytest.fixture(scope="module")
def waking_both() -> list[Event]:
    """One key, the wake-up, three sets with their rests, and some seconds of getting up."""
    person = "waking-both?wake=12&period=2.5&compensators=0"
    return lie_through(person, "prone-ankle-squeeze", KEY, duration_s=700.0, after_s=20.0)


def test_both_sides_that_wake_lead_through_the_whole_session_after_one_key(waking_both):
    assert [(act.what, act.by) for act in waking_both if isinstance(act, Act)] == [("start", "person")]
    assert said(waking_both)[0] == "get-into-position"
    reps = [event for event in waking_both if isinstance(event, Rep) and event.counted and event.phase == "work"]
    assert [sum(rep.set == number for rep in reps) for number in (1, 2, 3)] == [20, 20, 20]
    assert said(waking_both)[-1] == "finished"


def test_who_gets_up_after_the_last_set_is_told_nothing(waking_both):
    (over_s,) = [event.t_s for event in waking_both if isinstance(event, Say) and event.what == "finished"]
    later = [event for event in waking_both if isinstance(event, Rep) and event.start_s > over_s]

    assert later  # the simulated person squeezes on
    assert not [event for event in waking_both if isinstance(event, Cue | Say) and event.t_s > over_s]


@pytest.fixture(scope="module")
def sleepy_both() -> list[Event]:
    """Nobody can give the sign: one key, and twenty seconds to lie down."""
    return lie_through("sleepy-both?period=4&compensators=0", "prone-ankle-squeeze", KEY, duration_s=600.0)


def test_where_neither_side_joins_one_key_counts_down_and_it_ends_kindly(sleepy_both):
    words = said(sleepy_both)

    assert words[0] == "get-into-position"
    assert words[-3:] == ["enough", "set-done", "finished"]
    assert "paused" not in words
    (summary,) = [event for event in sleepy_both if isinstance(event, Summary)]
    assert (summary.woke, summary.reps) == (False, 0)


def test_where_neither_side_joins_the_voice_tries_other_words_and_never_the_same_twice_running(sleepy_both):
    hints = [event.value for event in sleepy_both if isinstance(event, Say) and event.what == "hint"]

    assert len(set(hints)) >= 4
    assert "one-side-then-both" not in hints
    assert all(one != other for one, other in pairwise(hints))


def test_a_check_of_somebody_who_cannot_join_is_enough_after_three_minutes():
    events = lie_through("sleepy-both?compensators=0", "check", KEY, duration_s=400.0)
    (enough_s,) = [event.t_s for event in events if isinstance(event, Say) and event.what == "enough"]

    assert said(events)[-2:] == ["enough", "finished"]
    assert 190.0 <= enough_s <= 230.0
