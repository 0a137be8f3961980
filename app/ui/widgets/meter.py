"""Symmetry and lag: a number with its interval on a small axis, the goal as a shaded band.

Where the data carry no number, words stand instead. Where the window is small, the axis gives way to the goal in
words, then both meters stand on one line.
"""

from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.session.events import OTHER, Side
from app.ui import marks, text
from app.ui.layout import Kind
from app.ui.number_words import Reading
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours, grown
from app.ui.widgets.painted import Painted
from app.ui.words import THIN

WIDTH = 250
COMPACT_WIDTH = 200
_LINE_NUMBER_PX = 24
ASCENT = 18
"""Room above the baseline of the title."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A small axis: its ends, its goal, its ticks with their labels, and the goal in words.

    Attributes
    ----------
    low, high : float
    goal : tuple of float
        Ends of the shaded band.
    ticks : tuple of (float, str, bool)
        Place, label, and whether a stroke is drawn there.
    unit, goal_words : str
    """

    low: float
    high: float
    goal: tuple[float, float]
    ticks: tuple[tuple[float, str, bool], ...]
    unit: str
    goal_words: str


SYMMETRY = Axis(
    0, 100, (85, 100), ((0, "0", True), (50, "50", True), (92.5, mark("alike"), False)), f"{THIN}%",
    mark("goal from 85\u2009%"),
)  # fmt: skip
LAG = Axis(
    -100, 300, (-100, 100), ((0, mark("together"), False), (100, "", True), (200, "", True), (300, "300 ms", True)),
    " ms", mark("goal under 100 ms"),
)  # fmt: skip


def _narrowed(runs: list[Run], width: float) -> list[Run]:
    """The runs, what stands around the number smaller until all fit."""
    while text.width(runs) > width and any(run.px > LEAST_TEXT_PX and run.weight != SEMIBOLD for run in runs):
        runs = [run if run.weight == SEMIBOLD else replace(run, px=max(LEAST_TEXT_PX, run.px - 1)) for run in runs]
    return runs


class Meter(Painted):
    """One painted meter."""

    def __init__(self, colours: Colours, axis: Axis, name: str, parent: QWidget | None = None) -> None:
        super().__init__(colours, name, parent)
        self.axis = axis
        self.reading = Reading(name)
        self._kind: Kind = "regular"

    def place(self, kind: Kind, x: float, baseline: float, width: int) -> None:
        """Take the place: `x` is its left end, `width` how much it may spread."""
        self._kind = kind
        height = {"regular": 124, "compact": 90, "small": 12 + self._ascent}[kind]
        self.setGeometry(round(x), round(baseline) - self._ascent, width, height)

    @property
    def _ascent(self) -> int:
        """Room above the baseline of the title; on one line the number rises above it."""
        return ASCENT if self._kind != "small" else max(ASCENT, round(0.75 * grown(_LINE_NUMBER_PX)))

    def show_reading(self, reading: Reading) -> None:
        """Show it, if it is another one."""
        if reading != self.reading:
            self.reading = reading
            spoken = reading.words or f"{reading.prefix} {reading.value:.0f}{self._interval()}"
            self.say(spoken.strip())
            self.update()

    def draw(self, painter: QPainter) -> None:
        if self._kind == "small":
            self._draw_line(painter)
            return
        reading, compact = self.reading, self._kind == "compact"
        text.paint(painter, 0, ASCENT, [Run(reading.title, 16, self.colours.text2, MEDIUM)])
        if reading.value is None:
            text.paint(
                painter, 0, ASCENT + (36 if compact else 34), [Run(reading.words, self._words_px(), self.colours.text3)]
            )
            return
        runs = [Run(f"{reading.prefix}{THIN}", 22, self.colours.text2, MEDIUM)] if reading.prefix else []
        runs.append(Run(f"{reading.value:.0f}", 32 if compact else 36, self.colours.text, SEMIBOLD, tabular=True))
        runs.append(Run(self._interval(), 18 if compact else 20, self.colours.text2, tabular=True))
        if compact:
            text.paint(painter, 0, ASCENT + 40, _narrowed(runs, self.width()))
            text.paint(painter, 0, ASCENT + 68, [Run(_(self.axis.goal_words), 15, self.colours.text3)])
            return
        text.paint(painter, self.width(), ASCENT, [Run(reading.note, 15, self.colours.text3)], "right")
        text.paint(painter, 0, ASCENT + 46, runs)
        self._draw_axis(painter, reading, reading.value)

    def _words_px(self) -> int:
        """Size at which the words fit; they are longer in some languages."""
        return text.shrunk(self.reading.words, 20, REGULAR, self.width())

    def _interval(self) -> str:
        pm = self.reading.pm
        return f" ± {pm:.0f}{self.axis.unit}" if pm is not None else self.axis.unit

    def line_px(self) -> float:
        """How wide it is where it stands on one line, in device-independent px."""
        return text.width(self._line_runs())

    def _draw_line(self, painter: QPainter) -> None:
        text.paint(painter, 0, self._ascent, _narrowed(self._line_runs(), self.width()))

    def _line_runs(self) -> list[Run]:
        reading = self.reading
        runs = [Run(f"{reading.title} ", 16, self.colours.text2)]
        if reading.value is None:
            runs.append(Run(reading.words, 16, self.colours.text3))
        else:
            if reading.prefix:
                runs.append(Run(f"{reading.prefix}{THIN}", 16, self.colours.text2))
            runs.append(Run(f"{reading.value:.0f}", _LINE_NUMBER_PX, self.colours.text, SEMIBOLD, tabular=True))
            runs.append(Run(self._interval(), 16, self.colours.text2))
        return runs

    def _draw_axis(self, painter: QPainter, reading: Reading, value: float) -> None:
        axis, y = self.axis, ASCENT + 74.0

        def place(at: float) -> float:
            return (min(max(at, axis.low), axis.high) - axis.low) / (axis.high - axis.low) * self.width()

        goal = QRectF(place(axis.goal[0]), y - 9, place(axis.goal[1]) - place(axis.goal[0]), 18)
        painter.fillRect(goal, self.colours.well)
        painter.setPen(marks.pen(self.colours.edge, 1.5))
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        for at, _label, stroked in axis.ticks:
            if stroked:
                x = min(max(place(at), 0.75), self.width() - 0.75)
                painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
        for at, label, _stroked in axis.ticks:
            run = Run(_(label), 14, self.colours.text3)
            half = text.width([run]) / 2
            x = min(max(place(at), half), self.width() - half)
            text.paint(painter, x, y + 27, [run], "centre")
        if reading.pm is not None:
            shade = self.colours.text3.toRgb()
            shade.setAlphaF(0.55)
            left, right = place(value - reading.pm), place(value + reading.pm)
            painter.fillRect(QRectF(left, y - 8, right - left, 16), shade)
        if reading.later is None:
            painter.fillRect(QRectF(place(value) - 1.5, y - 13, 3, 26), self.colours.text)
        else:
            self._draw_side(painter, OTHER[reading.later], place(0), y)
            self._draw_side(painter, reading.later, min(place(value), self.width() - 9), y)

    def _draw_side(self, painter: QPainter, side: Side, x: float, y: float) -> None:
        marks.glyph(painter, side, QPointF(x, y), 9.7, self.colours.ground)
        marks.glyph(painter, side, QPointF(x, y), 7, self.colours.of(side).full)
