"""One simulated unit: its stream, and everything that it hands over, in order and with the source time of each.

Faults of the radio live here: lost packets, samples held back, a link that breaks and comes back. They take samples
away or delay them, and never change one.
"""

import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from drivers.simulator import people
from drivers.simulator.options import NEVER, Options, Span
from drivers.simulator.plan import Plan
from drivers.simulator.signal import FULL_SCALE_V, LSB_V, Electrodes
from drivers.types import LinkState, SampleBlock, StreamInfo

PACKET_S = 0.020
"""What is lost at once. Loss must not depend on the size of blocks, so it has a size of its own."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A block or a change of state, and the source time in nanoseconds at which it is due."""

    due_ns: int
    stream_id: str
    what: SampleBlock | tuple[LinkState, str]


def units_of(options: Options) -> list["Unit"]:
    """Make the units of a scenario: one, or one for each side."""
    whole = f"sim-{options.name}-{options.seed}"
    if options.scenario.units == 1:
        return [Unit(options, whole, options.sites, 0.0, options.drift_ppm, has_link_faults=True)]
    sites = {side: tuple(site for site in options.sites if site.endswith(side)) for side in people.SIDES}
    return [
        Unit(options, f"{whole}-left", sites["left"], 0.0, options.drift_ppm, has_link_faults=True),
        Unit(
            options,
            f"{whole}-right",
            sites["right"],
            people.SECOND_UNIT_STARTS_S,
            people.COUNTER_DRIFT * options.drift_ppm,
            has_link_faults=False,
        ),
    ]


class Unit:
    """One stream of the simulator.

    Parameters
    ----------
    options : Options
    stream_id : str
    sites : tuple of str
        One per channel.
    first_s : float
        Source time of the first sample.
    drift_ppm : float
        How much faster than nominal its clock runs.
    has_link_faults : bool
        Whether stall and disconnect of the options are this unit's.
    """

    def __init__(
        self,
        options: Options,
        stream_id: str,
        sites: tuple[str, ...],
        first_s: float,
        drift_ppm: float,
        *,
        has_link_faults: bool,
    ) -> None:
        self._options = options
        self._first_s = first_s
        self._sfreq = options.sfreq * (1.0 + drift_ppm * 1e-6)
        never = Span(NEVER, NEVER)
        self._gone = options.disconnect if has_link_faults else never
        self._held = options.stall if has_link_faults else never
        self._transport_s = options.transport_s if has_link_faults else 0.0
        self.info = StreamInfo(
            stream_id=stream_id,
            sfreq=float(options.sfreq),
            ch_names=sites,
            lsb=(LSB_V,) * len(sites),
            paced=not math.isinf(options.speed),
            full_scale=FULL_SCALE_V,
        )

    def deliveries(self, plan: Plan, origin_ns: int) -> Iterator[Delivery]:
        """Go through everything the unit hands over, in order; endless if the plan is.

        Parameters
        ----------
        plan : Plan
        origin_ns : int
            ``arrival_ns`` of source time zero.
        """
        # States first: `heapq.merge` keeps that order where times are equal, so a link is up before its samples come.
        return heapq.merge(self._states(plan), self._blocks(plan, origin_ns), key=lambda delivery: delivery.due_ns)

    def _states(self, plan: Plan) -> Iterator[Delivery]:
        changes = [(self._first_s, LinkState.STREAMING, "")]
        for fault, state, reason in (
            (self._gone, LinkState.RECONNECTING, "The simulated sensor is out of reach."),
            (self._held, LinkState.STALLED, "The simulated sensor holds its samples back."),
        ):
            changes += [(fault.start_s, state, reason), (fault.stop_s, LinkState.STREAMING, "")]
        for time_s, state, reason in sorted(change for change in changes if change[0] < min(plan.duration_s, NEVER)):
            yield Delivery(_ns(time_s), self.info.stream_id, (state, reason))

    def _blocks(self, plan: Plan, origin_ns: int) -> Iterator[Delivery]:
        options = self._options
        electrodes = Electrodes(options, plan, self.info.ch_names, self._first_s, self._sfreq)
        radio = np.random.default_rng([options.seed, *f"radio {self.info.stream_id}".encode()])
        n_total = self._index_at(plan.duration_s)
        gone_from, back_at = self._index_at(self._gone.start_s), self._index_at(self._gone.stop_s)
        n_packet = max(1, round(options.sfreq * PACKET_S))
        epoch = epoch_began = n_lost = 0
        for begun in itertools.count(0, options.sfreq):
            if begun >= n_total:
                return
            samples = electrodes.next_second()
            samples.flags.writeable = False  # blocks are views of it
            is_lost = radio.random(-(-options.sfreq // n_packet)) < options.loss
            n_samples = min(options.sfreq, n_total - begun)
            for start, stop in itertools.pairwise(self._cuts(int(n_samples), is_lost, n_packet, begun)):
                first = begun + start
                if gone_from <= first < back_at:
                    continue
                if first >= back_at and not epoch:
                    epoch, epoch_began, n_lost = 1, first, 0
                if is_lost[start // n_packet]:
                    n_lost += stop - start
                    continue
                due_ns = self._due_ns(begun + stop - 1)
                block = SampleBlock(
                    self.info.stream_id, samples[start:stop], first - epoch_began, epoch, origin_ns + due_ns, n_lost
                )
                n_lost = 0
                yield Delivery(due_ns, self.info.stream_id, block)

    def _cuts(self, n_samples: int, is_lost: npt.NDArray[np.bool_], n_packet: int, begun: int) -> list[int]:
        """Where one second of samples is cut: into blocks, about lost packets, and where the link breaks."""
        cuts = {*range(0, n_samples, max(1, round(self._options.sfreq * self._options.block_s))), n_samples}
        cuts.update(int(packet + 1) * n_packet for packet in np.flatnonzero(np.diff(is_lost)))
        for fault in (self._gone.start_s, self._gone.stop_s):
            if not math.isinf(fault):
                cuts.add(int(self._index_at(fault)) - begun)
        return sorted(cut for cut in cuts if 0 <= cut <= n_samples)

    def _index_at(self, time_s: float) -> float:
        """Number of the first sample at or after a source time; ``inf`` for never."""
        if math.isinf(time_s):
            return math.inf
        # A time that falls on a sample means that sample, whatever the last bit of the product says.
        return max(0, math.ceil(round((time_s - self._first_s) * self._sfreq, 6)))

    def _due_ns(self, index: int) -> int:
        """Source time at which a sample arrives: when it is taken, or when samples stop being held back."""
        time_s = self._first_s + index / self._sfreq
        if self._held.start_s <= time_s < self._held.stop_s:
            time_s = self._held.stop_s
        return _ns(time_s + self._transport_s)


def _ns(time_s: float) -> int:
    return round(time_s * 1e9)
