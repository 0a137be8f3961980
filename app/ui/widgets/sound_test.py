"""Try the volume, and find how late the headphones are by tapping along; part of the Setup page."""

import time
from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QPainter, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.ui import text
from app.ui.sound import Sound
from app.ui.sound.delay import LEAST_TAPS, TICK_EVERY_S, TapAlong
from app.ui.text import Run
from app.ui.theme import REGULAR, SEMIBOLD, Colours
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.painted import Canvas

_LINE: Final = 22
_PX: Final = 15
_GAP: Final = 8
_INSET: Final = 6
_SECTION: Final = 28
_WIDEST: Final = 600
"""No line of text is longer, however wide the page."""


class SoundTest(Canvas):
    """Four sounds to try, and a key to tap.

    Parameters
    ----------
    colours : Colours
    sound : Sound
    clock_ns : callable
        `time.perf_counter_ns` but for tests.

    Attributes
    ----------
    measured : signal
        Carries the delay in ms, once it is found; whoever shows this keeps it.
    """

    measured = pyqtSignal(float)

    def __init__(
        self,
        colours: Colours,
        sound: Sound,
        parent: QWidget | None = None,
        clock_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        super().__init__(colours, _("Sound test"), parent)
        self._sound = sound
        self._clock_ns = clock_ns
        self._along = TapAlong()
        self._found_ms: float | None = None
        self.left, self.right, self.together, self.spoken = (
            KeyButton(colours, label, "", parent=self) for label in (_("Left"), _("Right"), _("Together"), _("Voice"))
        )
        self.left.clicked.connect(lambda: sound.play("left"))
        self.right.clicked.connect(lambda: sound.play("right"))
        self.together.clicked.connect(lambda: sound.play("chord"))
        self.spoken.clicked.connect(lambda: sound.say("countdown", 3))
        self.begin = KeyButton(colours, _("Start ticks"), "", parent=self)
        self.begin.clicked.connect(self.toggle)
        self.beat = KeyButton(colours, _("Tap"), "↵", parent=self)
        self.beat.pressed.connect(self.tap)  # when it goes down, not when it is let go
        self.beat.hide()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 * TICK_EVERY_S))
        self._timer.timeout.connect(self.tick)

    def toggle(self) -> None:
        """Begin to tick, or stop."""
        if self._timer.isActive():
            self._stop()
            return
        self._along, self._found_ms = TapAlong(), None
        self._timer.start()
        self.begin.set_label(_("Stop"))
        self.beat.show()
        self.beat.setFocus()
        self._place()

    def tick(self) -> None:
        """Send one tick."""
        self._along.tick(self._clock_ns())
        self._sound.play("go")

    def tap(self) -> None:
        """Take one tap."""
        self._along.tap(self._clock_ns())
        if self._along.delay_ms is not None:
            self._found_ms = self._along.delay_ms
            self._stop()
            self.measured.emit(self._found_ms)
        self._place()

    @property
    def line(self) -> str:
        """What to do now, or what was found."""
        if self._found_ms is not None:
            return _(
                "What you hear comes {ms:.0f} ms late. The ticks that say go are sent earlier by it; the tones of your "
                "muscles cannot be.",
                ms=self._found_ms,
            )
        if not self._timer.isActive():
            return _(
                "Bluetooth headphones sound late. Start the ticks, then tap along with what you hear, {n} times.",
                n=LEAST_TAPS,
            )
        if self._along.scatters:
            return _("The taps lie far apart. Listen to a few ticks first, then tap with each of them.")
        return _("Tap with each tick: {n} of {of}", n=self._along.n_taps, of=LEAST_TAPS)

    def sizeHint(self) -> QSize:
        return QSize(480, self._bottom(480))

    def draw(self, painter: QPainter) -> None:
        ink = self.colours
        text.paint(painter, _INSET, 20, [Run(_("Is it loud enough?"), 16, ink.text, SEMIBOLD)])
        top = self._delay_top(self.width())
        text.paint(painter, _INSET, top + 20, [Run(_("How late is it?"), 16, ink.text, SEMIBOLD)])
        for number, words in enumerate(self._lines(self.width())):
            text.paint(painter, _INSET, top + 20 + _LINE * (number + 1), [Run(words, _PX, ink.text2)])

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._stop()  # nobody ticks behind another page

    def _stop(self) -> None:
        self._timer.stop()
        if self.beat.hasFocus():
            self.begin.setFocus()
        self.beat.hide()
        self.begin.set_label(_("Start ticks"))
        self._place()

    def _lines(self, width: int) -> list[str]:
        return text.wrap(self.line, _PX, REGULAR, min(width, _WIDEST) - 2 * _INSET)

    def _delay_top(self, width: int) -> int:
        return self._flow((self.left, self.right, self.together, self.spoken), 28, width) + _SECTION

    def _bottom(self, width: int) -> int:
        top = self._delay_top(width) + 36 + _LINE * len(self._lines(width))
        return self._flow((self.begin, self.beat), top, width)

    def _place(self) -> None:
        self._bottom(self.width())
        self.say(self.line)
        self.updateGeometry()
        self.update()

    def _flow(self, buttons: tuple[KeyButton, ...], top: int, width: int) -> int:
        """Put buttons side by side, and on a new line where they do not fit; returns where they end."""
        x, y = 0, top
        for button in buttons:
            size = button.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + size.height()
            button.setGeometry(x, y, size.width(), size.height())
            x += size.width() + _GAP
        return y + buttons[0].sizeHint().height()
