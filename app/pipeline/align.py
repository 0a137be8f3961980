"""Puts the hops of one or two streams onto the one 5 ms grid of the session.

Time zero is the fitted time of the earliest first sample. The grid advances to the watermark, the smaller of the
streams' times; a stream more than half a second behind leaves it, shows no signal, and comes back with its hops.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.chain import Hop
from app.session.tick import TICK_S, Edge

Float64Array = npt.NDArray[np.float64]

BEHIND_S: Final = 0.5
STALE_S: Final = 0.020
"""A site whose newest hop is older than this has no signal."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A hop with its session time; `sites` are the site indices of its columns."""

    t_s: float
    hop: Hop
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Lane:
    """One stream on its way to the grid."""

    sites: npt.NDArray[np.intp]
    pending: deque[Placed] = field(default_factory=deque)
    newest_s: float = 0.0
    shown: Placed | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One tick of the grid over all sites; NaN where there is no signal."""

    energy: Float64Array
    level: Float64Array
    low: Float64Array
    high: Float64Array
    edges: list[Edge]


class Grid:
    """Merges streams tick by tick.

    Parameters
    ----------
    n_sites : int
    lanes : mapping of str to array of int
        Site indices of the columns of each stream.
    """

    def __init__(self, n_sites: int, lanes: dict[str, npt.NDArray[np.intp]]) -> None:
        self._n_sites = n_sites
        self._lanes = {stream_id: _Lane(sites) for stream_id, sites in lanes.items()}
        self.n_ticks = 0

    def add(self, stream_id: str, placed: Placed) -> None:
        """Take the next hop of a stream."""
        lane = self._lanes[stream_id]
        lane.pending.append(placed)
        lane.newest_s = max(lane.newest_s, placed.t_s)

    def ticks(self, *, final: bool = False) -> Iterator[Row]:
        """Yield every tick that is complete; with `final` also those that one stream alone still holds."""
        newest = max(lane.newest_s for lane in self._lanes.values())
        live = [lane.newest_s for lane in self._lanes.values() if newest - lane.newest_s <= BEHIND_S]
        watermark = newest if final else max(min(live), newest - BEHIND_S)
        # Half a tick of tolerance: hop times carry the rounding of a fitted clock.
        while (self.n_ticks + 1) * TICK_S <= watermark + TICK_S / 2:
            self.n_ticks += 1
            yield self._row(self.n_ticks * TICK_S)

    def _row(self, t_s: float) -> Row:
        shape = self._n_sites
        row = Row(np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan), [])
        for lane in self._lanes.values():
            while lane.pending and lane.pending[0].t_s <= t_s + TICK_S / 2:
                lane.shown = lane.pending.popleft()
                row.edges.extend(lane.shown.edges)
            if lane.shown is not None and t_s - lane.shown.t_s <= STALE_S:
                hop = lane.shown.hop
                row.energy[lane.sites] = hop.energy
                row.level[lane.sites] = hop.level
                row.low[lane.sites] = hop.low
                row.high[lane.sites] = hop.high
        return row
