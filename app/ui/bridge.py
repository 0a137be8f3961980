"""The one place where rare events of other threads become Qt signals.

Dense data never pass here: the window pulls them (`app.ui.source.SessionSource.snapshot`).
"""

from PyQt6.QtCore import QObject, pyqtSignal

from app.session.events import Event


class Bridge(QObject):
    """Carries events into the GUI thread. Lives in the GUI thread; its methods may be called from any.

    Attributes
    ----------
    happened : signal of Event
        Emitted from another thread, Qt queues it into the thread of the receiving widget.
    failed : signal of str
        One calm sentence about an error that nobody expected.
    renewed : signal
        The session before is over, and its last event posted; another begins.
    """

    happened = pyqtSignal(object)
    failed = pyqtSignal(str)
    renewed = pyqtSignal()

    def post(self, event: Event) -> None:
        """Hand an event to the window; returns at once, from any thread."""
        self.happened.emit(event)

    def post_renewed(self) -> None:
        """Tell the window that another session begins; returns at once, from any thread."""
        self.renewed.emit()

    def post_fault(self, sentence: str) -> None:
        """Hand a sentence about a fault to the window; returns at once, from any thread."""
        self.failed.emit(sentence)
