from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from app.pipeline import doctor
from app.recording.folders import check_writable
from drivers import gatt, registry


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("power", "words"), [("mains", "charger is in"), ("battery", "on battery"), ("unknown", "does not tell")]
)
def test_the_power_state_is_told(monkeypatch, power, words):
    monkeypatch.setattr(doctor, "power", lambda: power)

    assert words in doctor.mains().detail


def test_a_port_that_this_user_may_not_open_is_named_with_the_step_that_mends_it(monkeypatch, tmp_path):
    port = tmp_path / "ttyUSB0"
    port.touch()
    monkeypatch.setattr("app.pipeline.doctor.list_ports.comports", lambda: [ListPortInfo(str(port))])
    assert doctor.serial_ports().works
    monkeypatch.setattr("os.access", lambda path, mode: False)
    finding = doctor.serial_ports()

    assert not finding.works
    assert str(port) in finding.detail
    assert "dialout" in finding.remedy


def test_bluetooth_that_cannot_be_used_is_told_with_the_step_that_mends_it(monkeypatch):
    monkeypatch.setattr(gatt, "problem", lambda: "Bluetooth is switched off: switch it on.")
    finding = doctor.bluetooth()
    assert not finding.works
    assert "switch it on" in finding.remedy
    monkeypatch.setattr(gatt, "problem", lambda: "")

    assert doctor.bluetooth().works


def test_a_computer_without_serial_ports_has_no_fault(monkeypatch):
    monkeypatch.setattr("app.pipeline.doctor.list_ports.comports", lambda: [])

    assert doctor.serial_ports() == doctor.Finding("Serial ports", works=True, detail="none plugged in")


def test_without_a_display_the_remedy_is_the_command_without_a_window():
    finding = doctor.display()

    assert not finding.works
    assert "glutewake live" in finding.remedy


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_any_display_will_do(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv(name, ":0")

    assert doctor.display().works


def test_a_missing_sound_library_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)

    assert "apt-get install libpulse0" in doctor.sound_library().remedy


def test_a_folder_that_cannot_be_written_to_is_a_finding_and_no_crash(tmp_path: Path):
    (tmp_path / "plain").touch()
    (finding,) = [one for one in doctor.examine(tmp_path / "plain", check_writable) if one.name == "Recordings"]

    assert not finding.works
    assert "is not a folder" in finding.detail


def test_every_driver_is_listed_and_a_broken_one_with_its_error(monkeypatch: pytest.MonkeyPatch):
    broken = registry.Entry("odd", None, "odd-plugin", "ImportError: no odd")
    real = registry.entry
    monkeypatch.setattr(registry, "schemes", lambda: ("sim", "odd"))
    monkeypatch.setattr(registry, "entry", lambda scheme: broken if scheme == "odd" else real(scheme))
    works, fails = doctor.drivers()

    assert works.works
    assert (fails.works, fails.detail) == (False, "ImportError: no odd")
    assert "odd-plugin" in fails.remedy


def test_a_computer_that_cannot_be_kept_awake_says_what_to_do(tmp_path):
    assert doctor.sleep(tmp_path).works

    finding = doctor.sleep(tmp_path / "none")
    assert not finding.works
    assert "by hand" in finding.remedy
