"""Anybody can try a sensor that is not there, by the line that ``scripts.virtual_device`` prints."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.command import REPOSITORY, Line

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a private D-Bus and pseudo terminals")
COLD_START_S = 3.0
EVERY_OTHER = (
    "bitalino",
    "bitalino+ble",
    "chords",
    "cyton",
    "ganglion",
    "ganglion A B",
    "myoware A B",
    "npg",
    "npg A B",
    "nus",
    "spikerbox",
    "umyo",
    "umyo+usb",
)


@contextmanager
def offered(*arguments: str) -> Iterator[str]:
    """Offer a device while the context lasts; yields the line to type."""
    command = [sys.executable, "-m", "scripts.virtual_device", *arguments]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline()
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20.0) == 0


def typed(line: str, *more: str) -> tuple[list[str], dict[str, str]]:
    """What a shell makes of the line: the command, and the environment."""
    words = shlex.split(line)
    program = words.index("glutewake")
    environment = dict(word.split("=", 1) for word in words[:program])
    return [sys.executable, "-m", "app", *words[program + 1 :], *more], {**os.environ, **environment}


def lines_of(line: str) -> list[Line]:
    """Type it, for a session of three seconds, and give what it says."""
    command, environment = typed(line, "--json", "--duration", "3")
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=50.0)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(text) for text in done.stdout.splitlines()]


def test_two_units_on_the_air_are_one_session_without_loss():
    with offered("umyo", "A", "B") as line:
        lines = lines_of(line)
    assert lines[0]["source"] == ["umyo:A", "umyo:B"]
    assert [channel["site"] for channel in lines[0]["channels"]] == ["left", "right"]
    assert lines[-1]["type"] == "summary"
    assert lines[-1]["lost_pct"] == 0.0


@pytest.mark.parametrize(
    "offer",
    ["text", *(pytest.param(offer, marks=pytest.mark.full) for offer in EVERY_OTHER)],
)
def test_whatever_is_offered_is_a_session(offer: str):
    with offered(*offer.split()) as line:
        lines = lines_of(line)
    assert lines[0]["source"][0].startswith(offer.split()[0])
    assert lines[-1]["type"] == "summary"
    assert not lines[-1]["lost_pct"]  # or not measurable


def test_a_scheme_that_is_not_offered_is_refused_with_those_that_are():
    command = [sys.executable, "-m", "scripts.virtual_device", "umio"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=50.0)
    assert done.returncode == 2
    assert "umyo" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.full
@pytest.mark.timeout(180)
def test_two_units_are_on_screen_three_seconds_after_a_cold_start():
    """From the start of Python to the first thing said of the muscles; the best of three, as computers are busy."""
    with offered("umyo", "A", "B") as line:
        assert min(cold_start_s(line) for _ in range(3)) <= COLD_START_S


def cold_start_s(line: str) -> float:
    """Seconds until a session that is started now shows its first state."""
    command, environment = typed(line, "--json", "--duration", "2")
    began_s = time.perf_counter()
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(text for text in process.stdout if json.loads(text)["type"] == "state")
        took_s = time.perf_counter() - began_s
        process.stdout.read()
    return took_s
