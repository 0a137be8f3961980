"""Before a living person's first sample: the check, the pain, the stop words; nobody else is asked anything."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from app.session.care import CARE_QUESTIONS, CareCheck
from app.settings import Settings
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.replay.formats.journal import open_journal
from drivers.simulator.driver import SimulatorDriver

WAIT_MS = 20_000
SOURCE = "sim:healthy?seed=2&speed=5"
PASSED = dict.fromkeys(CARE_QUESTIONS, False)

OpenStudio = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_studio(application) -> Iterator[OpenStudio]:
    """Start studios in windows; they are closed afterwards."""
    with ExitStack() as stack:

        def make(settings: Settings, record_in: Path | None = None) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=load_programme("prone-ankle-squeeze"), skip_rests=False, person="P-014")
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


def lines_of(path: Path) -> list[dict[str, object]]:
    """The events of a recording."""
    journal = open_journal(path)
    lines = [msgspec.json.decode(line) for line in journal.events]
    journal.close()
    return lines


def settings_with(check: CareCheck) -> Settings:
    settings = Settings()
    settings.keep_care(check)
    return settings


@pytest.mark.usefixtures("living")
def test_no_sample_of_a_living_person_comes_before_the_check_and_its_answers_are_kept(qtbot, open_studio, tmp_path):
    path = tmp_path / "settings.toml"
    studio, window = open_studio(Settings(path), tmp_path / "kept")
    qtbot.waitUntil(lambda: window.steps.care.isVisible(), timeout=WAIT_MS)
    for question in CARE_QUESTIONS:
        studio.care.answer(question, yes=False)
    studio.care.go_on()
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    assert studio.snapshot() is None
    assert not (tmp_path / "kept").exists()
    studio.care.rate_pain(3)
    qtbot.waitUntil(lambda: studio.snapshot() is not None and window.steps.shown is None, timeout=WAIT_MS)
    recording = studio.recording().path
    assert studio.care.ask_after()
    studio.care.rate_pain(4)
    studio.__exit__(None, None, None)

    assert Settings(path).care_of("P-014") == CareCheck(PASSED, "P-014")
    pains = [line["value"] for line in lines_of(recording) if line["type"] == "rating" and line["kind"] == "pain"]
    assert pains == [3, 4]


@pytest.mark.usefixtures("living")
def test_what_a_therapist_cleared_is_noted_in_the_session(qtbot, open_studio, tmp_path):
    cleared = CareCheck({**PASSED, "skin": True}, "P-014", cleared="2026-11-20")
    studio, _ = open_studio(settings_with(cleared), tmp_path)
    qtbot.waitUntil(lambda: studio.care.step == "pain-before", timeout=WAIT_MS)
    studio.care.rate_pain(None)
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    recording = studio.recording().path
    studio.__exit__(None, None, None)

    lines = lines_of(recording)
    assert any("cleared on 2026-11-20" in str(line.get("text")) for line in lines)
    assert not any(line["type"] == "rating" for line in lines)


@pytest.mark.usefixtures("living")
def test_much_pain_begins_nothing(qtbot, open_studio):
    studio, window = open_studio(settings_with(CareCheck(PASSED, "P-014")))
    qtbot.waitUntil(lambda: window.steps.start.isVisible(), timeout=WAIT_MS)
    studio.care.rate_pain(6)
    qtbot.waitUntil(lambda: window.steps.pain.step == "today-ends", timeout=WAIT_MS)
    assert studio.snapshot() is None


@pytest.mark.usefixtures("living")
def test_pain_that_rose_by_two_ends_the_day_and_the_window_can_be_closed(qtbot, open_studio):
    studio, window = open_studio(settings_with(CareCheck(PASSED, "P-014")))
    qtbot.waitUntil(lambda: studio.care.step == "pain-before", timeout=WAIT_MS)
    studio.care.rate_pain(1)
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    studio.care.ask_after()
    studio.care.rate_pain(3)
    qtbot.waitUntil(lambda: window.steps.pain.step == "today-ends", timeout=WAIT_MS)
    window.steps.pain.go_on.click()
    assert not window.isVisible()


def test_a_simulated_person_is_asked_nothing_before_or_after(qtbot, open_studio):
    studio, window = open_studio(Settings())
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    assert window.steps.shown is None
    assert not studio.care.ask_after()
