"""`FormPanel` and `Form`: questions that scroll, with what cannot be understood said at their top."""

from typing import Generic, TypeVar

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, Colours
from app.ui.widgets.painted import Canvas


class Form(Canvas):
    """What stands in the panel, as high as its questions need."""

    def __init__(self, colours: Colours, name: str) -> None:
        super().__init__(colours, name)
        self.refusal = ""

    def refuse(self, words: str) -> None:
        """Say what cannot be understood."""
        self.refusal = words
        self.say(words)
        self.fit(self.width())
        self.update()

    def fit(self, width: int) -> None:
        """Take a width, and the height that it needs."""
        self.resize(width, self._place(width))

    def _place(self, width: int) -> int:
        """Stand everything below each other; returns the height."""
        raise NotImplementedError

    def refusal_height(self, width: int) -> int:
        """Room at the top for what was said last."""
        px, lines = self._refusal(width)
        return 40 + text.leading(px) * (len(lines) - 1) if self.refusal else 0

    def draw_refusal(self, painter: QPainter) -> None:
        """Paint what was said last, in the room that `_place` leaves for it at the top."""
        if self.refusal:
            marks.warning(painter, QPointF(14, 18), 9, self.colours)
            px, lines = self._refusal(self.width())
            for row, line in enumerate(lines):
                text.paint(painter, 34, 24 + text.leading(px) * row, [Run(line, px, self.colours.text, MEDIUM)])

    def _refusal(self, width: int) -> tuple[int, list[str]]:
        return text.fit(self.refusal, 17, MEDIUM, width - 40)


AnyForm = TypeVar("AnyForm", bound=Form)


class FormPanel(QScrollArea, Generic[AnyForm]):
    """Scrolls a form, which is as wide as there is room.

    Whoever holds the panel has the button that takes the answers: it must not scroll away with the questions.
    """

    def __init__(self, form: AnyForm, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.form = form
        self.setWidget(form)

    def refuse(self, words: str) -> None:
        """Say at the top, and bring into sight, why the answers cannot be taken."""
        self.form.refuse(words)
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give the form the width that can be seen."""
        viewport = self.viewport()
        self.form.fit(viewport.width() if viewport is not None else self.width())
