import ctypes
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PyQt6.QtDBus import QDBusConnection

from app.ui import awake
from app.ui.awake import WHO, WHY, Awake

WAIT_MS = 5000

if sys.platform == "linux":
    from tests.rigs.sleep_services import COOKIE, LOGIND, PORTAL, SCREENSAVER, SleepServices

needs_bus = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-daemon") is None, reason="D-Bus is for Linux, with its daemon"
)


@pytest.fixture
def on_bus(application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put services on a private bus, and let the code under test find them there."""
    opened = []

    def start(*names: str) -> "SleepServices":
        services = SleepServices(tmp_path, names)
        opened.append(services.__enter__())
        name = f"test {tmp_path}"
        monkeypatch.setattr(awake, "bus_of", lambda which: QDBusConnection.connectToBus(services.bus.address, name))
        return services

    yield start
    QDBusConnection.disconnectFromBus(f"test {tmp_path}")
    for services in opened:
        services.__exit__()


def members(services: "SleepServices") -> list[str]:
    return [member for member, _ in services.calls]


@needs_bus
def test_logind_is_asked_to_hold_off_idle_and_sleep(qtbot, on_bus):
    services = on_bus(LOGIND, PORTAL)
    keeper = Awake()
    keeper.hold()
    qtbot.waitUntil(services.logind_holds.is_set, timeout=WAIT_MS)
    assert ("org.freedesktop.login1.Manager.Inhibit", ["idle:sleep", WHO, WHY, "block"]) in services.calls
    qtbot.waitUntil(lambda: keeper.n_granted == 2, timeout=WAIT_MS)
    keeper.release()
    qtbot.waitUntil(lambda: not services.logind_holds.is_set(), timeout=WAIT_MS)


@needs_bus
def test_the_desktop_is_asked_through_its_portal_and_let_go(qtbot, on_bus):
    services = on_bus(LOGIND, PORTAL, SCREENSAVER)
    keeper = Awake()
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.n_granted == 2, timeout=WAIT_MS)
    keeper.release()
    qtbot.waitUntil(lambda: "org.freedesktop.portal.Request.Close" in members(services), timeout=WAIT_MS)
    asked = dict(services.calls)["org.freedesktop.portal.Inhibit.Inhibit"]
    assert asked[:2] == ["", 4 + 8]
    assert asked[2]["reason"].value == WHY
    assert not any("ScreenSaver" in member for member in members(services))


@needs_bus
def test_a_desktop_without_a_portal_is_asked_as_before(qtbot, on_bus):
    services = on_bus(LOGIND, SCREENSAVER)
    keeper = Awake()
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.n_granted == 2, timeout=WAIT_MS)
    keeper.release()
    back = ("org.freedesktop.ScreenSaver.UnInhibit", [COOKIE])
    qtbot.waitUntil(lambda: back in services.calls, timeout=WAIT_MS)
    assert keeper.why_not == ""


@needs_bus
def test_an_answer_that_comes_after_the_release_is_taken_back(qtbot, on_bus):
    services = on_bus(LOGIND, PORTAL)
    keeper = Awake()
    keeper.hold()
    keeper.release()
    qtbot.waitUntil(lambda: "org.freedesktop.portal.Request.Close" in members(services), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not services.logind_holds.is_set(), timeout=WAIT_MS)


@needs_bus
def test_a_computer_without_these_services_is_no_reason_not_to_train(qtbot, on_bus, caplog):
    on_bus()
    keeper = Awake()
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.why_not != "", timeout=WAIT_MS)
    keeper.release()
    assert "sleep is not held off" in caplog.text


@needs_bus
def test_holding_twice_asks_once(qtbot, on_bus):
    services = on_bus(LOGIND, PORTAL)
    keeper = Awake()
    keeper.hold()
    keeper.hold()
    qtbot.waitUntil(lambda: keeper.n_granted == 2, timeout=WAIT_MS)
    keeper.release()
    assert members(services).count("org.freedesktop.login1.Manager.Inhibit") == 1


@needs_bus
def test_without_a_bus_nothing_happens(application, monkeypatch):
    monkeypatch.setattr(awake, "bus_of", lambda which: QDBusConnection("there is none"))
    keeper = Awake()
    keeper.hold()
    keeper.release()
    assert keeper.why_not == "the desktop does not answer"


def test_windows_is_told_and_told_back(monkeypatch):
    told: list[int] = []

    def set_state(flags: int) -> int:
        told.append(flags)
        return 1

    kernel = SimpleNamespace(SetThreadExecutionState=set_state)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    keeper = Awake()
    keeper.hold()
    keeper.release()
    assert told == [0x80000003, 0x80000000]
    assert keeper.why_not == ""


def test_macos_keeps_its_own_program_running_until_the_release(monkeypatch):
    done: list[object] = []

    class Caffeinate:
        def __init__(self, command: list[str]) -> None:
            done.append(command[:3])

        def terminate(self) -> None:
            done.append("ended")

        def wait(self) -> None:
            done.append("gone")

    monkeypatch.setattr(subprocess, "Popen", Caffeinate)
    monkeypatch.setattr(sys, "platform", "darwin")
    keeper = Awake()
    keeper.hold()
    assert done == [["caffeinate", "-dis", "-w"]]
    keeper.release()
    assert done[1:] == ["ended", "gone"]


def test_a_system_nobody_knows_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "haiku")
    keeper = Awake()
    keeper.hold()
    keeper.release()
    assert "haiku" in keeper.why_not
