"""Which calibration: four big answers, and what is in force now."""

from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.calibrating.view import Kind
from app.ui import calibrate_words, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.answer import Answer
from app.ui.widgets.painted import Canvas

_GAP: Final = 12


class KindChoice(Canvas):
    """The choice; ``chosen`` carries the kind."""

    chosen = pyqtSignal(str)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _(calibrate_words.CHOOSE), parent)
        self.reference = ""
        self.answers = {
            kind: Answer(colours, (_(name), _(words)), calibrate_words.KIND_KEYS[kind], self)
            for kind, (name, words) in calibrate_words.KINDS.items()
        }
        for kind, answer in self.answers.items():
            answer.clicked.connect(lambda _checked, kind=kind: self.chosen.emit(kind))

    def show_reference(self, sentence: str) -> None:
        """Say what is in force."""
        if sentence != self.reference:
            self.reference = sentence
            self.setAccessibleDescription(sentence)
            self.update()

    def kind(self, letter: str) -> Kind:
        """The kind that a key stands for."""
        return next(kind for kind, key in calibrate_words.KIND_KEYS.items() if key == letter)

    def _top(self) -> int:
        return round(84 + 0.25 * (self.height() - 480)) if self.height() >= 480 else 50

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        width = min(620, (self.width() - _GAP) // 2)
        height = min(168, (self.height() - self._top() - 72 - _GAP) // 2)
        left = (self.width() - 2 * width - _GAP) // 2
        for number, answer in enumerate(self.answers.values()):
            row, column = divmod(number, 2)
            answer.setGeometry(left + column * (width + _GAP), self._top() + row * (height + _GAP), width, height)

    def draw(self, painter: QPainter) -> None:
        ink, middle = self.colours, self.width() / 2
        px = 40 if self.height() >= 480 else 30
        text.paint(
            painter, middle, self._top() - 24, [Run(_(calibrate_words.CHOOSE), px, ink.text, SEMIBOLD)], "centre"
        )
        y = list(self.answers.values())[-1].geometry().bottom() + 34
        for line in text.wrap(self.reference, 17, MEDIUM, self.width() - 40):
            text.paint(painter, middle, y, [Run(line, 17, ink.text, MEDIUM)], "centre")
            y += 25
        text.paint(painter, middle, y, [Run(_(calibrate_words.UNTIL_OFF), 16, ink.text2, REGULAR)], "centre")
