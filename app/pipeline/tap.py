"""The one-time step for two units: knocked together, they tell the constant that no clock can see.

What a unit holds in store before it sends (24 samples of a uMyo, 10 of an NPG Lite) delays all of its samples alike.
Two units that are knocked together at the same moment show the difference; ``delay=`` in the source then takes it off.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.hub import Hub, LinkNote
from app.pipeline.sources import Sources
from drivers.errors import SourceFormatError, SourceLostError, SourceUriError
from drivers.types import LinkState, SampleBlock, StreamInfo
from dsp.clock import SampleClock
from dsp.tap import find_knocks

KNOCKS: Final = 5
"""Knocks that must agree."""
TOGETHER_S: Final = 0.3
"""No unit holds its samples back for longer than another by more."""
AGREE_S: Final = 0.010
"""Knocks that differ by more from the middle of all are no knocks of both units."""
LOOK_EVERY_S: Final = 1.0
LONGEST_S: Final = 60.0
_WAIT_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class TapResult:
    """What knocking two units together has shown.

    Attributes
    ----------
    left_later_s : float
        How much later the left unit's samples come, in seconds; negative if the right's do.
    pm_s : float
        Half width of its 95 % interval.
    n_knocks : int
    """

    left_later_s: float
    pm_s: float
    n_knocks: int

    @property
    def sentence(self) -> str:
        """The result in words."""
        side = "left" if self.left_later_s > 0 else "right"
        later_ms, pm_ms = abs(self.left_later_s) * 1e3, self.pm_s * 1e3
        return f"The {side} unit's samples come {later_ms:.0f} ± {pm_ms:.0f} ms later."

    def delays_ms(self) -> tuple[int, int]:
        """What to write after ``delay=`` for the left and for the right unit: 0 for the one that is not later."""
        later_ms = round(self.left_later_s * 1e3)
        return max(0, later_ms), max(0, -later_ms)


@dataclass(frozen=True, slots=True)
class Taps:
    """How far the knocking of two units together has come.

    Attributes
    ----------
    running : bool
    n_knocks : int
        Felt by both so far.
    sentence : str
        What came of it; empty before.
    """

    running: bool = False
    n_knocks: int = 0
    sentence: str = ""


class _Unit:
    """The raw signal of one unit and its clock."""

    def __init__(self, info: StreamInfo, column: int) -> None:
        self.info = info
        self._column = column
        self.epoch = -1
        self.clock = SampleClock(info.sfreq, info.sfreq_known)
        self._parts: list[tuple[int, npt.NDArray[np.float32]]] = []

    def take(self, block: SampleBlock) -> None:
        if block.epoch != self.epoch:  # another connection: its samples are numbered anew
            self.epoch = block.epoch
            self.clock = SampleClock(self.info.sfreq, self.info.sfreq_known)
            self._parts = []
        self.clock.add(block.first_index, block.n_samples, block.arrival_ns)
        self._parts.append((block.first_index, block.samples[:, self._column]))

    def knocks_ns(self) -> npt.NDArray[np.float64]:
        """Host times of all knocks so far."""
        if not self._parts:
            return np.empty(0)
        origin = self._parts[0][0]
        last, samples = self._parts[-1]
        signal = np.full(last + len(samples) - origin, np.nan)
        for first, part in self._parts:
            signal[first - origin : first - origin + len(part)] = part
        knocks = find_knocks(signal, self.info.sfreq) + origin
        whole = np.floor(knocks).astype(np.int64)
        return np.asarray(self.clock.time_ns(whole) + (knocks - whole) * 1e9 / self.info.sfreq, np.float64)


class TapStep:
    """Listens to two units until they have been knocked together often enough. Pure: blocks in, a result out.

    Parameters
    ----------
    left, right : (StreamInfo, int)
        The stream of each unit and the channel that lies on the glute.
    """

    def __init__(self, left: tuple[StreamInfo, int], right: tuple[StreamInfo, int]) -> None:
        self._left, self._right = _Unit(*left), _Unit(*right)
        self._by_id = {unit.info.stream_id: unit for unit in (self._left, self._right)}
        self._look_ns = 0
        self.n_knocks = 0
        """Knocks that both units have felt so far."""
        self.result: TapResult | None = None
        """Set once `KNOCKS` agree and both clocks are synced."""

    def push(self, block: SampleBlock) -> None:
        """Take the next block of either unit."""
        unit = self._by_id.get(block.stream_id)
        if unit is None or self.result is not None:
            return
        unit.take(block)
        if block.arrival_ns >= self._look_ns:
            self._look_ns = block.arrival_ns + round(LOOK_EVERY_S * 1e9)
            self._look()

    def _look(self) -> None:
        left_ns, right_ns = self._left.knocks_ns(), self._right.knocks_ns()
        if not len(left_ns) or not len(right_ns):
            return
        nearest = right_ns[np.argmin(np.abs(left_ns[:, np.newaxis] - right_ns), axis=1)]
        later_s = (left_ns - nearest) * 1e-9
        later_s = later_s[np.abs(later_s) <= TOGETHER_S]
        later_s = later_s[np.abs(later_s - np.median(later_s)) <= AGREE_S] if len(later_s) else later_s
        self.n_knocks = len(later_s)
        clocks = (self._left.clock, self._right.clock)
        rates = (self._left.info.sfreq, self._right.info.sfreq)
        if self.n_knocks < KNOCKS or not all(clock.synced for clock in clocks):
            return
        # 1.25: the median of a normal sample spreads so much wider than its mean.
        spread_s = 2.0 * 1.25 * float(later_s.std(ddof=1)) / math.sqrt(len(later_s))
        pm_s = math.hypot(spread_s, *(clock.uncertainty_s for clock in clocks), *(0.5 / rate for rate in rates))
        self.result = TapResult(float(np.median(later_s)), pm_s, len(later_s))


def measure_taps(
    uris: Sequence[str],
    say: Callable[[int], None] = lambda n_knocks: None,
    is_over: Callable[[], bool] = lambda: False,
) -> TapResult:
    """Open two units and wait until they were knocked together.

    Parameters
    ----------
    uris : sequence of str
        The left unit's source, then the right's.
    say : callable
        Is told the number of knocks that both have felt, whenever it grows.
    is_over : callable
        Asked now and then whether nobody wants the result any more.

    Raises
    ------
    DriverError
        If there are not two units in real time, one is lost, or no five knocks were felt within a minute.
    """
    if len(uris) not in (1, 2):
        raise SourceUriError("Knocking together needs two units: give --source for the left and for the right one.")
    drivers = Sources.create(uris)
    hub = Hub()
    sources = Sources.open(drivers, lambda _: hub)
    try:
        step = _step_of(sources)
        for info in sources.streams:
            hub.add_stream(info, ())
        sources.start()
        return _listen(hub, step, say, is_over)
    finally:
        sources.close()


def _step_of(sources: Sources) -> TapStep:
    units = []
    for site, side in enumerate(sources.montage.sites[:2]):
        for info in sources.streams:
            columns = [column for column, place in sources.montage.columns.get(info.stream_id, ()) if place == site]
            if columns:
                if info.kind == "envelope":
                    raise SourceFormatError(f"The {side} unit sends an envelope, which shows no knock; it needs none.")
                units.append((info, columns[0]))
    if len({info.stream_id for info, _ in units}) != 2:
        raise SourceUriError("Both sides come from one unit and share its clock: nothing has to be measured.")
    if not sources.paced:
        raise SourceUriError("Knocks are measured in real time: leave out speed=max.")
    return TapStep(*units)


def _listen(hub: Hub, step: TapStep, say: Callable[[int], None], is_over: Callable[[], bool]) -> TapResult:
    told = 0
    first_ns: int | None = None
    begun_ns = hub.clock_ns()
    while True:
        hub.arrived.wait(_WAIT_S)
        hub.arrived.clear()
        newest_ns = hub.clock_ns()
        while (item := hub.take()) is not None:
            if isinstance(item, LinkNote):
                if item.state in (LinkState.CLOSED, LinkState.UNAVAILABLE):
                    raise SourceLostError(item.reason or "A unit went away; connect it and knock again.")
                continue
            step.push(item[0])
            first_ns = item[0].arrival_ns if first_ns is None else first_ns
            newest_ns = max(newest_ns, begun_ns + item[0].arrival_ns - first_ns)
        if step.n_knocks > told:
            told = step.n_knocks
            say(told)
        if step.result is not None:
            return step.result
        if newest_ns - begun_ns > LONGEST_S * 1e9 or is_over():
            raise SourceFormatError(
                f"Within {LONGEST_S:.0f} s both units felt {step.n_knocks} knocks of {KNOCKS}; hold them against each "
                "other and knock them on a table, once a second."
            )
