"""A tile to press: who trains."""

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, outline
from app.ui.widgets.painted import PaintedButton

_FACE_FROM: Final = 230


class PersonTile(PaintedButton):
    """A person, or the way to the others.

    Parameters
    ----------
    colours : Colours
    name, detail : str
        Without a detail it stands in the middle, without a face.
    key : str
    """

    def __init__(
        self, colours: Colours, name: str, detail: str, key: str, *, here: bool = False, parent: QWidget | None = None
    ) -> None:
        said = _("{name}, trains now", name=name) if here else name
        super().__init__(colours, said, parent)
        self.name, self.detail, self.key, self.here = name, detail, key, here
        self.setAccessibleDescription(detail)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        box = QRectF(self.rect()).adjusted(RING + 1, RING + 1, -RING - 1, -RING - 1)
        if self.here:
            path = QPainterPath()
            path.addRoundedRect(box, 6, 6)
            painter.fillPath(path, ink.well)
        outline(painter, box, ink.text if self.here or self.underMouse() else ink.edge, 2 if self.here else 1, 6)
        if self.hasFocus():
            outline(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), ink.focus, 2, 8)
        if not self.detail:
            room = box.width() - 24
            px, words = text.in_line(self.name, 16, MEDIUM, room)
            run = Run(words, px, self.ink(ink.text2), MEDIUM)
            text.paint(painter, box.center().x(), box.center().y() + 6, [run], "centre")
            return
        middle, stroke = box.center().y(), ink.text if self.here else ink.edge
        left = box.left() + 16
        if box.width() >= _FACE_FROM:
            painter.setPen(marks.pen(stroke, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            centre = QPointF(box.left() + 38, middle)
            painter.drawEllipse(centre, 20, 20)
            painter.drawEllipse(QPointF(centre.x(), middle - 5), 6, 6)
            painter.drawArc(QRectF(centre.x() - 11, middle + 4, 22, 18), 20 * 16, 140 * 16)
            left += 58
        room = box.right() - left - 36
        name = text.elide(self.name, 18, SEMIBOLD, room - (14 if self.key and not self.here else 0))
        text.paint(painter, left, middle - 4, [Run(name, 18, ink.text, SEMIBOLD if self.here else MEDIUM)])
        room = box.right() - left - 8  # neither tick nor key stands here
        px, detail = text.in_line(self.detail, 15, REGULAR, room)
        text.paint(painter, left, middle + 19, [Run(detail, px, ink.text2)])
        if self.here:
            marks.tick(painter, QPointF(box.right() - 26, middle - 8), 7, ink.text, 2.4)
        else:
            text.paint(painter, box.right() - 16, middle - 4, [Run(self.key, 14, ink.text3)], "right")
