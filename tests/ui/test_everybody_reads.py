"""What everybody must be able to read: every page, every state, on small and large screens, in both languages.

A page is laid out in device-independent px, so a screen of 3840 x 2160 at 300 % is a window of 1280 x 720; that the
scale itself changes no place is shown in `test_everybody_scale`. By default every page is opened once, each in another
window than the one before; ``GLUTEWAKE_FULL=1`` opens all in all.
"""

import os
import re
from itertools import cycle, product
from typing import NamedTuple, get_args

import pytest
from PyQt6.QtCore import QPoint, QRect, QRectF
from PyQt6.QtGui import QPainter, QRegion
from PyQt6.QtWidgets import QAbstractScrollArea, QWidget

from app import language
from app.pipeline.programmes import programme_ids
from app.preferences import TextPct
from app.ui import text, theme
from app.ui.history_page import HistoryPage
from app.ui.main_window import MainWindow
from app.ui.start_page import StartPage
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, grown
from app.ui.widgets.bars import Notice
from app.ui.widgets.expert import ExpertView
from app.ui.widgets.painted import Painted
from app.ui.widgets.plan_block import PlanBlock
from app.ui.widgets.question import QuestionPanel
from app.ui.widgets.story_block import StoryBlock
from tests.ui.conftest import Loss
from tests.ui.every_scene import EVERY, settle, simulated
from tests.ui.past_scenes import REVIEWS, opened_session, show_review
from tests.ui.scenes import StagedSource

SIZES = {
    "1024x640": (1024, 640),
    "1440x900": (1440, 900),
    "3840x2160": (3840, 2160),
    "3840x2160 at 200 %": (1920, 1080),
    "3840x2160 at 300 %": (1280, 720),
    "the least window, on any smaller screen": (960, 540),
}
WINDOWS = list(product(SIZES.values(), ("en", "de"), get_args(TextPct)))
NAMES = (*EVERY, *REVIEWS)
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
CASES = (
    list(product(NAMES, WINDOWS))
    if FULL
    else list(zip(NAMES, cycle(WINDOWS[::5] + WINDOWS[1::5] + WINDOWS[2::5] + WINDOWS[3::5] + WINDOWS[4::5])))
)


MAY_GO = (StartPage, HistoryPage, PlanBlock, QuestionPanel, ExpertView)
"""Where a sentence that says more, and asks for nothing, goes as a whole if there is no room for it."""
TITLE_PX = 22
"""From this size on a text is a title, which may be shortened in the middle; as may what is nobody's sentence."""
NAMED = re.compile(r"/|uMyo|^P-\d+$")


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


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A kept session to review."""
    return opened_session(tmp_path_factory.mktemp("past"))


@pytest.fixture
def seen(request, make_window, read_page):
    """Open a page and read what can be seen on it, and what is lost."""

    def open_and_read(name, size, reader, pct):
        past = request.getfixturevalue("session") if name in REVIEWS else None
        language.use(reader)
        theme.enlarge_text(pct)
        window = make_window(source=StagedSource() if past else EVERY[name].source(), size=size)
        if past:
            show_review(window, past, REVIEWS[name])
        else:
            EVERY[name].act(window)
        settle(window)
        found, losses = read_page(window)
        texts = [Seen(*one) for one in found]
        shown = [one for one in texts if shown_of(one).intersects(one.box.toAlignedRect())]
        if window.tour.tour is not None:  # it dims what is not spoken of
            shown = [
                one for one in shown if one.widget is window.tour.tour or window.tour.tour.isAncestorOf(one.widget)
            ]
        return window, shown, losses

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


def is_missed(loss: Loss) -> bool:
    """Whether words of it are missed by somebody who reads."""
    if isinstance(loss.widget, StoryBlock):  # it ends with a sign that more would follow
        return False
    if loss.widget.visibleRegion().isEmpty() or (loss.px >= TITLE_PX and not loss.is_sentence):
        return False
    return not NAMED.search(loss.words) if loss.left else not isinstance(loss.widget, MAY_GO)


def findings(opened: MainWindow, texts: list[Seen], losses: list[Loss]) -> list[str]:
    """What is wrong with the texts of a window."""
    under_notice = opened.notice.geometry() if opened.notice.isVisible() else QRect()
    texts = [
        one for one in texts
        if isinstance(one.widget, Notice | type(None)) or opened.notice.isAncestorOf(one.widget)
        or not under_notice.intersects(one.box.toAlignedRect())
    ]  # fmt: skip
    wrong = [f"{one.words!r} is cut" for one in texts if is_cut(one)]
    wrong += [f"{one.words!r} is covered" for one in texts if is_covered(one)]
    wrong += [f"{loss.words!r} is not told whole" for loss in losses if is_missed(loss)]
    wrong += [f"{one.words!r} is too small" for one in texts if grown(one.px) < LEAST_TEXT_PX]
    for number, one in enumerate(texts):
        for other in texts[number + 1 :]:
            if one.box.intersects(other.box) and seen_part(one).intersects(seen_part(other)):
                wrong.append(f"{one.words!r} meets {other.words!r}")
    return wrong


@pytest.mark.parametrize(("name", "window"), CASES, ids=told)
def test_every_text_is_whole_and_large_enough_and_meets_no_other(seen, name, window):
    wrong = findings(*seen(name, *window))
    assert not wrong, "; ".join(wrong)


@pytest.mark.parametrize("name", programme_ids())
def test_the_set_up_of_every_exercise_is_told_whole_in_the_least_window(make_window, read_page, name):
    language.use("de")
    theme.enlarge_text(130)
    window = make_window(source=simulated(name), size=(960, 540))
    settle(window)
    assert [loss.words for loss in read_page(window)[1] if is_missed(loss)] == []


def spoil_by_width(window: MainWindow) -> None:
    window.train.lag.resize(60, window.train.lag.height())


def spoil_by_place(window: MainWindow) -> None:
    window.train.symmetry.move(window.train.lag.pos())


def spoil_by_edge(window: MainWindow) -> None:
    window.status.move(0, window.status.y() + 30)


def spoil_by_cover(window: MainWindow) -> None:
    cover = QWidget(window.train)
    cover.setAutoFillBackground(True)
    cover.setGeometry(window.train.ring.geometry())
    cover.show()


def spoil_by_last_line(window: MainWindow) -> None:
    class Forgetful(Painted):
        def draw(self, painter: QPainter) -> None:
            lines = text.wrap("One two three four five six", 15, 400, self.width())
            text.paint(painter, 0, 20, [Run(lines[0], 15, self.colours.text)])

    forgetful = Forgetful(window.train.colours, "", window.train.lag)
    forgetful.setGeometry(0, 0, 90, 30)
    forgetful.show()


def spoil_by_middle(window: MainWindow) -> None:
    class Short(Painted):
        def draw(self, painter: QPainter) -> None:
            words = text.elide("One two three four five six", 15, 400, self.width())
            text.paint(painter, 0, 20, [Run(words, 15, self.colours.text)])

    short = Short(window.train.colours, "", window.train.lag)
    short.setGeometry(0, 0, 90, 30)
    short.show()


SPOILT = {
    spoil_by_width: "is cut", spoil_by_place: "meets", spoil_by_edge: "is cut", spoil_by_cover: "is covered",
    spoil_by_last_line: "is not told whole", spoil_by_middle: "is not told whole",
}  # fmt: skip


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_a_spoilt_page_is_found(make_window, read_page, spoil):
    def wrong() -> list[str]:
        found, losses = read_page(window)
        return findings(window, [Seen(*one) for one in found], losses)

    window = make_window(source=EVERY["train"].source())
    settle(window)
    assert wrong() == []
    spoil(window)
    assert any(SPOILT[spoil] in one for one in wrong())
