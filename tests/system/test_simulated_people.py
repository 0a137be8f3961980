"""Four minutes with each of five simulated people: cued while and where they sleep, counted as the truth says."""

from functools import cache

import pytest

from drivers.simulator import Squeeze, truth
from tests.system.command import Outcome, live

DURATION_S = 240
SLEEPING = {"sleepy-left": "left", "waking-left": "left", "waking-both": "both", "sleepy-both": "both"}
EVERYBODY = [*SLEEPING, "healthy"]


@cache
def session(person: str) -> Outcome:
    return live(f"sim:{person}?seed=1&speed=max", "--programme", "prone-ankle-squeeze", "--duration", str(DURATION_S))


def squeezes(person: str) -> list[Squeeze]:
    return truth(f"sim:{person}?seed=1", DURATION_S)


@pytest.mark.parametrize("person", EVERYBODY)
def test_attempts_and_reps_are_those_of_the_truth(person: str):
    true = squeezes(person)
    attempts = [attempt for attempt in session(person).of("attempt") if attempt["counted"]]

    assert [tuple(attempt["fired"]) for attempt in attempts] == [squeeze.fired for squeeze in true]
    assert len(session(person).reps) == sum(1 for squeeze in true if squeeze.fired)
    for attempt, squeeze in zip(attempts, true, strict=True):
        assert attempt["start_s"] == pytest.approx(squeeze.start_s, abs=0.3)


@pytest.mark.parametrize("person", SLEEPING)
def test_every_squeeze_that_a_side_sleeps_through_is_cued_on_that_side_alone(person: str):
    cues = session(person).of("cue")
    slept = [squeeze for squeeze in squeezes(person) if squeeze.asleep]

    assert {(cue["side"], cue["kind"]) for cue in cues} == {(SLEEPING[person], "not-firing")}
    for squeeze in slept:
        assert any(squeeze.start_s < cue["t_s"] < squeeze.end_s + squeeze.ramp_s for cue in cues)


@pytest.mark.parametrize("person", EVERYBODY)
def test_nobody_is_cued_after_the_second_rep_from_waking(person: str):
    awake = [squeeze for squeeze in squeezes(person) if not squeeze.asleep]
    quiet_from_s = awake[2].start_s if awake else float("inf")

    assert [cue for cue in session(person).of("cue") if cue["t_s"] > quiet_from_s] == []


def test_a_healthy_person_is_never_cued():
    assert session("healthy").of("cue") == []


@pytest.mark.parametrize(("person", "woke_at"), [("waking-left", 25), ("waking-both", 25), ("sleepy-both", None)])
def test_the_summary_says_who_slept_and_when_they_woke(person: str, woke_at: int | None):
    summary = session(person).summary

    assert summary["sleeping_side"] == SLEEPING[person]
    assert summary["wake_up_squeezes"] == woke_at
    assert summary["woke"] == (woke_at is not None)


def test_onsets_are_the_true_ones_although_effort_rises_slowly():
    true = {squeeze.index: squeeze for squeeze in squeezes("healthy")}
    errors_ms = []
    for index, rep in enumerate(session("healthy").reps, start=1):
        for side, measured in rep["sides"].items():
            onset_s = true[index].onset_s[side]
            assert onset_s is not None
            errors_ms.append(1000.0 * (measured["onset_s"] - onset_s))
    errors_ms.sort()

    # Ramps take 80 to 300 ms to full effort; the detector sees their start 45 ms late.
    assert abs(errors_ms[len(errors_ms) // 2]) < 5.0
    assert sum(map(abs, errors_ms)) / len(errors_ms) < 15.0
