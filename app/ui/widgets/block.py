"""A few centred lines beneath the ring: what happened and what to do, or what a set was like."""

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours
from app.ui.widgets.painted import Painted

LINE, _TIGHT_LINE = 27, 23
_SIZES_PX = ((20, 17), (17, 15), (15, 14))
"""Sizes of the news and of what follows."""
MOST_LINES = 5


class Block(Painted):
    """The painted lines; the first is the news."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("What to do"), parent)
        self.sentences: tuple[str, ...] = ()
        self._most = MOST_LINES

    def lines(self, width: float, most: int = MOST_LINES) -> list[tuple[str, int, int]]:
        """Break the sentences into lines of (text, size, weight) for a width; smaller where more than `most`."""
        *larger, smallest = _SIZES_PX
        for sizes in larger:
            broken = self._broken(width, *sizes)
            if len(broken) <= most:
                return broken
        return self._broken(width, *smallest)

    @staticmethod
    def _leading(lines: list[tuple[str, int, int]]) -> int:
        return LINE if not lines or lines[0][1] > _SIZES_PX[-1][0] else _TIGHT_LINE

    def _broken(self, width: float, first_px: int, other_px: int) -> list[tuple[str, int, int]]:
        return [
            (line, px, weight)
            for number, sentence in enumerate(self.sentences)
            for px, weight in [(other_px, REGULAR) if number else (first_px, MEDIUM)]
            for line in text.wrap(sentence, px, weight, width)
        ]

    def place(self, middle: float, baseline: float, width: int, most: int = MOST_LINES) -> None:
        """Take the place: the first baseline, centred on `middle`, with room for `most` lines."""
        self._most = most
        lines = self.lines(width, most)
        height = self._leading(lines) * len(lines) + 12
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
        lines = self.lines(self.width(), self._most)
        for row, (line, px, weight) in enumerate(lines):
            ink = self.colours.text if weight == MEDIUM else self.colours.text2
            y = 22 + self._leading(lines) * row + (3 if weight == REGULAR else 0)
            text.paint(painter, self.width() / 2, y, [Run(line, px, ink, weight)], "centre")
