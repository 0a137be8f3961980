"""``chords:`` on the real pyserial and a pseudo terminal with the virtual board behind it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from serial.tools import list_ports

from drivers import conformance
from drivers.chords import driver as chords
from drivers.chords.driver import ChordsDriver
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceFormatError, SourceUriError
from drivers.registry import create
from drivers.serial_port import SerialLine
from drivers.types import LinkState, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.devices.chords import ChordsDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newer boards answer at once: no need to wait as long as an AVR wants."""
    monkeypatch.setattr(chords, "SETTLE_S", 0.02)
    monkeypatch.setattr(chords, "ANSWER_S", 0.2)
    monkeypatch.setattr(chords, "MEASURE_S", 0.4)
    monkeypatch.setattr(chords, "FRAMES_S", 0.5)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "port"


@pytest.fixture
def plugged(port: Path) -> Iterator[list[PtyDevice[ChordsDevice]]]:
    """Whatever a test plugs in, to be unplugged after it."""
    devices: list[PtyDevice[ChordsDevice]] = []
    yield devices
    for device in devices:
        device.close()


def plug(plugged: list[PtyDevice[ChordsDevice]], port: Path, device: ChordsDevice) -> PtyDevice[ChordsDevice]:
    plugged.append(PtyDevice(device, port))
    return plugged[0]


def r4() -> ChordsDevice:
    return ChordsDevice("UNO-R4", 6, 500.0, 14, listens_s=0.0)


def opened(port: Path, query: str = "") -> tuple[ChordsDriver, Witness, StreamInfo]:
    driver = ChordsDriver(parse_uri(f"chords:{port}{query}", ["chords"]))
    witness = Witness()
    try:
        (stream,) = driver.open(witness)
    except DriverError:
        driver.close()
        raise
    return driver, witness, stream


def run(driver: ChordsDriver, witness: Witness, n_blocks: int = 10) -> np.ndarray:
    driver.start()
    assert witness.wait_for_blocks(n_blocks, PATIENCE_S), witness.states
    driver.stop()
    driver.close()
    return np.concatenate([block.samples for block in witness.blocks])


def is_part_of(samples: np.ndarray, truth: np.ndarray) -> bool:
    return any((truth[k : k + len(samples)] == samples).all() for k in range(len(truth) - len(samples) + 1))


@pytest.mark.usefixtures("quick")
def test_it_keeps_the_promises_of_a_driver(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, r4())
    conformance.check(lambda: create(f"chords:{port}"))


@pytest.mark.usefixtures("quick")
def test_every_sample_is_the_one_that_the_board_sent(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    device = r4()
    plug(plugged, port, device)
    driver, witness, stream = opened(port)
    assert (stream.sfreq, stream.sfreq_known, stream.unit, stream.lsb) == (500.0, False, "counts", (1.0,) * 6)
    assert (stream.full_scale, stream.spectrum_valid, stream.has_counter) == (8191.0, False, True)
    samples = run(driver, witness)
    assert is_part_of(samples, device.truth(0, len(samples) + 50))
    assert sum(block.n_lost for block in witness.blocks) == 0


def test_an_uno_that_takes_a_second_for_every_command_is_understood(
    port: Path, plugged: list[PtyDevice[ChordsDevice]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chords, "MEASURE_S", 0.5)
    plug(plugged, port, ChordsDevice("UNO-R3", 6, 250.0, 10, listens_s=1.0))
    driver, witness, stream = opened(port)
    assert (stream.sfreq, stream.full_scale, len(stream.ch_names)) == (250.0, 511.0, 6)
    run(driver, witness)
    assert LinkState.STALLED not in [state for _, state, _ in witness.states]


@pytest.mark.usefixtures("quick")
def test_a_board_that_boots_when_its_port_is_opened_is_asked_again(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, ChordsDevice("UNO-R4", 6, 500.0, 14, listens_s=0.0, boots_s=0.1))
    driver, _, stream = opened(port)
    driver.close()
    assert stream.sfreq == 500.0


@pytest.mark.usefixtures("quick")
def test_a_board_is_asked_at_both_speeds_without_opening_its_port_again(
    port: Path, plugged: list[PtyDevice[ChordsDevice]], monkeypatch: pytest.MonkeyPatch
):
    speeds: list[int] = []
    monkeypatch.setattr(SerialLine, "set_baud", lambda line, baud: speeds.append(baud))
    wire = plug(plugged, port, ChordsDevice(boots_s=1e6))
    with pytest.raises(SourceFormatError):
        opened(port)
    assert speeds == [115200, 115200, 230400, 230400]
    assert wire.commands == b"WHORU\n" * 4


@pytest.mark.usefixtures("quick")
def test_npg_lite_on_its_cable_has_as_many_channels_as_its_frames(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, ChordsDevice("NPG-LITE", 6, 500.0, 12, listens_s=0.0))
    driver, _, stream = opened(port)
    driver.close()
    assert len(stream.ch_names) == 6


@pytest.mark.usefixtures("quick")
def test_a_board_that_runs_at_half_the_published_rate_is_found_out(
    port: Path, plugged: list[PtyDevice[ChordsDevice]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(chords, "MEASURE_S", 1.0)
    plug(plugged, port, ChordsDevice("ESP32-S3", 16, 250.0, 12, listens_s=0.0))
    driver, _, stream = opened(port)
    driver.close()
    assert stream.sfreq == 250.0


@pytest.mark.usefixtures("quick")
def test_a_gain_makes_volts(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, r4())
    driver, witness, stream = opened(port, "?gain=2420")
    lsb = 5.0 / 16383 / 2420
    assert (stream.unit, stream.lsb) == ("V", (lsb,) * 6)
    steps = run(driver, witness) / np.float32(lsb)
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-2)


@pytest.mark.usefixtures("quick")
def test_a_board_of_an_unknown_name_says_so_and_can_be_named(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, ChordsDevice("MY-BOARD", 6, 500.0, 14, listens_s=0.0))
    with pytest.raises(SourceFormatError, match=r"calls itself 'MY-BOARD'.*board="):
        opened(port)
    driver, _, stream = opened(port, "?board=uno-r4")
    driver.close()
    assert stream.full_scale == 8191.0


@pytest.mark.usefixtures("quick")
def test_a_boot_banner_is_not_taken_for_the_name(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    plug(plugged, port, r4()).wire.garbage = b"ESP-ROM:esp32s3\r\nNOT A BOARD\r\n"
    driver, _, stream = opened(port)
    driver.close()
    assert stream.full_scale == 8191.0


class NoiseDevice:
    """Sends what is no protocol at all."""

    sfreq = 5000.0

    def __init__(self) -> None:
        self._rng = np.random.default_rng(5)

    def receive(self, data: bytes) -> bytes:
        return b""

    def samples(self, n: int) -> bytes:
        return self._rng.bytes(n)

    def truth(self, first: int, n: int) -> np.ndarray:
        raise NotImplementedError


@pytest.mark.usefixtures("quick")
def test_a_port_full_of_noise_is_refused_in_a_sentence(port: Path):
    noise = PtyDevice(NoiseDevice(), port)
    try:
        with pytest.raises(SourceFormatError, match="does not answer as a board"):
            opened(port)
        with pytest.raises(SourceFormatError, match="does not answer as a SpikerBox"):
            create(f"spikerbox:{port}").open(Witness())
    finally:
        noise.close()


@pytest.mark.usefixtures("quick")
def test_a_silent_port_is_refused_in_a_sentence_that_says_what_to_flash(
    port: Path, plugged: list[PtyDevice[ChordsDevice]]
):
    plug(plugged, port, r4()).wire.mute = True
    with pytest.raises(SourceFormatError, match="does not answer as a board with Chords firmware"):
        opened(port)


@pytest.mark.usefixtures("quick")
def test_after_a_replug_it_streams_again_in_a_new_epoch(port: Path, plugged: list[PtyDevice[ChordsDevice]]):
    wire = plug(plugged, port, r4())
    driver, witness, _ = opened(port)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    wire.unplug()
    with witness.watched:
        assert witness.watched.wait_for(
            lambda: LinkState.RECONNECTING in [state for _, state, _ in witness.states], PATIENCE_S
        )
    wire.plug()
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()


@pytest.mark.parametrize(("query", "said"), [("?board=UNO-R9", "did you mean 'UNO-R"), ("?gain=0", "gain=0")])
def test_a_wrong_option_is_refused_by_name(query: str, said: str):
    with pytest.raises(SourceUriError, match=said):
        create(f"chords:/dev/ttyUSB0{query}")


def test_a_scan_finds_boards_by_their_chip_and_is_never_sure(monkeypatch: pytest.MonkeyPatch):
    uno = SimpleNamespace(device="/dev/ttyACM0", vid=0x2341, pid=0x0043, product="", manufacturer="", serial_number="7")
    other = SimpleNamespace(device="/dev/ttyACM1", vid=1, pid=2, product="", manufacturer="", serial_number="8")
    monkeypatch.setattr(list_ports, "comports", lambda: [uno])
    (found,) = ChordsDriver.scan(0.1)
    assert (found.uri, found.key, found.sure) == ("chords:/dev/ttyACM0", "7", False)
    monkeypatch.setattr(list_ports, "comports", lambda: [other])
    assert not ChordsDriver.scan(0.1)
