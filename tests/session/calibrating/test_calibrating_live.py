"""What a calibration shows while a step runs: taps one by one, the scale, and what a squeeze was."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.calibrating.findings import Findings
from app.session.calibrating.live import full_scale
from app.session.calibrating.machine import Calibrator
from app.session.calibrating.measures import Outcome
from app.session.calibrating.record import About
from app.session.calibrating.steps import rest
from app.session.events import Note
from tests.rigs.follower import SIDES, Follower, follow, press_space

THREE = (4.0, 3.0, 2.0)


def views(body, answer=press_space):
    return [view for _, view in follow(Calibrator("quick", SIDES, About("test")), body, answer)]


@pytest.mark.parametrize("step", ["tap-left", "tap-right"])
def test_taps_are_counted_one_by_one_while_the_step_runs(step):
    counts = [view.taps for view in views(Follower(taps_at_s=THREE)) if view.step == step]
    assert list(dict.fromkeys(counts)) == [0, 1, 2, 3]
    assert counts == sorted(counts)


def test_the_pad_that_moved_is_told_apart_from_the_one_that_was_asked_for():
    asked = {view.step: view.touched for view in views(Follower(taps_at_s=THREE)) if view.touched}
    assert asked == {"tap-left": "left", "tap-right": "right"}


def test_taps_on_the_other_pad_count_for_nothing():
    tapped = [view for view in views(Follower(taps_at_s=THREE, swapped=True)) if view.step == "tap-left"]
    assert max(view.taps for view in tapped) == 0
    assert tapped[-1].touched == "right"


def test_one_key_swaps_the_sides_during_a_tap_and_the_taps_count():
    machine, body = Calibrator("quick", SIDES, About("test")), Follower(taps_at_s=THREE, swapped=True)
    for _, view in follow(machine, body, press_space):
        if view.step == "tap-left" and view.touched == "right":
            assert [note.text for note in machine.press("swap") if isinstance(note, Note)] == [
                "Left and right exchanged."
            ]
        if view.step == "tap-left" and view.taps:
            break
    assert machine.view.exchanged
    assert machine.view.touched == "left"


def test_after_that_key_nobody_is_asked_whether_the_pads_are_exchanged():
    machine, body = Calibrator("quick", SIDES, About("test")), Follower(taps_at_s=THREE, swapped=True)
    asked = set()
    for _, view in follow(machine, body, press_space):
        asked.add(view.question.id if view.question else None)
        if view.step == "tap-left" and not view.exchanged:
            machine.press("swap")
    assert "swapped" not in asked
    assert machine.view.exchanged
    assert machine.view.results == {"left": "alone", "right": "alone"}


def test_sides_are_swapped_by_a_key_in_a_tap_alone():
    offered = {view.step for view in views(Follower()) if "swap" in view.keys}
    assert offered == {"tap-left", "tap-right"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (Follower(), "alone"),
        (Follower(helps=True), "with-the-other"),
        (Follower({"left": 0.0, "right": 60e-6}), "no-signal"),
    ],
)
def test_what_a_squeeze_was_is_told_while_it_lets_go_and_stays(body, found):
    told = views(body)
    squeezed = [view for view in told if view.step == "squeeze-left"]
    assert {view.found for view in squeezed if view.phase != "relax"} == {None}
    assert {view.found for view in squeezed if view.phase == "relax"} == {found}
    after = next(view for view in told if view.step == "squeeze-right")
    assert after.found is None
    assert after.results["left"] == found


def test_the_scale_stands_still_within_a_step_and_never_shrinks():
    told = views(Follower({"left": 90e-6, "right": 260e-6}))
    by_step: dict[int, set[float | None]] = {}
    for view in told:
        if not view.finished:
            by_step.setdefault(view.number, set()).add(view.full)
    assert all(len(scales) == 1 for scales in by_step.values())
    known = [full for scales in by_step.values() for full in scales if full is not None]
    assert known == sorted(known)
    assert known[0] == pytest.approx(100e-6)
    assert known[-1] == pytest.approx(500e-6)


def test_what_counts_as_above_rest_is_one_line():
    for view in views(Follower()):
        for live in view.live.values():
            if live.line is not None and live.bar is not None:
                assert live.works == (live.bar >= live.line) or live.bar == pytest.approx(live.line)


def rested(level):
    """What is known after rest; of nothing, where there was none."""
    nothing = np.full(2, math.nan)
    return Findings(
        SIDES,
        1e6,
        {"left": "right", "right": "left"},
        outcomes={rest(10.0): Outcome(nothing, np.full(2, level), np.zeros(2), {}, {})},
    )


@given(largest=st.floats(1e-7, 1e4), at_rest=st.one_of(st.just(math.nan), st.floats(1e-7, 1e3)))
@settings(max_examples=60, deadline=None)
def test_a_full_scale_is_a_round_number_with_room_for_every_squeeze(largest, at_rest):
    full = full_scale(rested(at_rest), np.array([largest, 0.0]))
    assert f"{full:.0e}"[0] in "125"
    assert full == pytest.approx(float(f"{full:.0e}"))
    assert largest <= full * (1.0 + 1e-6)


def test_without_rest_and_squeezes_there_is_no_scale():
    assert math.isnan(full_scale(rested(math.nan), np.zeros(2)))
