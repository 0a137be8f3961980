"""The Review page: a recording seen once more, through the same widgets as while it was made.

Whatever takes time (reading, judging again) is done by `app.ui.work.Work`; the page shows what there is of it.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from PyQt6.QtCore import QRectF, Qt, QTimer
from PyQt6.QtGui import QHideEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PyQt6.QtWidgets import QFrame, QWidget

from app.language import _
from app.pipeline.build import SessionPlan
from app.ui import review_words, text
from app.ui.past import Asks
from app.ui.player import SEEK_S
from app.ui.review_desk import ReviewDesk
from app.ui.review_files import ReviewFiles
from app.ui.review_layout import HEADER, lay_out_review
from app.ui.review_panel import ReviewPanel
from app.ui.source import SessionSource
from app.ui.text import Run
from app.ui.theme import REGULAR, Colours
from app.ui.train_page import TrainPage
from app.ui.widgets.asked_entry import AskedEntry
from app.ui.widgets.bars import Header
from app.ui.widgets.buttons import KeyButton
from app.ui.widgets.choices import Choices
from app.ui.widgets.overview import Overview
from app.ui.widgets.rep_lanes import RepLanes
from app.ui.widgets.rep_table import Beside, RepTable
from app.ui.widgets.story_block import StoryBlock
from app.ui.widgets.transport import Transport

View = Literal["list", "map", "lanes", "bars", "score", "export"]
_TRACES: tuple[View, ...] = ("lanes", "score", "export")
_FRAME_MS = 16
_REPLAY_KEYS = ("Space", "Left", "Right", "PgUp", "PgDown", "Home", "End", "+", "-", "Z", "Shift+Z")


class ReviewPage(QFrame):
    """The page.

    Parameters
    ----------
    colours : Colours
    source : SessionSource
    warn : callable
        Takes a sentence that must be seen.
    now_ns : callable
        The clock of the replay.
    """

    def __init__(
        self,
        colours: Colours,
        source: SessionSource,
        warn: Callable[[str], None],
        parent: QWidget | None = None,
        *,
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Review"))
        self.colours = colours
        self._warn, self._now_ns = warn, now_ns
        self.desk = ReviewDesk(source, self)
        self.entry = AskedEntry(colours, self._on_entry, self)
        self.files = ReviewFiles(self.desk, self.entry, warn, self)
        self.view: View = "list"
        self._comparing = False

        self._make_header()
        self.choices = Choices(colours, _("Sessions"), self)
        self.kinds = Choices(colours, _("Export"), self)
        self.kinds.show_choices(review_words.export_kinds())
        self.lanes = RepLanes(colours, self)
        self.overview = Overview(colours, self)
        self.transport = Transport(colours, self)
        self.table = RepTable(colours, self)
        self.story = StoryBlock(colours, _("Findings"), self)
        self.panel = ReviewPanel(colours, self)
        self.bars: TrainPage | None = None
        self._told_s = -1  # for which second a screen reader is told of the bars
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._parts: dict[QWidget, tuple[View, ...]] = {
            self.choices: ("list",), self.panel: ("map", "score"), self.kinds: ("export",), self.lanes: _TRACES,
            self.overview: _TRACES, self.transport: (*_TRACES, "bars"), self.table: ("lanes",), self.story: ("lanes",),
        }  # fmt: skip
        self._connect()
        self.show_view("list")

    def _make_header(self) -> None:
        colours = self.colours
        self.back = KeyButton(colours, _("Back"), "Esc")
        self.score_again = KeyButton(colours, _("Score again"), "S")
        self.compare = KeyButton(colours, _("Compare"), "C")
        self.report = KeyButton(colours, _("Report"), "P")
        self.export = KeyButton(colours, _("Export"), "E")
        self.other = KeyButton(colours, _("List"), "L")
        self.file = KeyButton(colours, _("Open a file"), "F")
        buttons = (self.back, self.score_again, self.compare, self.report, self.export, self.other, self.file)
        self.header = Header(colours, buttons, self)

    def _connect(self) -> None:
        desk = self.desk
        desk.listed.connect(self._on_listed)
        desk.opened_more.connect(self._on_more)
        desk.compared.connect(self._on_more)
        desk.asked.connect(self._ask_map)
        desk.refused.connect(self._warn)
        self.choices.picked.connect(lambda number: self._take(desk.kept[number].folder))
        self.kinds.picked.connect(self._export_as)
        self.panel.mapped.connect(self.open_path)
        self.panel.planned.connect(self._score)
        self.lanes.sought.connect(self.seek)
        self.lanes.rolled.connect(lambda seconds: self.seek(desk.player.position_s + seconds))
        self.overview.sought.connect(self.seek)
        self.table.chosen.connect(self.go_to_row)
        presses: dict[KeyButton, tuple[str, Callable[[], None]]] = {
            self.transport.view: ("B", self.toggle_bars),
            self.transport.note: ("N", self.files.ask_note),
            self.score_again: ("S", self.ask_settings),
            self.compare: ("C", lambda: self.show_list(comparing=True)),
            self.report: ("P", self.files.ask_report),
            self.export: ("E", self.ask_export),
            self.other: ("L", self.show_list),
            self.file: ("F", lambda: self.files.ask_file(self._take)),
        }
        self.transport.play.clicked.connect(self.toggle)
        self.transport.speed.clicked.connect(lambda: self._change_speed(1))
        self.back.clicked.connect(self.go_back)
        keys: dict[str, Callable[[], object]] = {
            "Space": self.toggle,
            "Left": lambda: self.seek(desk.player.position_s - SEEK_S),
            "Right": lambda: self.seek(desk.player.position_s + SEEK_S),
            "PgUp": lambda: self.step_rep(-1),
            "PgDown": lambda: self.step_rep(1),
            "Home": lambda: self.seek(0.0),
            "End": lambda: self.seek(desk.player.duration_s),
            "+": lambda: self._change_speed(1),
            "-": lambda: self._change_speed(-1),
            "Z": lambda: self._zoom(-1),
            "Shift+Z": lambda: self._zoom(1),
            "Ctrl+Return": self.panel.agree,
        }
        for button, (key, action) in presses.items():
            button.clicked.connect(lambda _checked, action=action: action())
            keys[key] = partial(_click, button)
        self._shortcuts = {key: QShortcut(QKeySequence(key), self) for key in keys}
        for key, shortcut in self._shortcuts.items():
            shortcut.setAutoRepeat(key in _REPLAY_KEYS and key != "Space")
            shortcut.activated.connect(keys[key])

    def show_view(self, view: View) -> None:
        """Show the list, the questions about a file or an export, or the recording."""
        self.view = view
        of_recording, asks = view not in ("list", "map"), view in ("map", "score")
        if view == "bars" and self.bars is None:
            self.bars = TrainPage(self.colours, self)
        if self.bars is not None:
            self.bars.setVisible(view == "bars")
        for part, views in self._parts.items():
            part.setVisible(view in views)
        if not of_recording:
            self.entry.hide()
            self.desk.player.playing = False
        for key in _REPLAY_KEYS:
            self._shortcuts[key].setEnabled(of_recording)
        self._shortcuts["Ctrl+Return"].setEnabled(asks)
        is_open, compares = self.desk.opened is not None, self.desk.beside is not None
        self.back.setVisible(asks or view == "export" or (view == "list" and is_open) or compares)
        for button in (self.score_again, self.compare, self.report, self.export, self.other):
            button.setVisible(view in ("lanes", "bars") and (is_open or button is self.other))
        self.file.setVisible(view == "list")
        self._place()
        self._say()
        self._show_position()

    def show_list(self, *, comparing: bool = False) -> None:
        """Show the sessions that were kept, to open one or to compare with it."""
        self._comparing = comparing
        self.desk.read_list()
        self.show_view("list")

    def open_path(self, path: Path, channel_map: str = "") -> None:
        """Open a recording; returns at once."""
        self.desk.open(path, channel_map)
        self._show_reps()
        self.show_view("lanes")
        self.table.setFocus()

    def go_back(self) -> bool:
        """Go back by one step; False if there is none."""
        if self.entry.isVisible():
            self.entry.put_away()
        elif self.view in ("score", "bars", "export"):
            self.show_view("lanes")
            self.table.setFocus()
        elif self.view == "map":
            self.show_list()
        elif self.view == "list" and self.desk.opened is not None:
            self._comparing = False
            self.show_view("lanes")
        elif self.desk.beside is not None or (self.desk.busy and self.desk.opened is not None):
            self.desk.close_beside()
            self._show_reps()
            self.show_view("lanes")
        else:
            return False
        return True

    def toggle(self) -> None:
        """Play or pause."""
        self.desk.player.toggle(self._now_ns())
        self._show_position()

    def toggle_bars(self) -> None:
        """Show the bars as they stood, or the traces."""
        self.show_view("lanes" if self.view == "bars" else "bars")
        (self.transport.play if self.view == "bars" else self.table).setFocus()

    def seek(self, position_s: float) -> None:
        """Go to a moment."""
        if self.bars is not None and position_s < self.desk.player.position_s:
            self.bars.begin_anew()
        self.desk.go_to(position_s)
        self._show_position()

    def step_rep(self, steps: int) -> None:
        """Go to the next rep, or the one before."""
        reps = self.desk.reps
        if reps:
            at = self.desk.row
            at = at if at is not None else -1 if steps > 0 else 0
            self.go_to_row(min(max(at + steps, 0), len(reps) - 1))

    def go_to_row(self, number: int) -> None:
        """Go to a rep of the table."""
        if number < len(self.desk.reps):
            self.seek(self.desk.reps[number].start_s)

    def tick(self) -> None:
        """Go on to now."""
        self.desk.player.tick(self._now_ns())
        self._show_position()

    def ask_export(self) -> None:
        """Ask as what the recording is to be handed on."""
        if self.files.may_export():
            self.show_view("export")
            self.kinds.rows[0].setFocus()

    def ask_settings(self) -> None:
        """Ask by what the recording is to be judged once more."""
        if self.desk.opened is None:
            return
        self.show_view("score")
        self.panel.ask_plan(self.desk.opened.review.programme)

    def _change_speed(self, steps: int) -> None:
        self.desk.player.change_speed(steps)
        self._show_position()

    def _zoom(self, steps: int) -> None:
        self.lanes.change_span(steps)
        self._show_position()

    def _take(self, path: Path) -> None:
        if not self._comparing:
            self.open_path(path)
            return
        self._comparing = False
        self.desk.compare(path)
        self.show_view("lanes")
        self.table.setFocus()

    def _score(self, plan: SessionPlan) -> None:
        self.desk.score(plan)
        self.show_view("lanes")
        self.table.setFocus()

    def _export_as(self, number: int) -> None:
        self.show_view("lanes")
        self.table.setFocus()
        self.files.ask_export(number)
        self._show_position()

    def _on_entry(self) -> None:
        self._place()
        if self.entry.isHidden():
            self.table.setFocus()
        self._show_position()

    def _on_listed(self) -> None:
        self.choices.show_choices([review_words.choice(one.started, one.folder.name) for one in self.desk.kept])
        if self.view == "list" and self.choices.rows and self.isVisible():
            self.choices.rows[0].setFocus()
        self.update()
        self._say()

    def _on_more(self) -> None:
        self._show_reps()
        self.show_view(self.view)

    def _ask_map(self, asks: Asks) -> None:
        self.show_view("map")
        self.panel.ask_map(asks)

    def _show_reps(self) -> None:
        desk = self.desk
        opened, beside = desk.opened, desk.beside
        self.table.show_reps(desk.reps, None if beside is None else Beside(*desk.names, beside.reps))
        self.overview.show_reps(desk.reps, opened.review.duration_s if opened is not None else 0.0)
        self.lanes.show_review(opened.review if opened is not None else None, desk.reps)

    def _show_position(self) -> None:
        desk = self.desk
        if desk.player.playing != self._timer.isActive():
            (self._timer.start if desk.player.playing else self._timer.stop)()
        self.transport.show_player(desk.player, bars=self.view == "bars")
        if self.view == "bars" and self.bars is not None and desk.opened is not None:
            snapshot = desk.opened.review.at(desk.player.position_s)
            if snapshot is not None:
                self.bars.show_snapshot(snapshot, reasons={})
                if int(desk.player.position_s) != self._told_s:
                    self._told_s = int(desk.player.position_s)
                    self.bars.describe(now=True)
            return
        row = desk.row
        self.lanes.show_position(desk.player.position_s, desk.reps[row] if row is not None else None)
        self.overview.show_stretch(*self.lanes.stretch())
        self.table.choose(row)
        self.story.tell(*desk.findings())

    def _say(self) -> None:
        """Title of the page, and the sign where nobody was measured."""
        opened = self.desk.opened
        if self.view == "list" or opened is None:
            self.header.show_words(_("Compare with") if self._comparing else _("Review"), ("", ""), sign="")
        else:
            subtitle = review_words.subtitle(opened.review.programme, opened.reps)
            title = review_words.title(opened.started, opened.path.name, short=self.width() < 1000)
            sign = review_words.sign(opened.started, bars=self.view == "bars")
            rated = review_words.ratings(opened.record.events) if opened.record is not None else ""
            self.header.show_words(title, (subtitle, f", {rated}" if rated else ""), sign=sign)
        self.header.place_buttons()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._place()
        self._say()
        self._show_position()

    def showEvent(self, event: QShowEvent | None) -> None:
        if self.view == "list":
            self.show_list(comparing=self._comparing)

    def hideEvent(self, event: QHideEvent | None) -> None:
        self.desk.player.playing = False
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        layout = lay_out_review(self.width(), self.height())
        painter = QPainter(self)
        if self.view in _TRACES:
            painter.fillRect(QRectF(layout.divider, HEADER, 1, self.height() - HEADER), self.colours.line)
        if self.view == "list" and not self.desk.kept and not self.desk.listing:
            for row, line in enumerate(text.wrap(_(review_words.NO_SESSIONS), 18, REGULAR, layout.body.width())):
                text.paint(painter, layout.body.x(), HEADER + 60 + 28 * row, [Run(line, 18, self.colours.text2)])
        painter.end()

    def _place(self) -> None:
        layout = lay_out_review(self.width(), self.height())
        self.header.setGeometry(0, 0, self.width(), HEADER)
        self.choices.setGeometry(layout.body)
        self.lanes.setGeometry(layout.lanes)
        self.overview.setGeometry(layout.overview)
        self.transport.setGeometry(layout.wide_transport if self.view == "bars" else layout.transport)
        self.transport.setVisible(self.view in self._parts[self.transport] and self.entry.isHidden())
        self.entry.setGeometry(layout.entry)
        self.table.setGeometry(layout.table)
        self.story.setGeometry(layout.story)
        self.panel.setGeometry(layout.panel if self.view == "score" else layout.body)
        self.kinds.setGeometry(layout.panel)
        if self.bars is not None:
            self.bars.setGeometry(layout.bars)
        self.update()


def _click(button: KeyButton) -> None:
    if button.isVisible():
        button.click()
