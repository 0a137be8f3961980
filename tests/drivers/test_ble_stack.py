"""A Bluetooth family end to end on a real ATT stack: MTU exchange, CCCD, commands, and a link that cannot carry it."""

from collections.abc import Callable, Iterator

import pytest

from drivers import io_loop
from drivers.chords.npg_driver import NpgDriver
from drivers.errors import DriverError
from drivers.uri import parse_uri
from tests.rigs.bumble_air import BumbleAir, BumblePeripheral
from tests.rigs.devices.npg import NpgDevice
from tests.rigs.side import Side

MakeSide = Callable[[int], Side]


@pytest.fixture
def make_side(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeSide]:
    """Put a unit on an air whose computer asks for that MTU."""
    started: list[tuple[BumbleAir, Side]] = []

    def make(mtu: int) -> Side:
        async def start() -> tuple[BumbleAir, BumblePeripheral]:
            air = BumbleAir(mtu)
            await air.start(monkeypatch)
            return air, await air.add(NpgDevice(name="NPG-ONE"))

        air, peripheral = io_loop.run(start(), 5.0)
        started.append((air, Side(NpgDriver(parse_uri("npg:NPG-ONE", ["npg"])), peripheral)))
        return started[-1][1]

    yield make
    for air, side in started:
        side.driver.close()
        io_loop.run(air.stop(), 5.0)
    io_loop.shutdown()


def test_samples_cross_a_real_stack_whole_and_true(make_side: MakeSide):
    side = make_side(247)
    (stream,) = side.driver.open(side.log)
    side.driver.start()
    side.hears(20)
    side.is_untouched()
    side.driver.stop()
    blocks = side.log.blocks
    assert {block.samples.shape for block in blocks} == {(10, len(stream.ch_names))}
    truth = side.peripheral.device.truth(0, blocks[-1].first_index + blocks[-1].n_samples)
    for block in blocks:
        assert (block.samples == truth[block.first_index : block.first_index + block.n_samples]).all()


def test_a_link_that_the_unit_ends_is_made_anew(make_side: MakeSide):
    side = make_side(247)
    side.driver.open(side.log)
    side.driver.start()
    side.hears(3)
    assert isinstance(side.peripheral, BumblePeripheral)
    io_loop.run(side.peripheral.drop(), 5.0)
    side.wait(lambda: side.log.blocks[-1].epoch == 1, 5.0)
    side.is_true()


def test_a_link_whose_packets_are_too_small_is_refused_in_words(make_side: MakeSide):
    side = make_side(23)
    with pytest.raises(DriverError, match="small") as refusal:
        side.driver.open(side.log)
    assert side.log.blocks == []
    assert "NPG-ONE" in refusal.value.sentence
