"""The ``text:`` source on real pyserial and pseudo terminals: learn, flow, stall, unplug, replug."""

import errno
import itertools
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import serial
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers import conformance, serial_port
from drivers.errors import DriverError, SourceBusyError, SourceFormatError, SourceNotFoundError, SourceUriError
from drivers.registry import create
from drivers.text.driver import TextDriver
from drivers.types import LinkState, SampleBlock
from drivers.uri import parse_uri
from tests.rigs.devices.text import TextDevice
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0


Pty = PtyDevice[TextDevice]


def counting(n: int) -> bytes:
    return b"%d,%d\r\n" % (n, -n)


class Listener:
    """Collects what the driver says and lets a test wait for it."""

    def __init__(self) -> None:
        self.blocks: list[SampleBlock] = []
        self.states: list[LinkState] = []
        self.reasons: list[str] = []
        self._changed = threading.Condition()

    def on_block(self, block: SampleBlock) -> None:
        with self._changed:
            self.blocks.append(block)
            self._changed.notify_all()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        with self._changed:
            self.states.append(state)
            self.reasons.append(reason)
            self._changed.notify_all()

    def await_state(self, state: LinkState, count: int = 1) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.states.count(state) >= count, PATIENCE_S), self.states

    def await_samples(self, n_samples: int, epoch: int = 0) -> None:
        def have() -> bool:
            return sum(block.n_samples for block in self.blocks if block.epoch == epoch) >= n_samples

        with self._changed:
            assert self._changed.wait_for(have, PATIENCE_S), (self.states, len(self.blocks))

    def samples(self, epoch: int) -> np.ndarray:
        return np.concatenate([block.samples for block in self.blocks if block.epoch == epoch])


@dataclass
class Bench:
    device: Pty
    listener: Listener
    driver: TextDriver


def text_driver(link: Path | str, query: str = "rate=1000") -> TextDriver:
    uri = parse_uri(f"text:{link}?{query}", ["text"])
    return TextDriver(uri, lock_s=3.0, measure_s=0.5, delays=lambda: itertools.repeat(0.05))


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Pty]:
    made = PtyDevice(TextDevice(line=counting), tmp_path / "ttyEMG")
    yield made
    made.close()


@pytest.fixture
def bench(device: Pty) -> Iterator[Bench]:
    made = Bench(device, Listener(), text_driver(device.link))
    made.driver.open(made.listener)
    made.driver.start()
    yield made
    made.driver.close()


def assert_consecutive(listener: Listener, epoch: int) -> None:
    """Every line in order, none twice, none missing, and numbered without a hole."""
    samples = listener.samples(epoch)
    assert (np.diff(samples[:, 0]) == 1).all()
    np.testing.assert_array_equal(samples[:, 1], -samples[:, 0])
    blocks = [block for block in listener.blocks if block.epoch == epoch]
    assert [block.first_index for block in blocks] == [0, *itertools.accumulate(b.n_samples for b in blocks[:-1])]


def test_the_serial_text_keeps_the_promises_of_a_driver(device: Pty):
    conformance.check(lambda: create(f"text:{device.link}?rate=1000"))


def test_every_line_comes_once_and_in_order(bench: Bench):
    bench.listener.await_samples(300)
    bench.driver.stop()
    assert_consecutive(bench.listener, 0)
    stamps = [block.arrival_ns for block in bench.listener.blocks]
    assert stamps == sorted(stamps)
    assert bench.listener.states == [LinkState.STREAMING, LinkState.CLOSED]


def test_lines_cut_anywhere_come_whole(bench: Bench):
    bench.device.wire.chunk = 3
    bench.listener.await_samples(300)
    assert_consecutive(bench.listener, 0)


def test_a_stream_is_counts_without_a_counter_of_its_own(device: Pty):
    driver = text_driver(device.link)
    (stream,) = driver.open(Listener())
    driver.close()
    assert (stream.unit, stream.has_counter, stream.lsb, stream.kind) == ("counts", False, None, "raw")
    assert (stream.sfreq, stream.sfreq_known, stream.ch_names) == (1000.0, True, ("ch1", "ch2"))


def test_labels_become_channel_names(device: Pty):
    device.device.line = lambda n: b"left:%d,right:%d\n" % (n, n)
    driver = text_driver(device.link)
    (stream,) = driver.open(Listener())
    driver.close()
    assert stream.ch_names == ("left", "right")


def test_without_a_rate_it_is_measured_and_not_believed(device: Pty):
    driver = text_driver(device.link, "baud=9600")
    (stream,) = driver.open(Listener())
    driver.close()
    assert stream.sfreq == pytest.approx(1000, rel=0.1)
    assert not stream.sfreq_known


def test_a_slow_device_is_taken_as_an_envelope_and_the_user_is_told(device: Pty):
    device.wire.speed = 0.05
    driver = text_driver(device.link, "rate=50")
    (stream,) = driver.open(Listener())
    notes = driver.carried.notes
    driver.close()
    assert stream.kind == "envelope"
    assert "envelope" in notes[0]


def test_samples_from_before_the_start_are_not_delivered(device: Pty):
    driver, listener = text_driver(device.link), Listener()
    driver.open(listener)
    device.await_samples(device.n_sent + 50)  # they pile up in the system's buffer
    n_started = device.n_sent
    driver.start()
    listener.await_samples(50)
    driver.close()
    assert listener.samples(0)[0, 0] >= n_started - 1


def test_nothing_is_ever_written_to_a_device_that_prints(bench: Bench):
    bench.listener.await_samples(50)
    bench.device.unplug()
    bench.device.plug()
    bench.listener.await_samples(50, epoch=1)
    bench.driver.close()
    assert bench.device.commands == b""


def test_after_a_replug_a_new_epoch_begins_at_index_zero(bench: Bench):
    bench.listener.await_samples(100)
    bench.device.unplug()
    bench.listener.await_state(LinkState.RECONNECTING)
    bench.device.plug()
    bench.listener.await_samples(100, epoch=1)
    bench.driver.stop()
    assert_consecutive(bench.listener, 0)
    assert_consecutive(bench.listener, 1)
    assert bench.listener.states == [
        LinkState.STREAMING, LinkState.RECONNECTING, LinkState.STREAMING, LinkState.CLOSED,
    ]  # fmt: skip
    assert "plug it in again" in bench.listener.reasons[1]


def test_a_device_may_be_unplugged_again_and_again(bench: Bench):
    for epoch in range(4):
        bench.listener.await_samples(20, epoch)
        bench.device.unplug()
        bench.listener.await_state(LinkState.RECONNECTING, epoch + 1)
        bench.device.plug()
    bench.listener.await_samples(20, epoch=4)


def test_waiting_for_a_replug_can_be_stopped(bench: Bench):
    bench.device.unplug()
    bench.listener.await_state(LinkState.RECONNECTING)
    bench.driver.stop()
    assert bench.listener.states[-1] is LinkState.CLOSED
    bench.driver.close()
    bench.driver.close()


def test_a_silent_device_is_stalled_until_it_prints_again(bench: Bench):
    bench.listener.await_samples(20)
    bench.device.wire.mute = True
    bench.listener.await_state(LinkState.STALLED)
    bench.device.wire.mute = False
    bench.listener.await_state(LinkState.STREAMING, 2)
    assert {block.epoch for block in bench.listener.blocks} == {0}


def test_other_columns_than_at_the_beginning_are_never_delivered(bench: Bench):
    bench.listener.await_samples(20)
    bench.device.device.line = lambda n: b"%d,%d,%d\n" % (n, n, n)
    bench.listener.await_state(LinkState.UNAVAILABLE)
    bench.device.device.line = counting
    bench.listener.await_state(LinkState.STREAMING, 2)
    bench.listener.await_samples(20, epoch=2)
    assert {block.samples.shape[1] for block in bench.listener.blocks} == {2}


def test_no_block_arrives_after_stop_and_a_second_start_is_a_new_epoch(bench: Bench):
    bench.listener.await_samples(20)
    bench.driver.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("serial-")]
    bench.driver.start()
    bench.listener.await_samples(20, epoch=1)
    assert_consecutive(bench.listener, 1)


def test_a_failing_listener_ends_the_flow_and_says_so(device: Pty):
    class Failing(Listener):
        def on_block(self, block: SampleBlock) -> None:
            raise RuntimeError("bug")

    driver, listener = text_driver(device.link), Failing()
    driver.open(listener)
    driver.start()
    listener.await_state(LinkState.CLOSED)
    driver.close()
    assert listener.states == [LinkState.STREAMING, LinkState.UNAVAILABLE, LinkState.CLOSED]


def test_a_device_that_prints_no_numbers_is_refused_with_the_baud_rate(device: Pty):
    device.device.line = lambda n: b"\xf8\x00\xff\x80"
    driver = TextDriver(parse_uri(f"text:{device.link}", ["text"]), lock_s=0.2)
    with pytest.raises(SourceFormatError, match="115200"):
        driver.open(Listener())
    with pytest.raises(DriverError, match="not open"):
        driver.start()


def test_a_port_that_is_in_use_is_told(bench: Bench):
    with pytest.raises(SourceBusyError, match="in use by another program"):
        text_driver(bench.device.link).open(Listener())


def test_what_is_no_serial_port_is_told(tmp_path: Path):
    (tmp_path / "a.csv").write_text("1,2\n")
    for address, error, words in [
        (tmp_path / "ttyNONE", SourceNotFoundError, "There is no port"),
        (tmp_path / "a.csv", SourceFormatError, "write file:"),
        (tmp_path, SourceFormatError, "is a folder"),
        (Path("/dev/null"), SourceFormatError, "is not a serial port"),
    ]:
        with pytest.raises(error, match=words):
            text_driver(address).open(Listener())
    with pytest.raises(SourceUriError, match="cannot be opened"):
        text_driver("none://x").open(Listener())


@pytest.mark.parametrize(
    ("failure", "error", "words"),
    [
        (serial.SerialException(errno.EACCES, "could not open port"), SourceBusyError, "group dialout"),
        (serial.SerialException(errno.EBUSY, "could not open port"), SourceBusyError, "in use"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, 'x')"), SourceBusyError, "in use"),
        (
            serial.SerialException("could not open port 'COM3': FileNotFoundError(2, 'x')"),
            SourceNotFoundError,
            "no port",
        ),
        (serial.SerialException(errno.EIO, "could not open port"), SourceNotFoundError, "unplug the device"),
    ],
)
def test_whatever_the_system_says_is_one_sentence(
    failure: Exception, error: type[DriverError], words: str, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    with pytest.raises(error, match=words):
        text_driver("COM3").open(Listener())


@pytest.mark.parametrize("query", ["baud=1", "baud=fast", "rate=0", "time=2", "speed=1"])
def test_a_wrong_option_is_refused_before_anything_is_opened(query: str):
    with pytest.raises(SourceUriError, match=query.partition("=")[0]):
        create(f"text:/dev/ttyNONE?{query}")


def a_port(device: str, serial_number: str | None = "A1") -> SimpleNamespace:
    return SimpleNamespace(
        device=device,
        vid=1,
        pid=2,
        serial_number=serial_number,
        product=None,
        manufacturer="Maker",
        description="Board",
    )


def test_a_scan_lists_ports_and_opens_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(list_ports, "comports", lambda: [a_port("/dev/ttyACM0")])
    (found,) = TextDriver.scan(1.0)
    assert (found.uri, found.name, found.detail) == ("text:/dev/ttyACM0", "Board", "/dev/ttyACM0 Maker A1")


def test_a_device_that_comes_back_under_another_name_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(list_ports, "comports", lambda: [a_port("/dev/ttyNEW0"), a_port("/dev/ttyNEW1", "B2")])
    assert serial_port.identify("/dev/ttyNEW1") == (1, 2, "B2")
    assert serial_port.locate("/dev/ttyOLD", (1, 2, "B2")) == "/dev/ttyNEW1"
    assert serial_port.locate("/dev/ttyOLD", (1, 2, "C3")) is None
    assert serial_port.locate("/dev/ttyOLD", None) is None


def test_devices_without_a_serial_number_are_never_mistaken_for_one_another(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(list_ports, "comports", lambda: [a_port("/dev/ttyNEW0", None)])
    assert serial_port.identify("/dev/ttyNEW0") is None


def test_a_port_that_the_system_has_no_words_for_goes_by_its_own_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(list_ports, "comports", lambda: [ListPortInfo("/dev/ttyS0")])  # its description is "n/a"

    assert [found.name for found in TextDriver.scan(0.1)] == ["/dev/ttyS0"]
