"""A rate is measured and fitted, never believed: row S10 of docs/devices-faults.md."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.pipeline.engine import Engine
from app.pipeline.montage import Montage
from drivers.conformance import Witness
from drivers.delivery import Delivery
from drivers.registry import create
from drivers.text.protocol import LineParser
from drivers.types import SampleBlock, StreamInfo
from tests.pipeline.signals import make_engine
from tests.rigs.devices.text import TextDevice
from tests.rigs.ptydev import PtyDevice, Wire

READ_S = 0.016
"""What an FTDI chip gathers unless it is told otherwise."""


def engine_for(stream: StreamInfo) -> Engine:
    montage = Montage(("left", "right"), {stream.stream_id: ((0, 0), (1, 1))})
    return make_engine([stream], montage, calibration=None)


def fitted(engine: Engine) -> float:
    (flow,) = engine.condition().flows.values()
    assert flow.sfreq is not None
    return flow.sfreq


class Feed:
    """Hands blocks to an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def on_block(self, block: SampleBlock) -> None:
        self.engine.push(block)

    def on_state(self, *_: object) -> None:
        """Nothing of interest."""


@pytest.mark.parametrize(("speed", "duration_s"), [(0.98, 10.0), (1.02, 10.0), (1.02, 40.0)])
def test_s10_a_sensor_clock_that_is_two_percent_off_is_followed(speed: float, duration_s: float):
    device, parser = TextDevice(1000.0), LineParser()
    stream = StreamInfo("text:x", 1000.0, ("ch1", "ch2"), "counts", sfreq_known=False, has_counter=False)
    engine = engine_for(stream)
    delivery = Delivery(Feed(engine), [stream], silent_after_s=0.5, silent="")
    delivery.begin_epoch(0)
    n_sent = 0
    for read in range(1, round(duration_s / READ_S)):
        n_due = int(read * READ_S * device.sfreq * speed)
        delivery.deliver(parser.feed(device.samples(n_due - n_sent), round(read * READ_S * 1e9)))
        n_sent = n_due
    assert fitted(engine) == pytest.approx(1000.0 * speed, rel=1e-3)


@contextmanager
def opened(tmp_path: Path, wire: Wire) -> Iterator[tuple[PtyDevice[TextDevice], StreamInfo, list[SampleBlock]]]:
    """A device with that wire, for two measured seconds and some more."""
    device = PtyDevice(TextDevice(1000.0), tmp_path / "port")
    device.wire = wire
    driver, witness = create(f"text:{device.link}"), Witness()
    try:
        (stream,) = driver.open(witness)
        driver.start()
        began_ns = time.perf_counter_ns()
        with witness.watched:
            witness.watched.wait_for(
                lambda: witness.blocks and witness.blocks[-1].arrival_ns - began_ns > 3_500_000_000, 20.0
            )
        yield device, stream, witness.blocks
    finally:
        driver.close()
        device.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")
def test_s10_the_rate_of_a_fast_device_is_measured_then_fitted(tmp_path: Path):
    with opened(tmp_path, Wire(speed=1.02)) as (_, stream, blocks):
        engine = engine_for(stream)
        for block in blocks:
            engine.push(block)
    assert stream.sfreq == pytest.approx(1020.0, rel=0.02)
    assert fitted(engine) == pytest.approx(1020.0, rel=0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")
def test_s10_a_slow_line_is_taken_at_the_rate_it_has(tmp_path: Path):
    with opened(tmp_path, Wire(baud=38400)) as (device, stream, _):
        bytes_a_line = len(TextDevice().samples(1000)) / 1000
        true_sfreq = device.wire.baud / 10 / bytes_a_line
    assert true_sfreq < 450.0  # of the thousand lines that the sketch would like to print
    assert stream.sfreq == pytest.approx(true_sfreq, rel=0.05)
    assert not stream.sfreq_known
