"""What a plan asks for today: it proposes steps, keeps rest days, and stops on pain."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.session.checks import Check
from app.session.plan import PlanError, parse_plan, today
from app.session.readiness import TrainingDay
from tests.session.people import shipped

KNOWN = ("check", "prone-ankle-squeeze", "bridge")
TEXT = """
id = "first-weeks"
title = "The first weeks"

[[steps]]
id = "squeeze"
title = "Squeeze"
programmes = ["check", "prone-ankle-squeeze"]
target_pct = 40
target_locked = true

[[steps]]
id = "bridge"
title = "Bridge"
programmes = ["bridge"]
until = "days"
days = 3

[[steps]]
id = "keep"
title = "Keep it"
programmes = ["bridge"]
until = "open"
days_a_week = 2
checks_a_week = 1
"""
PLAN = parse_plan(TEXT, "plan.toml", KNOWN)
GOOD = Check(attempts=10, fired={"left": 10, "right": 10}, abs_lag_ms=40.0, lsi_bound_pct=95.0)
BAD = replace(GOOD, fired={"left": 3, "right": 10})
MONDAY = date(2026, 3, 2)


def days(*checks: Check | None) -> list[TrainingDay]:
    """Training days in a row up to the Sunday before."""
    first = MONDAY - timedelta(days=len(checks))
    return [TrainingDay(first + timedelta(days=number), check) for number, check in enumerate(checks)]


def asked(
    past: list[TrainingDay],
    at: str = "squeeze",
    on: date = MONDAY,
    since: date = date(2026, 1, 1),
    done: tuple[str, ...] = (),
):
    return today(PLAN, past, at=at, since=since, on=on, done=done)


def test_the_first_day_begins_with_the_first_step_and_its_check():
    first = asked([], at="")
    assert (first.step.id, first.programmes, first.why) == ("squeeze", ("check", "prone-ankle-squeeze"), "train")
    assert first.offer is None


def test_who_is_ready_is_offered_the_next_step_and_stays_until_it_is_taken():
    now = asked(days(GOOD, GOOD, GOOD))
    assert now.offer is not None
    assert (now.offer.step.id, now.offer.why) == ("bridge", "ready")
    assert now.step.id == "squeeze"


def test_two_failed_checks_in_a_row_offer_the_step_before():
    now = asked(days(GOOD, BAD, BAD), at="bridge")
    assert now.offer is not None
    assert (now.offer.step.id, now.offer.why) == ("squeeze", "two-checks-failed")


@pytest.mark.parametrize("past", [days(BAD), days(BAD, GOOD), days(BAD, None, GOOD)])
def test_one_failed_check_offers_nothing(past):
    assert asked(past, at="keep").offer is None


def test_days_without_a_check_stand_between_two_failed_ones_and_change_nothing():
    assert asked(days(BAD, None, BAD), at="keep").offer is not None


def test_from_the_first_step_there_is_no_way_back():
    assert asked(days(BAD, BAD)).offer is None


def test_checks_of_the_step_before_do_not_count_against_the_new_one():
    assert asked(days(BAD, BAD), at="bridge", since=MONDAY).offer is None


def test_a_step_of_some_days_ends_after_them():
    assert asked(days(GOOD, GOOD), at="bridge").offer is None
    now = asked(days(GOOD, GOOD, GOOD), at="bridge")
    assert now.offer is not None
    assert (now.offer.step.id, now.offer.why) == ("keep", "days-done")


def test_maintenance_never_ends_and_checks_now_and_then():
    assert asked(days(*[GOOD] * 20), at="keep").offer is None
    assert asked([], at="keep").programmes == ("check", "bridge")
    checked = [TrainingDay(MONDAY - timedelta(days=3), GOOD)]
    assert asked(checked, at="keep").programmes == ("bridge",)


def test_after_as_many_days_as_a_week_asks_for_comes_a_day_of_rest():
    now = asked(days(*[GOOD] * 6))
    assert (now.why, now.programmes) == ("rest-day", ())
    assert asked(days(*[GOOD] * 6), on=MONDAY + timedelta(days=3)).why == "train"


@pytest.mark.parametrize(("before", "after"), [(0.0, 6.0), (None, 6.0), (2.0, 4.0)])
def test_on_a_day_that_hurts_nothing_more_is_asked_for(before, after):
    past = [TrainingDay(MONDAY, GOOD, before, after)]
    assert (asked(past).why, asked(past).programmes) == ("pain", ())
    assert asked(past, on=MONDAY + timedelta(days=1)).why == "train"


def test_who_did_everything_of_today_is_done():
    now = asked([TrainingDay(MONDAY, GOOD)], done=("prone-ankle-squeeze", "check", "free"))
    assert (now.why, now.programmes) == ("done-today", ())


def test_after_the_check_the_exercise_of_that_day_is_still_asked_for():
    now = asked([*days(*[GOOD] * 5), TrainingDay(MONDAY, GOOD)], done=("check",))
    assert (now.why, now.programmes) == ("train", ("prone-ankle-squeeze",))


def test_training_days_are_those_of_the_last_fourteen_and_a_gap_breaks_nothing():
    past = [TrainingDay(MONDAY - timedelta(days=back), None) for back in (20, 13, 5, 1)]
    assert [(MONDAY - day).days for day in asked(past).trained] == [13, 5, 1]


def test_a_step_gives_its_goal_to_a_programme_but_never_to_the_check():
    step = PLAN.steps[0]
    squeeze = step.adapt(shipped("prone-ankle-squeeze"))
    assert (squeeze.target_pct, squeeze.target_locked) == (40.0, True)
    assert step.adapt(shipped("check")) == shipped("check")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('"bridge"]\nuntil = "days"', '"brigde"]\nuntil = "days"', "asks for 'brigde', which is no programme"),
        ('until = "days"', 'until = "soon"', "in line 16"),
        ("days_a_week = 2", "days_a_week = 9", "in line 24"),
        ('programmes = ["check", "prone-ankle-squeeze"]', "programmes = []", "at least one programme"),
        ('id = "bridge"', 'id = "squeeze"', "two steps have the same id"),
        ("[[steps]]", "[[[steps]]", "not valid TOML"),
    ],
)
def test_a_wrong_plan_is_refused_with_place_and_reason(wrong, right, told):
    with pytest.raises(PlanError) as refusal:
        parse_plan(TEXT.replace(wrong, right, 1), "plan.toml", KNOWN)
    assert told in str(refusal.value)
    assert str(refusal.value).startswith("The plan plan.toml")
    assert str(refusal.value).endswith(".")


def test_a_day_on_which_only_the_step_before_was_trained_is_none_of_the_new_one():
    of_change = TrainingDay(MONDAY, GOOD, plan_steps=frozenset({"first-weeks/squeeze"}))
    of_both = replace(of_change, plan_steps=frozenset({"first-weeks/squeeze", "first-weeks/bridge"}))
    later = [TrainingDay(MONDAY + timedelta(days=number), None) for number in (1, 2)]
    on = MONDAY + timedelta(days=3)
    assert asked([of_change, *later], at="bridge", since=MONDAY, on=on).offer is None
    assert asked([of_both, *later], at="bridge", since=MONDAY, on=on).offer is not None
