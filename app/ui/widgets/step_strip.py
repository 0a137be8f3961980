"""The steps of a calibration in a row: those that are done, the one that runs, those to come."""

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

_GAP = 8
_NAME_PX = 17


class StepStrip(Painted):
    """The painted row; where it is narrow only the step that runs has its name."""

    HEIGHT = 40

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Steps"), parent)
        self.names: tuple[str, ...] = ()
        self.at = 0

    def show_steps(self, names: tuple[str, ...], at: int) -> None:
        """Show them; `at` is the one that runs, and their number once all are done."""
        if (names, at) != (self.names, self.at):
            self.names, self.at = names, at
            running = names[at] if at < len(names) else _("done")
            self.say(
                _("{running}, step {at} of {names}", running=running, at=min(at + 1, len(names)), names=len(names))
            )
            self.update()

    def draw(self, painter: QPainter) -> None:
        if not self.names:
            return
        ink = self.colours
        width = (self.width() - _GAP * (len(self.names) - 1)) / len(self.names)
        px = _NAME_PX
        while px > LEAST_TEXT_PX and self._longest(px) > width:
            px -= 1
        all_fit = self._longest(px) <= width
        for number, name in enumerate(self.names):
            left = number * (width + _GAP)
            done, runs = number < self.at, number == self.at
            bar = ink.text if runs else ink.text3 if done else ink.well
            painter.fillRect(QRectF(round(left), 0, round(width), 4), bar)
            if not (all_fit or runs):
                continue
            colour = ink.text if runs else ink.text2 if done else ink.text3
            shown = Run(name, px, colour, SEMIBOLD if runs else REGULAR)
            x = left
            if done:
                marks.tick(painter, QPointF(left + 6, 26), 5.5, ink.text2, 2)
                x += 20
            # where only one has its name, it may need the room of its neighbours
            x = max(0.0, min(x, self.width() - text.width([shown])))
            text.paint(painter, x, 33, [shown])

    def _longest(self, px: int) -> float:
        return max(text.width([Run(name, px, self.colours.text, SEMIBOLD)]) for name in self.names) + 20
