"""The tour: six steps over a running simulated session. One part of the screen is lit, one card says what it is."""

from collections.abc import Callable, Mapping
from typing import Final

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QKeySequence, QPainter, QPainterPath, QPolygonF, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text, tour_words
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.tour_words import Place
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.painted import Canvas

_CARD_WIDTH: Final = 500
_PAD: Final = 32
_LINE: Final = 29
_BANNER: Final = 40
_GAP: Final = 34
_BELOW_TOP = 120
"""How far beneath the top of what is tall the card begins."""
_LEAST_WIDTH: Final = 340
_DIM: Final = 205
"""Of 255: what is not spoken of can still be guessed."""


class Tour(Canvas):
    """Covers the window. What lies beneath goes on, and takes no click.

    Parameters
    ----------
    colours : Colours
    places : mapping of str to callable
        Where each part stands, in the window's coordinates; asked at every change of size.
    over : callable
        Is told once at the end, or when it is skipped.
    parent : QWidget
        The window.
    """

    def __init__(
        self,
        colours: Colours,
        places: Mapping[Place, Callable[[], QRect]],
        over: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(colours, _("Tour"), parent)
        self._places, self._over = places, over
        self.steps = tour_words.steps()
        self.at = 0
        self.skip = KeyButton(colours, _("Skip"), "Esc", flat=True, parent=self)
        self.next = KeyButton(colours, _("Next"), "Space", parent=self)
        self.skip.clicked.connect(self._over)
        self.next.clicked.connect(self.go_on)
        for key, action in (("Space", self.go_on), ("Right", self.go_on), ("Left", self.go_back)):
            QShortcut(QKeySequence(key), self).activated.connect(action)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes to its buttons alone
        self._show_step()

    def go_on(self) -> None:
        """Show the next step, or end."""
        if self.at + 1 == len(self.steps):
            self._over()
            return
        self.at += 1
        self._show_step()

    def go_back(self) -> None:
        """Show the step before once more."""
        self.at = max(0, self.at - 1)
        self._show_step()

    def _show_step(self) -> None:
        step = self.steps[self.at]
        last = self.at + 1 == len(self.steps)
        self.next.set_label(_("Done") if last else _("Next"), primary=True)
        self.skip.setVisible(not last)
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(step.text)
        self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    @property
    def lit(self) -> QRectF:
        """The part that is spoken of."""
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        return QRectF(self._places[self.steps[self.at].place]()).adjusted(-8, -8, 8, 8).intersected(room)

    @property
    def card(self) -> QRectF:
        """Where the card stands: beside what is lit, beneath or above it, else beside it and narrower."""
        lit, width = self.lit, min(_CARD_WIDTH, self.width() - 64)
        beside = max(self.width() - lit.right(), lit.left())
        over = max(self.height() - lit.bottom(), lit.top() - _BANNER)
        if beside < width + _GAP + 16 and over < self._height(width) + 2 * 24:
            width = min(width, max(_LEAST_WIDTH, round(beside) - _GAP - 16))
        height = self._height(width)
        if beside >= width + _GAP + 16:
            on_right = self.width() - lit.right() >= lit.left()
            x = lit.right() + _GAP if on_right else lit.left() - _GAP - width
            y = min(lit.top() + _BELOW_TOP, lit.center().y() - 0.45 * height)
        else:
            x = lit.center().x() - width / 2
            y = lit.bottom() + 24 if self.height() - lit.bottom() > lit.top() else lit.top() - 24 - height
        x = min(max(x, 16.0), self.width() - width - 16.0)
        y = min(max(y, _BANNER + 28.0), self.height() - height - 16.0)
        return QRectF(round(x), round(y), width, height)

    def _height(self, width: float) -> int:
        return 62 + _LINE * len(self._lines(width)) + 24 + 52 + 20

    def _lines(self, width: float) -> list[str]:
        return text.wrap(self.steps[self.at].text, 18, REGULAR, width - 2 * _PAD)

    def _place(self) -> None:
        card = self.card
        y = round(card.bottom()) - 20 - 44
        self.next.move(round(card.right()) - 24 + RING - self.next.width(), y - RING)
        self.skip.move(self.next.x() - 8 - self.skip.width(), y)
        self.update()

    def draw(self, painter: QPainter) -> None:
        ink, card, lit = self.colours, self.card, self.lit
        dim = QColor(ink.ground)
        dim.setAlpha(_DIM)
        whole = QPainterPath()
        whole.addRect(QRectF(self.rect()))
        hole = QPainterPath()
        hole.addRoundedRect(lit, 6, 6)
        painter.fillPath(whole.subtracted(hole), dim)
        painter.setPen(marks.pen(ink.text, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(lit, 6, 6)
        self._draw_banner(painter)
        painter.setPen(marks.pen(ink.text, 2))
        painter.setBrush(ink.rail)
        painter.drawRoundedRect(card, 6, 6)
        self._draw_pointer(painter, card, lit)
        x, y = card.left() + _PAD, card.top() + 52
        text.paint(painter, x, y, [Run(self.steps[self.at].title, 26, ink.text, SEMIBOLD)])
        for row, line in enumerate(self._lines(card.width())):
            text.paint(painter, x, y + 46 + _LINE * row, [Run(line, 18, ink.text2)])
        self._draw_progress(painter, x, card.bottom() - 42, card.width())

    def _draw_banner(self, painter: QPainter) -> None:
        ink = self.colours
        rail = self._places["rail"]().right() + 1
        painter.fillRect(QRectF(rail, 0, self.width() - rail, _BANNER + 32), ink.ground)
        rail += 40
        box = QRectF(rail, 20, self.width() - rail - 40, _BANNER)
        painter.setPen(marks.pen(ink.attention, 1.5))
        painter.setBrush(ink.ground)
        painter.drawRoundedRect(box, 6, 6)
        strong, plain, what = tour_words.banner()
        marks.warning(painter, QPointF(box.left() + 25, box.center().y()), 9, ink)
        y, x = box.center().y() + 6, box.left() + 46
        x += text.paint(painter, x, y, [Run(strong, 16, ink.text, SEMIBOLD)]) + 10
        end = box.right() - 16
        end -= text.paint(painter, end, y, [Run(what, 16, ink.text2)], "right") + 16
        if x + text.width([Run(plain, 16, ink.text2)]) <= end:
            text.paint(painter, x, y, [Run(plain, 16, ink.text2)])

    def _draw_pointer(self, painter: QPainter, card: QRectF, lit: QRectF) -> None:
        """A small triangle on the side of the card that the lit part is on."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colours.text)
        if lit.right() < card.left() or lit.left() > card.right():
            on_left = lit.right() < card.left()
            x = card.left() if on_left else card.right()
            tip = -18 if on_left else 18
            y = min(max(min(lit.center().y(), card.top() + 84), card.top() + 40), card.bottom() - 40)
            painter.drawPolygon(QPolygonF([QPointF(x, y - 13), QPointF(x, y + 13), QPointF(x + tip, y)]))
        else:
            below = lit.bottom() < card.top()
            y = card.top() if below else card.bottom()
            x = min(max(lit.center().x(), card.left() + 40), card.right() - 40)
            tip = -16 if below else 16
            painter.drawPolygon(QPolygonF([QPointF(x - 13, y), QPointF(x + 13, y), QPointF(x, y + tip)]))

    def _draw_progress(self, painter: QPainter, x: float, y: float, card_width: float) -> None:
        ink = self.colours
        buttons = self.next.x() if self.skip.isHidden() else self.skip.x()
        pitch = min(26 if card_width >= _CARD_WIDTH else 14, (buttons - x - 8) / len(self.steps))
        for number in range(len(self.steps)):
            painter.fillRect(
                QRectF(x + pitch * number, y - 2, pitch - min(8, pitch / 2), 4),
                ink.text if number <= self.at else ink.edge,
            )
        said = Run(_("{n} of {of}", n=self.at + 1, of=len(self.steps)), 15, ink.text2, MEDIUM)
        x += pitch * len(self.steps) + 10
        if x + text.width([said]) <= buttons:
            text.paint(painter, x, y + 5, [said])
