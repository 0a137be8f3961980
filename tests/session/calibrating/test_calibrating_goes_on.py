"""A calibration that broke off goes on where it was: no finished step is done again, and none is lost."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.calibrating.machine import Calibrator
from app.session.calibrating.record import About
from app.session.calibrating.unfinished import Unfinished
from tests.rigs.follower import SIDES, Follower, follow, press_space

ABOUT = About("test", device=("umyo:A", "umyo:B"))
POSITIONS = ("prone", "standing")


def calibrator(kind="quick", begun=None, sites=SIDES, *, helpers=False):
    return Calibrator(kind, sites, ABOUT, positions=POSITIONS, begun=begun, helpers=helpers)


def broken_off_at(step, kind="quick", number=0, body=None, answer=press_space):
    """Follow up to a step, break off, and write it down and read it as a file would."""
    machine = calibrator(kind)
    for _, view in follow(machine, body or Follower(), answer):
        if view.step == step and view.number >= number:
            break
    machine.break_off()
    return machine, read_again(machine.unfinished)


def read_again(unfinished):
    return msgspec.json.decode(msgspec.json.encode(unfinished), type=Unfinished)


def no_pain(view):
    return "pain-0" if view.question and view.question.id == "pain" else press_space(view)


def run(machine, answer=press_space):
    return [view for _, view in follow(machine, Follower(), answer)]


@pytest.mark.parametrize("step", ["tap-left", "squeeze-left", "squeeze-right", "squeeze-both"])
def test_it_goes_on_with_the_step_that_was_broken_off(step):
    _, unfinished = broken_off_at(step)
    machine = calibrator(begun=unfinished)
    assert machine.view.step == step
    assert machine.view.total == 9


def test_what_was_found_before_counts_as_if_nothing_had_happened():
    _, unfinished = broken_off_at("squeeze-both", number=8)
    machine = calibrator(begun=unfinished)
    run(machine)
    record = machine.view.record
    whole = calibrator()
    run(whole)
    assert record.results == whole.view.record.results
    assert len(record.tries["left"]) == 3
    assert record.rest == whole.view.record.rest


def test_maximal_tries_go_on_after_one_pause_and_pain_is_asked_anew():
    _, unfinished = broken_off_at("mvc-left", "full", number=14, answer=no_pain)
    machine = calibrator("full", unfinished)
    order: list[tuple[str, int]] = []
    for _, view in follow(machine, Follower(), no_pain):
        if not order or order[-1] != (view.step, view.number):
            order.append((view.step, view.number))
    assert [step for step, _ in order[:4]] == ["pain", "pause", "mvc-left", "mvc-right"]
    assert len(machine.view.record.tries["left"]) == 3


def test_what_ended_by_itself_or_by_a_key_has_nothing_to_go_on_with():
    machine = calibrator()
    run(machine)
    machine.break_off()
    assert machine.unfinished is None
    machine = calibrator()
    for _ in range(3):
        machine.press("go-on")
    machine.press("end")
    machine.break_off()
    assert machine.unfinished is None


def test_good_contact_alone_is_not_worth_going_on_with():
    machine = calibrator()
    machine.press("go-on")
    machine.break_off()
    assert machine.unfinished is None


def test_answers_are_not_asked_again():
    machine = calibrator()
    body = Follower({"left": 4e-6, "right": 60e-6})
    for _, view in follow(machine, body, lambda view: "no" if view.question else press_space(view)):
        if view.step == "squeeze-both":
            break
    machine.break_off()
    again = calibrator(begun=read_again(machine.unfinished))
    assert again.view.question is None
    assert again.view.results["left"] == "not-yet"


@pytest.mark.parametrize(
    ("kind", "sites", "device", "position"),
    [
        ("daily", SIDES, ABOUT.device, "prone"),
        ("quick", ("left",), ABOUT.device, "prone"),
        ("quick", SIDES, ("umyo:B", "umyo:A"), "prone"),
        ("quick", SIDES, ABOUT.device, "sitting"),
    ],
)
def test_other_sensors_sides_or_positions_begin_anew(kind, sites, device, position):
    _, unfinished = broken_off_at("squeeze-left")
    assert unfinished.fits("quick", SIDES, ABOUT.device, "prone")
    assert not unfinished.fits(kind, tuple(sites), device, position)


@settings(max_examples=20, deadline=None)
@given(n_steps=st.integers(0, 9), kind=st.sampled_from(["quick", "daily", "clench-test", "full"]))
def test_wherever_it_breaks_off_it_can_be_written_down_and_goes_on(n_steps, kind):
    machine = calibrator(kind)
    for _ in range(n_steps):
        machine.press("pain-0" if machine.view.step == "pain" else "go-on")
    number = machine.view.number
    machine.break_off()
    if machine.unfinished is not None and kind != "full":
        again = calibrator(kind, read_again(machine.unfinished))
        assert again.view.number <= number  # what was skipped is asked once more


# --- helping muscles after the glutes

BODY = ("left", "right", "hamstring-left", "hamstring-right", "erector-left")


def finished_with_helpers(kind="quick"):
    machine, body = calibrator(kind, sites=BODY, helpers=True), Follower(sites=BODY)
    seconds = [t_s for t_s, _ in follow(machine, body, press_space)][-1]
    return machine, body, seconds


def test_helping_muscles_are_offered_after_the_glutes_and_not_inside_their_ninety_seconds():
    machine, _, seconds = finished_with_helpers()
    assert seconds <= 90.0
    assert machine.view.keys == ("helpers",)
    assert set(machine.view.record.stand_in) == set(BODY[2:])


def test_each_helping_muscle_gets_a_squeeze_of_its_own_with_what_to_do_in_one_line():
    machine, body, _ = finished_with_helpers()
    machine.press("helpers")
    asked = [(view.step, view.line) for _, view in follow(machine, body, press_space)]
    assert list(dict.fromkeys(asked))[:-1] == [
        ("compensator", "Pull both heels towards you, against resistance."),
        ("compensator", "Lift the chest a hand's breadth, and hold."),
    ]
    record = machine.view.record
    assert record.stand_in == ()
    assert set(record.tries) == set(BODY)
    assert machine.view.keys == ()


def test_nothing_is_offered_where_no_helping_muscle_has_an_electrode():
    machine = calibrator(helpers=True)
    run(machine)
    assert machine.view.keys == ()


def test_to_leave_the_helping_muscles_out_keeps_what_the_glutes_brought():
    machine, _, _ = finished_with_helpers()
    before = machine.view.record
    machine.press("helpers")
    machine.press("end")
    assert machine.view.record == before
