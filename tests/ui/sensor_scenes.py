"""The Sensors page and the step about the mains in each of their states, with invented devices."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.pipeline.condition import Sync
from app.pipeline.discovery import Choice, Finds, FoundDevice
from app.pipeline.flow import FlowView
from app.pipeline.units import UnitView
from app.recording.status import RecordingStatus
from app.session.contact import TEXTS
from app.session.events import Side, Verdict
from app.settings import Sensor
from app.ui.main_window import MainWindow
from drivers.types import LinkState, Vitals
from tests.rigs.electrodes import electrode, humming, raw
from tests.ui.scenes import NOT_YET, SCENES, StagedSource
from tests.ui.staged_desks import StagedSensors

LEFT = Sensor("umyo:E7:3F:2A", {"left": 1}, "E7:3F:2A", "uMyo 3F2A")
RIGHT = Sensor("umyo:D1:91:C4", {"right": 1}, "D1:91:C4", "uMyo 91C4")


def unit(side: Side, verdict: Verdict = "ok", **changes: Any) -> UnitView:
    """One unit of two, streaming."""
    sensor = LEFT if side == "left" else RIGHT
    flow = FlowView(sensor.uri, 0.2, 0.0 if side == "left" else 0.2, 1136.4, 3.2)
    return replace(
        UnitView(
            uri=sensor.uri, name=sensor.name, remembered=True, sites=(side,), state=LinkState.STREAMING, since_ns=1,
            vitals=Vitals(battery_pct=78.0, rssi_dbm=-58 if side == "left" else -74), flow=flow,
            contacts={side: (verdict, TEXTS[verdict])}, rest_uv={side: 3.1},
        ), **changes,
    )  # fmt: skip


BOTH = (unit("left"), unit("right", "hum"))
UMYO_LEFT = FoundDevice(
    "uMyo 3F2A", "E7:3F:2A", "E7:3F:2A", (Choice(LEFT.uri, "uMyo"),), True, rssi_dbm=-58, battery_pct=78.0
)
UMYO_RIGHT = FoundDevice(
    "uMyo 91C4", "D1:91:C4", "D1:91:C4", (Choice(RIGHT.uri, "uMyo"),), True, rssi_dbm=-84, battery_pct=41.0
)
GANGLION = FoundDevice("Ganglion-58f3", "F0:58", "F0:58", (Choice("ganglion:F0:58", "OpenBCI Ganglion"),), True, -66)
UNSURE = FoundDevice(
    "USB Serial", "/dev/ttyUSB0 1a86:7523", "",
    (
        Choice("chords:/dev/ttyUSB0", "BioAmp on Arduino"), Choice("spikerbox:/dev/ttyUSB0", "SpikerBox"),
        Choice("text:/dev/ttyUSB0", "Plain text lines"),
    ),
    sure=False,
)  # fmt: skip
FOUND = Finds((UMYO_LEFT, UMYO_RIGHT, GANGLION, UNSURE), done=True)
BLUETOOTH_OFF = "Bluetooth is switched off. Switch it on in the system's settings, then search again."


def source(*units: UnitView, finds: Finds | None = None, remembered: tuple[Sensor, ...] = ()) -> StagedSource:
    """A session with these units."""
    sensors = StagedSensors(finds or Finds(), remembered)
    return StagedSource(sensors=sensors, unit_views=units, status=RecordingStatus("off"))


def with_two() -> StagedSource:
    """Both sides connected and in use."""
    staged = source(*BOTH, finds=FOUND, remembered=(LEFT, RIGHT))
    staged.clocks = Sync(4.0, None)
    staged.now = SCENES["train-together"]
    return staged


def _faults() -> StagedSource:
    lost = replace(
        unit("left"), state=LinkState.RECONNECTING, flow=None, contacts={},
        reason="The left unit is out of reach or off. Bring it near and switch it on; it comes back by itself.",
    )  # fmt: skip
    wired = replace(
        unit("right"), name="BioAmp", vitals=Vitals(latency_timer_ms=16.0, test_signal=False),
        flow=FlowView("r", None, None, 498.9, 17.0),
    )  # fmt: skip
    staged = source(lost, wired, remembered=(LEFT, RIGHT))
    staged.clocks = Sync(None, 8.0)
    return staged


def _refused() -> StagedSource:
    reason = "There is no uMyo 3F2A in reach. Switch it on, bring it near, then try again."
    refused = replace(unit("left"), state=LinkState.UNAVAILABLE, reason=reason, flow=None, contacts={})
    staged = source(refused, remembered=(LEFT,))
    staged.now = None
    return staged


def _test_signal() -> StagedSource:
    vitals = Vitals(battery_pct=12.0, test_signal=True)
    return source(unit("left", vitals=vitals), unit("right"), remembered=(LEFT, RIGHT))


def _simulated() -> StagedSource:
    both = UnitView(
        "sim:waking-left", "Simulated person", False, ("left", "right"), LinkState.STREAMING, since_ns=1,
        simulated=True, flow=FlowView("s", 0.0, 0.0, 1000.0, 0.0), contacts={"left": ("ok", ""), "right": ("ok", "")},
        rest_uv={"left": 3.1, "right": 2.8},
    )  # fmt: skip
    staged = source(both)
    staged.now = replace(NOT_YET, simulated=True)
    return staged


def _at_the_mains() -> StagedSource:
    staged = source()
    staged.now, staged.power = None, "mains"
    return staged


def _off_the_mains() -> StagedSource:
    staged = _at_the_mains()
    staged.power = "battery"
    return staged


def _unknown_mains() -> StagedSource:
    staged = _at_the_mains()
    staged.power = "unknown"
    return staged


def stay(window: MainWindow) -> None:
    """Show the page as it is."""


def _raw() -> StagedSource:
    staged = with_two()
    staged.electrode_views = (electrode(), humming())
    return staged


def _raw_with_helpers() -> StagedSource:
    staged = with_two()
    helpers = (electrode("hamstring-left", raw(4.0)), electrode("hamstring-right", raw(9.0), "movement"))
    lost = raw(3.0, squeeze_uv=30.0)
    lost[700:1300] = float("nan")
    staged.electrode_views = (electrode(samples=lost, verdict="no-contact"), humming(), *helpers)
    return staged


def look_raw(window: MainWindow) -> None:
    """Show the electrodes raw."""
    window.sensors.show_view("expert")


def ask_about_pads(window: MainWindow) -> None:
    """Ask what the pads are."""
    window.sensors.ask_about_pads()


def find(window: MainWindow) -> None:
    """Show what was found."""
    window.sensors.search()


def ask_unsure(window: MainWindow) -> None:
    """Ask which device it is and where it lies."""
    window.sensors.ask_about(UNSURE)


def ask_many(window: MainWindow) -> None:
    """Ask about a device with channels for both sides and a helper."""
    window.sensors.ask_about(GANGLION)
    form = window.sensors.assign.form
    form.lies[2].click()
    form.more.click()
    form._put(2, "hamstring-left")


def show(muscle: str) -> Callable[[MainWindow], None]:
    """Show where the pads of a muscle go."""
    return lambda window: window.sensors.placement.show_muscle(muscle)


def turn(times: int) -> Callable[[MainWindow], None]:
    """Show a later chapter of the guide."""

    def act(window: MainWindow) -> None:
        for _ in range(times):
            window.sensors.placement.turn()

    return act


@dataclass(frozen=True)
class SensorScene:
    """A source, and what is done on the page."""

    source: Callable[[], StagedSource]
    act: Callable[[MainWindow], None] = stay


SENSOR_SCENES: dict[str, SensorScene] = {
    "sensors": SensorScene(with_two),
    "sensors-first": SensorScene(_simulated),
    "sensors-searching": SensorScene(lambda: source(finds=Finds((UMYO_LEFT,), done=False)), find),
    "sensors-found": SensorScene(lambda: source(finds=FOUND, remembered=(LEFT, RIGHT)), find),
    "sensors-nothing": SensorScene(lambda: source(finds=Finds((), (BLUETOOTH_OFF,))), find),
    "sensors-which": SensorScene(lambda: source(finds=FOUND), ask_unsure),
    "sensors-channels": SensorScene(lambda: source(finds=FOUND), ask_many),
    "sensors-fault": SensorScene(_faults),
    "sensors-refused": SensorScene(_refused),
    "sensors-test-signal": SensorScene(_test_signal),
    "sensors-medius": SensorScene(with_two, show("gluteus-medius")),
    "sensors-quad": SensorScene(with_two, show("quad")),
    "sensors-raw": SensorScene(_raw, look_raw),
    "sensors-raw-helpers": SensorScene(_raw_with_helpers, look_raw),
    "sensors-pads": SensorScene(with_two, ask_about_pads),
    "sensors-skin": SensorScene(with_two, turn(1)),
    "sensors-cables": SensorScene(with_two, turn(2)),
    "mains-in": SensorScene(_at_the_mains),
    "mains-out": SensorScene(_off_the_mains),
    "mains-unknown": SensorScene(_unknown_mains),
}
