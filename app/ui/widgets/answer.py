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

ROOMY = 184
"""Height from which on an answer is set as large as it was drawn."""


class Answer(PaintedButton):
    """A big answer: what is so, what it means, and its key."""

    def __init__(self, colours: Colours, words: tuple[str, str], key: str, parent: QWidget) -> None:
        super().__init__(colours, words[0], parent)
        self._words, self._key = words, key
        self._share: int | None = None
        self.setAccessibleDescription(f"{words[1]} {_('Key: {key}', key=key_name(key))}")
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(440, 150)

    def needed_height(self, width: int, share: int) -> int:
        """Height that its words need at a width, and no less than its share."""
        self._share = share
        first, _px, small, leading = self._sizes(width)
        lines = text.wrap(self._words[1], small, REGULAR, width - 2 * self._pad(width))
        return max(share, round(first + (len(lines) + 0.4) * leading) + 14)

    def _pad(self, width: int) -> int:
        share = self._share or self.height()
        return (36 if share >= ROOMY else 28) if share >= 130 and width > 400 else 20

    def _sizes(self, width: int) -> tuple[int, int, int, int]:
        """Baseline and size of what is so; size and leading of what it means."""
        share = self._share or self.height()
        if share >= ROOMY and width > 400:
            return 70, 36, 18, text.leading(18)
        first, px = (62, 28 if width > 400 else 22) if share >= 130 else (34 if share < 122 else 46, 22)
        small = 15 if share < 122 else 17
        return first, px, small, text.leading(small) - (1 if share < 122 else 0)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        possible = self.isEnabled()
        box = QRectF(self.rect()).adjusted(4.5, 4.5, -4.5, -4.5)
        painter.setPen(marks.pen(ink.text2 if possible else ink.line, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.underMouse() and possible:
            painter.fillRect(box, ink.well)
        painter.drawRoundedRect(box, 6, 6)
        pad = self._pad(self.width())
        first, px, small, leading = self._sizes(self.width())
        key = Run(key_name(self._key), 20 if px >= 36 else 16, ink.text3)
        room = self.width() - 2 * pad - text.width([key]) - 20
        px = text.shrunk(self._words[0], px, SEMIBOLD, room)
        colour = ink.text if possible else ink.text3
        text.paint(painter, pad, first, [Run(self._words[0], px, colour, SEMIBOLD)])
        text.paint(painter, self.width() - pad, first - 2, [key], "right")
        for row, line in enumerate(text.wrap(self._words[1], small, REGULAR, self.width() - 2 * pad)):
            y = first + 1.4 * leading + leading * row
            text.paint(painter, pad, y, [Run(line, small, ink.text2 if possible else ink.text3)])
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
