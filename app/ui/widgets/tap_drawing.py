"""Which pad is to be tapped: the body from behind, left on the left, and a ring around the pad."""

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import Side
from app.ui import text
from app.ui.text import Run
from app.ui.theme import Colours
from app.ui.widgets.painted import Painted
from app.ui.widgets.placement import draw_body

_TOP = 28
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
        text.paint(painter, self.width() / 2, 18, [Run(_("from behind"), 15, self.colours.text3)], "centre")
        high = min(self.height() - _TOP, round(_TALL * self.width()))  # it stands beneath its words, however tall
        draw_body(painter, self.colours, "gluteus-maximus", QRectF(0, _TOP, self.width(), high), self.side)
