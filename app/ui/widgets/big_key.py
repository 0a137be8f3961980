"""The one big key of a page."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.key_names import key_name
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, outline
from app.ui.widgets.painted import PaintedButton


class BigKey(PaintedButton):
    """A filled button, with its key; what it says shrinks until it fits."""

    def __init__(self, colours: Colours, label: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(colours, label, parent)
        self.setText(label)
        self.key = key
        self.setAccessibleDescription(_("Key: {key}", key=key_name(key)))
        self.resize(428, 92)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        box = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.text if self.isEnabled() else ink.edge)
        painter.drawRoundedRect(box, 6, 6)
        key = Run(key_name(self.key), 16, ink.ground)
        room = box.width() - 76 - text.width([key])
        px = text.shrunk(self.text(), 30 if box.height() >= 80 else 28, SEMIBOLD, room)
        middle = box.center().y()
        text.paint(painter, box.left() + 32, middle + 0.35 * px, [Run(self.text(), px, ink.ground, SEMIBOLD)])
        text.paint(painter, box.right() - 24, middle + 6, [key], "right")
        if self.hasFocus():
            outline(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), ink.focus, 2, 8)
