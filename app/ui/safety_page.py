"""The step before a wired sensor begins: the mains are off, or an isolator lies in between. No sample comes before."""

from collections.abc import Callable

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QKeySequence, QPainter, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.mains import Power
from app.session.events import MainsAnswer
from app.ui import marks, text
from app.ui.sensor_words import (
    ISOLATOR_ANSWER,
    MAINS_FOOT,
    MAINS_SENTENCE,
    UNPLUGGED_ANSWER,
    mains_state,
    mains_title,
)
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.answer import Answer
from app.ui.widgets.painted import Canvas
from app.ui.widgets.room import seen_height

_FOOT = 80
"""Room for what stands beneath the answers."""


class SafetyPage(Canvas):
    """The page; `answer` gets what the person says."""

    def __init__(self, colours: Colours, answer: Callable[[MainsAnswer], None], parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Unplug the mains"), parent)
        self.power: Power = "unknown"
        self.unplugged = Answer(colours, (_(UNPLUGGED_ANSWER[0]), _(UNPLUGGED_ANSWER[1])), "U", self)
        self.isolator = Answer(colours, (_(ISOLATOR_ANSWER[0]), _(ISOLATOR_ANSWER[1])), "I", self)
        self.unplugged.clicked.connect(lambda: answer("on-battery" if self.power == "battery" else "unplugged"))
        self.isolator.clicked.connect(lambda: answer("isolator"))
        for key, button in (("U", self.unplugged), ("I", self.isolator)):
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        self.show_power("unknown")

    def show_power(self, power: Power) -> None:
        """Show what the system tells; while the charger is in, nobody can say that it is out."""
        self.power = power
        self.unplugged.setEnabled(power != "mains")
        self.say(f"{_(MAINS_SENTENCE)} {mains_state(power)[1]}")
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        width = min(468, (self.width() - 2 * 32) // 2)
        height = 158 if seen_height(self) >= 560 else 122
        top = round(self._top() + (258 if seen_height(self) >= 560 else 200))
        middle = self.width() // 2
        places = ((self.unplugged, middle - width - 10), (self.isolator, middle + 10))
        height = max(answer.needed_height(width, height) for answer, _x in places)
        for answer, x in places:
            answer.setGeometry(x, top, width, height)
        self.setMinimumHeight(top + height + _FOOT)

    def _top(self) -> float:
        return max(8.0, (seen_height(self) - 600) * 0.4)

    def draw(self, painter: QPainter) -> None:
        ink, middle, top = self.colours, self.width() / 2, self._top()
        roomy = seen_height(self) >= 560
        px = 52 if roomy else 40
        y = top + (76 if roomy else 52)
        for line in mains_title():
            text.paint(painter, middle, y, [Run(line, px, ink.text, SEMIBOLD)], "centre")
            y += 1.2 * px
        mark, sentence = mains_state(self.power)
        y += 4 if roomy else 0
        runs = [Run(_("This sensor is wired to the computer.") + " ", 19, ink.text2), Run(sentence, 19, ink.text)]
        if text.width(runs) + 32 > self.width() - 64:
            runs = [Run(sentence, text.shrunk(sentence, 18, REGULAR, self.width() - 96), ink.text)]
        left = middle - text.width(runs) / 2 + 16
        centre = QPointF(left - 18, y - 7)
        if mark == "warning":
            marks.warning(painter, centre, 10, ink)
        else:
            marks.tick(painter, centre, 8, ink.text, 2.4)
        text.paint(painter, left, y, runs)
        foot = self.unplugged.geometry().bottom() + (44 if roomy else 34)
        for row, line in enumerate(text.wrap(_(MAINS_FOOT), 16, REGULAR, self.width() - 80)):
            text.paint(painter, middle, foot + 24 * row, [Run(line, 16, ink.text3)], "centre")
