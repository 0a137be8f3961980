"""Three circles, one for each tap on the pad that is asked for; each is ticked as its tap is felt."""

from typing import Final

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, Colours
from app.ui.widgets.painted import Gauge

N_TAPS: Final = 3
_LARGEST_RADIUS: Final = 46
_PITCH: Final = 2.84
"""From one middle to the next, in radii."""


class TapCircles(Gauge):
    """The painted circles."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Taps"), N_TAPS, parent)
        self.n_taps = 0
        self.describe(now=True)

    def show_taps(self, n_taps: int) -> None:
        """Show how many there were so far."""
        n_taps = min(n_taps, N_TAPS)
        if n_taps != self.n_taps:
            self.n_taps = n_taps
            self.describe(now=True)
            self.update()

    def spoken(self) -> tuple[str, float | None]:
        return _("{n} of {of}", n=self.n_taps, of=N_TAPS), self.n_taps

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        radius = min(_LARGEST_RADIUS, self.height() / 2 - 2, self.width() / (2 + (N_TAPS - 1) * _PITCH) - 2)
        for number in range(N_TAPS):
            middle = QPointF(self.width() / 2 + (number - (N_TAPS - 1) / 2) * _PITCH * radius, self.height() / 2)
            felt = number < self.n_taps
            painter.setPen(marks.pen(ink.text if felt else ink.edge, 3 if felt else 2))
            painter.setBrush(ink.ground)
            painter.drawEllipse(middle, radius, radius)
            if felt:
                marks.tick(painter, middle, 0.42 * radius, ink.text, max(2.5, 0.09 * radius))
            else:
                px = max(14, round(0.62 * radius))
                run = Run(str(number + 1), px, ink.text3, MEDIUM)
                text.paint(painter, middle.x(), middle.y() + 0.36 * px, [run], "centre")
