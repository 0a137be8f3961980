"""Everything that goes wrong on a wire, with the real pyserial: it is told, it ends, and no sample is wrong.

Rows S1 to S10 of docs/devices-faults.md, on a device that prints lines and on one that sends numbered binary frames.
Times are asked of the middle of several tries: a computer that is busy with something else is late now and then.
"""

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from serial.tools import list_ports

from drivers.chords import driver as chords
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceBusyError
from drivers.registry import create
from drivers.serial_driver import SerialDriver
from drivers.types import Float32Array, LinkState, SampleBlock
from dsp.clock import SampleClock
from tests.rigs.devices.chords import ChordsDevice
from tests.rigs.devices.text import TextDevice
from tests.rigs.ptydev import PtyDevice
from tests.rigs.virtual import WireDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0
FAMILIES: dict[str, tuple[Callable[[], WireDevice], str]] = {
    "text": (TextDevice, "text:{}?rate=1000"),
    "chords": (lambda: ChordsDevice("UNO-R4", 6, 500.0, 14, listens_s=0.0), "chords:{}"),
}


class Watch(Witness):
    """A witness that looks at its watch, and can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.told_ns: list[int] = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        self.told_ns.append(time.perf_counter_ns())
        super().on_state(stream_id, state, reason)

    def on_block(self, block: SampleBlock) -> None:
        self.goes_on.wait(PATIENCE_S)
        super().on_block(block)

    def seconds_to(self, state: LinkState, since_ns: int) -> float:
        """Wait for a state that is told after some time, and say how long after."""

        def first() -> float | None:
            told = zip(self.states, self.told_ns, strict=False)
            return next((1e-9 * (ns - since_ns) for (_, s, _), ns in told if s is state and ns >= since_ns), None)

        with self.watched:
            assert self.watched.wait_for(lambda: first() is not None, PATIENCE_S), self.states
            seconds = first()
            assert seconds is not None
            return seconds

    def seconds_to_data(self, since_ns: int) -> float:
        """Wait for a block that arrived after some time, and say how long after."""
        with self.watched:
            assert self.watched.wait_for(lambda: self.blocks and self.blocks[-1].arrival_ns > since_ns, PATIENCE_S)
        return min(1e-9 * (block.arrival_ns - since_ns) for block in self.blocks if block.arrival_ns > since_ns)

    def await_samples(self, n: int) -> None:
        """Wait for `n` more samples."""
        n_before = sum(block.n_samples for block in self.blocks)
        with self.watched:
            assert self.watched.wait_for(lambda: sum(b.n_samples for b in self.blocks) >= n_before + n, PATIENCE_S)

    def told(self) -> list[LinkState]:
        return [state for _, state, _ in self.states]


@dataclass
class Bench:
    device: PtyDevice[WireDevice]
    driver: SerialDriver
    uri: str
    watch: Watch = field(default_factory=Watch)

    def start(self) -> None:
        self.driver.open(self.watch)
        self.driver.start()
        self.watch.await_samples(50)


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, seconds in (("SETTLE_S", 0.02), ("ANSWER_S", 0.2), ("MEASURE_S", 0.4), ("FRAMES_S", 0.5)):
        monkeypatch.setattr(chords, name, seconds)  # the newer boards answer at once
    return str(request.param)


@pytest.fixture
def bench(family: str, tmp_path: Path) -> Iterator[Bench]:
    make, uri = FAMILIES[family]
    device = PtyDevice(make(), tmp_path / "port")
    uri = uri.format(device.link)
    driver = create(uri)
    assert isinstance(driver, SerialDriver)
    made = Bench(device, driver, uri)
    made.start()
    yield made
    made.watch.goes_on.set()
    driver.close()
    device.close()


def assert_true(blocks: list[SampleBlock], device: WireDevice) -> None:
    """Every sample is what the device measured, at the place its number says."""
    truth = device.truth(0, 60_000)
    epoch = [block for block in blocks if block.epoch == blocks[-1].epoch]
    first = epoch[0]
    starts = np.flatnonzero(_rows_equal(_windows(truth, first.n_samples), first.samples))
    for start in starts:
        begin = int(start) - first.first_index
        if all(np.array_equal(_at(truth, begin + b.first_index, b.n_samples), b.samples) for b in epoch):
            return
    pytest.fail("there are samples that the device never measured, or not there")


def _windows(truth: Float32Array, n: int) -> Float32Array:
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(truth, n, axis=0), -1, 1)


def _rows_equal(windows: Float32Array, samples: Float32Array) -> np.ndarray:
    return np.asarray((windows == samples).all(axis=(1, 2)))


def _at(truth: Float32Array, first: int, n: int) -> Float32Array:
    return truth[first : first + n]


def n_lost(blocks: list[SampleBlock]) -> int:
    return sum(block.n_lost for block in blocks)


def test_s1_an_unplug_is_told_at_once(bench: Bench):
    seconds = []
    for _ in range(5):
        since_ns = time.perf_counter_ns()
        bench.device.unplug()
        seconds.append(bench.watch.seconds_to(LinkState.RECONNECTING, since_ns))
        bench.device.plug()
        bench.watch.await_samples(20)
    assert statistics.median(seconds) <= 0.05


def test_s1_the_samples_after_a_replug_are_an_epoch_of_their_own(bench: Bench):
    bench.device.unplug()
    bench.device.plug()
    bench.watch.await_samples(100)
    bench.driver.stop()
    assert [block.epoch for block in bench.watch.blocks] == sorted(block.epoch for block in bench.watch.blocks)
    assert bench.watch.blocks[-1].epoch == 1
    assert_true(bench.watch.blocks, bench.device.device)


def test_s2_a_device_is_found_under_another_name_of_its_port(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make, uri = FAMILIES[family]
    device = PtyDevice(make(), tmp_path / "port")
    monkeypatch.setattr(list_ports, "comports", lambda: [port_of(device)] if device.find() else [])
    driver = create(uri.format(device.tty))
    assert isinstance(driver, SerialDriver)
    bench = Bench(device, driver, "")
    bench.start()
    old = device.tty
    device.unplug()
    bench.watch.seconds_to(LinkState.RECONNECTING, 0)
    in_its_place = os.openpty()  # takes the old name
    device.plug()
    seconds = bench.watch.seconds_to_data(time.perf_counter_ns())
    driver.close()
    device.close()
    for end in in_its_place:
        os.close(end)
    assert device.tty != old
    assert seconds <= 1.0 + 0.5  # greeting a Chords board takes the half second


def port_of(device: PtyDevice[WireDevice]) -> SimpleNamespace:
    return SimpleNamespace(device=device.tty, vid=0x2341, pid=0x0069, serial_number="A1")


def test_s3_damage_costs_the_damaged_samples_and_not_the_link(bench: Bench):
    bench.device.wire.corrupt = bench.device.wire.drop = 1e-3
    n_before = sum(block.n_samples for block in bench.watch.blocks)
    sent = bench.device.n_sent
    bench.watch.await_samples(1000)
    share = (sum(block.n_samples for block in bench.watch.blocks) - n_before) / (bench.device.n_sent - sent)
    bench.driver.stop()
    assert set(bench.watch.told()) == {LinkState.STREAMING, LinkState.CLOSED}
    assert {block.epoch for block in bench.watch.blocks} == {0}
    assert share > 0.9
    assert {block.samples.shape[1] for block in bench.watch.blocks} == {len(bench.driver.streams[0].ch_names)}


def test_s4_fragments_and_a_boot_banner_cost_nothing(bench: Bench):
    bench.device.wire.chunk = 7
    bench.device.wire.garbage = b"\xf8\x00\xffets Jun  8 2016\r\nrst:0x1\r\n"
    bench.watch.await_samples(500)
    bench.driver.stop()
    assert_true(bench.watch.blocks, bench.device.device)
    assert n_lost(bench.watch.blocks) == 0


def test_s5_a_device_that_hangs_is_stalled_and_goes_on_in_the_same_epoch(bench: Bench):
    seconds = []
    for _ in range(3):
        bench.device.wire.mute = True
        seconds.append(bench.watch.seconds_to(LinkState.STALLED, time.perf_counter_ns()))
        bench.device.wire.mute = False
        bench.watch.await_samples(50)
    bench.driver.stop()
    assert 0.45 <= statistics.median(seconds) <= 0.6
    assert bench.watch.told().count(LinkState.STREAMING) == 4
    assert {block.epoch for block in bench.watch.blocks} == {0}
    assert_true(bench.watch.blocks, bench.device.device)


def test_s6_a_burst_loses_nothing_and_bends_no_time(bench: Bench):
    sfreq = bench.device.device.sfreq
    for _ in range(3):
        n_before = bench.device.n_sent
        bench.device.wire.hold = True
        bench.device.await_samples(n_before + round(0.4 * sfreq))
        bench.device.wire.hold = False
        bench.watch.await_samples(round(0.5 * sfreq))
    bench.driver.stop()
    assert_true(bench.watch.blocks, bench.device.device)
    assert n_lost(bench.watch.blocks) == 0
    clock = SampleClock(sfreq)
    for block in bench.watch.blocks:
        clock.add(block.first_index, block.n_samples, block.arrival_ns)
    end = bench.watch.blocks[-1].first_index
    steps_s = np.diff(clock.time_ns(np.arange(end - round(sfreq), end))) * 1e-9 * sfreq
    np.testing.assert_allclose(steps_s, 1.0, atol=0.06)


def test_s7_what_a_held_up_application_did_not_read_is_told_or_numbered(bench: Bench):
    bench.watch.goes_on.clear()
    bench.device.await_overflow(4000)
    bench.watch.goes_on.set()
    bench.watch.await_samples(2000)
    bench.driver.stop()
    if bench.driver.streams[0].has_counter:
        assert n_lost(bench.watch.blocks) > 0
        assert_true(bench.watch.blocks, bench.device.device)


def test_s8_a_port_that_is_in_use_is_told_in_one_sentence(bench: Bench):
    with pytest.raises(SourceBusyError, match="in use by another program"):
        create(bench.uri).open(Watch())


@pytest.mark.parametrize("fault", ["mute", "unplugged", "back but mute"])
def test_s9_a_stop_never_waits_for_the_device(bench: Bench, fault: str):
    bench.device.wire.mute = fault != "unplugged"
    if fault != "mute":
        bench.device.unplug()
        bench.watch.seconds_to(LinkState.RECONNECTING, 0)
    if fault == "back but mute":
        bench.device.plug()
    since_ns = time.perf_counter_ns()
    bench.driver.stop()
    assert (time.perf_counter_ns() - since_ns) * 1e-9 <= 0.2
    assert bench.watch.told()[-1] is LinkState.CLOSED


def test_a_wrong_family_is_told_in_one_sentence(tmp_path: Path, family: str):
    wrong = {"text": "chords", "chords": "text"}[family]
    device = PtyDevice(FAMILIES[wrong][0](), tmp_path / "port")
    driver = create(FAMILIES[family][1].format(device.link))
    with pytest.raises(DriverError) as refusal:
        driver.open(Watch())
    driver.close()
    device.close()
    assert refusal.value.sentence.endswith(".")
    assert "\n" not in refusal.value.sentence
