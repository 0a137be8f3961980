"""``umyo+usb:`` on the real pyserial and a pseudo terminal with the virtual base behind it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers import conformance
from drivers.conformance import Witness
from drivers.errors import SourceFormatError
from drivers.registry import create
from drivers.types import LinkState
from drivers.umyo import base_driver
from tests.rigs.devices.umyo import UMyoBase
from tests.rigs.ptydev import PtyDevice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals on Windows")

PATIENCE_S = 20.0
LEFT, RIGHT = 0x0A0B0C0D, 0xAABBCCDD


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_driver, "LISTEN_S", 1.0)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "port"


@pytest.fixture
def wire(port: Path) -> Iterator[PtyDevice[UMyoBase]]:
    device = PtyDevice(UMyoBase({LEFT: 0, RIGHT: 1}), port)
    yield device
    device.close()


def test_it_keeps_the_promises_of_a_driver(port: Path, wire: PtyDevice[UMyoBase]):
    conformance.check(lambda: create(f"umyo+usb:{port}"))


def test_each_unit_is_a_stream_of_what_it_sent(port: Path, wire: PtyDevice[UMyoBase]):
    driver, witness = create(f"umyo+usb:{port}"), Witness()
    streams = driver.open(witness)
    assert [stream.stream_id for stream in streams] == [f"umyo+usb:{port}:{unit:08X}" for unit in (LEFT, RIGHT)]
    assert {driver.vitals[stream.stream_id].battery_pct for stream in streams} == {70.0}
    assert "combed" in driver.carried.notes[0]
    driver.start()
    assert witness.wait_for_blocks(60, PATIENCE_S), witness.states
    driver.close()
    truth = wire.device.truth(0, 100_000)
    for column, stream in enumerate(streams):
        own = [block for block in witness.blocks if block.stream_id == stream.stream_id]
        samples = np.concatenate([block.samples for block in own])[:, 0]
        assert sum(block.n_lost for block in own) == 0
        starts = np.flatnonzero(truth[: -len(samples), column] == samples[0])
        assert any((truth[k : k + len(samples), column] == samples).all() for k in starts)
    assert wire.commands == b""


def test_a_unit_out_of_reach_stalls_alone(port: Path, wire: PtyDevice[UMyoBase]):
    driver, witness = create(f"umyo+usb:{port}"), Witness()
    left, right = driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(20, PATIENCE_S)
    wire.device.lose_next[RIGHT] = 200
    with witness.watched:
        assert witness.watched.wait_for(
            lambda: (right.stream_id, LinkState.STALLED) in [state[:2] for state in witness.states], PATIENCE_S
        )
        assert witness.watched.wait_for(
            lambda: witness.states[-1][:2] == (right.stream_id, LinkState.STREAMING), PATIENCE_S
        )
    driver.close()
    lost = {stream.stream_id: 0 for stream in (left, right)}
    for block in witness.blocks:
        lost[block.stream_id] += block.n_lost
    overflowed = wire.n_overflowed // 65 * 8  # a busy computer read too late, of both alike
    assert lost[right.stream_id] - lost[left.stream_id] == pytest.approx(1600, abs=overflowed)


def test_a_port_where_no_unit_is_heard_is_refused_in_a_sentence(tmp_path: Path):
    device = PtyDevice(UMyoBase({}), tmp_path / "silent")
    try:
        with pytest.raises(SourceFormatError, match="No uMyo is heard"):
            create(f"umyo+usb:{tmp_path}/silent").open(Witness())
    finally:
        device.close()
