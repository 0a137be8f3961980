"""What one cheek can do in a squeeze, in three words of equal worth; the one that was found is ticked."""

from typing import Final

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.calibrate_step_words import TryWords
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

_WORD_PX: Final = 26
_SENTENCE_PX: Final = 17
_BETWEEN_EM: Final = 1.7
_TICK_EM: Final = 1.35


class ResultWords(Painted):
    """The painted words, and a few quiet lines beneath them."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("This squeeze"), parent)
        self.words: TryWords | None = None

    def show_words(self, words: TryWords | None) -> None:
        """Show them, if they are others."""
        if words != self.words:
            self.words = words
            if words is not None:
                self.say(" ".join((", ".join(words.words), *words.sentences)))
            self.update()

    def _px(self, words: TryWords) -> int:
        px = _WORD_PX if self.height() >= 96 else 20
        while px > LEAST_TEXT_PX and self._width(words, px) > self.width():
            px -= 1
        return px

    def _width(self, words: TryWords, px: int) -> float:
        run = [text.width([Run(word, px, self.colours.text, SEMIBOLD)]) for word in words.words]
        return sum(run) + (_TICK_EM + _BETWEEN_EM * (len(run) - 1)) * px

    def draw(self, painter: QPainter) -> None:
        words, ink = self.words, self.colours
        if words is None:
            return
        px = self._px(words)
        # the room of the tick is kept in every case, so that no word moves when it comes
        x, y = (self.width() - self._width(words, px)) / 2, 1.05 * px
        for number, word in enumerate(words.words):
            room = text.width([Run(word, px, ink.text, SEMIBOLD)]) + (_TICK_EM * px if number == 0 else 0.0)
            found = number == words.found
            run = Run(word, px, ink.text if found else ink.text3, SEMIBOLD if found else REGULAR)
            at = x + room - text.width([run]) if number == 0 else x
            if found:
                marks.tick(painter, QPointF(at - 0.72 * px, y - 0.32 * px), 0.4 * px, ink.text, 0.11 * px)
            text.paint(painter, at, y, [run])
            x += room + _BETWEEN_EM * px
        y += 0.5 * px
        size, lines = self._lines(words.sentences, self.height() - 6 - y)
        for line in lines:
            y += text.leading(size)
            text.paint(painter, self.width() / 2, y, [Run(line, size, ink.text2)], "centre")

    def _lines(self, sentences: tuple[str, ...], room: float) -> tuple[int, list[str]]:
        """Size and lines of the sentences, one size for all: where there is little room, a smaller one."""
        size, lines = _SENTENCE_PX, self._broken(sentences, _SENTENCE_PX)
        while size > LEAST_TEXT_PX and (len(lines) > len(sentences) or len(lines) * text.leading(size) > room):
            size -= 1
            lines = self._broken(sentences, size)
        return size, lines

    def _broken(self, sentences: tuple[str, ...], size: int) -> list[str]:
        return [line for one in sentences for line in text.wrap(one, size, REGULAR, self.width())]
