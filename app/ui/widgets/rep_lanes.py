"""The traces of a review: a stretch of some seconds around the position, with reps, onsets, cues, goal and limits.

What is drawn comes out of `app.pipeline.strip.Strip`, so that a stretch costs the same in a minute as in an hour.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QPainter, QPolygonF, QWheelEvent
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.review import Review
from app.pipeline.strip import Cut, Strip
from app.session.events import SIDES, Cue, Rep, Side
from app.ui import marks, text
from app.ui.review_words import clock
from app.ui.text import Run
from app.ui.theme import MEDIUM, REGULAR, SEMIBOLD, Colours, room_px
from app.ui.widgets.painted import Canvas
from app.ui.widgets.traces import SETTLED_S, Lane
from app.ui.words import MUSCLES, split_site

SPANS_S = (5.0, 9.0, 18.0, 40.0, 90.0, 300.0)
"""How much time can be seen at once."""
_LABELS = 130


def label_room() -> int:
    """Room for the names of the lanes, in the size of text in force, in device-independent px."""
    return room_px(_LABELS)


_TOP, _FOOT = 32, 32
_LEAST_LANE = 64.0
_SMALL_LANE = 66.0
_NUMBER_EVERY_PX = 26.0


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lanes stand."""

    glutes: dict[str, QRectF]
    helpers: dict[str, QRectF]


class RepLanes(Canvas):
    """The lanes; ``sought`` carries the seconds of a click."""

    sought = pyqtSignal(float)
    rolled = pyqtSignal(float)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Traces"), parent)
        self._lanes = {side: Lane(colours, side) for side in SIDES}
        self._helper = Lane(colours, None)
        self.review: Review | None = None
        self.reps: Sequence[Rep] = ()
        self.position_s = 0.0
        self.chosen: Rep | None = None
        self.span = 2
        self._cues: list[Cue] = []

    def show_review(self, review: Review | None, reps: Sequence[Rep]) -> None:
        """Show a recording, and the reps that its table shows."""
        self.review, self.reps = review, reps
        events = review.events if review is not None else ()
        self._cues = [event for event in events if isinstance(event, Cue)]
        self.update()

    def show_position(self, position_s: float, chosen: Rep | None) -> None:
        """Show a moment, and mark the chosen rep."""
        if (position_s, chosen) != (self.position_s, self.chosen):
            self.position_s, self.chosen = position_s, chosen
            self.update()

    def change_span(self, steps: int) -> None:
        """See more time, or less."""
        self.span = min(max(self.span + steps, 0), len(SPANS_S) - 1)
        self.update()

    def stretch(self) -> tuple[float, float]:
        """What is to be seen, in seconds; on whole pixel columns, so that a moving picture does not shimmer."""
        span_s = SPANS_S[self.span]
        duration_s = self.review.duration_s if self.review is not None else 0.0
        start_s = min(max(self.position_s - span_s / 2, 0.0), max(0.0, duration_s - span_s))
        column_s = span_s / max(1, self._n_columns())
        return round(start_s / column_s) * column_s, span_s

    def _n_columns(self) -> int:
        return int((self.width() - label_room()) * self.devicePixelRatioF())

    def x_of(self, t_s: float) -> float:
        """Where a moment stands."""
        start_s, span_s = self.stretch()
        return label_room() + (t_s - start_s) / span_s * (self.width() - label_room())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.position().x() >= label_room():
            start_s, span_s = self.stretch()
            self.sought.emit(start_s + (event.position().x() - label_room()) / (self.width() - label_room()) * span_s)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.change_span(-1 if event.angleDelta().y() > 0 else 1)
        else:
            self.rolled.emit(-event.angleDelta().y() / 120 * SPANS_S[self.span] / 10)

    def _places(self) -> _Places:
        """Glutes first; helpers get what is left, and the least important give way."""
        assert self.review is not None
        width, room = self.width() - label_room(), self.height() - _TOP - _FOOT - 8.0
        helpers = [site for site in self.review.sites if site not in SIDES and site in self.review.strips]
        glutes = [side for side in SIDES if side in self.review.targets]
        n_small = min(len(helpers), max(0, int((room - 2 * 110.0) // _SMALL_LANE)))
        height = max(_LEAST_LANE, (room - n_small * _SMALL_LANE) / max(1, len(glutes)))
        # on whole px: an image between them would be drawn anew for each
        tops = [_TOP + 4.0 + round(number * height) for number in range(len(glutes))]
        small = _TOP + 4.0 + round(len(glutes) * height)
        return _Places(
            {side: QRectF(label_room(), top, width, int(height) - 10) for side, top in zip(glutes, tops, strict=True)},
            {
                site: QRectF(label_room(), small + number * _SMALL_LANE, width, _SMALL_LANE - 12)
                for number, site in enumerate(helpers[:n_small])
            },
        )

    def draw(self, painter: QPainter) -> None:
        review, ink = self.review, self.colours
        if review is None or self._n_columns() < 2:
            return
        start_s, span_s = self.stretch()
        places = self._places()
        self._draw_reps(painter, start_s, span_s)
        scale = self.devicePixelRatioF()
        for side, lane in places.glutes.items():
            self._draw_side_label(painter, side, lane)
            strip = review.strips.get(side)
            if strip is None:
                text.paint(painter, lane.left() + 8, lane.center().y(), [Run(_("no reference"), 16, ink.text3)])
                continue
            drawn = self._lanes["left" if side == "left" else "right"]
            self._dots(painter, drawn.height_of(review.programme.target_pct, lane), _("goal"))
            drawn.draw_cut(painter, self._cut(strip), lane, scale)
        for site, lane in places.helpers.items():
            self._draw_helper(painter, site, review.strips[site], lane)
        self._draw_onsets(painter, places.glutes)
        self._draw_cues(painter, places.glutes)
        self._draw_axis(painter, start_s, span_s)
        self._draw_position(painter)

    def _seen(self, start_s: float, span_s: float) -> list[Rep]:
        last = bisect_left(self.reps, start_s + span_s, key=lambda rep: rep.start_s)
        first = bisect_left(self.reps, start_s, hi=last, key=lambda rep: rep.end_s)
        return list(self.reps[first:last])

    def _draw_reps(self, painter: QPainter, start_s: float, span_s: float) -> None:
        ink, bottom = self.colours, self.height() - _FOOT
        last_x = -math.inf
        text.paint(painter, 0, 20, [Run(_("rep"), 15, ink.text3)])
        for rep in self._seen(start_s, span_s):
            left, right = max(self.x_of(rep.start_s), label_room()), min(self.x_of(rep.end_s), float(self.width()))
            if right <= left:
                continue
            chosen = self.chosen is not None and rep.index == self.chosen.index
            painter.fillRect(QRectF(left, _TOP, right - left, bottom - _TOP), ink.line if chosen else ink.well)
            if chosen:
                painter.fillRect(QRectF(left, _TOP, right - left, 3), ink.text)
            middle = min(max((left + right) / 2, label_room() + 8.0), self.width() - 12.0)
            if chosen or middle - last_x >= _NUMBER_EVERY_PX:
                last_x = middle
                run = Run(str(rep.index), 16, ink.text if chosen else ink.text2, SEMIBOLD if chosen else REGULAR)
                text.paint(painter, middle, 20, [run], "centre")

    def _draw_side_label(self, painter: QPainter, side: str, lane: QRectF) -> None:
        y = lane.top() + 0.58 * lane.height()
        shape: Side = "left" if side == "left" else "right"
        marks.glyph(painter, shape, QPointF(8, y - 5), 7, self.colours.of(shape).full)
        text.paint(painter, 24, y + 1, [Run(_(side), 17, self.colours.text, MEDIUM)])

    def _dots(self, painter: QPainter, y: float, word: str) -> None:
        text.paint(painter, label_room() - 8, y + 5, [Run(word, 14, self.colours.text3)], "right")
        painter.setPen(marks.pen(self.colours.text2, 1, dashes=[2, 5]))
        painter.drawLine(QPointF(label_room(), round(y) + 0.5), QPointF(self.width(), round(y) + 0.5))

    def _draw_helper(self, painter: QPainter, site: str, strip: Strip, lane: QRectF) -> None:
        assert self.review is not None
        muscle, side = split_site(site)
        self._dots(painter, self._helper.height_of(self.review.programme.compensator_line_pct, lane), _("limit"))
        px, name = text.in_line(_(MUSCLES.get(muscle, (muscle, muscle))[0]), 15, REGULAR, label_room() - 24)
        foot = lane.bottom() - 2
        marks.glyph(painter, "left" if side == "left" else "right", QPointF(7, foot - 5), 4.5, self.colours.text2)
        text.paint(painter, 20, foot, [Run(name, px, self.colours.text2)])
        self._helper.draw_cut(painter, self._cut(strip), lane, self.devicePixelRatioF())

    def _cut(self, strip: Strip) -> Cut:
        """What is seen of a site; nothing is lost while filters settle and contacts are judged."""
        (start_s, span_s), n_columns = self.stretch(), self._n_columns()
        cut = strip.cut(start_s, start_s + span_s, n_columns)
        cut.lost[: max(0, math.ceil((SETTLED_S - start_s) / span_s * n_columns))] = False
        return cut

    def _draw_onsets(self, painter: QPainter, lanes: dict[str, QRectF]) -> None:
        for rep in self._seen(*self.stretch()):
            for side, lane in lanes.items():
                onset_s = rep.sides[side].onset_s if side in rep.sides else None
                if onset_s is not None and label_room() <= (x := self.x_of(onset_s)) <= self.width():
                    painter.fillRect(QRectF(x - 0.75, lane.top() + 2, 1.5, lane.height() - 4), self.colours.text)

    def _draw_cues(self, painter: QPainter, lanes: dict[str, QRectF]) -> None:
        """A small arrow head from above, in the lane of the side that was cued."""
        start_s, span_s = self.stretch()
        painter.setPen(Qt.PenStyle.NoPen)
        first = bisect_left(self._cues, start_s, key=lambda cue: cue.t_s)
        last = bisect_left(self._cues, start_s + span_s, key=lambda cue: cue.t_s)
        for cue in self._cues[first:last]:
            x = self.x_of(cue.t_s)
            for side, lane in lanes.items():
                if cue.side in (side, "both"):
                    y = lane.top() + 3
                    painter.setBrush(self.colours.of("left" if side == "left" else "right").full)
                    painter.drawPolygon(QPolygonF([QPointF(x - 6, y), QPointF(x + 6, y), QPointF(x, y + 10)]))

    def _draw_axis(self, painter: QPainter, start_s: float, span_s: float) -> None:
        y = self.height() - 8
        steps = (1, 3, 5, 10, 15, 30, 60, 120)
        step = next((step for step in steps if step / span_s * (self.width() - label_room()) >= 72), steps[-1])
        for number in range(math.ceil(start_s / step), int((start_s + span_s) / step) + 1):
            x = self.x_of(number * step)
            if label_room() + 14 <= x <= self.width() - 18 and abs(x - self.x_of(self.position_s)) > 0:
                run = Run(clock(number * step), 14, self.colours.text3, tabular=True)
                text.paint(painter, x, y, [run], "centre")

    def _draw_position(self, painter: QPainter) -> None:
        x, bottom = self.x_of(self.position_s), self.height() - _FOOT
        if not label_room() - 1 <= x <= self.width() + 1:
            return
        painter.fillRect(QRectF(x - 0.75, _TOP - 2, 1.5, bottom - _TOP + 4), self.colours.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colours.text)
        painter.drawPolygon(QPolygonF([QPointF(x - 6, bottom + 8), QPointF(x + 6, bottom + 8), QPointF(x, bottom)]))
