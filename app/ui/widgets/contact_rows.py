"""How each electrode does while somebody calibrates: one row a muscle, left on the left."""

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import SIDES, Side
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, SEMIBOLD, Colours, room_px
from app.ui.widgets.painted import Painted

_LABEL = 136
_WORD, _MORE = 170, 270
"""Where a word and what to do stand beside a name, in the size of text in force; a longer one moves them on."""
ROW = 38


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One electrode: whose and of which muscle, a mark (``tick``, ``warning`` or none), a word, and what to do."""

    side: Side
    is_glute: bool
    name: str
    mark: str
    word: str
    more: str


class ContactRows(Painted):
    """The painted rows; what there is no room for is left out from below."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Contact"), parent)
        self.rows: tuple[ContactRow, ...] = ()

    def show_rows(self, rows: tuple[ContactRow, ...]) -> None:
        """Show them, if they are others."""
        if rows != self.rows:
            self.rows = rows
            self.say(". ".join(f"{row.name}: {row.word}. {row.more}".strip() for row in rows))
            self.update()

    @property
    def n_rows(self) -> int:
        """How many rows the fuller side has."""
        return max(sum(row.side == side for row in self.rows) for side in SIDES)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        painter.fillRect(QRectF(0, 0, self.width(), 1), ink.line)
        wide = self.width() >= 1000
        if wide:
            text.paint(painter, 0, 32, [Run(_("Contact"), 17, ink.text, SEMIBOLD)])
        label = _LABEL if wide else 0
        column = (self.width() - label) / 2
        for number, side in enumerate(SIDES):
            mine = [row for row in self.rows if row.side == side]
            for place, row in enumerate(mine[: max(1, (self.height() - 8) // ROW)]):
                self._draw_row(painter, row, label + number * column, 32 + ROW * place, column - 16)

    def _draw_row(self, painter: QPainter, row: ContactRow, left: float, y: float, room: float) -> None:
        ink = self.colours
        if row.is_glute:
            marks.glyph(painter, row.side, QPointF(left + 7, y - 6), 6, ink.of(row.side).full)
        else:
            painter.fillRect(QRectF(left + 1, y - 7, 12, 2), ink.text3)
        px, roomy = (17, True) if room >= 480 else (16, False)
        x = left + 26
        x += text.paint(painter, x, y, [Run(row.name, px, ink.text)]) + 18
        x = max(x, left + (room_px(_WORD) if roomy else 148))
        if row.mark == "tick":
            marks.tick(painter, QPointF(x + 6, y - 6), 5.5, ink.text, 2)
            x += 20
        elif row.mark == "warning":
            marks.warning(painter, QPointF(x + 8, y - 6), 8, ink)
            x += 24
        x += text.paint(painter, x, y, [Run(row.word, px, ink.text if row.mark else ink.text2, MEDIUM)]) + 18
        x = max(x, left + room_px(_MORE)) if roomy else x
        left_over = left + room - x
        if row.more and left_over > 60:
            # a remedy is said by the line above too: here its first part may do
            parts = (row.more, row.more.partition(";")[0], row.more.partition(",")[0])
            said = next((part for part in parts if text.width([Run(part, 15, ink.text)]) <= left_over), "")
            text.paint(painter, x, y, [Run(said, 15, ink.text2 if row.mark == "warning" else ink.text3)])
        painter.setPen(Qt.PenStyle.NoPen)
