"""The whole recording in one strip: the left up, the right down for each rep, and a frame around what is seen."""

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPixmap
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import Rep
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import Colours
from app.ui.widgets.painted import Canvas
from app.ui.widgets.rep_lanes import label_room

_PX_PER_PCT = 0.2


class Overview(Canvas):
    """The strip; ``sought`` carries the seconds of a click or a drag."""

    sought = pyqtSignal(float)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("The whole recording"), parent)
        self._reps: Sequence[Rep] = ()
        self._duration_s = 0.0
        self._seen = (0.0, 0.0)
        self._bars: QPixmap | None = None

    def show_reps(self, reps: Sequence[Rep], duration_s: float) -> None:
        """Show the reps of a recording."""
        self._reps, self._duration_s, self._bars = reps, duration_s, None
        self.update()

    def show_stretch(self, start_s: float, span_s: float) -> None:
        """Frame what is seen."""
        if self._seen != (start_s, span_s):
            self._seen = (start_s, span_s)
            self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._seek(event)

    def _seek(self, event: QMouseEvent | None) -> None:
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton and self._duration_s:
            share = (event.position().x() - label_room()) / (self.width() - label_room())
            self.sought.emit(min(max(share, 0.0), 1.0) * self._duration_s)

    def draw(self, painter: QPainter) -> None:
        strip = QRectF(label_room(), 3, self.width() - label_room(), self.height() - 6)
        text.paint(painter, 0, strip.center().y() + 5, [Run(_("whole set"), 16, self.colours.text2)])
        scale = self.devicePixelRatioF()
        made_for = None if self._bars is None else (self._bars.size(), self._bars.devicePixelRatio())
        if self._bars is None or made_for != (strip.size().toSize() * scale, scale):
            self._bars = self._draw_bars(strip, scale)  # hundreds of reps, and they stand still
        painter.drawPixmap(strip.topLeft(), self._bars)
        if not self._duration_s:
            return
        start_s, span_s = self._seen
        left = strip.left() + start_s / self._duration_s * strip.width()
        width = min(max(8.0, span_s / self._duration_s * strip.width()), strip.right() - left)
        painter.setPen(marks.pen(self.colours.text, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, 1, width - 1, self.height() - 2))

    def _draw_bars(self, strip: QRectF, scale: float) -> QPixmap:
        bars = QPixmap(strip.size().toSize() * scale)
        bars.setDevicePixelRatio(scale)
        bars.fill(self.colours.well)
        painter = QPainter(bars)
        middle = strip.height() / 2
        width = min(6.0, max(1.0, 0.5 * strip.width() / max(1, len(self._reps))))
        for rep in self._reps:
            x = rep.start_s / max(self._duration_s, 1e-9) * strip.width()
            for side, colour in (("left", self.colours.left), ("right", self.colours.right_raw)):
                level = rep.sides[side].mean_pct if side in rep.sides else None
                height = min(_PX_PER_PCT * (level or 0.0), middle - 2)
                top = middle - 1 - height if side == "left" else middle + 1
                painter.fillRect(QRectF(x, top, width, height), colour)
        painter.end()
        return bars
