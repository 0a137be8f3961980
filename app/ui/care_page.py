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
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.buttons import RING, KeyButton, outline, stand_in_row
from app.ui.widgets.painted import Canvas, PaintedButton
from app.ui.widgets.room import scroll_to, seen_height

_CHOICE = QSize(100 + 2 * RING, 44 + 2 * RING)
_INDENT: Final = 36
_LEAST_STOP: Final = 200
"""Beside the buttons, when to stop needs so much room; else it stands above them."""


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
        self._foot_left = 0
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
            yes.show_checked(check.answers.get(question) is True)
            no.show_checked(check.answers.get(question) is False)
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
        self._show_asked()

    def _clear(self) -> None:
        self._source.clear()
        self.look()

    def _move(self, step: int) -> None:
        place = CARE_QUESTIONS.index(self.asked) + step
        self.asked = CARE_QUESTIONS[min(max(place, 0), len(CARE_QUESTIONS) - 1)]
        self.look()
        self._show_asked()

    def _show_asked(self) -> None:
        """Scroll to what is asked, or to what is left to do; the first question with all that stands above it."""
        if not self.check.open_questions:
            scroll_to(self, self.go_on.y(), self.height())
            return
        tops, place = self._row_tops(), CARE_QUESTIONS.index(self.asked)
        scroll_to(self, tops[place] if place else 0, tops[place + 1])

    def showEvent(self, event: QShowEvent | None) -> None:
        self.asked = next(iter(self._source.check.open_questions), CARE_QUESTIONS[0])
        self.look()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _roomy(self) -> bool:
        return seen_height(self) >= 810

    def _middling(self) -> bool:
        return seen_height(self) >= 560

    def _margins(self) -> tuple[int, int]:
        margin = 40 if self.width() >= 1090 else 32
        return margin, self.width() - margin

    def _row_tops(self) -> list[int]:
        """Upper edges of the rows, and the lower edge of the last."""
        top = self._title_y() + (44 if self._roomy() else 22 if self._middling() else 12)
        tops = [top]
        for question in CARE_QUESTIONS:
            height = 80 if self._roomy() else 58 if self._middling() else 51
            extra = 0
            if self.check.answers.get(question):
                extra = 24 if self._roomy() else 8
            tops.append(tops[-1] + height + extra + self._wrapped(question))
        return tops

    def _words(self, question: CareQuestion) -> tuple[int, list[str]]:
        """Size and lines of a question."""
        return text.fit(_(care_words.QUESTIONS[question]), 20 if self._roomy() else 17, MEDIUM, self._room(question))

    def _remedy(self, question: CareQuestion) -> list[str]:
        """Lines of what a yes leads to."""
        said = bool(self.check.answers.get(question))
        return text.wrap(_(care_words.REMEDIES[question]), 17, REGULAR, self._room(question) - 26) if said else []

    def _room(self, question: CareQuestion) -> float:
        return self.choices[question][0].x() - self._margins()[0] - _INDENT - 16

    def _wrapped(self, question: CareQuestion) -> int:
        """Height of the lines but the first of a question and of what a yes leads to."""
        px, lines = self._words(question)
        return (len(lines) - 1) * text.leading(px) + max(0, len(self._remedy(question)) - 1) * text.leading(17)

    def _title_y(self) -> int:
        """Baseline of the question above all."""
        return 132 if self._roomy() else 84 if self._middling() else 66

    def _place(self) -> None:
        _left, right = self._margins()
        for yes, no in self.choices.values():
            for choice in (yes, no):
                choice.resize((100 if self._middling() else 76) + 2 * RING, choice.height())
            no.move(right + RING - no.width(), 0)
            yes.move(no.x() - 16 + 2 * RING - yes.width(), 0)
        tops = self._row_tops()
        for top, choices in zip(tops, self.choices.values(), strict=False):
            for choice in choices:
                choice.move(choice.x(), top + (19 if self._roomy() else 7 if self._middling() else 4) - RING)
        foot = 28 if self._roomy() else 10
        row = (self.go_on, self.clear, self.simulate)
        self._foot_left = stand_in_row(row, _left, right, 0)
        below = self._foot_end(tops[-1]) + 34
        self.setMinimumHeight(below + self.go_on.height() + foot)
        y = max(self.height() - foot, self.minimumHeight() - foot) - self.go_on.height()
        stand_in_row(row, _left, right, y)
        self.update()

    def draw(self, painter: QPainter) -> None:
        ink, (left, right) = self.colours, self._margins()
        first = 52 if self._roomy() else 38 if self._middling() else 30
        x = left + text.paint(painter, left, first, [Run(_(care_words.TITLE), 22, ink.text, SEMIBOLD)]) + 18
        text.paint(painter, x, first, [Run(_(care_words.SUBTITLE), 16, ink.text2)])
        px = 40 if self._roomy() else 30
        text.paint(painter, left, self._title_y(), [Run(_(care_words.QUESTION), px, ink.text, SEMIBOLD)])
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
        px, lines = self._words(question)
        for line in lines:
            words = Run(line, px, ink.text, MEDIUM if asked else REGULAR)
            text.paint(painter, left + _INDENT, baseline, [words])
            baseline += text.leading(px)
        y = baseline - text.leading(px) + (33 if self._roomy() else 26)
        if says_yes:
            marks.warning(painter, QPointF(left + _INDENT + 9, y - 6), 9, ink)
        for line in self._remedy(question):
            text.paint(painter, left + _INDENT + 26, y, [Run(line, 17, ink.text)])
            y += text.leading(17)

    def _foot_lines(self) -> list[list[Run]]:
        """What a yes means, beside each other or beneath each other, and what is kept."""
        ink, room = self.colours, self._margins()[1] - self._margins()[0] - _INDENT
        spaces = Run("   ", 16, ink.text2)
        parts = [
            [Run(f"{_(whose)}  ", 16, ink.text, SEMIBOLD), Run(_(what), 16, ink.text2)]
            for whose, what in care_words.ANY_YES
        ]
        beside = [run for part in parts for run in (spaces, spaces, *part)][2:]
        kept = [[Run(line, 16, ink.text3)] for line in text.wrap(_(care_words.KEPT), 16, REGULAR, room)]
        if self._foot_left - self._margins()[0] < room_px(_LEAST_STOP):
            kept += [[Run(line, 16, ink.text2)] for line in text.wrap(_(care_words.STOP), 16, REGULAR, room)]
        return [*([beside] if text.width(beside) <= room else parts), *kept]

    def _foot_end(self, top: int) -> int:
        """Baseline of the last line of the foot, beneath the rows that end at `top`."""
        return top + (38 if self._roomy() else 28) + (31 if self._roomy() else 24) * (len(self._foot_lines()) - 1)

    def _draw_foot(self, painter: QPainter, top: int, left: int) -> None:
        ink, roomy = self.colours, self._roomy()
        y = top + (38 if roomy else 28)
        for runs in self._foot_lines():
            text.paint(painter, left + _INDENT, y, runs)
            y += 31 if roomy else 24
        foot = self.go_on.y() + RING
        reason = Run(care_words.still_open(self.check), 16, ink.text2)
        room, px = self._foot_left - left - 8, 17 if roomy else 15
        if roomy:
            text.paint(painter, left, foot - 6, [Run(_(care_words.DURING), px, ink.text, SEMIBOLD)])
        first = foot + (25 if roomy else 14)
        beside = room >= room_px(_LEAST_STOP) - 8
        for row, line in enumerate(text.wrap(_(care_words.STOP), px, REGULAR, room) if beside else ()):
            text.paint(painter, left, first + 21 * row, [Run(line, px, ink.text2)])
        text.paint(painter, self._margins()[1], foot - 12, [reason], "right")
