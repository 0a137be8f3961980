"""A session of the window from ready to summary, on the real session behind it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec import structs
from PyQt6.QtDBus import QDBusConnection

from app.pipeline.build import SessionPlan
from app.session.programme import Phase, Programme
from app.studio import Studio
from app.ui import awake
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours

WAIT_MS = 25_000
SHORT = Programme(
    "short", "Short", "", "prone", (Phase("work", reps=2, sets=2, rest_s=600.0),), effort_floor_pct=10.0,
    setup=("Lie on your stomach.",),
)  # fmt: skip

OpenSession = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_session(application, tmp_path: Path) -> Iterator[OpenSession]:
    """Start sessions that wait for somebody, in windows."""
    with ExitStack() as stack:

        def open_window(uri: str, *, record: bool = False) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=SHORT, skip_rests=False, ready=True)
            studio = stack.enter_context(Studio([uri], plan, tmp_path / "kept" if record else None))
            bridge = Bridge()
            window = MainWindow(studio, bridge, load_colours())
            stack.callback(window.deleteLater)
            stack.callback(window.hide)
            window.resize(1440, 900)
            window.show()
            window.start()
            studio.attach(bridge)
            studio.train(SHORT)  # where nobody chose, the simulated person begins at once
            return studio, window

        yield open_window


def test_a_session_waits_with_its_set_up_until_somebody_starts_it(qtbot, open_session):
    studio, window = open_session("sim:healthy?seed=2&speed=5")
    qtbot.waitUntil(lambda: window.train.set_up.isVisible(), timeout=WAIT_MS)
    began_s = studio.snapshot().t_s
    qtbot.waitUntil(lambda: studio.snapshot().t_s > began_s + 8.0, timeout=WAIT_MS)  # squeezes pass
    assert window.desk.does == "ready"
    assert window.desk.go_button.text() == "Start"


def test_one_key_counts_down_and_the_set_begins(qtbot, open_session):
    _, window = open_session("sim:healthy?seed=2&speed=5", record=True)
    qtbot.waitUntil(lambda: window.desk.does == "ready", timeout=WAIT_MS)
    window.desk.go()
    qtbot.waitUntil(lambda: window.desk.does == "countdown", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.train.cue.line.text == "Get into position", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.desk.does == "going", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.train.ring.view.number == "1", timeout=WAIT_MS)


def test_after_a_set_the_sentences_stand_in_the_rest_and_at_the_end_with_a_picture(qtbot, open_session):
    studio, window = open_session("sim:healthy?seed=2&speed=8", record=True)
    qtbot.waitUntil(lambda: window.desk.does == "ready", timeout=WAIT_MS)
    window.desk.go()
    qtbot.waitUntil(lambda: window.desk.does == "rest", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "squeeze" in " ".join(window.train.block.sentences), timeout=WAIT_MS)
    window.desk.stop()
    qtbot.waitUntil(lambda: window.train.summary.isVisible(), timeout=WAIT_MS)
    assert len(window.train.summary.story.each) == 2
    qtbot.waitUntil(lambda: studio.recording().state == "stopped", timeout=WAIT_MS)


def test_without_sensors_nothing_is_recorded_and_nothing_kept(qtbot, open_session, tmp_path):
    studio, window = open_session("sim:healthy?seed=2&speed=5", record=True)
    studio.train(structs.replace(SHORT, sensors="optional"))
    qtbot.waitUntil(lambda: window.train.set_up.without.isVisible(), timeout=WAIT_MS)
    window.desk.go_without_sensors()
    began_s = studio.snapshot().t_s
    qtbot.waitUntil(lambda: studio.snapshot().t_s > began_s + 8.0, timeout=WAIT_MS)  # squeezes pass, of nobody
    assert window.desk.does == "ready"
    while window.desk.guides:
        window.desk.go()
    assert studio.recording().state == "off"
    assert len([*(tmp_path / "kept").rglob("journal.emj")]) <= 1  # of the session before the exercise was chosen


def test_discarding_takes_the_last_back(qtbot, open_session):
    studio, window = open_session("sim:healthy?seed=2&speed=5")
    qtbot.waitUntil(lambda: window.desk.does == "ready", timeout=WAIT_MS)
    window.desk.go()
    qtbot.waitUntil(lambda: window.train.ring.view.number == "1", timeout=WAIT_MS)
    window.desk.take_back()
    qtbot.waitUntil(lambda: studio.snapshot().progress.done == 0, timeout=WAIT_MS)


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="D-Bus")
def test_the_computer_stays_awake_from_the_countdown_to_the_end(qtbot, open_session, tmp_path, monkeypatch):
    from tests.rigs.sleep_services import LOGIND, PORTAL, SleepServices

    with SleepServices(tmp_path, (LOGIND, PORTAL)) as services:
        bus = QDBusConnection.connectToBus(services.bus.address, "studio")
        monkeypatch.setattr(awake, "bus_of", lambda which: bus)
        _, window = open_session("sim:healthy?seed=2&speed=5")
        qtbot.waitUntil(lambda: window.desk.does == "ready", timeout=WAIT_MS)
        assert services.calls == []
        window.desk.go()
        qtbot.waitUntil(services.logind_holds.is_set, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: window.desk.does == "going", timeout=WAIT_MS)
        assert services.logind_holds.is_set()
        window.desk.stop()
        qtbot.waitUntil(lambda: not services.logind_holds.is_set(), timeout=WAIT_MS)
        released = "org.freedesktop.portal.Request.Close"
        qtbot.waitUntil(lambda: released in [member for member, _ in services.calls], timeout=WAIT_MS)
        QDBusConnection.disconnectFromBus("studio")
