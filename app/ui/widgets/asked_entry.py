"""A line to type into that is there only while something is asked."""

from collections.abc import Callable

from PyQt6.QtWidgets import QWidget

from app.ui.theme import Colours
from app.ui.widgets.entry import Entry


class AskedEntry(Entry):
    """The line; Return hands on what was typed.

    Parameters
    ----------
    colours : Colours
    changed : callable
        Hears that it came, or went.
    """

    def __init__(self, colours: Colours, changed: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(colours, "", parent=parent)
        self._changed = changed
        self._take: Callable[[str], None] = lambda words: None
        self.returnPressed.connect(self._hand_on)
        self.hide()

    def ask(self, name: str, hint: str, take: Callable[[str], None]) -> None:
        """Ask for a line; `take` gets it, without blanks around it."""
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self._take = take
        self.show()
        self._changed()
        self.setFocus()

    def put_away(self) -> None:
        """Forget what was typed."""
        self.clear()
        self.hide()
        self._changed()

    def _hand_on(self) -> None:
        self._take(self.text().strip())
        self.put_away()
