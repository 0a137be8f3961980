"""The window: rail, header, page, status bar, keys. It pulls the newest snapshot at the rate of the display.

Runs in the GUI thread. If that thread is blocked, nothing queues up: the next pull gets the newest snapshot.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QEvent, Qt, QTimer
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QApplication, QMainWindow, QWidget

from app.language import _
from app.pipeline.snapshot import Snapshot
from app.said import said
from app.session.events import Event, LinkChanged, Note, Quality, Summary, TargetChanged
from app.ui import calibrate_words, guide, sensor_words, shown, words
from app.ui.asking import Asking
from app.ui.bridge import Bridge
from app.ui.calibrate_page import CalibratePage
from app.ui.history_page import HistoryPage
from app.ui.layout import HEADER, LEAST_WINDOW, STATUS_BAR, rail_width
from app.ui.news import News
from app.ui.page import Page
from app.ui.review_page import ReviewPage
from app.ui.sensors_page import SensorsPage
from app.ui.setup_page import SetupPage
from app.ui.shortcuts import bind
from app.ui.source import SessionSource
from app.ui.steps import StepPage, Steps
from app.ui.theme import Colours
from app.ui.tour_desk import TourDesk
from app.ui.train_desk import TrainDesk
from app.ui.train_page import TrainPage
from app.ui.widgets import icons
from app.ui.widgets.bars import Header, Notice, Rail, StatusBar
from app.ui.widgets.buttons import KeyButton, RailButton
from app.ui.widgets.lazy_page import LazyPage
from app.ui.widgets.room import Room
from drivers.types import LinkState

SLOW_MS = 250
"""How often the status bar is looked at."""
_HELD_UP_NS = 50_000_000
"""A frame that waited for longer to be painted shows the newest snapshot instead."""


class MainWindow(QMainWindow):
    """The window; on a screen with less room than `LEAST_WINDOW` all of it scrolls.

    Parameters
    ----------
    source : SessionSource
    bridge : Bridge
        Its events and faults are shown.
    colours : Colours
    make_anew : callable
        Puts another window in the place of this one, with what the person likes now; see `app.ui.front`.
    now_ns : callable
        The clock of the latency probe.
    """

    def __init__(
        self,
        source: SessionSource,
        bridge: Bridge,
        colours: Colours,
        *,
        make_anew: Callable[[], None] = lambda: None,
        now_ns: Callable[[], int] = time.perf_counter_ns,
    ) -> None:
        super().__init__()
        self.source, ground = source, QWidget()
        self.room = Room(ground, least=LEAST_WINDOW)
        self.room.changed.connect(self._place)
        self.setCentralWidget(self.room)
        self._now_ns = now_ns
        self._shown: Snapshot | None = None
        self._unpainted: Snapshot | None = None
        self._health = source.health()
        self._close_anyway = self._closes_when_told = False
        self._summary: Summary | None = None
        self.setWindowTitle("GluteWake")
        self.setAccessibleName("GluteWake")
        self.setPalette(colours.palette())

        self.train = TrainPage(colours, ground)
        self.sensors = SensorsPage(colours, source, self.confirm, ground)
        self.calibrate = LazyPage(
            lambda parent: CalibratePage(colours, source, self.confirm, lambda: self.show_page(0), parent), ground
        )
        self.steps = Steps(colours, source, self.close_at_once, self._show_page_of_step, ground)
        self.history = LazyPage(
            lambda parent: HistoryPage(colours, source, self.review_session, self.confirm, parent), ground
        )
        self.review = LazyPage(lambda parent: ReviewPage(colours, source, self._on_fault, parent), ground)
        self.setup = LazyPage(
            lambda parent: SetupPage(
                colours, source, self.asking, self.confirm, make_anew, lambda: self.tour.take(self.confirm), parent
            ),
            ground,
        )
        self.pages: Sequence[Page] = (
            Page(_("Train"), icons.train, self.train, header=True, go_back=lambda: self.desk.go_back()),
            Page(_("Sensors"), icons.sensors, self.sensors, go_back=self.sensors.go_back),
            Page(_("Calibrate"), icons.calibrate, self.calibrate, go_back=lambda: self.calibrate.page.go_back()),
            Page(_("History"), icons.history, self.history, go_back=lambda: self.history.page.go_back()),
            Page(_("Review"), icons.review, self.review, go_back=lambda: self.review.page.go_back()),
            Page(_("Setup"), icons.setup, self.setup, go_back=lambda: self.setup.page.go_back()),
        )
        self._page = self.pages[0]
        self.rail = Rail(colours, [RailButton(colours, page.name, page.icon) for page in self.pages], ground)
        self.desk = TrainDesk(
            colours, source, self.train, self,
            tell=lambda sentence: self.news.tell(sentence), confirm=self.confirm, review=self.review_session,
            changed=self._label_buttons,
        )  # fmt: skip
        self.full_screen = KeyButton(colours, _("Full screen"), "F11", flat=True)
        self.header = Header(colours, (self.desk.go_button, self.desk.stage_button), ground)
        self.sound = KeyButton(colours, _("Sound on"), "M", flat=True)
        self.on_train = (self.desk.traces_button, self.desk.expert_button, self.desk.front_button)
        self.status = StatusBar(colours, (*self.on_train, self.sound, self.full_screen), ground)
        self.notice = Notice(colours, ground)
        self.news = News(self.status, source)
        self.asking = Asking(self.notice, source)
        self.tour = TourDesk(source, ground, lambda: self.show_page(0), self.train, self.rail, self.asking)
        self._bridge = bridge
        self._connect(bridge)
        self.train.want_traces(source.setup.preferences.traces)
        self.show_page(0)

        self._frame_timer = QTimer(self)
        self._frame_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame_timer.timeout.connect(self.pull)
        self._slow_timer = QTimer(self)
        self._slow_timer.timeout.connect(self.look_around)
        self.look_around()

    def _connect(self, bridge: Bridge) -> None:
        self.full_screen.clicked.connect(self.toggle_full_screen)
        self.sound.clicked.connect(self.toggle_sound)
        for number, button in enumerate(self.rail.buttons):
            button.clicked.connect(lambda _checked, number=number: self.show_page(number))
        self._shortcuts = bind(
            self,
            {
                **self.desk.keys,
                "F1": lambda: guide.open_at(self.pages.index(self._page), self.asking.tell),
                "F11": self.toggle_full_screen,
                "M": self.toggle_sound,
                "Esc": self.go_back,
                "Ctrl+Q": self.ask_to_close,
                **{f"Ctrl+{number + 1}": partial(self.show_page, number) for number in range(len(self.pages))},
            },
        )
        bridge.happened.connect(self._on_event)
        bridge.failed.connect(self._on_fault)
        bridge.renewed.connect(self._begin_anew)

    def start(self) -> None:
        """Begin to pull, at the rate of the display."""
        screen = self.screen()
        rate_hz = min(max(screen.refreshRate() if screen is not None else 60.0, 30.0), 120.0)
        self._frame_timer.start(int(1000 / rate_hz))
        self._slow_timer.start(SLOW_MS)

    def take_over(self, before: "MainWindow") -> None:
        """Stand where another window stood, on the page that it showed, with the session that goes on."""
        self.setGeometry(before.geometry())
        self.show_page(before.pages.index(before._page))
        self._closes_when_told = before._closes_when_told
        self.desk.take_over(before.desk)
        self.pull()
        if before._summary is not None:
            self._on_event(before._summary)
        if before.setup.is_built:
            self.setup.page.focus_row(before.setup.page.focused_row())

    def retire(self) -> None:
        """Give way to another window: hear and show nothing more, and end nothing."""
        self._frame_timer.stop()
        self._slow_timer.stop()
        self.desk.close()
        self._bridge.happened.disconnect(self._on_event)
        self._bridge.failed.disconnect(self._on_fault)
        self._bridge.renewed.disconnect(self._begin_anew)
        self.hide()
        self.deleteLater()

    def pull(self) -> None:
        """Take the newest snapshot and show it; the same one again paints nothing."""
        if self.calibrate.isVisible():
            self.calibrate.page.pull()
        snapshot = self.source.snapshot()
        if snapshot is None or self._summary is not None or not shown.is_due(snapshot, self._shown):
            return
        self._shown = self._unpainted = snapshot
        if self.source.calibration.view is None:
            self.desk.show(snapshot, self._health)
        if self.sensors.isVisible():
            self.sensors.show_snapshot(snapshot)
        self.header.show_words(_(self.source.title), self.desk.subtitle(snapshot), sign=self.desk.sign)

    def look_around(self) -> None:
        """Bring up to date what changes slowly."""
        self._health, problem = self.source.health(), self.source.problem()
        snapshot = shown.measured(self._shown, self._health) if self._shown is not None else None
        self.news.look(snapshot, self._health, measures=not self.desk.guides)
        if self._shown is None and self._summary is None:
            links = self._health.links
            streams = bool(links) and all(link.state is LinkState.STREAMING for link in links)
            names = ", ".join(link.stream_id for link in links)
            line = words.Line("", _("Listening …") if streams else _("Connecting …"), faint=True, hint=names)
            stopped = words.Line("", _("No signal"))
            self.desk.show_waiting(stopped if problem else line, (said(problem),) if problem else ())
            self.header.show_words(_(self.source.title), ("", ""), sign=self.desk.sign)
        elif self.source.calibration.view is not None:
            self.desk.show_waiting(words.Line("", _(calibrate_words.RUNS), faint=True), ())
        elif problem is not None:
            self.asking.tell_problem(problem)
        self.desk.look()
        if self.calibrate.isVisible():
            self.calibrate.page.look()
        if self.sensors.isVisible():
            self.sensors.look()
        if self.steps.look(on_train=self._page.widget is self.train):
            self._show_parts()
            if self.steps.shown is None:
                self.setFocus()
        if self._closes_when_told and self.steps.shown is None:
            self.close_at_once()
        if self._shown is not None and self.steps.shown is None:
            self.tour.look()
        self.asking.look(may_ask=self.steps.shown is None and not self.tour.runs)
        self._label_buttons()

    def toggle_sound(self) -> None:
        """Switch the sound off, or on."""
        self.source.set_muted(not self.source.muted)
        self._label_buttons()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()
        self._label_buttons()

    def go_back(self) -> None:
        """Give a notice its first answer, which changes nothing; without one, go back to a window."""
        if self.notice.isVisible():
            self.notice.buttons[0].click()
        elif self.tour.runs:
            self.tour.end()
        elif self.steps.go_back() or self._page.go_back():
            return
        elif self.desk.stage.covers_the_window:
            self.desk.stage.close()
        elif self.isFullScreen():
            self.toggle_full_screen()
        elif self._page.widget is self.train:
            self.desk.step_out()

    def show_page(self, number: int) -> None:
        """Show one page of the rail."""
        self._page = self.pages[0 if self.tour.runs else number]  # the tour speaks of Train
        self.rail.show_chosen(self.pages.index(self._page))
        if self._page.widget is self.sensors:
            self.sensors.show_view("sides")
        self.steps.look(on_train=self._page.widget is self.train)
        self._show_parts()

    def _show_page_of_step(self, name: StepPage) -> None:
        """Show where the start page leads to."""
        self.show_page({"train": 0, "sensors": 1, "calibrate": 2, "people": 5}[name])
        if name == "people":
            self.setup.page.show_view("people")

    def review_session(self, folder: Path) -> None:
        """Show one session once more."""
        self.show_page([page.widget for page in self.pages].index(self.review))
        self.review.page.open_path(folder)

    def confirm(self, action: Callable[[], None]) -> None:
        """Do what ends the running session; while a living person is recorded, ask first."""
        if self._records_a_person():
            self.asking.ask(_(sensor_words.ENDS_SESSION), (_("Keep training"), _("End it")), action)
        else:
            action()

    def ask_to_close(self) -> None:
        """Close the window, unless a living person's recording runs: then ask."""
        self.close()

    def close_at_once(self) -> None:
        """Close without a question: nobody may be there to answer."""
        self._close_anyway = True
        self.close()

    def _close_after_pain(self) -> None:
        """Close once the person has said how much pain there is, or does not want to."""
        self._closes_when_told = self.source.care.ask_after()
        if not self._closes_when_told:
            self.close_at_once()
        self.look_around()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if event is not None and self._records_a_person() and not self._close_anyway:
            event.ignore()
            question = _("A recording is running. Stop it and close?")
            self.asking.ask(question, (_("Keep training"), _("Stop and close")), self._close_after_pain)
            return
        self._frame_timer.stop()
        self._slow_timer.stop()
        self.desk.close()
        super().closeEvent(event)

    def event(self, event: QEvent | None) -> bool:
        # Qt paints and flushes all dirty widgets inside this one event
        paints = event is not None and event.type() == QEvent.Type.UpdateRequest
        if paints and self._unpainted is not None and self._now_ns() - self._unpainted.received_ns > _HELD_UP_NS:
            self.pull()
        handled = super().event(event)
        if paints and self._unpainted is not None:
            painted, self._unpainted = self._unpainted, None
            self.source.note_painted(painted, self._now_ns())
        return handled

    def _place(self) -> None:
        width, height = self.room.ground.width(), self.room.ground.height()
        rail, body = rail_width(width), height - STATUS_BAR
        self.rail.setGeometry(0, 0, rail, body)
        self.header.setGeometry(rail, 0, width - rail, HEADER + 8)
        for room in self.steps.rooms:
            room.setGeometry(rail, 0, width - rail, body)
        for page in self.pages:
            top = HEADER if page.header else 0
            page.widget.setGeometry(rail, top, width - rail, body - top)
            page.widget.lower()
        self.status.setGeometry(0, body, width, STATUS_BAR)
        self.tour.place()
        self.notice.setGeometry(rail, body - 72, width - rail, 72)
        self._label_buttons()

    def _records_a_person(self) -> bool:
        recording = self.source.recording().state in ("recording", "error")
        return recording and self._shown is not None and not self._shown.simulated

    def _begin_anew(self) -> None:
        """Forget the session that was shown; another one begins."""
        self._shown = self._unpainted = self._summary = None
        self.news.begin_anew()
        self.steps.begin_anew()
        self.desk.begin_anew()
        self.sensors.show_snapshot(None)
        self.look_around()

    def _show_parts(self) -> None:
        """Show the page with what belongs to it; a step that is due stands in place of any."""
        asks = self.steps.shown is not None
        focused = QApplication.focusWidget()
        if focused is not None and any(page.widget.isAncestorOf(focused) for page in self.pages):
            self.setFocus()  # or Qt would mark a button of the rail, unasked
        for page in self.pages:
            page.widget.setVisible(page is self._page and not asks)
        self.header.setVisible(self._page.header and not asks)
        asks = asks or self.tour.runs
        for key in self.desk.keys:
            self._shortcuts[key].setEnabled(self._page.widget is self.train and not asks)
        self._label_buttons()

    def _label_buttons(self) -> None:
        self.desk.label()
        self.full_screen.set_label(_("Window") if self.isFullScreen() else _("Full screen"))
        no_sound, on_or_off = self.source.sound_status(), _("Sound off") if self.source.muted else _("Sound on")
        self.sound.set_label(no_sound or on_or_off, key="" if no_sound else "M")
        for button in self.on_train:
            button.setVisible(self.train.isVisibleTo(self) and not self.desk.guides)
        if not self.train.has_room_for_traces():
            self.desk.traces_button.hide()
        if self._shown is None or (self._summary is not None and not self.desk.goes_after):
            self.desk.go_button.hide()
        self.header.place_buttons()
        self.status.place_buttons()

    def _on_event(self, event: object) -> None:
        if isinstance(event, Event):
            self.news.hear(event)
        if isinstance(event, Summary):
            self.pull()  # a short session may be over before a frame of it was shown
            self._summary = event
            self.desk.show_end(words.end_sentences(event))
        if isinstance(event, Note | TargetChanged | LinkChanged | Quality | Summary):
            self.look_around()

    def _on_fault(self, sentence: str) -> None:
        self.asking.tell(sentence)
