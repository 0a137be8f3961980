"""One side as a pillar: left square, right with a round top, both on one scale of 0-120 %.

A side without a signal is hatched and has no number and no scale; it is never drawn as zero.
"""

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath
from PyQt6.QtWidgets import QWidget

from app.pipeline.snapshot import Snapshot
from app.session.events import Side
from app.ui import marks, text, words
from app.ui.attention import Mode
from app.ui.layout import PillarSizes, TrainLayout
from app.ui.text import Run
from app.ui.theme import MEDIUM, SEMIBOLD, Colours
from app.ui.widgets.painted import Painted

SCALE_MAX_PCT = 120.0
_LABEL_INSIDE_BELOW_PCT = 38.0
_PLATE = 26
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
    joined : bool
        True while both goal lines are one.
    """

    mode: Mode
    level_pct: float | None
    number: str
    word: str
    target_pct: float | None
    attempt_pct: float | None
    peak_pct: float | None
    joined: bool


NOT_MEASURED = PillarView("rest", None, "", "not measured", None, None, None, joined=False)
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
    return PillarView(mode, level, number, word, seen.target_pct, seen.attempt_pct, seen.peak_pct, joined)


class Pillar(Painted):
    """The painted pillar with its title, number and word."""

    def __init__(self, colours: Colours, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(colours, f"{side.capitalize()} side", parent)
        self.side: Side = side
        self.view: PillarView | None = None
        self._hue = colours.of(side)
        self._outward = 1 if side == "right" else -1
        self._sizes = PillarSizes(36, 26, 20, scale=True)
        self._column = QRectF()
        self._title_y = self._number_y = 0.0
        self._label_room: tuple[float, float] | None = None

    def place(self, layout: TrainLayout, label_room: tuple[float, float] | None) -> None:
        """Take the place.

        Parameters
        ----------
        layout : TrainLayout
        label_room : tuple of float or None
            Between which heights the goal's label may stand beside the pillar; elsewhere it moves into it. None: no
            label.
        """
        column = layout.left if self.side == "left" else layout.right
        outward = min(_OUTWARD, layout.left.left())
        before, after = (outward, _INWARD) if self.side == "left" else (_INWARD, outward)
        top = layout.title_y - 24
        self.setGeometry(
            QRect(int(column.left() - before), int(top), int(column.width() + before + after),
                  int(layout.number_y + 14 - top))
        )  # fmt: skip
        self._column = column.translated(-self.x(), -self.y())
        self._sizes = layout.pillar
        self._title_y, self._number_y = layout.title_y - self.y(), layout.number_y - self.y()
        self._label_room = None if label_room is None else (label_room[0] - self.y(), label_room[1] - self.y())

    def show_view(self, view: PillarView) -> None:
        """Show it; only what changed is painted."""
        old, self.view = self.view, view
        if old == view:
            return
        if old is None or (old.mode, old.target_pct, old.joined) != (view.mode, view.target_pct, view.joined):
            self.update()
            return
        self.update(self._column.toAlignedRect().adjusted(-8, -4, 8, 4))
        if (old.number, old.word) != (view.number, view.word):
            self.update(0, int(self._number_y) - 36, self.width(), 50)

    def describe(self) -> None:
        """Bring the accessible description up to date."""
        view = self.view
        if view is not None:
            goal = "" if view.target_pct is None else f"goal {view.target_pct:.0f} %"
            parts = (view.number.replace(words.THIN, " "), view.word, goal)
            self.setAccessibleDescription(", ".join(part for part in parts if part))

    def level_y(self, pct: float) -> float:
        """Height of a level on the shared scale, in the widget's coordinates."""
        return self._column.bottom() - pct / SCALE_MAX_PCT * self._column.height()

    def draw(self, painter: QPainter) -> None:
        view = self.view
        column = self._column
        shape = marks.side_shape(self.side, column)
        marks.fill(painter, shape, self.colours.well)
        self._draw_title(painter, lost=view is not None and view.mode == "lost")
        if view is None:
            return
        if view.mode == "lost":
            marks.hatch(painter, shape, self.colours.edge, width=2.2)
            marks.stroke(painter, shape, self.colours.edge, 2)
        else:
            self._draw_bar(painter, view, shape)
            if view.target_pct is not None:
                self._draw_attempt(painter, view)
                self._draw_goal(painter, view, view.target_pct)
                if self._sizes.scale:
                    self._draw_scale(painter)
        self._draw_words(painter, view)

    def _draw_title(self, painter: QPainter, *, lost: bool) -> None:
        px = self._sizes.title_px
        run = Run(self.side.upper(), px, self.colours.text2 if lost else self._hue.text, SEMIBOLD)
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
                marks.stroke(painter, marks.side_shape(self.side, bar.adjusted(1, 1, -1, -1)), self._hue.full, 2)
            if view.peak_pct is not None and view.peak_pct > level:
                peak_y = round(self.level_y(min(view.peak_pct, SCALE_MAX_PCT)))
                painter.fillRect(QRectF(column.left(), peak_y - 1, column.width(), 2), self._hue.full)
            painter.restore()
        if view.mode == "due":
            marks.stroke(painter, shape, self._hue.full, 2.5)

    def _draw_attempt(self, painter: QPainter, view: PillarView) -> None:
        column, attempt = self._column, view.attempt_pct
        if not attempt:
            return
        y = self.level_y(attempt)
        covered = view.level_pct is not None and view.level_pct >= attempt and view.mode != "rest"
        painter.setPen(marks.pen(self.colours.ground if covered else self.colours.text2, 1.5, dashes=[3, 5]))
        painter.drawLine(QPointF(column.left(), y), QPointF(column.right(), y))
        level = view.level_pct or 0.0
        room = y - 24 - self.level_y(view.target_pct or 0.0) > 8 and column.width() >= 160
        if view.mode == "due" and level < attempt and room:
            text.paint(
                painter, column.left() + 12, y - 8, [Run(f"attempt {words.percent(attempt)}", 15, self.colours.text2)]
            )

    def _draw_goal(self, painter: QPainter, view: PillarView, target: float) -> None:
        column, y = self._column, self.level_y(target)
        inner, outer = (column.right(), column.left()) if self.side == "left" else (column.left(), column.right())
        if view.level_pct is not None and view.level_pct > target:
            # a keyline of the ground keeps the goal sharp on a bright bar
            keyline = marks.goal_line(y, column.left(), column.right()).adjusted(0, -2, 0, 2)
            painter.fillRect(keyline, self.colours.ground)
        ends = sorted((outer + 6 * self._outward, inner - 28 * self._outward))
        painter.fillRect(marks.goal_line(y, ends[0], ends[1]), self.colours.text)
        if self._label_room is None:
            return
        name, number = words.goal_runs(target)
        if target >= _LABEL_INSIDE_BELOW_PCT and self._label_room[0] < y < self._label_room[1]:
            runs = [Run(name, 16, self.colours.text2), Run(number, 16, self.colours.text, MEDIUM)]
            x = inner - 36 * self._outward
            text.paint(painter, x, y - 12 if view.joined else y + 5.5, runs, "left" if self.side == "left" else "right")
            return
        label = [Run(name + number, 16, self.colours.text, MEDIUM)]
        if max(view.level_pct or 0.0, view.peak_pct or 0.0) > target:
            # the bar or its highest point stands behind it: the label brings its own ground
            plate = QRectF(column.left() + 2, y - 3 - _PLATE, text.width(label) + 20, _PLATE)
            painter.fillRect(plate, self.colours.well)
        text.paint(painter, column.left() + 12, y - 10, label)

    def _draw_scale(self, painter: QPainter) -> None:
        out = self._outward
        edge = self._column.right() if out > 0 else self._column.left()
        align: text.Align = "left" if out > 0 else "right"
        painter.setPen(marks.pen(self.colours.text3, 1.5))
        for pct in (0, 50, 100):
            y = self.level_y(pct)
            painter.drawLine(QPointF(edge + 8 * out, y), QPointF(edge + 14 * out, y))
        for pct in (0, 50, 100):
            text.paint(painter, edge + 20 * out, self.level_y(pct) + 5, [Run(f"{pct}", 14, self.colours.text3)], align)
        text.paint(painter, edge + 20 * out, self.level_y(100) - 15, [Run("%", 14, self.colours.text3)], align)

    def _draw_words(self, painter: QPainter, view: PillarView) -> None:
        sizes, middle = self._sizes, self._column.center().x()
        if view.mode == "lost":
            runs = [Run(view.word, sizes.word_px + 2, self.colours.text, SEMIBOLD)]
        else:
            ink = self.colours.text2 if view.mode == "rest" else self.colours.text
            gap = "   " if sizes.number_px >= 36 else "  "
            runs = [Run(view.number, sizes.number_px, ink, SEMIBOLD, tabular=True)] if view.number else []
            runs.append(Run((gap if view.number else "") + view.word, sizes.word_px, ink, MEDIUM))
        painter.setPen(Qt.PenStyle.NoPen)
        text.paint(painter, middle, self._number_y, runs, "centre")
