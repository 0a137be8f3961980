"""What the keyboard alone must reach, on every page and in Review: nothing traps it, it is seen, and Esc leads out."""

import os
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QProgressBar

import app.ui
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from app.ui.widgets.painted import Canvas, Painted
from tests.ui.every_scene import EVERY, settle, visible
from tests.ui.past_scenes import opened_session, show_review
from tests.ui.scenes import StagedSource

UI = Path(app.ui.__file__).parent
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
REVIEW = ("lanes", "bars", "score", "export")
ENTERED = ("sensors-pads", "sensors-which", "setup-people", "setup-folder", "history-plan", "history-pain", "notice",
           "exercises", "start", "care-first", "tour-3")  # fmt: skip
NAMES = list(EVERY) if FULL else [*ENTERED, "train", "calibrate-harden", "setup-expert"]
THEMES = ("light", "contrast")
LEADS_OUT = ("sensors-found", "sensors-channels", "sensors-pads", "sensors-raw", "setup-people",
             "setup-sound", "setup-folder", "setup-expert", "history-plan", "exercises",
             "unmeasured")  # fmt: skip
"""Views that lie behind another; Esc goes back to it."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, qapp):
    """A session of thirty squeezes, opened once."""
    return opened_session(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def open_window(application, recorded, request):
    """Open any page in any state and theme; Review by ``review-`` and the name of its view."""
    windows: list[MainWindow] = []

    def make(name, theme="dark"):
        staged = StagedSource() if name.startswith("review-") else EVERY[name].source()
        window = MainWindow(staged, Bridge(), load_colours(theme))
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        settle(window)
        if name.startswith("review-"):
            show_review(window, recorded, name.removeprefix("review-"))
        else:
            EVERY[name].act(window)
        settle(window)
        window.activateWindow()
        QApplication.processEvents()
        return window

    yield make
    for window in windows:
        window.retire()


def by_tab(window):
    """Everything that Tab goes to now, but for what only the arrow keys reach."""
    return {
        widget
        for widget in visible(window)
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget is not window
        and not (isinstance(widget, QAbstractButton) and widget.autoExclusive() and not widget.isChecked())
    }  # fmt: skip


def focused():
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.mark.parametrize("name", [*NAMES, *(f"review-{view}" for view in REVIEW)])
def test_tab_goes_through_everything_and_is_trapped_by_nothing(open_window, qtbot, name):
    window = open_window(name)
    window.setFocus()
    wanted, reached = by_tab(window), set()
    for _press in range(2 * len(wanted) + 4):
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        reached.add(focused())
    assert sorted(widget.accessibleName() for widget in wanted - reached) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [*NAMES, "review-lanes", "review-score"])
def test_the_focus_is_seen_in_every_theme(open_window, name, theme):
    window = open_window(name, theme)
    unseen = []
    for widget in by_tab(window):
        window.setFocus()
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.isVisible() and widget.hasFocus() and widget.grab().toImage() == before:
            unseen.append(f"{type(widget).__name__} {widget.accessibleName()!r}")
    assert unseen == []


@pytest.mark.parametrize("name", LEADS_OUT)
def test_escape_leads_out_of_every_view(open_window, qtbot, name):
    window = open_window(name)
    before = {id(widget) for widget in visible(window)}
    for field in window.findChildren(QLineEdit):
        if field.isVisible():
            field.setFocus()  # a field keeps no key of the window to itself
            break
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    settle(window)
    assert {id(widget) for widget in visible(window)} != before


@pytest.mark.parametrize("view", REVIEW)
def test_everything_in_review_has_a_name_for_a_screen_reader(open_window, view):
    window = open_window(f"review-{view}")
    shown = [
        widget
        for widget in visible(window)
        if isinstance(widget, (QAbstractButton, QLineEdit, Canvas, Painted, QProgressBar))
    ]
    assert [type(widget).__name__ for widget in shown if not widget.accessibleName().strip()] == []


def test_the_rows_of_the_table_are_read_as_the_arrow_keys_choose_them(open_window, qtbot):
    window = open_window("review-lanes")
    table = window.review.page.table
    table.setFocus()
    names = set()
    for _press in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Down)
        names.add(table.accessibleName())
    assert len(names) == 3
    assert all(name.startswith("Reps: ") for name in names)


@pytest.mark.parametrize("name", NAMES)
def test_no_two_controls_of_a_page_are_told_alike(open_window, name):
    told = [
        (widget.accessibleName(), widget.accessibleDescription())
        for widget in visible(open_window(name))
        if isinstance(widget, (QAbstractButton, QLineEdit)) and widget.isEnabled()
    ]
    assert sorted({one for one in told if told.count(one) > 1}) == []


def test_nothing_is_animated_so_there_is_no_motion_to_reduce():
    moving = ("Animation", "QTimeLine", "QGraphicsEffect", "QMovie", "setCursorFlashTime")
    found = [path.name for path in UI.rglob("*.py") if any(word in path.read_text(encoding="utf-8") for word in moving)]
    assert found == []


def test_the_bars_of_a_replay_tell_their_values(open_window):
    bars = open_window("review-bars").review.page.bars
    assert all(pillar.value() >= 0 and "%" in pillar.accessibleDescription() for pillar in bars.pillars.values())
