from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QWidget

from app.pipeline.programmes import all_programmes, load_programme
from app.ui.unmeasured_words import guided_steps
from tests.ui.every_scene import simulated
from tests.ui.scenes import SCENES, StagedSource

OPTIONAL = [one.id for one in all_programmes().shipped if one.sensors == "optional"]


@pytest.fixture
def guided(make_window):
    """Train, with somebody led through the desk break."""
    window = make_window(source=simulated("desk-break"))
    window.desk.go_without_sensors()
    window.look_around()
    return window


def press(qtbot, window, key: str) -> None:
    combination = QKeySequence(key)[0]
    qtbot.keyClick(window, combination.key(), combination.keyboardModifiers())
    window.pull()


@pytest.mark.parametrize("programme", OPTIONAL)
def test_an_exercise_that_needs_no_sensor_is_offered_without_while_nobody_is_measured(qtbot, make_window, programme):
    window = make_window(source=simulated(programme))
    assert window.train.set_up.without.isVisible()
    press(qtbot, window, "W")
    assert window.train.unmeasured.isVisible()


def test_with_a_sensor_it_is_not_offered(qtbot, make_window):
    desk_break = load_programme("desk-break")
    window = make_window(source=StagedSource(now=SCENES["train-ready"], programme=desk_break))
    press(qtbot, window, "W")
    assert window.train.set_up.without.isHidden()
    assert window.train.unmeasured.isHidden()


def test_an_exercise_that_needs_sensors_is_not_offered_without(qtbot, make_window):
    window = make_window(source=simulated("bridge"))
    press(qtbot, window, "W")
    assert window.train.set_up.without.isHidden()
    assert window.train.unmeasured.isHidden()


@pytest.mark.parametrize("programme", OPTIONAL)
def test_space_alone_leads_through_every_step_and_out_again(qtbot, make_window, programme):
    window = make_window(source=simulated(programme))
    press(qtbot, window, "W")
    seen = []
    while window.train.unmeasured.isVisible():
        seen.append(window.train.unmeasured.step)
        press(qtbot, window, "Space")

    assert tuple(seen) == guided_steps(load_programme(programme))


def test_whoever_came_by_enter_goes_on_by_enter(qtbot, make_window):
    window = make_window(source=simulated("desk-break"))
    window.train.set_up.without.setFocus()
    qtbot.keyClick(window.train.set_up.without, Qt.Key.Key_Return)
    press(qtbot, window, "Return")
    assert window.train.unmeasured.number == 1


def test_every_step_is_spoken_once_with_how_much_of_it(qtbot, guided):
    for _ in range(4):
        press(qtbot, guided, "Space")
    assert guided.source.spoken[0] == "Stand up, feet wide, toes slightly out."
    assert guided.source.spoken[-1] == "Squat, extend, clench with a twist. 5 times"


def test_nothing_is_started_and_nothing_recorded(qtbot, guided):
    while guided.train.unmeasured.isVisible():
        press(qtbot, guided, "Space")
    assert guided.source.acts == []


def test_not_measured_stands_there_in_large_and_no_number_of_the_simulated_person(guided, read_text):
    guided._shown = None
    guided.pull()
    guided.look_around()
    covered = {*guided.train.findChildren(QWidget)} - {guided.train.unmeasured}
    texts = {words: px for words, px, _box, widget in read_text(guided) if widget not in covered}
    assert texts["Not measured"] >= 28
    assert not any("%" in words or "Simulated" in words for words in texts)
    assert guided.desk.stage_button.isHidden()
    assert [button.isHidden() for button in guided.on_train] == [True, True, True]


def test_escape_leaves_it_at_any_step_and_ends_nothing(qtbot, guided):
    press(qtbot, guided, "Space")
    press(qtbot, guided, "Esc")
    assert guided.train.unmeasured.isHidden()
    assert guided.desk.go_button.text() == "Start"
    assert guided.source.acts == []


@pytest.mark.parametrize("key", ["F10", "E", "T", "O", "F"])
def test_no_other_key_brings_a_measured_view_over_it(qtbot, guided, key):
    press(qtbot, guided, key)
    assert not guided.desk.stage.is_open
    assert guided.desk.expert.isHidden()
    assert guided.train.exercises.isHidden()


def test_the_computer_is_held_awake_as_long_as_somebody_is_led(qtbot, guided):
    assert guided.desk.awake.holds
    press(qtbot, guided, "Esc")
    assert not guided.desk.awake.holds


def test_another_session_puts_it_away(guided):
    guided.source.now = replace(SCENES["train-ready"], simulated=False)
    guided._begin_anew()
    assert guided.train.unmeasured.isHidden()
    assert not guided.desk.awake.holds
