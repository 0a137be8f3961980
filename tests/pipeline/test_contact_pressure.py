"""A pad that somebody sits on: amber, where the position allows it, and never on clean signals."""

import msgspec
import pytest

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme


def verdicts(position, options, side="left"):
    programme = msgspec.structs.replace(load_programme("free"), position=position)
    uri = f"sim:healthy?seed=3&period=8&speed=max&compensators=0&{options}"
    found = analyze([uri], SessionPlan(programme))["quality"]
    return {line["verdict"] for line in found if line["site"] == side} - {"ok"}


@pytest.mark.parametrize("times", [3, 6])
@pytest.mark.parametrize("position", ["sitting", "supine"])
def test_a_side_that_is_does_not_come_to_rest_may_be_sat_on(position, times):
    assert verdicts(position, f"reps=4&pressure={times}") == {"pressure"}
    assert verdicts(position, f"reps=4&pressure={times}", "right") == set()


@pytest.mark.parametrize("position", ["prone", "standing", "side-lying"])
def test_nobody_sits_on_a_pad_where_the_position_takes_the_weight_off_it(position):
    assert verdicts(position, "reps=4&pressure=3") == set()


def test_clean_rest_while_sitting_has_no_word():
    assert verdicts("sitting", "reps=8") == set()


@pytest.mark.parametrize(("fault", "word"), [("hum=10", "hum"), ("ecg=60", "heartbeat")])
def test_what_else_is_loud_at_rest_keeps_its_own_word(fault, word):
    assert verdicts("sitting", f"reps=3&{fault}") == {word}


def test_without_a_reference_to_compare_with_nothing_is_said():
    assert verdicts("sitting", "reps=4&pressure=3&calibration=none") == set()
