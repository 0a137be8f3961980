"""Sections of rows in two columns, or in one where the window is narrow; what has no room is scrolled to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

from app.ui import text
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.painted import Canvas
from app.ui.widgets.setup_rows import ROW, SetupRow

_HEAD: Final = 44
_BETWEEN: Final = 24
_GUTTER: Final = 60
_TWO_FROM: Final = 840


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: Sequence[SetupRow]


class _Body(Canvas):
    """Where the rows stand, with the titles of their sections."""

    def __init__(self, colours: Colours, name: str) -> None:
        super().__init__(colours, name)
        self.titles: list[tuple[str, float, float, float]] = []

    def draw(self, painter: QPainter) -> None:
        for title, left, top, width in self.titles:
            text.paint(painter, left + 6, top + 30, [Run(title, 18, self.colours.text, SEMIBOLD)])
            painter.fillRect(QRectF(left + 6, top + _HEAD - 1, width - 12, 1), self.colours.line)


class RowColumns(QScrollArea):
    """The columns.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    columns : pair of sequences of Section
    """

    def __init__(
        self,
        colours: Colours,
        name: str,
        columns: tuple[Sequence[Section], Sequence[Section]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns = columns
        self.rows = tuple(row for column in columns for section in column for row in section.rows)
        self._body = _Body(colours, name)
        for row in self.rows:
            row.setParent(self._body)
        self.setWidget(self._body)

    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = super().focusNextPrevChild(forward)
        focused = self.focusWidget()
        if isinstance(focused, SetupRow):
            self.ensureWidgetVisible(focused, 0, ROW)
        return moved

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        viewport = self.viewport()
        width = viewport.width() if viewport is not None else self.width()
        two = width >= _TWO_FROM
        column = (width - _GUTTER) // 2 if two else width
        self._body.titles = []
        heights = []
        top = 0
        for number, sections in enumerate(self._columns):
            left = (width - column) * number if two else 0
            top = 0 if two else top
            for section in sections:
                self._body.titles.append((section.title, left, top, column))
                top += _HEAD
                for row in section.rows:
                    row.setGeometry(left, top, column, ROW)
                    top += ROW
                top += _BETWEEN
            heights.append(top)
        self._body.resize(width, max(heights) - _BETWEEN)
        self._body.update()
