"""What can be done about what was done: take the last back, repeat the set, stop. Quiet buttons between the pillars."""

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.ui.theme import Colours
from app.ui.widgets.buttons import HEIGHT, KeyButton


class ActRow(QFrame):
    """The buttons, in as many rows as their words need."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("What was done"))
        self.take_back = KeyButton(colours, _("Take the last back"), "Backspace", flat=True, parent=self)
        self.repeat_set = KeyButton(colours, _("Repeat the set"), "R", flat=True, parent=self)
        self.stop = KeyButton(colours, _("Stop"), "Esc", flat=True, parent=self)
        self.buttons = (self.take_back, self.repeat_set, self.stop)

    def place(self, middle: float, bottom: float, width: int) -> None:
        """Take the place: centred on `middle`, no wider than `width`, its lower edge at `bottom`."""
        for keys in (True, False):  # where that spares a row, the keys go first
            for button in self.buttons:
                button.show_key(shown=keys)
            if len(self._rows(width)) == 1:
                break
        height = HEIGHT * len(self._rows(width))
        self.setGeometry(round(middle - width / 2), round(bottom) - height, width, height)

    def show_for(self, *, reps: bool, sets: bool) -> None:
        """Offer what there is to take back and to repeat."""
        if (reps, sets) != (self.take_back.isVisibleTo(self), self.repeat_set.isVisibleTo(self)):
            self.take_back.setVisible(reps)
            self.repeat_set.setVisible(sets)
            self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        for number, row in enumerate(self._rows(self.width())):
            x = (self.width() - sum(button.width() for button in row)) // 2
            for button in row:
                button.move(x, HEIGHT * number)
                x += button.width()

    def _rows(self, width: int) -> list[list[KeyButton]]:
        rows: list[list[KeyButton]] = [[]]
        for button in self.buttons:
            if button.isHidden():
                continue
            if rows[-1] and sum(one.width() for one in rows[-1]) + button.width() > width:
                rows.append([])
            rows[-1].append(button)
        return rows
