"""The charts of the History page: several series of one person's checks on one axis of dates.

A line breaks where the kind of reference, the device or the muscle changed; the band around it is the ± of each check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPolygonF, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app import numbers
from app.language import _
from app.session.events import Side
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours, room_px
from app.ui.widgets.painted import Canvas

_LEFT = 68.0
_RIGHT = 84.0
_FOOT = 30.0
_TITLE = 30.0
_ROOMY = 60.0
"""A lower chart has no room for all that could be said at its axis."""
_ALWAYS, _LEAST = 4, 104.0
"""So many charts are shown in any window; more only where each is so high."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One value of one session; ``pm`` is half the width of its 95 % interval."""

    day: date
    value: float
    pm: float | None
    session_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """Dots that belong together; ``side`` gives colour and shape, None is white and round."""

    dots: tuple[Dot, ...]
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes
    ----------
    title, note : str
    lines : tuple of Line
    ticks : tuple of float
        The least and the greatest are the ends of the axis.
    unit : str
        Behind the greatest tick.
    band : tuple of (float, float, str) or None
        The goal, shaded, with its word.
    latest : tuple of (str, str)
        The newest value and its ±, or for two sides the value of each.
    empty : str
        What stands where there is no dot.
    """

    title: str
    note: str
    lines: tuple[Line, ...]
    ticks: tuple[float, ...]
    unit: str = ""
    band: tuple[float, float, str] | None = None
    latest: tuple[str, str] = ("", "")
    empty: str = ""


class Trend(Canvas):
    """The charts; ``opened`` carries the session of a dot that was clicked, or chosen and opened with Return."""

    opened = pyqtSignal(str)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Trend"), parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._all: tuple[Chart, ...] = ()
        self.charts: tuple[Chart, ...] = ()
        self._breaks: tuple[tuple[date, str], ...] = ()
        self._days = (date.min, date.min)
        self._described: dict[str, str] = {}
        self.chosen: str | None = None

    def show_charts(
        self,
        charts: Sequence[Chart],
        breaks: Sequence[tuple[date, str]],
        days: tuple[date, date],
        described: dict[str, str],
    ) -> None:
        """Show charts.

        Parameters
        ----------
        charts : sequence of Chart
        breaks : sequence of (date, str)
            Where numbers go over to another ground, and what changed.
        days : tuple of date
            The ends of the axis.
        described : dict of str to str
            Each session in words, the oldest first.
        """
        self._all, self._breaks, self._days, self._described = tuple(charts), tuple(breaks), days, described
        self._fit()
        if self.chosen not in described:
            self.chosen = None
            self.say(_("The arrow keys left and right go from check to check."))
        self.update()

    def _fit(self) -> None:
        """Show the fifth chart only where all of them have room."""
        self.charts = self._all if self.height() - _FOOT >= _LEAST * len(self._all) else self._all[:_ALWAYS]

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._fit()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        key = event.key() if event is not None else 0
        order = [one for one in self._described if any(self._dots_of(one))]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and order:
            step = 1 if key == Qt.Key.Key_Right else -1
            at = order.index(self.chosen) + step if self.chosen in order else len(order) - 1
            self.chosen = order[min(max(at, 0), len(order) - 1)]
            self.say(self._described[self.chosen])
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        at = event.position()
        near = [
            ((self._place(number, chart, dot) - at).manhattanLength(), dot.session_id)
            for number, chart in enumerate(self.charts)
            for line in chart.lines
            for dot in line.dots
            if self._is_shown(dot)
        ]
        distance, session_id = min(near, default=(100.0, ""))
        if distance <= 22:
            self.opened.emit(session_id)

    def _dots_of(self, session_id: str) -> list[tuple[int, Chart, Dot]]:
        return [
            (number, chart, dot)
            for number, chart in enumerate(self.charts)
            for line in chart.lines
            for dot in line.dots
            if dot.session_id == session_id and self._is_shown(dot)
        ]

    def _is_shown(self, dot: Dot) -> bool:
        return self._days[0] <= dot.day <= self._days[1]

    def _box(self, number: int) -> QRectF:
        each = (self.height() - _FOOT) / max(1, len(self.charts))
        left = room_px(_LEFT)
        return QRectF(left, number * each + _TITLE, self.width() - left - room_px(_RIGHT), each - _TITLE - 14)

    def _x(self, day: date) -> float:
        first, last = self._days
        box = self._box(0)
        return box.left() + (day - first).days / max(1, (last - first).days) * box.width()

    @staticmethod
    def _y(box: QRectF, chart: Chart, value: float) -> float:
        low, high = chart.ticks[0], chart.ticks[-1]
        share = (min(max(value, low), high) - low) / (high - low)
        return box.bottom() - share * box.height()

    def _place(self, number: int, chart: Chart, dot: Dot) -> QPointF:
        return QPointF(self._x(dot.day), self._y(self._box(number), chart, dot.value))

    def draw(self, painter: QPainter) -> None:
        for number, chart in enumerate(self.charts):
            self._draw_chart(painter, number, chart)
        if self.charts:
            self._draw_breaks(painter)
            self._draw_days(painter)
        if self.chosen is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(marks.pen(self.colours.focus, 2))
            for number, chart, dot in self._dots_of(self.chosen):
                painter.drawEllipse(self._place(number, chart, dot), 9, 9)
        if self.hasFocus() and self.chosen is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(marks.pen(self.colours.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw_chart(self, painter: QPainter, number: int, chart: Chart) -> None:
        box, ink = self._box(number), self.colours
        title = [Run(chart.title, 17, ink.text, SEMIBOLD)]
        x = box.left() + text.paint(painter, box.left(), box.top() - 12, title) + 12
        for note in (chart.note, chart.note.partition(";")[0]):
            if x + text.width([Run(note, 15, ink.text3)]) <= self.width():
                text.paint(painter, x, box.top() - 12, [Run(note, 15, ink.text3)])
                break
        if chart.band is not None:
            low, high, word = chart.band
            top, bottom = self._y(box, chart, high), self._y(box, chart, low)
            painter.fillRect(QRectF(box.left(), top, box.width(), bottom - top), ink.well)
            if bottom - top >= 18:
                text.paint(painter, box.left() + 10, bottom - 6, [Run(word, 14, ink.text3)])
            elif box.height() >= _ROOMY:
                text.paint(painter, box.left() + 10, bottom + 16, [Run(word, 14, ink.text3)])
        for tick in chart.ticks:
            y = self._y(box, chart, tick)
            painter.fillRect(QRectF(box.left(), round(y), box.width(), 1), ink.line)
            if box.height() < _ROOMY and tick not in (chart.ticks[0], chart.ticks[-1]):
                continue
            unit = chart.unit if tick == chart.ticks[-1] else ""
            text.paint(painter, box.left() - 12, y + 5, [Run(f"{tick:g}{unit}", 14, ink.text3, tabular=True)], "right")
        if not any(line.dots for line in chart.lines):
            text.paint(painter, box.center().x(), box.center().y() + 5, [Run(chart.empty, 15, ink.text2)], "centre")
            return
        for line in chart.lines:
            self._draw_line(painter, box, chart, line)
        self._draw_latest(painter, box, chart)

    def _draw_line(self, painter: QPainter, box: QRectF, chart: Chart, line: Line) -> None:
        colour = self.colours.text if line.side is None else self.colours.of(line.side).full
        dots = [dot for dot in line.dots if self._is_shown(dot)]
        for part in self._parts(dots):
            band = [dot for dot in part if dot.pm is not None]
            if len(band) > 1:
                edge = [QPointF(self._x(dot.day), self._y(box, chart, dot.value + (dot.pm or 0))) for dot in band]
                edge += [
                    QPointF(self._x(dot.day), self._y(box, chart, dot.value - (dot.pm or 0))) for dot in reversed(band)
                ]
                shade = QColor(self.colours.edge)
                shade.setAlphaF(0.42)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(shade)
                painter.drawPolygon(QPolygonF(edge))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(marks.pen(colour, 2))
            painter.drawPolyline(QPolygonF([QPointF(self._x(d.day), self._y(box, chart, d.value)) for d in part]))
        for dot in dots:
            at = QPointF(self._x(dot.day), self._y(box, chart, dot.value))
            if dot.pm is not None and len(dots) == 1:
                low, high = (self._y(box, chart, dot.value + sign * dot.pm) for sign in (-1, 1))
                painter.setPen(marks.pen(self.colours.edge, 2))
                painter.drawLine(QPointF(at.x(), low), QPointF(at.x(), high))
            marks.glyph(painter, line.side or "right", at, 4.5 if line.side else 3.4, colour)

    def _parts(self, dots: Sequence[Dot]) -> list[list[Dot]]:
        """Stretches without a break between."""
        parts: list[list[Dot]] = []
        for dot in dots:
            before = parts[-1][-1] if parts else None
            broken = before is None or any(before.day < day <= dot.day for day, _ in self._breaks)
            if broken:
                parts.append([])
            parts[-1].append(dot)
        return parts

    def _draw_latest(self, painter: QPainter, box: QRectF, chart: Chart) -> None:
        x, ink = box.right() + 18, self.colours
        sides = [line for line in chart.lines if line.side is not None and line.dots]
        if sides:
            heights = sorted(
                ((self._y(box, chart, line.dots[-1].value), line) for line in sides), key=lambda one: one[0]
            )
            before = -100.0
            for y, line in heights:
                at = max(y + 5, before + 24)
                before = at
                assert line.side is not None
                marks.glyph(painter, line.side, QPointF(x + 6, at - 6), 6, ink.of(line.side).full)
                run = Run(f"{line.dots[-1].value:.0f}", 19, ink.text, SEMIBOLD, tabular=True)
                text.paint(painter, x + 20, at + 1, [run])
            return
        value, pm = chart.latest
        newest = next((line.dots[-1] for line in chart.lines if line.dots), None)
        if newest is not None:
            y = min(max(self._y(box, chart, newest.value) + 8, box.top() + 16), box.bottom() - (16 if pm else 0))
            text.paint(painter, x, y, [Run(value, 22, ink.text, SEMIBOLD, tabular=True)])
            text.paint(painter, x, y + 20, [Run(pm, 14, ink.text2)])

    def _draw_breaks(self, painter: QPainter) -> None:
        foot, last_x = self._box(len(self.charts) - 1).bottom(), -1000.0
        for day, word in self._breaks:
            if not self._days[0] <= day <= self._days[1]:
                continue
            x = self._x(day)
            painter.setPen(marks.pen(self.colours.text2, 1.2, dashes=[2, 5]))
            for number in range(len(self.charts)):
                box = self._box(number)
                painter.drawLine(QPointF(x, box.top() - 2), QPointF(x, box.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colours.text2)
            tip = QPolygonF([QPointF(x, foot + 3), QPointF(x + 5, foot + 11), QPointF(x - 5, foot + 11)])
            painter.drawPolygon(tip)
            if x - last_x >= 90:
                text.paint(painter, x, foot + 28, [Run(word, 14, self.colours.text2)], "centre")
                last_x = x

    def _draw_days(self, painter: QPainter) -> None:
        first, last = self._days
        foot = self._box(len(self.charts) - 1).bottom() + 28
        taken = [self._x(day) for day, _ in self._breaks]
        n_days = (last - first).days
        step = next((step for step in (4, 7, 14, 28, 56, 112, 364) if n_days / step <= 8), 364)
        text.paint(painter, self._x(last), foot, [Run(_("today"), 14, self.colours.text3)], "right")
        for number in range(0, n_days, step):
            day = first + timedelta(days=number)
            x = self._x(day)
            if x < self._x(last) - 90 and all(abs(x - one) >= 76 for one in taken):
                text.paint(painter, x, foot, [Run(numbers.short_day(day), 14, self.colours.text3)], "centre")
