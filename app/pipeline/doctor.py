"""What works on this machine, what does not, and the step that mends it."""

import ctypes.util
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from serial.tools import list_ports

from app.pipeline.mains import Power, power
from drivers import registry
from drivers.types import Isolation


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    works : bool
    detail : str
        What was found, or what is wrong.
    remedy : str
        The step that mends it; empty if it works.
    """

    name: str
    works: bool
    detail: str
    remedy: str = ""


def examine(recordings: Path, check_writable: Callable[[Path], None]) -> Iterator[Finding]:
    """Look at everything that a session needs.

    Parameters
    ----------
    recordings : Path
        Where sessions are recorded.
    check_writable : callable
        Raises with a sentence where that folder cannot be written to.
    """
    yield Finding("Python", works=True, detail=f"{platform.python_version()} on {platform.platform(terse=True)}")
    yield display()
    yield sound_library()
    try:
        check_writable(recordings)
        yield Finding("Recordings", works=True, detail=str(recordings))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the folder is the finding
        yield Finding("Recordings", works=False, detail=str(error), remedy="Choose another folder with --record.")
    yield mains()
    yield sleep()
    yield serial_ports()
    yield bluetooth()
    yield from drivers()


def display() -> Finding:
    """Whether a window can be shown."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if os.environ.get("QT_QPA_PLATFORM"):
            return Finding("Display", works=True, detail=f"Qt platform {os.environ['QT_QPA_PLATFORM']}")
        return Finding(
            "Display",
            works=False,
            detail="there is no display",
            remedy="Start it from a desktop; 'glutewake live --source sim:waking-left' needs none.",
        )
    return Finding("Display", works=True, detail="found")


def sound_library() -> Finding:
    """Whether the system's sound library can be loaded."""
    if sys.platform == "linux" and ctypes.util.find_library("pulse") is None:
        return Finding(
            "Sound",
            works=False,
            detail="the library libpulse is missing: cues are shown only",
            remedy="Install it, on Debian with 'apt-get install libpulse0'.",
        )
    return Finding("Sound", works=True, detail="found")


_POWER: Final[dict[Power, str]] = {
    "battery": "on battery: a wired sensor may be used once the monitor and other mains devices are unplugged too",
    "mains": "the charger is in: before a wired sensor is used it must be unplugged, or an isolator lie in between",
    "unknown": "this computer does not tell: a wired sensor needs an isolator, or a laptop on its battery",
}


_ISOLATION: Final[dict[Isolation, str]] = {
    "wireless": "no cable to the computer",
    "isolated": "kept apart from the mains",
    "none": "wired to the computer",
    "unknown": "not known whether wired to the computer",
}


def mains() -> Finding:
    """Whether the computer hangs on the mains; no fault by itself, wireless sensors do not mind."""
    return Finding("Power", works=True, detail=_POWER[power()])


def sleep(locks: Path = Path("/run/systemd/inhibit")) -> Finding:
    """Whether sleep can be held off while a programme runs; on Linux `locks` is where logind keeps who does."""
    if sys.platform == "linux" and not locks.is_dir():
        return Finding(
            "Sleep",
            works=False,
            detail="there is no logind here that could be asked to wait for the end of a session",
            remedy="Switch automatic suspend and the screen saver off by hand while you train.",
        )
    return Finding("Sleep", works=True, detail="held off while a programme runs")


def serial_ports() -> Finding:
    """Which serial ports there are, and whether this user may open them."""
    ports = sorted(port.device for port in list_ports.comports())
    if not ports:
        return Finding("Serial ports", works=True, detail="none plugged in")
    closed = [port for port in ports if os.path.exists(port) and not os.access(port, os.R_OK | os.W_OK)]
    if closed:
        return Finding(
            "Serial ports",
            works=False,
            detail=f"This user may not open {', '.join(closed)}.",
            remedy="On Linux: sudo usermod -aG dialout $USER (uucp on some systems), then log out and in again.",
        )
    return Finding("Serial ports", works=True, detail=", ".join(ports))


def bluetooth() -> Finding:
    """Whether there is an adapter, switched on, that this user may use."""
    from drivers import gatt  # takes a quarter of a second that the other commands need not wait

    problem = gatt.problem()
    if problem:
        return Finding("Bluetooth", works=False, detail="cannot be used now", remedy=problem)
    return Finding("Bluetooth", works=True, detail="found")


def drivers() -> Iterator[Finding]:
    """Whether every driver loads, and how well each separates the person from the mains."""
    for scheme in registry.schemes():
        entry = registry.entry(scheme)
        if entry.driver is None:
            yield Finding(
                f"Driver '{scheme}:'", works=False, detail=entry.error, remedy=f"Reinstall or remove {entry.origin}."
            )
            continue
        detail = f"{entry.driver.name}, {_ISOLATION[entry.driver.isolation]}"
        yield Finding(f"Driver '{scheme}:'", works=True, detail=detail)
