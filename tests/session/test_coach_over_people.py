"""How often the coach is right, over many people: nobody healthy is nagged, a sleeping side is soon named.

The figures are those of issue 2 and dsp.md 3.7; ``GLUTEWAKE_FULL=1`` takes 1000 people instead of 200.
"""

import os

import pytest

from app.session.events import CueKind, SideOrBoth
from tests.session.people import HEALTHY, LATE_LEFT, SLEEPY_LEFT, WEAK_LEFT, Person, coach_for, cues, frames, ticks

N_PEOPLE = 1000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200
NAGGED, NAMED = 0.03, 0.97


def sets(person: Person, n_squeezes: int) -> list[tuple[set[CueKind], SideOrBoth | None]]:
    """The kinds of cues in one set each, and the side that was named by its end."""
    results = []
    for seed in range(N_PEOPLE):
        made = frames(person, n_squeezes, 10_000 + seed)
        coach = coach_for(made)
        events = coach.advance(ticks(made, 0, len(made.level)), 0.0)
        results.append(({cue.kind for cue in cues(events)}, coach.flags.ever_sleeping_side))
    return results


@pytest.mark.timeout(300)
def test_of_healthy_sets_of_30_at_most_3_in_100_have_a_late_or_low_cue():
    heard = [kinds & {"late", "low"} for kinds, _ in sets(HEALTHY, 30)]
    assert sum(map(bool, heard)) <= NAGGED * N_PEOPLE


@pytest.mark.timeout(300)
@pytest.mark.parametrize("person", [SLEEPY_LEFT, LATE_LEFT, WEAK_LEFT], ids=["asleep 0.1", "late 250 ms", "ratio 0.5"])
def test_by_the_eighth_squeeze_the_side_is_named(person):
    named = [side == "left" for _, side in sets(person, 8)]
    assert sum(named) >= NAMED * N_PEOPLE
