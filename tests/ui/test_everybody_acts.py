"""What everybody must be able to do: press, reach by keys, see where they are, and hear what stands there."""

import os
from itertools import pairwise

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtWidgets import QAbstractButton, QLineEdit, QProgressBar, QWidget

from app.ui.theme import load_colours
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.painted import Canvas, Painted
from app.ui.widgets.setup_rows import Press
from tests.ui.every_scene import EVERY, settle, visible
from tests.ui.scenes import SCENES

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
NAMES = list(EVERY) if FULL else list(EVERY)[::2]
LEAST_PX = 44
FORMS = ("sensors-pads", "sensors-channels", "setup-sound", "calibrate-harden-live", "calibrate-swapped")
"""Where answers side by side are chosen by Tab and Enter, or a question has taken over Space."""
PRESSED = (QAbstractButton, QLineEdit)
ADDRESSED = [
    name for name, scene in SCENES.items()
    if scene.cue is not None and scene.cue.side == "left" and scene.cue.kind != "compensating"
]  # fmt: skip


@pytest.fixture
def open_scene(make_window):
    """Open any page in any state."""

    def make(name, size=(1440, 900)):
        window = make_window(source=EVERY[name].source(), size=size)
        EVERY[name].act(window)
        settle(window)
        return window

    return make


def controls(window):
    """What can be pressed or typed into now."""
    shown = [widget for widget in visible(window) if isinstance(widget, PRESSED) and widget.isEnabled()]
    return [widget for widget in shown if not isinstance(widget, Press) or widget.can_press]


@pytest.mark.parametrize("name", NAMES)
def test_everything_to_press_is_large_enough(open_scene, name):
    small = [
        f"{widget.accessibleName()!r} is {widget.width()} x {widget.height()}"
        for widget in controls(open_scene(name, (1024, 640)))
        if widget.width() < LEAST_PX or widget.height() < LEAST_PX
    ]
    assert small == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_has_a_name_for_a_screen_reader(open_scene, name):
    nameless = [
        type(widget).__name__
        for widget in visible(open_scene(name))
        if isinstance(widget, (*PRESSED, Canvas, Painted, QProgressBar)) and not widget.accessibleName().strip()
    ]
    assert nameless == []


@pytest.mark.parametrize("name", NAMES)
def test_tab_reaches_everything_once_and_comes_back(open_scene, name, application):
    window = open_scene(name)
    wanted = {widget for widget in controls(window) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus}
    chain, widget = [], window.nextInFocusChain()
    while widget is not window:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    assert wanted <= set(chain)
    assert len(chain) == len(set(chain))
    by_arrows = {
        widget for widget in controls(window) if isinstance(widget, QAbstractButton) and widget.autoExclusive()
    }
    assert {widget.accessibleName() for widget in set(controls(window)) - wanted - by_arrows} == set()


@pytest.mark.parametrize("name", NAMES)
def test_the_focus_can_be_seen_on_everything(open_scene, name, application):
    window = open_scene(name)
    window.activateWindow()
    unseen = []
    for widget in controls(window):
        window.setFocus()
        widget.clearFocus()  # a page may hand the focus to its first row
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.isVisible() and widget.hasFocus() and widget.grab().toImage() == before:
            unseen.append(widget.accessibleName())
    assert unseen == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FORMS])
def test_whatever_has_a_box_has_a_key(open_scene, name):
    boxed = [widget for widget in controls(open_scene(name)) if isinstance(widget, KeyButton) and not widget.flat]
    assert [button.text() for button in boxed if not button.key] == []


def toggle(button):
    """Do what a screen reader does where others click."""
    button.toggle() if button.isCheckable() else button.click()


def test_a_screen_reader_goes_from_page_to_page(open_scene):
    window = open_scene("train")
    for button, page in zip(window.rail.buttons, window.pages, strict=True):
        toggle(button)
        assert page.widget.isVisible()
        assert [other.isChecked() for other in window.rail.buttons].count(True) == 1


def test_what_a_screen_reader_answers_before_the_first_session_counts(open_scene):
    window = open_scene("care-first")
    yes, no = window.steps.care.choices["prone"]
    toggle(no)
    assert (window.source.care.check.answers["prone"], no.isChecked(), yes.isChecked()) == (False, True, False)
    toggle(yes)
    window.look_around()
    assert (window.source.care.check.answers["prone"], no.isChecked(), yes.isChecked()) == (True, False, True)


def test_numbers_of_effort_are_no_numbers_of_pain(open_scene):
    numbers = open_scene("effort-after").steps.pain.numbers
    assert numbers[3].accessibleName() == "Effort 3 of 10"


def test_pillars_and_ring_tell_a_value_to_a_screen_reader(open_scene):
    train = open_scene("train").train
    assert {side: pillar.value() for side, pillar in train.pillars.items()} == {"left": 4, "right": 62}
    assert {(pillar.minimum(), pillar.maximum()) for pillar in train.pillars.values()} == {(0, 120)}
    assert (train.ring.value(), train.ring.maximum()) == (40, 100)


def test_a_lost_side_tells_no_value(open_scene):
    train = open_scene("lost").train
    assert train.pillars["left"].value() < train.pillars["left"].minimum()
    assert "no signal" in train.pillars["left"].accessibleDescription()


@pytest.mark.parametrize("name", SCENES)
def test_without_colour_the_sides_are_told_by_shape_word_and_place(make_window, read_text, name):
    window = make_window(SCENES[name])
    grey = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    left, right = (window.train.pillars[side] for side in ("left", "right"))
    corners = []
    for pillar in (left, right):
        box = pillar._column.translated(QPoint(pillar.mapTo(window, QPoint())).toPointF())
        corner, inside = box.topLeft() + QPoint(4, 4).toPointF(), box.topLeft() + QPoint(0, 90).toPointF()
        ground = load_colours().ground.lightness()
        outside = abs(QColor(grey.pixel(corner.toPoint())).lightness() - ground) <= 2
        assert abs(QColor(grey.pixel(inside.toPoint() + QPoint(30, 0))).lightness() - ground) > 2
        corners.append(outside)
    assert corners == [False, True], "a square on the left, round on the right"
    words = {
        widget: [said for said, _px, _box, owner in read_text(window) if owner is widget] for widget in (left, right)
    }
    assert "LEFT" in words[left]
    assert "RIGHT" in words[right]


@pytest.mark.parametrize("name", ADDRESSED)
def test_without_colour_the_addressed_side_is_still_outlined(make_window, name):
    window = make_window(SCENES[name])
    grey = window.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    light = {}
    for side, pillar in window.train.pillars.items():
        origin = pillar.mapTo(window, QPoint())
        column = pillar._column
        y = round(origin.y() + column.top() + 0.3 * column.height())
        edges = range(round(origin.x() + column.left()) - 2, round(origin.x() + column.left()) + 4)
        light[side] = max(QColor(grey.pixel(x, y)).lightness() for x in edges)
    assert light["left"] > light["right"] + 40


def test_nothing_moves_but_the_signal(make_window, application):
    window = make_window(SCENES["train"])
    pictures = []
    for _ in range(3):
        application.processEvents()
        pictures.append(window.train.grab().toImage())
    assert not any(one != other for one, other in pairwise(pictures))


def test_a_change_is_whole_in_the_frame_in_which_it_arrives(make_window, application):
    window = make_window(SCENES["train"])
    window.source.now = SCENES["train-together"]
    settle(window)
    first = window.train.grab().toImage()
    application.processEvents()
    assert first == window.train.grab().toImage()


def test_every_page_has_a_key_of_its_own(qtbot, make_window):
    window = make_window(SCENES["train"])
    for number, page in enumerate(window.pages):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
        assert isinstance(page.widget, QWidget)
        assert page.widget.isVisible()
