"""What a living person is asked before and after a session, by keyboard alone and in every size."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app.session.care import CARE_QUESTIONS, CareCheck
from app.ui import care_words
from tests.ui.care_scenes import CARE_SCENES, asking
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.staged_desks import StagedCare

SIZES = [(1440, 900), (1280, 800), (1024, 640), (960, 540)]


def press(qtbot, window, *keys: str) -> None:
    """Type keys to whatever has the focus."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, getattr(Qt.Key, f"Key_{key}"))
        window.look_around()


def test_the_check_stands_in_place_of_every_page_and_is_answered_by_five_keys(qtbot, make_window):
    source = asking("check", n_open=5)
    window = make_window(source=source)
    assert window.steps.shown is window.steps.care
    assert not window.train.isVisible()
    press(qtbot, window, "N", "N", "N", "N", "N")
    assert source.care.check.answers == dict.fromkeys(CARE_QUESTIONS, False)
    press(qtbot, window, "Space")
    assert window.steps.shown is window.steps.start


def test_a_yes_says_who_is_to_be_asked_and_holds_the_session_back(qtbot, make_window, read_text):
    source = asking("check", n_open=5)
    window = make_window(source=source)
    press(qtbot, window, "N", "N", "N", "Y", "N", "Space")
    assert window.steps.shown is window.steps.care
    shown = {words for words, *_ in read_text(window)}
    assert care_words.REMEDIES["skin"] in shown
    assert "ask your clinician first" in shown


def test_the_last_question_sends_to_a_doctor_today(make_window, read_text):
    window = make_window(source=CARE_SCENES["care-doctor"]())
    assert "see a doctor today" in {words for words, *_ in read_text(window)}


def test_an_answer_is_changed_by_choosing_its_row(qtbot, make_window):
    source = asking("check", yes=("skin",))
    window = make_window(source=source)
    press(qtbot, window, "Down", "Down", "Down", "N")
    assert source.care.check.passed


def test_a_therapist_clears_what_was_answered_with_yes(qtbot, make_window):
    source = asking("check", yes=("new-hip",))
    window = make_window(source=source)
    press(qtbot, window, "T", "Space")
    assert source.care.check.cleared
    assert window.steps.shown is window.steps.start


def test_whoever_is_held_back_may_still_see_the_simulated_person(qtbot, make_window):
    source = asking("check", yes=("nerves",))
    window = make_window(source=source)
    press(qtbot, window, "S")
    assert source.sensors.asked == ["simulate"]


def test_pain_and_effort_are_asked_once_when_the_programme_is_over_and_was_summed_up(qtbot, make_window):
    over = SCENES["train-summary"]
    source = StagedSource(now=over, care=StagedCare(began=True))
    window = make_window(source=source)
    pain = window.steps.pain
    assert window.steps.shown is None
    assert window.desk.go_button.text() == "How was it?"
    press(qtbot, window, "Space")
    assert pain.isVisible()
    press(qtbot, window, "2")
    assert pain.accessibleName() == "How hard was it?"
    press(qtbot, window, "7")
    source.now = replace(over, t_s=over.t_s + 1)
    window.pull()
    window.look_around()
    assert (source.care.rated, source.care.efforts) == ([2], [7])
    assert window.steps.shown is None
    assert window.desk.go_button.isHidden()


def test_pain_is_asked_before_the_window_closes(qtbot, make_window):
    source = StagedSource(care=StagedCare(began=True))
    window = make_window(source=source)
    assert not window.close()
    window.notice.buttons[1].click()
    assert window.isVisible()
    assert window.steps.shown is window.steps.pain
    press(qtbot, window, "Space")
    press(qtbot, window, "Space")  # no word on the effort either
    assert not window.isVisible()


def test_a_simulated_person_is_asked_nothing(make_window):
    source = StagedSource(care=StagedCare(check=CareCheck()))
    assert make_window(source=source).steps.shown is None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", list(CARE_SCENES))
def test_no_words_are_cut_or_overlap(make_window, read_text, name, size):
    window = make_window(source=CARE_SCENES[name](), size=size)
    page = window.steps.shown
    found = [
        (words, px, box) for words, px, box, widget in read_text(window) if widget is page or page.isAncestorOf(widget)
    ]
    for place, (words, px, box) in enumerate(found):
        assert px >= 14
        assert "…" not in words
        assert box.left() >= 0
        assert box.right() <= window.width()
        for other, _, other_box in found[place + 1 :]:
            assert not box.adjusted(1, 1, -1, -1).intersects(other_box), (words, other)
