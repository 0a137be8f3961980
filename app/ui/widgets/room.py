"""`Room`: a ground that gets all the room there is, and never less than it needs; what has no room is scrolled to."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget


class Room(QScrollArea):
    """The room. What gets the focus by Tab is scrolled to, as in any scroll area.

    Parameters
    ----------
    least : pair of int
        Least width and height of the ground, in device-independent px.
    parent : QWidget or None

    Attributes
    ----------
    ground : QWidget
        What everything stands on.
    changed : signal
        The ground has another size.
    """

    changed = pyqtSignal()

    def __init__(self, least: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.ground = QWidget()
        self.ground.setMinimumSize(*least)
        self.setWidget(self.ground)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.changed.emit()
