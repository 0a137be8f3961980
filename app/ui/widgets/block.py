"""A few centred lines beneath the ring: what happened and what to do, or what a set was like."""

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours
from app.ui.widgets.painted import Painted

LINE = 27
_USUAL_PX, _SMALL_PX = (20, 17), (17, 15)
"""Sizes of the news and of what follows."""
_MOST_LINES = 5


class Block(Painted):
    """The painted lines; the first is the news."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("What to do"), parent)
        self.sentences: tuple[str, ...] = ()

    def lines(self, width: float) -> list[tuple[str, int, int]]:
        """Break the sentences into lines of (text, size, weight) for a width; smaller where they would be too many."""
        broken = self._broken(width, *_USUAL_PX)
        return broken if len(broken) <= _MOST_LINES else self._broken(width, *_SMALL_PX)

    def _broken(self, width: float, first_px: int, other_px: int) -> list[tuple[str, int, int]]:
        return [
            (line, px, weight)
            for number, sentence in enumerate(self.sentences)
            for px, weight in [(other_px, REGULAR) if number else (first_px, MEDIUM)]
            for line in text.wrap(sentence, px, weight, width)
        ]

    def place(self, middle: float, baseline: float, width: int) -> None:
        """Take the place: the first baseline, centred on `middle`."""
        height = LINE * len(self.lines(width)) + 12
        self.setGeometry(round(middle - width / 2), round(baseline) - 22, width, height)

    def show_sentences(self, sentences: tuple[str, ...]) -> bool:
        """Show them; returns True if the number of lines may have changed."""
        if sentences == self.sentences:
            return False
        self.sentences = sentences
        self.setAccessibleName(" ".join(sentences) or _("What to do"))
        self.update()
        return True

    def draw(self, painter: QPainter) -> None:
        for row, (line, px, weight) in enumerate(self.lines(self.width())):
            ink = self.colours.text if weight == MEDIUM else self.colours.text2
            y = 22 + LINE * row + (3 if weight == REGULAR else 0)
            text.paint(painter, self.width() / 2, y, [Run(line, px, ink, weight)], "centre")
