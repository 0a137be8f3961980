"""Setup in front of a running session: another person, another goal, another folder, and the big key of the start."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from app import archive
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.preferences import Goal
from app.session.care import CARE_QUESTIONS, CareCheck
from app.settings import Settings
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.replay.formats.journal import ends_well, open_journal
from drivers.simulator.driver import SimulatorDriver

WAIT_MS = 20_000
SOURCE = "sim:healthy?seed=2&speed=5"

OpenStudio = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_studio(application) -> Iterator[OpenStudio]:
    """Start studios in windows; they are closed afterwards."""
    with ExitStack() as stack:

        def make(settings: Settings, record_in: Path | None = None, person: str | None = None):
            plan = SessionPlan(programme=load_programme("free"), skip_rests=False, person=person)
            studio = stack.enter_context(Studio([SOURCE], plan, record_in, settings))
            bridge = Bridge()
            window = MainWindow(studio, bridge, load_colours())
            stack.callback(window.deleteLater)
            stack.callback(window.hide)
            window.resize(1440, 900)
            window.show()
            window.start()
            studio.attach(bridge)
            return studio, window

        yield make


@pytest.fixture
def living(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the simulated person pass for a living one."""
    monkeypatch.setattr(SimulatorDriver, "simulated", False)


def passed(*people: str) -> Settings:
    """Settings of people who were asked before."""
    settings = Settings()
    for person in people:
        settings.keep_care(CareCheck(dict.fromkeys(CARE_QUESTIONS, False), person))
    return settings


def target(studio: Studio) -> set[float]:
    snapshot = studio.snapshot()
    return set() if snapshot is None else {view.target_pct for view in snapshot.sides.values()}


def test_a_goal_moves_the_line_of_the_running_session_and_of_the_next(qtbot, open_studio):
    studio, window = open_studio(Settings())
    qtbot.waitUntil(lambda: bool(target(studio)), timeout=WAIT_MS)
    studio.setup.set_goal(target_pct=55, locked=True)
    qtbot.waitUntil(lambda: target(studio) == {55.0}, timeout=WAIT_MS)
    renewed: list[None] = []
    window._bridge.renewed.connect(lambda: renewed.append(None))
    studio.try_again()
    qtbot.waitUntil(lambda: bool(renewed), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: target(studio) == {55.0}, timeout=WAIT_MS)


def test_a_replay_keeps_the_goal_that_it_was_trained_with(qtbot, open_studio, tmp_path):
    first, window = open_studio(Settings(), tmp_path)
    qtbot.waitUntil(lambda: bool(target(first)), timeout=WAIT_MS)
    trained_with = target(first)
    window.close_at_once()
    first.__exit__(None, None, None)
    (folder,) = tmp_path.iterdir()
    settings = Settings()
    settings.keep_goal(Goal(target_pct=55))
    studio, _ = open_studio(settings)
    qtbot.waitUntil(lambda: target(studio) == {55.0}, timeout=WAIT_MS)
    studio.switch([f"file:{folder}?speed=2"])
    qtbot.waitUntil(lambda: studio.sign == "Replay" and bool(target(studio)), timeout=WAIT_MS)

    assert target(studio) == trained_with


def test_the_recording_tells_that_the_goal_was_changed(qtbot, open_studio, tmp_path):
    studio, window = open_studio(Settings(), tmp_path)
    qtbot.waitUntil(lambda: bool(target(studio)), timeout=WAIT_MS)
    studio.setup.set_goal(target_pct=55)
    qtbot.waitUntil(lambda: target(studio) == {55.0}, timeout=WAIT_MS)
    window.close_at_once()
    studio.__exit__(None, None, None)
    (folder,) = tmp_path.iterdir()
    journal = open_journal(folder)
    lines = [msgspec.json.decode(line) for line in journal.events]
    journal.close()

    assert {(line["side"], line["pct"]) for line in lines if line["type"] == "target"} >= {
        ("left", 55.0),
        ("right", 55.0),
    }


@pytest.mark.usefixtures("living")
def test_the_big_key_begins_with_a_new_reference_for_whoever_is_there(qtbot, open_studio, tmp_path):
    studio, window = open_studio(passed("P-7"), tmp_path, "P-7")
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    window.steps.start.numbers[2].click()
    window.steps.start.start.click()
    qtbot.waitUntil(lambda: studio.calibration.view is not None and bool(studio.units()), timeout=WAIT_MS)

    assert studio.calibration.kind == "quick"
    assert studio.care.pain_before == 2
    assert window.calibrate.isVisible()


@pytest.mark.usefixtures("living")
def test_too_much_pain_begins_neither_session_nor_reference(qtbot, open_studio):
    studio, window = open_studio(passed("P-7"), None, "P-7")
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    window.steps.start.numbers[8].click()
    window.steps.start.start.click()
    qtbot.waitUntil(lambda: window.steps.pain.isVisible(), timeout=WAIT_MS)

    assert studio.calibration.kind is None
    assert studio.snapshot() is None


@pytest.mark.usefixtures("living")
def test_another_person_is_asked_anew_and_gets_a_session_of_their_own(qtbot, open_studio, tmp_path):
    studio, window = open_studio(passed("P-7"), tmp_path, "P-7")
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    studio.people.choose("P-8")
    qtbot.waitUntil(lambda: window.steps.care.isVisible(), timeout=WAIT_MS)
    for question in CARE_QUESTIONS:
        studio.care.answer(question, yes=False)
    studio.care.go_on()
    studio.care.rate_pain(None)
    qtbot.waitUntil(lambda: studio.recording().recorded_s > 1.0, timeout=WAIT_MS)

    assert studio.recording().path is not None
    assert "P-8" in str(studio.recording().path)


def test_the_recordings_move_between_two_sessions(qtbot, open_studio, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    studio, _window = open_studio(Settings(), old)
    qtbot.waitUntil(lambda: studio.recording().recorded_s > 1.0, timeout=WAIT_MS)
    before = studio.recording().path
    assert before is not None
    studio.data.move(new)
    qtbot.waitUntil(lambda: bool(studio.data.moving and studio.data.moving.sentence), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: studio.recording().path not in (None, before), timeout=WAIT_MS)

    assert not old.exists()
    assert ends_well(new / before.name)
    assert studio.recording().path.parent == new
    archive.catch_up(new)
