"""The page about the electrodes: by keyboard alone, and nothing that cannot be understood is kept."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app.recording.kit import Kit
from app.ui.kit_words import CHOICES, KitDraft
from tests.ui.sensor_scenes import with_two

UMYO = Kit(sources=("umyo:",))


@pytest.fixture
def open_page(make_window, qtbot):
    """Open a window on the page, by its key."""

    def make(**changes):
        source = with_two()
        for name, value in changes.items():
            setattr(source.kits, name, value)
        window = make_window(source=source)
        window.show_page(1)
        window.look_around()
        qtbot.keyClick(window, Qt.Key.Key_A)
        window.look_around()
        QApplication.processEvents()
        return window

    return make


def test_the_kit_is_told_and_kept_by_keyboard_alone(qtbot, open_page):
    window = open_page()
    form = window.sensors.kit.form
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    while QApplication.focusWidget() is not form.entries["electrode_size_mm"]:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(QApplication.focusWidget(), "10,5")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.sensors.view == "sides")
    (kept,) = window.source.kits.kept
    assert (kept.electrode_type, kept.electrode_size_mm) == ("pre-gelled, disposable", 10.5)


def test_what_cannot_be_kept_is_said_and_stays_on_the_page(qtbot, open_page, read_text):
    window = open_page(refusal="The disk is full.")
    window.sensors.keep.click()
    qtbot.waitUntil(lambda: window.sensors.kit.form.refusal != "")
    assert window.sensors.view == "pads"
    assert "The disk is full." in [words for words, *_ in read_text(window)]


def test_a_disk_that_takes_its_time_holds_up_nothing_on_the_page(qtbot, open_page, monkeypatch):
    window = open_page()
    answers = threading.Event()
    monkeypatch.setattr(window.source.kits, "keep", lambda kit: answers.wait(20) and None)
    window.sensors.keep.click()
    assert window.sensors.view == "pads"
    answers.set()
    qtbot.waitUntil(lambda: window.sensors.view == "sides")


def test_esc_leaves_everything_as_it_was(qtbot, open_page):
    window = open_page()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.source.kits.kept == []
    assert window.sensors.view == "sides"


def test_an_answer_pressed_twice_is_taken_back():
    draft = KitDraft(UMYO)
    draft.choose("skin_preparation", "nothing done")
    assert draft.kit.skin_preparation == "nothing done"
    draft.choose("skin_preparation", "nothing done")
    assert draft.whole() == UMYO


def test_an_answer_that_somebody_wrote_into_the_file_is_offered_and_kept():
    draft = KitDraft(Kit(sources=("umyo:",), electrode_type="textile"))
    assert draft.answers("electrode_type") == (*CHOICES["electrode_type"][1], "textile")
    assert draft.whole() == draft.kit


@pytest.mark.parametrize("typed", ["wide", "0", "-20", "1e9", "nan", "inf"])
def test_a_size_that_is_none_is_one_sentence(typed):
    refusal = KitDraft(UMYO, {"electrode_size_mm": typed}).whole()
    assert refusal == "Size of one pad, mm: give a number from 1 to 200, such as 20."


def test_an_emptied_line_is_not_known_any_more():
    known = Kit(sources=("umyo:",), electrode_distance_mm=20.0, hardware_filter="10-500 Hz")
    assert KitDraft(known, {"electrode_distance_mm": " ", "hardware_filter": ""}).whole() == UMYO


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["electrode_size_mm", "hardware_filter"]), st.text(max_size=20)))
def test_whatever_is_typed_is_a_kit_or_a_sentence(typed):
    assert isinstance(KitDraft(UMYO, typed).whole(), Kit | str)
