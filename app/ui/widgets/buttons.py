"""Things to press: a key button with its key in grey, a quiet text button, an entry of the rail."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.key_names import key_name
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import PaintedButton

HEIGHT = 44
"""Smallest thing to press."""
RING = 4
"""Room for the focus ring: 2 px, 2 px away."""

_BETWEEN = 12

IconPainter = Callable[[QPainter, QPointF, QColor], None]


def outline(painter: QPainter, rect: QRectF, colour: QColor, width: float, radius: float) -> None:
    """Outline a box with round corners."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawRoundedRect(rect, radius, radius)


class KeyButton(PaintedButton):
    """A boxed button; its key stands in grey behind its label. ``primary`` fills it.

    A ``flat`` one has no box, for the status bar.
    """

    def __init__(
        self, colours: Colours, label: str, key: str, *, flat: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(colours, label, parent)
        self.key = key
        self.flat = flat
        self.primary = False
        self._shows_key = True
        self.set_label(label)
        self.setAccessibleDescription(_("Key: {key}", key=key_name(key)) if key else "")

    def set_label(self, label: str, *, primary: bool = False, key: str | None = None) -> None:
        """Change what it says, and the key behind it; does nothing if it says so already."""
        key = self.key if key is None else key
        if (label, primary, key) != (self.text(), self.primary, self.key) or self.size().isEmpty():
            self.key = key
            shortcut = self.shortcut()
            self.setText(label)
            self.setShortcut(shortcut)  # which Qt drops with the text before
            self.setAccessibleName(label)
            self.primary = primary
            self.resize(self.sizeHint())
            self.update()

    def show_key(self, *, shown: bool) -> None:
        """Show its key behind what it says, or not: where there is no room for all keys of a row."""
        if shown != self._shows_key:
            self._shows_key = shown
            self.resize(self.sizeHint())
            self.update()

    def sizeHint(self) -> QSize:
        inner = text.width(self._label_runs(self.colours.text))
        if self.key and self._shows_key:
            inner += 12 + text.width(self._key_runs(self.colours.text))
        return QSize(round(inner) + (24 if self.flat else 32 + 2 * RING), HEIGHT + (0 if self.flat else 2 * RING))

    def _label_runs(self, ink: QColor) -> list[Run]:
        return [Run(self.text(), 15 if self.flat else 16, ink, REGULAR if self.flat else MEDIUM)]

    def _key_runs(self, ink: QColor) -> list[Run]:
        return [Run(key_name(self.key), 14, ink)] if self.key and self._shows_key else []

    def draw(self, painter: QPainter) -> None:
        inset = 0 if self.flat else RING
        box = QRectF(self.rect()).adjusted(inset + 0.5, inset + 0.5, -inset - 0.5, -inset - 0.5)
        ink = self.ink(self.colours.text2) if self.flat else self.colours.text
        grey = self.colours.text3
        if self.primary:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colours.text)
            painter.drawRoundedRect(box, 6, 6)
            ink = grey = self.colours.ground
        elif not self.flat:
            outline(painter, box, self.colours.text if self.underMouse() else self.colours.edge, 1, 6)
        pad, baseline = (12 if self.flat else 16), self.height() / 2 + 5.5
        text.paint(painter, box.left() + pad, baseline, self._label_runs(ink))
        text.paint(painter, box.right() - pad, baseline, self._key_runs(grey), "right")
        if self.hasFocus():
            # a flat button sits in a bar that it fills, so its ring stands inside
            ring = QRectF(self.rect()).adjusted(1, 1, -1, -1) if not self.flat else box.adjusted(2.5, 4.5, -2.5, -4.5)
            outline(painter, ring, self.colours.focus, 2, 8)


def stand_in_row(buttons: Sequence[KeyButton], left: float, right: float, y: int) -> int:
    """Stand buttons beside each other, the first of them at the right end; hidden ones are left out.

    Where there is no room for all, their keys go first.

    Parameters
    ----------
    buttons : sequence of KeyButton
    left, right : float
        Between which their boxes may stand, in device-independent px.
    y : int
        Upper end.

    Returns
    -------
    int
        Where the next box would end.
    """
    shown = [button for button in buttons if not button.isHidden()]
    for keys in (True, False):
        for button in shown:
            button.show_key(shown=keys)
        if sum(button.width() - 2 * RING + _BETWEEN for button in shown) - _BETWEEN <= right - left:
            break
    end = round(right)
    for button in shown:
        button.move(end + RING - button.width(), y)
        end = button.x() + RING - _BETWEEN
    return end


class RailButton(PaintedButton):
    """One page of the rail: icon and word, or the icon alone with a tool tip."""

    def __init__(self, colours: Colours, name: str, icon: IconPainter, parent: QWidget | None = None) -> None:
        super().__init__(colours, name, parent)
        self.setText(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self._icon = icon

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone."""
        self.setToolTip(self.text() if narrow else "")

    def draw(self, painter: QPainter) -> None:
        chosen = self.isChecked()
        ink = self.colours.text if chosen else self.ink(self.colours.text2)
        if chosen:
            painter.fillRect(QRectF(0, 0, 3, self.height()), self.colours.text)
        self._icon(painter, QPointF(34, self.height() / 2), ink)
        if not self.toolTip():
            run = Run(self.text(), 16, ink, SEMIBOLD if chosen else REGULAR)
            while run.px > LEAST_TEXT_PX and 56 + text.width([run]) > self.width() - 6:
                run = replace(run, px=run.px - 1)
            if 56 + text.width([run]) > self.width() - 6:
                run = replace(run, weight=REGULAR)
            x = max(50.0, min(56.0, self.width() - 6 - text.width([run])))  # the longest word may come nearer
            text.paint(painter, x, self.height() / 2 + 5.5, [run])
        if self.hasFocus():
            outline(painter, QRectF(self.rect()).adjusted(7, 3, -5, -3), self.colours.focus, 2, 6)
