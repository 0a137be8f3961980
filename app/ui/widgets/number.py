"""One number of the scale of pain, or of effort, with its key."""

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.care import MOST_PAIN, CareStep
from app.ui import text
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, outline
from app.ui.widgets.painted import PaintedButton


class Number(PaintedButton):
    """One number of the scale, with its key beneath."""

    def __init__(self, colours: Colours, number: int, key: str, parent: QWidget) -> None:
        super().__init__(colours, _("Pain {n} of {of}", n=number, of=MOST_PAIN), parent)
        self._number, self._key = number, key
        self.setAccessibleDescription(_("Key: {key}", key=key))
        self.resize(self.sizeHint())

    def ask_for(self, step: CareStep) -> None:
        """Be a number of how hard it was, or of the pain."""
        n, of = self._number, MOST_PAIN
        hard = step == "effort-after"
        self.setAccessibleName(_("Effort {n} of {of}", n=n, of=of) if hard else _("Pain {n} of {of}", n=n, of=of))

    def sizeHint(self) -> QSize:
        return QSize(76, 92)

    def draw(self, painter: QPainter) -> None:
        ink, middle = self.colours, self.width() / 2
        box = QRectF(self.rect()).adjusted(RING + 0.5, RING + 0.5, -RING - 0.5, -RING - 0.5)
        if self.underMouse():
            painter.fillRect(box, ink.well)
        outline(painter, box, ink.text2, 1.5, 6)
        lower = str(self._number) != self._key
        y = self.height() / 2 + (2 if lower else 10)
        text.paint(painter, middle, y, [Run(str(self._number), 28, ink.text, SEMIBOLD)], "centre")
        if lower:
            text.paint(painter, middle, y + 24, [Run(self._key, 14, ink.text3)], "centre")
        if self.hasFocus():
            outline(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), ink.focus, 2, 8)
