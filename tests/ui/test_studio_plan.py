"""A plan in front of a running session: what it asks for begins, its goal holds, and care is asked once more."""

from pathlib import Path

import pytest

from app.plan_desk import EXERCISE_FIXED, GOAL_FIXED
from app.session.care import CareCheck
from app.settings import Settings
from tests.session.people import shipped
from tests.ui.test_studio_setup import WAIT_MS, living, open_studio, passed, target

__all__ = ("living", "open_studio")
STUDY = """
id = "study"
title = "Study"
study_lock = true
[[steps]]
id = "a"
title = "A"
programmes = ["prone-ankle-squeeze"]
target_pct = 40
checks_a_week = 1
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(STUDY)
    return path


def test_the_first_exercise_of_today_begins_at_the_next_start_too(qtbot, open_studio, tmp_path):
    studio, _ = open_studio(Settings(), tmp_path, "P-7")
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    studio.plan.open_shipped()
    qtbot.waitUntil(lambda: studio.title == "Check", timeout=WAIT_MS)
    studio.train(studio.plan.next_after("check"))
    qtbot.waitUntil(lambda: studio.title == "Prone ankle squeeze", timeout=WAIT_MS)
    studio.__exit__(None, None, None)
    again, _ = open_studio(Settings(), tmp_path, "P-7")
    qtbot.waitUntil(lambda: again.title == "Check", timeout=WAIT_MS)


def test_the_goal_of_a_step_holds_against_what_the_person_likes(qtbot, open_studio, tmp_path, study):
    settings = Settings()
    studio, _ = open_studio(settings, tmp_path, "P-7")
    studio.setup.set_goal(target_pct=55)
    studio.plan.open(study)
    qtbot.waitUntil(lambda: studio.title == "Check", timeout=WAIT_MS)
    studio.train(shipped("prone-ankle-squeeze"))
    qtbot.waitUntil(lambda: target(studio) == {40.0}, timeout=WAIT_MS)


def test_the_goal_of_a_plan_goes_with_it(qtbot, open_studio, tmp_path, study):
    studio, _ = open_studio(Settings(), tmp_path, "P-7")
    studio.plan.open(study)
    qtbot.waitUntil(lambda: studio.title == "Check", timeout=WAIT_MS)
    studio.train(shipped("prone-ankle-squeeze"))
    qtbot.waitUntil(lambda: target(studio) == {40.0}, timeout=WAIT_MS)
    studio.plan.leave()
    qtbot.waitUntil(lambda: target(studio) == {shipped("prone-ankle-squeeze").target_pct}, timeout=WAIT_MS)
    assert studio.title == "Prone ankle squeeze"


def test_in_a_study_neither_goal_nor_exercise_is_changed_and_it_says_why(qtbot, open_studio, tmp_path, study):
    studio, window = open_studio(Settings(), tmp_path, "P-7")
    studio.plan.open(study)
    qtbot.waitUntil(lambda: studio.title == "Check" and bool(target(studio)), timeout=WAIT_MS)
    before = target(studio)
    said: list[str] = []
    window._bridge.failed.connect(said.append)
    studio.setup.set_goal(target_pct=55)
    studio.train(shipped("bridge"))
    qtbot.waitUntil(lambda: said == [GOAL_FIXED, EXERCISE_FIXED], timeout=WAIT_MS)

    assert (studio.title, target(studio)) == ("Check", before)


@pytest.mark.usefixtures("living")
def test_care_is_asked_once_more_when_a_plan_is_opened(qtbot, open_studio, tmp_path):
    settings = passed("P-7")
    studio, window = open_studio(settings, tmp_path, "P-7")
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    studio.plan.open_shipped()
    qtbot.waitUntil(lambda: window.steps.care.isVisible(), timeout=WAIT_MS)

    assert studio.snapshot() is None
    assert settings.care_of("P-7") == CareCheck(person="P-7")


def test_a_session_belongs_to_the_step_of_its_plan_and_one_of_another_exercise_to_none(qtbot, open_studio, tmp_path):
    studio, _ = open_studio(Settings(), tmp_path, "P-7")
    studio.plan.open_shipped()
    qtbot.waitUntil(lambda: studio._live._plan.plan_step == "first-weeks/squeeze", timeout=WAIT_MS)
    studio.train(shipped("squat"))
    qtbot.waitUntil(lambda: studio._live._plan.plan_step is None, timeout=WAIT_MS)
