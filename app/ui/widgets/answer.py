"""A big answer to a question: what is so, what it means, and its key."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.key_names import key_name
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import PaintedButton


class Answer(PaintedButton):
    """A big answer: what is so, what it means, and its key."""

    def __init__(self, colours: Colours, words: tuple[str, str], key: str, parent: QWidget) -> None:
        super().__init__(colours, words[0], parent)
        self._words, self._key = words, key
        self.setAccessibleDescription(f"{words[1]} {_('Key: {key}', key=key_name(key))}")
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(440, 150)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        possible = self.isEnabled()
        box = QRectF(self.rect()).adjusted(4.5, 4.5, -4.5, -4.5)
        painter.setPen(marks.pen(ink.text2 if possible else ink.line, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.underMouse() and possible:
            painter.fillRect(box, ink.well)
        painter.drawRoundedRect(box, 6, 6)
        roomy = self.height() >= 130
        px, pad = (28, 28) if roomy and self.width() > 400 else (22, 20)
        tight = self.height() < 122
        key = Run(key_name(self._key), 16, ink.text3)
        while px > 18 and text.width([Run(self._words[0], px, ink.text, SEMIBOLD)]) > self.width() - 2 * pad - 60:
            px -= 1
        first = 62 if roomy else 34 if tight else 46
        colour = ink.text if possible else ink.text3
        text.paint(painter, pad, first, [Run(self._words[0], px, colour, SEMIBOLD)])
        text.paint(painter, self.width() - pad, first - 2, [key], "right")
        small, leading = (15, 20) if tight else (17, 24)
        for row, line in enumerate(text.wrap(self._words[1], small, REGULAR, self.width() - 2 * pad)[:2]):
            y = first + 1.4 * leading + leading * row
            text.paint(painter, pad, y, [Run(line, small, ink.text2 if possible else ink.text3)])
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
