"""The ring: the rep in the middle, how far it is around it."""

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text, words
from app.ui.layout import TrainLayout
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Gauge

_STROKE, _STROKE_SHARE = 10, 0.119
"""Least stroke, and its share of the radius."""


class Ring(Gauge):
    """The painted ring."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Progress"), 100, parent)
        self.view = words.Ring(0.0, "", "")
        self._radius = 0.0
        self._stroke = _STROKE
        self._captioned = True

    def place(self, layout: TrainLayout) -> None:
        """Take the place."""
        x, y, self._radius = layout.ring
        self._stroke = max(_STROKE, round(_STROKE_SHARE * self._radius))
        self._captioned = layout.kind != "stage"  # there it stands beneath, as large as the words of the pillars
        half = int(self._radius) + self._stroke
        self.setGeometry(round(x) - half, round(y) - half, 2 * half, 2 * half)

    def show_view(self, view: words.Ring) -> None:
        """Show it, if it is another one."""
        if view != self.view:
            self.view = view
            self.update()

    def spoken(self) -> tuple[str, float | None]:
        view = self.view
        return _("done") if view.done else f"{view.number} {view.caption}", 100 * view.fraction

    def draw(self, painter: QPainter) -> None:
        middle = QPointF(self.width() / 2, self.height() / 2)
        radius, view = self._radius, self.view
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.colours.well, self._stroke))
        painter.drawEllipse(middle, radius, radius)
        if view.fraction > 0:
            stroke = QPen(self.colours.text, self._stroke)
            stroke.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(stroke)
            box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
            painter.drawArc(box, 90 * 16, -round(min(view.fraction, 1.0) * 360 * 16))
        px = round(radius / 84 * 88) if radius >= 84 else 72
        while px > 40 and text.width([self._number(px)]) > 1.5 * radius:
            px -= 2
        caption_px = 20 if radius >= 84 else 18
        if view.done:
            marks.tick(painter, middle, 0.45 * radius, self.colours.text, self._stroke)
        if not view.number:
            return
        rise = 0.23 if self._captioned else 0.36
        text.paint(painter, middle.x(), middle.y() + rise * px, [self._number(px)], "centre")
        if not self._captioned:
            return
        caption_y = middle.y() + 0.25 * px + 1.45 * caption_px
        drop = caption_y - middle.y()
        room = 2 * math.sqrt(max(0.0, (radius - self._stroke) ** 2 - drop**2))  # of the circle, at this height
        caption_px = text.shrunk(view.caption, caption_px, REGULAR, room)
        text.paint(painter, middle.x(), caption_y, [Run(view.caption, caption_px, self.colours.text2)], "centre")

    def _number(self, px: int) -> Run:
        return Run(self.view.number, px, self.colours.text, SEMIBOLD)
