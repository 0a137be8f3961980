"""The last ten seconds of both sides: raw signal, envelope, a stroke where the onset was found.

One lane is one small image computed with numpy: a pixel column covers a fixed stretch of source time, so the picture
moves by whole columns and does not shimmer. A stretch without a signal is hatched.
"""

import math

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath
from PyQt6.QtWidgets import QWidget

from app.language import _
from app.pipeline.snapshot import Snapshot, Trace
from app.pipeline.strip import Cut
from app.session.events import SIDES, Side
from app.ui import marks, text
from app.ui.text import Run
from app.ui.theme import MEDIUM, Colours
from app.ui.widgets.painted import Painted

FloatArray = npt.NDArray[np.float64]

WINDOW_S = 10.0
HOP_S = 0.005
SETTLED_S = 1.5
"""Filters settle and contacts are judged in the first moments: nothing is lost yet."""
_LABELS = 88
_LANE_TOPS = (14, 76)
_LANE_HEIGHT = 54
_ZERO_AT = 0.58
"""Height of the zero line in a lane."""
_ENVELOPE_PER_PCT = 0.26 / 54
_RAW_PER_PCT = 0.07 / 54
"""Shares of the lane's height. An envelope of 120 % fits, as into the bars; raw peaks, which reach about three times
the level, stay beneath it."""
_HELPER_ZERO_AT, _HELPER_PER_PCT = 0.97, 0.9 / 100
_SHADES = 16
_EVERY_S = 0.036
"""Of ten seconds nobody sees the difference between 28 pictures a second and 60; the bars follow every frame."""


def cut_into_columns(trace: Trace, end_s: float, n_columns: int) -> Cut:
    """Cut a trace into `n_columns` columns of equal and fixed stretches of source time.

    Parameters
    ----------
    trace : Trace
    end_s : float
        Source time of the trace's right edge.
    n_columns : int
    """
    column_s = WINDOW_S / n_columns
    n_hops = trace.level_pct.shape[0]
    first = math.floor((end_s - 0.5 * HOP_S) / column_s) - n_columns + 1
    begins_s = (first + np.arange(n_columns + 1)) * column_s
    # a hop stands in the middle of its 5 ms; there is none before the source began
    hop = np.ceil((begins_s - end_s) / HOP_S + n_hops - 0.5).astype(np.int64)
    earliest = min(max(0, math.ceil(n_hops - 0.5 - end_s / HOP_S)), n_hops)
    np.clip(hop, earliest, n_hops, out=hop)
    start, stop = hop[:-1], hop[1:]
    spread = stop > earliest
    edges = np.full((4, n_columns), np.nan)
    if spread.any():
        # more columns than hops: a column between two others shows what the one before it shows
        place = np.where(start < stop, start, stop - 1)[spread]
        for edge, series, reduce in zip(
            edges,
            (trace.level_pct, trace.level_pct, trace.low_pct, trace.high_pct),
            (np.fmin, np.fmax, np.fmin, np.fmax),
            strict=True,
        ):
            edge[spread] = reduce.reduceat(series, place)
    lost = spread & (begins_s[:-1] >= SETTLED_S) & np.isnan(edges[0])
    return Cut(edges[0], edges[1], edges[2], edges[3], lost)


def _coverage(top: FloatArray, bottom: FloatArray, rows: range) -> npt.NDArray[np.uint8]:
    """How far a band covers each pixel of each column in these rows, in ``_SHADES`` steps; NaN covers nothing."""
    nothing = np.isnan(top) | np.isnan(bottom)
    row = np.arange(rows.start, rows.stop, dtype=np.float32)[:, None]
    share = np.minimum(np.where(nothing, 0.0, bottom).astype(np.float32), row + 1)
    share -= np.maximum(np.where(nothing, 0.0, top).astype(np.float32), row)
    np.clip(share, 0.0, 1.0, out=share)
    share *= _SHADES - 1
    share += 0.5
    return share.astype(np.uint8)


def _rows_in_use(top: FloatArray, bottom: FloatArray, height: int) -> range:
    """Rows of a lane that anything covers: of a muscle that rests a few, and the others cost nothing."""
    highest, lowest = np.fmin.reduce(top), np.fmax.reduce(bottom)
    if np.isnan(highest) or np.isnan(lowest):
        return range(0)
    return range(max(0, math.floor(highest)), min(height, math.ceil(lowest)))


def _palette(raw: QColor, envelope: QColor) -> list[int]:
    """Colours of all pairs of shades: envelope over raw over nothing."""
    table = []
    for over in np.linspace(0, 1, _SHADES):
        for under in np.linspace(0, 1, _SHADES):
            alpha = over + under * (1 - over)
            mix = over / alpha if alpha else 0.0
            mixed = QColor.fromRgbF(
                mix * envelope.redF() + (1 - mix) * raw.redF(),
                mix * envelope.greenF() + (1 - mix) * raw.greenF(),
                mix * envelope.blueF() + (1 - mix) * raw.blueF(),
                alpha,
            )
            table.append(mixed.rgba())
    return table


class Lane:
    """Draws the trace of one site into a strip.

    Parameters
    ----------
    colours : Colours
    side : {'left', 'right'} or None
        None for a helper: grey, and without raw signal the zero line lies at the bottom.
    """

    def __init__(self, colours: Colours, side: Side | None) -> None:
        self.colours = colours
        grey = colours.text2
        self._palette = _palette(*((colours.of(side).raw, colours.of(side).full) if side else (grey, grey)))
        self._zero_at, self._per_pct = (_ZERO_AT, _ENVELOPE_PER_PCT) if side else (_HELPER_ZERO_AT, _HELPER_PER_PCT)

    def height_of(self, level_pct: float, lane: QRectF) -> float:
        """Where a level stands in a lane, as y."""
        return lane.top() + (self._zero_at - level_pct * self._per_pct) * lane.height()

    def draw(self, painter: QPainter, trace: Trace, end_s: float, lane: QRectF, scale: float) -> None:
        """Draw a trace whose right edge is at `end_s`; `scale` is device pixels per px."""
        n_columns = int(lane.width() * scale)
        if n_columns < 2:
            return
        self.draw_cut(painter, cut_into_columns(trace, end_s, n_columns), lane, scale)
        for onset_s in trace.onsets_s:
            x = lane.right() - (end_s - onset_s) / WINDOW_S * lane.width()
            if lane.left() <= x <= lane.right():
                painter.fillRect(QRectF(x - 0.75, lane.top(), 1.5, lane.height()), self.colours.text)

    def draw_cut(self, painter: QPainter, columns: Cut, lane: QRectF, scale: float) -> None:
        """Draw columns, one to each device pixel, over the width of a lane."""
        n_columns, height = columns.lost.size, int(lane.height() * scale)
        zero, half_line = self._zero_at * height, 1.0 * scale
        raw_per_pct, envelope_per_pct = _RAW_PER_PCT * height, self._per_pct * height
        raw_top, raw_bottom = zero - columns.raw_high * raw_per_pct, zero - columns.raw_low * raw_per_pct
        top = zero - columns.envelope_high * envelope_per_pct
        bottom = zero - columns.envelope_low * envelope_per_pct
        # the line reaches half way to its neighbour, so that a steep rise has no holes
        reach_top, reach_bottom = top.copy(), bottom.copy()
        reach_top[1:] = np.fmin(top[1:], (top[1:] + bottom[:-1]) / 2)
        reach_bottom[1:] = np.fmax(bottom[1:], (bottom[1:] + top[:-1]) / 2)
        reach_top, reach_bottom = np.maximum(reach_top, half_line) - half_line, reach_bottom + half_line
        rows = _rows_in_use(np.fmin(raw_top, reach_top), np.fmax(raw_bottom, reach_bottom), height)
        if rows:
            pixels = np.zeros((len(rows), (n_columns + 3) // 4 * 4), dtype=np.uint8)
            pixels[:, :n_columns] = _coverage(reach_top, reach_bottom, rows) * _SHADES
            pixels[:, :n_columns] += _coverage(raw_top, raw_bottom, rows)
            # PyQt takes any buffer, its stubs know bytes alone
            image = QImage(pixels.data, n_columns, len(rows), pixels.shape[1], QImage.Format.Format_Indexed8)  # type: ignore[call-overload]
            image.setColorTable(self._palette)
            image.setDevicePixelRatio(scale)  # as large as it is: an image that is scaled costs three times as much
            painter.drawImage(lane.topLeft() + QPointF(0.0, rows.start / scale), image)
        if columns.lost.any():
            self._draw_lost(painter, columns.lost, lane)

    def _draw_lost(self, painter: QPainter, lost: npt.NDArray[np.bool_], lane: QRectF) -> None:
        steps = np.diff(np.concatenate(([False], lost, [False])).astype(np.int8))
        px = lane.width() / lost.size
        for start, stop in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
            gap = QRectF(lane.left() + start * px, lane.top(), (stop - start) * px, lane.height())
            path = QPainterPath()
            path.addRect(gap)
            marks.hatch(painter, path, self.colours.line)
            words = [Run(_("no signal"), 16, self.colours.text, MEDIUM)]
            if gap.width() > text.width(words) + 32:
                painter.fillRect(
                    QRectF(gap.left() + 10, gap.top() + 13, text.width(words) + 12, 26), self.colours.ground
                )
                text.paint(painter, gap.left() + 16, gap.top() + 31, words)


class Traces(Painted):
    """Both lanes."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("Last ten seconds"), parent)
        self.say(_("a drawing of both signals"))
        self._snapshot: Snapshot | None = None
        self._lanes = {side: Lane(colours, side) for side in SIDES}

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the traces of a snapshot."""
        shown = self._snapshot
        if shown is None or not 0 <= snapshot.t_s - shown.t_s < _EVERY_S:
            self._snapshot = snapshot
            self.update()

    def draw(self, painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, self.width(), 1), self.colours.line)
        snapshot = self._snapshot
        traces = {trace.site: trace for trace in snapshot.traces} if snapshot is not None else {}
        lane_x, width = float(_LABELS), self.width() - _LABELS
        for side, top in zip(SIDES, _LANE_TOPS, strict=True):
            hue = self.colours.of(side)
            marks.glyph(painter, side, QPointF(7, top + 29), 6, hue.full)
            text.paint(painter, 22, top + 34.5, [Run(_(side), 16, self.colours.text2)])
            if snapshot is None:
                continue
            if side not in snapshot.sides or side not in traces:
                text.paint(painter, lane_x, top + 34.5, [Run(_("not measured"), 16, self.colours.text3)])
                continue
            if snapshot.method is None:
                text.paint(painter, lane_x, top + 34.5, [Run(_("after the first squeezes"), 16, self.colours.text3)])
                continue
            lane = QRectF(lane_x, top, width, _LANE_HEIGHT)
            self._lanes[side].draw(painter, traces[side], snapshot.trace_end_s, lane, self.devicePixelRatioF())
        if snapshot is not None:
            self._draw_goes(painter, snapshot, lane_x, width)
        foot = _LANE_TOPS[1] + _LANE_HEIGHT + 15
        text.paint(painter, lane_x, foot, [Run(_("10 s ago"), 14, self.colours.text3)])
        text.paint(painter, self.width(), foot, [Run(_("now"), 14, self.colours.text3)], "right")

    def _draw_goes(self, painter: QPainter, snapshot: Snapshot, left: float, width: float) -> None:
        for go_s in snapshot.go_times_s:
            x = left + width - (snapshot.trace_end_s - go_s) / WINDOW_S * width
            if left <= x <= left + width:
                painter.setPen(marks.pen(self.colours.text2, 1.2, dashes=[2, 5]))
                painter.drawLine(QPointF(x, _LANE_TOPS[0]), QPointF(x, _LANE_TOPS[1] + _LANE_HEIGHT))
                painter.setPen(Qt.PenStyle.NoPen)
                if x + 28 < left + width:
                    text.paint(painter, x + 7, _LANE_TOPS[0] + 14, [Run(_("go"), 14, self.colours.text2)])
