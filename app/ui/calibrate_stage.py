"""A running step of a calibration: both sides live, what to do, how long still; a question where there is one."""

from dataclasses import dataclass, replace
from typing import Final

from PyQt6.QtCore import QRect, QRectF
from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.pipeline.snapshot import Snapshot
from app.session.calibrating.view import CalibrationView
from app.session.events import SIDES, Side
from app.ui import calibrate_step_words, calibrate_words, text
from app.ui.attention import Mode
from app.ui.layout import PillarSizes, TrainLayout
from app.ui.text import Run
from app.ui.theme import REGULAR, Colours, room_px
from app.ui.widgets.block import LINE, Block
from app.ui.widgets.buttons import HEIGHT, RING, KeyButton
from app.ui.widgets.pillar import Pillar, PillarView
from app.ui.widgets.question import QuestionPanel
from app.ui.widgets.result_words import ResultWords
from app.ui.widgets.ring import Ring
from app.ui.widgets.step_line import StepLine
from app.ui.widgets.tap_circles import TapCircles
from app.ui.widgets.tap_drawing import TapDrawing
from app.ui.widgets.traces import Traces
from app.ui.widgets.verdict_line import Mark, VerdictLine

_FULL: Final = 100.0
_GAP: Final = 32
_TRACES: Final = 156
_LEAST_RADIUS: Final = 52
_NAME, _BESIDE_NAMES = 92, 352
"""Room for the name of a line beside its pillar, and what must be left between both for sentences."""
_VERDICT, _WHY = 64, 72
"""What a tap showed, and what the key beneath the drawing is for."""
KEY_HEIGHT: Final = HEIGHT + 2 * RING


@dataclass(frozen=True, slots=True)
class StageLayout:
    """Places on the stage; `pillars` is what the pillars and the ring take theirs from."""

    pillars: TrainLayout
    line: QRect
    line_px: int
    block: QRect
    """What is said beneath the ring: from its first baseline on, clear of the names of lines."""
    ring: bool
    captioned: bool
    """Whether the ring has room for a word beneath its number."""
    label_room: tuple[float, float] | None
    """Where lines on the pillars may be named beside them; None: nowhere."""


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
    two_lines = room_px(164) if tall else room_px(112)
    line = QRect(gap_left, 28 if tall else 4, gap, min(two_lines, round(0.38 * height)))
    radius = min(84.0, 0.15 * height)
    ring_y = line.bottom() + radius + 14
    sizes = PillarSizes(32, 22, 20, scale=roomy) if tall else PillarSizes(26, 18, 18, scale=False)
    pillars = TrainLayout(
        kind="regular", width=width, height=height, left=left, right=right, pillar=sizes, title_y=28,
        number_y=number_y, cue=line, cue_y=0, hint_y=0, cue_px=0, hint_px=0, ring=(width / 2, ring_y, radius),
        block_y=0, meters_y=0, compensators_y=None, order_y=None, traces=None,
    )  # fmt: skip
    name = room_px(_NAME)
    named = roomy and gap - 2 * name >= _BESIDE_NAMES
    block = line.adjusted(name, 0, -name, 0) if named else QRect(line)
    block.moveTop(round(ring_y + radius + 44) if radius >= _LEAST_RADIUS else line.bottom() + 34)
    return StageLayout(
        pillars,
        line,
        54 if tall else 34,
        block,
        ring=radius >= _LEAST_RADIUS,
        captioned=radius >= 72,
        label_room=(0.0, float(height)) if named else None,
    )


@dataclass(frozen=True, slots=True)
class TapLayout:
    """Places of a tap: what is done and felt on the left, the drawing and the key that swaps the sides on the right."""

    line: QRect
    circles: QRect
    traces: QRect
    verdict: QRect | None
    drawing: QRect
    swap_y: int
    """Where the key stands; what it is for stands above it, where there is room."""
    says_why: bool


def lay_out_tap(width: int, height: int) -> TapLayout:
    """Place a tap on a stage of `width` x `height`."""
    margin, tall = 40 if width >= 1080 else 32, height >= 480
    column = round(0.28 * width)
    inner = width - column - 3 * margin
    verdict = QRect(margin, height - _VERDICT, inner, _VERDICT) if tall else None
    traces = QRect(margin, height - _TRACES - (_VERDICT if tall else 0), inner, _TRACES)
    line = QRect(margin, 16 if tall else 0, inner, min(round(0.3 * height), 150))
    room = traces.top() - line.bottom()
    circles = min(96, room - 8)
    swap_y = height - KEY_HEIGHT - (8 if tall else 0)
    return TapLayout(
        line=line,
        circles=QRect(margin, line.bottom() + (room - circles) // 2, inner, circles),
        traces=traces,
        verdict=verdict,
        drawing=QRect(width - column - margin, 0, column, swap_y - (_WHY if tall else 8)),
        swap_y=swap_y,
        says_why=tall,
    )


class CalibrateStage(QFrame):
    """The stage; `show_view` is the only way in."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = colours
        self.setAccessibleName(_("Step"))
        self.pillars: dict[Side, Pillar] = {side: Pillar(colours, side, self) for side in SIDES}
        self.line = StepLine(colours, self)
        self.ring = Ring(colours, self)
        self.block = Block(colours, self)
        self.verdict = VerdictLine(colours, self)
        self.words = ResultWords(colours, self)
        self.circles = TapCircles(colours, self)
        self.swap = KeyButton(colours, _("Swap sides"), "X", parent=self)
        self.traces = Traces(colours, self)
        self.drawing = TapDrawing(colours, self)
        self.question = QuestionPanel(colours, self)
        self._shown: tuple[CalibrationView, str] | None = None
        self._alone = self._asks = self._taps = False
        self._layout, self._tap = lay_out_stage(1296, 550), lay_out_tap(1296, 550)

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
        sentences = calibrate_step_words.step_sentences(view)
        line, detail = calibrate_step_words.line_and_detail(view)
        at = self._layout
        if taps:
            self.circles.show_taps(view.taps)
            self.swap.setVisible("swap" in view.keys)
            if self._tap.verdict is None and sentences:
                detail = sentences[0]
        longer = (line, detail) != (self.line.line, self.line.detail)
        self.line.show_line(line, detail, view.side if view.phase == "do" else None)
        ring = calibrate_words.ring(view)
        self.ring.show_view(ring if at.captioned else replace(ring, caption=""))
        said = () if at.captioned else calibrate_words.caption(view)
        words = calibrate_step_words.try_words(view)
        self.words.show_words(words)
        self.words.setVisible(words is not None and not asks)
        tells = taps and view.touched is not None and not (view.interrupted or view.paused)
        mark: Mark = "" if not tells else "tick" if view.touched == view.side else "warning"
        self.verdict.show_sentences(sentences, mark)
        changed = self.block.show_sentences(said or sentences)
        if changed or longer or (alone, asks, taps) != (self._alone, self._asks, self._taps):
            self._alone, self._asks, self._taps = alone, asks, taps
            self._place()

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what both sides do, where that tells more than two bars."""
        if snapshot is not None and self._taps:
            self.traces.show_snapshot(snapshot)

    def describe(self) -> None:
        """Bring the spoken descriptions of what changes all the time up to date; call it now and then."""
        for gauge in (*self.pillars.values(), self.ring, self.circles):
            gauge.describe()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()
        if self._shown is not None:
            self.show_view(*self._shown)  # how much is said depends on the room

    def _place(self) -> None:
        at = self._layout = lay_out_stage(self.width(), self.height())
        self._tap = lay_out_tap(self.width(), self.height())
        for pillar in self.pillars.values():
            pillar.place(at.pillars, at.label_room)
            pillar.setVisible(not self._alone and not self._taps)
        for part in (self.traces, self.drawing, self.circles):
            part.setVisible(self._taps)
        self.verdict.setVisible(self._taps and self._tap.verdict is not None)
        if self._taps:
            self._place_tap(self._tap)
            return
        self.swap.hide()
        # what to do is never cut: where it needs more room, the ring goes
        grows = max(0, self.line.least_height(at.line.width()) - at.line.height())
        self.line.place(at.line.adjusted(0, 0, 0, grows), at.line_px)
        self.line.setVisible(not self._alone)
        self.ring.place(at.pillars)
        self.ring.setVisible(at.ring and not self._asks and not grows)
        below, width = max(at.block.top(), self.line.geometry().bottom() + 34), at.block.width()
        self.words.setGeometry(at.block.left(), below - 26, width, self.height() - below + 26)
        room = LINE * (len(self.block.lines(width)) - 1) + 8
        below = min(below, self.height() - room)  # the last line is the one that says how to go on
        self.block.place(at.pillars.middle, below, width)
        self.block.setVisible(not self._asks and self.words.words is None)
        self.question.setVisible(self._asks)
        if self._alone:
            self.question.setGeometry(40, 0, self.width() - 80, self.height())
        else:
            top = self.line.geometry().bottom() + 8
            self.question.setGeometry(at.line.left(), top, at.line.width(), self.height() - top)

    def _place_tap(self, at: TapLayout) -> None:
        self.line.place(at.line, self._layout.line_px)
        self.line.show()
        for part in (self.ring, self.question, self.words, self.block):
            part.hide()
        self.circles.setGeometry(at.circles)
        self.traces.setGeometry(at.traces)
        self.drawing.setGeometry(at.drawing)
        self.swap.move(at.drawing.center().x() - self.swap.width() // 2, at.swap_y)
        if at.verdict is not None:
            self.verdict.setGeometry(at.verdict)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if not self._taps or not self._tap.says_why or self.swap.isHidden():
            return
        painter = QPainter(self)
        column, px = self._tap.drawing, 16
        why, width = _(calibrate_step_words.SWAP), column.width()
        lines = text.wrap(why, px, REGULAR, width)
        while width > px and len(text.wrap(why, px, REGULAR, width - 4)) == len(lines):
            width -= 4  # no last line of one word
        lines = text.wrap(why, px, REGULAR, width)
        y = self._tap.swap_y - 12 - text.leading(px) * (len(lines) - 1)
        for line in lines:
            text.paint(painter, column.center().x(), y, [Run(line, px, self.colours.text2)], "centre")
            y += text.leading(px)
        painter.end()


def _pillar_view(view: CalibrationView, side: Side, unit: str) -> PillarView:
    live = view.live.get(side)
    word = calibrate_words.pillar_word(live)
    if live is None or live.level is None or live.bar is None:
        return PillarView("lost", None, "", word, None, None, None, joined=False)
    addressed = view.phase == "do" and view.side in (side, "both") and view.step.startswith(("squeeze", "mvc"))
    mode: Mode = "rest" if not addressed else "lit" if live.works else "due"
    bar = round(live.bar * _FULL, 1)
    return PillarView(
        mode,
        bar,
        calibrate_words.level(live.level, unit),
        word,
        None if live.line is None else round(live.line * _FULL, 1),
        None,
        None,
        joined=False,
        axis=calibrate_step_words.axis(view, unit),
        line_name=_(calibrate_step_words.ABOVE_REST),
    )
