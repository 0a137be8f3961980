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
        By site index; a burst that turns out to be a twitch is taken back when it ends.
    active : set of int
        Sites that fire now.
    lost : set of int
        Sites that had no signal at some moment: nothing is said about them in this attempt.
    """

    opened_s: float
    start_s: float
    by_go: bool
    bursts: dict[int, Burst] = field(default_factory=dict)
    active: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)

    def take(self, edge: Edge, t_s: float) -> None:
        """Note an onset or offset decided at `t_s`."""
        if edge.rises:
            self.active.add(edge.site)
            if edge.site in self.bursts:
                self.bursts[edge.site].offset_s = None
            else:
                self.bursts[edge.site] = Burst(edge.t_s, t_s)
        else:
            self._stop(edge.site, edge.t_s)

    def lose(self, sites: set[int], t_s: float) -> None:
        """Note that `sites` have no signal at `t_s`."""
        for site in self.active & sites:
            self._stop(site, t_s)
        self.lost |= sites

    def _stop(self, site: int, t_s: float) -> None:
        if site not in self.active:
            return
        self.active.discard(site)
        burst = self.bursts[site]
        burst.offset_s = max(t_s, burst.onset_s)
        if burst.offset_s - burst.onset_s < MIN_BURST_S:
            del self.bursts[site]

    def fired(self, site: int, t_s: float) -> bool:
        """Whether that site's burst was by `t_s` long enough to be a contraction."""
        burst = self.bursts.get(site)
        if burst is None or site in self.lost:
            return False
        return (t_s if burst.offset_s is None else burst.offset_s) - burst.onset_s >= MIN_BURST_S


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
        self.next_go_s: float | None = None
        """The go that is planned; None where a muscle sets the pace."""
        self._blind = False
        self._lost: set[int] = set()
        self._seen_since_s: dict[int, float] = {}

    def restart(self, t_s: float) -> None:
        """Drop what runs and begin anew, as after a pause or a rest."""
        self.open = None
        self._quiet_since_s = t_s
        self.next_go_s = None

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
        self._look_for_signal(t_s, lost)
        self._seen_since_s |= dict.fromkeys(self._lost - lost, t_s)
        self._lost = set(lost)
        for edge in edges:
            if edge.site in lost:
                continue
            if self.open is None and edge.rises:
                self.open = OpenAttempt(opened_s=t_s, start_s=edge.t_s, by_go=False)
            if self.open is not None:
                self.open.take(edge, t_s)
                if edge.rises and edge.t_s < self._seen_since_s.get(edge.site, 0.0):
                    self.open.lost.add(edge.site)  # at work before it could be seen: when it started is not known
        go_s = self._go(t_s, tempo)
        attempt = self.open
        if attempt is None:
            return None, go_s
        attempt.lose(lost, t_s)
        if not self._is_over(attempt, t_s, tempo):
            return None, go_s
        self.open = None
        self._quiet_since_s = self._quiet_since_s if attempt.by_go and not attempt.bursts else t_s
        if attempt.bursts:
            self.next_go_s = None
        return attempt, go_s

    def due_s(self, tempo: Tempo | None) -> float:
        """When the next tick matters although no muscle does anything: a go, or the end of one."""
        if self.open is not None:
            by_go_alone = self.open.by_go and not self.open.bursts
            return self.open.opened_s + self._go_lasts_s(tempo) if by_go_alone else math.inf
        if tempo is None or self._blind:
            return math.inf
        return self._quiet_since_s + GO_AFTER_QUIET_S if self.next_go_s is None else self.next_go_s

    @staticmethod
    def _go_lasts_s(tempo: Tempo | None) -> float:
        return GO_REACTION_S if tempo is None else tempo.squeeze_s

    def _look_for_signal(self, t_s: float, lost: set[int]) -> None:
        """Nobody is told to go while no electrode could see it; the wait for a go starts when one can again."""
        was_blind, self._blind = self._blind, lost.issuperset(self.targets)
        if was_blind and not self._blind:
            self._quiet_since_s = t_s
            self.next_go_s = None

    def _go(self, t_s: float, tempo: Tempo | None) -> float | None:
        if tempo is None or self.open is not None or self._blind:
            return None
        if self.next_go_s is None:
            if t_s - self._quiet_since_s < GO_AFTER_QUIET_S:
                return None
            self.next_go_s = t_s
        if t_s < self.next_go_s:
            return None
        self.next_go_s = t_s + tempo.squeeze_s + tempo.rest_s
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
