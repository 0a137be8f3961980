"""The reps of a session, one row each; or those of two judgements beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import Rep, Side
from app.ui import marks, text
from app.ui.review_words import RepRow, rep_row
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Canvas
from app.ui.words import THIN

_HEAD = 40
_ROOMY = 380
_WITH_UNIT = 440
"""From which width on two judgements beside each other have room for the unit of the lag."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another judgement to compare with: of which the rows stand at the right."""

    name: str
    other_name: str
    reps: Sequence[Rep]


class RepTable(Canvas):
    """The table; ``chosen`` carries the number of the row that was chosen, from 0."""

    chosen = pyqtSignal(int)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Reps"), parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[RepRow] = []
        self.beside: Beside | None = None
        self._other_rows: dict[str, RepRow] = {}
        self.current: int | None = None
        self._first = 0

    def show_reps(self, reps: Sequence[Rep], beside: Beside | None = None) -> None:
        """Show the reps, and those of another judgement by the same numbers."""
        self.rows = [rep_row(rep) for rep in reps]
        self.beside = beside
        self._other_rows = {} if beside is None else {str(rep.index): rep_row(rep) for rep in beside.reps}
        if self.current is not None and self.current >= len(self.rows):
            self.current = None
        self._first = min(self._first, max(0, len(self.rows) - self._n_visible()))
        self.update()

    def choose(self, number: int | None) -> None:
        """Mark a row and bring it into sight; says nothing."""
        if number == self.current:
            return
        self.current = number
        if number is not None:
            self.say(self.rows[number].spoken)
        self._follow()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._follow()

    def _follow(self) -> None:
        n_visible, number = self._n_visible(), self.current
        if number is not None and not self._first <= number < self._first + n_visible:
            self._first = min(max(0, number - n_visible // 2), max(0, len(self.rows) - n_visible))
        self.update()

    def _row_height(self) -> float:
        return 32.0 if self.height() > 420 else 28.0

    def _n_visible(self) -> int:
        return max(1, int((self.height() - _HEAD - 4) / self._row_height()))

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            steps = -event.angleDelta().y() // 40
            self._first = min(max(0, self._first + steps), max(0, len(self.rows) - self._n_visible()))
            self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        number = self._first + int((event.position().y() - _HEAD) / self._row_height())
        if event.position().y() >= _HEAD and number < len(self.rows):
            self.chosen.emit(number)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event is not None and event.key() in steps and self.rows:
            before = -1 if self.current is None else self.current
            self.chosen.emit(min(max(0, before + steps[Qt.Key(event.key())]), len(self.rows) - 1))
            return
        super().keyPressEvent(event)

    def _columns(self) -> tuple[float, ...]:
        """Right ends of the columns: each as wide as its longest word, what is left shared among them."""
        reasons = max((self._wide(row.reason, 14) for row in self.rows if not row.clean and row.counted), default=0.0)
        cells = (self._wide("88"), *3 * (self._wide("100 %"),), self._wide("-888 ms"), reasons)
        heads = (_("Rep"), "", "", _("Symmetry"), _("Lag"), _("Clean"))
        needed = [max(cell, self._wide(head, self._head_px)) for cell, head in zip(cells, heads, strict=True)]
        spare = (self.width() - 4 - sum(needed)) / len(needed)
        return tuple(accumulate(wide + spare for wide in needed))

    @property
    def _head_px(self) -> int:
        return 15 if self.width() >= _ROOMY else 14

    def _wide(self, word: str, px: int | None = None) -> float:
        return text.width([Run(word, px or (17 if self.width() >= _ROOMY else 15), self.colours.text, MEDIUM)])

    def draw(self, painter: QPainter) -> None:
        if self.beside is None:
            self._draw_head(painter)
        else:
            self._draw_head_of_two(painter)
        painter.fillRect(QRectF(0, _HEAD - 6, self.width(), 1), self.colours.edge)
        height = self._row_height()
        for place, number in enumerate(range(self._first, min(self._first + self._n_visible(), len(self.rows)))):
            box = QRectF(0, _HEAD + place * height, self.width(), height)
            chosen = number == self.current
            if chosen:
                painter.fillRect(box, self.colours.line)
                if self.hasFocus():
                    painter.setPen(marks.pen(self.colours.focus, 2))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(box.adjusted(1, 1, -1, -1))
            draw = self._draw_row if self.beside is None else self._draw_row_of_two
            draw(painter, self.rows[number], box.bottom() - 0.32 * height, chosen=chosen)
        if not self.rows:
            text.paint(painter, 8, _HEAD + 30, [Run(_("No squeeze was counted."), 16, self.colours.text2)])

    def _heading(self, painter: QPainter, x: float, word: str) -> None:
        text.paint(painter, x, 22, [Run(word, self._head_px, self.colours.text2, MEDIUM)], "right")

    def _draw_head(self, painter: QPainter) -> None:
        columns = self._columns()
        heads: tuple[tuple[str, Side | None], ...] = (
            (_("Rep"), None), (_("Left"), "left"), (_("Right"), "right"), (_("Symmetry"), None), (_("Lag"), None),
            (_("Clean"), None),
        )  # fmt: skip
        widths = [self._wide(word, self._head_px) for word, _side in heads]
        fits = all(widths[at] <= columns[at] - columns[at - 1] - 6 for at in (1, 2))
        for before, x, wide, (word, side) in zip((0.0, *columns), columns, widths, heads, strict=False):
            if side is None or fits:
                self._heading(painter, x, text.elide(word, self._head_px, MEDIUM, x - before - 2))
            if side is not None and (self.width() >= _ROOMY or not fits):
                mark = x - wide - 10 if fits else x - 16
                marks.glyph(painter, side, QPointF(mark, 17), 4.5, self.colours.of(side).full)

    def _runs(self, words: str, *, chosen: bool, faint: bool = False, px: int = 17) -> list[Run]:
        px = px if self.width() >= _ROOMY else 15
        ink = self.colours.text2 if faint else self.colours.text
        return [
            Run(words, px, ink, SEMIBOLD if chosen else REGULAR, tabular=words[:1].isdigit() or words[:1] == "\u2212")
        ]

    def _draw_row(self, painter: QPainter, row: RepRow, y: float, *, chosen: bool) -> None:
        number, left, right, symmetry, lag, clean = self._columns()
        text.paint(painter, number, y, self._runs(row.number, chosen=chosen, faint=not chosen), "right")
        text.paint(painter, left, y, self._runs(row.left, chosen=chosen), "right")
        text.paint(painter, right, y, self._runs(row.right, chosen=chosen), "right")
        if row.words:
            text.paint(painter, lag, y, self._runs(row.words, chosen=chosen, faint=not chosen, px=16), "right")
        else:
            text.paint(painter, symmetry, y, self._runs(row.symmetry, chosen=chosen), "right")
            text.paint(painter, lag, y, self._runs(row.lag, chosen=chosen), "right")
        self._draw_clean(painter, row, clean, y, clean - lag)

    def _draw_clean(self, painter: QPainter, row: RepRow, right: float, y: float, room: float) -> None:
        if row.clean:
            marks.tick(painter, QPointF(right - 10, y - 6), 6, self.colours.text, 2)
        else:
            word = text.elide(row.reason, 14, MEDIUM, room)
            text.paint(
                painter, right, y, [Run(word if row.counted else "\u2212", 14, self.colours.text, MEDIUM)], "right"
            )

    def _two_columns(self) -> tuple[float, ...]:
        return tuple(share * self.width() for share in (0.09, 0.25, 0.40, 0.52, 0.72, 0.87, 0.99))

    def _draw_head_of_two(self, painter: QPainter) -> None:
        assert self.beside is not None
        columns = self._two_columns()
        self._heading(painter, columns[0], _("Rep"))
        for ends, name in ((columns[1:4], self.beside.name), (columns[4:7], self.beside.other_name)):
            word = text.elide(name, 15, MEDIUM, ends[2] - ends[0] + 70)
            text.paint(painter, ends[2], 22, [Run(word, 15, self.colours.text2, MEDIUM)], "right")

    def _draw_row_of_two(self, painter: QPainter, row: RepRow, y: float, *, chosen: bool) -> None:
        columns = self._two_columns()
        text.paint(painter, columns[0], y, self._runs(row.number, chosen=chosen, faint=not chosen), "right")
        other = self._other_rows.get(row.number)
        for one, ends in ((row, columns[1:4]), (other, columns[4:7])):
            if one is None:
                text.paint(painter, ends[1], y, self._runs(_("no such rep"), chosen=False, faint=True, px=15), "right")
                continue
            if one.words:
                text.paint(painter, ends[1], y, self._runs(one.words, chosen=chosen, faint=True, px=15), "right")
            else:
                text.paint(painter, ends[0], y, self._runs(one.symmetry, chosen=chosen, px=16), "right")
                lag = one.lag if self.width() >= _WITH_UNIT else one.lag.replace(f"{THIN}ms", "")
                text.paint(painter, ends[1], y, self._runs(lag, chosen=chosen, px=16), "right")
            if one.clean:
                marks.tick(painter, QPointF(ends[2] - 8, y - 6), 6, self.colours.text, 2)
            else:
                text.paint(painter, ends[2], y, [Run("\u2212", 15, self.colours.text2)], "right")
        painter.fillRect(QRectF(columns[3] + 10, y - 20, 1, 26), self.colours.line)
