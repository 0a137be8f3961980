"""A few settings, one row each; a row's button goes on to its next choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.painted import Canvas

_ROW = 88
_BUTTON = 52
_HEAD = 84


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: its name, what can be chosen, and the number of what is chosen."""

    name: str
    choices: tuple[str, ...]
    chosen: int = 0


class SettingsPanel(Canvas):
    """The rows, and one button that goes through with it.

    ``agreed`` carries the numbers of what is chosen.
    """

    agreed = pyqtSignal(object)

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(colours, name, parent)
        self.title = self.explanation = ""
        self.settings: list[Setting] = []
        self.buttons: list[KeyButton] = []
        self.go_on = KeyButton(colours, _("Go on"), "Ctrl ↵", parent=self)
        self.go_on.clicked.connect(self.agree)

    def ask(self, title: str, explanation: str, settings: Sequence[Setting], go_on: str) -> None:
        """Ask for these; the first row gets the focus."""
        for button in self.buttons:
            button.deleteLater()
        self.title, self.explanation = title, explanation
        self.settings = list(settings)
        self.buttons = [KeyButton(self.colours, "", "", parent=self) for _ in settings]
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked, number=number: self._next(number))
            button.show()
        self._label()
        self.go_on.set_label(go_on, primary=True)
        before: QWidget = self.buttons[0] if self.buttons else self.go_on
        for button in (*self.buttons[1:], self.go_on):
            self.setTabOrder(before, button)
            before = button
        self._place()
        (self.buttons[0] if self.buttons else self.go_on).setFocus()
        self.update()

    def agree(self) -> None:
        """Go through with what is chosen."""
        self.agreed.emit(tuple(setting.chosen for setting in self.settings))

    def _next(self, number: int) -> None:
        setting = self.settings[number]
        self.settings[number] = Setting(setting.name, setting.choices, (setting.chosen + 1) % len(setting.choices))
        self._label()

    def _label(self) -> None:
        for setting, button in zip(self.settings, self.buttons, strict=True):
            words = text.elide(setting.choices[setting.chosen], 16, REGULAR, max(80.0, self.width() - 60.0))
            button.set_label(words)
            button.setAccessibleName(f"{setting.name}: {setting.choices[setting.chosen]}")
        self.update()

    def _top(self) -> int:
        return _HEAD + 24 * max(0, len(text.wrap(self.explanation, 15, REGULAR, self.width() - 8)) - 1)

    def _row(self) -> int:
        """Height of a row: all of them fit, and the button that goes through with it."""
        room = self.height() - self._top() - _BUTTON - 24
        return max(_BUTTON + 20, min(_ROW, room // max(1, len(self.buttons))))

    def _place(self) -> None:
        for number, button in enumerate(self.buttons):
            button.move(0, self._top() + self._row() * number + 18)
        self.go_on.move(0, self._top() + self._row() * len(self.buttons) + 20)

    def resizeEvent(self, event: object) -> None:
        self._label()
        self._place()

    def draw(self, painter: QPainter) -> None:
        text.paint(painter, RING, 24, [Run(self.title, 18, self.colours.text, SEMIBOLD)])
        for row, line in enumerate(text.wrap(self.explanation, 15, REGULAR, self.width() - 8)):
            text.paint(painter, RING, 52 + 24 * row, [Run(line, 15, self.colours.text2)])
        for number, setting in enumerate(self.settings):
            text.paint(
                painter, RING, self._top() + self._row() * number + 10, [Run(setting.name, 15, self.colours.text2)]
            )
