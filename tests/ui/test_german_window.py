"""Every page in German: nothing English is left on it, and nothing is cut where the words are longer."""

import re

import pytest
from PyQt6.QtCore import QPoint, QRectF
from PyQt6.QtWidgets import QAbstractButton, QWidget

from app import language
from app.said import said
from tests.ui.calibrate_scenes import CALIBRATE_SCENES
from tests.ui.care_scenes import CARE_SCENES
from tests.ui.past_scenes import show_history
from tests.ui.scenes import SCENES, StagedSource
from tests.ui.sensor_scenes import SENSOR_SCENES
from tests.ui.setup_scenes import SETUP_SCENES

ENGLISH = re.compile(
    r"\b(the|and|of|with|your|you|this|that|is|are|not|yet|squeezes?|left|right|rest|sides?|pads?|goal|press|now|both|"
    r"no|none|lost|yes|key|space|joins?|joined|from|to)\b",
    re.IGNORECASE,
)
"""Words by which English is told from German; no German text of the window has one."""
NAMES = re.compile(r"GluteWake|BioAmp on Arduino|Plain text lines|Deutsch|English|Reset|USB Serial")
SCENES_WITH_PAGE = [
    *(("train", name) for name in SCENES), *(("care", name) for name in CARE_SCENES),
    *(("calibrate", name) for name in CALIBRATE_SCENES), *(("sensors", name) for name in SENSOR_SCENES),
    *(("setup", name) for name in SETUP_SCENES), ("history", "history"),
]  # fmt: skip
OWN_WORDS = re.compile(
    "Picture that cheek before you press|Press half as hard, fingers on the cheek|The left unit is out of reach or off|"
    "Bring it near and switch it on|Squeeze 2|There is no uMyo 3F2A in reach|"
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


def open_scene(make_window, page, name, size):
    if page == "care":
        return make_window(source=CARE_SCENES[name](), size=size)
    if page == "calibrate":
        window = make_window(source=CALIBRATE_SCENES[name](), size=size)
        window.show_page(2)
    elif page == "sensors":
        scene = SENSOR_SCENES[name]
        window = make_window(source=scene.source(), size=size)
        window.show_page(1)
        window.look_around()
        scene.act(window)
    elif page == "setup":
        setup = SETUP_SCENES[name]
        window = make_window(source=setup.source(), size=size)
        setup.act(window)
    elif page == "history":
        window = make_window(size=size)
        show_history(window)
    else:
        return make_window(source=StagedSource(now=SCENES[name]), size=size)
    window.pull()
    window.look_around()
    return window


def spoken(window):
    """All that a screen reader would say."""
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisible():
            yield from (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip())
            if isinstance(widget, QAbstractButton):
                yield widget.text()


def is_english(text):
    text = OWN_WORDS.sub("", NAMES.sub("", text))
    return bool(ENGLISH.search(text)) or said(text) != text


@pytest.mark.parametrize(("page", "name"), SCENES_WITH_PAGE)
def test_nothing_english_is_left_on_a_page(make_window, read_text, page, name):
    window = open_scene(make_window, page, name, (1440, 900))
    shown = {words for words, *_ in read_text(window)} | {words for words in spoken(window) if words}
    assert {words for words in shown if is_english(words)} == set()


@pytest.mark.parametrize(("page", "name"), SCENES_WITH_PAGE)
def test_no_german_word_is_cut_at_the_edge_of_a_small_window(make_window, read_text, page, name):
    window = open_scene(make_window, page, name, (1024, 640))
    cut = set()
    for words, _px, box, widget in read_text(window):
        room = QRectF(widget.rect()).translated(widget.mapTo(window, QPoint()).toPointF())
        if box.left() < room.left() - 2 or box.right() > room.right() + 2:
            cut.add(words)
    assert cut == set()
