from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QWidget

from app.recording.status import RecordingStatus
from app.session.events import Note, Summary
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.types import LinkState
from tests.ui.scenes import NOT_YET, SCENES, StagedSource

SUMMARY = Summary(
    attempts=7, reps=7, clean_reps=6, woke=False, wake_up_squeezes=None, sleeping_side=None,
    fired_pct={"left": 86.0, "right": 100.0}, lsi_pct=None, lag_ms=None, recording=None, lost_pct=0.0,
)  # fmt: skip


def test_the_same_snapshot_object_paints_nothing(make_window, application):
    window = make_window(SCENES["train"])
    window.source.painted.clear()
    window.pull()
    application.processEvents()
    assert window.source.painted == []


def test_a_new_snapshot_is_noted_once_it_is_painted(make_window, application):
    window = make_window(SCENES["train"])
    window.source.painted.clear()
    newer = replace(NOT_YET, t_s=60.1, trace_end_s=60.1)
    window.source.now = newer
    window.pull()
    assert window.source.painted == []
    application.processEvents()
    assert window.source.painted == [newer]


def test_a_blocked_window_draws_the_newest_snapshot_first(make_window, application):
    window = make_window(SCENES["train"])
    window.source.painted.clear()
    for step in range(1, 100):  # what a blocked window never saw
        window.source.now = replace(NOT_YET, t_s=60 + 0.2 * step, trace_end_s=60 + 0.2 * step)
    window.pull()
    application.processEvents()
    assert [snapshot.t_s for snapshot in window.source.painted] == [60 + 0.2 * 99]


def test_a_frame_that_was_held_up_is_painted_with_the_newest_snapshot(make_window, application):
    window = make_window(SCENES["train"])
    window.source.painted.clear()
    window.source.now = replace(NOT_YET, t_s=60.1, trace_end_s=60.1)
    window.pull()
    newest = window.source.now = replace(NOT_YET, t_s=80.0, trace_end_s=80.0)  # while the thread was blocked
    application.processEvents()
    assert window.source.painted == [newest]


@pytest.mark.parametrize(
    ("key", "read"),
    [
        (Qt.Key.Key_Space, lambda window: window.source.paused),
        (Qt.Key.Key_M, lambda window: window.source.muted),
        (Qt.Key.Key_T, lambda window: not window.train.traces_wanted),
        (Qt.Key.Key_F11, lambda window: window.isFullScreen()),
    ],
)
def test_each_key_switches_and_switches_back(qtbot, make_window, key, read):
    window = make_window(SCENES["train"])
    qtbot.keyClick(window, key)
    window.pull()
    assert read(window)
    qtbot.keyClick(window, key)
    assert not read(window)


def test_space_pauses_whatever_has_the_focus(qtbot, make_window):
    window = make_window(SCENES["train"])
    window.full_screen.setFocus()
    qtbot.keyClick(window.full_screen, Qt.Key.Key_Space)
    assert window.source.paused
    assert not window.isFullScreen()


def test_return_presses_the_button_that_has_the_focus(qtbot, make_window):
    window = make_window(SCENES["train"])
    window.desk.go_button.setFocus()
    qtbot.keyClick(window.desk.go_button, Qt.Key.Key_Return)
    assert window.source.paused


def test_escape_leaves_full_screen(qtbot, make_window):
    window = make_window(SCENES["train"])
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_a_paused_session_says_so_and_offers_to_go_on(make_window):
    window = make_window(SCENES["train"])
    window.desk.go()
    window.pull()
    assert window.train.cue.line.text == "Paused"
    assert window.desk.go_button.text() == "Go on"


def test_every_control_has_an_accessible_name(make_window):
    window = make_window(SCENES["train"])
    window.notice.tell("One sentence.")
    controls = window.findChildren(QAbstractButton)
    assert len(controls) >= 6
    assert [type(widget).__name__ for widget in controls if not widget.accessibleName()] == []
    painted = [widget for widget in window.findChildren(QWidget) if hasattr(widget, "draw")]
    assert [type(widget).__name__ for widget in painted if not widget.accessibleName()] == []


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640), (960, 540)])
def test_every_control_is_large_enough_to_press(make_window, size):
    window = make_window(SCENES["train"], size)
    for button in window.findChildren(QAbstractButton):
        assert button.width() >= 44
        assert button.height() >= 44


def test_the_focus_is_visible(make_window, application):
    window = make_window(SCENES["train"])
    window.activateWindow()
    window.full_screen.clearFocus()
    before = window.full_screen.grab().toImage()
    window.full_screen.setFocus()
    assert window.full_screen.grab().toImage() != before


def test_before_the_first_snapshot_the_window_says_that_it_connects(make_window):
    window = make_window(source=StagedSource(now=None, link=LinkState.CONNECTING))
    assert window.train.cue.line.text == "Connecting …"
    assert window.train.cue.line.hint == "sim:waking-left"


def test_a_source_that_fails_says_so_in_one_sentence(make_window):
    sentence = "There is no file walk.csv."
    window = make_window(source=StagedSource(now=None, trouble=sentence))
    assert window.train.block.sentences == (sentence,)


def test_a_long_sentence_of_a_source_is_wrapped_and_not_cut(make_window, read_text):
    sentence = (
        "The port COM7 is held by another program, or this user may not open it: close that program and try again."
    )
    window = make_window(source=StagedSource(now=None, trouble=sentence), size=(960, 540))
    shown = " ".join(words for words, *_ in read_text(window))
    assert sentence in shown


def test_a_simulated_session_carries_a_sign(make_window, read_text):
    for size in ((1440, 900), (960, 540)):
        window = make_window(SCENES["first-seconds"], size)
        assert any(words.startswith("Simulated") for words, *_ in read_text(window))


def test_a_measured_session_carries_no_such_sign(make_window, read_text):
    assert not any("imulated" in words for words, *_ in read_text(make_window(SCENES["train"])))


def test_closing_asks_while_a_person_is_recorded(qtbot, make_window):
    window = make_window(SCENES["train"])
    assert not window.close()
    assert "recording" in window.notice.sentence
    qtbot.keyClick(window.notice.buttons[1], Qt.Key.Key_Return)
    assert window.isHidden()


def test_escape_gives_the_first_answer_and_keeps_training(qtbot, make_window):
    window = make_window(SCENES["train"])
    window.close()
    assert window.notice.buttons[0].key == "Esc"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.notice.isHidden()
    assert window.isVisible()


def test_a_system_that_shuts_down_is_not_asked(make_window):
    window = make_window(SCENES["train"])
    window.close_at_once()
    assert window.isHidden()


def test_closing_asks_nothing_on_the_simulator(make_window):
    assert make_window(SCENES["first-seconds"]).close()


def test_closing_asks_nothing_when_nothing_is_recorded(make_window):
    assert make_window(source=StagedSource(status=RecordingStatus("off"))).close()


def test_no_sound_device_is_said(make_window):
    window = make_window(source=StagedSource(no_sound="no sound device"))
    assert window.sound.accessibleName() == "no sound device"


def test_events_of_another_thread_reach_the_window(application, qtbot):
    import threading

    bridge = Bridge()
    window = MainWindow(StagedSource(now=SCENES["first-seconds"]), bridge, load_colours())
    qtbot.addWidget(window)
    with qtbot.waitSignal(bridge.happened, timeout=2000):
        sender = threading.Thread(target=bridge.post, args=(Note(t_s=1.0, text="The right unit is back."),))
        sender.start()
    sender.join()
    application.processEvents()
    assert any("The right unit is back." in entry.plain for entry in window.status.entries)


def test_a_fault_becomes_one_calm_sentence(make_window, application):
    window = make_window(SCENES["first-seconds"])
    window._on_fault("Something unexpected happened.")
    assert window.notice.isVisible()
    assert window.notice.accessibleName() == "Notice: Something unexpected happened."


def test_space_ends_a_rest(qtbot, make_window):
    window = make_window(SCENES["train-rest"])
    assert window.desk.go_button.text() == "Go now"
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert [act.what for act in window.source.acts] == ["end-rest"]
    assert not window.source.paused


def test_the_first_moments_are_no_alarm(make_window):
    sides = {name: replace(view, state="no-signal", level_pct=None) for name, view in NOT_YET.sides.items()}
    window = make_window(replace(NOT_YET, t_s=0.4, trace_end_s=0.4, sides=sides))
    assert window.train.cue.line.text == "Listening …"


def test_a_side_that_stays_without_a_signal_is_an_alarm(make_window):
    sides = {name: replace(view, state="no-signal", level_pct=None) for name, view in NOT_YET.sides.items()}
    window = make_window(replace(NOT_YET, t_s=1.6, trace_end_s=1.6, sides=sides))
    assert window.train.cue.line.text == "Both: check the sensors"


def test_the_end_of_a_source_says_what_was_counted(make_window):
    window = make_window(SCENES["train"])
    window._on_event(SUMMARY)
    assert window.train.cue.line.text == "The end"
    assert window.train.block.sentences[1].startswith("7 squeezes counted, left in 86")
    assert window.desk.go_button.isHidden()


@pytest.mark.parametrize("newest", [None, SCENES["train"]])
def test_a_source_that_ends_before_a_frame_was_shown_says_so_too(make_window, newest):
    window = make_window(None)
    window.source.now = newest
    window._on_event(SUMMARY)
    window.look_around()
    assert window.train.cue.line.text == "The end"
    assert window.train.block.sentences[1].startswith("7 squeezes counted")


def test_a_recording_that_cannot_be_made_is_said_as_long_as_the_session_lasts(make_window, read_text):
    window = make_window(source=StagedSource(status=RecordingStatus("off", cause="Not recorded. The disk is full.")))
    assert any(words == "Not recorded. The disk is full." for words, *_ in read_text(window))


def test_no_button_is_marked_before_somebody_uses_the_keyboard(make_window, application):
    window = make_window(SCENES["train"])
    window.setFocus()
    window.activateWindow()
    application.processEvents()
    assert not any(button.hasFocus() for button in window.findChildren(QAbstractButton))
