"""The way from the mains to the electrodes: who needs care, and what the system tells."""

from collections import namedtuple

import psutil
import pytest

from app.pipeline import mains
from drivers import registry
from drivers.errors import DriverError
from drivers.types import Isolation

Battery = namedtuple("Battery", "power_plugged")


def tells(monkeypatch: pytest.MonkeyPatch, battery: object) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)


@pytest.mark.parametrize(
    ("battery", "power"),
    [(Battery(True), "mains"), (Battery(False), "battery"), (Battery(None), "unknown"), (None, "unknown")],
)
def test_the_power_state_is_what_the_system_tells(monkeypatch: pytest.MonkeyPatch, battery: object, power: str):
    tells(monkeypatch, battery)

    assert mains.power() == power


def test_a_system_that_knows_no_battery_is_unknown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)

    assert mains.power() == "unknown"


@pytest.mark.parametrize(
    ("isolation", "care"), [("none", True), ("unknown", True), ("isolated", False), ("wireless", False)]
)
def test_care_is_needed_where_isolation_is_not_known(monkeypatch: pytest.MonkeyPatch, isolation: Isolation, care: bool):
    driver = registry.create("text:/dev/ttyUSB0")
    monkeypatch.setattr(type(driver), "isolation", isolation)

    assert mains.needs_care([registry.create("sim:healthy"), driver]) is care


def test_nobody_hangs_on_a_simulated_sensor(monkeypatch: pytest.MonkeyPatch):
    driver = registry.create("sim:healthy")
    monkeypatch.setattr(type(driver), "isolation", "none")

    assert not mains.needs_care([driver])


def test_a_command_may_begin_on_battery_or_behind_an_isolator_alone(monkeypatch: pytest.MonkeyPatch):
    tells(monkeypatch, Battery(False))
    assert mains.permit(isolator_confirmed=False) == "on-battery"
    for battery in (Battery(True), None):
        tells(monkeypatch, battery)
        assert mains.permit(isolator_confirmed=True) == "isolator"
        with pytest.raises(DriverError, match="Unplug the charger") as refused:
            mains.permit(isolator_confirmed=False)
        assert "--isolator-confirmed" in refused.value.sentence


def test_a_charger_that_comes_and_goes_is_told_once_each(monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    tells(monkeypatch, Battery(False))
    watch = mains.MainsWatch([said.append])
    for plugged in (False, True, True, False, None, False):
        tells(monkeypatch, Battery(plugged))
        watch.look()

    assert said == [mains.PLUGGED_IN, mains.UNPLUGGED]
