"""One line to type into."""

from PyQt6.QtWidgets import QLineEdit, QWidget

from app.ui.theme import Colours, font


class Entry(QLineEdit):
    """The line.

    Parameters
    ----------
    colours : Colours
    name : str
        Its accessible name.
    hint : str
        What stands there while it is empty.
    longest : int
        Most characters.
    """

    def __init__(
        self, colours: Colours, name: str, hint: str = "", *, longest: int = 500, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setFont(font(16))
        self.setMaxLength(longest)
        self.setStyleSheet(
            f"QLineEdit {{ background: {colours.well.name()}; color: {colours.text.name()}; border: 1px solid "
            f"{colours.edge.name()}; border-radius: 6px; padding: 0 12px; "
            f"placeholder-text-color: {colours.text3.name()} }}"
            f"QLineEdit:focus {{ border: 2px solid {colours.focus.name()}; padding: 0 11px }}"
        )
