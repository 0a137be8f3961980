"""The one thing to do in a step of a calibration, large, with the sides in their colours; beneath it one small line."""

from PyQt6.QtCore import QPointF, QRect
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import SideOrBoth
from app.ui import calibrate_words, marks, text
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours, grown
from app.ui.widgets.painted import Painted

_LEAST_PX = 22
_LEADING = 1.16
_ROOMY_PX = 54
"""From this size on the small line is as large as it was drawn."""


class StepLine(Painted):
    """The painted line; as large as it fits in two lines, and never cut."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("What to do"), parent)
        self.line = self.detail = ""
        self.side: SideOrBoth | None = None
        self._px = 56

    def place(self, box: QRect, px: int) -> None:
        """Take the place; `px` is the largest that the line may be."""
        self.setGeometry(box)
        self._px = px
        self.update()

    def show_line(self, line: str, detail: str, side: SideOrBoth | None) -> None:
        """Show it, if it is another one."""
        if (line, detail, side) != (self.line, self.detail, self.side):
            self.line, self.detail, self.side = line, detail, side
            self.say(f"{line} {detail}".strip())
            self.update()

    @property
    def _detail_px(self) -> int:
        return 18 if self._px >= _ROOMY_PX else 15

    def least_height(self, width: int) -> int:
        """Height that the line needs at a width where it is as small as it may be."""
        detail = text.wrap(self.detail, self._detail_px, REGULAR, width - 8)
        lines = self._lines(_LEAST_PX, width)
        return round(_LEADING * grown(_LEAST_PX) * len(lines) + text.leading(self._detail_px) * len(detail)) + 12

    def draw(self, painter: QPainter) -> None:
        detail_px = self._detail_px
        detail = text.wrap(self.detail, detail_px, REGULAR, self.width() - 8)
        leading = text.leading(detail_px)
        room = self.height() - len(detail) * leading - 4
        px = self._px
        lines = self._lines(px)
        while px > _LEAST_PX and (len(lines) * _LEADING * grown(px) > room or len(lines) > 2):
            px -= 1
            lines = self._lines(px)
        high = grown(px)
        middle = self.width() / 2
        y = 0.98 * high  # the dots of an umlaut stand above the capitals
        for number, runs in enumerate(lines):
            text.paint(painter, middle, y, runs, "centre")
            if number == 0:
                self._draw_arrows(painter, text.width(runs), y - 0.36 * high, 0.28 * high)
            y += _LEADING * high
        y += 1.2 * grown(detail_px) - 0.98 * high
        for row in detail:
            text.paint(painter, middle, y, [Run(row, detail_px, self.colours.text2)], "centre")
            y += leading

    def _draw_arrows(self, painter: QPainter, width: float, y: float, half: float) -> None:
        ends = self.width() / 2 - width / 2 - 2 * half, self.width() / 2 + width / 2 + 2 * half
        for side, tip, at in (("left", -half, ends[0]), ("right", half, ends[1])):
            fits = half * 2 <= at <= self.width() - half * 2
            if self.side in (side, "both") and fits:
                marks.arrow(
                    painter,
                    "left" if side == "left" else "right",
                    QPointF(at + tip / 2, y),
                    half,
                    getattr(self.colours, side),
                )

    def _lines(self, px: int, width_px: int | None = None) -> list[list[Run]]:
        """Break the line between words; every word keeps its colour."""
        room = (width_px or self.width()) - 8
        lines: list[list[Run]] = [[]]
        width = 0.0
        for number, word in enumerate(self.line.split()):
            runs = [
                Run(part, px, self.colours.of(side).text if side else self.colours.text, SEMIBOLD)
                for part, side in calibrate_words.words_of(word)
            ]
            space = Run(" ", px, self.colours.text, SEMIBOLD)
            added = text.width(runs) + (text.width([space]) if lines[-1] else 0.0)
            if number and lines[-1] and width + added > room:
                lines.append([])
                width, added = 0.0, text.width(runs)
            lines[-1] += [space, *runs] if lines[-1] else runs
            width += added
        return lines
