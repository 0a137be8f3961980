"""Which pad is to be tapped: the body from behind, left on the left, and a ring around the pad."""

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import SIDES, Side
from app.ui import text
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.painted import Painted
from app.ui.widgets.placement import draw_body

_TOP = 28
_MARK = 20
_TALL = 1.19
"""Height of the drawing at its full width."""


class TapDrawing(Painted):
    """The painted drawing."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Which pad"), parent)
        self.side: Side = "left"

    def show_side(self, side: Side) -> None:
        """Show whose pad it is."""
        if side != self.side:
            self.side = side
            self.say(_("the {side} pad", side=_(side)))
            self.update()

    def draw(self, painter: QPainter) -> None:
        words = Run(_("from behind"), 15, self.colours.text3)
        names = sum(text.width([Run(_(side).upper(), 16, words.colour, SEMIBOLD)]) + _MARK for side in SIDES)
        if text.width([words]) + names + 2 * _MARK <= self.width():  # where it is narrow, the names of the sides stay
            text.paint(painter, self.width() / 2, 18, [words], "centre")
        high = min(self.height() - _TOP, round(_TALL * self.width()))  # it stands beneath its words, however tall
        draw_body(painter, self.colours, "gluteus-maximus", QRectF(0, _TOP, self.width(), high), self.side)
