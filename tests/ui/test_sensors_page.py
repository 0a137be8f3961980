"""The Sensors page by keyboard alone, in every size, and what it asks of the session."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from app.pipeline.discovery import Finds
from app.pipeline.tap import Taps
from app.recording.status import RecordingStatus
from app.settings import Sensor
from app.ui.main_window import MainWindow
from app.ui.sensor_words import tap_words
from tests.ui.scenes import SCENES
from tests.ui.sensor_scenes import FOUND, LEFT, RIGHT, SENSOR_SCENES, UMYO_LEFT, source, with_two

SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


def press(qtbot, window: MainWindow, *keys: str) -> None:
    """Type keys to whatever has the focus."""
    for key in keys:
        target = QApplication.focusWidget() or window
        qtbot.keyClick(target, getattr(Qt.Key, f"Key_{key}"))
        window.look_around()


def test_a_unit_is_found_and_put_on_the_left_by_keyboard_alone(qtbot, open_sensors):
    staged = source(finds=Finds((UMYO_LEFT,)))
    window = open_sensors(staged)
    press(qtbot, window, "F")
    assert staged.sensors.asked == ["search"]
    assert [row.device for row in window.sensors.found.rows] == [UMYO_LEFT]
    while not isinstance(QApplication.focusWidget(), type(window.sensors.found.rows[0])):
        press(qtbot, window, "Tab")
    press(qtbot, window, "Return", "L")
    assert window.sensors.use.primary
    while QApplication.focusWidget() is not window.sensors.use:
        press(qtbot, window, "Tab")
    press(qtbot, window, "Return")

    assert staged.sensors.used == [Sensor("umyo:E7:3F:2A", {"left": 1}, "E7:3F:2A", "uMyo 3F2A")]
    assert window.sensors.view == "sides"


def test_rows_are_walked_by_the_arrow_keys(qtbot, open_sensors):
    window = open_sensors(source(finds=FOUND))
    press(qtbot, window, "F")
    rows = window.sensors.found.rows
    rows[0].setFocus()
    press(qtbot, window, "Down", "Down")
    assert QApplication.focusWidget() is rows[2]
    press(qtbot, window, "Up")

    assert QApplication.focusWidget() is rows[1]


def test_an_ambiguous_device_is_not_used_before_the_user_has_said_which_it_is(qtbot, open_sensors):
    staged = source(finds=FOUND)
    window = open_sensors(staged)
    window.sensors.ask_about(FOUND.devices[3])
    form = window.sensors.assign.form
    press(qtbot, window, "R")
    window.sensors.use.click()
    assert form.refusal == "Which device is it?"
    assert staged.sensors.used == []
    press(qtbot, window, "2")
    window.sensors.use.click()

    assert [(one.uri, one.sites) for one in staged.sensors.used] == [("spikerbox:/dev/ttyUSB0", {"right": 1})]


def test_a_device_of_two_channels_lies_on_both_sides_and_channels_are_told_apart(qtbot, open_sensors):
    staged = source(finds=FOUND)
    window = open_sensors(staged)
    window.sensors.ask_about(FOUND.devices[2])
    press(qtbot, window, "B")
    form = window.sensors.assign.form
    form._put(0, "right")
    form._put(1, "left")
    form.more.click()
    form._put(2, "hamstring-left")
    window.sensors.use.click()

    assert staged.sensors.used[0].sites == {"left": 2, "right": 1, "hamstring-left": 3}


def test_the_site_of_a_channel_is_chosen_from_a_menu_by_keyboard(qtbot, open_sensors):
    window = open_sensors(source(finds=FOUND))
    window.sensors.ask_about(FOUND.devices[2])
    form = window.sensors.assign.form
    form.channels[0].setFocus()
    press(qtbot, window, "Return")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)

    assert form.draft.channels == ["right"]


def test_a_name_may_hold_the_letters_of_the_shortcuts_and_spaces(qtbot, open_sensors):
    staged = source(finds=FOUND)
    window = open_sensors(staged)
    window.sensors.ask_about(UMYO_LEFT)
    form = window.sensors.assign.form
    form.lies[0].click()
    form.name.setFocus()
    form.name.selectAll()
    qtbot.keyClicks(form.name, "Left f m B 2")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)

    assert [one.name for one in staged.sensors.used] == ["Left f m B 2"]
    assert not staged.muted
    assert not staged.paused


def test_a_refusal_stands_beside_the_button_and_nothing_else_happens(qtbot, open_sensors):
    staged = source(finds=FOUND)
    staged.sensors.refusal = "Two sensors can be used at once. Forget one of them first."
    window = open_sensors(staged)
    window.sensors.ask_about(UMYO_LEFT)
    window.sensors.assign.form.lies[0].click()
    window.sensors.use.click()

    assert window.sensors.view == "device"
    assert window.sensors.assign.form.refusal == staged.sensors.refusal


def test_a_key_uses_the_sensor_wherever_the_focus_is(qtbot, open_sensors):
    staged = source(finds=FOUND)
    window = open_sensors(staged)
    window.sensors.ask_about(UMYO_LEFT)
    press(qtbot, window, "L")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert [one.sites for one in staged.sensors.used] == [{"left": 1}]


def test_what_is_missing_is_said_at_the_top_and_goes_with_the_answer(qtbot, open_sensors):
    window = open_sensors(source(finds=FOUND), (960, 540))
    window.sensors.ask_about(FOUND.devices[3])
    window.sensors.use.click()
    form = window.sensors.assign.form
    assert form.refusal == "Which device is it?"
    press(qtbot, window, "1")
    assert form.refusal == ""
    window.sensors.use.click()

    assert form.refusal == "Where does it lie?"


def test_escape_goes_back_view_by_view(qtbot, open_sensors):
    window = open_sensors(source(finds=FOUND))
    press(qtbot, window, "F")
    window.sensors.ask_about(UMYO_LEFT)
    press(qtbot, window, "Escape")
    assert window.sensors.view == "finds"
    press(qtbot, window, "Escape")

    assert window.sensors.view == "sides"


def test_a_sensor_in_use_is_changed_forgotten_and_swapped(qtbot, open_sensors):
    staged = with_two()
    window = open_sensors(staged)
    press(qtbot, window, "S")
    window.sensors.cards["left"].forget.click()
    assert staged.sensors.asked == ["swap", "forget umyo:E7:3F:2A"]
    window.sensors.cards["right"].change.click()

    assert window.sensors.assign.form.draft.sensor() == RIGHT


def test_two_units_are_knocked_together_and_what_came_of_it_stands_below(qtbot, open_sensors):
    staged = with_two()
    window = open_sensors(staged)
    press(qtbot, window, "K")
    assert staged.sensors.asked == ["tap"]

    staged.sensors.taps = Taps(running=True, n_knocks=2)
    window.look_around()
    assert not window.sensors.tap.isVisible()
    assert "2 of 5" in tap_words(staged.sensors.taps)[1]


def test_a_sensor_that_cannot_be_used_shows_its_sentence_and_a_way_to_try_again(qtbot, open_sensors):
    staged = SENSOR_SCENES["sensors-refused"].source()
    window = open_sensors(staged)
    card = window.sensors.cards["left"]
    assert "There is no uMyo 3F2A in reach" in card.accessibleName()
    assert card.again.isVisible()
    card.again.click()

    assert staged.sensors.asked == ["try again"]


def test_a_recording_of_a_living_person_is_not_ended_without_asking(qtbot, open_sensors):
    staged = with_two()
    staged.status = RecordingStatus("recording", recorded_s=60.0)
    window = open_sensors(staged)
    window.sensors.swap.click()
    assert window.notice.isVisible()
    assert staged.sensors.asked == []
    window.notice.buttons[0].click()
    assert staged.sensors.asked == []
    window.sensors.swap.click()
    window.notice.buttons[1].click()

    assert staged.sensors.asked == ["swap"]
    assert window.isVisible()


def test_while_the_simulated_person_is_shown_the_own_sensors_are_one_key_away(qtbot, open_sensors):
    staged = SENSOR_SCENES["sensors-first"].source()
    staged.sensors.remembered = (LEFT,)
    window = open_sensors(staged)
    press(qtbot, window, "C")

    assert staged.sensors.asked == ["reconnect"]


def test_space_pauses_on_the_train_page_alone(qtbot, open_sensors):
    window = open_sensors(with_two())
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not window.source.paused
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.train.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Space)

    assert window.source.paused


@pytest.mark.parametrize("name", SENSOR_SCENES)
@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_cut_too_small_or_outside_and_every_control_can_be_pressed(open_sensors, read_text, name, size):
    scene = SENSOR_SCENES[name]
    window = open_sensors(scene.source(), size)
    scene.act(window)
    window.look_around()
    QApplication.processEvents()
    for words, px, box, widget in read_text(window):
        assert px >= 14, words
        forms = (window.sensors.assign.form, window.sensors.kit.form, window.sensors.placement)
        scrolls = widget in forms or widget.parent() in forms
        assert box.right() <= size[0] + 0.5, words
        assert scrolls or box.bottom() <= size[1] + 0.5, words
        origin = widget.mapTo(window, widget.rect().topLeft())
        assert box.left() >= origin.x() - 1, words
        assert box.right() <= origin.x() + widget.width() + 1, words
    for button in window.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= 44
            assert button.height() >= 44
            assert button.accessibleName(), button


@pytest.mark.parametrize("name", ["sensors", "sensors-fault", "sensors-refused", "sensors-test-signal"])
@pytest.mark.parametrize("size", SIZES)
def test_a_remedy_is_never_cut(open_sensors, read_text, name, size):
    scene = SENSOR_SCENES[name]
    window = open_sensors(scene.source(), size)
    shown = " ".join(words for words, *_ in read_text(window))
    for card in window.sensors.cards.values():
        for line in card._remedy():
            assert line in shown


def test_settings_that_could_not_be_kept_are_told_once(open_sensors):
    staged = source()
    staged.sensors.trouble = "The settings cannot be kept: the disk is full."
    window = open_sensors(staged, (960, 540))
    assert window.notice.sentence == staged.sensors.trouble
    window.notice.buttons[0].click()
    window.look_around()

    assert window.notice.isHidden()


def test_every_field_has_an_accessible_name(open_sensors):
    window = open_sensors(source(finds=FOUND))
    window.sensors.ask_about(UMYO_LEFT)
    for field in window.sensors.findChildren(QLineEdit):
        assert field.accessibleName()
    assert window.sensors.accessibleName() == "Sensors"
    assert all(card.accessibleName() for card in window.sensors.cards.values())


@pytest.mark.parametrize(("key", "answer"), [("U", "on-battery"), ("I", "isolator")])
def test_the_step_about_the_mains_stands_before_everything_and_is_answered_by_a_key(qtbot, open_sensors, key, answer):
    staged = SENSOR_SCENES["mains-out"].source()
    window = open_sensors(staged)
    assert window.steps.safety.isVisible()
    assert not window.sensors.isVisible()
    press(qtbot, window, key)

    assert staged.answered == [answer]
    assert not window.steps.safety.isVisible()
    assert window.sensors.isVisible()


def test_while_the_charger_is_in_nobody_can_say_that_it_is_out(qtbot, open_sensors):
    staged = SENSOR_SCENES["mains-in"].source()
    window = open_sensors(staged)
    press(qtbot, window, "U")
    assert staged.answered == []
    staged.power = "battery"
    window.look_around()
    press(qtbot, window, "U")

    assert staged.answered == ["on-battery"]


def test_where_the_system_tells_nothing_the_person_answers_for_it(qtbot, open_sensors):
    staged = SENSOR_SCENES["mains-unknown"].source()
    press(qtbot, open_sensors(staged), "U")

    assert staged.answered == ["unplugged"]


def test_the_train_page_is_as_it_was_beside_the_new_page(open_sensors):
    window = open_sensors(with_two())
    window.source.now = SCENES["train"]
    window.show_page(0)
    window.pull()

    assert window.header.isVisible()
    assert window.train.cue.line.address + window.train.cue.line.text == "LEFT: squeeze now"
