from pathlib import Path

import pytest

from app.pipeline import doctor
from app.recording.folders import check_writable
from drivers import registry


@pytest.fixture(autouse=True)
def on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


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
