"""Rows to choose from: kept sessions, or people."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours
from app.ui.widgets.painted import PaintedRow

ROW = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: what it is, more about it, and a word at the right."""

    name: str
    detail: str
    word: str = ""


class ChoiceRow(PaintedRow):
    """One row to press; the arrow keys go from row to row."""

    def __init__(self, colours: Colours, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(colours, choice.name, parent)
        self.choice = choice
        self.setAccessibleDescription(". ".join(filter(None, (choice.detail, choice.word))))

    def sizeHint(self) -> QSize:
        return QSize(400, ROW)

    def _details(self, room: float) -> tuple[int, list[str]]:
        return text.fit(self.choice.detail, 15, REGULAR, room) if self.choice.detail else (15, [])

    def needed_height(self, width: int) -> int:
        """How high it is for all its words."""
        px, lines = self._details(width - 44.0)
        return ROW + text.leading(px) * max(0, len(lines) - 1)

    def draw(self, painter: QPainter) -> None:
        ink, width = self.colours, self.width()
        painter.fillRect(QRectF(0, self.height() - 1, width, 1), ink.line)
        if self.underMouse():
            painter.fillRect(QRectF(0, 1, width, self.height() - 2), ink.well)
        room = beneath = width - 44.0
        if self.isEnabled():
            text.paint(painter, width - 14, 36, [Run("\u203a", 20, self.ink(ink.text3))], "right")
        if self.choice.word:
            word = Run(self.choice.word, 15, ink.text2)
            both = text.width([Run(self.choice.detail, 15, ink.text2), word]) + 16
            y = 36 if both <= room else 26  # a long detail stands beneath it
            room -= text.paint(painter, width - 36, y, [word], "right") + 16
        px, name = text.in_line(self.choice.name, 17, MEDIUM, room)
        text.paint(painter, 14, 26, [Run(name, px, ink.text, MEDIUM)])
        px, lines = self._details(beneath)
        for row, line in enumerate(lines):
            text.paint(painter, 14, 48 + text.leading(px) * row, [Run(line, px, ink.text2)])
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -3), 6, 6)


class Choices(QScrollArea):
    """The rows; ``picked`` carries the number of the one that was pressed."""

    picked = pyqtSignal(int)

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.colours = colours
        self.rows: list[ChoiceRow] = []
        self._body = QWidget()
        self.setWidget(self._body)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show these rows, unless they are shown already."""
        if [row.choice for row in self.rows] == list(choices):
            return
        for row in self.rows:
            row.hide()  # it is deleted later, and nobody is to meet it until then
            row.deleteLater()
        self.rows = [ChoiceRow(self.colours, choice, self._body) for choice in choices]
        for number, row in enumerate(self.rows):
            row.clicked.connect(lambda _checked, number=number: self.picked.emit(number))
            row.show()
        self._place()

    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = super().focusNextPrevChild(forward)
        focused = self.focusWidget()
        if isinstance(focused, ChoiceRow):
            self.ensureWidgetVisible(focused)
        return moved

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        viewport = self.viewport()
        width = viewport.width() if viewport is not None else self.width()
        top = 0
        for row in self.rows:
            row.setGeometry(0, top, width, row.needed_height(width))
            top += row.height()
        self._body.resize(width, top)
