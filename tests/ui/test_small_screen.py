"""A screen with less room than the pages need: nothing is out of reach, what has no room is scrolled to."""

import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtWidgets import QApplication, QScrollArea

from app.session.care import CARE_QUESTIONS
from app.ui.layout import LEAST_WINDOW
from app.ui.theme import enlarge_text
from app.ui.widgets.room import seen_height
from tests.ui.care_scenes import asking
from tests.ui.every_scene import EVERY, settle
from tests.ui.scenes import SCENES


@pytest.fixture(autouse=True)
def usual_text():
    yield
    enlarge_text(100)


SCREENS = {"13 inch at 150 %": (853, 533), "1366 x 768 at 200 %": (683, 384)}


def seen_of(window, widget) -> QRect:
    """What of a widget lies within the window."""
    return QRect(widget.mapTo(window, QPoint()), widget.size()).intersected(window.rect())


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_a_window_may_be_as_small_as_the_screen(make_window, size):
    window = make_window(SCENES["train"], size)
    assert (window.width(), window.height()) == size
    assert (window.train.width(), window.train.height()) >= (LEAST_WINDOW[0] - 64, LEAST_WINDOW[1] - 120)


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_in_a_small_window_everything_can_be_scrolled_to(make_window, size):
    window = make_window(SCENES["train"], size)
    for bar, least, is_there in zip(
        (window.room.horizontalScrollBar(), window.room.verticalScrollBar()), LEAST_WINDOW, size, strict=True
    ):
        assert bar.isVisible()
        assert bar.maximum() + is_there >= least
    for bar in (window.room.horizontalScrollBar(), window.room.verticalScrollBar()):
        bar.setValue(bar.maximum())
    assert seen_of(window, window.full_screen).size() == window.full_screen.size()


@pytest.mark.parametrize("name", ["train", "sensors", "calibrate", "setup", "care", "history"])
def test_in_a_small_window_tab_shows_whatever_it_reaches(make_window, qtbot, name):
    window = make_window(source=EVERY[name].source(), size=(683, 384))
    EVERY[name].act(window)
    settle(window)
    window.activateWindow()
    reached = []
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.append(focused)
        if not isinstance(focused, QScrollArea):
            assert not seen_of(window, focused).isEmpty(), focused.accessibleName()
            assert seen_of(window, focused).width() == min(focused.width(), window.room.viewport().width())
    assert len(reached) > 3


def test_a_large_window_shows_no_scroll_bar(make_window):
    window = make_window(SCENES["train"], LEAST_WINDOW)
    assert not window.room.verticalScrollBar().isVisible()
    assert not window.room.horizontalScrollBar().isVisible()
    assert window.train.geometry().right() + 1 == LEAST_WINDOW[0]


def test_answering_by_keys_scrolls_to_what_is_asked_next(make_window, qtbot):
    enlarge_text(130)
    window = make_window(source=asking("check", n_open=len(CARE_QUESTIONS)), size=LEAST_WINDOW)
    care = window.steps.care
    assert care.height() > seen_height(care)
    for _ in CARE_QUESTIONS:
        yes = care.choices[care.asked][0]
        assert yes.visibleRegion().boundingRect().height() >= 44
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_N)
    assert care.go_on.visibleRegion().boundingRect().height() >= 44
