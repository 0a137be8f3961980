"""Two short squeezes in a row: the sign by which somebody lying on their face tells the session to go on.

It is made with whichever side fires, since nothing may assume that a certain one can; two sides that fire together, or
one shortly after the other, are one squeeze.
"""

import math
from collections.abc import Collection
from typing import Final

from app.session.tick import Edge

LEAST_S: Final = 0.2
MOST_S: Final = 1.0
WITHIN_S: Final = 2.0
"""From the start of the first to the start of the second."""
QUIET_BEFORE_S: Final = 0.5
"""Who turns over or settles down fires on and off; before the sign it is quiet."""


class Gesture:
    """Hears the sign, one tick after the other.

    Parameters
    ----------
    targets : collection of int
        Site indices of the glutes.
    """

    def __init__(self, targets: Collection[int]) -> None:
        self._targets = frozenset(targets)
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was squeezed before is no part of a sign."""
        self._active: set[int] = set()
        self._began_s: float | None = None
        self._first_s: float | None = None
        self._ended_s = -math.inf

    def hear(self, t_s: float, edges: Collection[Edge], lost: Collection[int]) -> bool:
        """Take the onsets and offsets of one tick; returns True when the second squeeze has ended.

        Parameters
        ----------
        t_s : float
        edges : collection of Edge
        lost : collection of int
            Sites without a signal: what they did breaks off, and is no squeeze.
        """
        if not self._active.isdisjoint(lost):
            self.forget()
        heard = False
        for edge in edges:
            if edge.site not in self._targets or edge.site in lost:
                continue
            if edge.rises:
                if not self._active:
                    self._began_s = edge.t_s
                self._active.add(edge.site)
            elif edge.site in self._active:
                self._active.discard(edge.site)
                if not self._active:
                    heard = self._take(edge.t_s) or heard
        return heard

    def _take(self, ended_s: float) -> bool:
        """A squeeze ended; returns whether it was the second of two."""
        began_s, quiet_since_s = self._began_s, self._ended_s
        self._began_s, self._ended_s = None, ended_s
        if began_s is None or not LEAST_S <= ended_s - began_s <= MOST_S:
            self._first_s = None
            return False
        if self._first_s is not None and began_s - self._first_s <= WITHIN_S:
            self._first_s = None
            return True
        self._first_s = began_s if began_s - quiet_since_s >= QUIET_BEFORE_S else None
        return False
