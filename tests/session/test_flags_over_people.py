"""What the coach promises of crowds: who is named, how soon, who is left in peace, and that every squeeze is counted.

60 people a row, 1000 with ``GLUTEWAKE_FULL=1``. Every reference errs as asked, and its three tries show their spread,
as those of a calibration do. A row holds unless what is found lies three standard errors beyond what is asked for,
because that is all that so many people can tell; ``bench people`` prints the figures, `docs/signal.md` has them.
"""

import math
import os
from dataclasses import replace

import pytest

from tests.rigs.crowds import FIRST_SEED, PROMISES, Promise, is_named, session
from tests.session.people import SLEEPY_LEFT, WEAK_LEFT, Person, cues

N_PEOPLE = 1000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 60

pytestmark = pytest.mark.timeout(1800 if N_PEOPLE == 1000 else 300)


def allowance(share: float) -> float:
    """Two standard errors of a share found in `N_PEOPLE` people."""
    return 2.0 * math.sqrt(share * (1.0 - share) / N_PEOPLE)


@pytest.mark.parametrize("promise", PROMISES, ids=[promise.name for promise in PROMISES])
def test_the_coach_keeps_what_it_promises(promise: Promise):
    figure = promise.measure(N_PEOPLE)
    assert not figure.is_refuted, f"{figure.value:.3f} ± {figure.error:.3f}"


def test_by_the_eighth_squeeze_a_side_of_0_4_is_named_in_97_of_100_sets():
    person = Person(ratio={"left": 0.4})
    named = sum(is_named(person, "left", seed) for seed in range(FIRST_SEED, FIRST_SEED + N_PEOPLE))
    assert named / N_PEOPLE >= 0.97 - allowance(0.97)


def test_by_the_sixteenth_squeeze_a_side_of_0_6_is_named_in_90_of_100_sets():
    person = Person(ratio={"left": 0.6}, reference_sd=0.08)
    named = [
        session(person, 16, seed)[0].flags.ever_sleeping_side == "left"
        for seed in range(FIRST_SEED, FIRST_SEED + N_PEOPLE)
    ]
    assert sum(named) / N_PEOPLE >= 0.90 - allowance(0.90)


def test_a_side_that_sleeps_is_cued_live_in_95_of_100_squeezes():
    n_squeezes = 10
    person = replace(SLEEPY_LEFT, reference_sd=0.08)
    cued = 0
    for seed in range(FIRST_SEED, FIRST_SEED + N_PEOPLE):
        found = cues(session(person, n_squeezes, seed)[1])
        of_left = [cue for cue in found if cue.side == "left" and cue.kind in ("not-firing", "late")]
        cued += len({int((cue.t_s - 1.0) // 2.0) for cue in of_left})
    assert cued / (n_squeezes * N_PEOPLE) >= 0.95


def test_a_side_that_stays_at_half_keeps_its_flag_and_is_told_in_85_of_100_squeezes():
    n_before, n_squeezes = 8, 20
    person = replace(WEAK_LEFT, reference_sd=0.08)
    told, flagged = 0, 0
    for seed in range(FIRST_SEED, FIRST_SEED + N_PEOPLE):
        coach, events, _ = session(person, n_squeezes, seed)
        told += sum(cue.kind == "low" and cue.t_s > 1.0 + 2.0 * n_before for cue in cues(events))
        flagged += coach.flags.sides["left"].weak.up
    assert told / (N_PEOPLE * (n_squeezes - n_before)) >= 0.85
    assert flagged / N_PEOPLE >= 0.97 - allowance(0.97)
