"""Which squeezes are reps: of the side that is asked for, whole, and one at a time."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from app.session.events import Side
from app.session.programme import Phase, Programme
from app.session.tick import TICK_S, Edge
from tests.session.people import (
    HEALTHY,
    LATE_LEFT,
    SLEEPY_BOTH_WITH_HELPER,
    SLEEPY_LEFT,
    Frames,
    attempts,
    coach_for,
    cues,
    frames,
    reps,
    ticks,
    train,
)

WORK = Programme("w", "W", "", "any", (Phase("work", reps=10),), effort_floor_pct=10.0)
WORK_WITH_HELPER = msgspec.structs.replace(WORK, compensators=("hamstring",))


def alone(first: Side) -> Programme:
    return Programme(
        "s", "S", "", "side-lying", (Phase("work", reps=3),), scheme="single", first=first, effort_floor_pct=10.0
    )


def test_a_single_side_is_judged_against_its_own_goal_and_has_no_lag():
    coach, events = train(LATE_LEFT, 6, programme=alone("left"))
    assert [rep.scheme for rep in reps(events)] == ["left"] * 3 + ["right"] * 3
    assert {rep.lag_status for rep in reps(events)} == {"single"}
    assert {rep.lag_ms for rep in reps(events)} == {None}
    assert not cues(events)
    assert coach.summary(recording=None, lost_pct=0.0).fired_pct == {"left": 100.0, "right": 100.0}


def test_the_wrong_side_alone_is_no_rep():
    _, events = train(SLEEPY_LEFT, 6, programme=alone("left"))
    assert not reps(events)


def squeezed_for(seconds: float, gap_s: float = 1.0, n: int = 1) -> Frames:
    """Plain squeezes of both sides, so long and so far apart."""
    made = frames(HEALTHY, 2 * n, 1)
    starts = [round((1.0 + number * (seconds + gap_s)) / TICK_S) for number in range(n)]
    n_on = round(seconds / TICK_S)
    level = np.full(made.level.shape, 5e-6)
    edges: dict[int, list[Edge]] = {}
    for start in starts:
        level[start : start + n_on] = 40e-6
        edges[start + 10] = [Edge(site, True, start * TICK_S) for site in (0, 1)]
        edges.setdefault(start + n_on + 20, []).extend(Edge(site, False, (start + n_on) * TICK_S) for site in (0, 1))
    return replace(made, energy=level**2, level=level, edges=edges)


@pytest.mark.parametrize(
    ("made", "whys"),
    [
        (squeezed_for(1.0, n=2), [None, None]),
        (squeezed_for(0.25), ["too short"]),
        (squeezed_for(0.5, gap_s=0.2, n=2), [None, "double pulse"]),
    ],
    ids=["whole", "half", "double"],
)
def test_half_reps_and_double_pulses_do_not_count(made, whys):
    coach = coach_for(made, WORK)
    events = coach.advance(ticks(made, 0, len(made.level)), 0.0)
    assert [attempt.why for attempt in attempts(events)] == whys
    assert coach.progress.at.done == whys.count(None)


def test_a_hold_that_is_let_go_at_half_time_does_not_count():
    holds = Programme("h", "H", "", "any", (Phase("hold", reps=3, hold_s=2.0),), effort_floor_pct=10.0)
    for seconds, why in ((1.0, "too short"), (1.8, None)):
        made = squeezed_for(seconds)
        events = coach_for(made, holds).advance(ticks(made, 0, len(made.level)), 0.0)
        assert [attempt.why for attempt in attempts(events)] == [why]


def test_helpers_that_twitch_while_somebody_talks_or_moves_make_no_attempt():
    made = frames(SLEEPY_BOTH_WITH_HELPER, 4, 1)
    brief = replace(
        made,
        energy=np.where(np.arange(3) == 2, 0.05, 1.0) * made.energy,
        level=np.where(np.arange(3) == 2, 0.2, 1.0) * made.level,
    )
    events = coach_for(brief, WORK_WITH_HELPER).advance(ticks(brief, 0, len(brief.level)), 0.0)
    assert not attempts(events)
    events = coach_for(made, WORK_WITH_HELPER).advance(ticks(made, 0, len(made.level)), 0.0)
    assert len(attempts(events)) == 4
