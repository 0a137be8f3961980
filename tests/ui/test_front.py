"""The window is made anew where language, theme or size of text change; the session goes on behind it."""

from collections.abc import Callable, Iterator

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app import language
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.session.events import Note, Summary
from app.settings import Settings
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.front import Front
from app.ui.main_window import MainWindow
from app.ui.source import SessionSource
from app.ui.theme import enlarge_text, grown, load_colours
from tests.ui.scenes import NOT_YET, StagedSource

WAIT_MS = 20_000
SUMMARY = Summary(
    attempts=7, reps=7, clean_reps=6, woke=False, wake_up_squeezes=None, sleeping_side=None,
    fired_pct={"left": 86.0, "right": 100.0}, lsi_pct=None, lag_ms=None, recording=None, lost_pct=0.0,
)  # fmt: skip

MakeFront = Callable[[SessionSource], Front]


@pytest.fixture
def make_front(application: QApplication) -> Iterator[MakeFront]:
    fronts: list[Front] = []

    def make(source: SessionSource) -> Front:
        front = Front(application, source, Bridge())
        fronts.append(front)
        front.show()
        return front

    yield make
    for front in fronts:
        front.window.retire()
    application.processEvents()
    application.setPalette(load_colours().palette())
    enlarge_text(100)
    language.use("en")


def change(qtbot, front: Front, source: StagedSource, **changes: object) -> None:
    """Change what the person likes, and wait for the window that shows it."""
    before = front.window
    source.setup.change(**changes)
    front.make_anew()
    qtbot.waitUntil(lambda: front.window is not before)


def test_another_theme_stands_where_the_window_stood(qtbot, make_front):
    source = StagedSource()
    front = make_front(source)
    front.window.setGeometry(40, 30, 1100, 700)
    before = front.window.geometry()
    change(qtbot, front, source, theme="light")

    assert front.window.train.colours is load_colours("light")
    assert front.window.geometry() == before
    assert front.window.isVisible()


def test_the_size_of_the_text_is_that_which_was_chosen(qtbot, make_front):
    source = StagedSource()
    front = make_front(source)
    change(qtbot, front, source, text_pct=130)

    assert grown(16) == 21


def test_the_same_page_and_row_are_shown(qtbot, make_front):
    source = StagedSource()
    front = make_front(source)
    front.window.show_page(5)
    front.window.setup.page.focus_row("theme")
    change(qtbot, front, source, theme="contrast")

    assert front.window.setup.isVisible()
    assert front.window.setup.page.focused_row() == "theme"


def test_what_the_session_shows_is_shown_at_once(qtbot, make_front):
    source = StagedSource(now=NOT_YET)
    front = make_front(source)
    change(qtbot, front, source, theme="light")

    assert front.window.train.cue.line.text == "squeeze now"


def test_the_end_of_a_session_stays_the_end(qtbot, make_front):
    source = StagedSource(now=NOT_YET)
    front = make_front(source)
    front.window._on_event(SUMMARY)
    change(qtbot, front, source, theme="light")

    assert front.window.train.cue.line.text == "The end"


def test_events_reach_the_new_window_alone(qtbot, make_front):
    source = StagedSource()
    front = make_front(source)
    before = front.window
    told: list[object] = []
    before.news.hear = told.append
    change(qtbot, front, source, theme="light")
    front._bridge.post(Note(t_s=1.0, text="here"))
    qtbot.waitUntil(lambda: "here" in {entry.plain for entry in front.window.status.entries})

    assert told == []


def test_two_wishes_at_once_make_one_window(qtbot, make_front, monkeypatch):
    source = StagedSource()
    front = make_front(source)
    windows: list[MainWindow] = []
    make = front._make

    def counted() -> MainWindow:
        windows.append(make())
        return windows[-1]

    monkeypatch.setattr(front, "_make", counted)
    source.setup.change(theme="light", text_pct=115)
    front.make_anew()
    front.make_anew()
    qtbot.waitUntil(lambda: bool(windows))

    assert len(windows) == 1


def test_the_exchange_does_not_end_the_application(qtbot, make_front, application):
    ended: list[None] = []
    application.lastWindowClosed.connect(lambda: ended.append(None))
    source = StagedSource()
    front = make_front(source)
    change(qtbot, front, source, theme="light")
    application.processEvents()

    assert ended == []
    assert application.quitOnLastWindowClosed()


def test_a_running_session_goes_on_behind_a_new_window(qtbot, make_front):
    plan = SessionPlan(programme=load_programme("free"), skip_rests=False)
    with Studio(["sim:healthy?seed=2&speed=5"], plan, None) as studio:
        front = make_front(studio)
        studio.attach(front._bridge)
        qtbot.waitUntil(lambda: front.window.train.ring.view.number == "2", timeout=WAIT_MS)
        worker, before = studio._live.worker, front.window
        studio.setup.change(language="de", theme="light")
        front.make_anew()
        qtbot.waitUntil(lambda: front.window is not before, timeout=WAIT_MS)
        assert studio._live.worker is worker
        qtbot.waitUntil(lambda: front.window.train.ring.view.number == "4", timeout=WAIT_MS)

        assert front.window.rail.buttons[1].text() == "Sensoren"


def test_a_first_start_is_gone_through_by_keys_alone_and_remembered(qtbot, make_front, tmp_path):
    path = tmp_path / "settings.toml"
    plan = SessionPlan(programme=load_programme("prone-ankle-squeeze"), skip_rests=False, ready=True)
    with Studio([], plan, None, Settings(path)) as studio:
        front = make_front(studio)
        studio.attach(front._bridge)
        qtbot.waitUntil(lambda: front.window.tour.runs, timeout=WAIT_MS)
        for _step in range(6):
            qtbot.keyClick(front.window.tour.tour, Qt.Key.Key_Space)
        assert not front.window.tour.runs
        qtbot.keyClick(front.window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
        theme = next(row for row in front.window.setup.page.rows.rows if row.name == "theme")
        before = front.window
        for _choice in ("dark", "light"):
            qtbot.keyClick(theme, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: front.window is not before, timeout=WAIT_MS)
        assert front.window.train.colours is load_colours("light")

    again = Settings(path)
    assert (again.preferences.tour_taken, again.preferences.theme) == (True, "light")
    with Studio([], plan, None, again) as studio:
        assert not studio.first_start
