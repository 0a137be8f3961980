"""The Train page: two pillars, one cue, the ring, the numbers of the last rep. It shows and decides nothing."""

from collections.abc import Mapping
from dataclasses import replace

from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.pipeline.snapshot import Snapshot
from app.session.events import SIDES, Side
from app.ui import marks, words
from app.ui.attention import Attention, Watch
from app.ui.layout import TrainLayout, lay_out
from app.ui.theme import Colours
from app.ui.widgets.block import LINE, Block
from app.ui.widgets.butterfly import Butterfly
from app.ui.widgets.cue_line import CueLine
from app.ui.widgets.meter import ASCENT, LAG, SYMMETRY, WIDTH, Meter
from app.ui.widgets.pillar import AT_REST, NOT_MEASURED, SCALE_MAX_PCT, Pillar, pillar_view
from app.ui.widgets.ring import Ring
from app.ui.widgets.traces import Traces

NUMBER_EVERY_S = 0.2
"""A bar follows the signal in the frame it arrives; a number that changed as often could not be read."""
_OVERHANG = 28
_LABEL_ROOM = 122


class TrainPage(QWidget):
    """The page. `show_snapshot` is the only way in once the session runs, `show_waiting` before."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Train")
        self.colours = colours
        self.traces_wanted = True
        self.pillars: dict[Side, Pillar] = {side: Pillar(colours, side, self) for side in SIDES}
        self.cue = CueLine(colours, self)
        self.ring = Ring(colours, self)
        self.block = Block(colours, self)
        self.symmetry = Meter(colours, SYMMETRY, "Symmetry", self)
        self.lag = Meter(colours, LAG, "Lag", self)
        self.butterfly = Butterfly(colours, self)
        self.traces = Traces(colours, self)
        self.layout_now: TrainLayout = lay_out(1296, 784)
        self._watch = Watch()
        self._snapshot: Snapshot | None = None
        self._numbers_s = float("-inf")
        self._rest_total_s = 0.0
        self._joined_pct: float | None = None
        self._set_running(running=False)

    def begin_anew(self) -> None:
        """Forget the session that was shown; another one begins."""
        self._watch = Watch()
        self._snapshot = None
        self._numbers_s = float("-inf")
        self._joined_pct = None
        for pillar in self.pillars.values():
            pillar.show_view(AT_REST)

    def show_waiting(self, line: words.Line, sentences: tuple[str, ...]) -> None:
        """Show that there is no signal yet, and why."""
        self._set_running(running=False)
        self.cue.show_line(line)
        if self.block.show_sentences(sentences):
            self._place()

    def show_end(self, sentences: tuple[str, ...]) -> None:
        """Show that nothing more will come; what was counted stands."""
        self.cue.show_line(words.Line("", "The end"))
        for pillar in self.pillars.values():
            pillar.show_view(AT_REST)
        self._joined_pct = None
        self.block.show_sentences(sentences)
        self._place()

    def show_snapshot(self, snapshot: Snapshot, *, paused: bool, reasons: Mapping[Side, str]) -> None:
        """Show a snapshot; what did not change is not painted.

        Parameters
        ----------
        snapshot : Snapshot
            Without the sides that have no electrode.
        paused : bool
        reasons : mapping of side to str
            Why the link of a side is not streaming, where it is not.
        """
        if self._snapshot is None:
            self._set_running(running=True)
        self._snapshot = snapshot
        attention = self._watch.look(snapshot, paused=paused)
        joined_pct = self._joined(snapshot, attention)
        self._show_pillars(snapshot, attention, joined=joined_pct is not None)
        self.cue.show_line(attention.line)
        progress = snapshot.progress
        self._rest_total_s = max(self._rest_total_s, progress.rest_left_s or 0.0) if progress.resting else 0.0
        ring = words.ring(snapshot, self._rest_total_s)
        self.ring.show_view(ring)
        self.symmetry.show_reading(words.symmetry(snapshot))
        self.lag.show_reading(words.lag(snapshot))
        order = words.order_words(snapshot.order) if len(snapshot.order) > 1 else ""
        self.butterfly.show_rows(words.compensator_rows(snapshot.compensators), order)
        if self.block.show_sentences(self._sentences(snapshot, attention, ring, reasons)):
            self._place()
        if not self.traces.isHidden():
            self.traces.show_snapshot(snapshot)
        if joined_pct != self._joined_pct:
            self._joined_pct = joined_pct
            self.update()

    def has_room_for_traces(self) -> bool:
        """True if the traces can be shown in a window of this size."""
        return lay_out(self.width(), self.height()).traces is not None

    def want_traces(self, wanted: bool) -> None:
        """Show the traces where there is room for them, or give their room to the pillars."""
        self.traces_wanted = wanted
        self._place()

    def describe(self) -> None:
        """Bring the spoken descriptions of what changes all the time up to date; call it now and then."""
        for pillar in self.pillars.values():
            pillar.describe()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._joined_pct is None:
            return
        layout = self.layout_now
        y = layout.left.bottom() - min(self._joined_pct, SCALE_MAX_PCT) / SCALE_MAX_PCT * layout.left.height()
        painter = QPainter(self)
        for start, stop in self._free_stretches(y):
            painter.fillRect(marks.goal_line(y, start, stop), self.colours.text)
        painter.end()

    def _free_stretches(self, y: float) -> list[tuple[float, float]]:
        """Where the joined goal line may be drawn: it keeps clear of any text or ring in its way."""
        start, end = self.layout_now.left.right() + _OVERHANG, self.layout_now.right.left() - _OVERHANG
        stretches = []
        in_the_way = (self.ring, self.symmetry, self.lag, self.block, self.butterfly, self.cue)
        for widget in sorted(in_the_way, key=lambda widget: widget.x()):
            box = widget.geometry()
            if widget.isHidden() or not box.top() - 6 < y < box.bottom() + 6:
                continue
            if box.left() - 12 > start:
                stretches.append((start, box.left() - 12.0))
            start = max(start, box.right() + 12.0)
        if start < end:
            stretches.append((start, end))
        ends = {self.layout_now.left.right() + _OVERHANG, end}
        return [stretch for stretch in stretches if ends & {*stretch}]  # a stub between two texts joins nothing

    @staticmethod
    def _joined(snapshot: Snapshot, attention: Attention) -> float | None:
        """The common goal while both sides are in time, else None."""
        targets = [snapshot.sides[side].target_pct for side, mode in attention.modes.items() if mode == "lit"]
        shown = snapshot.method is not None and snapshot.progress.feedback != "none"
        alike = len(targets) == 2 and abs(targets[0] - targets[1]) < 0.5
        return targets[0] if snapshot.together and shown and alike else None

    def _show_pillars(self, snapshot: Snapshot, attention: Attention, *, joined: bool) -> None:
        fresh = not 0 <= snapshot.t_s - self._numbers_s < NUMBER_EVERY_S
        if fresh:
            self._numbers_s = snapshot.t_s
        for side, mode in attention.modes.items():
            pillar = self.pillars[side]
            view = pillar_view(snapshot, side, mode, joined=joined)
            if not fresh and pillar.view is not None and pillar.view.word == view.word and pillar.view.number:
                view = replace(view, number=pillar.view.number)
            pillar.show_view(view)
        for side in SIDES:
            if side not in snapshot.sides:
                self.pillars[side].show_view(NOT_MEASURED)

    @staticmethod
    def _sentences(
        snapshot: Snapshot, attention: Attention, ring: words.Ring, reasons: Mapping[Side, str]
    ) -> tuple[str, ...]:
        lost = {side: snapshot.sides[side] for side, mode in attention.modes.items() if mode == "lost"}
        if lost and not snapshot.progress.finished:
            return tuple(words.lost_block(lost, int(attention.lost_s), snapshot.progress, dict(reasons)))
        if snapshot.progress.resting:
            said = words.rest_sentence(snapshot.flags)
            return (said,) if said else ()
        return (ring.below,) if ring.below else ()

    def _set_running(self, *, running: bool) -> None:
        for widget in (self.ring, self.symmetry, self.lag, self.butterfly):
            widget.setVisible(running)
        self._place()

    def _place(self) -> None:
        layout = lay_out(self.width(), self.height(), traces=self.traces_wanted)
        self.layout_now = layout
        gap = int(layout.right.left() - layout.left.right())
        self.cue.place(layout)
        self.ring.place(layout)
        running = not self.ring.isHidden()
        meters_y = self._place_block(layout, gap, running=running)
        self._place_meters(layout, meters_y)
        self.butterfly.place(layout)
        crowded = layout.compensators_y is not None and meters_y + 101 > layout.compensators_y
        self.butterfly.setVisible(running and not crowded)
        overlaps = layout.left.right() + _LABEL_ROOM > self.symmetry.x()
        label_bottom = meters_y - ASCENT - 4 if overlaps and not self.symmetry.isHidden() else layout.left.bottom()
        alone = not self._explains()
        for pillar in self.pillars.values():
            pillar.place(layout, (layout.hint_y + 14, label_bottom) if alone else None)
        self.traces.setVisible(layout.traces is not None)
        if layout.traces is not None:
            self.traces.setGeometry(layout.traces)
        self.update()

    def _place_block(self, layout: TrainLayout, gap: int, *, running: bool) -> float:
        """Place the lines beneath the ring (in its place, before there is one); return where the meters may stand."""
        width = gap - (64 if self._explains() or not running else 2 * _LABEL_ROOM)
        n_lines = len(self.block.lines(width))
        baseline = layout.block_y if running else layout.ring[1] - 40
        self.block.place(layout.middle, baseline, width)
        self.block.setVisible(n_lines > 0)
        meters_y = layout.meters_y
        if n_lines > 1:
            meters_y = max(meters_y, layout.block_y + LINE * (n_lines - 1) + 45)
        needed = {"regular": 42.0, "compact": 66.0, "small": 0.0}[layout.kind]
        fits = meters_y + needed <= layout.number_y - 16
        for meter in (self.symmetry, self.lag):
            meter.setVisible(running and fits)
        return meters_y

    def _explains(self) -> bool:
        """True while the lines beneath the ring need the whole gap; the goals' labels step back then."""
        return len(self.block.sentences) > 1

    def _place_meters(self, layout: TrainLayout, y: float) -> None:
        middle = layout.middle
        if layout.kind == "regular":
            self.symmetry.place("regular", middle - 38 - WIDTH, y)
            self.lag.place("regular", middle + 38, y)
        elif layout.kind == "compact":
            self.symmetry.place("compact", middle - 190, y)
            self.lag.place("compact", middle + 30, y)
        else:
            self.symmetry.place("small", middle - 20, y, ends_at_x=True)
            self.lag.place("small", middle + 20, y)
