"""How much pain and effort there was, 0 to 10, after a session; skippable. Too much pain ends the day.

Before a session the start page asks for it.
"""

from collections.abc import Callable

from PyQt6.QtGui import QKeySequence, QPainter, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.care import PAIN_LIMIT, CareStep
from app.ui import care_words, text
from app.ui.source import CareSource
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.number import Number
from app.ui.widgets.painted import Canvas


class PainPage(Canvas):
    """The page; `close_window` is what is left to do where the day is over."""

    def __init__(
        self, colours: Colours, source: CareSource, close_window: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(colours, _(care_words.PAIN_QUESTION), parent)
        self._source = source
        self._close_window = close_window
        self.step: CareStep = "pain-after"
        self.numbers = [Number(colours, number, key, self) for number, key in enumerate(care_words.pain_keys())]
        for number, (button, key) in enumerate(zip(self.numbers, care_words.pain_keys(), strict=True)):
            button.clicked.connect(lambda _checked, number=number: self._rate(number))
            QShortcut(QKeySequence(key), self).activated.connect(button.click)
        self.go_on = KeyButton(colours, _("Skip"), "Space", parent=self)
        self.go_on.clicked.connect(self._go_on)
        QShortcut(QKeySequence("Space"), self).activated.connect(self.go_on.click)

    def show_step(self, step: CareStep) -> None:
        """Ask after the session, or say that the day is over."""
        if step == self.step:
            return
        self.step = step
        for button in self.numbers:
            button.setVisible(step != "today-ends")
            button.ask_for(step)
        self.go_on.set_label(_("Close") if step == "today-ends" else _("Skip"))
        self.setAccessibleName(" ".join((self._question(), *self._explained())))
        self._place()

    def _go_on(self) -> None:
        if self.step == "today-ends":
            self._close_window()
        else:
            self._rate(None)

    def _rate(self, number: int | None) -> None:
        if self.step == "effort-after":
            self._source.rate_effort(number)
        else:
            self._source.rate_pain(number)

    def _question(self) -> str:
        if self.step == "today-ends":
            return _(care_words.TODAY_ENDS)
        return _(care_words.EFFORT_QUESTION if self.step == "effort-after" else care_words.PAIN_QUESTION)

    def _explained(self) -> list[str]:
        """Why the day is over, and what to do."""
        if self.step != "today-ends":
            return []
        said = care_words.TODAY_ENDS_AFTER if self._source.began else care_words.TODAY_ENDS_BEFORE
        return [_(sentence, limit=PAIN_LIMIT) for sentence in said]

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _top(self) -> float:
        return max(90.0, (self.height() - 420) * 0.4)

    def _place(self) -> None:
        n = len(self.numbers)
        width = min(92, (self.width() - 64 + 2 * RING) // n)
        left = (self.width() - n * width) // 2
        for number, button in enumerate(self.numbers):
            button.setGeometry(left + number * width, round(self._top()) + 96, width, 92)
        self.go_on.move(self.width() - 40 + RING - self.go_on.width(), self.height() - self.go_on.height() - 24)
        self.update()

    def draw(self, painter: QPainter) -> None:
        ink, middle, top = self.colours, self.width() / 2, self._top()
        over = self.step == "today-ends"
        text.paint(painter, 40, 52, [Run(_(care_words.PAIN_TITLE[self.step]), 22, ink.text, SEMIBOLD)])
        question = Run(self._question(), 52 if self.width() > 900 else 44, ink.text, SEMIBOLD)
        text.paint(painter, middle, top + 40, [question], "centre")
        if over:
            y = top + 110
            for sentence in self._explained():
                px, lines = text.fit(sentence, 20, REGULAR, self.width() - 80)
                for line in lines:
                    text.paint(painter, middle, y, [Run(line, px, ink.text2)], "centre")
                    y += 34
            return
        effort = self.step == "effort-after"
        box = self.numbers[0].geometry().united(self.numbers[-1].geometry())
        below = box.bottom() + 28
        for words, x, align in zip(
            care_words.EFFORT_ENDS if effort else care_words.PAIN_ENDS,
            (box.left() + RING, box.right() - RING),
            ("left", "right"),
            strict=True,
        ):
            text.paint(painter, x, below, [Run(_(words), 16, ink.text2)], "left" if align == "left" else "right")
        for row, line in enumerate(
            text.wrap(_(care_words.EFFORT_HINT if effort else care_words.PAIN_HINT), 16, REGULAR, self.width() - 80)
        ):
            text.paint(painter, middle, below + 48 + 24 * row, [Run(line, 16, ink.text3)], "centre")
