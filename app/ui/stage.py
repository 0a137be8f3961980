"""The stage: cue, rep, two pillars, two words, nothing else; for whoever lies two metres away, or on a second screen.

It shows what the Train page shows and decides nothing, so that both can never disagree.
"""

from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.session.events import SIDES, Side
from app.ui import marks, text
from app.ui.stage_layout import StageLayout, dots_of, lay_out_stage
from app.ui.text import Run
from app.ui.theme import MEDIUM, Colours
from app.ui.train_scene import Scene
from app.ui.widgets.cue_line import CueLine
from app.ui.widgets.painted import Painted
from app.ui.widgets.pillar import AT_REST, SCALE_MAX_PCT, Pillar
from app.ui.widgets.ring import Ring
from app.ui.words import Line


class Stage(QWidget):
    """The stage, a window of its own.

    Parameters
    ----------
    colours : Colours
    distance_m : float
        From how far away it is to be read.
    parent : QWidget
        The window that it belongs to and closes with.

    Attributes
    ----------
    pressed : signal of QKeyEvent
        A key; the window knows what it does.
    closed : signal
    """

    pressed = pyqtSignal(object)
    closed = pyqtSignal()

    def __init__(self, colours: Colours, distance_m: float, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAccessibleName(_("Stage view"))
        self.setWindowTitle(_("GluteWake: stage view"))
        self.setPalette(colours.palette())
        self.setAutoFillBackground(True)
        self.colours = colours
        self.distance_m = distance_m
        self.cue = CueLine(colours, self)  # the first that is read
        self.pillars: dict[Side, Pillar] = {side: Pillar(colours, side, self) for side in SIDES}
        self.ring = Ring(colours, self)
        self.corner = Corner(colours, self)
        self._caption = ""
        self._joined_pct: float | None = None
        self.layout_now: StageLayout = self._lay_out()

    @property
    def readable_m(self) -> float:
        """From how far away it can be read on its screen."""
        return self.layout_now.readable_m(dots_of(self.screen()))

    def open_on(self, screen: QScreen) -> None:
        """Fill a screen."""
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self._place()

    def change_distance(self, distance_m: float) -> None:
        """Be read from another distance."""
        self.distance_m = distance_m
        self._place()

    def show_waiting(self, line: Line) -> None:
        """Show that there is nothing to show yet, or any more."""
        self.cue.show_line(line)
        self.ring.hide()
        self._tell("", None)
        for pillar in self.pillars.values():
            pillar.show_view(AT_REST)

    def show_scene(self, scene: Scene) -> None:
        """Show what the Train page shows."""
        self.cue.show_line(scene.attention.line)
        self.ring.show()
        self.ring.show_view(scene.ring)
        self._tell("" if scene.ring.done else scene.ring.caption, scene.joined_pct)
        for side, view in scene.pillars.items():
            self.pillars[side].show_view(view)

    def _tell(self, caption: str, joined_pct: float | None) -> None:
        if (caption, joined_pct) != (self._caption, self._joined_pct):
            self._caption, self._joined_pct = caption, joined_pct
            self.update()

    def _lay_out(self) -> StageLayout:
        return lay_out_stage(self.width(), self.height(), self.distance_m, dots_of(self.screen()))

    def _place(self) -> None:
        self.layout_now = self._lay_out()
        train = self.layout_now.train
        self.cue.place(train)
        self.ring.place(train)
        for pillar in self.pillars.values():
            pillar.place(train, None)
        self.corner.px = self.layout_now.corner_px
        self.corner.setGeometry(self.layout_now.corner)
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        train, px = self.layout_now.train, self.layout_now.caption_px
        painter = QPainter(self)
        if self._joined_pct is not None:
            self._draw_joined(painter, self._joined_pct)
        run = Run(self._caption, px, self.colours.text2, MEDIUM)
        half = text.width([run]) / 2 + 0.3 * px
        left, right = (self.pillars[side].word_span() for side in SIDES)
        if left[1] < train.middle - half and right[0] > train.middle + half:  # a long word has the right of way
            text.paint(painter, train.middle, train.number_y, [run], "centre")
        painter.end()

    def _draw_joined(self, painter: QPainter, joined_pct: float) -> None:
        """Draw the common goal between both pillars, around the ring."""
        train = self.layout_now.train
        y = train.left.bottom() - min(joined_pct, SCALE_MAX_PCT) / SCALE_MAX_PCT * train.left.height()
        thick = train.pillar.line_px
        start, end = train.left.right(), train.right.left()
        box = self.ring.geometry()
        crossed = box.top() - thick < y < box.bottom() + thick
        for one, other in [(start, box.left() - 16.0), (box.right() + 16.0, end)] if crossed else [(start, end)]:
            painter.fillRect(marks.goal_line(y, one, other, thick), self.colours.text)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not event.isAutoRepeat():
            self.pressed.emit(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        super().closeEvent(event)
        self.closed.emit()


class Corner(Painted):
    """The small signs in the corner: that it records, and that nobody is measured."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Signs"), parent)
        self.px = 18
        self.sign = ""
        self.records = False

    def show_signs(self, *, sign: str, records: bool) -> None:
        """Show them, if they are others."""
        if (sign, records) != (self.sign, self.records):
            self.sign, self.records = sign, records
            self.say(", ".join(part for part in (sign, _("recording") if records else "") if part))
            self.update()

    def draw(self, painter: QPainter) -> None:
        x, baseline, px = float(self.width()), 1.3 * self.px, self.px
        if self.records:
            run = Run("REC", px, self.colours.text2, MEDIUM)
            text.paint(painter, x, baseline, [run], "right")
            x -= text.width([run]) + 0.8 * px
            marks.glyph(painter, "right", QPointF(x, baseline - 0.36 * px), 0.36 * px, self.colours.rec)
            x -= 1.6 * px
        if self.sign:
            run = Run(self.sign, px, self.colours.text2, MEDIUM)
            text.paint(painter, x, baseline, [run], "right")
            x -= text.width([run]) + 0.9 * px
            marks.warning(painter, QPointF(x, baseline - 0.36 * px), 0.5 * px, self.colours)
