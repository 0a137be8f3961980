"""Going through the steps: redo, back, pause, pain, lost signals, and the other kinds of calibration."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.calibrating.machine import Calibrator
from app.session.calibrating.measures import BEAT_S, Gathering
from app.session.calibrating.record import About
from app.session.calibrating.steps import comfortable
from app.session.calibrating.view import PAIN_KEYS
from tests.rigs.follower import SIDES, Follower, follow, press_space

ABOUT = About("test")
SLEEPY_LEFT = {"left": 4e-6, "right": 60e-6}


def calibrator(kind="quick", begun=None):
    return Calibrator(kind, SIDES, ABOUT, positions=("prone", "standing"), begun=begun)


def run(machine, body, answer=press_space):
    return [view for _, view in follow(machine, body, answer)]


def run_until(machine, body, is_there):
    """Follow up to a moment; returns its view."""
    for _, view in follow(machine, body, press_space):
        if is_there(view):
            return view
    raise AssertionError("it never came")


def steps_of(views):
    """Each step once, in the order in which they began."""
    order: list[tuple[str, int]] = []
    for view in views:
        if not order or order[-1] != (view.step, view.number):
            order.append((view.step, view.number))
    return [step for step, _ in order]


def no_pain(view):
    return "pain-0" if view.question and view.question.id == "pain" else press_space(view)


# --- keys


def test_redo_begins_the_running_step_anew():
    machine = calibrator()
    run_until(machine, Follower(), lambda view: view.step == "rest" and view.step_left_s < 3.0)
    machine.press("redo")
    assert machine.view.step == "rest"
    assert machine.view.step_left_s == pytest.approx(10.0)


def test_back_does_the_step_before_again_and_keeps_what_was_measured():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-right")
    machine.press("back")
    assert machine.view.step == "squeeze-left"
    assert machine.view.results["left"] == "alone"


def test_a_step_done_again_without_a_signal_takes_nothing_away():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-right")
    machine.press("back")
    machine.press("go-on")
    assert machine.view.results["left"] == "alone"


def test_go_on_skips_what_is_left_of_a_step():
    machine = calibrator()
    machine.press("go-on")
    assert machine.view.step == "rest"


def test_a_squeeze_that_was_skipped_was_not_asked_for():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-left")
    machine.press("go-on")
    assert "left" not in machine.view.results


def test_the_bars_share_one_scale_so_that_a_sleeping_side_stays_low():
    machine, body = calibrator(), Follower(SLEEPY_LEFT)
    view = run_until(machine, body, lambda view: view.step == "squeeze-both" and view.phase == "relax")
    machine.press("back")
    view = run_until(
        machine, body, lambda view: view.step == "squeeze-both" and view.phase == "do" and view.live["right"].works
    )
    assert view.live["right"].bar > 0.5
    assert view.live["left"].bar < 0.2
    assert not view.live["left"].works


def test_a_side_without_a_signal_has_no_bar():
    machine, body = calibrator(), Follower(verdicts={"left": "no-contact", "right": "ok"})
    view = run_until(machine, body, lambda view: view.step_left_s < 5.0)
    assert view.live["left"].bar is None
    assert view.live["left"].level is None
    assert view.live["left"].text.startswith("No contact")
    assert view.live["right"].bar is not None


def test_while_paused_no_time_passes_and_the_step_begins_anew():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "rest" and view.step_left_s < 3.0)
    machine.press("pause")
    for _ in range(400):
        machine.advance(body.beat(machine.view))
    assert machine.view.paused
    assert machine.view.step == "rest"
    machine.press("pause")
    assert machine.view.step_left_s == pytest.approx(10.0)


def test_a_key_that_is_not_offered_does_nothing():
    machine = calibrator()
    before = machine.view
    for key in ("yes", "swap", "scale-left", "hurts", "pain-3"):
        machine.press(key)
    assert machine.view == before


def test_end_keeps_what_is_there():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-both" and view.detail.startswith("Squeeze 2"))
    machine.press("end")
    assert machine.view.finished
    assert set(machine.view.record.reference) == set(SIDES)


# --- lost signals


def test_an_electrode_that_comes_off_stops_the_step_and_says_how_to_go_on():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-right" and view.phase == "do")
    body.verdicts["right"] = "no-contact"
    view = run_until(machine, body, lambda view: view.interrupted)
    assert "press the pads on" in view.interrupted
    assert "Finished steps are kept" in view.interrupted
    assert view.results["left"] == "alone"
    body.verdicts["right"] = "ok"
    view = run_until(machine, body, lambda view: not view.interrupted)
    assert view.step == "squeeze-right"
    assert view.step_left_s > 9.9
    assert run(machine, body)[-1].results == {"left": "alone", "right": "alone"}


def test_an_electrode_that_stays_off_is_left_out_after_half_a_minute():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "squeeze-both" and view.phase == "do")
    body.verdicts["right"] = "no-contact"
    last = run(machine, body)[-1]
    assert set(last.record.reference) == {"left"}
    assert last.results == {"left": "alone", "right": "alone"}


def test_a_signal_that_clips_in_every_squeeze_is_not_waited_for():
    class Flapping(Follower):
        def beat(self, view, n_ticks=10):
            self.verdicts["left"] = "clipping" if view.phase == "do" and view.step.startswith("sq") else "ok"
            return super().beat(view, n_ticks)

    views = run(calibrator(), Flapping())
    assert views[-1].results["left"] == "no-signal"
    assert views[-1].results["right"] == "alone"
    assert any("hits the end of its range" in sentence for sentence in views[-1].sentences)
    assert len(views) * BEAT_S < 100.0


def test_an_electrode_that_comes_off_at_every_squeeze_does_not_hold_up_for_ever():
    class Loose(Follower):
        def beat(self, view, n_ticks=10):
            self.verdicts["left"] = "no-contact" if view.phase == "do" and view.step.startswith("sq") else "ok"
            return super().beat(view, n_ticks)

    views = run(calibrator(), Loose())
    assert views[-1].results["left"] == "no-signal"
    assert len(views) * BEAT_S < 300.0


def test_a_bad_contact_at_the_beginning_is_waited_for_and_then_left_out():
    machine = calibrator()
    views = run(machine, Follower(verdicts={"left": "no-contact", "right": "ok"}))
    in_contact = [view for view in views if view.step == "contact"]
    assert len(in_contact) * BEAT_S == pytest.approx(30.0, abs=0.1)
    assert in_contact[-1].detail.startswith("Left: No contact")
    assert set(views[-1].record.reference) == {"right"}


def test_a_lost_link_waits_without_time_and_begins_the_step_anew():
    machine, body = calibrator(), Follower()
    run_until(machine, body, lambda view: view.step == "rest" and view.step_left_s < 3.0)
    machine.lose_link("The sensor is out of reach")
    assert "The sensor is out of reach." in machine.view.interrupted
    machine.advance(body.beat(machine.view))
    assert not machine.view.interrupted
    assert machine.view.step_left_s == pytest.approx(10.0, abs=0.1)


# --- the other kinds


def test_the_daily_reference_takes_forty_seconds():
    views = run(calibrator("daily"), Follower())
    assert len(views) * BEAT_S <= 40.5
    assert views[-1].record.kind == "daily"
    assert set(views[-1].record.reference) == set(SIDES)


def test_the_clench_test_tells_what_each_side_does_and_makes_no_reference():
    last = run(calibrator("clench-test"), Follower(SLEEPY_LEFT, helps=True))[-1]
    assert last.results == {"left": "not-yet", "right": "alone"}
    assert last.record is None


def test_the_full_calibration_asks_for_pain_first_and_rests_a_minute_between_rounds():
    views = run(calibrator("full"), Follower(), no_pain)
    steps = steps_of(views)
    assert steps[0] == "pain"
    assert steps.count("mvc-left") == steps.count("mvc-right") == 6
    assert steps.count("pause") == 5
    assert 420.0 < len(views) * BEAT_S < 540.0
    record = views[-1].record
    assert record.method == "mvc"
    assert record.reference == pytest.approx({"left": 100e-6, "right": 120e-6}, rel=0.03)
    assert {one.position for one in record.squeezes if one.kind == "mvc"} == {"prone", "standing"}


def test_a_fourth_try_is_asked_for_when_the_two_best_differ_by_more_than_a_tenth():
    class Learning(Follower):
        def beat(self, view, n_ticks=10):
            if view.step == "mvc-left":
                self.levels = {"left": 40e-6 if "Try 3" in view.detail else 20e-6, "right": 60e-6}
            return super().beat(view, n_ticks)

    machine = Calibrator("full", SIDES, ABOUT, positions=("prone",))
    steps = steps_of(run(machine, Learning(), no_pain))
    assert steps.count("mvc-left") == 4
    assert steps.count("mvc-right") == 3


def test_a_try_that_hurts_ends_all_maximal_tries():
    machine, body = calibrator("full"), Follower()

    def hurt(view):
        return "hurts" if view.step == "mvc-right" and view.phase == "do" else no_pain(view)

    views = run(machine, body, hurt)
    steps = steps_of(views)
    assert steps.count("mvc-left") == steps.count("mvc-right") == 1
    assert steps.count("squeeze-both") == 3
    assert views[-1].record.method == "best-clench"
    assert views[-1].record.reference == pytest.approx({"left": 50e-6, "right": 60e-6}, rel=0.03)


def test_whoever_hurts_is_never_asked_for_a_maximum():
    machine = calibrator("full")
    machine.press("pain-4")
    assert not any(step.startswith("mvc") for step in steps_of(run(machine, Follower())))


def test_more_pain_than_five_ends_today():
    machine = calibrator("full")
    machine.press("pain-6")
    assert machine.view.finished
    assert machine.view.record is None
    assert "today ends here" in machine.view.line


def test_an_unanswered_question_for_pain_leads_to_comfortable_squeezes():
    steps = steps_of(run(calibrator("full"), Follower()))
    assert not any(step.startswith("mvc") for step in steps)


def test_compensators_get_a_squeeze_of_their_own_in_the_full_calibration():
    class Pulling(Follower):
        def _level(self, view, muscle):
            if view.step == "compensator" and view.phase == "do" and muscle.startswith("hamstring"):
                return 80e-6
            return super()._level(view, muscle)

    sites = (*SIDES, "hamstring-left")
    machine = Calibrator("full", sites, ABOUT, positions=("prone",))
    record = run(machine, Pulling(sites=sites), no_pain)[-1].record
    assert record.stand_in == ()
    assert record.reference["hamstring-left"] == pytest.approx(80e-6, rel=0.03)


# --- anything at all

CONTACTS = [("left", "ok"), ("left", "no-contact"), ("right", "clipping"), ("right", "ok")]
KEYS = ("go-on", "redo", "back", "pause", "yes", "no", "swap", "scale-left", "hurts", "end", *PAIN_KEYS)
ACTS = st.one_of(
    st.tuples(st.just("beats"), st.integers(1, 400)),
    st.tuples(st.just("ticks"), st.integers(1, 9)),
    st.tuples(st.just("key"), st.sampled_from(KEYS)),
    st.tuples(st.just("contact"), st.sampled_from(CONTACTS)),
    st.tuples(st.just("lose"), st.sampled_from(["left", "right", ""])),
    st.tuples(st.just("link"), st.just("gone")),
    st.tuples(st.just("cut off"), st.just("")),
)  # fmt: skip


@pytest.mark.timeout(900)
@settings(max_examples=1000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 15)
@given(st.sampled_from(["quick", "full", "daily", "clench-test"]), st.lists(ACTS, max_size=40))
def test_whatever_happens_it_is_never_stuck_loses_no_finished_step_and_ends(kind, acts):
    machine, body = calibrator(kind), Follower(SLEEPY_LEFT)
    for act, what in acts:
        finished = set(machine._findings.outcomes)
        match act:
            case "beats":
                for _ in range(what):
                    machine.advance(body.beat(machine.view))
            case "ticks":
                machine.advance(body.beat(machine.view, what))
            case "key":
                machine.press(what)
            case "contact":
                body.verdicts[what[0]] = what[1]
            case "lose":
                body.lost = {what} - {""}
            case "link":
                machine.lose_link(what)
            case "cut off":
                machine.break_off()
                if machine.unfinished is not None:
                    machine = calibrator(kind, machine.unfinished)
        view = machine.view
        assert finished <= set(machine._findings.outcomes)
        assert view.line
        assert 1 <= view.number <= view.total
        assert 0.0 <= view.step_left_s <= view.step_s or view.finished
        assert view.finished or "end" in view.keys
        assert view.finished or view.record is None
    if machine.view.paused:
        machine.press("pause")
    for _ in follow(machine, body, until_s=2400.0):
        pass
    assert machine.view.finished


# --- measures


def test_a_try_is_its_best_second():
    gathering = Gathering(1)
    for level in [1.0] * 20 + [3.0] * 20 + [2.0] * 20:
        gathering.add(np.array([level**2]), {}, {})
    assert gathering.outcome().best == pytest.approx([3.0])


def test_less_than_a_second_or_a_gap_in_it_is_no_try():
    gathering = Gathering(2)
    for beat in range(19):
        gathering.add(np.array([4.0, np.nan if beat == 10 else 4.0]), {}, {})
    assert np.isnan(gathering.outcome().best).all()


def test_steps_are_told_apart_by_their_turn():
    assert len({comfortable(1), comfortable(2), comfortable(1)}) == 2
