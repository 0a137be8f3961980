"""``spikerbox:`` on the real pyserial and a pseudo terminal with the virtual box behind it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from serial.tools import list_ports

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceFormatError, SourceUriError
from drivers.registry import create
from drivers.spikerbox import driver as spikerbox
from drivers.spikerbox.driver import SpikerBoxDriver
from drivers.types import LinkState, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.devices.spikerbox import SpikerBoxDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spikerbox, "ANSWER_S", 0.2)
    monkeypatch.setattr(spikerbox, "FRAMES_S", 0.5)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "port"


@pytest.fixture
def plugged() -> Iterator[list[PtyDevice[SpikerBoxDevice]]]:
    """Whatever a test plugs in, to be unplugged after it."""
    devices: list[PtyDevice[SpikerBoxDevice]] = []
    yield devices
    for device in devices:
        device.close()


def plug(plugged: list[PtyDevice[SpikerBoxDevice]], port: Path, device: SpikerBoxDevice) -> PtyDevice[SpikerBoxDevice]:
    plugged.append(PtyDevice(device, port))
    return plugged[0]


def muscle_pro() -> SpikerBoxDevice:
    return SpikerBoxDevice("MSBPCDC", 2, 10_000.0, 10, waits_for_start=True)


def opened(port: Path, query: str = "") -> tuple[SpikerBoxDriver, Witness, StreamInfo]:
    driver = SpikerBoxDriver(parse_uri(f"spikerbox:{port}{query}", ["spikerbox"]))
    witness = Witness()
    try:
        (stream,) = driver.open(witness)
    except DriverError:
        driver.close()
        raise
    return driver, witness, stream


def is_part_of(samples: np.ndarray, truth: np.ndarray) -> bool:
    starts = np.flatnonzero((truth[: len(truth) - len(samples) + 1] == samples[0]).all(axis=1))
    return any((truth[k : k + len(samples)] == samples).all() for k in starts)


@pytest.mark.parametrize("device", [muscle_pro(), SpikerBoxDevice()], ids=["Muscle Pro", "Human"])
def test_it_keeps_the_promises_of_a_driver(
    device: SpikerBoxDevice, port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]
):
    plug(plugged, port, device)
    conformance.check(lambda: create(f"spikerbox:{port}"))


def test_every_sample_is_the_one_that_the_box_sent(port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]):
    device = muscle_pro()
    wire = plug(plugged, port, device)
    driver, witness, stream = opened(port)
    assert (stream.sfreq, stream.sfreq_known, stream.unit, stream.has_counter) == (10_000.0, False, "counts", False)
    assert (stream.full_scale, len(stream.ch_names)) == (511.0, 2)
    driver.start()
    assert witness.wait_for_blocks(30, PATIENCE_S), witness.states
    driver.close()
    samples = np.concatenate([block.samples for block in witness.blocks])
    assert is_part_of(samples, device.truth(0, len(samples) + 2000))
    wire.await_samples(wire.n_sent + 100)
    assert wire.commands.endswith(b"h:;\n")


def test_a_human_spikerbox_is_told_from_a_muscle_pro_by_its_own_answer(
    port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]
):
    wire = plug(plugged, port, SpikerBoxDevice())
    driver, _, stream = opened(port)
    driver.close()
    assert (stream.sfreq, stream.full_scale) == (5000.0, 8191.0)
    assert b"start" not in wire.commands
    assert b"h:" not in wire.commands


def test_a_shield_is_set_to_two_channels_and_shares_its_rate(port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]):
    plug(plugged, port, SpikerBoxDevice("MUSCLESS", 1, 10_050.0, 10))
    driver, _, stream = opened(port)
    driver.close()
    assert (len(stream.ch_names), stream.sfreq) == (2, 5025.0)


def test_a_shield_that_boots_when_its_port_is_opened_is_set_up_after_it(
    port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]
):
    plug(plugged, port, SpikerBoxDevice("MUSCLESS", 1, 10_050.0, 10, boots_s=0.2))
    driver, _, stream = opened(port, "?box=MUSCLESS&channels=3")
    driver.close()
    assert (len(stream.ch_names), stream.sfreq) == (3, 3350.0)


def test_a_stimulator_is_refused(port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]):
    plug(plugged, port, SpikerBoxDevice("HHIBOX", 1, 10_000.0, 10))
    with pytest.raises(SourceFormatError, match="never train beside a muscle or nerve stimulator"):
        opened(port)


def test_a_box_that_never_answers_can_be_named(port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]):
    plug(plugged, port, SpikerBoxDevice("", 1, 10_000.0, 10))
    with pytest.raises(SourceFormatError, match=r"does not answer as a SpikerBox would.*box="):
        opened(port)
    driver, _, stream = opened(port, "?box=hbleosb")
    driver.close()
    assert (len(stream.ch_names), stream.sfreq) == (1, 10_000.0)


def test_an_expansion_board_makes_the_stream_unavailable_until_it_is_out_again(
    port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]
):
    device = SpikerBoxDevice()
    plug(plugged, port, device)
    driver, witness, _ = opened(port)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    device.expand(4)
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.states[-1][1] is LinkState.UNAVAILABLE, PATIENCE_S)
    device.expand(2)
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 2, PATIENCE_S), witness.states
    driver.close()
    assert {block.samples.shape[1] for block in witness.blocks} == {2}


def test_a_message_in_the_middle_of_a_frame_costs_no_sample(port: Path, plugged: list[PtyDevice[SpikerBoxDevice]]):
    device = SpikerBoxDevice()
    plug(plugged, port, device)
    driver, witness, _ = opened(port)
    driver.start()
    assert witness.wait_for_blocks(5, PATIENCE_S)
    device.expand(2)
    assert witness.wait_for_blocks(len(witness.blocks) + 10, PATIENCE_S)
    driver.close()
    assert {block.n_lost for block in witness.blocks} == {0}


def test_a_box_that_waits_for_new_firmware_is_never_opened(monkeypatch: pytest.MonkeyPatch):
    boot = SimpleNamespace(device="/dev/ttyACM0", vid=0x2E73, pid=0x0005, product="", manufacturer="", serial_number="")
    monkeypatch.setattr(list_ports, "comports", lambda: [boot])
    with pytest.raises(SourceFormatError, match="waits for new firmware, and is left alone"):
        create("spikerbox:/dev/ttyACM0").open(Witness())
    assert not SpikerBoxDriver.scan(0.1)


def test_a_box_that_is_no_serial_device_is_refused_in_a_sentence():
    with pytest.raises(SourceFormatError, match="from before 2023"):
        create("spikerbox:/dev/hidraw0").open(Witness())


@pytest.mark.parametrize(("query", "said"), [("?box=HUMAN", "did you mean 'HUMANSB'"), ("?channels=7", "channels=7")])
def test_a_wrong_option_is_refused_by_name(query: str, said: str):
    with pytest.raises(SourceUriError, match=said):
        create(f"spikerbox:/dev/ttyACM0{query}")


def test_a_scan_is_sure_of_the_makers_own_numbers_alone(monkeypatch: pytest.MonkeyPatch):
    ports = [
        SimpleNamespace(device=f"/dev/ttyACM{k}", vid=vid, pid=pid, product="", manufacturer="", serial_number=str(k))
        for k, (vid, pid) in enumerate([(0x2E73, 0x0004), (0x0403, 0x6015), (0x2E73, 0x000A)])
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: sorted(ports, key=lambda port: port.device)[:1])
    assert [found.sure for found in SpikerBoxDriver.scan(0.1)] == [True]
    monkeypatch.setattr(list_ports, "comports", lambda: ports[1:2])
    assert [found.sure for found in SpikerBoxDriver.scan(0.1)] == [False]
    monkeypatch.setattr(list_ports, "comports", lambda: ports[2:])
    assert not SpikerBoxDriver.scan(0.1)
