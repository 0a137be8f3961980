"""Where somebody stands in a plan: what comes next, what is fixed, and that it survives being kept."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from app.session.checks import Check
from app.session.following import Followed, begun, stand, understood
from app.session.plan import Plan, Step
from app.session.readiness import TrainingDay

GOOD = Check(attempts=10, fired={"left": 10, "right": 10}, abs_lag_ms=40.0, lsi_bound_pct=95.0)
BAD = replace(GOOD, fired={"left": 3, "right": 10})
DAY = date(2026, 3, 2)
PLAN = Plan("p", "P", (Step("a", "A", ("prone-ankle-squeeze",)), Step("b", "B", ("bridge", "squat"))))


def test_a_plan_begins_at_its_first_step():
    assert begun(PLAN, DAY) == Followed(PLAN, "a", DAY)
    assert begun(PLAN, DAY).step.title == "A"


def test_a_followed_plan_comes_back_as_it_was_kept():
    followed = Followed(PLAN, "b", DAY)
    assert understood(msgspec.to_builtins(followed)) == followed


@pytest.mark.parametrize("content", [None, {}, {"steps": []}, {"plan": 3, "at": "a", "since": "soon"}, "plan"])
def test_what_is_no_followed_plan_is_none(content):
    assert understood(content) is None


def test_what_passed_is_counted_within_the_step_alone():
    days = [TrainingDay(DAY - timedelta(days=back), GOOD if back != 1 else BAD) for back in (5, 3, 2, 1, 0)]
    assert stand(Followed(PLAN, "a", DAY - timedelta(days=3)), days, (), DAY).passed == 3


def test_after_one_exercise_comes_the_next_of_the_day():
    standing = stand(Followed(PLAN, "b", DAY), [], (), DAY)
    assert standing.today.programmes == ("check", "bridge", "squat")
    assert standing.after("check") == "bridge"
    assert stand(Followed(PLAN, "b", DAY), [TrainingDay(DAY, GOOD)], ("check", "bridge"), DAY).after("squat") is None


@pytest.mark.parametrize(
    ("programme", "allowed"), [("check", True), ("bridge", True), ("squat", True), ("free", False)]
)
def test_in_a_study_the_exercises_of_the_step_alone_are_allowed(programme, allowed):
    followed = Followed(msgspec.structs.replace(PLAN, study_lock=True), "b", DAY)
    assert stand(followed, [], (), DAY).allows(programme) is allowed
    assert stand(Followed(PLAN, "b", DAY), [], (), DAY).allows(programme)


def test_a_step_with_a_goal_of_its_own_or_a_study_fixes_the_goal():
    step = PLAN.steps[0]
    assert not PLAN.fixes(step)
    assert PLAN.fixes(msgspec.structs.replace(step, target_pct=40.0))
    assert PLAN.fixes(msgspec.structs.replace(step, target_locked=True))
    assert msgspec.structs.replace(PLAN, study_lock=True).fixes(step)
