"""The steps of a plan beneath each other, where the person stands filled, as far as there is room."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.plan_words import Row
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

_TOP, _LEAST_TOP, _PITCH, _LEAST_PITCH, _LINE = 56.0, 46.0, 44.0, 28.0, 22.0


class PlanBlock(Painted):
    """The steps, and a sentence beneath them."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Plan"), parent)
        self.rows: tuple[Row, ...] = ()
        self._foot = ""

    def show_plan(self, rows: Sequence[Row], foot: str) -> None:
        """Show them; without any the sentence alone."""
        self.rows, self._foot = tuple(rows), foot
        said = [f"{row.title}: {row.word}" for row in rows]
        self.say(". ".join([*said, foot]))
        self.update()

    def draw(self, painter: QPainter) -> None:
        ink, width = self.colours, float(self.width())
        lines = text.wrap(self._foot, 15, REGULAR, width)
        if not self.rows and self.height() < _TOP + _LINE * (len(lines) - 1):
            return
        text.paint(painter, 0, 20, [Run(_("Plan"), 18, ink.text, SEMIBOLD)])
        more = max((text.leading(LEAST_TEXT_PX) * (len(self._title(row)[1]) - 1) for row in self.rows), default=0)
        least = _LEAST_PITCH + more
        pitch = max(least, min(_PITCH, (self.height() - _TOP - _LINE * len(lines)) / max(1, len(self.rows))))
        y = min(_TOP, max(_LEAST_TOP, self.height() - more - 6.0))
        for number, row in enumerate(self._that_fit(pitch, self.height() - y - more)):
            self._draw_row(painter, row, y, pitch if number else 0.0)
            y += pitch
        y += 10 if pitch == _PITCH else 0
        whole = y + _LINE * (len(lines) - 1) < self.height()
        for number, line in enumerate(lines if whole else ()):
            text.paint(painter, 0, y + _LINE * number, [Run(line, 15, ink.text3)])

    def _that_fit(self, pitch: float, room: float) -> Sequence[Row]:
        """All steps, or from the present one on as many as there is room for beneath the first."""
        n = max(1, int(room // pitch) + 1)
        if len(self.rows) <= n:
            return self.rows
        here = next((at for at, row in enumerate(self.rows) if row.place == "now"), 0)
        first = min(here, len(self.rows) - n)
        return self.rows[first : first + n]

    def _draw_row(self, painter: QPainter, row: Row, y: float, above: float) -> None:
        ink = self.colours
        here = row.place == "now"
        painter.setPen(marks.pen(ink.text if here else ink.edge, 1.8))
        if above:
            painter.drawLine(QPointF(8, y - 6 - above + 9), QPointF(8, y - 15))
        painter.setBrush(ink.text if here else ink.edge if row.place == "past" else ink.ground)
        painter.drawEllipse(QPointF(8, y - 6), 7, 7)
        word = Run(row.word, 16, ink.text if here else ink.text3, tabular=True)
        text.paint(painter, self.width(), y, [word], "right")
        px, lines = self._title(row)
        for number, line in enumerate(lines):
            run = Run(line, px, ink.text if here else ink.text2, MEDIUM if here else REGULAR)
            text.paint(painter, 30, y + text.leading(px) * number, [run])

    def _title(self, row: Row) -> tuple[int, list[str]]:
        """Size and lines of a step's name, beside its word."""
        room = self.width() - text.width([Run(row.word, 16, self.colours.text, tabular=True)]) - 42
        px, lines = text.fit(row.title, 16, MEDIUM, room)
        if len(lines) > 1:
            px, lines = LEAST_TEXT_PX, text.wrap(row.title, LEAST_TEXT_PX, MEDIUM, room)
        return px, lines
