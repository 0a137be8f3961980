"""What a session says about contacts whose fault is known, and that it says nothing about good ones."""

import os

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
        ("healthy?seed=3&reps=3&period=10&ecg=150", {"heartbeat"}),
        ("healthy?seed=3&reps=6&crosstalk=0.05", set()),
        ("healthy?seed=3&reps=6&crosstalk=0.1", set()),
        ("healthy?seed=3&reps=6&crosstalk=0.3", {"crosstalk"}),
        ("sleepy-left?seed=3&reps=6&crosstalk=0.3", {"crosstalk"}),
        ("healthy?seed=3&reps=3&clip=30", {"clipping"}),
        ("healthy?seed=3&reps=3&coarse=15&noise=5", {"too-coarse"}),
        ("healthy?seed=3&reps=3&motion=300", {"movement"}),
        ("bad-contact-left?seed=3&reps=3", {"no-contact"}),
    ],
)
def test_a_known_fault_gets_its_word_and_no_other(scenario, expected):
    assert verdicts(scenario) == expected


@pytest.mark.skipif(os.environ.get("GLUTEWAKE_FULL") != "1", reason="half an hour of signals each: GLUTEWAKE_FULL=1")
@pytest.mark.parametrize("scenario", ["healthy?seed=21&reps=600", "sleepy-left?seed=22&reps=600"])
def test_half_an_hour_of_clean_signals_brings_no_word(scenario):
    assert verdicts(scenario) == verdicts(scenario, "right") == set()


@pytest.mark.parametrize(
    "scenario", ["healthy?seed=11&reps=4", "sleepy-left?seed=12&reps=4", "weak-right?seed=13&reps=4"]
)
def test_good_contacts_get_no_word_whatever_the_muscles_do(scenario):
    assert verdicts(scenario) == set()


def test_hum_that_is_taken_out_changes_no_count():
    clean, humming = (analyze([f"sim:healthy?seed=5&reps=6&speed=max{hum}"], PLAN) for hum in ("", "&hum=20"))
    assert humming["summary"]["reps"] == clean["summary"]["reps"] == 6
    assert len(humming["onsets"]["left"]) == len(clean["onsets"]["left"]) == 6
