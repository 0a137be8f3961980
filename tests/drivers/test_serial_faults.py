"""Everything that goes wrong on a wire, with the real pyserial: it is told, it ends, and no sample is wrong.

Rows S1 to S10 of docs/devices-faults.md, on a device that prints lines and on two that number their frames.
Times are asked of the best of several tries: a computer that is busy with something else is late now and then.
"""

import os
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
from drivers.types import LinkState, SampleBlock
from dsp.clock import SampleClock
from tests.rigs.devices.bitalino import BitalinoDevice
from tests.rigs.devices.chords import ChordsDevice
from tests.rigs.devices.text import TextDevice
from tests.rigs.ptydev import PtyDevice
from tests.rigs.virtual import WireDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0
LOST_BYTES = 4000
"""250 frames of the board with Chords firmware, whose numbers turn after 256: a turn more shows by the time alone."""


@dataclass(frozen=True)
class Family:
    """A device, how it is named, and what its protocol makes slower or worse than what is asked of all.

    Attributes
    ----------
    greeting_s : float
        What asking it who it is takes; a BITalino that still sends is asked, stopped, and asked again.
    spoilt : int
        Samples that are lost with garbage before them: BITalino frames have no head to begin with.
    counts : bool
        Whether a loss is counted exactly: the four bits of a BITalino turn in 16 ms.
    """

    make: Callable[[], WireDevice]
    uri: str
    greeting_s: float = 0.0
    spoilt: int = 0
    counts: bool = True


FAMILIES = {
    "text": Family(TextDevice, "text:{}?rate=1000"),
    "chords": Family(lambda: ChordsDevice("UNO-R4", 6, 500.0, 14, listens_s=0.0), "chords:{}", greeting_s=0.5),
    "bitalino": Family(BitalinoDevice, "bitalino:{}", greeting_s=2.0, spoilt=8, counts=False),
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

    def seconds_to(self, since_ns: int, *states: LinkState) -> float:
        """Wait for one of some states that is told after some time, and say how long after."""

        def first() -> float | None:
            told = zip(self.states, self.told_ns, strict=False)
            return next(
                (1e-9 * (ns - since_ns) for (_, state, _), ns in told if state in states and ns >= since_ns), None
            )

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
    family: Family
    watch: Watch = field(default_factory=Watch)

    def start(self) -> None:
        self.driver.open(self.watch)
        self.driver.start()
        self.watch.await_samples(50)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("SETTLE_S", 0.02), ("MEASURE_S", 0.4)):
        monkeypatch.setattr(chords, name, seconds)  # the newer boards understand at once


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest, quick: None) -> Family:
    return FAMILIES[request.param]


@pytest.fixture
def bench(family: Family, tmp_path: Path) -> Iterator[Bench]:
    device = PtyDevice(family.make(), tmp_path / "port")
    driver = create(family.uri.format(device.link))
    assert isinstance(driver, SerialDriver)
    made = Bench(device, driver, family)
    made.start()
    yield made
    made.watch.goes_on.set()
    driver.close()
    device.close()


def assert_true(bench: Bench) -> None:
    """Every sample of the last epoch is what the device measured, at the place its number says."""
    blocks = [block for block in bench.watch.blocks if block.epoch == bench.watch.blocks[-1].epoch]
    steps = bench.driver.streams[0].lsb
    step = steps[0] if steps else 1.0
    truth = np.rint(bench.device.device.truth(0, 60_000) / step)  # whole steps: float32 knows the volts not quite
    first = np.rint(blocks[0].samples / step)
    for start in np.flatnonzero((truth[: -len(first)] == first[0]).all(axis=1)):
        begin = int(start) - blocks[0].first_index
        places = [truth[begin + block.first_index :][: block.n_samples] for block in blocks]
        if all(np.array_equal(place, np.rint(b.samples / step)) for place, b in zip(places, blocks, strict=True)):
            return
    pytest.fail("there are samples that the device never measured, or not there")


def n_lost(blocks: list[SampleBlock]) -> int:
    return sum(block.n_lost for block in blocks)


def test_s1_an_unplug_is_told_at_once(bench: Bench):
    seconds = []
    for _ in range(3):
        since_ns = time.perf_counter_ns()
        bench.device.unplug()
        seconds.append(bench.watch.seconds_to(since_ns, LinkState.RECONNECTING))
        bench.device.plug()
        bench.watch.await_samples(20)
    assert min(seconds) <= 0.05


def test_s1_the_samples_after_a_replug_are_an_epoch_of_their_own(bench: Bench):
    bench.device.unplug()
    bench.device.plug()
    bench.watch.await_samples(100)
    bench.driver.stop()
    assert [block.epoch for block in bench.watch.blocks] == sorted(block.epoch for block in bench.watch.blocks)
    assert bench.watch.blocks[-1].epoch == 1
    assert_true(bench)


def test_s2_a_device_is_found_under_another_name_of_its_port(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    device = PtyDevice(family.make(), tmp_path / "port")
    monkeypatch.setattr(list_ports, "comports", lambda: [port_of(device)] if device.find() else [])
    driver = create(family.uri.format(device.tty))
    assert isinstance(driver, SerialDriver)
    bench = Bench(device, driver, family)
    bench.start()
    seconds: list[float] = []
    renamed: list[bool] = []
    in_their_place: list[int] = []
    for _ in range(3):
        old_name = device.tty
        since_ns = time.perf_counter_ns()
        device.unplug()
        bench.watch.seconds_to(since_ns, LinkState.RECONNECTING)
        in_their_place += os.openpty()  # takes the old name
        device.plug()
        renamed.append(device.tty != old_name)
        seconds.append(bench.watch.seconds_to_data(time.perf_counter_ns()))
    driver.close()
    device.close()
    for end in in_their_place:
        os.close(end)
    assert any(renamed)  # mostly all: whatever else runs here opens terminals too, and gives names back
    assert min(seconds) <= 1.0 + family.greeting_s


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


def test_s4_fragments_cost_nothing(bench: Bench):
    bench.device.wire.chunk = 7
    bench.watch.await_samples(500)
    bench.driver.stop()
    assert_true(bench)
    assert n_lost(bench.watch.blocks) == 0


def test_s4_a_boot_banner_costs_no_more_than_it_hit(bench: Bench):
    bench.device.wire.garbage = b"\xf8\x00\xffets Jun  8 2016\r\nrst:0x1\r\n"
    bench.watch.await_samples(500)
    bench.driver.stop()
    assert_true(bench)
    assert n_lost(bench.watch.blocks) <= bench.family.spoilt


def test_s5_a_device_that_hangs_is_stalled_and_goes_on_in_the_same_epoch(bench: Bench):
    seconds = []
    for _ in range(3):
        bench.device.wire.mute = True
        seconds.append(bench.watch.seconds_to(time.perf_counter_ns(), LinkState.STALLED))
        bench.device.wire.mute = False
        bench.watch.await_samples(50)
    bench.driver.stop()
    assert 0.45 <= min(seconds) <= 0.6
    assert bench.watch.told().count(LinkState.STREAMING) == 4
    assert {block.epoch for block in bench.watch.blocks} == {0}
    assert_true(bench)


def test_s6_a_burst_loses_nothing_and_bends_no_time(bench: Bench):
    sfreq = bench.device.device.sfreq
    for _ in range(3):
        n_before = bench.device.n_sent
        bench.device.wire.hold = True
        bench.device.await_samples(n_before + round(0.4 * sfreq))
        bench.device.wire.hold = False
        bench.watch.await_samples(round(0.5 * sfreq))
    bench.driver.stop()
    assert_true(bench)
    assert n_lost(bench.watch.blocks) == 0
    clock = SampleClock(sfreq)
    for block in bench.watch.blocks:
        clock.add(block.first_index, block.n_samples, block.arrival_ns)
    end = bench.watch.blocks[-1].first_index
    steps_s = np.diff(clock.time_ns(np.arange(end - round(sfreq), end))) * 1e-9 * sfreq
    np.testing.assert_allclose(steps_s, 1.0, atol=0.06)


def test_s7_what_a_held_up_application_did_not_read_is_told_or_numbered(bench: Bench):
    bench.watch.goes_on.clear()
    bench.device.wire.most_lost = LOST_BYTES
    bench.device.await_overflow(LOST_BYTES)
    bench.watch.goes_on.set()
    bench.watch.await_samples(6000)
    bench.driver.stop()
    if bench.driver.streams[0].has_counter:
        assert n_lost(bench.watch.blocks) > 0
    if bench.driver.streams[0].has_counter and bench.family.counts:
        assert_true(bench)


def test_s8_a_port_that_is_in_use_is_told_in_one_sentence(bench: Bench):
    with pytest.raises(SourceBusyError, match="in use by another program"):
        create(bench.driver.uri.text).open(Watch())


@pytest.mark.parametrize("fault", ["mute", "unplugged", "back but mute"])
def test_s9_a_stop_never_waits_for_the_device(bench: Bench, fault: str):
    bench.device.wire.mute = fault != "unplugged"
    if fault != "mute":
        bench.device.unplug()
        bench.watch.seconds_to(0, LinkState.RECONNECTING)
    if fault == "back but mute":
        bench.device.plug()
    seconds, since_ns = [], 0
    for _ in range(3):
        bench.watch.seconds_to(since_ns, LinkState.STALLED, LinkState.RECONNECTING)
        since_ns = time.perf_counter_ns()
        bench.driver.stop()
        seconds.append((time.perf_counter_ns() - since_ns) * 1e-9)
        assert bench.watch.told()[-1] is LinkState.CLOSED
        bench.driver.start()
    assert min(seconds) <= 0.2


@pytest.mark.parametrize(("wrong", "right"), [("chords", "bitalino"), ("bitalino", "text"), ("text", "chords")])
def test_a_wrong_family_is_told_in_one_sentence(wrong: str, right: str, tmp_path: Path, quick: None):
    device = PtyDevice(FAMILIES[right].make(), tmp_path / "port")
    driver = create(FAMILIES[wrong].uri.format(device.link))
    with pytest.raises(DriverError) as refusal:
        driver.open(Watch())
    driver.close()
    device.close()
    assert refusal.value.sentence.endswith(".")
    assert "\n" not in refusal.value.sentence
