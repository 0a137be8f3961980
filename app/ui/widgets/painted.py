"""Base of the hand-painted widgets."""

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QAbstractButton, QProgressBar, QWidget

from app.ui.theme import Colours

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _paint(widget: "Canvas | Gauge | PaintedButton") -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    widget.draw(painter)
    painter.end()


class Canvas(QWidget):
    """A widget painted by hand.

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

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

    def draw(self, painter: QPainter) -> None:
        """Paint the widget, but for the widgets on it."""
        raise NotImplementedError


class Painted(Canvas):
    """A widget that only shows, and is painted only when what it shows has changed."""

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(colours, name, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


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

    def paintEvent(self, event: QPaintEvent | None) -> None:
        _paint(self)

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
