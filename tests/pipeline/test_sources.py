"""Whatever one source does, the others are let go of."""

import pytest

from app.pipeline.sources import Sources
from drivers.errors import DriverError, SourceLostError
from drivers.simulator.driver import SimulatorDriver
from drivers.uri import SourceUri


class Stubborn(SimulatorDriver):
    """A device that fails where it is told to."""

    def __init__(self, *, opens: bool = True, closes: bool = True) -> None:
        super().__init__(SourceUri("sim:healthy", "sim", "healthy"))
        self.opens, self.closes = opens, closes
        self.n_closed = 0

    def open(self, listener):
        if not self.opens:
            raise ValueError("a fault of the driver")
        return super().open(listener)

    def close(self) -> None:
        self.n_closed += 1
        if not self.closes:
            raise SourceLostError("It went away.")
        super().close()


class Nobody:
    def on_block(self, block) -> None: ...

    def on_state(self, stream_id, state, reason) -> None: ...


def test_a_driver_that_cannot_be_closed_keeps_no_other_open():
    drivers = (Stubborn(closes=False), Stubborn())
    with pytest.raises(DriverError, match="named twice"):
        Sources.open(drivers, lambda number: Nobody())
    assert [driver.n_closed for driver in drivers] == [1, 1]


def test_a_driver_that_fails_in_any_way_leaves_none_open():
    drivers = (Stubborn(), Stubborn(opens=False))
    with pytest.raises(ValueError, match="fault of the driver"):
        Sources.open(drivers, lambda number: Nobody())
    assert [driver.n_closed for driver in drivers] == [1, 1]


def test_closing_never_raises_so_that_the_recording_is_ended():
    driver = Stubborn(closes=False)
    sources = Sources.open([driver], lambda number: Nobody())
    sources.close()
    assert driver.n_closed == 1
