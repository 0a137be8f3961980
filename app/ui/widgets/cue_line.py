"""The cue: one line, always in the same place, with an arrow to the pillar that is meant."""

from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import OTHER, SIDES, Side
from app.ui import marks, text
from app.ui.layout import TrainLayout
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted
from app.ui.words import Line

LEAST_CUE_PX, LEAST_CUE_SHARE = 48, 0.62
"""Below this size, or this share of its own, the cue wraps to two lines instead; it is never cut."""
LEAST_WRAPPED_PX = 28


class CueLine(Painted):
    """The painted line and its hint."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Cue"), parent)
        self.line = Line("", "")
        self._px = self._hint_px = 0
        self._baseline = self._hint_y = self._hint_room = 0.0
        self._front = False

    def place(self, layout: TrainLayout) -> None:
        """Take the place."""
        rect = layout.cue
        self.setGeometry(rect.x(), rect.y(), rect.width(), int(layout.hint_y) + 8 - rect.y())
        self._baseline, self._hint_y = layout.cue_y - rect.y(), layout.hint_y - rect.y()
        self._px, self._hint_px = layout.cue_px, layout.hint_px
        self._hint_room = min(float(rect.width()), layout.right.left() - layout.left.right())
        self._front = layout.front

    def show_line(self, line: Line) -> None:
        """Show it, if it is another one."""
        if line != self.line:
            self.line = line
            self.setAccessibleName(". ".join(filter(None, (f"{line.address}{line.text}", line.hint))) or _("Cue"))
            self.update()

    def draw(self, painter: QPainter) -> None:
        px = self._px
        while px > max(LEAST_CUE_PX, LEAST_CUE_SHARE * self._px) and self._width(px) > self.width():
            px -= 1
        if self._width(px) <= self.width():
            self._draw_in_one(painter, px)
        else:
            self._draw_in_two(painter, px)
            return
        if self.line.hint and self._hint_px:
            px = text.shrunk(self.line.hint, self._hint_px, REGULAR, self._hint_room)
            hint = text.elide(self.line.hint, px, REGULAR, self._hint_room)
            runs = [Run(hint, px, self.colours.text2)]
            text.paint(painter, self.width() / 2, self._hint_y, runs, "centre")

    def _runs(self, px: int) -> list[Run]:
        side = self.line.side if self.line.side != "both" else None
        if side is None and self.line.done and self.line.address:
            side = "left" if self.line.address.startswith(_("left").upper()) else "right"
        name = self.colours.of(side).text if side else self.colours.text
        ink = self.colours.text2 if self.line.faint else self.colours.text
        address = [Run(self.line.address, px, name, SEMIBOLD)] if self.line.address else []
        return [*address, Run(self.line.text, px, ink, SEMIBOLD)]

    def _arrow_room(self, px: int) -> float:
        return 0.3 * px * 1.25 + 0.42 * px

    def _margins(self, px: int) -> tuple[float, float]:
        """Room for the marks before and behind the words."""
        if self.line.done:
            return 0.95 * px, 0.0
        room = self._arrow_room(px)
        points = self._points_to()
        return (room if "left" in points else 0.0, room if "right" in points else 0.0)

    def _points_to(self) -> dict[Side, Side]:
        """Where on the screen an arrow stands, and the side that it means: seen from the front, places swap."""
        sides: tuple[Side, ...] = SIDES if self.line.side == "both" else (self.line.side,) if self.line.side else ()
        return {(OTHER[side] if self._front else side): side for side in sides}

    def _width(self, px: int) -> float:
        return text.width(self._runs(px)) + sum(self._margins(px))

    def _draw_in_one(self, painter: QPainter, px: int) -> None:
        before, _ = self._margins(px)
        total = self._width(px)
        left = (self.width() - total) / 2
        middle = self._baseline - 0.363 * px
        self._draw_arrows(painter, left, left + total, middle, 0.3 * px)
        if self.line.done:
            marks.tick(painter, QPointF(left + 0.32 * px, middle), 0.32 * px, self.colours.text, 0.1 * px)
        text.paint(painter, left + before, self._baseline, self._runs(px))

    def _draw_in_two(self, painter: QPainter, px: int) -> None:
        """Address above, what to do beneath; smaller still if even that does not fit."""
        room = self.width() - 2 * max(self._margins(px))
        while px > LEAST_WRAPPED_PX and (2.3 * px > self.height() or max(map(self._run_width, self._runs(px))) > room):
            px -= 1
        baseline = (self.height() - 2.1 * px) / 2 + 0.87 * px
        for row, run in enumerate(self._runs(px)):
            text.paint(painter, self.width() / 2, baseline + 1.1 * px * row, [run], "centre")
        half = max(map(self._run_width, self._runs(px))) / 2 + self._arrow_room(px)
        self._draw_arrows(painter, self.width() / 2 - half, self.width() / 2 + half, self.height() / 2, 0.3 * px)

    @staticmethod
    def _run_width(run: Run) -> float:
        return text.width([run])

    def _draw_arrows(self, painter: QPainter, left: float, right: float, y: float, half_height: float) -> None:
        for place, side in self._points_to().items():
            tip = QPointF(left if place == "left" else right, y)
            marks.arrow(painter, place, tip, half_height, self.colours.of(side).full)
