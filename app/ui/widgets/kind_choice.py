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
from app.ui.widgets.room import seen_height

_GAP: Final = 12
_ABOVE_FOOT: Final = 34


class KindChoice(Canvas):
    """The choice; ``chosen`` carries the kind, ``gone_on`` says to go on with what broke off."""

    chosen = pyqtSignal(str)
    gone_on = pyqtSignal()

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _(calibrate_words.CHOOSE), parent)
        self.reference = ""
        self.answers = {
            kind: Answer(colours, (_(name), _(words)), calibrate_words.KIND_KEYS[kind], self)
            for kind, (name, words) in calibrate_words.KINDS.items()
        }
        self.go_on: Answer | None = None
        self._broken_off: tuple[str, str] | None = None
        for kind, answer in self.answers.items():
            answer.clicked.connect(lambda _checked, kind=kind: self.chosen.emit(kind))

    def show_reference(self, sentence: str) -> None:
        """Say what is in force."""
        if sentence != self.reference:
            self.reference = sentence
            self.say(sentence)
            self._place()

    def show_broken_off(self, words: tuple[str, str] | None) -> None:
        """Offer to go on with what broke off: title and meaning; None if there is nothing."""
        if words == self._broken_off:
            return
        self._broken_off = words
        if self.go_on is not None:
            self.go_on.deleteLater()
            self.go_on = None
        if words is not None:
            self.go_on = Answer(self.colours, words, calibrate_words.GO_ON_KEY, self)
            self.go_on.clicked.connect(self.gone_on)
            self.go_on.show()
        self._place()

    def kind(self, letter: str) -> Kind:
        """The kind that a key stands for."""
        return next(kind for kind, key in calibrate_words.KIND_KEYS.items() if key == letter)

    def _top(self) -> int:
        seen = seen_height(self)
        return round(84 + 0.25 * (seen - 480)) if seen >= 480 else 50

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        width = min(620, (self.width() - _GAP) // 2)
        room, y = seen_height(self) - self._top() - self._foot(), self._top()
        left = (self.width() - 2 * width - _GAP) // 2
        if self.go_on is not None:
            height = self.go_on.needed_height(2 * width + _GAP, min(116, room // 4))
            self.go_on.setGeometry(left, y, 2 * width + _GAP, height)
            y += height + _GAP
        share = min(168, (room - (y - self._top()) - _GAP) // 2)
        answers = list(self.answers.values())
        for row in (answers[:2], answers[2:]):
            height = max(answer.needed_height(width, share) for answer in row)
            for column, answer in enumerate(row):
                answer.setGeometry(left + column * (width + _GAP), y, width, height)
            y += height + _GAP
        in_force = sum(text.leading(px) for _line, px, _weight in self._in_force())
        self.setMinimumHeight(y - _GAP + (_ABOVE_FOOT - 20 + in_force if self._foot() else 0))
        self.update()

    def _in_force(self) -> list[tuple[str, int, int]]:
        """The lines about what is in force: words, size and weight."""
        said = ((self.reference, 17, MEDIUM), (_(calibrate_words.UNTIL_OFF), 16, REGULAR))
        room = self.width() - 40
        return [(line, px, weight) for words, px, weight in said for line in text.wrap(words, px, weight, room)]

    def _foot(self) -> int:
        """Room for what is in force; where the window is small it gives way to what broke off."""
        return 0 if self.go_on is not None and seen_height(self) < 380 else 72

    def draw(self, painter: QPainter) -> None:
        ink, middle = self.colours, self.width() / 2
        px = 40 if seen_height(self) >= 480 else 30
        text.paint(
            painter, middle, self._top() - 24, [Run(_(calibrate_words.CHOOSE), px, ink.text, SEMIBOLD)], "centre"
        )
        if not self._foot():
            return
        y = list(self.answers.values())[-1].geometry().bottom() + _ABOVE_FOOT
        for line, px, weight in self._in_force():
            run = Run(line, px, ink.text if weight == MEDIUM else ink.text2, weight)
            text.paint(painter, middle, y, [run], "centre")
            y += text.leading(px)
