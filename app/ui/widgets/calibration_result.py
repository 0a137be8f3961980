"""What came out of a calibration: each side's numbers, left on the left, and the sentences that belong to them."""

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.said import said as told
from app.session.calibrating.view import CalibrationView
from app.session.clench import ClenchTest
from app.session.events import SIDES, Side
from app.ui import calibrate_words, marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.painted import Painted


class CalibrationResult(Painted):
    """The painted result."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Result"), parent)
        self.view: CalibrationView | None = None
        self._unit = "uV"
        self._before: ClenchTest | None = None

    def show_view(self, view: CalibrationView, unit: str, clench_before: ClenchTest | None = None) -> None:
        """Show what came out; of a clench test beside what came out before."""
        if self.view != view:
            self.view, self._unit, self._before = view, unit, clench_before
            said = [
                calibrate_words.finished_title(view),
                calibrate_words.finished_line(view),
                *map(told, view.sentences),
            ]
            self.say(" ".join(said))
            self.update()

    def draw(self, painter: QPainter) -> None:
        view = self.view
        if view is None:
            return
        ink, tall = self.colours, self.height() >= 480
        px = 44 if tall else 32
        title, y = calibrate_words.finished_title(view), 1.1 * px + (16 if tall else 0)
        left = text.paint(painter, self.width() / 2, y, [Run(title, px, ink.text, SEMIBOLD)], "centre")
        if view.usable or (view.record is None and view.results):
            middle = QPointF(self.width() / 2 - left / 2 - 0.6 * px, y - 0.36 * px)
            marks.tick(painter, middle, 0.3 * px, ink.text, 0.09 * px)
        y += 36 if tall else 28
        px, lines = text.fit(calibrate_words.finished_line(view), 18, REGULAR, self.width() - 40)
        for line in lines:
            text.paint(painter, self.width() / 2, y, [Run(line, px, ink.text2)], "centre")
            y += text.leading(px)
        y += (56 if tall else 32) - text.leading(px)
        if view.kind == "clench-test":
            rows = {side: calibrate_words.clench_rows(view, self._before, side) for side in SIDES}
        else:
            rows = {side: calibrate_words.side_rows(view, side, self._unit) for side in SIDES}
        step = 34 if tall else 24
        width = min(float(room_px(360)), self.width() / 2 - 60)
        for side in SIDES if any(rows.values()) else ():
            x = self.width() / 2 + (-width - 48 if side == "left" else 48)
            self._draw_side(painter, side, rows[side], QRectF(x, y, width, step))
        if any(rows.values()):
            y += step * (max(map(len, rows.values())) + 1) + (14 if tall else 2)
        self._draw_sentences(painter, view, y, 18 if tall else 15)

    def _draw_side(self, painter: QPainter, side: Side, rows: tuple[tuple[str, str], ...], first: QRectF) -> None:
        ink, hue = self.colours, self.colours.of(side)
        x, y, step = first.left(), first.top(), first.height()
        marks.glyph(painter, side, QPointF(x + 7, y - 6), 7, hue.full)
        text.paint(painter, x + 24, y, [Run(_(side).upper(), 18, hue.text, SEMIBOLD)])
        for number, (name, value) in enumerate(rows, start=1):
            painter.fillRect(QRectF(x, y + step * (number - 1) + 0.35 * step, first.width(), 1), ink.line)
            told_px = text.paint(painter, x, y + step * number, [Run(name, 16, ink.text2)])
            px, shown = text.in_line(value, 18, MEDIUM, first.width() - told_px - 16)
            text.paint(
                painter, x + first.width(), y + step * number, [Run(shown, px, ink.text, MEDIUM, tabular=True)], "right"
            )

    def _draw_sentences(self, painter: QPainter, view: CalibrationView, y: float, px: int) -> None:
        leading = 1.45 * px
        for sentence in calibrate_words.end_sentences(view):
            for line in text.wrap(sentence, px, REGULAR, min(980.0, self.width() - 40)):
                if y > self.height() - 4:
                    return
                text.paint(painter, self.width() / 2, y, [Run(line, px, self.colours.text)], "centre")
                y += leading
