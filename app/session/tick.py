"""What the signal chain tells the coach, one tick of 5 ms after the other.

A tick is a grid point of session time. The chain resamples nothing: each site shows the newest hop that had ended
by then, so that a session with one device and one with two look alike from here on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float64Array = npt.NDArray[np.float64]

TICK_S = 0.005
TRACK_S = 60.0


@dataclass(frozen=True, slots=True)
class Edge:
    """A site started or stopped to fire.

    Attributes
    ----------
    site : int
        Index of the site.
    rises : bool
        True for an onset, False for an offset.
    t_s : float
        Back-dated time of the onset or offset, seconds from the start of the source.
    """

    site: int
    rises: bool
    t_s: float


@dataclass(frozen=True, slots=True)
class Ticks:
    """Some ticks in a row, as the chain hands them to the coach.

    Attributes
    ----------
    energy, level : ndarray of float, shape (n_ticks, n_sites)
        Mean square of the newest hop and RMS of 100 ms; NaN where there is no signal.
    lost : ndarray of bool, shape (n_ticks, n_sites)
        Where a site has no signal, or its contact is bad.
    edges : mapping of int to list of Edge
        Onsets and offsets by the number of the tick in which they were decided.
    """

    energy: Float64Array
    level: Float64Array
    lost: npt.NDArray[np.bool_]
    edges: Mapping[int, list[Edge]]

    def __len__(self) -> int:
        return len(self.level)


class Track:
    """The last minute of every site, one row a tick.

    Parameters
    ----------
    n_sites : int

    Notes
    -----
    ``energy`` is the mean square of a hop in the stream's unit squared, ``level`` the RMS of 100 ms in the stream's
    unit; NaN where there is no signal.
    """

    def __init__(self, n_sites: int) -> None:
        self._capacity = round(TRACK_S / TICK_S)
        self._energy = np.full((self._capacity, n_sites), np.nan)
        self._level = np.full((self._capacity, n_sites), np.nan)
        self.n_ticks = 0

    def extend(self, energy: Float64Array, level: Float64Array) -> None:
        """Add ticks; both of shape (n_ticks, n_sites)."""
        n_ticks = len(energy)
        kept = min(n_ticks, self._capacity)
        first = (self.n_ticks + n_ticks - kept) % self._capacity
        n_first = min(kept, self._capacity - first)
        for ring, rows in ((self._energy, energy[n_ticks - kept :]), (self._level, level[n_ticks - kept :])):
            ring[first : first + n_first] = rows[:n_first]
            ring[: kept - n_first] = rows[n_first:]
        self.n_ticks += n_ticks

    def _rows(self, start_s: float, end_s: float) -> npt.NDArray[np.intp]:
        first = max(round(start_s / TICK_S), self.n_ticks - self._capacity, 0)
        last = min(round(end_s / TICK_S), self.n_ticks)
        return np.arange(first, max(first, last)) % self._capacity

    def energy(self, start_s: float, end_s: float) -> Float64Array:
        """Energies of the ticks in [start_s, end_s), shape (n_ticks, n_sites); what is too old is left out."""
        return self._energy[self._rows(start_s, end_s)]

    def level(self, start_s: float, end_s: float) -> Float64Array:
        """Levels of the ticks in [start_s, end_s), shape (n_ticks, n_sites); what is too old is left out."""
        return self._level[self._rows(start_s, end_s)]


@dataclass(frozen=True, slots=True)
class Scale:
    """Rest and reference of every site, in site order, as the coach works with them.

    Attributes
    ----------
    rest, reference : ndarray of float, shape (n_sites,)
        In the stream's unit; NaN where not known.
    reference_spread : ndarray of float, shape (n_sites,)
        Relative standard error of the reference, from the spread of its tries.
    own_best : bool
        The references of left and right differ so much that the weaker one may be weak itself: a ratio to them tells
        how each side does beside its own best, not whether the sides are alike.
    verdicts : bool
        False while the reference is a stand-in taken from the session: no LSI verdict rests on it.
    """

    rest: Float64Array
    reference: Float64Array
    reference_spread: Float64Array
    verdicts: bool
    own_best: bool = False

    def pct(self, level: Float64Array) -> Float64Array:
        """Level in % of the reference; any shape ending in (n_sites,)."""
        out: Float64Array = 100.0 * level / self.reference
        return out

    def above_rest(self, energy: Float64Array) -> Float64Array:
        """RMS of the muscle alone, rest power taken off; `energy` is a mean square, any shape ending in (n_sites,).

        Muscle and rest noise are independent, so their powers add. Without this, two sides of one muscle level and
        unequal noise would not read alike.
        """
        rest = np.where(np.isnan(self.rest), 0.0, self.rest)
        out: Float64Array = np.sqrt(np.maximum(energy - rest**2, 0.0))
        return out
