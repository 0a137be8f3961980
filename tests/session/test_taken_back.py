"""What somebody took back counts no more, in the history, on paper and in tables."""

from app.session.coach import Coach
from app.session.events import Act, Event, Note
from app.session.reference import scale_of
from app.session.taken_back import taken_back
from tests.session.people import FREE, HEALTHY, attempts, frames, play, reps


def session_with_a_discard() -> tuple[Coach, list[Event]]:
    made = frames(HEALTHY, 4, 1)
    coach = Coach(
        FREE, made.sites, scale_of(made.calibration, made.sites), raw_to_uv=1e6, method="mvc", skip_rests=True
    )
    events: list[Event] = []
    for happened in play(coach, made):
        events += happened
        if len(reps(events)) == 2 and not any(isinstance(event, Act) for event in events):
            events += coach.do(Act(0.0, "discard"))
    return coach, events


def test_a_rep_that_was_taken_back_and_its_attempt_are_not_counted():
    coach, events = session_with_a_discard()
    after = taken_back(events)
    assert [rep.counted for rep in reps(after)] == [True, False, True, True]
    assert [attempt.why for attempt in attempts(after)] == [None, "taken back", None, None]
    assert sum(rep.counted for rep in reps(after)) == coach.summary(recording=None, lost_pct=0.0).reps


def test_every_other_line_stays_as_it_is():
    _, events = session_with_a_discard()
    after = taken_back(events)
    assert len(after) == len(events)
    assert sum(one is not other for one, other in zip(after, events, strict=True)) == 2


def test_without_an_act_nothing_changes():
    lines = (Note(1.0, "softer"),)
    assert taken_back(lines) == lines
