"""Beneath the traces: play or pause, where the replay stands, and how fast it goes."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPolygonF, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import marks, text
from app.ui.player import Player
from app.ui.review_words import clock
from app.ui.text import Run
from app.ui.theme import SEMIBOLD, Colours
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.painted import Canvas, PaintedButton

HEIGHT = 52


class PlayButton(PaintedButton):
    """A triangle in a circle, or two bars while it plays."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Play"), parent)
        self.playing = False
        self.setAccessibleDescription(_("Key: Space"))
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(52, 52)

    def show_playing(self, playing: bool) -> None:
        """Show what pressing it does."""
        if playing != self.playing:
            self.playing = playing
            self.setAccessibleName(_("Pause") if playing else _("Play"))
            self.update()

    def draw(self, painter: QPainter) -> None:
        centre, ink = QPointF(26, 26), self.colours
        painter.setPen(marks.pen(ink.text if self.underMouse() else ink.edge, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 20, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.text)
        if self.playing:
            painter.drawRect(QRectF(19, 17, 5, 18))
            painter.drawRect(QRectF(28, 17, 5, 18))
        else:
            painter.drawPolygon(QPolygonF([QPointF(20, 17), QPointF(35, 26), QPointF(20, 35)]))
        if self.hasFocus():
            painter.setPen(marks.pen(ink.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 24, 24)


class Transport(Canvas):
    """The row."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Replay"), parent)
        self.play = PlayButton(colours, self)
        self.speed = KeyButton(colours, "1×", "+ −", flat=True, parent=self)
        self.speed.setAccessibleDescription(_("Speed of the replay. Keys: plus, minus"))
        self.view = KeyButton(colours, _("Bars"), "B", flat=True, parent=self)
        self.note = KeyButton(colours, _("Note"), "N", flat=True, parent=self)
        self._words = ("", "")

    def show_player(self, player: Player, *, bars: bool) -> None:
        """Show where it stands."""
        self.play.show_playing(player.playing)
        self.speed.set_label(f"{player.speed:g}×")
        self.speed.setAccessibleName(_("Speed {speed:g}", speed=player.speed))
        self.view.set_label(_("Traces") if bars else _("Bars"))
        words = (clock(player.position_s, tenths=True), _("of {clock}", clock=clock(player.duration_s)))
        if words != self._words:
            self._words = words
            self.say(f"{clock(player.position_s)} {words[1]}")
            self.update()
        self._place()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def _place(self) -> None:
        self.play.move(0, 0)
        buttons = (self.note, self.view, self.speed)
        clock_end = 60 + text.width([Run("00:00.0", 20, self.colours.text, SEMIBOLD, tabular=True)])
        for keys in (True, False):  # which go where the clock has no room
            for button in buttons:
                button.show_key(shown=keys)
            if clock_end + sum(button.width() + 4 for button in buttons) <= self.width():
                break
        right = self.width()
        for button in buttons:
            button.move(right - button.width(), 4)
            right = button.x() - 4

    def draw(self, painter: QPainter) -> None:
        now, of = self._words
        px = text.shrunk(now, 20, SEMIBOLD, self.speed.x() - 68)
        x = 60 + text.paint(painter, 60, 33, [Run(now, px, self.colours.text, SEMIBOLD, tabular=True)])
        room = self.speed.x() - 12.0
        if x + 12 + text.width([Run(of, 16, self.colours.text2)]) > room:
            return
        x += 12 + text.paint(painter, x + 12, 33, [Run(of, 16, self.colours.text2)])
        for keys in (
            _("Space plays    \u2190 \u2192 5 s    Page keys rep by rep"),
            _("Space plays    \u2190 \u2192 5 s"),
        ):
            run = Run(keys, 15, self.colours.text2)
            if x + 32 + text.width([run]) <= room:
                text.paint(painter, x + 32, 33, [run])
                return
