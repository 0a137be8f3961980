"""The compensators: names in the middle, left grows to the left, right to the right; beneath them the order."""

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.snapshot import CompensatorView
from app.ui import marks, text
from app.ui.layout import TrainLayout
from app.ui.number_words import CompensatorRow
from app.ui.text import Run
from app.ui.theme import MEDIUM, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted, Rarely

_HALF = 150
_GAP = 112
_STEP = 26
_WORDS = 340
"""Room that a number and the longest word take beneath a pillar."""
_TAKING_OVER = "taking over"


class Butterfly(Painted):
    """The painted rows; where the window is small, one line that appears only when a muscle takes over."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Other muscles"), parent)
        self.rows: tuple[CompensatorRow, ...] = ()
        self.order = ""
        self._looks = Rarely.EVERY - 1
        self._bars = True
        self._front = False
        self._half = float(_HALF)

    def place(self, layout: TrainLayout) -> None:
        """Take the place."""
        # a long word beneath a narrow pillar reaches into the gap between them
        gap, reach = layout.right.left() - layout.left.right(), max(0.0, (_WORDS - layout.left.width()) / 2)
        self._half = min(_HALF, gap / 2 - _GAP - 16 - reach)
        half = _GAP + round(self._half) + 4
        self._bars = layout.order_y is not None
        self._front = layout.front
        if layout.order_y is not None and layout.compensators_y is not None:
            top = int(layout.compensators_y) - 14
            self.setGeometry(int(layout.middle) - half, top, 2 * half, int(layout.order_y) + 8 - top)
        else:
            self.setGeometry(int(layout.middle) - 200, int(layout.number_y) - 20, 400, 30)

    def show_rows(self, rows: tuple[CompensatorRow, ...], order: str) -> None:
        """Show them, if they are others."""
        if (rows, order) != (self.rows, self.order):
            self.rows, self.order = rows, order
            self.update()

    def describe(self, *, now: bool = False) -> None:
        """Bring what a screen reader finds up to date, at every few looks: the words change all the time."""
        self._looks += 1
        if self._looks % Rarely.EVERY and not now:
            return
        spoken = [f"{row.name} {_(row.word)}" for row in self.rows]
        self.say(", ".join([*spoken, _("order {order}", order=self.order)] if self.order else spoken))

    def draw(self, painter: QPainter) -> None:
        middle = self.width() / 2
        if not self._bars:
            for row in self.rows:
                if row.word == _TAKING_OVER:
                    self._draw_name(painter, row, middle, 14)
                    return
            return
        for number, row in enumerate(self.rows[:2]):
            y = 14.0 + number * _STEP
            self._draw_name(painter, row, middle, y)
            at_left, at_right = (row.right, row.left) if self._front else (row.left, row.right)
            self._draw_bar(painter, at_left, middle - _GAP, -1, y)
            self._draw_bar(painter, at_right, middle + _GAP, 1, y)
        if self.order:
            runs = [Run(_("order") + "  ", 16, self.colours.text3), Run(self.order, 16, self.colours.text2, MEDIUM)]
            if text.width(runs) > self.width():  # names in a row tell by themselves that they are one
                px, order = text.in_line(self.order, 16, MEDIUM, self.width())
                runs = [Run(order, px, self.colours.text2, MEDIUM)]
            text.paint(painter, middle, self.height() - 8, runs, "centre")

    def _draw_name(self, painter: QPainter, row: CompensatorRow, middle: float, y: float) -> None:
        name = Run(row.name, 16, self.colours.text2)
        if row.word != _TAKING_OVER:
            runs = [name, Run(f"  {_(row.word)}", 16, self.colours.text, MEDIUM)]
            text.paint(painter, middle, y + 5.5, runs, "centre")
            return
        word = Run(_(row.word), 16, self.colours.text, SEMIBOLD)
        half = (text.width([name, word]) + 34) / 2
        text.paint(painter, middle - half, y + 5.5, [name])
        marks.warning(painter, QPointF(middle - half + text.width([name]) + 17, y), 8, self.colours)
        text.paint(painter, middle + half, y + 5.5, [word], "right")

    def _draw_bar(self, painter: QPainter, view: CompensatorView | None, x: float, sign: int, y: float) -> None:
        if view is None:
            return

        def bar(share: float) -> QRectF:
            return QRectF(x, y - 4, sign * self._half * min(max(share, 0.0), 1.0), 8).normalized()

        painter.fillRect(bar(1.0), self.colours.well)
        limit = view.line_pct / 100
        if view.level_pct is None:
            return
        above = view.level_pct > view.line_pct
        painter.fillRect(bar(view.level_pct / 100), self.colours.attention if above else self.colours.text2)
        painter.setPen(marks.pen(self.colours.text2, 1.5))
        painter.drawLine(QPointF(x + sign * self._half * limit, y - 9), QPointF(x + sign * self._half * limit, y + 9))
