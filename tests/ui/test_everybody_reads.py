"""What everybody must be able to read: every page, every state, on small and large screens, in both languages.

A page is laid out in device-independent px, so a screen of 3840 x 2160 at 300 % is a window of 1280 x 720; that the
scale itself changes no place is shown in `test_everybody_scale`. By default every page is opened once, each in another
window than the one before; ``GLUTEWAKE_FULL=1`` opens all in all.
"""

import os
from itertools import cycle, product
from typing import NamedTuple

import pytest
from PyQt6.QtCore import QPoint, QRect, QRectF
from PyQt6.QtGui import QRegion
from PyQt6.QtWidgets import QAbstractScrollArea, QWidget

from app import language
from app.ui import theme
from app.ui.theme import LEAST_TEXT_PX, grown
from app.ui.widgets.bars import Notice
from tests.ui.every_scene import EVERY, settle

SIZES = {
    "1024x640": (1024, 640),
    "1440x900": (1440, 900),
    "3840x2160": (3840, 2160),
    "3840x2160 at 200 %": (1920, 1080),
    "3840x2160 at 300 %": (1280, 720),
    "the least window, on any smaller screen": (960, 540),
}
ROOMY = [size for size in SIZES.values() if size[0] >= 1280]
"""The largest text is not promised in smaller windows: there some words of some pages still meet or are cut."""
WINDOWS = [*product(SIZES.values(), ("en", "de"), (100,)), *product(ROOMY, ("en", "de"), (130,))]
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
CASES = (
    list(product(EVERY, WINDOWS))
    if FULL
    else list(zip(EVERY, cycle(WINDOWS[::3] + WINDOWS[1::3] + WINDOWS[2::3]), strict=False))
)


class Seen(NamedTuple):
    """A text that can be seen, in the window's coordinates."""

    words: str
    px: int
    box: QRectF
    widget: QWidget


@pytest.fixture(autouse=True)
def usual_text():
    yield
    language.use("en")
    theme.enlarge_text(100)


@pytest.fixture
def seen(make_window, read_text):
    """Open a page and read what can be seen on it."""

    def open_and_read(name, size, reader, pct):
        language.use(reader)
        theme.enlarge_text(pct)
        window = make_window(source=EVERY[name].source(), size=size)
        EVERY[name].act(window)
        settle(window)
        texts = [Seen(*found) for found in read_text(window)]
        shown = [one for one in texts if shown_of(one).intersects(one.box.toAlignedRect())]
        if window.tour.tour is not None:  # it dims what is not spoken of
            shown = [
                one for one in shown if one.widget is window.tour.tour or window.tour.tour.isAncestorOf(one.widget)
            ]
        return window, shown

    return open_and_read


def shown_of(one: Seen) -> QRegion:
    """What can be seen of its widget: not what lies beneath another, or is scrolled away."""
    return one.widget.visibleRegion().translated(one.widget.mapTo(one.widget.window(), QPoint()))


def scrolls(widget: QWidget) -> bool:
    """Whether it lies in something that scrolls, but for the window itself."""
    above = widget.parentWidget()
    while above is not None and not (isinstance(above, QAbstractScrollArea) and above.parentWidget() != above.window()):
        above = above.parentWidget()
    return above is not None


def seen_part(one: Seen) -> QRegion:
    """What of it can be seen."""
    return shown_of(one).intersected(one.box.adjusted(1, 1, -1, -1).toAlignedRect())


def is_cut(one: Seen) -> bool:
    """Whether a letter of it is missing."""
    room = QRect(one.widget.mapTo(one.widget.window(), QPoint()), one.widget.size()).adjusted(-2, -2, 3, 3)
    if not room.contains(one.box.toAlignedRect()):
        return True
    window = one.widget.window()
    assert window is not None
    whole = window.rect().adjusted(-1, -1, 1, 1)
    return not scrolls(one.widget) and not whole.contains(one.box.toAlignedRect())


def is_covered(one: Seen) -> bool:
    """Whether something else lies on a part of it."""
    hidden = QRegion(one.box.adjusted(1, 1, -1, -1).toAlignedRect()).subtracted(shown_of(one))
    return not hidden.isEmpty() and not scrolls(one.widget)


def told(value: object) -> str:
    """How a case is named: train-1024x640-de-130."""
    return f"{value[0][0]}x{value[0][1]}-{value[1]}-{value[2]}" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize(("name", "window"), CASES, ids=told)
def test_every_text_is_whole_and_large_enough_and_meets_no_other(seen, name, window):
    opened, texts = seen(name, *window)
    under_notice = opened.notice.geometry() if opened.notice.isVisible() else QRect()
    texts = [
        one for one in texts
        if isinstance(one.widget, Notice | type(None)) or opened.notice.isAncestorOf(one.widget)
        or not under_notice.intersects(one.box.toAlignedRect())
    ]  # fmt: skip
    wrong = [f"{one.words!r} is cut" for one in texts if is_cut(one)]
    wrong += [f"{one.words!r} is covered" for one in texts if is_covered(one)]
    wrong += [f"{one.words!r} is too small" for one in texts if grown(one.px) < LEAST_TEXT_PX]
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            if one.box.intersects(other.box) and seen_part(one).intersects(seen_part(other)):
                wrong.append(f"{one.words!r} meets {other.words!r}")
    assert not wrong, "; ".join(wrong)
