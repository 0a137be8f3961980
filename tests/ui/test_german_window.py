"""Every page in German: nothing English is left on it, and nothing is cut where the words are longer.

That no text is cut, covered or met by another in any size of window is shown for every page in `test_everybody_reads`.
"""

import re
from typing import get_args

import pytest
from PyQt6.QtCore import QPoint, QRectF
from PyQt6.QtWidgets import QAbstractButton, QWidget

from app import language
from app.said import said
from app.ui.review_page import View
from app.ui.stage import Stage
from app.ui.theme import load_colours
from app.ui.train_scene import Scenes
from tests.ui.every_scene import EVERY, settle, visible
from tests.ui.past_scenes import opened_session, show_review
from tests.ui.scenes import SCENES, StagedSource

ENGLISH = re.compile(
    r"\b(the|and|of|with|your|you|this|that|is|are|not|yet|squeezes?|left|right|rest|sides?|pads?|goal|press|now|both|"
    r"no|none|lost|yes|key|space|joins?|joined|from|to)\b",
    re.IGNORECASE,
)
"""Words by which English is told from German; no German text of the window has one."""
NAMES = re.compile(
    r"GluteWake|\bPause\b|BioAmp on Arduino|Plain text lines|Deutsch|English|Reset|USB Serial|sim:waking-left"
)
OWN_WORDS = re.compile(
    "Picture that cheek before you press|Press half as hard, fingers on the cheek|The left unit is out of reach or off|"
    "Bring it near and switch it on|There is no uMyo 3F2A in reach|"
    "Switch it on, bring it near, then try again|Bluetooth is switched off|"
    "Switch it on in the system's settings, then search again|Simulated person|Isometric hold, prone|"
    "Prone ankle squeeze"
)
"""What the scenes themselves invent, as a person or a file would."""


@pytest.fixture(autouse=True)
def german():
    language.use("de")
    yield
    language.use("en")


@pytest.fixture
def open_scene(make_window):
    """Open any page in any state."""

    def make(name, size):
        window = make_window(source=EVERY[name].source(), size=size)
        EVERY[name].act(window)
        settle(window)
        return window

    return make


def spoken(window):
    """All that a screen reader would say."""
    for widget in visible(window):
        yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
        if isinstance(widget, QAbstractButton):
            yield widget.text()


def is_english(text):
    text = OWN_WORDS.sub("", NAMES.sub("", text))
    return bool(ENGLISH.search(text)) or said(text) != text


@pytest.mark.parametrize("name", EVERY)
def test_nothing_english_is_left_on_a_page(open_scene, read_text, name):
    window = open_scene(name, (1440, 900))
    shown = {words for words, *_ in read_text(window)} | {words for words in spoken(window) if words}
    assert {words for words in shown if is_english(words)} == set()


@pytest.mark.parametrize("name", EVERY)
def test_no_german_word_is_cut_at_the_edge_of_a_small_window(open_scene, read_text, name):
    window = open_scene(name, (1024, 640))
    cut = set()
    for words, _px, box, widget in read_text(window):
        room = QRectF(widget.rect()).translated(widget.mapTo(window, QPoint()).toPointF())
        if box.left() < room.left() - 2 or box.right() > room.right() + 2:
            cut.add(words)
    assert cut == set()


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A recorded session, made once."""
    return opened_session(tmp_path_factory.mktemp("recordings"))


@pytest.mark.parametrize("view", get_args(View))
def test_nothing_english_is_left_where_a_session_is_looked_at_again(make_window, read_text, session, view):
    window = make_window(source=StagedSource(), size=(1440, 900))
    show_review(window, session, view)
    settle(window)
    shown = {words for words, *_ in read_text(window)} | {words for words in spoken(window) if words}
    assert {words for words in shown if is_english(words)} == set()


@pytest.mark.parametrize("name", SCENES)
def test_nothing_english_is_left_on_the_stage(application, read_text, name):
    host = QWidget()
    stage = Stage(load_colours(), 2.0, host)
    stage.resize(1280, 800)
    stage.show()
    stage.show_scene(Scenes().look(SCENES[name], reasons={}))
    application.processEvents()
    shown = {words for words, *_ in read_text(stage)} | {stage.accessibleName(), stage.accessibleDescription()}
    stage.close()
    assert {words for words in shown if is_english(words)} == set()
