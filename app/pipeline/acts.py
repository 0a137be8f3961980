"""Acts of a session that is replayed: each is done between the same two ticks as when it was live.

Live, an act is done at once, between two blocks, and its line bears the time of the newest tick; a replay does it again
before the next one. Whatever the size of blocks, nothing is judged between an act and the tick after it.
"""

import math
from collections.abc import Iterable, Iterator

from app.pipeline.align import GridRows
from app.session.events import Act
from app.session.tick import TICK_S


class ActQueue:
    """What is still to be done, in order of the ticks after which it is due.

    Parameters
    ----------
    recorded : iterable of Act
        In any order; those that muscle or coach did come about again by themselves.
    """

    def __init__(self, recorded: Iterable[Act] = ()) -> None:
        persons = [(round(act.t_s / TICK_S), act) for act in recorded if act.by == "person"]
        self._waiting = sorted(persons, key=lambda one: one[0])

    @property
    def next_s(self) -> float:
        """Session time at which the next one is due; infinite where none waits."""
        return self._waiting[0][0] * TICK_S if self._waiting else math.inf

    def take(self, n_ticks: int) -> list[Act]:
        """Take what is due when so many ticks have been judged."""
        due = [act for at, act in self._waiting if at <= n_ticks]
        self._waiting = self._waiting[len(due) :]
        return due

    def cut(self, grid: GridRows, n_ticks: int) -> Iterator[tuple[list[Act], GridRows]]:
        """Cut the next ticks, `n_ticks` having been judged, into pieces before which acts are due."""
        first, n_rows = 0, len(grid.rows)
        while first < n_rows:
            due = self.take(n_ticks + first)
            next_at = self._waiting[0][0] - n_ticks if self._waiting else math.inf
            end = int(min(n_rows, next_at))
            yield due, grid if end - first == n_rows else grid.between(first, end)
            first = end
