"""`Room`: a ground that gets all the room there is, and never less than it needs; what has no room is scrolled to."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget


class Room(QScrollArea):
    """The room. What gets the focus is scrolled to, also when it comes from outside.

    Parameters
    ----------
    ground : QWidget
        What everything stands on.
    parent : QWidget or None
    least : pair of int
        Its least width and height, in device-independent px; a page may ask for more height by `setMinimumHeight`.

    Attributes
    ----------
    changed : signal
        The ground has another size.
    """

    changed = pyqtSignal()

    def __init__(self, ground: QWidget, parent: QWidget | None = None, *, least: tuple[int, int] = (0, 0)) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.ground = ground
        ground.setMinimumSize(*least)
        self.setWidget(ground)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return  # a button that moves away from under the pointer takes no click
        if now is not None and self.ground.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.changed.emit()


def seen_height(ground: QWidget) -> int:
    """How much of the height of a ground is seen at once; how roomy it is laid out follows from this.

    Would it follow from its own height, whatever needs more height would get it, and be laid out roomier still.
    """
    viewport = ground.parentWidget()
    return ground.height() if viewport is None else min(ground.height(), viewport.height())


def scroll_to(ground: QWidget, top: int, bottom: int) -> None:
    """Bring a stretch of a ground into view; its upper end where not all of it has room."""
    viewport = ground.parentWidget()
    room = None if viewport is None else viewport.parentWidget()
    if isinstance(room, Room):
        room.ensureVisible(0, bottom, 0, 0)
        room.ensureVisible(0, top, 0, 0)
