"""Base of the hand-painted widgets.

Each stands on the class of Qt that a screen reader knows as what it is: a panel that holds others, a label, a gauge, a
button. What is painted is read out of its accessible name.
"""

from typing import Final

from PyQt6.QtCore import QEvent, QSignalBlocker, Qt
from PyQt6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QFrame, QLabel, QProgressBar, QWidget

from app.language import _
from app.ui.theme import Colours
from app.ui.words import THIN

_NO_DIGITS: Final = str.maketrans("", "", "0123456789.,")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _paint(widget: "Canvas | Painted | Gauge | PaintedButton") -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget.draw(painter)
    painter.end()


def _say(widget: "Canvas | Painted", name: str, words: str) -> None:
    said = _("{label}: {value}", label=name, value=words) if words else name
    said = said.replace(THIN, " ")
    if said != widget.accessibleName():  # or Qt would announce that nothing has changed
        widget.setAccessibleName(said)


class Rarely:
    """Lets a screen reader hear other words at once, but other numbers only at every `EVERY`th look."""

    EVERY: Final = 4

    def __init__(self) -> None:
        self._said = ""
        self._looks = 0

    def lets(self, words: str) -> bool:
        """Whether these words are to be said now; call it at each look."""
        self._looks += 1
        only_numbers = words.translate(_NO_DIGITS) == self._said.translate(_NO_DIGITS)
        if words == self._said or (only_numbers and self._looks < self.EVERY):
            return False
        self._said, self._looks = words, 0
        return True


class Canvas(QFrame):
    """A widget painted by hand, on which others may stand.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    """

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self._name = name
        self.setAccessibleName(name)

    def say(self, words: str) -> None:
        """Let a screen reader read these words behind the name."""
        _say(self, self._name, words)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

    def draw(self, painter: QPainter) -> None:
        """Paint the widget, but for the widgets on it."""
        raise NotImplementedError


class Painted(QLabel):
    """A widget that only shows, and is painted only when what it shows has changed.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    """

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self._name = name
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, words: str) -> None:
        """Let a screen reader read these words behind the name."""
        _say(self, self._name, words)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

    def draw(self, painter: QPainter) -> None:
        """Paint the widget."""
        raise NotImplementedError


class Gauge(QProgressBar):
    """A widget that shows a level, painted by hand; a screen reader hears its value, as of any progress bar.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    most : int
        Value at the end of the scale, which begins at 0; `reset` tells that there is none.
    """

    def __init__(self, colours: Colours, name: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self.setAccessibleName(name)
        self.setRange(0, most)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._rarely = Rarely()

    def describe(self, *, now: bool = False) -> None:
        """Bring what a screen reader finds up to date; call it a few times a second, or rarely with `now`."""
        words, value = self.spoken()
        if not (self._rarely.lets(words) or now):
            return
        self.setAccessibleDescription(words)
        if value is None:
            self.reset()
        else:
            self.setValue(round(value))

    def spoken(self) -> tuple[str, float | None]:
        """What it shows, in words, and its value; None if it has none now."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

    def draw(self, painter: QPainter) -> None:
        """Paint the widget."""
        raise NotImplementedError


class PaintedButton(QAbstractButton):
    """Something to press, by mouse, Return or its shortcut; the keyboard's focus is always visible.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    """

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._is_pressed = False
        self.toggled.connect(self._on_toggled)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

    def show_checked(self, checked: bool) -> None:
        """Show that this one of several is the one in force; nobody pressed it."""
        with QSignalBlocker(self):
            self.setChecked(checked)

    def nextCheckState(self) -> None:
        self._is_pressed = True
        super().nextCheckState()
        self._is_pressed = False

    def _on_toggled(self, checked: bool) -> None:
        # a screen reader toggles where others press, and Qt tells of no click then
        if not self._is_pressed and (checked or not self.autoExclusive()):
            self.clicked.emit(checked)

    def event(self, event: QEvent | None) -> bool:
        # Enter presses the button that has the focus, also where it is a key of the window
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return super().event(event)  # Ctrl+Enter is another key
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        # Space belongs to pause and go on, whatever has the focus
        if event is not None and event.key() in _ENTER:
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent | None) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self.update()

    def ink(self, usual: QColor) -> QColor:
        """The colour of its words: brighter under the pointer or with the focus."""
        return self.colours.text if self.underMouse() or self.hasFocus() else usual

    def draw(self, painter: QPainter) -> None:
        """Paint the button."""
        raise NotImplementedError


class PaintedRow(PaintedButton):
    """One row of several to press; the arrow keys go from row to row."""

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)
