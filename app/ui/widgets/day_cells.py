"""Training days as cells, a row a week. A rest day is a dash in its cell: it belongs to the plan, and is no gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

Day = Literal["passed", "trained", "rest"]
CELL, GAP = 36, 6
WIDTH = 7 * (CELL + GAP) - GAP
_TOP = 58
_KEYS: tuple[tuple[Day, str], ...] = (
    ("passed", mark("trained, check passed")), ("trained", mark("trained")), ("rest", mark("rest day")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """The cells.

    Attributes
    ----------
    first, today : date
        ``first`` is a Monday.
    since : date or None
        The first day of training; days before it are no rest days.
    of : mapping of date to Day
    trained, looked_at : int
        Days trained of the last so many.
    """

    first: date
    today: date
    since: date | None
    of: Mapping[date, Day]
    trained: int
    looked_at: int


class DayCells(Painted):
    """The cells, and what they mean."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Training days"), parent)
        self.days: Days | None = None

    def show_days(self, days: Days) -> None:
        """Show them."""
        self.days = days
        self.say(_("{trained} of the last {looked_at}", trained=days.trained, looked_at=days.looked_at))
        self.update()

    @staticmethod
    def height_for(n_weeks: int, *, keys: bool) -> int:
        """Height that so many weeks take."""
        return _TOP + n_weeks * (CELL + GAP) + (96 if keys else 0)

    def draw(self, painter: QPainter) -> None:
        if self.days is None:
            return
        days, ink = self.days, self.colours
        title = [Run(_("Training days"), 18, ink.text, SEMIBOLD)]
        text.paint(painter, 0, 20, title)
        count = [
            Run(f"{days.trained}", 18, ink.text, SEMIBOLD),
            Run(_(" of the last {looked_at}", looked_at=days.looked_at), 16, ink.text2),
        ]
        if text.width(title) + text.width(count) + 12 > WIDTH:
            count = [count[0], Run(f" / {days.looked_at}", 16, ink.text2)]
        text.paint(painter, WIDTH, 20, count, "right")
        for number, letter in enumerate(_("MTWTFSS")):
            text.paint(painter, number * (CELL + GAP) + CELL / 2, _TOP - 8, [Run(letter, 14, ink.text3)], "centre")
        n_weeks = (days.today - days.first).days // 7 + 1
        for number in range(7 * n_weeks):
            day = days.first + timedelta(days=number)
            cell = QRectF(number % 7 * (CELL + GAP), _TOP + number // 7 * (CELL + GAP), CELL, CELL)
            self._draw_cell(painter, cell, day, days)
        y = _TOP + n_weeks * (CELL + GAP) + 22
        for kind, words in _KEYS:
            if y > self.height():
                return
            self._fill(painter, QRectF(0, y - 12, 14, 14), kind)
            text.paint(painter, 24, y, [Run(_(words), 15, ink.text2)])
            y += 27

    def _draw_cell(self, painter: QPainter, cell: QRectF, day: date, days: Days) -> None:
        kind = days.of.get(day)
        if kind is None and day < days.today and days.since is not None and day > days.since:
            kind = "rest"
        if kind is not None:
            self._fill(painter, cell, kind)
        elif day >= days.today:
            painter.setPen(marks.pen(self.colours.line, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))
            run = Run(str(day.day), 14, self.colours.text3)
            text.paint(painter, cell.center().x(), cell.center().y() + 5, [run], "centre")
        if day == days.today:
            painter.setPen(marks.pen(self.colours.text, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(cell.adjusted(-3, -3, 3, 3))

    def _fill(self, painter: QPainter, box: QRectF, kind: Day) -> None:
        ink, scale = self.colours, box.width() / CELL
        painter.fillRect(box, {"passed": ink.text, "trained": ink.edge, "rest": ink.well}[kind])
        if kind == "passed":
            marks.tick(painter, box.center() + QPointF(0, 1), 8 * scale, ink.ground, max(1.6, 2.6 * scale))
        elif kind == "rest":
            half = 6 * scale
            painter.fillRect(QRectF(box.center().x() - half, box.center().y() - 1, 2 * half, 2), ink.text3)
