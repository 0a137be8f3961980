"""One line to type a note into."""

from PyQt6.QtWidgets import QLineEdit, QWidget

from app.ui.theme import Colours, font

_LONGEST = 500


class NoteEntry(QLineEdit):
    """The line."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Note about this moment")
        self.setPlaceholderText("Note about this moment; Return keeps it")
        self.setFont(font(16))
        self.setMaxLength(_LONGEST)
        self.setStyleSheet(
            f"QLineEdit {{ background: {colours.well.name()}; color: {colours.text.name()}; border: 1px solid "
            f"{colours.edge.name()}; border-radius: 6px; padding: 0 12px; "
            f"placeholder-text-color: {colours.text3.name()} }}"
            f"QLineEdit:focus {{ border: 2px solid {colours.focus.name()} }}"
        )
