"""One side of a session under test, from the firmware of its unit to whoever listens to its driver."""

import itertools
import time
from collections.abc import Callable

from drivers.ble_driver import BleDriver
from drivers.conformance import Witness
from drivers.types import LinkState, SampleBlock
from tests.rigs.peripheral import Peripheral


class Log(Witness):
    """A listener that knows when each state was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[int, LinkState, str]] = []
        self.raises = 0
        """How many of the next blocks it chokes on."""

    def on_block(self, block: SampleBlock) -> None:
        if self.raises:
            self.raises -= 1
            raise ValueError("a bug in whoever listens")
        super().on_block(block)

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        with self.watched:
            self.told.append((time.perf_counter_ns(), state, reason))
        super().on_state(stream_id, state, reason)


class Side:
    """One unit, from its firmware to the listener."""

    def __init__(self, driver: BleDriver, peripheral: Peripheral) -> None:
        self.driver = driver
        self.peripheral = peripheral
        self.log = Log()

    def wait(self, met: Callable[[], bool], within_s: float) -> None:
        """Wait until something about the log is so."""
        with self.log.watched:
            assert self.log.watched.wait_for(met, within_s), self.log.told

    def told(self, state: LinkState, since_ns: int, within_s: float, saying: str = "") -> float:
        """Wait for a state that was told after a moment with these words in its reason; seconds that it took."""

        def hits() -> list[int]:
            return [
                at_ns
                for at_ns, told, reason in self.log.told
                if told is state and at_ns >= since_ns and saying in reason
            ]

        self.wait(lambda: bool(hits()), within_s)
        return (hits()[0] - since_ns) * 1e-9

    def states(self, since_ns: int) -> list[LinkState]:
        """Everything that was told after a moment."""
        with self.log.watched:
            return [state for at_ns, state, _ in self.log.told if at_ns >= since_ns]

    def hears(self, n_blocks: int) -> None:
        """Let the time of so many more blocks pass."""
        due = len(self.log.blocks) + n_blocks
        self.wait(lambda: len(self.log.blocks) >= due, 5.0 + n_blocks)

    @property
    def gaps(self) -> list[int]:
        """Samples reported missing, place by place."""
        return [block.n_lost for block in self.log.blocks if block.n_lost]

    def is_true(self) -> None:
        """Hold it to what the rig knows: every injected gap is reported with its length, and nothing else is."""
        assert self.gaps == self.peripheral.gaps()
        for before, block in itertools.pairwise(self.log.blocks):
            if block.epoch == before.epoch:
                assert block.first_index == before.first_index + before.n_samples + block.n_lost

    def is_untouched(self) -> None:
        """Hold it to having noticed nothing from the first block on."""
        self.is_true()
        assert self.gaps == []
        assert self.log.blocks[-1].epoch == self.log.blocks[0].epoch
        assert {state for _, state, _ in self.log.told} <= {LinkState.STREAMING, LinkState.STALLED}  # a busy computer
