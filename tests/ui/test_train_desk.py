from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence

from app.pipeline.programmes import all_programmes, load_programme
from app.recording.status import RecordingStatus
from app.session.course import Stage
from app.ui.shortcuts import PRESENTER_KEYS
from tests.ui.scenes import NOT_YET, SCENES, StagedSource
from tests.ui.setup_staged import StagedPlan
from tests.ui.staged_desks import StagedCare


def asked(window) -> list[str]:
    return [act.what for act in window.source.acts]


def press(qtbot, window, key: str) -> None:
    combination = QKeySequence(key)[0]
    qtbot.keyClick(window, combination.key(), combination.keyboardModifiers())
    window.pull()


@pytest.mark.parametrize("key", ["Space", *PRESENTER_KEYS])
def test_every_key_of_a_presenter_is_the_one_big_key(qtbot, make_window, key):
    window = make_window(SCENES["train-ready"])
    window.setFocus()
    press(qtbot, window, key)
    press(qtbot, window, key)
    assert [(act.what, act.value) for act in window.source.acts] == [("start", 20.0), ("start", 0.0)]


@pytest.mark.parametrize(
    ("scene", "words", "act"),
    [
        ("train-ready", "Start", "start"),
        ("train-countdown", "Start now", "start"),
        ("train", "Pause", "pause"),
        ("train-rest", "Go now", "end-rest"),
        ("train-paused", "Go on", "go-on"),
    ],
)
def test_the_big_key_says_what_it_does(qtbot, make_window, scene, words, act):
    window = make_window(SCENES[scene])
    assert window.desk.go_button.text() == words
    press(qtbot, window, "Space")
    assert asked(window) == [act]


def test_enter_presses_the_button_that_has_the_focus_and_not_the_big_key(qtbot, make_window):
    window = make_window(SCENES["train"])
    window.sound.setFocus()
    qtbot.keyClick(window.sound, Qt.Key.Key_Return)
    assert window.source.muted
    assert asked(window) == []


def test_escape_pauses_first_and_then_stops_because_presenters_send_it_too(qtbot, make_window):
    window = make_window(SCENES["train"])
    press(qtbot, window, "Esc")
    assert asked(window) == ["pause"]
    press(qtbot, window, "Esc")
    assert asked(window) == ["pause", "stop"]


@pytest.mark.parametrize("key", ["Backspace", "D"])
def test_the_last_rep_is_taken_back_by_its_number(qtbot, make_window, key):
    window = make_window(SCENES["train-paused"])
    press(qtbot, window, key)
    assert [(act.what, act.value) for act in window.source.acts] == [("discard", 11.0)]


def test_before_the_first_rep_nothing_can_be_taken_back(qtbot, make_window):
    window = make_window(replace(SCENES["train"], last_rep=None))
    press(qtbot, window, "Backspace")
    assert asked(window) == []


def test_in_a_rest_and_in_a_pause_what_was_done_can_be_changed_by_buttons(qtbot, make_window):
    for scene in ("train-rest", "train-paused"):
        window = make_window(SCENES[scene])
        assert [button.isVisible() for button in window.train.acts.buttons] == [True, True, True]
        window.train.acts.repeat_set.click()
        assert asked(window) == ["repeat-set"]
    assert make_window(SCENES["train"]).train.acts.isHidden()


@pytest.mark.parametrize(("key", "place"), [("1", 1.0), ("2", 2.0), ("3", 3.0), ("Space", 1.0)])
def test_where_it_is_felt_is_answered_by_one_key(qtbot, make_window, key, place):
    window = make_window(SCENES["train-felt"])
    press(qtbot, window, key)
    assert [(act.what, act.value) for act in window.source.acts] == [("felt", place)]


def test_numbers_mean_nothing_while_nobody_asks(qtbot, make_window):
    window = make_window(SCENES["train"])
    press(qtbot, window, "2")
    assert asked(window) == []


def test_ready_shows_the_steps_of_the_set_up(make_window, read_text):
    window = make_window(SCENES["train-ready"])
    said = " ".join(words for words, *_ in read_text(window))
    assert "Lie on your stomach" in said
    assert "Stop on pain" in said
    assert window.train.ring.isHidden()


def test_every_exercise_is_listed_once_under_its_step_of_the_way(qtbot, make_window):
    window = make_window(SCENES["train-ready"])
    press(qtbot, window, "O")
    listed = [row.programme.id for row in window.train.exercises.rows]
    assert sorted(listed) == sorted(programme.id for programme in all_programmes().all)


def test_an_exercise_is_chosen_by_arrow_keys_and_return_alone(qtbot, make_window, application):
    window = make_window(source=StagedSource(now=SCENES["train-ready"], status=RecordingStatus("off")))
    press(qtbot, window, "O")
    rows = window.train.exercises.rows
    first = next(number for number, row in enumerate(rows) if row.isChecked())
    assert rows[first].programme.id == "prone-ankle-squeeze"
    qtbot.keyClick(rows[first], Qt.Key.Key_Down)
    qtbot.keyClick(rows[(first + 1) % len(rows)], Qt.Key.Key_Return)
    assert window.source.trained == [rows[(first + 1) % len(rows)].programme.id]
    assert window.train.exercises.isHidden()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
def test_every_exercise_has_room(qtbot, make_window, size):
    window = make_window(SCENES["train-ready"], size)
    press(qtbot, window, "O")
    page = window.train.exercises
    assert max(row.geometry().bottom() for row in page.rows) <= page.height()
    assert max(row.geometry().right() for row in page.rows) <= page.width()
    assert all(row.height() >= 44 for row in page.rows)


def test_escape_puts_the_list_away_and_pauses_nothing(qtbot, make_window):
    window = make_window(SCENES["train-ready"])
    press(qtbot, window, "O")
    press(qtbot, window, "Esc")
    assert window.train.exercises.isHidden()
    assert asked(window) == []


def test_a_session_of_a_living_person_is_not_ended_by_another_exercise_without_asking(qtbot, make_window):
    window = make_window(SCENES["train-paused"])
    window.desk.offer_exercises()
    window.train.exercises.rows[0].click()
    assert window.source.trained == []
    window.notice.buttons[1].click()
    assert window.source.trained == [window.train.exercises.rows[0].programme.id]


def test_from_the_front_the_places_swap_and_nothing_else(make_window):
    window = make_window(NOT_YET)
    before = {side: (pillar.view, pillar.accessibleName()) for side, pillar in window.train.pillars.items()}
    line = window.train.cue.line
    window.desk.toggle_front()
    left, right = (window.train.pillars[side] for side in ("left", "right"))
    assert left.x() > right.x()
    assert {side: (pillar.view, pillar.accessibleName()) for side, pillar in window.train.pillars.items()} == before
    assert window.train.cue.line == line


def test_from_the_front_is_said_and_the_stage_stays_as_it_is(make_window):
    window = make_window(NOT_YET)
    window.desk.toggle_front()
    window.desk.stage.toggle()
    window._shown = None
    window.pull()
    assert "seen from the front" in window.header.subtitle[0]
    stage = window.desk.stage.stage
    assert stage.pillars["left"]._column.center().x() + stage.pillars["left"].x() < stage.width() / 2


def test_the_table_of_every_squeeze_is_one_key_away_once_it_is_over(qtbot, make_window, monkeypatch, tmp_path):
    status = RecordingStatus("stopped", recorded_s=60.0, path=tmp_path)
    window = make_window(source=StagedSource(now=SCENES["train-summary"], status=status))
    shown: list[Path] = []
    monkeypatch.setattr(window.desk, "_review", shown.append)
    press(qtbot, window, "V")
    assert shown == [tmp_path]


def test_the_computer_is_held_awake_while_a_programme_runs_and_not_before_or_after(make_window):
    for scene, held in (("train-ready", False), ("train", True), ("train-rest", True), ("train-summary", False)):
        assert make_window(SCENES[scene]).desk.awake.holds is held


def going_on(stage: Stage, *, began: bool = True) -> StagedSource:
    """A programme that is over, with another one to come today."""
    over = SCENES["train-summary"]
    now = replace(over, progress=replace(over.progress, stage=stage))
    plan = StagedPlan(next=load_programme("prone-ankle-squeeze"))
    return StagedSource(now=now, care=StagedCare(began=began), plan=plan)


def test_when_an_exercise_is_done_the_big_key_begins_the_next_one_of_the_plan(qtbot, make_window):
    window = make_window(source=going_on("finished"))
    assert window.desk.go_button.text() == "Next: Prone ankle squeeze"
    press(qtbot, window, "Space")

    assert window.source.trained == ["prone-ankle-squeeze"]


def test_who_stopped_is_asked_how_it_was_before_the_plan_goes_on(qtbot, make_window):
    window = make_window(source=going_on("stopped"))

    assert window.desk.go_button.text() == "How was it?"
