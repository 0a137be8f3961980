"""A question that no signal answers: large where nothing else is to be done, else small beneath what is."""

from PyQt6.QtCore import QPointF, pyqtSignal
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.said import said
from app.session.calibrating.view import PAIN_KEYS, CalibrationView, Key, Question
from app.session.events import Side
from app.ui import calibrate_words, marks, text
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours, grown
from app.ui.widgets.answer import ROOMY, Answer
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.number import Number
from app.ui.widgets.painted import Canvas, PaintedButton

_SMALL_PX = 20
_AS_DRAWN = 500
"""Height from which on the question and its answers have their full sizes."""


class QuestionPanel(Canvas):
    """The question and its answers; ``answered`` carries the key of the one that was pressed."""

    answered = pyqtSignal(str)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Question"), parent)
        self.question: Question | None = None
        self.large = False
        self.buttons: list[PaintedButton] = []

    def show_question(self, view: CalibrationView) -> None:
        """Ask what the view asks, or nothing."""
        large = calibrate_words.asks_alone(view)
        if (view.question, large) == (self.question, self.large):
            return
        self.question, self.large = view.question, large
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(*answer) for answer in calibrate_words.answers(view)]
        if self.question is not None:
            self.say(said(self.question.text))
        self._place()

    def _button(self, key: Key, title: str, meaning: str, letter: str) -> PaintedButton:
        button: PaintedButton
        if key in PAIN_KEYS:
            button = Number(self.colours, PAIN_KEYS.index(key), letter, self)
        elif self.large:
            button = Answer(self.colours, (title, meaning), letter, self)
        else:
            button = KeyButton(self.colours, title, letter, parent=self)
        button.clicked.connect(lambda: self.answered.emit(key))
        button.show()
        return button

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _px(self) -> int:
        if not self.large:
            return _SMALL_PX
        if self.height() >= _AS_DRAWN:
            return 56
        return 48 if self.height() >= 420 else 36 if self.height() >= 330 else 28

    @property
    def _line(self) -> float:
        """Height of a line of the question."""
        return 1.2 * grown(self._px())

    def _lines(self) -> list[str]:
        return text.wrap(said(self.question.text), self._px(), SEMIBOLD, self.width() - 24) if self.question else []

    def _side(self) -> Side | None:
        return self.question.side if self.question is not None and self.large else None

    def _text_top(self) -> float:
        """Height above the first line of the question."""
        if not self.large:
            return 0.0
        used = self._line * len(self._lines()) + max(190, self._height_of_answers() + 32) + (36 if self._side() else 0)
        return max(4.0, 0.4 * (self.height() - used)) + (36 if self._side() else 0)

    def _place(self) -> None:
        n = len(self.buttons)
        if n:
            top = round(self._text_top() + self._line * len(self._lines()) + (30 if self.large else 12))
            gap = 0 if isinstance(self.buttons[0], Number) else 20 if self.large else 12 - 2 * RING
            widths, x = list[int](), 0
            for keys in (True, False):  # where there is no room for both, the keys go first
                for button in self.buttons:
                    if isinstance(button, KeyButton):
                        button.show_key(shown=keys)
                widths = [self._width_of(button) for button in self.buttons]
                x = (self.width() - sum(widths) - gap * (n - 1)) // 2
                if x >= 0:
                    break
            height = self._height_of_answers()
            for button, width in zip(self.buttons, widths, strict=True):
                button.setGeometry(x, top, width, height or button.sizeHint().height())
                x += width + gap
        self.update()

    def _width_of(self, button: PaintedButton) -> int:
        if isinstance(button, Answer):
            return min(468, (self.width() - 20) // len(self.buttons))
        return min(92, self.width() // len(self.buttons)) if isinstance(button, Number) else button.sizeHint().width()

    @property
    def _share(self) -> int:
        if self.height() >= _AS_DRAWN:
            return ROOMY
        return 158 if self.height() >= 420 else 118

    def _height_of_answers(self) -> int:
        """Height of the answers: of the one that needs the most."""
        answers = [button for button in self.buttons if isinstance(button, Answer)]
        return max((answer.needed_height(self._width_of(answer), self._share) for answer in answers), default=0)

    def draw(self, painter: QPainter) -> None:
        question = self.question
        if question is None:
            return
        ink, middle, px = self.colours, self.width() / 2, self._px()
        top, side = self._text_top(), self._side()
        if side is not None:
            hue = ink.of(side)
            run = Run(_(side).upper(), 20, hue.text, SEMIBOLD)
            left = middle - text.width([run]) / 2 - 12
            marks.glyph(painter, side, QPointF(left + 7, top - 25), 8, hue.full)
            text.paint(painter, left + 24, top - 18, [run])
        for row, line in enumerate(self._lines()):
            baseline = top + (row + 0.75) * self._line
            text.paint(painter, middle, baseline, [Run(line, px, ink.text, SEMIBOLD)], "centre")
        if self.large and question.id == "hardened" and self.buttons:
            y = self.buttons[0].geometry().bottom() + 36
            for row, line in enumerate(text.wrap(_(calibrate_words.HARDEN_FOOT), 16, REGULAR, self.width() - 24)):
                if y + 24 * row < self.height():
                    text.paint(painter, middle, y + 24 * row, [Run(line, 16, ink.text3)], "centre")
