"""A few sentences beneath a table: the first is the news, the last is small print."""

from dataclasses import replace

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.ui import text
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

LINE = 25


class StoryBlock(Painted):
    """The sentences."""

    def __init__(self, colours: Colours, name: str, parent: QWidget | None = None) -> None:
        super().__init__(colours, name, parent)
        self.news = ""
        self.sentences: tuple[str, ...] = ()
        self.small = ""

    def tell(self, news: str, sentences: tuple[str, ...] = (), small: str = "") -> None:
        """Show them, if they are others."""
        if (news, sentences, small) != (self.news, self.sentences, self.small):
            self.news, self.sentences, self.small = news, sentences, small
            self.say(" ".join(filter(None, (news, *sentences, small))))
            self.update()

    def _lines(self) -> list[Run]:
        ink, width = self.colours, float(self.width())
        lines = [Run(line, 16, ink.text, SEMIBOLD) for line in text.wrap(self.news, 16, SEMIBOLD, width)]
        for number, sentence in enumerate(self.sentences):
            colour = ink.text if number == 0 else ink.text2
            lines += [Run(line, 15, colour) for line in text.wrap(sentence, 15, REGULAR, width)]
        return lines + [Run(line, 15, ink.text3) for line in text.wrap(self.small, 15, REGULAR, width)]

    def draw(self, painter: QPainter) -> None:
        lines, n_fit = self._lines(), max(1, self.height() // LINE)
        for row, run in enumerate(lines[:n_fit]):
            cut = row == n_fit - 1 and len(lines) > n_fit
            text.paint(painter, 0, 20 + LINE * row, [self._cut(run) if cut else run])

    def _cut(self, run: Run) -> Run:
        """The line with the sign that more would follow, less as many words as that takes."""
        words = run.text.split()
        while len(words) > 1 and text.width([replace(run, text=f"{' '.join(words)} …")]) > self.width():
            words.pop()
        return replace(run, text=f"{' '.join(words)} …")
