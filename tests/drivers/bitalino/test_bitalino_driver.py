"""``bitalino:`` on the real pyserial and a pseudo terminal with the virtual device behind it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from serial.tools import list_ports

from drivers import conformance
from drivers.bitalino import driver as bitalino
from drivers.bitalino.driver import BitalinoDriver
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceFormatError, SourceUriError
from drivers.registry import create
from drivers.types import LinkState, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.devices.bitalino import BitalinoDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitalino, "ANSWER_S", 0.8)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "rfcomm0"


@pytest.fixture
def plugged() -> Iterator[list[PtyDevice[BitalinoDevice]]]:
    """Whatever a test plugs in, to be unplugged after it."""
    devices: list[PtyDevice[BitalinoDevice]] = []
    yield devices
    for device in devices:
        device.close()


Plugged = list[PtyDevice[BitalinoDevice]]


def plug(plugged: Plugged, port: Path, device: BitalinoDevice) -> PtyDevice[BitalinoDevice]:
    plugged.append(PtyDevice(device, port))
    return plugged[-1]


def opened(port: Path, query: str = "") -> tuple[BitalinoDriver, Witness, StreamInfo]:
    driver, witness = BitalinoDriver(parse_uri(f"bitalino:{port}{query}", ["bitalino"])), Witness()
    try:
        (stream,) = driver.open(witness)
    except DriverError:
        driver.close()
        raise
    return driver, witness, stream


def test_it_keeps_the_promises_of_a_driver(port: Path, plugged: Plugged):
    plug(plugged, port, BitalinoDevice())
    conformance.check(lambda: create(f"bitalino:{port}"))


@pytest.mark.parametrize(
    ("query", "command", "names"),
    [("", 0x0D, ("A1", "A2")), ("?channels=4,1", 0x25, ("A1", "A4")), ("?channels=3", 0x11, ("A3",))],
)
def test_every_sample_is_the_one_that_the_device_sent(
    port: Path, plugged: Plugged, query: str, command: int, names: tuple[str, ...]
):
    device = BitalinoDevice(stale=b"\xfe\xc3")
    plug(plugged, port, device)
    driver, witness, stream = opened(port, query)
    assert (stream.ch_names, stream.sfreq, stream.unit, stream.has_counter) == (names, 1000.0, "V", True)
    driver.start()
    assert witness.wait_for_blocks(20, PATIENCE_S), witness.states
    driver.close()
    truth = device.truth(0, 100_000)
    for block in witness.blocks:
        np.testing.assert_array_equal(block.samples, truth[block.first_index :][: block.n_samples])
    assert device.commands[:3] == [0x07, 0xC3, 0x0B]
    assert device.commands[3:] == [command, 0x00, 0x0B]


def test_only_the_question_for_the_version_is_sent_to_what_is_no_bitalino(port: Path, plugged: Plugged):
    device = BitalinoDevice(version=b"")
    plug(plugged, port, device)
    with pytest.raises(SourceFormatError, match="does not answer as a BITalino would"):
        opened(port)
    assert device.commands == [0x07]


def test_an_older_firmware_is_refused_by_its_version(port: Path, plugged: Plugged):
    plug(plugged, port, BitalinoDevice(version=b"BITalino_v4.1\n"))
    with pytest.raises(SourceFormatError, match=r"firmware 4\.1"):
        opened(port)


def test_a_device_that_a_crashed_program_left_streaming_is_stopped_first(port: Path, plugged: Plugged):
    device = BitalinoDevice()
    device.receive(b"\xfd")
    plug(plugged, port, device)
    driver, _, _ = opened(port)
    driver.close()
    assert device.commands[:5] == [0xFD, 0x07, 0x00, 0x07, 0xC3]


def test_the_battery_is_known_before_the_start_and_looked_at_after_the_stop(port: Path, plugged: Plugged):
    device = BitalinoDevice(battery_code=613)
    plug(plugged, port, device)
    driver, witness, stream = opened(port)
    before = driver.vitals[stream.stream_id].battery_pct
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    device.battery_code = 550
    driver.stop()
    after = driver.vitals[stream.stream_id].battery_pct
    driver.close()
    assert before == pytest.approx(69.4, abs=0.1)
    assert after == pytest.approx(18.5, abs=0.1)


def test_its_own_signal_is_marked_as_a_test_signal_and_nobodys(port: Path, plugged: Plugged):
    device = BitalinoDevice()
    plug(plugged, port, device)
    driver, witness, stream = opened(port, "?test=1")
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    vitals = driver.vitals[stream.stream_id]
    driver.close()
    assert device.simulates
    assert driver.simulated
    assert vitals.test_signal
    assert driver.carried.notes[0].startswith("TEST SIGNAL")


def test_a_real_signal_is_not_marked(port: Path, plugged: Plugged):
    plug(plugged, port, BitalinoDevice())
    driver, _, stream = opened(port)
    vitals = driver.vitals[stream.stream_id]
    driver.close()
    assert not driver.simulated
    assert not vitals.test_signal
    assert driver.carried.notes == ()


def test_frames_that_the_device_left_out_are_a_gap_of_that_length(port: Path, plugged: Plugged):
    device = BitalinoDevice()
    plug(plugged, port, device)
    driver, witness, _ = opened(port)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    device.skip = 7
    assert witness.wait_for_blocks(len(witness.blocks) + 5, PATIENCE_S)
    driver.close()
    assert sum(block.n_lost for block in witness.blocks) == 7


def test_it_streams_again_after_it_was_away(port: Path, plugged: Plugged):
    device = BitalinoDevice()
    wire = plug(plugged, port, device)
    driver, witness, _ = opened(port)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    wire.unplug()
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.states[-1][1] is LinkState.RECONNECTING, PATIENCE_S)
    device.is_streaming = False  # its battery was out
    wire.plug()
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()
    truth = device.truth(0, 100_000)
    for block in witness.blocks:
        np.testing.assert_array_equal(block.samples, truth[block.first_index :][: block.n_samples])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?channels=0", "channels=0"),
        ("?channels=1,1", "channels=1,1"),
        ("?channels=7", "from 1 to 6"),
        ("?channels=a", "channels=a"),
        ("?rate=500", "1000 or 100"),
        ("?test=2", "test=2"),
        ("?channel=1", "did you mean 'channels'"),
    ],
)
def test_a_wrong_option_is_refused_by_name(query: str, said: str):
    for scheme in ("bitalino", "bitalino+ble"):
        with pytest.raises(SourceUriError, match=said):
            create(f"{scheme}:somewhere{query}")


def test_a_scan_opens_nothing_and_is_sure_only_of_ports_that_bear_the_name(monkeypatch: pytest.MonkeyPatch):
    def listed(device: str, description: str, hwid: str) -> SimpleNamespace:
        return SimpleNamespace(device=device, description=description, hwid=hwid, manufacturer=None, serial_number=None)

    ports = [
        listed("/dev/cu.BITalino-12-34", "n/a", "n/a"),
        listed("/dev/rfcomm0", "n/a", "n/a"),
        listed("COM7", "Standard Serial over Bluetooth link", "BTHENUM\\{00001101-0000}"),
        listed("/dev/ttyUSB0", "FT231X", "USB VID:PID=0403:6015"),
    ]
    found = []
    for port in ports:
        monkeypatch.setattr(list_ports, "comports", lambda port=port: [port])
        found.append([(one.uri, one.sure) for one in BitalinoDriver.scan(0.1)])
    assert found == [
        [("bitalino:/dev/cu.BITalino-12-34", True)],
        [("bitalino:/dev/rfcomm0", False)],
        [("bitalino:COM7", False)],
        [],
    ]
