"""The check before the first session: five questions, each answered by one key. Nothing is measured before it."""

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QKeySequence, QPainter, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.care import CARE_QUESTIONS, CareCheck, CareQuestion
from app.ui import care_words, marks, text
from app.ui.source import CareSource
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import RING, KeyButton, outline
from app.ui.widgets.painted import Canvas, PaintedButton

_CHOICE = QSize(100 + 2 * RING, 44 + 2 * RING)
_INDENT: Final = 36


class Choice(PaintedButton):
    """Yes or no of one question; the one that was chosen is filled."""

    def __init__(self, colours: Colours, label: str, question: str, parent: QWidget) -> None:
        super().__init__(colours, f"{label}: {question}", parent)
        self.setText(label)
        self.setCheckable(True)
        self.resize(_CHOICE)

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        box = QRectF(self.rect()).adjusted(RING + 0.5, RING + 0.5, -RING - 0.5, -RING - 0.5)
        if self.isChecked():
            painter.setBrush(ink.text)
            painter.drawRoundedRect(box, 6, 6)
        else:
            outline(painter, box, ink.text if self.underMouse() else ink.edge, 1, 6)
        words = Run(self.text(), 16, ink.ground if self.isChecked() else ink.text, MEDIUM)
        text.paint(painter, self.width() / 2, self.height() / 2 + 5.5, [words], "centre")
        if self.hasFocus():
            outline(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), ink.focus, 2, 8)


class CarePage(Canvas):
    """The page. The arrow keys choose a question, Y and N answer it; Space goes on once nothing is in the way."""

    def __init__(
        self, colours: Colours, source: CareSource, simulate: KeyButton, parent: QWidget | None = None
    ) -> None:
        super().__init__(colours, _(care_words.TITLE), parent)
        self._source = source
        self.check = CareCheck()
        self.asked: CareQuestion = CARE_QUESTIONS[0]
        self.choices = {
            question: tuple(
                Choice(colours, label, _(care_words.QUESTIONS[question]), self) for label in (_("Yes"), _("No"))
            )
            for question in CARE_QUESTIONS
        }
        self.clear = KeyButton(colours, _("A therapist clears it"), "T", parent=self)
        self.simulate = simulate
        simulate.setParent(self)
        self.go_on = KeyButton(colours, _("Go on"), "Space", parent=self)
        self._connect()

    def _connect(self) -> None:
        for question, (yes, no) in self.choices.items():
            yes.clicked.connect(lambda _checked, question=question: self._answer(question, yes=True))
            no.clicked.connect(lambda _checked, question=question: self._answer(question, yes=False))
        self.clear.clicked.connect(self._clear)
        self.go_on.clicked.connect(self._source.go_on)
        keys = {
            "Y": lambda: self._answer(self.asked, yes=True),
            "N": lambda: self._answer(self.asked, yes=False),
            "Down": lambda: self._move(1),
            "Up": lambda: self._move(-1),
            "T": lambda: self.clear.click() if self.clear.isVisible() else None,
            "S": self.simulate.click,
            "Space": self.go_on.click,
        }
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)

    def look(self) -> None:
        """Show what was answered so far."""
        check = self._source.check
        for question, (yes, no) in self.choices.items():
            yes.setChecked(check.answers.get(question) is True)
            no.setChecked(check.answers.get(question) is False)
        self.clear.setVisible(bool(check.yes) and not check.open_questions and not check.cleared)
        self.go_on.setEnabled(check.passed)
        self.go_on.set_label(_("Go on"), primary=check.passed)
        if check != self.check:
            self.check = check
            self.say(f"{_(care_words.QUESTIONS[self.asked])}? {care_words.still_open(check)}")
            self._place()
        self.update()

    def _answer(self, question: CareQuestion, *, yes: bool) -> None:
        self._source.answer(question, yes=yes)
        left = self._source.check.open_questions
        if question == self.asked and left:
            self.asked = next(
                (one for one in left if CARE_QUESTIONS.index(one) > CARE_QUESTIONS.index(question)), left[0]
            )
        self.look()

    def _clear(self) -> None:
        self._source.clear()
        self.look()

    def _move(self, step: int) -> None:
        place = CARE_QUESTIONS.index(self.asked) + step
        self.asked = CARE_QUESTIONS[min(max(place, 0), len(CARE_QUESTIONS) - 1)]
        self.look()

    def showEvent(self, event: QShowEvent | None) -> None:
        self.asked = next(iter(self._source.check.open_questions), CARE_QUESTIONS[0])
        self.look()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _roomy(self) -> bool:
        return self.height() >= 810

    def _middling(self) -> bool:
        return self.height() >= 560

    def _margins(self) -> tuple[int, int]:
        margin = 40 if self.width() >= 1090 else 28
        return margin, self.width() - margin

    def _row_tops(self) -> list[int]:
        """Upper edges of the rows, and the lower edge of the last."""
        top = 176 if self._roomy() else 106 if self._middling() else 78
        tops = [top]
        for question in CARE_QUESTIONS:
            height = 80 if self._roomy() else 58 if self._middling() else 51
            extra = 0
            if self.check.answers.get(question):
                extra = 24 if self._roomy() else 8
            tops.append(tops[-1] + height + extra)
        return tops

    def _place(self) -> None:
        _left, right = self._margins()
        for top, (yes, no) in zip(self._row_tops(), self.choices.values(), strict=False):
            for choice in (yes, no):
                choice.resize((100 if self._middling() else 76) + 2 * RING, choice.height())
            y = top + (18 if self._roomy() else 7 if self._middling() else 4) - RING
            no.move(right + RING - no.width(), y)
            yes.move(no.x() - 16 + 2 * RING - yes.width(), y)
        y = self.height() - self.go_on.height() - (28 if self._roomy() else 10)
        x = right + RING
        for button in (self.go_on, self.clear, self.simulate):
            if not button.isHidden():
                button.move(x - button.width(), y)
                x = button.x() - 12 + 2 * RING
        self.update()

    def draw(self, painter: QPainter) -> None:
        ink, (left, right) = self.colours, self._margins()
        first = 52 if self._roomy() else 38 if self._middling() else 30
        x = left + text.paint(painter, left, first, [Run(_(care_words.TITLE), 22, ink.text, SEMIBOLD)]) + 18
        text.paint(painter, x, first, [Run(_(care_words.SUBTITLE), 16, ink.text2)])
        px = 40 if self._roomy() else 30
        title = 132 if self._roomy() else 84 if self._middling() else 66
        text.paint(painter, left, title, [Run(_(care_words.QUESTION), px, ink.text, SEMIBOLD)])
        tops = self._row_tops()
        for number, question in enumerate(CARE_QUESTIONS):
            self._draw_row(painter, number, question, tops[number], right)
        painter.fillRect(QRectF(left, tops[-1], right - left, 1), ink.line)
        self._draw_foot(painter, tops[-1], left)

    def _draw_row(self, painter: QPainter, number: int, question: CareQuestion, top: int, right: int) -> None:
        ink, (left, _right) = self.colours, self._margins()
        painter.fillRect(QRectF(left, top, right - left, 1), ink.line)
        says_yes = bool(self.check.answers.get(question))
        baseline = top + (48 if self._roomy() else (24 if says_yes else 35))
        asked = question == self.asked and self.check.open_questions
        if asked:
            painter.fillRect(QRectF(left - 14, top + 12, 3, self._row_tops()[number + 1] - top - 24), ink.text)
        text.paint(painter, left, baseline, [Run(str(number + 1), 18, ink.text3, tabular=True)])
        room = self.choices[question][0].x() - left - _INDENT - 16
        px = 20 if self._roomy() else 17
        while px > LEAST_TEXT_PX and text.width([Run(_(care_words.QUESTIONS[question]), px, ink.text, MEDIUM)]) > room:
            px -= 1
        words = text.elide(_(care_words.QUESTIONS[question]), px, MEDIUM, room)
        text.paint(painter, left + _INDENT, baseline, [Run(words, px, ink.text, MEDIUM if asked else REGULAR)])
        if says_yes:
            y = baseline + (33 if self._roomy() else 26)
            marks.warning(painter, QPointF(left + _INDENT + 9, y - 6), 9, ink)
            text.paint(painter, left + _INDENT + 26, y, [Run(_(care_words.REMEDIES[question]), 17, ink.text)])

    def _draw_foot(self, painter: QPainter, top: int, left: int) -> None:
        ink, roomy = self.colours, self._roomy()
        x, y = float(left + _INDENT), top + (38 if roomy else 28)
        for whose, what in care_words.ANY_YES:
            x += text.paint(painter, x, y, [Run(_(whose), 16, ink.text, SEMIBOLD)]) + 10
            x += text.paint(painter, x, y, [Run(_(what), 16, ink.text2)]) + 40
        text.paint(painter, left + _INDENT, y + (31 if roomy else 24), [Run(_(care_words.KEPT), 16, ink.text3)])
        foot = self.go_on.y() + RING
        reason = Run(care_words.still_open(self.check), 16, ink.text2)
        furthest = min(one.x() for one in (self.go_on, self.clear, self.simulate) if not one.isHidden())
        room, px = furthest - left - 20, 17 if roomy else 15
        if roomy:
            text.paint(painter, left, foot - 6, [Run(_(care_words.DURING), px, ink.text, SEMIBOLD)])
        first = foot + (25 if roomy else 14)
        for row, line in enumerate(text.wrap(_(care_words.STOP), px, REGULAR, room)[:2]):
            text.paint(painter, left, first + 21 * row, [Run(line, px, ink.text2)])
        text.paint(painter, self._margins()[1], foot - 12, [reason], "right")
