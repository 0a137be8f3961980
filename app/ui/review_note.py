"""The entry for a note about the moment where a replay stands."""

from collections.abc import Callable

from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import review_words
from app.ui.review_desk import ReviewDesk
from app.ui.theme import Colours
from app.ui.widgets.entry import Entry


class ReviewNote(Entry):
    """The entry; hidden until it is asked for.

    Parameters
    ----------
    colours : Colours
    desk : ReviewDesk
        Keeps the note.
    warn : callable
        Takes a sentence that must be seen.
    changed : callable
        Hears that it came, or went.
    """

    def __init__(
        self,
        colours: Colours,
        desk: ReviewDesk,
        warn: Callable[[str], None],
        changed: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            colours, _("Note about this moment"), _("Note about this moment; Return keeps it"), parent=parent
        )
        self._desk, self._warn, self._changed = desk, warn, changed
        self.returnPressed.connect(self._keep)
        self.hide()

    def ask(self) -> None:
        """Let a note about this moment be typed."""
        if self._desk.opened is None or self._desk.opened.record is None:
            self._warn(_(review_words.FROM_ELSEWHERE))
            return
        self._desk.player.playing = False
        self.show()
        self._changed()
        self.setFocus()

    def put_away(self) -> None:
        """Forget what was typed."""
        self.clear()
        self.hide()
        self._changed()

    def _keep(self) -> None:
        self._desk.keep_note(self.text().strip())
        self.put_away()
