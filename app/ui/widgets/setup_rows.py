"""Rows of the Setup page: what it is at the left, how it is at the right. Return or a click goes on to the next value.

The arrow keys left and right go through the values, up and down from row to row; Delete brings the standard back.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours, grown
from app.ui.widgets.painted import PaintedButton

ROW: Final = 48
_BASELINE: Final = 30
_INSET: Final = 6
"""Room for the focus ring beside the words."""
_APART: Final = 24
_LEAST_TRACK: Final = 60
_TRACK: Final = 150


class SetupRow(PaintedButton):
    """One row.

    Parameters
    ----------
    colours : Colours
    label : str
    name : str
        Of the preference that it shows; empty where it is none.

    Attributes
    ----------
    chosen : signal
        Carries the value that the person wants.
    standard_wanted : signal
    """

    chosen = pyqtSignal(object)
    standard_wanted = pyqtSignal()

    def __init__(self, colours: Colours, label: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(colours, label, parent)
        self.label, self.name = label, name
        self.value: object = None
        self.clicked.connect(lambda: self.step(0))

    def show_value(self, value: object) -> None:
        """Show how it is."""
        self.value = value
        self.setAccessibleName(_("{label}: {value}", label=self.label, value=self.spoken()))
        self.update()

    def spoken(self) -> str:
        """How it is, in words."""
        return str(self.value)

    def step(self, by: int) -> None:
        """Go `by` values on; 0 is a press."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        return QSize(400, ROW)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        key = None if event is None else event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.standard_wanted.emit()
        else:
            super().keyPressEvent(event)

    def draw(self, painter: QPainter) -> None:
        ink, right = self.colours, self.width() - _INSET
        painter.fillRect(QRectF(_INSET, self.height() - 1, right - _INSET, 1), ink.line)
        room = self.draw_value(painter, right) - _INSET - 16
        px, lines = text.fit(self.label, 16, REGULAR, room)
        if len(lines) > 1:
            px, lines = LEAST_TEXT_PX, text.wrap(self.label, LEAST_TEXT_PX, REGULAR, room)
        first = _BASELINE - grown(px) * 0.55 * (len(lines) - 1)
        for row, line in enumerate(lines):
            text.paint(painter, _INSET, first + 1.1 * grown(px) * row, [Run(line, px, self.ink(ink.text2))])
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -3), 6, 6)

    def draw_value(self, painter: QPainter, right: float) -> float:
        """Paint how it is, up to `right`; returns where that begins."""
        raise NotImplementedError


class Switch(SetupRow):
    """On or off."""

    def spoken(self) -> str:
        return _("on") if self.value else _("off")

    def step(self, by: int) -> None:
        wanted = not self.value if by == 0 else by > 0
        if wanted != self.value:
            self.chosen.emit(wanted)

    def draw_value(self, painter: QPainter, right: float) -> float:
        ink, on = self.colours, bool(self.value)
        box = QRectF(right - 44, _BASELINE - 17, 44, 24)
        painter.setPen(marks.pen(ink.text if on else ink.edge, 1.5))
        painter.setBrush(ink.text if on else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 12, 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.ground if on else ink.text2)
        painter.drawEllipse(QPointF(box.right() - 12 if on else box.left() + 12, box.center().y()), 8, 8)
        word = Run(self.spoken(), 15, ink.text3)
        return box.left() - 12 - text.paint(painter, box.left() - 12, _BASELINE, [word], "right")


class Words(SetupRow):
    """One of a few words; all of them stand there while there is room, else the chosen one alone.

    Parameters
    ----------
    values : sequence of (object, str)
        Each value with its word.
    """

    def __init__(
        self,
        colours: Colours,
        label: str,
        values: Sequence[tuple[object, str]],
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(colours, label, name, parent)
        self.values = tuple(values)

    def spoken(self) -> str:
        return next((word for value, word in self.values if value == self.value), str(self.value))

    def step(self, by: int) -> None:
        known = [value for value, _word in self.values]
        at = known.index(self.value) if self.value in known else -1
        wanted = known[(at + 1) % len(known)] if by == 0 else known[min(max(at + by, 0), len(known) - 1)]
        if wanted != self.value:
            self.chosen.emit(wanted)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        hit = None if event is None else self._value_at(event.position().x())
        if hit is not None and self.isDown():
            self.setDown(False)
            if hit != self.value:
                self.chosen.emit(hit)
            return
        super().mouseReleaseEvent(event)

    def _boxes(self) -> list[tuple[object, str, float, float]]:
        """Value, word, left and right of all words; of the chosen one where all of them have no room."""
        widths = [text.width([Run(word, 16, self.colours.text, SEMIBOLD)]) for _value, word in self.values]
        total = sum(widths) + _APART * (len(widths) - 1)
        of_label = text.width([Run(self.label, 16, self.colours.text)])
        right = float(self.width() - _INSET)
        if total + of_label + 2 * _INSET + 16 > self.width():
            word = self.spoken()
            return [(self.value, word, right - text.width([Run(word, 16, self.colours.text, SEMIBOLD)]), right)]
        boxes, left = [], right - total
        for (value, word), width in zip(self.values, widths, strict=True):
            boxes.append((value, word, left, left + width))
            left += width + _APART
        return boxes

    def _value_at(self, x: float) -> object | None:
        boxes = self._boxes()
        if len(boxes) < len(self.values):
            return None
        return next((value for value, _word, left, right in boxes if left - 12 <= x <= right + 12), None)

    def draw_value(self, painter: QPainter, right: float) -> float:
        ink, boxes = self.colours, self._boxes()
        for value, word, left, end in boxes:
            here = value == self.value
            run = Run(word, 16, ink.text if here else ink.text3, SEMIBOLD if here else REGULAR)
            text.paint(painter, left, _BASELINE, [run])
            if here:
                painter.fillRect(QRectF(left, _BASELINE + 7, end - left, 2), ink.text)
        return boxes[0][2]


class Level(SetupRow):
    """A number within bounds.

    Parameters
    ----------
    bounds : (float, float, float)
        Least, most, and one step of the arrow keys.
    shown : callable
        Makes the text of a value.
    """

    def __init__(
        self,
        colours: Colours,
        label: str,
        bounds: tuple[float, float, float],
        shown: Callable[[float], str],
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(colours, label, name, parent)
        self.least, self.most, self.by = bounds
        self._shown = shown

    @property
    def number(self) -> float:
        """How it is; the least where nothing is chosen."""
        return self.value if isinstance(self.value, int | float) else self.least

    def spoken(self) -> str:
        return self._shown(self.number)

    def step(self, by: int) -> None:
        if by:
            self._want(self.number + by * self.by)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        super().mousePressEvent(event)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        self._follow(event)

    def _follow(self, event: QMouseEvent | None) -> None:
        left, right = self._track()
        if event is not None and event.position().x() >= left - 16:
            share = (event.position().x() - left) / (right - left)
            self._want(self.least + share * (self.most - self.least))

    def _want(self, number: float) -> None:
        steps = round((min(max(number, self.least), self.most) - self.least) / self.by)
        wanted: float = min(self.least + steps * self.by, self.most)
        if all(isinstance(bound, int) for bound in (self.least, self.most, self.by)):
            wanted = int(wanted)
        else:
            wanted = round(wanted, 3)
        if wanted != self.value:
            self.chosen.emit(wanted)

    def _track(self) -> tuple[float, float]:
        longest = text.width([Run(self._shown(self.most), 16, self.colours.text, MEDIUM, tabular=True)])
        right = self.width() - _INSET - max(72.0, longest + 20)
        room = right - 2 * _INSET - 32 - text.width([Run(self.label, 16, self.colours.text)])
        return right - min(max(_LEAST_TRACK, room), _TRACK), right

    def draw_value(self, painter: QPainter, right: float) -> float:
        ink, (left, end) = self.colours, self._track()
        text.paint(painter, right, _BASELINE, [Run(self.spoken(), 16, ink.text, MEDIUM, tabular=True)], "right")
        x = left + (end - left) * (self.number - self.least) / (self.most - self.least)
        y = _BASELINE - 5
        painter.setPen(marks.pen(ink.edge, 1.5))
        painter.drawLine(QPointF(left, y), QPointF(end, y))
        painter.setPen(marks.pen(ink.text, 3))
        painter.drawLine(QPointF(left, y), QPointF(x, y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.text)
        painter.drawEllipse(QPointF(x, y), 9, 9)
        return left - 9


class Press(SetupRow):
    """Something to do, or to look at: ``chosen`` tells that it was pressed; `can_press` False shows it alone."""

    def __init__(
        self,
        colours: Colours,
        label: str,
        name: str = "",
        *,
        can_press: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(colours, label, name, parent)
        self.can_press = can_press
        if not can_press:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setCursor(Qt.CursorShape.ArrowCursor)

    def step(self, by: int) -> None:
        if self.can_press and by == 0:
            self.chosen.emit(None)

    def draw_value(self, painter: QPainter, right: float) -> float:
        ink = self.colours
        if self.can_press:
            right -= text.paint(painter, right, _BASELINE, [Run("\u203a", 20, self.ink(ink.text3))], "right") + 10
        # what it is gives way to how it is, by a second line
        longest = max(text.width([Run(word, LEAST_TEXT_PX, ink.text)]) for word in self.label.split(" "))
        label = min(text.width([Run(self.label, 16, ink.text)]), max(longest, 0.25 * self.width()))
        px, words = text.in_line(str(self.value or ""), 16, MEDIUM, self.width() - 2 * _INSET - label - 40)
        return right - text.paint(painter, right, _BASELINE, [Run(words, px, ink.text, MEDIUM)], "right")
