"""What the closed attempts of a session amount to: their lines, and the standing that grows with them.

The standing (flags, wake-up, helpers, counts) is one object, so that what a rep did to it can be taken back whole.
"""

import math
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

from app.session.aim import Aim
from app.session.attempt import OpenAttempt
from app.session.compensators import Compensator
from app.session.counting import tell_progress
from app.session.events import SIDES, Attempt, Event, Note, ReferenceMethod, Rep, Side
from app.session.flags import Measured, SetFlags
from app.session.guidance import Closed, Guidance
from app.session.programme import Programme
from app.session.progress import Position, ProgrammeProgress
from app.session.rep import RepContext, make_rep
from app.session.scoring import REP_PEAK_PCT, AttemptScore, Comparison, compare, effort_floor_pct, score_attempt
from app.session.tally import Tally
from app.session.tick import Scale, Track

LEAST_REP_S: Final = 0.300
"""A shorter squeeze is no rep (dsp.md 3.7)."""
LEAST_GAP_S: Final = 0.300
"""What begins sooner after a squeeze is its second pulse: between two squeezes a muscle rests for half a second."""
LEAST_HOLD: Final = 0.8
"""Share of the seconds asked for that makes a hold; who lets go at "one" has held."""
IN_TIME_MS: Final = 150.0
"""A side counts as joining in time up to here: five standard deviations of a healthy pair's onset jitter."""


@dataclass(slots=True)
class Standing:
    """What is known from the counted attempts so far.

    Attributes
    ----------
    compensators : dict of int to Compensator
        By site index.
    guidance : Guidance
    flags : SetFlags
    tally : Tally
    last_rep : Rep or None
    """

    compensators: dict[int, Compensator]
    guidance: Guidance
    flags: SetFlags = field(default_factory=SetFlags)
    tally: Tally = field(default_factory=Tally)
    last_rep: Rep | None = None


class Results:
    """Scores attempts and keeps the standing.

    Parameters
    ----------
    programme : Programme
    sites : tuple of str
        Measured sites, in the order of every array.
    targets : dict of side to int
        Site index of each working glute.
    progress : ProgrammeProgress
        Is told of every counted attempt.
    raw_to_uv : float or None
        Turns the stream's unit into microvolts; None if its gain is unknown.
    method : {'mvc', 'best-clench', 'session'}
        How the reference was made.
    """

    def __init__(
        self,
        programme: Programme,
        sites: tuple[str, ...],
        targets: dict[Side, int],
        progress: ProgrammeProgress,
        *,
        raw_to_uv: float | None,
        method: ReferenceMethod,
    ) -> None:
        helpers = {
            index: Compensator(programme.compensator_line_pct)
            for index, site in enumerate(sites)
            if site.rpartition("-")[0] in programme.compensators
        }
        self.standing = Standing(helpers, Guidance(programme, targets, asks_felt=not helpers))
        self._programme = programme
        self._sites = sites
        self._targets = targets
        self._progress = progress
        self._raw_to_uv = raw_to_uv
        self._method: ReferenceMethod = method
        self._n_rep_lines = 0
        self._last_end_s = -math.inf
        self.aim = self.next_aim
        """What the running or last attempt was asked to be."""
        self._before: tuple[Rep, Standing, Position] | None = None
        """The last counted rep, and how things stood before it."""

    @property
    def compared(self) -> bool:
        """Whether left and right squeeze together now and both are measured."""
        return self._progress.asked == "both" and len(self._targets) == len(SIDES)

    @property
    def working(self) -> dict[Side, int]:
        """Site index of each glute that the programme asks for now."""
        return {side: site for side, site in self._targets.items() if self._progress.asked in (side, "both")}

    @property
    def watched(self) -> set[int]:
        """Sites whose contractions make an attempt."""
        return {*self.working.values(), *self.standing.compensators}

    @property
    def next_aim(self) -> Aim:
        """What the next attempt is asked to be."""
        progress = self._progress
        return self.standing.guidance.aim(progress.phase, progress.place, progress.asked)

    def begin(self) -> Aim:
        """An attempt opened: what is asked of it stays as it is, whatever is done meanwhile."""
        self.aim = self.next_aim
        return self.aim

    def close(self, attempt: OpenAttempt, t_s: float, track: Track, scale: Scale, clock_s: float | None) -> list[Event]:
        """Score a closed attempt and take it into account everywhere."""
        working = self.working
        fired_any = [site for site in self.watched if attempt.fired(site, t_s)]
        signal_lost = not attempt.lost.isdisjoint(working.values())
        if not fired_any and not attempt.by_go and not (signal_lost and attempt.bursts):
            return []  # a twitch shorter than a contraction is no try
        score = score_attempt(attempt, t_s, track, scale, tuple(working.values()))
        fired: list[Side] = [side for side, site in working.items() if score.sites[site].fired]
        is_planned = self._progress.phase.kind != "free"
        if is_planned and not (fired or attempt.by_go or signal_lost) and self._is_movement(score, fired_any):
            return []
        why = "signal lost" if signal_lost else self._why_no_rep(score, scale) if fired else None
        standing, aim = self.standing, self.aim
        standing.tally.attempts += 1
        events: list[Event] = [
            Attempt(
                index=standing.tally.attempts,
                start_s=round(score.start_s, 3),
                end_s=round(score.end_s, 3),
                fired=fired,
                counted=why is None,
                why=why,
                hint=aim.hint,
            )
        ]
        comparison = self._compare(score, scale, aim, clock_s)
        rep = None
        if fired and why in (None, "signal lost"):
            rep = self._rep(score, comparison, scale, aim, counted=why is None, clock_s=clock_s)
            if why is None:
                self._before = rep, deepcopy(standing), self._progress.at
            standing.last_rep = rep
            events.append(rep)
        if fired:
            self._last_end_s = score.end_s
        if why is None:
            if rep is None:
                self._before = None
            in_time = self._account(score, comparison, scale, fired, aim)
            closed = Closed(
                aim,
                frozenset(fired),
                rep,
                in_time=in_time,
                eased=all(helper.eased for helper in standing.compensators.values()),
                flagged=standing.flags.sleeping_side,
                verdicts=scale.verdicts,
            )
            events += self._count(closed, round(t_s, 3))
        return events

    def _compare(self, score: AttemptScore, scale: Scale, aim: Aim, clock_s: float | None) -> Comparison:
        """Left against right, where both were asked and have a place to be measured at."""
        if not self.compared or aim.asked != "both":
            return Comparison()
        left, right = self._targets["left"], self._targets["right"]
        return compare(score, left, right, scale, floor_pct=self._programme.effort_floor_pct, clock_s=clock_s)

    def _count(self, closed: Closed, t_s: float) -> list[Event]:
        """Let guidance and programme count the attempt; says what ended with it."""
        guidance, progress, flags = self.standing.guidance, self._progress, self.standing.flags
        phase, set_number, place = progress.phase, progress.set_number, progress.place
        events = guidance.take(closed, phase, place, t_s)
        woke = guidance.wake_up.woke_at is not None
        before = progress.at
        if not progress.count(t_s, is_rep=bool(closed.fired), woke=woke):
            return [*events, *guidance.offer_hint(closed, phase, t_s), *tell_progress(before, progress, t_s)]
        if progress.place != place or progress.at.rest_until_s is not None:  # else the other side's turn begins
            flagged, slept = flags.sleeping_side, flags.ever_sleeping_side
            events += guidance.end_set(phase, set_number, t_s, flagged=flagged, slept=slept)
        if phase.kind == "wake-up" and not woke:
            progress.finish(t_s)
        else:
            events += guidance.offer_hint(closed, phase, t_s)
        return [*events, Note(t_s=t_s, text=progress.where()), *tell_progress(before, progress, t_s)]

    def discard(self) -> Rep | None:
        """Take the last counted attempt back, with all that it did, and do it again.

        Returns
        -------
        Rep or None
            What was taken back; None if the last one was no rep, or was taken back already.
        """
        if self._before is None:
            return None
        made = self.standing.tally.attempts  # attempts keep their numbers
        discarded, self.standing, self._progress.at = self._before
        self.standing.tally.attempts = made
        self._before = None
        return discarded

    def repeat_set(self) -> None:
        """The set begins anew: what was done of it stays counted, and is no part of what it will be told by."""
        self.standing.guidance.repeat_set(self._progress.phase, self._progress.place)
        self._before = None  # taking it back would lead into the set that was given up

    def cut(self, attempt: OpenAttempt, t_s: float) -> list[Event]:
        """The source ended within an attempt: a cut try is no rep."""
        if not attempt.bursts:
            return []
        self.standing.tally.attempts += 1
        return [
            Attempt(
                index=self.standing.tally.attempts,
                start_s=round(attempt.start_s, 3),
                end_s=round(t_s, 3),
                fired=[],
                counted=False,
                why="cut by the end",
            )
        ]

    def _why_no_rep(self, score: AttemptScore, scale: Scale) -> str | None:
        """Why what the glutes did is no rep, in words; None if it is one."""
        phase = self._progress.phase
        if phase.kind != "free":  # a step is not a squeeze, and a plan that asks for nothing cannot be met halfway
            if score.start_s - self._last_end_s < LEAST_GAP_S:
                return "double pulse"
            if score.end_s - score.start_s < (LEAST_REP_S if phase.hold_s is None else LEAST_HOLD * phase.hold_s):
                return "too short"
        is_effort = any(
            score.sites[site].fired
            and score.sites[site].peak_pct >= REP_PEAK_PCT
            and score.sites[site].mean_pct >= effort_floor_pct(scale, site, self._programme.effort_floor_pct)
            for site in self.working.values()
        )
        return None if is_effort else "too weak"

    @staticmethod
    def _is_movement(score: AttemptScore, helpers: list[int]) -> bool:
        """Whether helpers alone did so little or so briefly that it was talking or moving about, and no try."""
        long_enough = score.end_s - score.start_s >= LEAST_REP_S
        # A helper without a reference has no percent; that it rose is all there is to go by.
        return not (long_enough and any(not score.sites[site].peak_pct < REP_PEAK_PCT for site in helpers))

    def _account(self, score: AttemptScore, comparison: Comparison, scale: Scale, fired: list[Side], aim: Aim) -> bool:
        """Take a counted attempt into helpers, flags and counts; whether every side that was asked for was in time."""
        standing = self.standing
        for index, compensator in standing.compensators.items():
            if not math.isnan(score.sites[index].mean_pct):
                compensator.update(score.sites[index].mean_pct)
        lag_ms = None if comparison.lag_s is None else 1000.0 * comparison.lag_s
        in_time: dict[Side, bool] = {}
        for side in SIDES:
            sign = 1.0 if side == "left" else -1.0
            in_time[side] = side in fired and (lag_ms is None or sign * lag_ms <= IN_TIME_MS)
        if self.compared and aim.asked == "both":  # one side alone says nothing of the two
            left, right = (float(scale.reference_spread[self._targets[side]]) for side in SIDES)
            standing.flags.update(
                Measured(
                    fired={side: side in fired for side in SIDES},
                    in_time=in_time,
                    lag_ms=lag_ms,
                    rise_lag_ms=None if comparison.rise_lag_s is None else 1000.0 * comparison.rise_lag_s,
                    log_ratio=comparison.lr_log if scale.verdicts and len(fired) == len(SIDES) else None,
                ),
                (left, right),
            )
        standing.tally.count(
            fired,
            [side for side in self._targets if aim.asks(side)],
            clean=standing.last_rep is not None and standing.last_rep.clean,
            lag_ms=lag_ms,
            lsi_pct=comparison.lsi_pct,
        )
        return all(in_time[side] for side in self._targets if aim.asks(side))

    def _rep(
        self,
        score: AttemptScore,
        comparison: Comparison,
        scale: Scale,
        aim: Aim,
        *,
        counted: bool,
        clock_s: float | None,
    ) -> Rep:
        self._n_rep_lines += 1
        return make_rep(
            RepContext(
                index=self._n_rep_lines,
                set_number=self._progress.set_number,
                phase=self._progress.phase,
                programme=self._programme,
                method=self._method,
                sites=self._sites,
                targets=self._targets,
                compensators=tuple(self.standing.compensators),
                compared=self.compared and aim.asked == "both",
                synced=clock_s is not None,
                verdicts=scale.verdicts,
                raw_to_uv=self._raw_to_uv,
                own_best=scale.own_best,
                aim=aim,
            ),
            score,
            comparison,
            counted=counted,
        )
