"""Before the first set: how to lie or stand, a drawing of it, what is planned, and when to stop."""

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.programme import Programme
from app.ui import start_words, text
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, REGULAR, SEMIBOLD, Colours, grown, room_px
from app.ui.widgets.buttons import HEIGHT, KeyButton
from app.ui.widgets.painted import Canvas
from app.ui.widgets.placement import drawing, palette_of

_STEP_PX, _SMALL_PX, _LEADING, _GAP = 18, 16, 25, 8
_NUMBER = 26
_LEAST_DRAWING = 100


def draw_exercise(painter: QPainter, name: str, room: QRectF, palette: tuple[str, ...]) -> None:
    """Draw an exercise in the middle of a room, no larger than it looks well."""
    picture = drawing(f"exercises/{name}", palette)
    size = picture.viewBoxF().size()
    scale = min(room.width() / size.width(), room.height() / size.height(), 1.4)
    place = QRectF(0, 0, size.width() * scale, size.height() * scale)
    place.moveCenter(room.center())
    picture.render(painter, place)


class SetUp(Canvas):
    """The steps; `other` leads to the other exercises, `without` to this one without sensors, where that is offered."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Set-up"), parent)
        self.programme: Programme | None = None
        self.other = KeyButton(colours, _("Another exercise"), "O", flat=True, parent=self)
        self.without = KeyButton(colours, _("Without sensors"), "W", flat=True, parent=self)
        self.without.hide()

    def show_programme(self, programme: Programme | None) -> None:
        """Show how an exercise is set up, if it is another one."""
        if programme is not self.programme:
            self.programme = programme
            steps = [] if programme is None else [_(step) for step in programme.setup]
            self.say(" ".join(steps))
            self.update()

    def offer_without(self, *, offered: bool) -> None:
        """Offer to do it without sensors, or not."""
        if offered == self.without.isHidden():
            self.without.setVisible(offered)
            self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        buttons = [button for button in (self.without, self.other) if not button.isHidden()]
        x = (self.width() - sum(button.width() for button in buttons)) // 2
        for button in buttons:
            button.move(x, self.height() - HEIGHT)
            x += button.width()

    def draw(self, painter: QPainter) -> None:
        if self.programme is None:
            return
        bottom = self._draw_foot(painter, self.programme, self.height() - HEIGHT - 14.0)
        px, leading, gap, steps = self._steps(self.programme, bottom)
        height = self._height_of(px, leading, gap, steps) + gap
        room = QRectF(0, 0, self.width(), bottom - height - 20)
        drawn = bool(self.programme.drawing) and room.height() >= _LEAST_DRAWING
        if drawn:
            draw_exercise(painter, self.programme.drawing, room, palette_of(self.colours))
        y = (room.bottom() if drawn else max(0.0, room.bottom() / 2)) + leading
        for number, lines in enumerate(steps, start=1):
            text.paint(painter, 0, y, [Run(str(number), px, self.colours.text2, SEMIBOLD)])
            for line in lines:
                text.paint(painter, _NUMBER, y, [Run(line, px, self.colours.text)])
                y += leading
            y += gap

    def _steps(self, programme: Programme, bottom: float) -> tuple[int, int, int, list[list[str]]]:
        """Size, leading, gap and lines of the steps: smaller and closer until all of them have room."""
        usual = _STEP_PX if self.height() >= 340 else _SMALL_PX
        tight = [(px, round(1.2 * grown(px)), gap) for gap in (4, 1) for px in range(_SMALL_PX, LEAST_TEXT_PX - 1, -1)]
        room = self.width() - _NUMBER
        told = [
            (px, leading, gap, [text.wrap(_(step), px, REGULAR, room) for step in programme.setup])
            for px, leading, gap in ((usual, _LEADING, _GAP), *tight)
        ]
        return next((one for one in told if self._height_of(*one) <= bottom - 4), told[-1])

    @staticmethod
    def _height_of(px: int, leading: int, gap: int, steps: list[list[str]]) -> int:
        return sum(leading * len(lines) + gap for lines in steps) - gap

    def _draw_foot(self, painter: QPainter, programme: Programme, bottom: float) -> float:
        """Paint what is planned and when to stop, from below; returns where they begin."""
        safety = text.wrap(_(programme.safety), 16, MEDIUM, self.width())
        planned = " · ".join(f"{name}: {detail}" for name, detail, _minutes in start_words.steps(programme)[1:])
        dose = text.wrap(planned, 16, REGULAR, self.width()) if self.height() >= room_px(300) else []
        rows = [(line, self.colours.text2, REGULAR) for line in dose]
        rows += [(line, self.colours.text, MEDIUM) for line in safety]
        for number, (line, ink, weight) in enumerate(reversed(rows)):
            y = bottom - text.leading(16) * number
            text.paint(painter, self.width() / 2, y, [Run(line, 16, ink, weight)], "centre")
        return bottom - text.leading(16) * len(rows) - 8
