"""Programmes as files: those that ship load, wrong ones are refused with place and reason."""

import pytest

from app.session.programme import Programme, ProgrammeError, parse_programme
from tests.session.people import PROGRAMMES, shipped

GOOD = """
id = "mine"
title = "Mine"
purpose = "To try."
position = "prone"
compensators = ["hamstring"]

[[phases]]
kind = "work"
reps = 10
sets = 2
rest_s = 30
tempo = { squeeze_s = 2.0, rest_s = 2.0 }
"""


@pytest.mark.parametrize("name", sorted(path.stem for path in PROGRAMMES.glob("*.toml")))
def test_every_programme_that_ships_loads_under_its_own_name(name):
    programme = shipped(name)
    assert programme.id == name
    assert all(line.strip() for line in (programme.title, programme.purpose, programme.safety, *programme.setup))


def test_the_check_shows_nothing_and_is_never_paced():
    (phase,) = shipped("check").phases
    assert (phase.kind, phase.reps, phase.feedback, phase.tempo) == ("check", 10, "none", None)


def test_the_squeeze_wakes_up_first_and_then_works_three_times_twenty():
    wake_up, work = shipped("prone-ankle-squeeze").phases
    assert (wake_up.kind, wake_up.reps) == ("wake-up", 30)
    assert (work.kind, work.sets, work.reps) == ("work", 3, 20)


@pytest.mark.parametrize("name", ["free", "check", "prone-ankle-squeeze"])
def test_squeezes_are_counted_from_ten_percent_on(name):
    assert shipped(name).effort_floor_pct == 10.0


def test_a_programme_of_ones_own_is_read_as_written():
    programme = parse_programme(GOOD, "mine.toml")
    assert isinstance(programme, Programme)
    assert programme.phases[0].rest_s == 30.0
    assert programme.effort_floor_pct == 20.0


@pytest.mark.parametrize(
    ("wrong", "right", "place"),
    [
        ("reps = 10", "reps = 0", "$.phases[0].reps"),
        ("reps = 10", 'reps = "ten"', "$.phases[0].reps"),
        ("sets = 2", "sats = 2", "sats"),
        ("sets = 2", "sats = 2", "in line 11"),
        ("reps = 10", "reps = 0", "in line 10"),
        ("squeeze_s = 2.0", "squeeze_s = 0.0", "in line 13"),
        ('kind = "work"', 'kind = "hold"', "hold_s"),
        ('kind = "work"\nreps = 10\nsets = 2\nrest_s = 30', 'kind = "rest"', "rest_s"),
        ('title = "Mine"', 'title = " "', "in line 3"),
        ('id = "mine"', 'id = "Mine!"', "in line 2"),
        ("rest_s = 30", "rest_s = -1", "$.phases[0].rest_s"),
        ("rest_s = 30", "rest_s = inf", "$.phases[0].rest_s"),
        ("rest_s = 30", "rest_s = nan", "$.phases[0].rest_s"),
        ('kind = "work"', 'kind = "play"', "$.phases[0].kind"),
        ("squeeze_s = 2.0", "squeeze_s = 0.0", "$.phases[0].tempo.squeeze_s"),
        ('["hamstring"]', '["hamstrings"]', "$.compensators[0]"),
        ('title = "Mine"', "", "title"),
        ("[[phases]]", "[[[phases]]", "line"),
    ],
)
def test_a_wrong_programme_is_refused_with_its_file_the_place_and_the_reason(wrong, right, place):
    with pytest.raises(ProgrammeError) as refusal:
        parse_programme(GOOD.replace(wrong, right, 1), "mine.toml")
    sentence = str(refusal.value)
    assert sentence.startswith("The programme mine.toml")
    assert place in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_programme_without_phases_is_refused():
    with pytest.raises(ProgrammeError, match="at least one"):
        parse_programme(GOOD.partition("[[phases]]")[0] + "phases = []", "mine.toml")
