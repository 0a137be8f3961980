"""The word on each pillar, and the one cue, at this very moment of an attempt (design, section 4).

`dsp` measures when a side started; this decides what that means now: not yet, joins late, less than the other,
fading, joining. Times of waiting count from the moment the other side was *seen* to fire, not from its back-dated
onset, so that both sides are judged with the same delay.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from app.session.attempt import GO_REACTION_S, OpenAttempt
from app.session.events import SIDES, Cue, CueKind, Scheme, Side, SideOrBoth, SideState
from app.session.flags import WEAK_BELOW_PCT, SetFlags
from app.session.hold import HoldWatch
from app.session.tick import Scale, Track
from dsp.symmetry import log_ratio

LATE_AFTER_S: Final = 0.150
ASLEEP_AFTER_S: Final = 0.300
BOTH_AFTER_S: Final = 0.600
"""Helpers alone at work for so long, and both glutes are missing; they may well start 0.3 s before (dsp.md 3.6)."""
LEVEL_AFTER_S: Final = 0.700
"""Levels are compared from here on: ramps are over, and the RMS has enough of the plateau."""
LEVEL_WINDOW_S: Final = 0.350
CUE_STANDS_S: Final = 1.0
"""How long the last cue stays readable after its attempt."""
PRIORITY: Final[dict[CueKind, int]] = {"not-firing": 0, "late": 1, "low": 2, "fading": 3, "compensating": 4}
EVERY_FIFTH: Final = 5


@dataclass(slots=True)
class _SideNow:
    state: SideState = "quiet"
    joined_late: bool = False
    weak: bool = False
    hold: HoldWatch = field(default_factory=HoldWatch)


class LiveJudge:
    """States and cues of the running attempt.

    Parameters
    ----------
    targets : dict of side to int
        Site index of each working glute.
    compensators : dict of int to str
        Side or ``'both'`` that each compensator's site index belongs to.
    """

    def __init__(self, targets: dict[Side, int], compensators: dict[int, SideOrBoth]) -> None:
        self.targets = targets
        self._compensators = compensators
        self._now: dict[Side, _SideNow] = {side: _SideNow("no-signal") for side in SIDES}
        self._cued: dict[SideOrBoth, Cue] = {}
        self.cue: Cue | None = None
        self._cue_until_s: float | None = None
        self._attempts_since_comp_cue = EVERY_FIFTH
        self._levels_checked = False
        self._asked: Scheme = "both"

    def state(self, side: Side) -> SideState:
        """The word on that side's pillar."""
        return self._now[side].state

    def joined_late(self, side: Side) -> bool:
        """Whether "joins late" stands."""
        return self._now[side].joined_late

    def begin(self, asked: Scheme = "both") -> None:
        """Open a new attempt, of both sides or of one that is asked for alone: nobody waits for the other then."""
        self._asked = asked
        for now in self._now.values():
            now.joined_late = now.weak = False
            now.hold = HoldWatch()
        self._cued = {}
        self.cue = None
        self._cue_until_s = None
        self._levels_checked = False
        self._attempts_since_comp_cue += 1

    def end(self, t_s: float) -> None:
        """The attempt closed; its last cue stays readable for a moment."""
        for now in self._now.values():
            now.joined_late = now.weak = False
        self._cue_until_s = t_s + CUE_STANDS_S

    def tick(self, t_s: float, attempt: OpenAttempt | None, lost: set[int]) -> list[tuple[Side, SideState]]:
        """Advance one tick; returns the sides whose word changed.

        Parameters
        ----------
        t_s : float
        attempt : OpenAttempt or None
        lost : set of int
            Sites without a signal.
        """
        if attempt is None and self._cue_until_s is not None and t_s >= self._cue_until_s:
            self.cue = None
            self._cue_until_s = None
        changed: list[tuple[Side, SideState]] = []
        for side, now in self._now.items():
            had_joined_late = now.joined_late
            state = self._judge(side, now, t_s, attempt, lost)
            # A late side that joins keeps its word, but that it has joined must be told: its cue ends there.
            if state != now.state or now.joined_late > had_joined_late:
                now.state = state
                changed.append((side, state))
        return changed

    def due_s(self, attempt: OpenAttempt | None, after_s: float, *, holds: bool) -> float:
        """When, after `after_s`, the next tick matters although no muscle starts or stops.

        A side is waited for, levels are compared, or (where the exercise `holds`) a hold is looked at.
        """
        if attempt is None:
            return self._cue_until_s if self._cue_until_s is not None else math.inf
        dues: list[float] = []
        for side, site in self.targets.items():
            if holds and site in attempt.active:
                dues.append(self._now[side].hold.due_s(attempt.bursts[site].onset_s))
            if site not in attempt.bursts and self._asks(side):
                since_s, asleep_after_s = self._waiting_since(site, attempt)
                dues += [since_s + LATE_AFTER_S, since_s + asleep_after_s]
        onsets = [attempt.bursts[site].onset_s for site in self.targets.values() if site in attempt.bursts]
        if onsets and not self._levels_checked:
            dues.append(max(onsets) + LEVEL_AFTER_S)
        return min((due for due in dues if due > after_s), default=math.inf)

    def _judge(self, side: Side, now: _SideNow, t_s: float, attempt: OpenAttempt | None, lost: set[int]) -> SideState:
        site = self.targets.get(side)
        if site is None or site in lost:
            return "no-signal"
        if attempt is None:
            return "quiet"
        burst = attempt.bursts.get(site)
        if burst is None:
            # A signal that came back in mid attempt may have missed the onset: no word on when it joins.
            return "quiet" if site in attempt.lost or not self._asks(side) else self._waiting(site, t_s, attempt)
        if not now.joined_late and now.state in ("late", "asleep"):
            now.joined_late = True
        if now.joined_late:
            return "late"
        if site not in attempt.active:
            return "quiet"
        if now.hold.fading:
            return "fading"
        return "weak" if now.weak else "firing"

    def _asks(self, side: Side) -> bool:
        return self._asked in ("both", side)

    def _waiting(self, site: int, t_s: float, attempt: OpenAttempt) -> SideState:
        since_s, asleep_after_s = self._waiting_since(site, attempt)
        waited_s = t_s - since_s
        if waited_s >= asleep_after_s:
            return "asleep"
        return "late" if waited_s >= LATE_AFTER_S and asleep_after_s == ASLEEP_AFTER_S else "quiet"

    def _waiting_since(self, site: int, attempt: OpenAttempt) -> tuple[float, float]:
        """Time from which a silent side is waited for, and the seconds after which it is not firing."""
        others = [
            attempt.bursts[other].decided_s
            for other in self.targets.values()
            if other != site and other in attempt.bursts
        ]
        if others:
            return min(others), ASLEEP_AFTER_S
        return attempt.opened_s, GO_REACTION_S if attempt.by_go else BOTH_AFTER_S

    def cues(
        self,
        t_s: float,
        attempt: OpenAttempt,
        flags: SetFlags,
        track: Track,
        scale: Scale,
        *,
        compensator_line_pct: float,
        holds: bool,
    ) -> list[Cue]:
        """Cues that are due now; at most one side is addressed at a time."""
        silent: list[Side] = []
        for side, site in self.targets.items():
            if site in attempt.lost or site in attempt.bursts or side in self._cued or "both" in self._cued:
                continue
            if not self._asks(side):
                continue
            since_s, asleep_after_s = self._waiting_since(site, attempt)
            hurried = flags.sides[side].hurried
            if t_s - since_s >= (LATE_AFTER_S if hurried and asleep_after_s == ASLEEP_AFTER_S else asleep_after_s):
                silent.append(side)
        if len(silent) == len(SIDES):
            return self._say(t_s, "both", "not-firing")
        if silent:
            side = silent[0]
            late_only = flags.sides[side].late.up and not flags.sides[side].asleep.up
            return self._say(t_s, side, "late" if late_only else "not-firing")
        if holds and (fading := self._hold_cues(t_s, attempt, track)):
            return fading
        return self._level_cues(t_s, attempt, flags, track, scale, compensator_line_pct)

    def _hold_cues(self, t_s: float, attempt: OpenAttempt, track: Track) -> list[Cue]:
        """Say once that a hold begins to fade."""
        for side, site in self.targets.items():
            if site not in attempt.active:
                continue
            if self._now[side].hold.look(t_s, attempt.bursts[site].onset_s, site, track) and side not in self._cued:
                return self._say(t_s, side, "fading")
        return []

    def _level_cues(
        self,
        t_s: float,
        attempt: OpenAttempt,
        flags: SetFlags,
        track: Track,
        scale: Scale,
        compensator_line_pct: float,
    ) -> list[Cue]:
        """Once per attempt, when the plateau is reached: a weaker side, then a helper that takes over."""
        bursts = [attempt.bursts[site].onset_s for site in self.targets.values() if site in attempt.bursts]
        if self._levels_checked or not bursts or t_s - max(bursts) < LEVEL_AFTER_S:
            return []
        self._levels_checked = True
        energy = track.energy(t_s - LEVEL_WINDOW_S, t_s)
        pct = scale.pct(scale.above_rest(energy.mean(axis=0)))
        for side, site in self.targets.items():
            other = next((index for name, index in self.targets.items() if name != side), None)
            if other is None or self._asked != "both" or not scale.verdicts or not flags.sides[side].weak.up:
                continue
            if not {site, other}.isdisjoint(attempt.lost):
                continue
            if {site, other} <= attempt.active and 100.0 * pct[site] < WEAK_BELOW_PCT * pct[other]:
                self._now[side].weak = True
                if not flags.sides[side].coming_up(log_ratio(pct[site], pct[other])):
                    return self._say(t_s, side, "low")
        if self._cued or self._attempts_since_comp_cue < EVERY_FIFTH:
            return []
        for index, owner in self._compensators.items():
            if index not in attempt.lost and pct[index] > compensator_line_pct:
                self._attempts_since_comp_cue = 0
                return self._say(t_s, owner, "compensating")
        return []

    def _say(self, t_s: float, side: SideOrBoth, kind: CueKind) -> list[Cue]:
        if self.cue is not None and PRIORITY[kind] > PRIORITY[self.cue.kind]:
            return []
        cue = Cue(t_s=round(t_s, 3), side=side, kind=kind, channel="speech" if kind == "compensating" else "tone")
        self._cued[side] = cue
        self.cue = cue
        return [cue]
