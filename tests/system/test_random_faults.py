"""An hour of two units on a bad day: what the recording says is missing is what was missing, to the sample.

From the radio to the journal on the disk everything is the application's own; time is virtual, so that an hour takes
a minute.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from app.pipeline.hub import Hub
from app.recording.recorder import Recorder
from drivers import io_loop
from drivers.registry import create
from drivers.replay.formats.journal import open_journal
from drivers.types import LinkState, SampleBlock
from tests.recording.known_signal import SESSION
from tests.rigs.channel import Channel
from tests.rigs.devices.umyo import UMyoDevice
from tests.rigs.peripheral import Peripheral
from tests.rigs.plain_air import PlainAir
from tests.rigs.virtual_time import VirtualTimeLoop

FAULTS = ("lose", "lose", "lose", "repeat", "swap", "hold", "silence", "drop", "both", "away")
LOSE = 0.002
"""Share of the packets that get lost all the time."""
UNITS = {"C0:00:00:00:00:01": "uMyo-L", "C0:00:00:00:00:02": "uMyo-R"}
CLOCKED = ("drivers.ble_driver", "drivers.gatt", "drivers.radio")


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualTimeLoop]:
    """The loop of everything that speaks Bluetooth, on virtual time."""
    io_loop.shutdown()
    loop = VirtualTimeLoop()
    monkeypatch.setattr("asyncio.new_event_loop", lambda: loop)
    loop.rule(monkeypatch, *CLOCKED)
    monkeypatch.setattr("drivers.linked.random", SimpleNamespace(Random=lambda: random.Random(1)))
    yield loop
    io_loop.shutdown()


async def trouble(air: PlainAir, rng: random.Random, duration_s: float) -> dict[str, int]:
    """Let everything happen to the units, one thing every few seconds; gives how often each did."""
    loop = asyncio.get_running_loop()
    units = list(air.peripherals.values())
    end_s = loop.time() + duration_s
    happened: dict[str, int] = {}
    while loop.time() < end_s:
        await asyncio.sleep(rng.expovariate(1 / 2.5))
        unit = rng.choice(units)
        fault = rng.choice(FAULTS)
        happened[fault] = happened.get(fault, 0) + 1
        match fault:
            case "lose":
                unit.channel.lose_next = rng.randint(1, 100)
            case "repeat":
                unit.channel.repeat_next = rng.randint(1, 5)
            case "swap":
                unit.channel.swap_next = 1
            case "hold":
                unit.holds_back = True
                await asyncio.sleep(rng.uniform(0.1, 3.5))
                unit.holds_back = False
            case "silence":
                unit.channel.lose = 1.0
                await asyncio.sleep(rng.uniform(3.0, 8.0))
                unit.channel.lose = LOSE
            case "drop":
                unit.faults.connect_fails = rng.randint(0, 2)
                air.drop(unit)
            case "both":
                for each in units:
                    air.drop(each)
            case "away":
                unit.advertising = False
                air.drop(unit)
                await asyncio.sleep(rng.uniform(0.5, 20.0))
                unit.advertising = True
    await asyncio.sleep(30.0)
    return happened


async def make_air(monkeypatch: pytest.MonkeyPatch) -> PlainAir:
    """Two units, made in the loop in which they live."""
    air = PlainAir()
    air.start(monkeypatch)
    for seed, (address, name) in enumerate(UNITS.items()):
        air.add(UMyoDevice(name, seed=seed), address, Channel(lose=LOSE, seed=seed))
    return air


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "minutes", [pytest.param(2), pytest.param(60, marks=pytest.mark.full)], ids=["two minutes", "an hour"]
)
def test_recorded_gaps_are_the_injected_gaps_to_the_sample(
    loop: VirtualTimeLoop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, minutes: float
):
    rng = random.Random(20261120)
    air = io_loop.run(make_air(monkeypatch), 10.0)
    hub = Hub(clock_ns=loop.perf_counter_ns)
    drivers = [create(f"umyo:{name}") for name in UNITS.values()]
    streams = [stream for driver in drivers for stream in driver.open(hub)]
    # held back where the disk is slower than virtual time, which would otherwise pass it by
    recorder = Recorder(tmp_path, [replace(stream, paced=False) for stream in streams], SESSION)
    hub.sinks.append(recorder.push_block)
    for driver, stream in zip(drivers, streams, strict=True):
        hub.add_stream(stream, (stream.stream_id,))
        driver.start()
    happened = io_loop.run(trouble(air, rng, minutes * 60), 540.0)
    assert {link.state for link in hub.links} == {LinkState.STREAMING}
    for driver in drivers:
        driver.close()
    assert recorder.stop().state == "stopped"
    io_loop.run(air.stop(), 10.0)

    assert set(happened) == set(FAULTS)
    journal = open_journal(tmp_path)
    for stream, unit in zip(streams, air.peripherals.values(), strict=True):
        blocks = [block for block in journal.blocks(0.0) if block.stream_id == stream.stream_id]
        assert [block.n_lost for block in blocks if block.n_lost] == unit.gaps()
        assert sum(block.n_samples for block in blocks) == unit.n_true_samples
        assert_true(blocks, unit)
    journal.close()


def assert_true(blocks: Sequence[SampleBlock], unit: Peripheral) -> None:
    """Hold every recorded sample to what the unit measured at that moment."""
    n_each = unit.device.samples_per_packet
    truth = unit.device.truth(0, unit.n_packets * n_each)
    first_packets = {connection: number for connection, number in reversed(unit.heard)}
    epochs = sorted({block.epoch for block in blocks})  # one in which nothing came leaves no block
    origins = dict(zip(epochs, (number * n_each for _, number in sorted(first_packets.items())), strict=True))
    for block in blocks:
        begin = origins[block.epoch] + block.first_index
        np.testing.assert_array_equal(block.samples, truth[begin : begin + block.n_samples])
