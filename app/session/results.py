"""What the closed attempts of a session amount to: their lines, and the standing that grows with them.

The standing (flags, wake-up, helpers, counts) is one object, so that what a rep did to it can be taken back whole.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from app.session.aim import Aim
from app.session.attempt import OpenAttempt
from app.session.compensators import Compensator
from app.session.events import SIDES, Attempt, Event, Note, ReferenceMethod, Rep, Side
from app.session.flags import Measured, SetFlags
from app.session.guidance import Closed, Guidance
from app.session.programme import Programme
from app.session.progress import ProgrammeProgress
from app.session.rep import RepContext, make_rep
from app.session.scoring import REP_PEAK_PCT, AttemptScore, Comparison, compare, effort_floor_pct, score_attempt
from app.session.tally import Tally
from app.session.tick import Scale, Track

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

    @property
    def compared(self) -> bool:
        """Whether left and right squeeze together and both are measured."""
        return self._programme.scheme == "both" and len(self._targets) == len(SIDES)

    @property
    def watched(self) -> set[int]:
        """Sites whose contractions make an attempt."""
        return {*self._targets.values(), *self.standing.compensators}

    @property
    def aim(self) -> Aim:
        """What the running or next attempt is asked to be; changes between attempts alone."""
        progress = self._progress
        return self.standing.guidance.aim(progress.phase, progress.at.set_number, progress.asked)

    def close(self, attempt: OpenAttempt, t_s: float, track: Track, scale: Scale, clock_s: float | None) -> list[Event]:
        """Score a closed attempt and take it into account everywhere."""
        fired_any = [site for site in self.watched if attempt.fired(site, t_s)]
        signal_lost = not attempt.lost.isdisjoint(self._targets.values())
        if not fired_any and not attempt.by_go and not (signal_lost and attempt.bursts):
            return []  # a twitch shorter than a contraction is no try
        score = score_attempt(attempt, t_s, track, scale, tuple(self._targets.values()))
        fired: list[Side] = [side for side, site in self._targets.items() if score.sites[site].fired]
        why = None
        if signal_lost:
            why = "signal lost"
        elif fired and not self._is_effort(score, scale):
            why = "too weak"
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
        compared = self.compared and aim.asked == "both"
        comparison = (
            compare(
                score,
                self._targets["left"],
                self._targets["right"],
                scale,
                floor_pct=self._programme.effort_floor_pct,
                clock_s=clock_s,
            )
            if compared
            else Comparison()
        )
        rep = None
        if fired and why != "too weak":
            rep = self._rep(score, comparison, scale, aim, counted=why is None, clock_s=clock_s)
            standing.last_rep = rep
            events.append(rep)
        if why is None:
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

    def _count(self, closed: Closed, t_s: float) -> list[Event]:
        """Let guidance and programme count the attempt; says what ended with it."""
        guidance, progress, flags = self.standing.guidance, self._progress, self.standing.flags
        phase, set_number, place = progress.phase, progress.set_number, progress.at.set_number
        events = guidance.take(closed, phase, place, t_s)
        woke = guidance.wake_up.woke_at is not None
        if not progress.count(t_s, is_rep=bool(closed.fired), woke=woke):
            return events
        events += guidance.end_set(phase, set_number, t_s, flagged=flags.sleeping_side, slept=flags.ever_sleeping_side)
        if phase.kind == "wake-up" and not woke:
            progress.finish(t_s)
        return [*events, Note(t_s=t_s, text=progress.where())]

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

    def _is_effort(self, score: AttemptScore, scale: Scale) -> bool:
        return any(
            score.sites[site].fired
            and score.sites[site].peak_pct >= REP_PEAK_PCT
            and score.sites[site].mean_pct >= effort_floor_pct(scale, site, self._programme.effort_floor_pct)
            for site in self._targets.values()
        )

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
