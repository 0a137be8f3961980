"""Puts the hops of one or two streams onto the one 5 ms grid of the session.

Time zero is the fitted time of the earliest first sample. The grid advances to the watermark, the smaller of the
streams' times; a stream more than half a second behind leaves it, shows no signal, and comes back with its hops.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from app.pipeline.chain import N_ROWS
from app.session.tick import TICK_S, Edge

Float64Array = npt.NDArray[np.float64]

BEHIND_S: Final = 0.5
STALE_S: Final = 0.020
"""A site whose newest hop is older than this has no signal."""
TOLERANCE_S: Final = TICK_S / 2
"""Hop times carry the rounding of a fitted clock."""


@dataclass(slots=True)
class _Lane:
    """One stream on its way to the grid: hops not yet passed by, the newest passed one first."""

    sites: npt.NDArray[np.intp]
    times_s: Float64Array
    rows: Float64Array
    edges: list[tuple[float, Edge]] = field(default_factory=list)
    newest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class GridRows:
    """Some ticks of the grid over all sites.

    Attributes
    ----------
    rows : ndarray of float, shape (n_ticks, N_ROWS, n_sites)
        As in `app.pipeline.chain.Hops`; NaN where there is no signal.
    edges : mapping of int to list of Edge
        By the number of the tick.
    """

    rows: Float64Array
    edges: Mapping[int, list[Edge]]

    def between(self, first: int, end: int) -> "GridRows":
        """Ticks [first, end) of these."""
        edges = {tick - first: found for tick, found in self.edges.items() if first <= tick < end}
        return GridRows(self.rows[first:end], edges)


class Grid:
    """Merges streams tick by tick.

    Parameters
    ----------
    n_sites : int
    lanes : mapping of str to array of int
        Site indices of the columns of each stream.
    until_s : float
        Session time at which the grid ends, however much more comes.
    """

    def __init__(self, n_sites: int, lanes: Mapping[str, npt.NDArray[np.intp]], until_s: float = math.inf) -> None:
        self._until_s = until_s
        self._n_sites = n_sites
        self._lanes = {
            stream_id: _Lane(sites, np.empty(0), np.empty((0, N_ROWS, len(sites))))
            for stream_id, sites in lanes.items()
        }
        self.n_ticks = 0

    @property
    def newest_s(self) -> dict[str, float]:
        """Session time of the newest hop of each stream; 0 before the first."""
        return {stream_id: lane.newest_s for stream_id, lane in self._lanes.items()}

    def add(self, stream_id: str, times_s: Float64Array, rows: Float64Array, edges: list[tuple[float, Edge]]) -> None:
        """Take the next hops of a stream.

        Parameters
        ----------
        stream_id : str
        times_s : ndarray of float, shape (n_hops,)
            Session time of the end of each hop, rising.
        rows : ndarray of float, shape (n_hops, N_ROWS, n_mapped)
        edges : list of (float, Edge)
            Each with the time of the hop that decided it.
        """
        lane = self._lanes[stream_id]
        lane.times_s = np.concatenate([lane.times_s, times_s])
        lane.rows = np.concatenate([lane.rows, rows])
        lane.edges += edges
        lane.newest_s = max(lane.newest_s, float(times_s[-1]))

    def ticks(self, *, final: bool = False) -> GridRows | None:
        """Every tick that is complete; with `final` also those that one stream alone still holds."""
        newest = max(lane.newest_s for lane in self._lanes.values())
        live = [lane.newest_s for lane in self._lanes.values() if newest - lane.newest_s <= BEHIND_S]
        watermark = newest if final else max(min(live), newest - BEHIND_S)
        n_new = int((min(watermark, self._until_s) + TOLERANCE_S) / TICK_S) - self.n_ticks
        if n_new <= 0:
            return None
        times_s: Float64Array = np.arange(self.n_ticks + 1, self.n_ticks + n_new + 1, dtype=np.float64) * TICK_S
        rows = np.full((n_new, N_ROWS, self._n_sites), np.nan)
        edges: dict[int, list[Edge]] = {}
        for lane in self._lanes.values():
            self._lay(lane, times_s, rows, edges)
        self.n_ticks += n_new
        return GridRows(rows, edges)

    @staticmethod
    def _lay(lane: _Lane, times_s: Float64Array, rows: Float64Array, edges: dict[int, list[Edge]]) -> None:
        """Show on each tick the newest hop that had ended by then, and drop what is passed."""
        if not len(lane.times_s):
            return
        shown = np.searchsorted(lane.times_s, times_s + TOLERANCE_S, side="right") - 1
        fresh = (shown >= 0) & (times_s - lane.times_s[shown] <= STALE_S)
        if fresh.all():
            rows[:, :, lane.sites] = lane.rows[shown]
        else:
            rows[np.ix_(fresh, np.arange(N_ROWS), lane.sites)] = lane.rows[shown[fresh]]
        while lane.edges and lane.edges[0][0] <= times_s[-1] + TOLERANCE_S:
            decided_s, edge = lane.edges.pop(0)
            tick = int(np.searchsorted(times_s + TOLERANCE_S, decided_s, side="left"))
            edges.setdefault(tick, []).append(edge)
        passed = max(0, int(shown[-1]))
        lane.times_s = lane.times_s[passed:]
        lane.rows = lane.rows[passed:]
