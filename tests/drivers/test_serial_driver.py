"""`SerialDriver` and `SerialLine`: what every family on a wire may rely on."""

import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers import serial_port
from drivers.codec import Chunk, Codec
from drivers.conformance import Witness
from drivers.errors import SourceFormatError, SourceUriError
from drivers.link import LinkTimes
from drivers.serial_driver import SerialDriver, UsbId
from drivers.serial_port import SerialLine, latency_timer_ms, locate, open_port
from drivers.types import Isolation, LinkState, StreamInfo, Vitals
from drivers.uri import SourceUri, parse_uri
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0


class Echo:
    """Tells its name when asked, and sends its commands back in between; one byte a sample once it was told to."""

    sfreq = 500.0

    def __init__(self, name: bytes = b"ECHO2") -> None:
        self.name = name
        self.is_streaming = False

    def receive(self, data: bytes) -> bytes:
        self.is_streaming = data.endswith(b"b") or (self.is_streaming and not data.endswith(b"s"))
        return self.name + b"\nrest" if data == b"?" else b""

    def samples(self, n: int) -> bytes:
        return b"\x01" * n if self.is_streaming else b""

    def truth(self, first: int, n: int) -> np.ndarray:
        return np.ones((n, 1), np.float32)


class ByteCodec:
    def __init__(self) -> None:
        self.n_damaged = 0
        self._next = 0

    def restart(self) -> None:
        self._next = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        if not data:
            return []
        samples = np.frombuffer(data, np.uint8).astype(np.float32)[:, np.newaxis]
        first, self._next = self._next, self._next + len(samples)
        return [Chunk(samples, first, arrival_ns)]


class EchoDriver(SerialDriver):
    name: ClassVar[str] = "Echo"
    schemes: ClassVar[tuple[str, ...]] = ("echo",)
    isolation: ClassVar[Isolation] = "unknown"
    options: ClassVar[tuple[str, ...]] = ("gain",)
    default_baud: ClassVar[int] = 9600
    usb_ids: ClassVar[tuple[UsbId, ...]] = (
        UsbId(0x2E73, 0x0004),
        UsbId(0x0403, 0x6015, sure=False),
        UsbId(0x1234, 0x0001, product="Echo"),
    )

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self.threads: list[str] = []

    def greet(self, line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        self.threads.append(threading.current_thread().name)
        line.write(b"?")
        name = line.read_until(b"\n", 0.3).strip()
        self.tell(Vitals(battery_pct=50.0))
        return ByteCodec(), [StreamInfo(self.stream_id(), 500.0, ("emg",), unit="counts", lsb=(float(name[4:]),))]

    def begin(self, line: SerialLine) -> None:
        line.write(b"b")

    def end(self, line: SerialLine) -> None:
        line.write(b"s")
        line.drain(0.05)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyDevice[Echo]]:
    made = PtyDevice(Echo(), tmp_path / "port")
    yield made
    made.close()


@pytest.fixture
def driver(device: PtyDevice[Echo]) -> Iterator[EchoDriver]:
    made = EchoDriver(parse_uri(f"echo:{device.link}", ["echo"]))
    yield made
    made.close()


@pytest.fixture
def line(device: PtyDevice[Echo]) -> Iterator[SerialLine]:
    made = SerialLine(open_port(str(device.link), 9600), str(device.link), "Echo")
    yield made
    made.close()


def await_state(witness: Witness, state: LinkState, words: str = "") -> None:
    def told() -> bool:
        return any(said is state and words in reason for _, said, reason in witness.states)

    with witness.watched:
        assert witness.watched.wait_for(told, PATIENCE_S), witness.states


def test_a_device_is_told_to_send_only_at_the_start_and_to_stop_at_the_end(device: PtyDevice[Echo], driver: EchoDriver):
    witness = Witness()
    driver.open(witness)
    assert device.commands == b"?"
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    driver.stop()
    assert device.commands == b"?bs"
    assert {float(value) for block in witness.blocks for value in block.samples[:, 0]} == {1.0}


def test_a_device_is_greeted_again_after_a_replug_on_the_thread_of_its_port(
    device: PtyDevice[Echo], driver: EchoDriver
):
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    device.unplug()
    await_state(witness, LinkState.RECONNECTING)
    device.plug()
    assert witness.wait_for_blocks(len(witness.blocks) + 3, PATIENCE_S)
    driver.stop()
    assert driver.threads == [threading.current_thread().name, f"serial-{device.link}"]
    assert witness.blocks[-1].epoch == 1


def test_another_device_in_its_place_is_not_taken_for_it(device: PtyDevice[Echo], driver: EchoDriver):
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    device.unplug()
    await_state(witness, LinkState.RECONNECTING)
    device.device.name = b"ECHO7"  # another gain
    device.plug()
    await_state(witness, LinkState.RECONNECTING, "another device")
    driver.stop()
    assert {block.epoch for block in witness.blocks} == {0}


def test_a_device_of_another_kind_is_refused_in_one_sentence(device: PtyDevice[Echo], driver: EchoDriver):
    device.wire.mute = True
    with pytest.raises(SourceFormatError, match="does not answer as Echo would"):
        driver.open(Witness())


def test_a_device_that_is_stopped_while_it_is_away_comes_back_at_the_next_start(
    device: PtyDevice[Echo], driver: EchoDriver
):
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    device.unplug()
    await_state(witness, LinkState.RECONNECTING)
    driver.stop()
    device.plug()
    n_before = len(witness.blocks)
    driver.start()
    with witness.watched:
        assert witness.watched.wait_for(lambda: len(witness.blocks) > n_before, PATIENCE_S)
    assert witness.blocks[-1].epoch == 1


def test_a_device_behind_a_dongle_that_restarted_is_started_anew(
    device: PtyDevice[Echo], driver: EchoDriver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(EchoDriver, "times", LinkTimes(stalled_after_s=0.1, dead_after_s=0.2))
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S)
    device.device.is_streaming = False
    await_state(witness, LinkState.STALLED)
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S)
    assert device.commands == b"?b?b"


def test_greeting_can_be_stopped(device: PtyDevice[Echo], driver: EchoDriver, monkeypatch: pytest.MonkeyPatch):
    greeting = threading.Event()
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(1, PATIENCE_S)

    def greet(line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        greeting.set()
        line.drain(PATIENCE_S)
        raise AssertionError("not stopped")

    monkeypatch.setattr(driver, "greet", greet)
    device.unplug()
    await_state(witness, LinkState.RECONNECTING)
    device.plug()
    assert greeting.wait(PATIENCE_S)
    driver.stop()
    assert witness.states[-1][1:] == (LinkState.CLOSED, "stopped")


def test_vitals_join_what_the_family_tells_and_the_latency_timer(
    device: PtyDevice[Echo], driver: EchoDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    timer = tmp_path / "usb-serial" / Path(device.tty).name / "latency_timer"
    timer.parent.mkdir(parents=True)
    timer.write_text("16\n")
    monkeypatch.setattr(serial_port, "USB_SERIAL", tmp_path / "usb-serial")
    assert driver.vitals == {}
    driver.open(Witness())
    assert driver.vitals == {f"echo:{device.link}": Vitals(battery_pct=50.0, latency_timer_ms=16.0)}


def test_a_port_without_a_latency_timer_has_none():
    assert latency_timer_ms("/dev/ttyNONE") is None


def port(device: str, vid: int | None, pid: int | None, product: str | None = None) -> ListPortInfo:
    made = ListPortInfo(device)
    made.vid, made.pid, made.product, made.serial_number = vid, pid, product, "A1"
    return made


def test_a_scan_finds_by_chip_and_says_where_that_is_not_sure(monkeypatch: pytest.MonkeyPatch):
    there = [
        port("/dev/ttyUSB0", 0x0403, 0x6015),
        port("/dev/ttyACM0", 0x2E73, 0x0004),
        port("/dev/ttyACM1", 0x1234, 0x0001, "Something else"),
        port("/dev/ttyACM2", 0x1234, 0x0001, "Echo 2"),
        port("/dev/ttyS0", None, None),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: there)
    found = EchoDriver.scan(0.1)
    assert [(device.uri, device.sure, device.key) for device in found] == [
        ("echo:/dev/ttyACM0", True, "A1"),
        ("echo:/dev/ttyACM2", True, "A1"),
        ("echo:/dev/ttyUSB0", False, "A1"),
    ]


def test_baud_is_the_familys_own_unless_the_user_says_another():
    def make(text: str) -> EchoDriver:
        return EchoDriver(parse_uri(text, ["echo"]))

    assert (make("echo:x").baud, make("echo:x?baud=500000").baud) == (9600, 500_000)
    with pytest.raises(SourceUriError, match="gains"):
        make("echo:x?gains=2")


def test_two_devices_that_swapped_names_are_not_swapped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "ttyUSB0").touch()
    monkeypatch.setattr(
        list_ports,
        "comports",
        lambda: [
            SimpleNamespace(device=str(tmp_path / "ttyUSB0"), vid=1, pid=2, serial_number="RIGHT"),
            SimpleNamespace(device=str(tmp_path / "ttyUSB1"), vid=1, pid=2, serial_number="LEFT"),
        ],
    )
    assert locate(str(tmp_path / "ttyUSB0"), (1, 2, "LEFT")) == str(tmp_path / "ttyUSB1")


def test_what_comes_after_an_answer_is_kept_for_the_next_read(line: SerialLine):
    line.write(b"?")
    assert line.read_until(b"\n", PATIENCE_S) == b"ECHO2\n"
    assert (line.read()[0] + line.drain(0.1)) == b"rest"


def test_what_was_not_read_can_be_dropped(line: SerialLine):
    line.write(b"?")
    line.read_until(b"\n", PATIENCE_S)
    line.flush_input()
    assert line.drain(0.1) == b""


def test_a_line_without_an_answer_says_so_in_time(line: SerialLine):
    with pytest.raises(SourceFormatError, match="does not answer as Echo would; check that it is on") as refusal:
        line.read_until(b"\n", 0.1)
    assert "within 0.1 s" in refusal.value.detail


def test_a_line_that_is_unplugged_can_still_be_closed(device: PtyDevice[Echo], line: SerialLine):
    device.unplug()
    with pytest.raises(serial_port.LINK_ERRORS):
        line.flush_input()
    line.close()
    line.close()
