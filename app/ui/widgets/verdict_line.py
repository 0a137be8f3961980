"""What was just seen, behind a mark, and what it means: on one line where it fits, else on two."""

from typing import Literal

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, Colours
from app.ui.widgets.painted import Painted

Mark = Literal["", "tick", "warning"]
_SEEN_PX, _MEANS_PX = 18, 17
_MARK_EM = 1.6
_BETWEEN = 12


class VerdictLine(Painted):
    """The painted line; the first sentence is what was seen."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("What to do"), parent)
        self.sentences: tuple[str, ...] = ()
        self._mark: Mark = ""

    def show_sentences(self, sentences: tuple[str, ...], mark: Mark) -> None:
        """Show them, if they are others."""
        if (sentences, mark) != (self.sentences, self._mark):
            self.sentences, self._mark = sentences, mark
            self.say(" ".join(sentences))
            self.update()

    def draw(self, painter: QPainter) -> None:
        if not self.sentences:
            return
        seen, means = self.sentences[0], " ".join(self.sentences[1:])
        before = _MARK_EM * _SEEN_PX if self._mark else 0.0
        runs = [Run(seen, _SEEN_PX, self.colours.text, MEDIUM)]
        second = Run(means, _MEANS_PX, self.colours.text2)
        both = before + text.width(runs) + _BETWEEN + text.width([second])
        y = 26.0
        if both <= self.width():
            left = (self.width() - both) / 2
            left += before + self._draw_seen(painter, left, y, runs) + _BETWEEN
            text.paint(painter, left, y, [second])
            return
        lines = text.wrap(seen, _SEEN_PX, MEDIUM, self.width() - before)
        for row, line in enumerate(lines):
            runs = [Run(line, _SEEN_PX, self.colours.text, MEDIUM)]
            left = (self.width() - before - text.width(runs)) / 2
            if row == 0:
                self._draw_seen(painter, left, y, runs)
            else:
                text.paint(painter, left + before, y, runs)
            y += text.leading(_SEEN_PX)
        if means:
            px, lines = text.fit(means, _MEANS_PX, REGULAR, self.width())
            for line in lines:
                text.paint(painter, self.width() / 2, y, [Run(line, px, self.colours.text2)], "centre")
                y += text.leading(px)

    def _draw_seen(self, painter: QPainter, left: float, y: float, runs: list[Run]) -> float:
        """Draw the first sentence behind its mark; returns its width."""
        middle = QPointF(left + 0.5 * _SEEN_PX, y - 0.32 * _SEEN_PX)
        if self._mark == "tick":
            marks.tick(painter, middle, 0.44 * _SEEN_PX, self.colours.text, 2.5)
        elif self._mark:
            marks.warning(painter, middle, 0.5 * _SEEN_PX, self.colours)
        return text.paint(painter, left + (_MARK_EM * _SEEN_PX if self._mark else 0.0), y, runs)
