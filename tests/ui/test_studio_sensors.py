"""The studio exchanges sensors while its window stays, says what fails, and lets no wired sensor begin too early."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from app import sensor_desk as sensor_desk_module
from app import studio as studio_module
from app.care_desk import CareDesk
from app.pipeline import mains
from app.pipeline.build import SessionPlan
from app.pipeline.discovery import Choice, Finds, FoundDevice
from app.pipeline.programmes import load_programme
from app.settings import Sensor, Settings
from app.studio import Studio
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.theme import load_colours
from drivers.errors import SourceNotFoundError
from drivers.replay.formats.journal import open_journal
from drivers.simulator.driver import SimulatorDriver
from drivers.types import LinkState, Vitals

WAIT_MS = 30_000
LEFT = Sensor("sim:healthy?seed=2", {"left": 1}, name="First one")
BOTH = Sensor("sim:healthy?seed=3", {"left": 1, "right": 2}, name="Two channels")

OpenStudio = Callable[..., tuple[Studio, MainWindow]]


@pytest.fixture
def open_studio(application) -> Iterator[OpenStudio]:
    """Start studios in windows; they are closed afterwards."""
    with ExitStack() as stack:

        def make(
            uris: Sequence[str] = (), settings: Settings | None = None, record_in: Path | None = None
        ) -> tuple[Studio, MainWindow]:
            plan = SessionPlan(programme=load_programme("prone-ankle-squeeze"), skip_rests=False)
            studio = stack.enter_context(Studio(uris, plan, record_in, settings))
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


def names(studio: Studio) -> list[tuple[str, tuple[str, ...], LinkState]]:
    return [(unit.name, unit.sites, unit.state) for unit in studio.units()]


def session_of(path: Path) -> Mapping[str, object]:
    """The first line of a recording."""
    journal = open_journal(path)
    session = journal.carried.session
    journal.close()
    assert session is not None
    return session


def notes_of(path: Path) -> list[str]:
    """What was noted in a recording."""
    journal = open_journal(path)
    lines = [msgspec.json.decode(line) for line in journal.events]
    journal.close()
    return [line["text"] for line in lines if line["type"] == "note"]


def settings_with(*sensors: Sensor) -> Settings:
    settings = Settings()
    settings.remember(sensors)
    return settings


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Callable[[mains.Power], None]:
    """Make the simulated person a living one on a wire, and fake the power state."""
    monkeypatch.setattr(SimulatorDriver, "simulated", False)
    monkeypatch.setattr(SimulatorDriver, "isolation", "unknown")
    monkeypatch.setattr(CareDesk, "admits", lambda desk: True)

    def tell(power: mains.Power) -> None:
        monkeypatch.setattr(mains, "power", lambda: power)
        monkeypatch.setattr(studio_module, "power", lambda: power)

    return tell


def test_the_first_start_shows_the_simulated_person(qtbot, open_studio):
    studio, _ = open_studio()
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)

    assert studio.sign == "Simulated person"
    assert [unit.remembered for unit in studio.units()] == [False]


def test_a_later_start_opens_the_sensors_that_are_remembered(qtbot, open_studio):
    studio, _ = open_studio(settings=settings_with(BOTH))
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)

    assert names(studio) == [("Two channels", ("left", "right"), LinkState.STREAMING)]


def test_a_source_that_is_named_wins_over_what_is_remembered(qtbot, open_studio):
    studio, _ = open_studio(["sim:healthy?seed=9"], settings_with(BOTH))
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)

    assert studio.units()[0].uri == "sim:healthy?seed=9"


def test_sensors_are_exchanged_while_the_window_stays_and_both_sessions_are_recorded(qtbot, open_studio, tmp_path):
    studio, window = open_studio(["sim:healthy?seed=2"], Settings(tmp_path / "settings.toml"), tmp_path / "kept")
    qtbot.waitUntil(lambda: window._shown is not None and window._shown.t_s > 1.0, timeout=WAIT_MS)
    before = studio.recording().path
    assert studio.sensors.use(LEFT) == ""
    qtbot.waitUntil(lambda: Settings(tmp_path / "settings.toml").sensors == (LEFT,), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: names(studio) == [("First one", ("left",), LinkState.STREAMING)], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window._shown is not None and 0.0 < window._shown.t_s < 30.0, timeout=WAIT_MS)
    after = studio.recording().path

    assert window.isVisible()
    assert window._summary is None
    assert before != after
    assert window.train.cue.line.text != "The end"
    journal = open_journal(before)
    assert journal.duration_s > 1.0
    journal.close()


def test_a_sensor_that_is_not_there_says_so_on_its_card_and_may_be_tried_again(qtbot, open_studio, monkeypatch):
    def absent(driver, listener):
        raise SourceNotFoundError("There is no sensor in reach. Switch it on, then try again.")

    opened = SimulatorDriver.open
    monkeypatch.setattr(SimulatorDriver, "open", absent)
    monkeypatch.setattr(sensor_desk_module, "search", lambda timeout_s, kinds: iter([Finds()]))
    studio, window = open_studio(settings=settings_with(LEFT))
    window.show_page(1)
    card = window.sensors.cards["left"]
    qtbot.waitUntil(lambda: "no sensor in reach" in card.accessibleName(), timeout=WAIT_MS)
    assert card.again.isVisible()
    assert names(studio) == [("First one", ("left",), LinkState.UNAVAILABLE)]
    monkeypatch.setattr(SimulatorDriver, "open", opened)
    card.again.click()

    qtbot.waitUntil(lambda: names(studio)[0][2] is LinkState.STREAMING, timeout=WAIT_MS)


def test_a_sensor_under_another_port_is_found_by_its_serial_number(qtbot, open_studio, monkeypatch):
    opened = SimulatorDriver.open

    def open_if_there(driver, listener):
        if driver.uri.address == "sleepy-left":
            raise SourceNotFoundError("There is no such port.")
        return opened(driver, listener)

    moved = FoundDevice("Sim", "", "A1", (Choice("sim:healthy", "Simulator"),), True)
    monkeypatch.setattr(SimulatorDriver, "open", open_if_there)
    monkeypatch.setattr(sensor_desk_module, "search", lambda timeout_s, kinds: iter([Finds((moved,))]))
    settings = settings_with(Sensor("sim:sleepy-left?seed=2", {"left": 1}, "A1", "Mine"))
    studio, _ = open_studio(settings=settings)
    qtbot.waitUntil(lambda: names(studio) == [("Mine", ("left",), LinkState.STREAMING)], timeout=WAIT_MS)

    assert settings.sensors[0].uri == "sim:healthy?seed=2"


def test_a_remembered_sensor_whose_driver_is_gone_does_not_keep_the_window_from_opening(qtbot, open_studio):
    studio, _ = open_studio(settings=settings_with(Sensor("vanished:X", {"left": 1})))
    qtbot.waitUntil(lambda: studio.problem() is not None, timeout=WAIT_MS)

    assert "vanished" in studio.problem()
    assert names(studio) == [("vanished:X", ("left",), LinkState.UNAVAILABLE)]  # there to be forgotten
    studio.sensors.simulate()
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    assert not studio.problem()


def test_the_gui_goes_on_while_a_sensor_takes_its_time_to_open(qtbot, open_studio, monkeypatch):
    let_go, opened = threading.Event(), SimulatorDriver.open

    def slow(driver, listener):
        assert let_go.wait(30.0)
        return opened(driver, listener)

    monkeypatch.setattr(SimulatorDriver, "open", slow)
    studio, window = open_studio(settings=settings_with(LEFT))
    window.show_page(1)
    qtbot.waitUntil(lambda: window.sensors.cards["left"].unit is not None, timeout=WAIT_MS)
    assert names(studio) == [("First one", ("left",), LinkState.CONNECTING)]
    let_go.set()

    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)


def test_a_test_signal_is_said_at_the_top_and_on_the_card(qtbot, open_studio, monkeypatch):
    told = {"sim-healthy-2": Vitals(test_signal=True)}
    monkeypatch.setattr(SimulatorDriver, "vitals", property(lambda driver: told))
    studio, _ = open_studio(["sim:healthy?seed=2"])
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)

    assert studio.sign == "Test signal"
    assert studio.units()[0].vitals.test_signal


def test_no_sample_of_a_wired_sensor_comes_before_the_charger_is_out(qtbot, open_studio, wired, tmp_path):
    wired("mains")
    studio, window = open_studio(["sim:healthy?seed=2"], record_in=tmp_path)
    qtbot.waitUntil(lambda: window.steps.safety.isVisible(), timeout=WAIT_MS)
    assert window.steps.safety.power == "mains"
    wired("battery")
    qtbot.waitUntil(lambda: window.steps.safety.power == "battery", timeout=WAIT_MS)
    assert studio.snapshot() is None
    assert list(tmp_path.iterdir()) == []
    window.steps.safety.unplugged.click()
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not window.steps.safety.isVisible(), timeout=WAIT_MS)
    path = studio.recording().path
    studio.__exit__(None, None, None)

    assert session_of(path)["mains"] == "on-battery"
    assert mains.NOTES["on-battery"] in notes_of(path)


def test_an_answer_that_the_system_contradicts_begins_nothing(qtbot, open_studio, wired, monkeypatch):
    wired("mains")
    asked: list[int] = []
    studio, window = open_studio(["sim:healthy?seed=2"])
    qtbot.waitUntil(lambda: window.steps.safety.isVisible(), timeout=WAIT_MS)

    def power() -> mains.Power:
        asked.append(1)
        return "mains"

    monkeypatch.setattr(studio_module, "power", power)
    studio.answer_mains("on-battery")
    qtbot.waitUntil(lambda: len(asked) >= 3, timeout=WAIT_MS)  # once for the answer, then for the page again

    assert studio.snapshot() is None
    assert studio.mains_question() == "mains"


def test_an_isolator_lets_a_wired_sensor_begin_beside_the_charger(qtbot, open_studio, wired):
    wired("mains")
    studio, window = open_studio(["sim:healthy?seed=2"])
    qtbot.waitUntil(lambda: window.steps.safety.isVisible(), timeout=WAIT_MS)
    window.steps.safety.isolator.click()

    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)


def test_a_charger_that_is_plugged_in_later_is_told_and_kept(qtbot, open_studio, wired, monkeypatch, tmp_path):
    monkeypatch.setattr(mains, "LOOK_EVERY_S", 0.05)
    wired("battery")
    studio, window = open_studio(["sim:healthy?seed=2"], record_in=tmp_path)
    qtbot.waitUntil(lambda: window.steps.safety.isVisible(), timeout=WAIT_MS)
    window.steps.safety.unplugged.click()
    qtbot.waitUntil(lambda: studio.snapshot() is not None, timeout=WAIT_MS)
    wired("mains")
    qtbot.waitUntil(lambda: window.notice.sentence == mains.PLUGGED_IN, timeout=WAIT_MS)
    path = studio.recording().path
    studio.__exit__(None, None, None)

    assert mains.PLUGGED_IN in notes_of(path)


@pytest.mark.parametrize(
    ("uris", "remembered"), [((), {"left": 2, "right": 1}), (("sim:healthy?seed=9",), {"left": 1, "right": 2})]
)
def test_exchanged_sides_are_remembered_of_the_sensors_that_were_calibrated_alone(application, uris, remembered):
    settings = Settings()
    settings.remember([BOTH])
    studio = Studio(uris, SessionPlan(load_programme("free")), None, settings)
    studio._exchange(("sim:healthy?seed=9&map=left:2,right:1",))
    assert settings.sensors[0].sites == remembered
