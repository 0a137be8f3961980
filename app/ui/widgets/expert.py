"""`ExpertView`: every electrode raw, for whoever knows EMG. Raw signal, spectrum, and each number with its name.

It takes what it shows by itself, ten times a second and only while it is seen, so that it can stand on any page.
"""

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QTimer
from PyQt6.QtGui import QHideEvent, QPainter, QShowEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.electrodes import ElectrodeView
from app.session.events import SIDES, Side
from app.ui import calibrate_words, expert_words, marks, text
from app.ui.sensor_words import glute_words
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.expert_plots import draw_raw, draw_spectrum, raw_half, top_decade
from app.ui.widgets.painted import Painted
from app.ui.words import split_site

EVERY_MS: Final = 100
_GAP = 32
_LEAST_CELL = 168
_STACKED_FROM = 460
_ROW = 23
_GUTTER = 24
_LEAST_NAME = 60
_LEAST_PLOT = 100
_ROOMY = 220


class ExpertView(Painted):
    """The view.

    Parameters
    ----------
    colours : Colours
    electrodes : callable
        Gives what it shows, as `SessionSource.electrodes`; must return at once.
    """

    def __init__(
        self, colours: Colours, electrodes: Callable[[], tuple[ElectrodeView, ...]], parent: QWidget | None = None
    ) -> None:
        super().__init__(colours, _("Expert view"), parent)
        self._electrodes = electrodes
        self.views: tuple[ElectrodeView, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    def showEvent(self, event: QShowEvent | None) -> None:
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._timer.stop()

    def look(self) -> None:
        """Take the newest and show it."""
        self.views = self._electrodes()
        self.say(". ".join(_spoken(one) for one in self.views))
        self.update()

    def draw(self, painter: QPainter) -> None:
        if not self.views:
            text.paint(painter, 0, 30, [Run(expert_words.none(), 18, self.colours.text2)])
            return
        columns = [[one for one in self.views if split_site(one.site)[1] == side] for side in SIDES]
        columns = [column for column in columns if column]
        n_rows = max(map(len, columns))
        n_shown = max(1, min(n_rows, self.height() // _LEAST_CELL))
        hidden = sum(max(0, len(column) - n_shown) for column in columns)
        foot = 24 if hidden else 0
        width = (self.width() - _GAP * (len(columns) - 1)) / len(columns)
        height = (self.height() - foot) / n_shown
        half, top = raw_half(self.views), top_decade(self.views)
        rows = [[column[row] for column in columns if row < len(column)] for row in range(n_shown)]
        n_lines = [max(len(self._remedy(view, width, height)) for view in row) for row in rows]
        for x, column in enumerate(columns):
            for y, view in enumerate(column[:n_shown]):
                cell = QRectF(x * (width + _GAP), y * height, width, height - 8)
                self._draw_cell(painter, view, cell, n_lines[y], half, top)
        text.paint(painter, 0, self.height() - 4, [Run(expert_words.more(hidden), 15, self.colours.text2)])

    def _remedy(self, view: ElectrodeView, width: float, height: float) -> list[str]:
        remedy = calibrate_words.contact(view.verdict, view.sentence)[2]
        return text.wrap(remedy, 15, REGULAR, width)[: 2 if height >= _ROOMY else 0]

    def _draw_cell(
        self, painter: QPainter, view: ElectrodeView, cell: QRectF, n_lines: int, half: float, top: int
    ) -> None:
        self._draw_head(painter, view, cell)
        y = cell.top() + 48 + 20 * n_lines
        numbers = expert_words.numbers(view)
        columns = self._columns(numbers, cell.width())
        rows = -(-len(numbers) // columns)
        room = cell.bottom() - y
        while rows and room - rows * _ROW < _LEAST_PLOT:  # the signal is what this page is for
            rows -= 1
        plots = QRectF(cell.left(), y, cell.width(), room - rows * _ROW - (12 if rows else 0))
        self._draw_plots(painter, view, plots, half, top)
        self._draw_numbers(
            painter, numbers, QRectF(cell.left(), plots.bottom() + 12, cell.width(), rows * _ROW), columns
        )

    def _columns(self, numbers: tuple[expert_words.Named, ...], width: float) -> int:
        """In how many columns the numbers stand; as few as leave room for the names."""
        columns = 3 if width >= 640 else 2
        longest = max((text.width([self._value(one.value)]) for one in numbers), default=0.0)
        while columns > 1 and (width - _GUTTER * (columns - 1)) / columns - longest < room_px(_LEAST_NAME):
            columns -= 1
        return columns

    def _value(self, value: str) -> Run:
        return Run(value, 15, self.colours.text, MEDIUM, tabular=True)

    def _draw_head(self, painter: QPainter, view: ElectrodeView, cell: QRectF) -> None:
        """Name, contact and remedy."""
        ink, side = self.colours, _side(view)
        painter.fillRect(QRectF(cell.left(), cell.top(), cell.width(), 1), ink.line)
        y, x = cell.top() + 28, cell.left()
        words = glute_words(view.site)
        name = Run(words[:1].upper() + words[1:], 18, ink.text, SEMIBOLD)
        if view.site == side:
            hue = ink.of(side)
            marks.glyph(painter, side, QPointF(x + 8, y - 6), 8, hue.full)
            name = Run(_(side).upper(), 18, hue.text, SEMIBOLD)
            x += 26
        x += text.paint(painter, x, y, [name]) + 20
        mark, word, _said = calibrate_words.contact(view.verdict, view.sentence)
        if mark == "tick":
            marks.tick(painter, QPointF(x + 6, y - 6), 6, ink.text, 2)
            x += 22
        elif mark == "warning":
            marks.warning(painter, QPointF(x + 8, y - 6), 8, ink)
            x += 26
        text.paint(painter, x, y, [Run(word, 16, ink.text if mark else ink.text2, MEDIUM)])
        y += 10
        for line in self._remedy(view, cell.width(), cell.height()):
            y += 20
            text.paint(painter, cell.left(), y, [Run(line, 15, ink.text2)])

    def _draw_plots(self, painter: QPainter, view: ElectrodeView, box: QRectF, half: float, top: int) -> None:
        why = expert_words.no_raw(view)
        if why:
            text.paint(painter, box.left(), box.top() + 24, [Run(why, 16, self.colours.text2)])
            return
        side = _side(view)
        ink = self.colours.of(side).full if view.site == side else self.colours.text2
        if box.height() >= _STACKED_FROM:
            raw = QRectF(box.left(), box.top(), box.width(), box.height() / 2 - 12)
            spectrum = QRectF(box.left(), raw.bottom() + 24, box.width(), box.height() / 2 - 12)
        else:
            raw = QRectF(box.left(), box.top(), 0.56 * box.width(), box.height())
            spectrum = QRectF(raw.right() + 24, box.top(), box.width() - raw.width() - 24, box.height())
        draw_raw(painter, view, raw, half, ink, self.colours)
        draw_spectrum(painter, view, spectrum, top, ink, self.colours)

    def _draw_numbers(
        self, painter: QPainter, numbers: tuple[expert_words.Named, ...], box: QRectF, columns: int
    ) -> None:
        rows = round(box.height() / _ROW)
        width = (box.width() - _GUTTER * (columns - 1)) / columns
        for number, (name, value) in enumerate(numbers[: rows * columns]):
            x = box.left() + (number // rows) * (width + _GUTTER)
            y = box.top() + _ROW * (number % rows) + 15
            shown = self._value(value)
            room = width - text.width([shown]) - 10
            px, words = text.in_line(name, 15, REGULAR, room)
            text.paint(painter, x, y, [Run(words, px, self.colours.text2)])
            text.paint(painter, x + width, y, [shown], "right")


def _side(view: ElectrodeView) -> Side:
    return "left" if view.site.endswith("left") else "right"


def _spoken(view: ElectrodeView) -> str:
    """One electrode for who does not see the picture."""
    word = calibrate_words.contact(view.verdict, view.sentence)[1]
    numbers = ", ".join(f"{one.name} {one.value}" for one in expert_words.numbers(view))
    return f"{glute_words(view.site)}: {word}. {numbers}"
