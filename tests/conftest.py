"""What every test stands on: no display needed, hypothesis without chance, and where the real recordings are."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"  # in which tests read what is said

import pytest
from hypothesis import settings

if TYPE_CHECKING:  # the fake BlueZ is for Linux alone
    from tests.rigs.air import Air

settings.register_profile("glutewake", derandomize=True, deadline=None, database=None)
settings.load_profile("glutewake")

EMG = Path(__file__).resolve().parents[1] / "../shared/data/emg"


@pytest.fixture(scope="session")
def emg_folder() -> Path:
    """The folder of real recordings; tests that need one are skipped where it is not there."""
    if not EMG.is_dir():
        pytest.skip("the real recordings are not here")
    return EMG.resolve()


@pytest.fixture
def air(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Air]":
    """Bluetooth without a radio: the real bleak finds the fake BlueZ of `tests.rigs.air`."""
    if sys.platform != "linux":
        pytest.skip("bleak speaks to D-Bus on Linux alone")
    if shutil.which("dbus-daemon") is None and "CI" not in os.environ:
        pytest.skip("there is no dbus-daemon here (Debian: apt-get install dbus)")
    from drivers import io_loop
    from tests.rigs.air import Air

    with Air(tmp_path) as there:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", there.bus.address)
        yield there
        io_loop.shutdown()  # the next test has another bus
