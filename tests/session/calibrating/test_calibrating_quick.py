"""The quick calibration: ninety seconds, whatever a side can do."""

from itertools import pairwise

import pytest

from app.session.calibrating.machine import Calibrator
from app.session.calibrating.record import About
from tests.rigs.follower import SIDES, Follower, follow, press_space

ABOUT = About("test", made_utc="2026-11-20T10:00:00+00:00", person="P-1", device=("sim:healthy",), chain="c")
PEOPLE = {
    "healthy": {"left": 50e-6, "right": 60e-6},
    "sleepy-left": {"left": 4e-6, "right": 60e-6},
    "sleepy-both": {"left": 4e-6, "right": 4e-6},
}


def calibrated(body, kind="quick", answer=press_space, sites=SIDES, **options):
    calibrator = Calibrator(kind, sites, ABOUT, **options)
    seconds = 0.0
    for at_s, _ in follow(calibrator, body, answer):
        seconds = at_s
    return calibrator, seconds


@pytest.mark.parametrize("person", PEOPLE)
def test_pads_to_reference_takes_ninety_seconds_at_most(person):
    _, seconds = calibrated(Follower(PEOPLE[person]))
    assert seconds <= 90.0


@pytest.mark.parametrize("person", PEOPLE)
def test_it_ends_in_ninety_seconds_although_nobody_answers(person):
    _, seconds = calibrated(Follower(PEOPLE[person]), answer=lambda view: None)
    assert seconds <= 90.0


@pytest.mark.parametrize("person", PEOPLE)
def test_exchanged_pads_are_found_whatever_the_muscles_can_do(person):
    calibrator, _ = calibrated(Follower(PEOPLE[person], swapped=True))
    assert calibrator.view.exchanged


@pytest.mark.parametrize("person", PEOPLE)
def test_pads_that_are_not_exchanged_are_never_said_to_be(person):
    body = Follower(PEOPLE[person], helps=True)
    asked = [view.question.id for _, view in follow(Calibrator("quick", SIDES, ABOUT), body) if view.question]
    assert "swapped" not in asked


def test_exchanging_puts_every_finished_step_right():
    there, _ = calibrated(Follower(PEOPLE["sleepy-left"], swapped=True))
    straight, _ = calibrated(Follower(PEOPLE["sleepy-left"]))
    assert there.view.results == straight.view.results == {"left": "not-yet", "right": "alone"}
    assert there.view.record.reference == pytest.approx(straight.view.record.reference, rel=0.02)


@pytest.mark.parametrize(
    ("units", "helper"),
    [
        ([{"left", "hamstring-left"}, {"right"}], "hamstring-right"),
        ([{"left", "right", "hamstring-left"}], "hamstring-left"),
    ],
)
def test_what_is_kept_of_a_helper_is_kept_where_its_unit_lies(units, helper):
    sites = (*SIDES, "hamstring-left")
    machine, _ = calibrated(Follower(swapped=True, sites=sites), sites=sites, units=units)
    assert machine.view.exchanged
    assert set(machine.view.record.rest) == {*SIDES, helper}
    assert set(machine.view.record.reference) == {*SIDES, helper}


def test_a_side_that_joins_with_the_other_is_no_failure():
    calibrator, _ = calibrated(Follower(helps=True))
    assert calibrator.view.results == {"left": "with-the-other", "right": "with-the-other"}


def test_until_somebody_felt_the_cheek_a_silent_side_has_no_signal():
    calibrator, _ = calibrated(Follower(PEOPLE["sleepy-left"]), answer=lambda view: None)
    assert calibrator.view.results["left"] == "no-signal"
    assert "left" not in calibrator.view.record.reference
    calibrator.press("no")
    assert calibrator.view.results["left"] == "not-yet"
    assert calibrator.view.record.scaled_to == {"left": "right"}


def test_a_cheek_that_hardened_without_a_signal_is_a_pad_and_gets_its_remedy():
    calibrator, _ = calibrated(
        Follower(PEOPLE["sleepy-left"]), answer=lambda view: "yes" if view.question is not None else None
    )
    assert calibrator.view.results["left"] == "no-signal"
    assert any("wipe the skin" in sentence for sentence in calibrator.view.sentences)
    assert "left" not in calibrator.view.record.reference


def test_a_dry_pad_is_never_called_a_sleeping_muscle():
    body = Follower(PEOPLE["sleepy-left"], verdicts={"left": "no-contact", "right": "ok"})
    calibrator = Calibrator("quick", SIDES, ABOUT)
    views = [view for _, view in follow(calibrator, body, press_space)]
    assert all(view.question is None for view in views)
    assert views[-1].results["left"] == "no-signal"
    assert any(sentence.startswith("Left: No contact") for sentence in views[-1].sentences)


@pytest.mark.parametrize("verdict", ["movement", "heartbeat", "too-coarse", "no-contact", "clipping"])
def test_silence_behind_a_disturbed_contact_asks_nothing_of_the_muscle(verdict):
    body = Follower(PEOPLE["sleepy-both"], verdicts={"left": verdict, "right": verdict})
    calibrator, _ = calibrated(body)
    assert set(calibrator.view.results.values()) == {"no-signal"}
    assert calibrator.view.record is None


def test_a_weak_copy_of_the_other_side_is_no_muscle_of_its_own():
    class Copying(Follower):
        def beat(self, view, n_ticks=10):
            both = view.phase == "do" and view.step in ("squeeze-right", "squeeze-both", "squeeze-left")
            self.verdicts = dict.fromkeys(SIDES, "crosstalk" if both else "ok")
            return super().beat(view, n_ticks)

    calibrator, _ = calibrated(Copying({"left": 18e-6, "right": 60e-6}, helps=True))
    assert calibrator.view.results == {"left": "not-yet", "right": "alone"}


def test_without_crosstalk_a_side_that_joins_is_no_copy():
    calibrator, _ = calibrated(Follower({"left": 18e-6, "right": 60e-6}, helps=True))
    assert calibrator.view.results["left"] == "with-the-other"


def test_unlike_references_are_said_and_scaled_by_choice_alone():
    calibrator, _ = calibrated(Follower({"left": 20e-6, "right": 60e-6}), answer=lambda view: None)
    record = calibrator.view.record
    assert record.reference["left"] < 0.5 * record.reference["right"]
    assert any("its bar reads higher than it should" in sentence for sentence in calibrator.view.sentences)
    assert calibrator.view.question.id == "scale"
    notes = calibrator.press("scale-left")
    assert calibrator.view.record.reference["left"] == record.reference["right"]
    assert calibrator.view.record.scaled_to == {"left": "right"}
    assert any("By choice the left is shown on the right's scale" in note.text for note in notes)


def test_alike_references_are_stated_with_their_caveat_and_nothing_is_asked():
    calibrator, _ = calibrated(Follower())
    assert any("left over right 0.8" in one and "change this number too" in one for one in calibrator.view.sentences)
    assert calibrator.view.question is None


def test_while_neither_side_joins_both_share_one_scale_without_verdicts():
    calibrator, _ = calibrated(Follower(PEOPLE["sleepy-both"]))
    record = calibrator.view.record
    assert record.method == "session"
    assert record.reference["left"] == record.reference["right"] == pytest.approx(8.0 * 4e-6, rel=0.03)


def test_the_record_holds_what_was_measured():
    calibrator, _ = calibrated(Follower())
    record = calibrator.view.record
    assert record.method == "best-clench"
    assert record.rest == pytest.approx({"left": 4e-6, "right": 4e-6}, rel=0.03)
    assert record.reference == pytest.approx({"left": 50e-6, "right": 60e-6}, rel=0.03)
    assert [len(tries) for tries in record.tries.values()] == [3, 3]
    assert len(record.squeezes) == 8
    assert (record.person, record.device, record.chain, record.kind) == ("P-1", ("sim:healthy",), "c", "quick")
    assert record.snr_db["left"] == pytest.approx(22.0, abs=0.5)
    assert set(record.hum) == {"left", "right"}


def test_compensators_without_a_squeeze_of_their_own_get_a_stand_in():
    sites = (*SIDES, "hamstring-left")
    calibrator, _ = calibrated(Follower(sites=sites), sites=sites)
    assert calibrator.view.record.stand_in == ("hamstring-left",)
    assert calibrator.view.record.reference["hamstring-left"] == pytest.approx(8.0 * 4e-6, rel=0.05)


def test_one_side_alone_can_be_calibrated():
    calibrator, _ = calibrated(Follower(sites=("left",)), sites=("left",))
    assert calibrator.view.results == {"left": "alone"}
    assert set(calibrator.view.record.reference) == {"left"}


def test_every_step_says_one_line_and_the_time_left_runs_down():
    views = [view for _, view in follow(Calibrator("quick", SIDES, ABOUT), Follower())]
    assert all(view.line for view in views)
    left = [view.total_left_s for view in views]
    assert left[0] == pytest.approx(83.0)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(left))
