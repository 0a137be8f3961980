"""A whole prone session by the muscle alone: wake-up, 3 x 20, rests and end, with simulated people at full speed."""

import pytest

from tests.system.command import Outcome, live

LONG_ENOUGH_S = 480
"""Wake-up of 25 to 60 squeezes, three sets of 20 a squeeze every three seconds, and the rests between."""
others = pytest.mark.full


def session(person: str) -> Outcome:
    return live(
        f"sim:{person}&speed=max", "--programme", "prone-ankle-squeeze", "--rests", "--duration", str(LONG_ENOUGH_S)
    )


def said(outcome: Outcome, *what: str) -> list[tuple[str, object]]:
    return [(line["what"], line["value"]) for line in outcome.of("say") if line["what"] in what]


STEPS = ("woke", "enough", "felt", "set-done", "rest", "set", "finished")
THREE_SETS = [
    ("set-done", None), ("rest", 30), ("set", 1), ("set-done", 1), ("rest", 60), ("set", 2), ("set-done", 2),
    ("rest", 60), ("set", 3), ("set-done", 3), ("finished", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("person", "woke"),
    [
        ("waking-left?seed=1", "left"),
        pytest.param("waking-right?seed=2", "right", marks=others),
        pytest.param("waking-both?seed=3", "both", marks=others),
    ],
)
def test_who_wakes_goes_through_wake_up_and_three_sets_to_the_end(person: str, woke: str):
    outcome = session(person)

    assert said(outcome, *STEPS) == [("woke", woke), *THREE_SETS]
    reps = [rep for rep in outcome.reps if rep["phase"] == "work"]
    assert [sum(rep["set"] == number for rep in reps) for number in (1, 2, 3)] == [20, 20, 20]
    assert outcome.summary["woke"]


@pytest.mark.parametrize(
    "person",
    [pytest.param("sleepy-left?seed=1", marks=others), pytest.param("sleepy-both?seed=2", marks=others)],
)
def test_who_does_not_wake_hears_that_it_is_enough_and_nothing_more_is_asked(person: str):
    outcome = session(person)

    assert said(outcome, *STEPS) == [("enough", None), ("set-done", None), ("finished", None)]
    assert (outcome.summary["woke"], outcome.summary["wake_up_tried"]) == (False, 60)
    ended_s = next(line["t_s"] for line in outcome.of("say") if line["what"] == "enough")
    assert all(line["t_s"] <= ended_s for line in outcome.of("say"))


def test_who_has_no_helper_electrodes_is_asked_in_the_rest_where_it_is_felt():
    outcome = session("healthy?seed=1&compensators=0")

    assert ("felt", None) in said(outcome, *STEPS)
    assert [line["value"] for line in outcome.of("rating")] == [1.0]  # who goes on squeezing in the rest answers: glute
