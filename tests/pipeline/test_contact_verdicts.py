"""What a session says about contacts whose fault is known, and that it says nothing about good ones."""

import pytest

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme

PLAN = SessionPlan(load_programme("free"))


def verdicts(scenario, side="left"):
    found = analyze([f"sim:{scenario}&speed=max&compensators=0"], PLAN)["quality"]
    return {line["verdict"] for line in found if line["site"] == side} - {"ok"}


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("healthy?seed=3&reps=3&hum=10", {"hum"}),
        ("healthy?seed=3&reps=3&hum=10&hum_hz=60", {"hum"}),
        ("healthy?seed=3&reps=2&period=10&ecg=60", {"heartbeat"}),
        ("healthy?seed=3&reps=6&crosstalk=0.4", {"crosstalk"}),
        ("healthy?seed=3&reps=3&motion=300", {"movement"}),
        ("bad-contact-left?seed=3&reps=3", {"no-contact"}),
    ],
)
def test_a_known_fault_gets_its_word_and_no_other(scenario, expected):
    assert verdicts(scenario) == expected


@pytest.mark.parametrize(
    "scenario", ["healthy?seed=11&reps=4", "sleepy-left?seed=12&reps=4", "weak-right?seed=13&reps=4"]
)
def test_good_contacts_get_no_word_whatever_the_muscles_do(scenario):
    assert verdicts(scenario) == set()


def test_hum_that_is_taken_out_changes_no_count():
    clean, humming = (analyze([f"sim:healthy?seed=5&reps=6&speed=max{hum}"], PLAN) for hum in ("", "&hum=20"))
    assert humming["summary"]["reps"] == clean["summary"]["reps"] == 6
    assert len(humming["onsets"]["left"]) == len(clean["onsets"]["left"]) == 6
