"""A running step of a calibration: both sides live, what to do, how long still; a question where there is one."""

from dataclasses import dataclass, replace
from typing import Final

from PyQt6.QtCore import QRect, QRectF
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.pipeline.snapshot import Snapshot
from app.said import said as told
from app.session.calibrating.view import CalibrationView
from app.session.events import SIDES, Side
from app.ui import calibrate_words
from app.ui.attention import Mode
from app.ui.layout import PillarSizes, TrainLayout
from app.ui.theme import Colours
from app.ui.widgets.block import LINE, Block
from app.ui.widgets.pillar import Pillar, PillarView
from app.ui.widgets.question import QuestionPanel
from app.ui.widgets.ring import Ring
from app.ui.widgets.step_line import StepLine
from app.ui.widgets.tap_drawing import TapDrawing
from app.ui.widgets.traces import Traces

_FULL: Final = 100.0
_GAP: Final = 32
_TRACES: Final = 156


@dataclass(frozen=True, slots=True)
class StageLayout:
    """Places on the stage; `pillars` is what the pillars and the ring take theirs from."""

    pillars: TrainLayout
    line: QRect
    line_px: int
    block_y: int
    ring: bool
    captioned: bool
    """Whether the ring has room for a word beneath its number."""


def lay_out_stage(width: int, height: int) -> StageLayout:
    """Place a step on a stage of `width` x `height`: pillars outside, everything else between them."""
    roomy = width >= 1080
    margin, pillar = (88, min(216 + max(0, width - 1296) // 4, 320)) if roomy else (56, 128)
    top, number_y = 44, height - 14
    bottom = number_y - (44 if height >= 480 else 36)
    left = QRectF(margin, top, pillar, bottom - top)
    right = QRectF(width - margin - pillar, top, pillar, bottom - top)
    gap_left, gap = round(left.right()) + _GAP, round(right.left() - left.right()) - 2 * _GAP
    tall = height >= 480
    line = QRect(gap_left, 16 if tall else 4, gap, round(0.36 * height) if tall else round(0.4 * height))
    radius = min(84.0, 0.15 * height)
    ring_y = line.bottom() + radius + 14
    sizes = PillarSizes(32, 22, 20, scale=False) if tall else PillarSizes(26, 18, 18, scale=False)
    pillars = TrainLayout(
        kind="regular", width=width, height=height, left=left, right=right, pillar=sizes, title_y=28,
        number_y=number_y, cue=line, cue_y=0, hint_y=0, cue_px=0, hint_px=0, ring=(width / 2, ring_y, radius),
        block_y=0, meters_y=0, compensators_y=None, order_y=None, traces=None,
    )  # fmt: skip
    return StageLayout(
        pillars, line, 54 if tall else 34, round(ring_y + radius + 44), ring=radius >= 52, captioned=radius >= 72
    )


@dataclass(frozen=True, slots=True)
class TapLayout:
    """Places of a tap: the line, its time and what both sides do on the left, the drawing on the right."""

    line: QRect
    ring: tuple[float, float, float] | None
    traces: QRect
    drawing: QRect


def lay_out_tap(width: int, height: int) -> TapLayout:
    """Place a tap on a stage of `width` x `height`."""
    margin = 40 if width >= 1080 else 32
    column = round(0.28 * width)
    inner = width - column - 3 * margin
    traces = QRect(margin, height - _TRACES, inner, _TRACES)
    line = QRect(margin, 16 if height >= 480 else 0, inner, min(190, height - _TRACES - 8))
    room = traces.top() - line.bottom() - 24
    ring = (margin + inner / 2, line.bottom() + 12 + room / 2, min(80.0, room / 2)) if room >= 2 * 60 else None
    return TapLayout(line, ring, traces, QRect(width - column - margin, 0, column, height - 8))


class CalibrateStage(QFrame):
    """The stage; `show_view` is the only way in."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Step"))
        self.pillars: dict[Side, Pillar] = {side: Pillar(colours, side, self) for side in SIDES}
        self.line = StepLine(colours, self)
        self.ring = Ring(colours, self)
        self.block = Block(colours, self)
        self.traces = Traces(colours, self)
        self.drawing = TapDrawing(colours, self)
        self.question = QuestionPanel(colours, self)
        self._shown: tuple[CalibrationView, str] | None = None
        self._alone = self._asks = self._taps = False
        self._layout = lay_out_stage(1296, 550)

    def show_view(self, view: CalibrationView, unit: str) -> None:
        """Show a step."""
        self._shown = view, unit
        self.question.show_question(view)
        alone, asks, taps = calibrate_words.asks_alone(view), view.question is not None, view.step.startswith("tap")
        taps = taps and not asks
        if taps:
            self.drawing.show_side("left" if view.side == "left" else "right")
        for side, pillar in self.pillars.items():
            pillar.show_view(_pillar_view(view, side, unit))
        self.line.show_line(told(view.line), told(view.detail), view.side if view.phase == "do" else None)
        at = self._layout
        ring = calibrate_words.ring(view)
        self.ring.show_view(ring if at.captioned else replace(ring, caption=""))
        said = () if at.captioned else calibrate_words.caption(view)
        changed = self.block.show_sentences(said or calibrate_words.step_sentences(view))
        if changed or (alone, asks, taps) != (self._alone, self._asks, self._taps):
            self._alone, self._asks, self._taps = alone, asks, taps
            self._place()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what both sides do, where that tells more than two bars."""
        if snapshot is not None and self._taps:
            self.traces.show_snapshot(snapshot)

    def describe(self) -> None:
        """Bring the spoken descriptions of what changes all the time up to date; call it now and then."""
        for gauge in (*self.pillars.values(), self.ring):
            gauge.describe()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()
        if self._shown is not None:
            self.show_view(*self._shown)  # how much is said depends on the room

    def _place(self) -> None:
        at = self._layout = lay_out_stage(self.width(), self.height())
        for pillar in self.pillars.values():
            pillar.place(at.pillars, None)
            pillar.setVisible(not self._alone and not self._taps)
        self.traces.setVisible(self._taps)
        self.drawing.setVisible(self._taps)
        if self._taps:
            self._place_tap(lay_out_tap(self.width(), self.height()))
            return
        self.line.place(at.line, at.line_px)
        self.line.setVisible(not self._alone)
        self.ring.place(at.pillars)
        self.ring.setVisible(at.ring and not self._asks)
        below = at.block_y if at.ring else at.line.bottom() + 34
        room = LINE * (len(self.block.lines(at.line.width())) - 1) + 8
        below = min(below, self.height() - room)  # the last line is the one that says how to go on
        self.block.place(at.pillars.middle, below, at.line.width())
        self.block.setVisible(not self._asks)
        self.question.setVisible(self._asks)
        if self._alone:
            self.question.setGeometry(40, 0, self.width() - 80, self.height())
        else:
            top = at.line.bottom() + 8
            self.question.setGeometry(at.line.left(), top, at.line.width(), self.height() - top)

    def _place_tap(self, at: TapLayout) -> None:
        self.line.place(at.line, self._layout.line_px)
        self.line.show()
        self.ring.setVisible(at.ring is not None)
        if at.ring is not None:
            self.ring.place(replace(self._layout.pillars, ring=at.ring))
        self.traces.setGeometry(at.traces)
        self.drawing.setGeometry(at.drawing)
        self.block.hide()
        self.question.hide()


def _pillar_view(view: CalibrationView, side: Side, unit: str) -> PillarView:
    live = view.live.get(side)
    word = calibrate_words.pillar_word(live)
    if live is None or live.level is None or live.bar is None:
        return PillarView("lost", None, "", word, None, None, None, joined=False)
    addressed = view.phase == "do" and view.side in (side, "both") and view.step.startswith(("squeeze", "mvc"))
    mode: Mode = "rest" if not addressed else "lit" if live.works else "due"
    bar = round(live.bar * _FULL, 1)
    return PillarView(mode, bar, calibrate_words.level(live.level, unit), word, None, None, None, joined=False)
