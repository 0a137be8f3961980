"""An exercise without sensors: a drawing and one step after the other, big enough to be read from the floor.

It knows no session, so there is nothing here that could be taken for a measurement.
"""

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.programme import Programme
from app.ui import text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours
from app.ui.unmeasured_words import GuidedStep, guided_steps
from app.ui.widgets.buttons import HEIGHT, KeyButton
from app.ui.widgets.painted import Canvas
from app.ui.widgets.placement import palette_of
from app.ui.widgets.set_up import draw_exercise

_LEAST_DRAWING = 90


class Unmeasured(Canvas):
    """The guided view; `back` leaves it."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Without sensors"), parent)
        self.setAutoFillBackground(True)  # it stands in place of the page
        self.programme: Programme | None = None
        self.steps: tuple[GuidedStep, ...] = ()
        self.number = 0
        self.back = KeyButton(colours, _("Back"), "Esc", flat=True, parent=self)

    @property
    def step(self) -> GuidedStep:
        """What to do now."""
        return self.steps[self.number]

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after this step."""
        return self.number + 1 == len(self.steps)

    def begin(self, programme: Programme) -> None:
        """Show the first step of an exercise."""
        self.programme, self.steps = programme, guided_steps(programme)
        self._show(0)

    def go_on(self) -> None:
        """Show the next step; the last one stays."""
        self._show(min(self.number + 1, len(self.steps) - 1))

    def _show(self, number: int) -> None:
        self.number = number
        self.say(f"{_('Not measured')}. {self.step.spoken}")
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.back.move((self.width() - self.back.width()) // 2, self.height() - HEIGHT - 4)

    def draw(self, painter: QPainter) -> None:
        if self.programme is None:
            return
        ink, middle = self.colours, self.width() / 2
        roomy = self.height() >= 560
        px, small_px = (40, 22) if roomy else (28, 18)
        width = min(self.width() - 80.0, 1000.0)
        y = 1.6 * px
        text.paint(painter, middle, y, [Run(_("Not measured"), px, ink.text2, SEMIBOLD)], "centre")
        place = _("step {n} of {of}", n=self.number + 1, of=len(self.steps))
        y += 1.5 * small_px
        text.paint(painter, middle, y, [Run(place, small_px, ink.text3)], "centre")

        bottom = self._draw_safety(painter, width)
        words = text.wrap(self.step.words, px, MEDIUM, width)
        dose = text.wrap(self.step.dose, small_px, REGULAR, width) if self.step.dose else []
        height = 1.3 * px * len(words) + 1.5 * small_px * len(dose)
        room = QRectF(middle - width / 2, y + 16, width, bottom - y - 48 - height)
        if self.programme.drawing and room.height() >= _LEAST_DRAWING:
            draw_exercise(painter, self.programme.drawing, room, palette_of(ink))
            y = room.bottom()
        else:
            y += max(0.0, (room.height() - small_px) / 2)
        for line in words:
            y += 1.3 * px
            text.paint(painter, middle, y, [Run(line, px, ink.text, MEDIUM)], "centre")
        for line in dose:
            y += 1.5 * small_px
            text.paint(painter, middle, y, [Run(line, small_px, ink.text2)], "centre")

    def _draw_safety(self, painter: QPainter, width: float) -> float:
        """Paint when to stop, above the button; returns where it begins."""
        assert self.programme is not None
        lines = text.wrap(_(self.programme.safety), 18, MEDIUM, width)
        top = self.height() - HEIGHT - 20.0 - 24 * (len(lines) - 1)
        for number, line in enumerate(lines):
            text.paint(
                painter, self.width() / 2, top + 24 * number, [Run(line, 18, self.colours.text, MEDIUM)], "centre"
            )
        return top - 22
