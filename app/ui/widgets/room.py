"""`Room`: a widget gets all the room there is, and never less than it needs; what has no room is scrolled to."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget


class Room(QScrollArea):
    """The room; the least size of its widget says from where on it scrolls.

    What gets the focus by Tab is scrolled to, as in any scroll area.

    Parameters
    ----------
    widget : QWidget or None
        What stands in it; may be set later.
    parent : QWidget or None
    """

    def __init__(self, widget: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        if widget is not None:
            self.setWidget(widget)
