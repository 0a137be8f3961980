"""Every exercise, grouped by its step of the way; chosen by mouse, or by arrow keys and Return."""

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.session.programme import Programme, Step
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton, outline
from app.ui.widgets.painted import Canvas, PaintedButton

STEPS: Final[tuple[tuple[Step, str], ...]] = (
    ("check", mark("See where you are")),
    ("wake", mark("Wake it")),
    ("hold", mark("Hold it")),
    ("side", mark("One side, then the other")),
    ("integrate", mark("Take it into movement")),
    ("free", mark("Free")),
)
_TOP, _ROW, _SHORT_ROW, _GUTTER = 66, 56, 44, 32
_LEAST_COLUMN, _LEAST_SHORT_COLUMN = 340, 180


class ExerciseRow(PaintedButton):
    """One exercise: its name and what it is for; ticked if it is the one in force."""

    def __init__(self, colours: Colours, programme: Programme, *, own: bool, parent: QWidget) -> None:
        super().__init__(colours, _(programme.title), parent)
        self.programme = programme
        self.detail = _detail(programme, own=own)
        self.setAccessibleDescription(self.detail)

    def draw(self, painter: QPainter) -> None:
        ink, box = self.colours, QRectF(self.rect())
        if self.underMouse():
            painter.fillRect(box, ink.well)
        room, two = box.width() - 44, box.height() >= _ROW
        title = text.elide(self.accessibleName(), 18, MEDIUM, room)
        text.paint(painter, 12, 24 if two else box.height() / 2 + 6, [Run(title, 18, ink.text, MEDIUM)])
        if two:
            text.paint(painter, 12, 45, [Run(text.elide(self.detail, 15, REGULAR, box.width() - 20), 15, ink.text2)])
        if self.isChecked():
            marks.tick(painter, QPointF(box.right() - 18, 18 if two else box.height() / 2), 6, ink.text, 2.2)
        if self.hasFocus():
            outline(painter, box.adjusted(1, 1, -1, -1), ink.focus, 2, 6)


def _detail(programme: Programme, *, own: bool) -> str:
    notes = [_("your own")] if own else []
    if programme.muscle == "gluteus medius":
        notes.append(_("other pads: gluteus medius"))
    if programme.sensors == "optional":
        notes.append(_("also without sensors, then not measured"))
    first = ", ".join(notes)
    purpose = _(programme.purpose).rstrip(".")
    return f"{first[:1].upper()}{first[1:]}. {purpose}" if first and purpose else first or purpose


class ExerciseList(Canvas):
    """The list.

    Attributes
    ----------
    chosen : signal of Programme
    closed : signal
        The person goes back without choosing.
    """

    chosen = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Exercises"), parent)
        self.setAutoFillBackground(True)  # it stands over the page
        self.rows: list[ExerciseRow] = []
        self._headings: list[tuple[str, float, float]] = []
        self.back = KeyButton(colours, _("Back"), "Esc", parent=self)
        self.back.clicked.connect(self.closed)

    def show_programmes(self, shipped: Sequence[Programme], own: Sequence[Programme], current: str) -> None:
        """List them, and give the one in force the focus."""
        for row in self.rows:
            row.deleteLater()
        order = [step for step, _words in STEPS]
        every = sorted([*shipped, *own], key=lambda one: order.index(one.step))
        self.rows = [ExerciseRow(self.colours, one, own=one in own, parent=self) for one in every]
        for row in self.rows:
            row.setCheckable(True)
            row.setChecked(row.programme.id == current)
            row.clicked.connect(lambda _checked, row=row: self.chosen.emit(row.programme))
            row.show()
        self._place()
        focused = next((row for row in self.rows if row.isChecked()), self.rows[0] if self.rows else None)
        if focused is not None:
            focused.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        focused = next((number for number, row in enumerate(self.rows) if row.hasFocus()), None)
        if event is None or focused is None:
            return
        key = Qt.Key(event.key())
        if key in steps:
            self.rows[(focused + steps[key]) % len(self.rows)].setFocus()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._beside(self.rows[focused], 1 if key == Qt.Key.Key_Right else -1).setFocus()
        else:
            super().keyPressEvent(event)

    def _beside(self, row: ExerciseRow, sign: int) -> ExerciseRow:
        """The row of the next column at the same height, or the row itself."""
        others = [one for one in self.rows if sign * (one.x() - row.x()) > 0]
        return min(others, key=lambda one: (abs(one.x() - row.x()), abs(one.y() - row.y())), default=row)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        margin = 40 if self.width() >= 1000 else 32
        self.back.move(self.width() - margin + RING - self.back.width(), 20)
        for row_height, least in ((_ROW, _LEAST_COLUMN), (_SHORT_ROW, _LEAST_SHORT_COLUMN)):
            for n_columns in (1, 2, 3, 4):
                width = (self.width() - 2 * margin - (n_columns - 1) * _GUTTER) // n_columns
                if width < least and n_columns > 1:
                    break
                if self._flow(margin, width, n_columns, row_height):
                    self.update()
                    return
        self.update()

    def _flow(self, margin: int, width: int, n_columns: int, row_height: int) -> bool:
        """Fill the columns one after the other, groups kept with their headings; False if they are too short."""
        self._headings = []
        heading_height = 40 if row_height == _ROW else 30
        column, y, heading = 0, _TOP, ""
        for row in self.rows:
            name = dict(STEPS)[row.programme.step]
            begins = name != heading
            needed = row_height + (heading_height if begins else 0)
            if y + needed > self.height() - 4 and column + 1 < n_columns:
                column, y = column + 1, _TOP
                begins = True  # a group that goes on says so
            if begins:
                self._headings.append((_(name), margin + column * (width + _GUTTER) + 12, y + heading_height - 10))
                y += heading_height
            heading = name
            row.setGeometry(margin + column * (width + _GUTTER), y, width, row_height)
            y += row_height
        return y <= self.height() - 4 or column + 1 < n_columns

    def draw(self, painter: QPainter) -> None:
        title = Run(_("Exercises"), 22, self.colours.text, SEMIBOLD)
        text.paint(painter, 40 if self.width() >= 1000 else 32, 52, [title])
        for heading, x, y in self._headings:
            text.paint(painter, x, y, [Run(heading, 16, self.colours.text3, MEDIUM)])
