"""One side as a pillar: left square, right with a round top, both on one scale of 0-120 %.

A side without a signal is hatched and has no number and no scale; it is never drawn as zero.
"""

from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPaintEvent, QPolygonF
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.pipeline.snapshot import Snapshot
from app.session.events import Side
from app.ui import marks, text, words
from app.ui.attention import Mode
from app.ui.layout import PillarSizes, TrainLayout
from app.ui.text import Run
from app.ui.theme import LEAST_TEXT_PX, MEDIUM, SEMIBOLD, Colours, room_px
from app.ui.widgets.painted import Gauge
from app.ui.widgets.pillar_scale import PERCENT, draw_scale

SCALE_MAX_PCT = 120.0
_LABEL_INSIDE_BELOW_PCT = 38.0
_PLATE = 26
_BESIDE_LINE = 64
"""No label of a line reaches farther above or below it, however large the text is."""
_MARK_EM = 0.885
"""Room for the mark before a word on the stage, in sizes of its font."""
_OUTWARD, _INWARD = 60, 124
"""Room beside the pillar: the scale outside, the goal's label inside."""


@dataclass(frozen=True, slots=True)
class PillarView:
    """What one pillar shows.

    Attributes
    ----------
    mode : str
        See `app.ui.attention.Attention`.
    level_pct : float or None
        Height of the bar; None draws no bar.
    number, word : str
        Beneath the pillar; the number may be empty.
    target_pct, attempt_pct : float or None
        Goal line and attempt line; None where there is no scale.
    peak_pct : float or None
    band_top_pct : float or None
        Where the band of the strong side ends, for which more earns nothing; None on the side that the goal is for.
    joined : bool
        True while both goal lines are one.
    axis : tuple of str or None
        Unit, half and whole of the scale outside; None: 50 and 100 %.
    line_name : str
        What the goal line is called where it is no goal; empty where it is one.
    """

    mode: Mode
    level_pct: float | None
    number: str
    word: str
    target_pct: float | None
    attempt_pct: float | None
    peak_pct: float | None
    joined: bool
    band_top_pct: float | None = None
    axis: tuple[str, str, str] | None = None
    line_name: str = ""

    @property
    def lines(self) -> tuple[object, ...]:
        """What is drawn all over the pillar, whatever its level is."""
        return self.mode, self.target_pct, self.joined, self.band_top_pct, self.axis, self.line_name


NOT_MEASURED = PillarView("rest", None, "", mark("not measured"), None, None, None, joined=False)
"""A side that has no electrode: nothing is missing there, so it is not hatched."""
AT_REST = PillarView("rest", None, "", "", None, None, None, joined=False)
"""Nothing is measured any more."""


def pillar_view(snapshot: Snapshot, side: Side, mode: Mode, *, joined: bool) -> PillarView:
    """Make what a pillar shows; nothing but the word where a check hides the bars."""
    seen = snapshot.sides[side]
    word = words.state_word(side, seen)
    if mode == "lost":
        return PillarView("lost", None, "", word, None, None, None, joined=False)
    if snapshot.progress.feedback == "none":
        return PillarView("rest", None, "", word, None, None, None, joined=False)
    number = words.level_words(seen)
    if snapshot.method is None or seen.level_pct is None:
        # no reference yet: the raw number, but nothing that would need a scale
        return PillarView(mode, None, number, word, None, None, None, joined=False)
    level = round(min(max(seen.level_pct, 0.0), SCALE_MAX_PCT), 1)
    return PillarView(mode, level, number, word, seen.target_pct, seen.attempt_pct, seen.peak_pct, joined,
                      seen.band_top_pct)  # fmt: skip


class Pillar(Gauge):
    """The painted pillar with its title, number and word."""

    def __init__(self, colours: Colours, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(colours, _("{Side} side", Side=_(side).capitalize()), int(SCALE_MAX_PCT), parent)
        self.side: Side = side
        self.view: PillarView | None = None
        self._drawn: PillarView | None = None
        self._hue = colours.of(side)
        self._outward = 1 if side == "right" else -1
        self._inside = False
        self._sizes = PillarSizes(36, 26, 20, scale=True)
        self._column = QRectF()
        self._title_y = self._number_y = 0.0
        self._label_room: tuple[float, float] | None = None
        self._dirty = QRect()

    def place(self, layout: TrainLayout, label_room: tuple[float, float] | None) -> None:
        """Take the place.

        Parameters
        ----------
        layout : TrainLayout
        label_room : tuple of float or None
            Between which heights the goal's label may stand beside the pillar; elsewhere it moves into it. None: no
            label.
        """
        column, place = layout.pillar_of(self.side), layout.place_of(self.side)
        self._outward = 1 if place == "right" else -1
        self._inside = layout.kind == "stage"
        outward, inward = min(_OUTWARD, layout.left.left()), room_px(_INWARD)
        before, after = (outward, inward) if place == "left" else (inward, outward)
        top = layout.title_y - 24
        self.setGeometry(
            # on the stage a long word may spread over its half of the screen
            QRect(0 if place == "left" else layout.width // 2, int(layout.left.top()) - 8, layout.width // 2,
                  int(layout.height - layout.left.top()) + 8)
            if self._inside
            else QRect(int(column.left() - before), int(top), int(column.width() + before + after),
                       int(layout.number_y + 14 - top))
        )  # fmt: skip
        self._column = column.translated(-self.x(), -self.y())
        self._sizes = layout.pillar
        self._title_y, self._number_y = layout.title_y - self.y(), layout.number_y - self.y()
        self._label_room = None if label_room is None else (label_room[0] - self.y(), label_room[1] - self.y())

    def show_view(self, view: PillarView) -> None:
        """Show it; only what changed is painted."""
        self.view = view
        view = replace(view, level_pct=self._whole_px(view.level_pct))
        old, self._drawn = self._drawn, view
        if old == view:
            return
        if old is None or old.lines != view.lines:
            self.update()
            return
        self.update(self._changed(old, view))
        if (old.number, old.word) != (view.number, view.word):
            height = max(36, self._sizes.word_px)
            self.update(0, int(self._number_y) - height, self.width(), height + 14 + height // 4)

    def _whole_px(self, pct: float | None) -> float | None:
        """The level whose height is that of a whole pixel of the screen: who rests hardly moves by one."""
        per_px = SCALE_MAX_PCT / max(1.0, self._column.height() * self.devicePixelRatioF())
        return None if pct is None else round(pct / per_px) * per_px

    def _changed(self, old: PillarView, view: PillarView) -> QRect:
        """What of the pillar must be painted anew: where only the bar moves, the stretch that it moved over."""
        column = self._column.toAlignedRect().adjusted(-8, -4, 8, 4)
        before, now = old.level_pct, view.level_pct
        if before is None or now is None or replace(old, level_pct=now, number=view.number, word=view.word) != view:
            return column
        lines = [line for line in (view.target_pct, view.attempt_pct, view.peak_pct) if line is not None]
        if any((before > line, before >= line) != (now > line, now >= line) for line in lines):
            return column
        top = int(self.level_y(max(before, now))) - 4
        foot = int(self.level_y(min(before, now)) + column.width() / 2) + 4  # a round top reaches so far down
        return column.intersected(QRect(column.left(), top, column.width(), foot - top))

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self._dirty = event.rect() if event is not None else self.rect()
        super().paintEvent(event)

    def spoken(self) -> tuple[str, float | None]:
        view = self.view
        if view is None:
            return "", None
        has_goal = view.target_pct is not None and not view.line_name
        goal = _("goal {target_pct:.0f} %", target_pct=view.target_pct) if has_goal else ""
        parts = (view.number.replace(words.THIN, " "), view.word, goal)
        return ", ".join(part for part in parts if part), view.level_pct

    def level_y(self, pct: float) -> float:
        """Height of a level on the shared scale, in the widget's coordinates."""
        return self._column.bottom() - pct / SCALE_MAX_PCT * self._column.height()

    def draw(self, painter: QPainter) -> None:
        view = self._drawn
        column = self._column
        shape = marks.side_shape(self.side, column)
        marks.fill(painter, shape, self.colours.well)
        beside = not self._column.toAlignedRect().adjusted(-8, -4, 8, 4).contains(self._dirty)
        if not self._inside and beside:
            self._draw_title(painter, lost=view is not None and view.mode == "lost")
        if view is None:
            return
        if view.mode == "lost":
            marks.hatch(painter, shape, self.colours.edge, pitch=14 * self._scale, width=2.2 * self._scale)
            marks.stroke(painter, shape, self.colours.edge, 2 * self._scale)
        else:
            self._draw_bar(painter, view, shape)
            if view.target_pct is not None:
                if self._must_paint(view.attempt_pct or 0.0):
                    self._draw_attempt(painter, view)
                self._draw_band(painter, view, view.target_pct)
                if self._must_paint(view.target_pct):
                    self._draw_goal(painter, view, view.target_pct)
                if self._sizes.scale and beside:
                    edge = column.right() if self._outward > 0 else column.left()
                    heights = self.level_y(0), self.level_y(50), self.level_y(100)
                    draw_scale(painter, self.colours.text3, edge, self._outward, heights, view.axis or PERCENT)
        if self._inside:
            self._draw_title_inside(painter, view)
            self._draw_word_with_mark(painter, view)
        elif beside:
            self._draw_words(painter, view)

    def _must_paint(self, pct: float) -> bool:
        """Whether what has to be painted comes near a line or its label."""
        y = int(self.level_y(pct))
        return self._dirty.top() <= y + _BESIDE_LINE and self._dirty.bottom() >= y - _BESIDE_LINE

    @property
    def _scale(self) -> float:
        """How much stronger lines are than on the page."""
        return self._sizes.line_px / 3

    def _draw_title(self, painter: QPainter, *, lost: bool) -> None:
        px = self._sizes.title_px
        run = Run(_(self.side).upper(), px, self.colours.text2 if lost else self._hue.text, SEMIBOLD)
        left = self._column.center().x() - (text.width([run]) + 1.15 * px) / 2
        mark = self.colours.edge if lost else self._hue.full
        marks.glyph(painter, self.side, QPointF(left + 0.36 * px, self._title_y - 0.36 * px), 0.4 * px, mark)
        text.paint(painter, left + 1.15 * px, self._title_y, [run])

    def _draw_bar(self, painter: QPainter, view: PillarView, shape: QPainterPath) -> None:
        column = self._column
        level = view.level_pct
        if level is not None:
            top = self.level_y(level)
            painter.save()
            painter.setClipPath(shape)
            if view.mode == "due" and view.target_pct is not None and level < view.target_pct:
                goal_y = self.level_y(view.target_pct)
                painter.fillRect(QRectF(column.left(), goal_y, column.width(), top - goal_y), self._hue.tint)
            bar = QRectF(column.left(), top, column.width(), column.bottom() - top)
            stepped_back = view.mode == "rest"
            marks.fill(painter, marks.side_shape(self.side, bar), self._hue.rest if stepped_back else self._hue.full)
            if stepped_back and bar.height() > 2:
                half = self._scale
                outline = marks.side_shape(self.side, bar.adjusted(half, half, -half, -half))
                marks.stroke(painter, outline, self._hue.full, 2 * half)
            if view.peak_pct is not None and view.peak_pct > level and not self._inside:
                peak_y = round(self.level_y(min(view.peak_pct, SCALE_MAX_PCT)))
                thick = 2 * self._scale
                painter.fillRect(QRectF(column.left(), peak_y - thick / 2, column.width(), thick), self._hue.full)
            painter.restore()
        if view.mode == "due":
            marks.stroke(painter, shape, self._hue.full, 2.5 * self._scale)
        elif self.colours.outlined:
            marks.stroke(painter, shape, self.colours.edge, 1.5 * self._scale)

    def _draw_attempt(self, painter: QPainter, view: PillarView) -> None:
        column, attempt = self._column, view.attempt_pct
        if not attempt:
            return
        y = self.level_y(attempt)
        covered = view.level_pct is not None and view.level_pct >= attempt and view.mode != "rest"
        ink, width = self.colours.ground if covered else self.colours.text2, 1.5 * self._scale
        painter.setPen(marks.pen(ink, width, dashes=[3 * self._scale, 5 * self._scale]))
        painter.drawLine(QPointF(column.left(), y), QPointF(column.right(), y))
        level = view.level_pct or 0.0
        room = y - 24 - self.level_y(view.target_pct or 0.0) > 8 and column.width() >= 160
        if view.mode == "due" and level < attempt and room and not self._inside:
            text.paint(
                painter,
                column.left() + 12,
                y - 8,
                [Run(_("attempt {attempt}", attempt=words.percent(attempt)), 15, self.colours.text2)],
            )

    def _draw_band(self, painter: QPainter, view: PillarView, target: float) -> None:
        """A bracket from the goal up to where the band of the strong side ends, along the pillar's outer edge."""
        if self._inside or view.band_top_pct is None or view.band_top_pct <= target:  # the stage shows nothing else
            return
        column, thick = self._column, 2.0 * self._scale
        top, foot = self.level_y(min(view.band_top_pct, SCALE_MAX_PCT)), self.level_y(target)
        edge = column.right() if self._outward > 0 else column.left()
        x = edge - 10 * self._scale * self._outward
        end = (
            x - 8 * self._scale * self._outward if view.band_top_pct <= SCALE_MAX_PCT else x
        )  # no end beyond the scale
        for ink, width in (
            (self.colours.ground, thick + 3),
            (self.colours.text, thick),
        ):  # readable on a bar and off it
            painter.setPen(marks.pen(ink, width))
            painter.drawPolyline(QPolygonF([QPointF(x, foot), QPointF(x, top), QPointF(end, top)]))

    def _draw_goal(self, painter: QPainter, view: PillarView, target: float) -> None:
        column, y = self._column, self.level_y(target)
        inner, outer = (column.right(), column.left()) if self._outward < 0 else (column.left(), column.right())
        thick = self._sizes.line_px
        if view.level_pct is not None and view.level_pct > target:
            # a keyline of the ground keeps the goal sharp on a bright bar
            sharp = 2 * self._scale
            keyline = marks.goal_line(y, column.left(), column.right(), thick).adjusted(0, -sharp, 0, sharp)
            painter.fillRect(keyline, self.colours.ground)
        ends = sorted((outer + 6 * self._scale * self._outward, inner - 28 * self._scale * self._outward))
        painter.fillRect(marks.goal_line(y, ends[0], ends[1], thick), self.colours.text)
        if self._label_room is None:
            return
        if view.line_name:
            label = [Run(view.line_name, 16, self.colours.text2)]
            text.paint(painter, inner - 36 * self._outward, y + 5.5, label, "left" if self._outward < 0 else "right")
            return
        name, number = words.goal_runs(target)
        if target >= _LABEL_INSIDE_BELOW_PCT and self._label_room[0] < y < self._label_room[1]:
            runs = [Run(name, 16, self.colours.text2), Run(number, 16, self.colours.text, MEDIUM)]
            if not self._sizes.scale:  # where the window is small it stays as quiet as its name
                runs = [Run(name + number, 16, self.colours.text2)]
            x = inner - 36 * self._outward
            text.paint(painter, x, y - 12 if view.joined else y + 5.5, runs, "left" if self._outward < 0 else "right")
            return
        label = [Run(name + number, 16, self.colours.text, MEDIUM)]
        if max(view.level_pct or 0.0, view.peak_pct or 0.0) > target:
            # the bar or its highest point stands behind it: the label brings its own ground
            plate = QRectF(column.left() + 2, y - 3 - _PLATE, text.width(label) + 20, _PLATE)
            painter.fillRect(plate, self.colours.well)
        text.paint(painter, column.left() + 12, y - 10, label)

    def _draw_words(self, painter: QPainter, view: PillarView) -> None:
        sizes, middle = self._sizes, self._column.center().x()
        if view.mode == "lost":
            runs = [Run(view.word, sizes.word_px + 2, self.colours.text, SEMIBOLD)]
        else:
            ink = self.colours.text2 if view.mode == "rest" else self.colours.text
            gap = "   " if sizes.number_px >= 36 else "  "
            runs = [Run(view.number, sizes.number_px, ink, SEMIBOLD, tabular=True)] if view.number else []
            runs.append(Run((gap if view.number else "") + view.word, sizes.word_px, ink, MEDIUM))
        room = 2 * min(middle, self.width() - middle)
        while runs[-1].px > LEAST_TEXT_PX and text.width(runs) > room:  # German words are longer
            runs[-1] = replace(runs[-1], px=runs[-1].px - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        text.paint(painter, middle, self._number_y, runs, "centre")

    def _draw_title_inside(self, painter: QPainter, view: PillarView) -> None:
        """Paint the title on the pillar itself, in the colour of the ground where a bright bar covers it."""
        lost, middle = view.mode == "lost", self._column.center().x()
        run = Run(_(self.side).upper(), self._sizes.title_px, self.colours.text if lost else self._hue.text, SEMIBOLD)
        if lost:  # on hatching a word needs its own ground
            half, px = text.width([run]) / 2 + 12, self._sizes.title_px
            painter.fillRect(QRectF(middle - half, self._title_y - 0.86 * px, 2 * half, px), self.colours.well)
        text.paint(painter, middle, self._title_y, [run], "centre")
        if view.level_pct is None or view.mode == "rest":
            return
        painter.save()
        painter.setClipRect(QRectF(0, self.level_y(view.level_pct), self.width(), self.height()))
        text.paint(painter, middle, self._title_y, [replace(run, colour=self.colours.ground)], "centre")
        painter.restore()

    def _draw_word_with_mark(self, painter: QPainter, view: PillarView) -> None:
        """Paint the state with the mark of the side before it, as large as its half of the screen allows."""
        px, rest, lost = self._sizes.word_px, view.mode == "rest", view.mode == "lost"
        margin = 0.3 * self._sizes.word_px

        def run(px: int) -> Run:
            return Run(view.word, px, self.colours.text2 if rest else self.colours.text, SEMIBOLD)

        while px > LEAST_TEXT_PX and text.width([run(px)]) + _MARK_EM * px > self.width() - 2 * margin:
            px -= 1
        width = text.width([run(px)]) + _MARK_EM * px
        left = min(max(self._column.center().x() - width / 2, margin), self.width() - margin - width)
        mark = self.colours.edge if lost else self._hue.raw if rest else self._hue.full
        marks.glyph(painter, self.side, QPointF(left + 0.31 * px, self._number_y - 0.36 * px), 0.35 * px, mark)
        text.paint(painter, left + _MARK_EM * px, self._number_y, [run(px)])

    def word_span(self) -> tuple[float, float]:
        """From where to where the word on the stage reaches, in the coordinates of the parent."""
        if self.view is None:
            return (0.0, 0.0)
        width = min(
            text.width([Run(self.view.word, self._sizes.word_px, self.colours.text, SEMIBOLD)])
            + _MARK_EM * self._sizes.word_px,
            self.width() - 0.6 * self._sizes.word_px,
        )
        margin = 0.3 * self._sizes.word_px
        left = self.x() + min(max(self._column.center().x() - width / 2, margin), self.width() - margin - width)
        return left, left + width
