"""The Train page: two pillars, one cue, the ring, the numbers of the last rep. It shows and decides nothing."""

from collections.abc import Mapping
from dataclasses import replace

from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QApplication, QFrame, QWidget

from app.language import _
from app.pipeline.snapshot import Progress, Snapshot
from app.session.events import SIDES, Side
from app.session.programme import Programme
from app.ui import marks, number_words, words
from app.ui.layout import TrainLayout, lay_out
from app.ui.theme import Colours, room_px
from app.ui.train_scene import Scene, Scenes
from app.ui.waiting_words import waiting_line
from app.ui.widgets.act_row import ActRow
from app.ui.widgets.block import LINE, MOST_LINES, Block
from app.ui.widgets.butterfly import Butterfly
from app.ui.widgets.cue_line import CueLine
from app.ui.widgets.exercise_list import ExerciseList
from app.ui.widgets.felt import Felt
from app.ui.widgets.meter import ASCENT, COMPACT_WIDTH, LAG, SYMMETRY, WIDTH, Meter
from app.ui.widgets.pillar import AT_REST, SCALE_MAX_PCT, Pillar
from app.ui.widgets.ring import Ring
from app.ui.widgets.set_up import SetUp
from app.ui.widgets.summary import Summary
from app.ui.widgets.traces import Traces
from app.ui.widgets.unmeasured import Unmeasured

_OVERHANG = 28
_LABEL_ROOM = 122


class TrainPage(QFrame):
    """The page. `show_snapshot` is the only way in once the session runs, `show_waiting` before."""

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Train"))
        self.colours = colours
        self.traces_wanted = True
        self.cue = CueLine(colours, self)  # the first that is read
        self.pillars: dict[Side, Pillar] = {side: Pillar(colours, side, self) for side in SIDES}
        self.ring = Ring(colours, self)
        self.block = Block(colours, self)
        self.symmetry = Meter(colours, SYMMETRY, _("Symmetry"), self)
        self.lag = Meter(colours, LAG, _("Lag"), self)
        self.butterfly = Butterfly(colours, self)
        self.traces = Traces(colours, self)
        self.acts = ActRow(colours, self)
        self.set_up = SetUp(colours, self)
        self.felt = Felt(colours, self)
        self.summary = Summary(colours, self)
        self.exercises = ExerciseList(colours, self)
        self.unmeasured = Unmeasured(colours, self)
        self._middle: QWidget | None = None
        self.front = False
        self.layout_now: TrainLayout = lay_out(1296, 784)
        self.scene: Scene | None = None
        self._scenes = Scenes()
        self._joined_pct: float | None = None
        for widget in (self.acts, self.set_up, self.felt, self.summary, self.exercises, self.unmeasured):
            widget.hide()
        self._set_running(running=False)

    def begin_anew(self) -> None:
        """Forget the session that was shown; another one begins."""
        self.scene = None
        self.end_unmeasured()
        self._scenes = Scenes()
        self._joined_pct = None
        for pillar in self.pillars.values():
            pillar.show_view(AT_REST)

    def show_waiting(self, line: words.Line, sentences: tuple[str, ...]) -> None:
        """Show that there is no signal yet, and why."""
        self._show_in_the_middle(None)
        self._set_running(running=False)
        self.cue.show_line(line)
        if self.block.show_sentences(sentences):
            self._place()

    def show_end(self, sentences: tuple[str, ...]) -> None:
        """Show that nothing more will come; what was counted stands."""
        snapshot = None if self.scene is None else self.scene.snapshot
        stopped = snapshot is not None and snapshot.progress.stage == "stopped"
        line = waiting_line(snapshot) if snapshot is not None and stopped else None
        self.cue.show_line(line or words.Line("", _("The end")))
        self.acts.hide()
        for pillar in self.pillars.values():
            pillar.show_view(AT_REST)
        self._joined_pct = None
        if stopped:
            self.summary.show_sentences(sentences[1:])  # the source has not ended
            self._show_in_the_middle(self.summary)
        if self._middle is self.summary:
            return
        self._show_in_the_middle(None)
        self.block.show_sentences(sentences)
        self._place()

    def show_snapshot(self, snapshot: Snapshot, *, reasons: Mapping[Side, str]) -> None:
        """Show a snapshot; what did not change is not painted.

        Parameters
        ----------
        snapshot : Snapshot
            Without the sides that have no electrode.
        reasons : mapping of side to str
            Why the link of a side is not streaming, where it is not.
        """
        if self.scene is None:
            self._set_running(running=True)
        counted_down = self._counts_down
        scene = self.scene = self._scenes.look(snapshot, reasons=reasons)
        for side, view in scene.pillars.items():
            self.pillars[side].show_view(view)
        self.cue.show_line(scene.attention.line)
        self.ring.show_view(scene.ring)
        self.symmetry.show_reading(number_words.symmetry(snapshot))
        self.lag.show_reading(number_words.lag(snapshot))
        if self.layout_now.kind == "small":
            self._place_meters(self.layout_now, self.layout_now.meters_y)
        order = number_words.order_words(snapshot.order) if len(snapshot.order) > 1 else ""
        self.butterfly.show_rows(number_words.compensator_rows(snapshot.compensators), order)
        if self.block.show_sentences(scene.sentences) or counted_down != self._counts_down:
            self._place()
        if not self.traces.isHidden():
            self.traces.show_snapshot(snapshot)
        self._offer_acts(snapshot.progress)
        self.summary.show_story(snapshot.story)
        self._show_in_the_middle(self._middle_of(snapshot))
        self._join(scene.joined_pct)

    def _offer_acts(self, progress: Progress) -> None:
        """Offer what can be done about what was done, while nothing has to be read as fast as a cue."""
        offers = progress.stage in ("rest", "paused") and not progress.asks_felt
        if offers:
            self.acts.show_for(reps=progress.done > 0, sets=progress.set_number is not None)
        if offers == self.acts.isHidden():
            self.acts.setVisible(offers)
            self._place()

    def begin_unmeasured(self, programme: Programme) -> None:
        """Lead through an exercise in the place of all that is measured."""
        self.unmeasured.begin(programme)
        self.unmeasured.show()
        self.unmeasured.raise_()
        self._show_in_the_middle(self.unmeasured)

    def end_unmeasured(self) -> None:
        """Show what is measured again."""
        self.unmeasured.hide()
        self._show_in_the_middle(None if self.scene is None else self._middle_of(self.scene.snapshot))

    def _middle_of(self, snapshot: Snapshot) -> QWidget | None:
        """What stands between the pillars in place of ring and numbers; None while squeezes are asked for."""
        progress = snapshot.progress
        if not self.unmeasured.isHidden():
            return self.unmeasured
        if progress.stage == "ready":
            return self.set_up
        if progress.asks_felt:
            return self.felt
        over = progress.stage in ("stopped", "finished")
        return self.summary if over and snapshot.story is not None else None

    def _show_in_the_middle(self, widget: QWidget | None) -> None:
        if widget is not self._middle:
            self._middle = widget
            focused, window = QApplication.focusWidget(), self.window()
            if focused is not None and window is not None and self.isAncestorOf(focused):
                window.setFocus()  # or Qt would mark a button of the rail, unasked
            for one in (self.set_up, self.felt, self.summary):
                one.setVisible(one is widget)
            self._set_running(running=widget is None)

    def _join(self, joined_pct: float | None) -> None:
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

    def see_from_the_front(self, front: bool) -> None:
        """Let both sides swap their places on this page: never their word, shape or colour."""
        self.front = front
        self._place()

    def describe(self, *, now: bool = False) -> None:
        """Bring up to date what a screen reader finds; call it a few times a second, or rarely with `now`."""
        for gauge in (*self.pillars.values(), self.ring):
            gauge.describe(now=now)
        self.butterfly.describe(now=now)

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
        in_the_way: list[QWidget] = [self.ring, self.symmetry, self.lag, self.block, self.butterfly, self.cue]
        in_the_way += [self.set_up, self.felt, self.summary]
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

    def _set_running(self, *, running: bool) -> None:
        running = running and self._middle is None
        for widget in (self.ring, self.symmetry, self.lag, self.butterfly):
            widget.setVisible(running)
        self._place()

    def _place(self) -> None:
        layout = replace(lay_out(self.width(), self.height(), traces=self.traces_wanted), front=self.front)
        self.layout_now = layout
        gap = int(layout.right.left() - layout.left.right())
        for over in (self.exercises, self.unmeasured):
            over.setGeometry(self.rect())
        self.cue.place(layout)
        self.ring.place(layout)
        running = not self.ring.isHidden()
        foot = layout.number_y + 14 if layout.order_y is None else layout.order_y + 12
        self.acts.place(layout.middle, foot, gap - 8)
        for widget in (self.set_up, self.felt, self.summary):
            top, foot = round(layout.hint_y) + 20, round(layout.number_y) + 14
            widget.setGeometry(round(layout.left.right()) + 40, top, gap - 80, foot - top)
        meters_y = self._place_block(layout, gap, running=running)
        self._place_meters(layout, meters_y)
        self.butterfly.place(layout)
        crowded = layout.compensators_y is not None and meters_y + 101 > layout.compensators_y
        self.butterfly.setVisible(running and not crowded and self.acts.isHidden() and not self._counts_down)
        overlaps = layout.left.right() + room_px(_LABEL_ROOM) > self.symmetry.x()
        label_bottom = meters_y - ASCENT - 14 if overlaps and not self.symmetry.isHidden() else layout.left.bottom()
        alone = not self._explains() and self._middle is None
        for pillar in self.pillars.values():
            pillar.place(layout, (layout.hint_y + 14, label_bottom) if alone else None)
        self.traces.setVisible(layout.traces is not None)
        if layout.traces is not None:
            self.traces.setGeometry(layout.traces)
        self.update()

    def _place_block(self, layout: TrainLayout, gap: int, *, running: bool) -> float:
        """Place the lines beneath the ring (in its place, before there is one); return where the meters may stand."""
        width = gap - (64 if self._explains() or not running else 2 * room_px(_LABEL_ROOM))
        foot = layout.number_y + 16 if self.acts.isHidden() else self.acts.y()
        most = max(1, min(MOST_LINES, int((foot - layout.block_y - 6) // LINE) + 1))
        n_lines = len(self.block.lines(width, most))
        # a line of its own belongs to the ring and stands nearer to it than a paragraph
        baseline = layout.block_y - (6 if n_lines == 1 else 0) if running else layout.ring[1] - 40
        self.block.place(layout.middle, baseline, width, most)
        self.block.setVisible(n_lines > 0 and self._middle is None)
        meters_y = layout.meters_y
        if n_lines > 1:
            meters_y = max(meters_y, layout.block_y + LINE * (n_lines - 1) + 45)
        alone = self.acts.isHidden()
        needed = {"regular": 42.0 if alone else 100.0, "compact": 66.0, "small": 0.0}[layout.kind]
        fits = meters_y + needed <= (layout.number_y - 16 if alone else self.acts.y())
        for meter in (self.symmetry, self.lag):
            meter.setVisible(running and fits and not self._counts_down)
        return meters_y

    @property
    def _counts_down(self) -> bool:
        """Whether the first set is still to come: there is nothing to compare yet."""
        return self.scene is not None and self.scene.snapshot.progress.stage == "countdown"

    def _explains(self) -> bool:
        """True while the lines beneath the ring need the whole gap; the goals' labels step back then."""
        gap = self.layout_now.right.left() - self.layout_now.left.right()
        return len(self.block.sentences) > 1 or len(self.block.lines(gap - 2 * room_px(_LABEL_ROOM))) > 1

    def _place_meters(self, layout: TrainLayout, y: float) -> None:
        middle = layout.middle
        if layout.kind == "regular":
            self.symmetry.place("regular", middle - 38 - WIDTH, y, WIDTH)
            self.lag.place("regular", middle + 38, y, WIDTH)
        elif layout.kind == "compact":
            width = min(room_px(COMPACT_WIDTH), int(layout.right.left() - middle) - 38)
            self.symmetry.place("compact", middle + 10 - width, y, width)
            self.lag.place("compact", middle + 30, y, width)
        else:
            natural = self.symmetry.line_px() + 2, self.lag.line_px() + 2
            share = min(1.0, (layout.right.left() - layout.left.right() - 56) / sum(natural))
            first, second = (int(share * width) for width in natural)
            left = middle - (first + 40 + second) / 2  # both together are centred
            self.symmetry.place("small", left, y, first)
            self.lag.place("small", left + first + 40, y, second)
