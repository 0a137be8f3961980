"""`Presence`: which sides have a signal while a step runs, and whether the step has to wait for one."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.session.calibrating.measures import BEAT_S
from app.session.calibrating.steps import Step

LOST_S: Final = 1.0
LOST_IN_TAP_S: Final = 2.0
BACK_S: Final = 1.0
WAIT_S: Final = 30.0
"""So long a step waits for a side that lost its signal."""
RESTARTS: Final = 2
"""So often a step begins anew for a side that loses its signal again and again; then it goes on without."""
_NEVER_WAIT: Final = ("contact", "pain", "pause", "answers")


class Presence:
    """Counts beats with and without a signal.

    Parameters
    ----------
    n_sites : int
    """

    def __init__(self, n_sites: int) -> None:
        self._lost = np.zeros(n_sites, np.int64)
        self.good: npt.NDArray[np.int64] = np.zeros(n_sites, np.int64)
        """Beats in a row with a signal, shape (n_sites,)."""
        self._waited = 0
        self.begin_step()

    def begin_step(self) -> None:
        """Forget what another step waited for."""
        self._counted: set[int] = set()
        self._gone: set[int] = set()
        self._given_up: set[int] = set()
        self._n_restarts = 0
        self._waited = 0

    @property
    def is_waiting(self) -> bool:
        """Whether the step waits."""
        return self._waited > 0

    def stop_waiting(self) -> None:
        """The step begins anew."""
        self._waited = 0

    def take(self, lost: npt.NDArray[np.bool_]) -> None:
        """Take note of a beat; which sites had no signal, shape (n_sites,)."""
        self._lost = np.where(lost, self._lost + 1, 0)
        self.good = np.where(lost, 0, self.good + 1)

    def look(
        self, step: Step, columns: Sequence[int], lost: npt.NDArray[np.bool_], clipping: set[int]
    ) -> tuple[bool, bool]:
        """Look whether a step waits, and whether it begins anew.

        Parameters
        ----------
        step : Step
        columns : sequence of int
            Of left and right.
        lost : ndarray of bool, shape (n_sites,)
            As far as this step minds: a tap may drive an electrode to the end of its range.
        clipping : set of int
            Columns whose signal hits the end of the range; what clips while it works would clip again.

        Returns
        -------
        waits, anew : bool
        """
        if step.id in _NEVER_WAIT:
            return False, False
        anew = False
        if self._waited:
            self._waited += 1
            if step.is_squeeze:
                self._given_up |= self._gone & clipping
            if self._gone <= self._given_up:
                self._waited = 0
            else:
                is_back = all(self.good[column] >= BACK_S / BEAT_S for column in self._counted)
                if not is_back and self._waited < WAIT_S / BEAT_S:
                    return True, False
                self._n_restarts += 1
                if not is_back or self._n_restarts > RESTARTS:
                    self._given_up |= self._gone
                self._waited = 0
                anew = True
        if step.id.startswith("tap"):
            self._counted = set(columns)
            limit_s, lost_for = LOST_IN_TAP_S, np.where(lost, self._lost, 0)
        else:
            self._counted |= {column for column in columns if not lost[column]}
            limit_s, lost_for = LOST_S, self._lost
        self._counted -= self._given_up
        self._gone = {column for column in self._counted if lost_for[column] >= limit_s / BEAT_S}
        if self._gone:
            self._waited = 1
        return bool(self._gone), anew
