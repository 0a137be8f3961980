"""The plan on the History page: where the person stands, what is proposed, and every key of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_struct
from PyQt6.QtCore import Qt

from app.session.plan import PlanError
from app.ui import plan_words
from tests.ui.past_scenes import CHECKED, FAILED, show_history, show_plan, standing
from tests.ui.scenes import StagedSource
from tests.ui.setup_staged import StagedPeople, StagedPlan

READY = (CHECKED, CHECKED, CHECKED)


@pytest.fixture
def show(make_window):
    """A window on the plan, in which nobody is recorded."""

    def make(stands=None, *, person="P-014", size=(1440, 900), act=show_plan):
        source = StagedSource(people=StagedPeople(person), plan=StagedPlan(stands))
        source.status = replace(source.status, state="off")
        window = make_window(source=source, size=size)
        act(window)
        return window, window.history.page.steps

    return make


def press(qtbot, window, view, key: str) -> None:
    qtbot.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
    qtbot.waitUntil(lambda: not view.work.busy)


def test_the_page_shows_where_the_person_stands_in_the_plan(show):
    window, _ = show(standing("squeeze", CHECKED, FAILED, CHECKED), act=show_history)
    rows = window.history.page.block.rows

    assert [(row.title, row.word) for row in rows[:3]] == [
        ("Prone ankle squeeze", "2 of 3"),
        ("Bridge", "next"),
        ("Hip thrust, squat", "later"),
    ]


def test_the_sentence_tells_what_is_asked_for_today(show):
    window, _ = show(standing("squeeze", CHECKED), act=show_history)

    assert window.history.page.accessibleName().endswith("Today: Check, then Prone ankle squeeze.")


def test_the_plan_of_whoever_trains_is_not_shown_in_the_story_of_another(show):
    window, _ = show(standing("squeeze"), person="P-021", act=show_history)

    assert window.history.page.block.rows == ()


def test_a_step_is_proposed_and_one_key_takes_it(qtbot, show):
    window, view = show(standing("squeeze", *READY))
    assert "“Bridge” is proposed" in view.accessibleName()
    press(qtbot, window, view, "G")

    assert window.source.plan.asked == ["go to bridge"]


def test_after_two_failed_checks_the_step_before_is_proposed(show):
    _, view = show(standing("bridge", FAILED, FAILED))

    assert view.accept.text() == "Back to Prone ankle squeeze"


def test_without_a_proposal_there_is_no_key_for_one_but_every_step_can_be_pressed(qtbot, show):
    window, view = show(standing("bridge", CHECKED))
    assert view.accept.isHidden()
    view.steps.rows[3].click()
    qtbot.waitUntil(lambda: not view.work.busy)

    assert window.source.plan.asked == ["go to keep"]
    assert not view.steps.rows[1].isEnabled()


def test_in_a_study_no_step_can_be_pressed(show):
    stands = standing("squeeze", *READY)
    study = replace_struct(stands.followed, plan=replace_struct(stands.followed.plan, study_lock=True))
    _, view = show(replace(stands, followed=study))

    assert view.accept.isHidden()
    assert not any(row.isEnabled() for row in view.steps.rows)
    assert plan_words.foot(replace(stands, followed=study)).startswith("A study")


def test_without_a_plan_the_usual_one_or_a_file_can_be_opened(qtbot, show):
    window, view = show()
    assert "No plan yet" in view.accessibleName()
    press(qtbot, window, view, "U")
    view.open_path(Path("from-my-therapist.toml"))
    qtbot.waitUntil(lambda: not view.work.busy)

    assert window.source.plan.asked == ["open shipped", "open from-my-therapist.toml"]


def test_nobody_in_particular_has_no_plan_and_is_told_what_to_do(show):
    _, view = show(person="")

    assert "choose or add one in Setup" in view.accessibleName()
    assert [key for key in view.keys if not key.isHidden()] == [view.take]  # whose results they are, the file says


def test_a_plan_that_is_refused_says_so_in_its_sentence(qtbot, show):
    window, view = show()
    window.source.plan.refusal = "The plan x.toml is wrong in line 3: no."
    view.open_path(Path("x.toml"))
    qtbot.waitUntil(lambda: not view.work.busy)

    assert view.told == "The plan x.toml is wrong in line 3: no."
    assert PlanError.__name__ not in view.accessibleName()


def test_results_are_written_and_their_place_is_told(qtbot, show):
    window, view = show(standing("squeeze"))
    view.give_to(Path("results.json"))
    qtbot.waitUntil(lambda: not view.work.busy)

    assert window.source.plan.asked == ["give results.json"]
    assert view.told == "42 sessions are in 'results.json'."


def test_results_that_came_back_are_taken_in_and_it_is_told_whose_and_how_many(qtbot, show, monkeypatch):
    window, view = show()
    monkeypatch.setattr("app.ui.history_plan.QFileDialog.getOpenFileName", lambda *asked: ("back.json", ""))
    press(qtbot, window, view, "T")
    qtbot.waitUntil(lambda: not view.work.busy)

    assert window.source.plan.asked == ["take in back.json"]
    assert view.told == "P-017: 3 new, 12 in all, in back.json"


def test_while_a_living_person_is_recorded_it_asks_before_the_session_ends(qtbot, make_window):
    source = StagedSource(people=StagedPeople("P-014"), plan=StagedPlan(standing("squeeze", *READY)))
    window = make_window(source=source)
    show_plan(window)
    press(qtbot, window, window.history.page.steps, "G")

    assert window.notice.isVisible()
    assert source.plan.asked == []


def test_escape_leads_from_the_plan_to_the_story(show):
    window, view = show(standing("squeeze"))
    window.go_back()

    assert view.isHidden()
    assert window.history.page.view == "story"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
@pytest.mark.parametrize("at", ["squeeze", "bridge"])
def test_no_key_of_the_plan_lies_on_another_or_on_a_step(show, size, at):
    _, view = show(standing(at, FAILED, FAILED), size=size)
    shown = [key.geometry() for key in view.keys if not key.isHidden()]

    for number, box in enumerate(shown):
        assert view.rect().contains(box)
        assert not box.intersects(view.steps.geometry())
        assert not any(box.adjusted(4, 4, -4, -4).intersects(other) for other in shown[number + 1 :])


@pytest.mark.parametrize(
    ("at", "checks", "words"),
    [
        ("squeeze", (CHECKED,) * 6, "A day of rest: you trained on 6 of the last 7 days."),
        ("keep", (CHECKED,), "Today: Check, then Prone ankle squeeze."),
        ("integrate", (CHECKED,) * 8, "A day of rest: you trained on 4 of the last 7 days."),
    ],
)
def test_today_is_said_in_one_sentence(at, checks, words):
    assert plan_words.today(standing(at, *checks)) == words
