"""Every exercise, grouped by its step of the way; chosen by mouse, or by arrow keys and Return."""

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

from app.language import _, mark
from app.session.programme import Programme, Step
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours
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
_ARROWS: Final = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Right)
_TOP, _ROW, _SHORT_ROW, _GUTTER = 66, 56, 44, 32
_NAME_PX, _DETAIL_PX = 18, 14
_BESIDE_NAME = 44
"""Beside a name: the margin, and the tick of the one in force."""
_LEAST_COLUMN, _LEAST_SHORT_COLUMN, _MOST_COLUMNS = 320, 180, 4


class ExerciseRow(PaintedButton):
    """One exercise: its name and what it is for; ticked if it is the one in force.

    Attributes
    ----------
    reached : signal
        It has the focus now.
    """

    reached = pyqtSignal()

    def __init__(self, colours: Colours, programme: Programme, *, own: bool, parent: QWidget) -> None:
        super().__init__(colours, _(programme.title), parent)
        self.programme = programme
        self.detail = _detail(programme, own=own)
        self.name_px = _NAME_PX
        self.setAccessibleDescription(self.detail)

    def _details(self, width: float) -> list[str]:
        return text.wrap(self.detail, _DETAIL_PX, REGULAR, width - 20)

    def height_told(self, width: float) -> int:
        """How high it is with what it is for."""
        return 35 + text.leading(_DETAIL_PX) * max(1, len(self._details(width)))

    def width_named(self) -> float:
        """How wide it must be for its whole name, as small as that may be."""
        return _BESIDE_NAME + text.width([Run(self.accessibleName(), LEAST_TEXT_PX, self.colours.text, MEDIUM)])

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in _ARROWS:
            event.ignore()  # for the list; a button would take the next thing to press, whatever it is
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        self.reached.emit()

    def draw(self, painter: QPainter) -> None:
        ink, box = self.colours, QRectF(self.rect())
        if self.underMouse():
            painter.fillRect(box, ink.well)
        room, two = box.width() - _BESIDE_NAME, box.height() > _SHORT_ROW
        title, px = text.elide(self.accessibleName(), self.name_px, MEDIUM, room), self.name_px
        text.paint(painter, 12, 24 if two else box.height() / 2 + 6, [Run(title, px, ink.text, MEDIUM)])
        for number, line in enumerate(self._details(box.width()) if two else ()):
            y = 24 + text.leading(_DETAIL_PX) * (number + 1)
            text.paint(painter, 12, y, [Run(line, _DETAIL_PX, ink.text2)])
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


class _Shelf(Canvas):
    """Where the rows stand, in columns, with the headings of their groups."""

    def __init__(self, colours: Colours) -> None:
        super().__init__(colours, _("Exercises"))
        self.rows: list[ExerciseRow] = []
        self._headings: list[tuple[str, float, float]] = []

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

    def place(self, width: int, height: int) -> None:
        """Place the rows in a room of this size; where they have no room at all, be as high as they need."""
        margin = 40 if width >= 1000 else 32
        named = round(max((row.width_named() for row in self.rows), default=0)) + 1
        short = max(_LEAST_SHORT_COLUMN, named)
        most = {least: self._most_columns(width - 2 * margin, least) for least in (_LEAST_COLUMN, short)}
        ways = [
            (n_columns, row_height)
            for row_height, least in ((_ROW, _LEAST_COLUMN), (_SHORT_ROW, short))
            for n_columns in range(1, most[least] + 1)
        ]
        if not any(self._flow(width, margin, n_columns, row_height, height) for n_columns, row_height in ways):
            # who has to scroll anyway reads every row whole
            while not self._flow(width, margin, most[_LEAST_COLUMN], _ROW, height):
                height += _SHORT_ROW
        room = min((row.width() for row in self.rows), default=width) - _BESIDE_NAME
        px = min((text.shrunk(row.accessibleName(), _NAME_PX, MEDIUM, room) for row in self.rows), default=_NAME_PX)
        for row in self.rows:
            row.name_px = px  # one size for all
            row.update()
        self.resize(width, height)
        self.update()

    @staticmethod
    def _most_columns(room: int, least: int) -> int:
        return min(max((room + _GUTTER) // (least + _GUTTER), 1), _MOST_COLUMNS)

    def _flow(self, width: int, margin: int, n_columns: int, row_height: int, height: int) -> bool:
        """Fill the columns one after the other, groups kept with their headings; False if they are too short."""
        self._headings = []
        heading_height = 40 if row_height == _ROW else 30
        column_width = (width - 2 * margin - (n_columns - 1) * _GUTTER) // n_columns
        column, y, heading = 0, 0, ""
        for row in self.rows:
            name = dict(STEPS)[row.programme.step]
            begins = name != heading
            high = row.height_told(column_width) if row_height == _ROW else row_height
            needed = high + (heading_height if begins else 0)
            if y + needed > height - 4 and column + 1 < n_columns:
                column, y = column + 1, 0
                begins = True  # a group that goes on says so
            left = margin + column * (column_width + _GUTTER)
            if begins:
                self._headings.append((_(name), left + 12, y + heading_height - 10))
                y += heading_height
            heading = name
            row.setGeometry(left, y, column_width, high)
            y += high
        return y <= height - 4

    def draw(self, painter: QPainter) -> None:
        for heading, x, y in self._headings:
            text.paint(painter, x, y, [Run(heading, 16, self.colours.text3, MEDIUM)])


class ExerciseList(Canvas):
    """The list; where there are more exercises than the page has room for, it scrolls.

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
        self._shelf = _Shelf(colours)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._shelf)
        self.back = KeyButton(colours, _("Back"), "Esc", parent=self)
        self.back.clicked.connect(self.closed)

    @property
    def rows(self) -> list[ExerciseRow]:
        """Every exercise that is listed, from the first step of the way on."""
        return self._shelf.rows

    def show_programmes(self, shipped: Sequence[Programme], own: Sequence[Programme], current: str) -> None:
        """List them, and give the one in force the focus."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        order = [step for step, _words in STEPS]
        every = sorted([*shipped, *own], key=lambda one: order.index(one.step))
        self._shelf.rows = [ExerciseRow(self.colours, one, own=one in own, parent=self._shelf) for one in every]
        for row in self.rows:
            row.setCheckable(True)
            row.show_checked(row.programme.id == current)
            row.clicked.connect(lambda _checked, row=row: self.chosen.emit(row.programme))
            row.reached.connect(self._reveal)
            row.show()
        self._place()
        focused = next((row for row in self.rows if row.isChecked()), self.rows[0] if self.rows else None)
        if focused is not None:
            focused.setFocus()

    def _reveal(self) -> None:
        """Scroll to whatever row has the focus now, with the heading or the row before it."""
        row = next((row for row in self.rows if row.hasFocus()), None)
        if row is not None:
            self.area.ensureWidgetVisible(row, 0, _ROW)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        margin = 40 if self.width() >= 1000 else 32
        self.back.move(self.width() - margin + RING - self.back.width(), 20)
        self.area.setGeometry(0, _TOP, self.width(), self.height() - _TOP)
        self._shelf.place(self.width(), self.height() - _TOP)
        self._reveal()

    def draw(self, painter: QPainter) -> None:
        title = Run(_("Exercises"), 22, self.colours.text, SEMIBOLD)
        text.paint(painter, 40 if self.width() >= 1000 else 32, 52, [title])
