"""A sensor that goes away at any stage of a session comes back into the same session; nothing of it is lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.pipeline.build import SessionPlan
from app.session.programme import Phase, Programme
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.replay.formats.journal import JOURNAL_NAME, ends_well

WAIT_MS = 40_000
SHORT = Programme("short", "Short", "", "prone", (Phase("work", reps=2, sets=2, rest_s=30.0),), effort_floor_pct=10.0)
LOST = "sim:healthy?seed=2&speed=8&disconnect_at={at}&disconnect_s=8"

OpenSession = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_session(application, tmp_path: Path) -> Iterator[OpenSession]:
    """Start sessions that wait for somebody, in windows, recorded."""
    with ExitStack() as stack:

        def open_window(at_s: float) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=SHORT, skip_rests=False, ready=True)
            studio = stack.enter_context(Studio([LOST.format(at=at_s)], plan, tmp_path / "kept"))
            bridge = Bridge()
            window = MainWindow(studio, bridge, load_colours())
            stack.callback(window.deleteLater)
            stack.callback(window.hide)
            window.resize(1440, 900)
            window.show()
            window.start()
            studio.attach(bridge)
            studio.train(SHORT)
            return studio, window

        yield open_window


def is_lost(studio: Studio) -> bool:
    snapshot = studio.snapshot()
    return snapshot is not None and all(view.state == "no-signal" for view in snapshot.sides.values())


def reaches(qtbot, window: MainWindow, stage: str) -> None:
    qtbot.waitUntil(lambda: window.desk.does == stage, timeout=WAIT_MS)


def ends_with_its_reps(qtbot, studio: Studio, window: MainWindow, kept: Path) -> None:
    qtbot.waitUntil(lambda: (now := studio.snapshot()) is not None and now.progress.done >= 1, timeout=WAIT_MS)
    window.desk.stop()
    qtbot.waitUntil(lambda: studio.recording().state == "stopped", timeout=WAIT_MS)
    assert all(ends_well(journal.parent) for journal in kept.glob(f"*/{JOURNAL_NAME}"))
    assert studio.recording().state == "stopped"


def test_who_starts_while_the_sensor_is_away_trains_once_it_is_back(qtbot, open_session, tmp_path):
    studio, window = open_session(12)
    reaches(qtbot, window, "ready")
    qtbot.waitUntil(lambda: is_lost(studio), timeout=WAIT_MS)
    window.desk.go()
    ends_with_its_reps(qtbot, studio, window, tmp_path / "kept")


def test_a_sensor_that_was_away_while_nobody_had_begun_is_none_the_worse(qtbot, open_session, tmp_path):
    studio, window = open_session(6)
    reaches(qtbot, window, "ready")
    qtbot.waitUntil(lambda: is_lost(studio), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not is_lost(studio), timeout=WAIT_MS)
    window.desk.go()
    ends_with_its_reps(qtbot, studio, window, tmp_path / "kept")


@pytest.mark.parametrize("stage", ["countdown", "rest", "paused"])
def test_a_sensor_that_goes_away_in_between_leaves_the_session_as_it_was(qtbot, open_session, tmp_path, stage):
    studio, window = open_session({"countdown": 10, "paused": 45, "rest": 48}[stage])
    reaches(qtbot, window, "ready")
    window.desk.go()
    reaches(qtbot, window, "countdown")
    if stage != "countdown":
        reaches(qtbot, window, "going")
    if stage == "paused":
        window.desk.go()
    reaches(qtbot, window, stage)
    qtbot.waitUntil(lambda: is_lost(studio), timeout=WAIT_MS)
    assert window.desk.does in (stage, "paused", "going", "rest")
    qtbot.waitUntil(lambda: not is_lost(studio), timeout=WAIT_MS)
    if window.desk.does == "paused":
        window.desk.go()
    ends_with_its_reps(qtbot, studio, window, tmp_path / "kept")
