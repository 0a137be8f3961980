"""What stands around a page: the rail, the header, the status bar and the notice."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QPainter, QPen, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.language import _, mark
from app.ui import marks, text
from app.ui.layout import RAIL_NARROW, RAIL_WIDE_FROM
from app.ui.status_words import EntryKind, StatusEntry
from app.ui.text import Run
from app.ui.theme import MEDIUM, SEMIBOLD, Colours
from app.ui.widgets.buttons import HEIGHT, RING, KeyButton, RailButton
from app.ui.widgets.painted import Canvas, Rarely

_MARK = 18
"""Room for the mark of a side before its number, and between two of them."""
_BEFORE: dict[EntryKind, int] = {"plain": 0, "recording": 20, "idle": 20, "fault": 24}
"""Room for the sign before an entry."""


class Bar(Canvas):
    """A strip with words of its own and with buttons on it."""

    buttons: Sequence[QAbstractButton]
    _words_end: float | None = None

    def shown(self) -> list[QAbstractButton]:
        """The buttons but for those that were hidden; one that has not been shown yet will be."""
        explicitly = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        return [button for button in self.buttons if not (button.isHidden() and button.testAttribute(explicitly))]

    def buttons_left(self) -> float:
        """Where the buttons begin; the words end before."""
        return float(min((button.x() for button in self.shown()), default=self.width()))

    def end_words(self) -> None:
        """Paint the words anew where the buttons begin elsewhere now."""
        if self.buttons_left() != self._words_end:
            self._words_end = self.buttons_left()
            self.update()


class Rail(Bar):
    """The pages that there are."""

    def __init__(self, colours: Colours, buttons: Sequence[RailButton], parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Pages"), parent)
        self.buttons: tuple[RailButton, ...] = tuple(buttons)
        for button in self.buttons:
            button.setParent(self)

    def show_chosen(self, number: int) -> None:
        """Mark the page that is shown; Tab goes to it, the arrow keys from there to the others."""
        for at, button in enumerate(self.buttons):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at == number else Qt.FocusPolicy.ClickFocus)
        self.buttons[number].show_checked(True)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        narrow = self.width() == RAIL_NARROW
        for number, button in enumerate(self.buttons):
            button.set_narrow(narrow)
            button.setGeometry(0, (30 if narrow else 40) + 52 * number, self.width(), HEIGHT)
        self.buttons[-1].move(0, self.height() - 57)  # what is chosen once stands apart from what is done every day

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.colours.rail)


class Header(Bar):
    """Title, where the person is, and the buttons; on simulated sessions a sign that nobody is measured."""

    buttons: tuple[KeyButton, ...]

    def __init__(self, colours: Colours, buttons: Sequence[KeyButton], parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Exercise"), parent)
        self.buttons = tuple(buttons)
        for button in self.buttons:
            button.setParent(self)
        self.title = ""
        self.subtitle = ("", "")
        self.sign = ""

    def show_words(self, title: str, subtitle: tuple[str, str], *, sign: str) -> None:
        """Show them, if they are others; the sign stands where nobody is measured."""
        if (title, subtitle, sign) != (self.title, self.subtitle, self.sign):
            self.title, self.subtitle, self.sign = title, subtitle, sign
            self.setAccessibleName(", ".join(filter(None, (title, "".join(subtitle), sign))))
            self.place_buttons()
            self.update()

    def place_buttons(self) -> None:
        """Stand the buttons at the right margin."""
        margin, shown = 40 if self._roomy() else 32, self.shown()
        title = text.width([Run(self.title, 22, self.colours.text, SEMIBOLD)])
        room = self.width() - 2 * margin - min(title, self.width() / 4) - 8
        for keys in (True, False):  # which go where they leave no room for a title
            for one in self.buttons:
                one.show_key(shown=keys)
            if sum(button.width() + 12 - 2 * RING for button in shown) <= room:
                break
        right = self.width() - margin + RING
        for button in reversed(shown):
            button.move(right - button.width(), (24 if self._roomy() else 20) - RING)
            right = button.x() - 12 + 2 * RING
        self.end_words()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.place_buttons()

    def _roomy(self) -> bool:
        return self.width() >= 1000

    def draw(self, painter: QPainter) -> None:
        left, right, baseline = 40.0 if self._roomy() else 32.0, self.buttons_left(), 52.0
        if self.sign:
            sign = Run(self.sign if self._roomy() else self.sign.split()[0], 15, self.colours.text, MEDIUM)
            beside = right - 16 - text.width([sign]) - 46
            if left + text.width([Run(self.title, 22, self.colours.text, SEMIBOLD)]) + 24 <= beside:
                self._draw_sign(painter, sign, QPointF(beside, 46.0 if self._roomy() else 42.0), 34.0)
                right = beside
            else:  # the title goes before: the sign stands beneath it
                self._draw_sign(painter, sign, QPointF(left, 54.0), 28.0)
                baseline = 30.0
        px, title = text.in_line(self.title, 22, SEMIBOLD, right - left - 12)
        left += text.paint(painter, left, baseline, [Run(title, px, self.colours.text, SEMIBOLD)]) + 16
        for words in ("".join(self.subtitle), self.subtitle[0]):
            run = Run(words, 17, self.colours.text2)
            if left + text.width([run]) <= right - 16:
                text.paint(painter, left, baseline, [run])
                return

    def _draw_sign(self, painter: QPainter, sign: Run, middle: QPointF, height: float) -> None:
        """Paint the sign, by the middle of its left edge."""
        box = QRectF(middle.x(), middle.y() - height / 2, text.width([sign]) + 46, height)
        painter.setPen(QPen(self.colours.attention, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        marks.warning(painter, QPointF(box.left() + 20, middle.y()), 8, self.colours)
        text.paint(painter, box.left() + 34, middle.y() + 5.5, [sign])


class StatusBar(Bar):
    """What the machinery does, in a few words; at the right the quiet buttons.

    In a narrow window a gap takes the place of the stroke between two entries, and numbers speak for themselves.
    """

    def __init__(self, colours: Colours, buttons: Sequence[KeyButton], parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Status"), parent)
        self.buttons = tuple(buttons)
        for button in self.buttons:
            button.setParent(self)
        self.entries: tuple[StatusEntry, ...] = ()
        self._rarely = Rarely()

    def show_entries(self, entries: tuple[StatusEntry, ...]) -> None:
        """Show them, if they are others."""
        said = ", ".join(self._spoken(entry) for entry in entries)
        if self._rarely.lets(said):
            self.say(said)
        if entries != self.entries:
            self.entries = entries
            self.update()

    def place_buttons(self) -> None:
        """Stand the buttons at the right end."""
        right = self.width() - 12
        for button in reversed(self.buttons):
            button.move(right - button.width(), 0)
            right = button.x()
        self.end_words()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.place_buttons()

    @staticmethod
    def _spoken(entry: StatusEntry) -> str:
        return entry.strong + entry.plain if entry.strong_first else entry.plain + entry.strong

    def _runs(self, entry: StatusEntry) -> list[Run]:
        loud = entry.kind in ("recording", "fault")
        strong = Run(entry.strong, 15, self.colours.text, SEMIBOLD if loud else MEDIUM, tabular=not loud)
        terse = not entry.strong_first and self._gap < 22
        plain = Run(
            "" if terse else entry.plain, 15,
            self.colours.text if entry.kind == "recording" else self.colours.text2, tabular=loud,
        )  # fmt: skip
        return [strong, plain] if entry.strong_first else [plain, strong]

    @property
    def _gap(self) -> int:
        """Room on either side of the stroke between two entries."""
        return 22 if self.width() >= RAIL_WIDE_FROM else 14

    def _width(self, entry: StatusEntry) -> float:
        before = _BEFORE[entry.kind]
        if not entry.by_side:
            return before + text.width(self._runs(entry))
        numbers = [Run(number, 15, self.colours.text, MEDIUM, tabular=True) for _side, number in entry.by_side]
        name, *_strong = self._runs(entry)
        return (
            before
            + (8 if name.text else 0)
            + text.width([name, *numbers])
            + len(numbers) * _MARK
            + (len(numbers) - 1) * _MARK
        )

    def fitting(self) -> list[StatusEntry]:
        """The entries that there is room for; what matters least goes first."""
        room = self.buttons_left() - 24 - 12
        kept = list(self.entries)
        while len(kept) > 1 and sum(self._width(entry) + 2 * self._gap for entry in kept) - 2 * self._gap > room:
            kept.remove(min(kept, key=lambda entry: entry.keep))
        return kept

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.colours.rail)
        x, baseline = 24.0, 28.0
        room = self.buttons_left() - 12
        for number, entry in enumerate(self.fitting()):
            if number:
                x += self._gap
                if self._gap == 22:
                    painter.fillRect(QRectF(round(x), 14, 1, 16), self.colours.edge)
                x += self._gap
            if entry.kind == "fault":
                marks.warning(painter, QPointF(x + 8, baseline - 5), 8, self.colours)
            elif entry.kind == "recording":
                marks.glyph(painter, "right", QPointF(x + 6, baseline - 5), 6, self.colours.rec)
            elif entry.kind == "idle":
                painter.setPen(QPen(self.colours.text3, 1.6))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(x + 6, baseline - 5), 5, 5)
            x += _BEFORE[entry.kind]
            if entry.by_side:
                x = self._draw_by_side(painter, entry, x, baseline)
                continue
            runs = self._runs(entry)
            if text.width(runs) > room - x:
                whole = text.elide(self._spoken(entry), 15, MEDIUM, room - x)
                runs = [Run(whole, 15, self.colours.text, MEDIUM)]
            x += text.paint(painter, x, baseline, runs)

    def _draw_by_side(self, painter: QPainter, entry: StatusEntry, x: float, baseline: float) -> float:
        name, *_strong = self._runs(entry)
        x += text.paint(painter, x, baseline, [name]) + (8 if name.text else 0)
        for side, number in entry.by_side:
            marks.glyph(painter, side, QPointF(x + 6, baseline - 5), 5.5, self.colours.text2)
            x += _MARK + text.paint(painter, x + _MARK, baseline, [Run(number, 15, self.colours.text, MEDIUM, True)])
            x += _MARK
        return x - _MARK


_NOTICE_LINES = 2


class Notice(Bar):
    """One calm sentence above the status bar, with what can be done about it. Never a dialog.

    ``answered`` carries the number of the button that was pressed.
    """

    answered = pyqtSignal(int)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Notice"), parent)
        self.sentence = ""
        self.buttons: list[KeyButton] = []
        self.hide()

    def tell(self, sentence: str, answers: Sequence[str] = (mark("Close"),)) -> None:
        """Show a sentence and its one or two answers; the first changes nothing, has the focus and the key Esc."""
        for button in self.buttons:
            button.deleteLater()
        self.sentence = sentence
        self.say(sentence)
        self.buttons = [
            KeyButton(self.colours, *named, parent=self) for named in zip(answers, ("Esc", "Alt+Y"), strict=False)
        ]
        for agreed in self.buttons[1:]:
            agreed.setShortcut(agreed.key)
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _checked, number=number: self._answer(number))
            button.show()
        self._place_buttons()
        self.show()
        self.raise_()
        self.buttons[0].setFocus()

    def change(self, sentence: str) -> None:
        """Let what stands there be said anew; its answers stay."""
        if sentence != self.sentence:
            self.sentence = sentence
            self.say(sentence)
            self.update()

    def hideEvent(self, event: QHideEvent | None) -> None:
        focused, window = QApplication.focusWidget(), self.window()
        if focused is not None and window is not None and self.isAncestorOf(focused):
            window.setFocus()  # or Qt would mark a button of the rail, unasked

    def _answer(self, number: int) -> None:
        self.hide()
        self.answered.emit(number)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place_buttons()

    def _place_buttons(self) -> None:
        right = self.width() - 20
        for button in reversed(self.buttons):
            button.move(right - button.width(), (self.height() - button.height()) // 2)
            right = button.x() - 4
        self.update()

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.colours.well)
        painter.fillRect(QRectF(0, 0, self.width(), 1), self.colours.edge)
        marks.warning(painter, QPointF(40, self.height() / 2), 9, self.colours)
        room = self.buttons_left() - 64 - 16
        px, lines = text.within(self.sentence, 16, MEDIUM, room, _NOTICE_LINES)
        for row, line in enumerate(lines):
            y = self.height() / 2 + 5.5 + (row - (len(lines) - 1) / 2) * 21
            text.paint(painter, 64, y, [Run(line, px, self.colours.text, MEDIUM)])
