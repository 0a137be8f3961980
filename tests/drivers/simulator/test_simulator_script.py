"""A simulated person who follows a calibration, at the times at which the calibration asks."""

import numpy as np
import pytest

from app.session.calibrating.steps import Step, steps_of
from app.session.calibrating.view import Kind
from drivers.errors import SourceUriError
from drivers.simulator import truth
from drivers.simulator.options import Options
from drivers.simulator.plan import Plan
from drivers.simulator.script import SCRIPTS
from drivers.simulator.signal import Electrodes
from drivers.uri import parse_uri
from tests.rigs.follower import SIDES

KINDS: dict[str, Kind] = {"calibrate": "quick", "daily": "daily", "clench-test": "clench-test", "full": "full"}


def asked_of(script):
    """Start and end of the squeezes that the calibration asks for, and its taps."""
    steps: list[Step] = steps_of(KINDS[script], SIDES, ("one", "two"))
    squeezes, taps, at_s = [], [], 0.0
    for step in steps:
        if step.id == "pain":  # answered at once
            continue
        if step.is_squeeze:
            sides = SIDES if step.side == "both" else (step.side,)
            squeezes.append((at_s + step.ready_s, at_s + step.ready_s + step.do_s, sides))
        if step.id.startswith("tap"):
            taps.append((at_s, at_s + step.length_s, step.side))
        at_s += step.length_s
    return squeezes, taps, at_s - 5.0


@pytest.mark.parametrize("script", KINDS)
def test_the_script_squeezes_when_the_calibration_asks(script):
    squeezes, _, end_s = asked_of(script)
    assert [(move.start_s, move.end_s, tuple(move.sides)) for move in SCRIPTS[script].moves] == squeezes
    assert SCRIPTS[script].end_s >= end_s


@pytest.mark.parametrize("script", ["calibrate", "full"])
def test_the_script_taps_the_pad_that_is_named(script):
    _, taps, _ = asked_of(script)
    for at_s, side in SCRIPTS[script].touches:
        assert [named for start_s, end_s, named in taps if start_s < at_s < end_s] == [side]


def test_after_the_script_the_usual_squeezes_go_on():
    squeezes = truth("sim:healthy?script=calibrate&seed=2", 110.0)
    assert squeezes[0].fired == ("left",)
    assert squeezes[1].fired == ("right",)
    assert [squeeze.fired for squeeze in squeezes[2:5]] == [SIDES] * 3
    assert squeezes[5].start_s == pytest.approx(94.0)
    assert squeezes[6].start_s == pytest.approx(97.0)


def test_asked_for_a_sleeping_cheek_a_person_tenses_the_other():
    first = truth("sim:sleepy-left?script=calibrate", 60.0)[0]
    assert first.fired == ("right",)
    assert first.amplitude_pct["left"] < 10.0 < first.amplitude_pct["right"]


def test_the_whole_strength_is_for_maximal_tries():
    tries = truth("sim:healthy?script=full&seed=2", 200.0)[2:4]
    assert tries[0].amplitude_pct["left"] == pytest.approx(100.0, rel=0.6)
    assert tries[0].amplitude_pct["right"] == 0.0


def seconds_of(uri, first, n):
    options = Options.read(parse_uri(uri, ("sim",)))
    electrodes = Electrodes(options, Plan(options), SIDES, 0.0, float(options.sfreq))
    return np.concatenate([electrodes.next_second() for _ in range(first + n)])[first * 1000 :]


def test_exchanged_electrodes_feel_the_tap_of_the_other_side():
    there = np.abs(seconds_of("sim:healthy?script=calibrate", 20, 5)).max(axis=0)
    swapped = np.abs(seconds_of("sim:healthy?script=calibrate&swap=1", 20, 5)).max(axis=0)
    assert there[0] > 3.0 * there[1]
    assert swapped[1] > 3.0 * swapped[0]


def test_clipping_and_steps_are_those_that_were_asked_for():
    clipped = seconds_of("sim:healthy?clip=20", 4, 4)
    assert np.abs(clipped).max() == pytest.approx(20e-6, rel=0.01)
    coarse = seconds_of("sim:healthy?coarse=10", 4, 4)
    assert len(np.unique(coarse)) < 60


def test_a_faint_electrode_brings_less_of_its_side_alone():
    usual, faint = (seconds_of(f"sim:healthy?noise=1{option}", 4, 20).std(axis=0) for option in ("", "&faint=0.1"))
    assert faint[0] < 0.3 * usual[0]
    assert faint[1] == pytest.approx(usual[1])


def test_an_unknown_script_is_refused_with_those_there_are():
    with pytest.raises(SourceUriError, match="calibrate, daily, clench-test, full"):
        truth("sim:healthy?script=quik", 1.0)
