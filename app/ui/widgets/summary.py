"""After the last set: what happened in three sentences, one picture of every squeeze, and where it goes from here."""

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import SIDES
from app.session.story import Story
from app.ui import marks, story_words, text
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, Colours, grown
from app.ui.widgets.buttons import HEIGHT, KeyButton
from app.ui.widgets.painted import Canvas

_PX, _SMALL_PX, _LEADING = 24, 19, 1.45
_LEAST_PICTURE, _MOST_PICTURE = 84, 190
_BAR_MAX = 14.0
_AXIS = 22
"""Room beneath the bars for the numbers of the squeezes."""


class Summary(Canvas):
    """The summary; `table` leads to every squeeze in numbers, `other` to the exercises."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Summary"), parent)
        self.story: Story | None = None
        self.sentences: list[str] = []
        self.table = KeyButton(colours, _("Every squeeze"), "V", flat=True, parent=self)
        self.other = KeyButton(colours, _("Another exercise"), "O", flat=True, parent=self)

    def show_story(self, story: Story | None) -> None:
        """Tell what happened, if it is something else."""
        if story != self.story:
            self.story = story
            self._tell([] if story is None else story_words.sentences(story))

    def show_sentences(self, sentences: tuple[str, ...]) -> None:
        """Tell this, where there is no story."""
        if self.story is None:
            self._tell(list(sentences))

    def _tell(self, sentences: list[str]) -> None:
        self.sentences = sentences
        self.say(" ".join(sentences))
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        x = (self.width() - self.table.width() - self.other.width()) // 2
        self.table.move(x, self.height() - HEIGHT)
        self.other.move(x + self.table.width(), self.height() - HEIGHT)

    def draw(self, painter: QPainter) -> None:
        each = () if self.story is None else self.story.each
        room = self.height() - HEIGHT - 12.0
        px = _PX
        rows = self._rows(px)
        while px > _SMALL_PX and len(rows) * px * _LEADING + _LEAST_PICTURE > room:
            px -= 1
            rows = self._rows(px)
        while px > LEAST_TEXT_PX and len(rows) * self._step(px) > room:  # where it is tight, words come before all else
            px -= 1
            rows = self._rows(px)
        step = self._step(px)
        picture = min(room - len(rows) * step - 16, _MOST_PICTURE)
        drawn = picture >= _LEAST_PICTURE - 16 and bool(each)
        y = (room - len(rows) * step - (picture + 16 if drawn else 0)) / 2 + 0.8 * grown(px)
        for number, (line, is_news) in enumerate(rows):
            ink = self.colours.text if is_news else self.colours.text2
            run = Run(line, px, ink, MEDIUM if is_news else REGULAR)
            text.paint(painter, self.width() / 2, y + step * number, [run], "centre")
        if drawn:
            top = y + step * len(rows) - 0.4 * px
            self._draw_squeezes(painter, each, QRectF(0, top, self.width(), picture))

    @staticmethod
    def _step(px: int) -> float:
        return max(px * _LEADING, 1.25 * grown(px))

    def _rows(self, px: int) -> list[tuple[str, bool]]:
        """The lines; the first sentence is the news."""
        return [
            (line, number == 0)
            for number, sentence in enumerate(self.sentences)
            for line in text.wrap(sentence, px, MEDIUM if number == 0 else REGULAR, self.width())
        ]

    def _draw_squeezes(
        self, painter: QPainter, each: tuple[tuple[float | None, float | None], ...], box: QRectF
    ) -> None:
        """Draw a pair of bars a squeeze, left and right beside each other; a hollow mark where a side did not join."""
        n = len(each)
        slot = min(box.width() / n, 2 * _BAR_MAX + 12)
        bar = min(_BAR_MAX, 0.4 * slot)
        left = box.center().x() - slot * n / 2
        foot, height = box.bottom() - _AXIS, box.height() - _AXIS - 6
        highest = max((level for pair in each for level in pair if level is not None), default=100.0)
        painter.fillRect(QRectF(left, foot, slot * n, 1), self.colours.edge)
        for number, pair in enumerate(each):
            middle = left + slot * (number + 0.5)
            for side, level in zip(SIDES, pair, strict=True):
                x = middle - bar - 0.5 if side == "left" else middle + 0.5
                if level is None:
                    painter.setPen(marks.pen(self.colours.of(side).full, 1.5))
                    painter.drawLine(QPointF(x + 1, foot - 2), QPointF(x + bar - 1, foot - 2))
                    continue
                top = foot - max(2.0, height * level / max(highest, 1.0))
                marks.fill(painter, marks.side_shape(side, QRectF(x, top, bar, foot - top)), self.colours.of(side).full)
            if number == 0 or (number + 1) % 5 == 0:
                run = Run(str(number + 1), 14, self.colours.text3)
                text.paint(painter, middle, foot + 17, [run], "centre")
