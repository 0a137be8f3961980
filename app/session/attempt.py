"""An attempt: one try to squeeze, from the first rise of any muscle until all are quiet again.

It opens when any glute or compensator rises. Where nothing rises at all - both glutes asleep and no other muscle
measured - the go of a paced tempo opens it, so that a try in which nothing happens is still seen and cued.
"""

import math
from dataclasses import dataclass, field

from app.session.programme import Tempo
from app.session.tick import Edge

MIN_BURST_S = 0.150
"""Shorter bursts are twitches, not tries (dsp.md 3.2)."""
GO_REACTION_S = 1.0
"""A side that has not fired by then did not follow the go: simple reaction takes 0.2-0.4 s."""
GO_AFTER_QUIET_S = 8.0
"""Two rounds of the tempo without any muscle, and the go takes over."""


@dataclass(slots=True)
class Burst:
    """One site's activity within an attempt, from its first onset to its last offset."""

    onset_s: float
    decided_s: float
    offset_s: float | None = None


@dataclass(slots=True)
class OpenAttempt:
    """The running attempt.

    Attributes
    ----------
    opened_s : float
        When it was decided that an attempt runs.
    start_s : float
        First onset, or the go.
    by_go : bool
    bursts : dict of int to Burst
        By site index.
    active : set of int
        Sites that fire now.
    touched_gap : bool
        A target had no signal at some moment: such a rep is not counted.
    """

    opened_s: float
    start_s: float
    by_go: bool
    bursts: dict[int, Burst] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    touched_gap: bool = False

    def take(self, edge: Edge, t_s: float) -> None:
        """Note an onset or offset decided at `t_s`."""
        if edge.rises:
            self.active.add(edge.site)
            if edge.site in self.bursts:
                self.bursts[edge.site].offset_s = None
            else:
                self.bursts[edge.site] = Burst(edge.t_s, t_s)
        else:
            self.active.discard(edge.site)
            if edge.site in self.bursts:
                self.bursts[edge.site].offset_s = max(edge.t_s, self.bursts[edge.site].onset_s)

    def fired(self, site: int) -> bool:
        """Whether that site's burst was long enough to be a contraction."""
        burst = self.bursts.get(site)
        return burst is not None and burst.offset_s is not None and burst.offset_s - burst.onset_s >= MIN_BURST_S


class AttemptTracker:
    """Opens and closes attempts.

    Parameters
    ----------
    targets : tuple of int
        Site indices of the working glutes.
    """

    def __init__(self, targets: tuple[int, ...]) -> None:
        self.targets = targets
        self.open: OpenAttempt | None = None
        self._quiet_since_s = 0.0
        self._next_go_s: float | None = None

    def restart(self, t_s: float) -> None:
        """Drop what runs and begin anew, as after a pause or a rest."""
        self.open = None
        self._quiet_since_s = t_s
        self._next_go_s = None

    def tick(
        self, t_s: float, edges: list[Edge], lost: set[int], tempo: Tempo | None
    ) -> tuple[OpenAttempt | None, float | None]:
        """Advance one tick.

        Parameters
        ----------
        t_s : float
        edges : list of Edge
            Onsets and offsets decided in this tick.
        lost : set of int
            Sites without a signal, or with a bad contact: what they seem to do means nothing.
        tempo : Tempo or None
            The rhythm in force, if any.

        Returns
        -------
        closed : OpenAttempt or None
            The attempt that ended in this tick.
        go_s : float or None
            The time of a go that fell into this tick.
        """
        for edge in edges:
            if edge.site in lost:
                continue
            if self.open is None and edge.rises:
                self.open = OpenAttempt(opened_s=t_s, start_s=edge.t_s, by_go=False)
            if self.open is not None:
                self.open.take(edge, t_s)
        go_s = self._go(t_s, tempo)
        attempt = self.open
        if attempt is None:
            return None, go_s
        attempt.active -= lost
        attempt.touched_gap |= any(site in lost for site in self.targets)
        if not self._is_over(attempt, t_s, tempo):
            return None, go_s
        self.open = None
        self._quiet_since_s = self._quiet_since_s if attempt.by_go and not attempt.bursts else t_s
        if attempt.bursts:
            self._next_go_s = None
        return attempt, go_s

    def due_s(self, tempo: Tempo | None) -> float:
        """When the next tick matters although no muscle does anything: a go, or the end of one."""
        if self.open is not None:
            by_go_alone = self.open.by_go and not self.open.bursts
            return self.open.opened_s + self._go_lasts_s(tempo) if by_go_alone else math.inf
        if tempo is None:
            return math.inf
        return self._quiet_since_s + GO_AFTER_QUIET_S if self._next_go_s is None else self._next_go_s

    @staticmethod
    def _go_lasts_s(tempo: Tempo | None) -> float:
        return GO_REACTION_S if tempo is None else tempo.squeeze_s

    def _go(self, t_s: float, tempo: Tempo | None) -> float | None:
        if tempo is None or self.open is not None:
            return None
        if self._next_go_s is None:
            if t_s - self._quiet_since_s < GO_AFTER_QUIET_S:
                return None
            self._next_go_s = t_s
        if t_s < self._next_go_s:
            return None
        self._next_go_s = t_s + tempo.squeeze_s + tempo.rest_s
        self.open = OpenAttempt(opened_s=t_s, start_s=t_s, by_go=True)
        return t_s

    def _is_over(self, attempt: OpenAttempt, t_s: float, tempo: Tempo | None) -> bool:
        if attempt.by_go and not attempt.bursts:
            return t_s - attempt.opened_s >= self._go_lasts_s(tempo)
        if any(site in attempt.active for site in self.targets):
            return False
        if any(site in attempt.bursts for site in self.targets):
            return True
        return not attempt.active
