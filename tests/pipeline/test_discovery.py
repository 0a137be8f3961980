"""Searching: all drivers at once, one entry for one device, and the ambiguous named as such."""

import threading

import pytest

from app.pipeline.discovery import Finds, FoundDevice, is_same, locate, search, sites_of
from app.settings import Sensor
from drivers import gatt
from drivers.base import Driver
from drivers.errors import SourceBusyError
from drivers.types import DeviceInfo, Isolation


def family(
    name: str,
    *found: DeviceInfo,
    error: Exception | None = None,
    simulated: bool = False,
    isolation: Isolation = "unknown",
) -> type[Driver]:
    def scan(cls, timeout_s: float):
        if error is not None:
            raise error
        return found

    return type(
        name, (Driver,), {"name": name, "simulated": simulated, "isolation": isolation, "scan": classmethod(scan)}
    )


def found(*kinds: type[Driver]) -> Finds:
    *_, last = search(0.1, kinds)
    return last


CHIP = DeviceInfo("text:/dev/ttyUSB0", "USB Serial", "/dev/ttyUSB0", sure=False)


def test_a_chip_that_sits_in_many_devices_is_one_entry_with_the_drivers_to_choose_from():
    other = DeviceInfo("spikerbox:/dev/ttyUSB0", "USB Serial", sure=False)
    (device,) = found(family("Text", CHIP), family("SpikerBox", other)).devices

    assert not device.sure
    assert {(choice.uri, choice.family) for choice in device.choices} == {
        ("text:/dev/ttyUSB0", "Text"), ("spikerbox:/dev/ttyUSB0", "SpikerBox"),
    }  # fmt: skip


def test_a_driver_that_is_sure_wins():
    sure = DeviceInfo("cyton:/dev/ttyUSB0", "OpenBCI Cyton", key="DM00Q0")
    (device,) = found(family("Text", CHIP), family("OpenBCI", sure)).devices

    assert device.sure
    assert (device.uri, device.name, device.key) == ("cyton:/dev/ttyUSB0", "OpenBCI Cyton", "DM00Q0")
    assert len(device.choices) == 1


def test_two_drivers_that_are_both_sure_leave_it_to_the_user():
    devices = found(family("A", DeviceInfo("a:/dev/x", "A")), family("B", DeviceInfo("b:/dev/x", "B"))).devices

    assert [(len(device.choices), device.sure) for device in devices] == [(2, False)]


def test_two_names_of_one_serial_number_are_one_device():
    devices = found(
        family("A", DeviceInfo("a:/dev/cu.x", "A", key="1")), family("B", DeviceInfo("b:/dev/tty.x", "B", key="1"))
    ).devices

    assert len(devices) == 1


def test_strength_and_charge_are_taken_from_whoever_knows_them():
    plain = DeviceInfo("umyo:AA", "uMyo", key="AA")
    heard = DeviceInfo("umyo:AA", "uMyo", key="AA", rssi_dbm=-58, battery_pct=78.0)
    (device,) = found(family("A", plain), family("B", heard)).devices

    assert (device.rssi_dbm, device.battery_pct) == (-58, 78.0)


def test_what_keeps_one_family_from_being_found_is_said_and_the_others_are_found():
    off = SourceBusyError("Bluetooth is off; switch it on.")
    result = found(family("A", error=off), family("B", error=off), family("Text", CHIP))

    assert result.problems == ("Bluetooth is off; switch it on.",)
    assert len(result.devices) == 1


def test_a_radio_that_cannot_be_used_is_said_though_its_families_find_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gatt, "problem", lambda: "Bluetooth is off; switch it on.")
    radio = [family("A", isolation="wireless"), family("B", isolation="wireless")]

    assert found(*radio, family("Text", CHIP)).problems == ("Bluetooth is off; switch it on.",)
    assert found(family("Text", CHIP)).problems == ()


def test_what_is_sure_stands_before_what_is_not():
    sure = DeviceInfo("umyo:AA", "uMyo", key="AA")
    person = family("Sim", DeviceInfo("sim:healthy", "Simulator"), simulated=True)

    names = [device.name for device in found(person, family("Text", CHIP), family("uMyo", sure)).devices]
    assert names == ["uMyo", "USB Serial", "Simulator"]


def test_two_drivers_of_one_name_both_look():
    wire = family("BITalino", DeviceInfo("bitalino:/dev/x", "BITalino"))
    radio = family("BITalino", DeviceInfo("bitalino+ble:AA", "BITalino"))

    assert len(found(wire, radio).devices) == 2


def test_a_plugin_that_breaks_while_it_looks_disturbs_nobody():
    result = found(family("Broken", error=RuntimeError("boom")), family("Text", CHIP))

    assert len(result.devices) == 1
    assert "Broken" in result.problems[0]
    assert "boom" not in result.problems[0]


def test_a_driver_that_never_comes_back_is_named_and_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.pipeline.discovery.GRACE_S", 0.1)
    let_go = threading.Event()
    hanging = family("Hanging")
    monkeypatch.setattr(hanging, "scan", lambda timeout_s: let_go.wait(30.0) and [])
    result = found(hanging, family("Text", CHIP))
    let_go.set()

    assert result.done
    assert len(result.devices) == 1
    assert "Hanging" in result.problems[0]


def test_what_is_found_first_is_told_first(monkeypatch: pytest.MonkeyPatch):
    both = threading.Barrier(2, timeout=5.0)
    slow = family("Slow")

    def scan(timeout_s: float) -> list[DeviceInfo]:
        both.wait()
        return [DeviceInfo("slow:x", "Slow")]

    monkeypatch.setattr(slow, "scan", scan)
    told = search(5.0, [family("Text", CHIP), slow])
    first = next(told)
    both.wait()

    assert [device.name for device in first.devices] == ["USB Serial"]
    assert not first.done
    assert [device.name for device in next(told).devices] == ["Slow", "USB Serial"]


def device(uri: str, key: str = "") -> FoundDevice:
    return found(family("A", DeviceInfo(uri, "A", key=key))).devices[0]


def test_a_remembered_sensor_is_known_by_its_key_under_any_port():
    sensor = Sensor("cyton:/dev/ttyUSB0?rate=1000", {"left": 1}, key="DM00Q0")
    moved = device("cyton:/dev/ttyUSB3", "DM00Q0")

    assert sites_of(moved, [sensor]) == ("left",)
    assert locate(sensor, [moved]).uri == "cyton:/dev/ttyUSB3?rate=1000"


def test_a_sensor_without_a_key_is_known_by_its_port_and_never_moved():
    sensor = Sensor("text:/dev/ttyUSB0", {"left": 1})

    assert is_same(sensor, device("text:/dev/ttyUSB0"))
    assert not is_same(sensor, device("text:/dev/ttyUSB0", key="another"))
    assert locate(sensor, [device("text:/dev/ttyUSB9")]) is sensor


def test_scenarios_of_the_simulator_are_told_apart_from_devices():
    devices = found(family("Sim", DeviceInfo("sim:healthy", "Simulator"), simulated=True)).devices

    assert devices[0].simulated
