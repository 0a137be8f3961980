"""The coach: ticks in, events out. Puts attempts, scores, flags, cues and the programme together.

Pure and deterministic: the same ticks give the same events. Holds no samples, knows no unit, no clock and no thread.
"""

import math
import sys

import numpy as np

from app.session.attempt import AttemptTracker, OpenAttempt
from app.session.compensators import Compensator
from app.session.events import (
    SIDES,
    Attempt,
    Event,
    Note,
    ReferenceMethod,
    Rep,
    Side,
    SideOrBoth,
    StateChanged,
    Summary,
)
from app.session.flags import LATE_ENTER_MS, Measured, SetFlags, WakeUp
from app.session.live import LiveJudge
from app.session.programme import Programme
from app.session.progress import ProgrammeProgress
from app.session.rep import RepContext, make_rep
from app.session.scoring import (
    REP_PEAK_PCT,
    AttemptScore,
    Comparison,
    compare,
    effort_floor_pct,
    score_attempt,
)
from app.session.tally import Tally
from app.session.tick import TICK_S, Edge, Scale, Ticks, Track
from dsp.symmetry import synchrony_pct

ORDER_SHOWN = 3
IN_TIME_MS = 150.0
"""A side counts as joining in time up to here: five standard deviations of a healthy pair's onset jitter."""


class Coach:
    """Judges one session.

    Parameters
    ----------
    programme : Programme
    sites : tuple of str
        Measured sites, in the order of every array.
    scale : Scale
    raw_to_uv : float or None
        Turns the stream's unit into microvolts; None if its gain is unknown.
    method : {'mvc', 'best-clench', 'session'}
        How the reference was made.
    skip_rests : bool
        True without a window.
    """

    def __init__(
        self,
        programme: Programme,
        sites: tuple[str, ...],
        scale: Scale,
        *,
        raw_to_uv: float | None,
        method: ReferenceMethod,
        skip_rests: bool,
    ) -> None:
        self.programme = programme
        self.sites = sites
        self.scale = scale
        self.method = method
        self.track = Track(len(sites))
        self.progress = ProgrammeProgress(programme, skip_rests=skip_rests)
        self.flags = SetFlags()
        self.wake_up = WakeUp()
        self.tally = Tally()
        self.last_rep: Rep | None = None
        self.order: tuple[str, ...] = ()
        self.together = False
        self.go_times_s: list[float] = []
        self.paused = False
        self._raw_to_uv = raw_to_uv
        self._lost = np.ones((1, len(sites)), np.bool_)
        self._n_rep_lines = 0
        self.targets: dict[Side, int] = {
            side: sites.index(side)
            for side in SIDES
            if side in sites and (programme.scheme == "both" or programme.scheme == side)
        }
        self.compensators: dict[int, Compensator] = {
            index: Compensator(programme.compensator_line_pct)
            for index, site in enumerate(sites)
            if site.rpartition("-")[0] in programme.compensators
        }
        owners: dict[int, SideOrBoth] = {
            index: "left" if sites[index].endswith("-left") else "right" for index in self.compensators
        }
        self.live = LiveJudge(self.targets, owners)
        self._tracker = AttemptTracker(tuple(self.targets.values()))
        self._watched = {*self.targets.values(), *self.compensators}

    @property
    def compared(self) -> bool:
        """Whether left and right squeeze together and both are measured."""
        return self.programme.scheme == "both" and len(self.targets) == len(SIDES)

    @property
    def attempt(self) -> OpenAttempt | None:
        """The running attempt."""
        return self._tracker.open

    @property
    def _holds(self) -> bool:
        """Whether the exercise is one of long holds."""
        return self.progress.phase.hold_s is not None

    @property
    def held_s(self) -> float | None:
        """Seconds that every working side has been held in the running attempt; None where nothing is to be held."""
        attempt = self._tracker.open
        if not self._holds:
            return None
        if attempt is None or not set(self.targets.values()) <= attempt.active:
            return 0.0
        t_s = self.track.n_ticks * TICK_S
        return t_s - max(attempt.bursts[site].onset_s for site in self.targets.values())

    def advance(self, ticks: Ticks, clock_s: float | None) -> list[Event]:
        """Advance by some ticks of 5 ms.

        Most ticks change nothing: no muscle starts or stops, no site is lost or found, nothing is waited for. Those
        are taken in one go; the result is that of looking at each of them.

        Parameters
        ----------
        ticks : Ticks
        clock_s : float or None
            Uncertainty of the time between both sides; None while their clocks are not aligned.

        Returns
        -------
        list of Event
        """
        events: list[Event] = []
        changed = (np.concatenate([self._lost, ticks.lost[:-1]]) != ticks.lost).any(axis=1)
        stops = sorted({*np.flatnonzero(changed).tolist(), *ticks.edges})
        self._lost = ticks.lost[-1:]
        done = 0
        while done < len(ticks):
            look_at = min(self._next_due(done), next((stop for stop in stops if stop >= done), len(ticks)))
            upto = min(look_at + 1, len(ticks))
            self.track.extend(ticks.energy[done:upto], ticks.level[done:upto])
            done = upto
            if look_at < len(ticks):
                lost = set(np.flatnonzero(ticks.lost[look_at]).tolist())
                events += self._look(ticks.edges.get(look_at, []), lost, clock_s)
        return events

    def _next_due(self, done: int) -> int:
        """Number of the next tick that matters although nothing happens, where tick `done` is the next one."""
        if self.paused or self.progress.at.rest_until_s is not None:
            return done
        t_s = self.track.n_ticks * TICK_S
        # Half a tick early, so that rounding never makes a look come late; looking once more does no harm.
        due_s = min(
            self._tracker.due_s(self.progress.phase.tempo),
            self.live.due_s(self._tracker.open, t_s - TICK_S / 2, holds=self._holds),
        )
        return sys.maxsize if due_s == math.inf else done + max(0, math.ceil((due_s - t_s) / TICK_S - 1.5))

    def _look(self, edges: list[Edge], lost: set[int], clock_s: float | None) -> list[Event]:
        """Look at the newest tick."""
        t_s = self.track.n_ticks * TICK_S
        events: list[Event] = []
        if self.paused or self.progress.resting(t_s):
            if self._tracker.open is not None:  # what was said of it must not stand until the next one
                self.live.end(t_s)
            self._tracker.restart(t_s)
            self.together = False
            self._emit_states(events, t_s, None, lost)
            return events
        before = self._tracker.open
        edges = [edge for edge in edges if edge.site in self._watched]
        closed, go_s = self._tracker.tick(t_s, edges, lost, self.progress.phase.tempo)
        if go_s is not None:
            self.go_times_s = [*self.go_times_s[-9:], round(go_s, 3)]
        attempt = self._tracker.open or closed
        if attempt is not None and attempt is not before:
            self.live.begin()
            self.together = False
        if attempt is not None and edges:
            by_onset = sorted(attempt.bursts, key=lambda site: attempt.bursts[site].onset_s)
            self.order = tuple(self.sites[site] for site in by_onset[:ORDER_SHOWN])
        if attempt is not None and closed is None and self.progress.phase.feedback != "none":
            events += self.live.cues(
                t_s,
                attempt,
                self.flags,
                self.track,
                self.scale,
                compensator_line_pct=self.programme.compensator_line_pct,
                holds=self._holds,
            )
        self._emit_states(events, t_s, self._tracker.open, lost)
        if closed is None and attempt is not None:
            self._see_together(attempt)
        if closed is not None:
            self.live.end(t_s)
            events += self._close(closed, t_s, clock_s)
        return events

    def _emit_states(self, events: list[Event], t_s: float, attempt: OpenAttempt | None, lost: set[int]) -> None:
        for side, state in self.live.tick(t_s, attempt, lost):
            events.append(StateChanged(t_s=round(t_s, 3), side=side, state=state))

    def _see_together(self, attempt: OpenAttempt) -> None:
        sites = list(self.targets.values())
        if not self.compared or any(site not in attempt.bursts for site in sites):
            self.together = False
            return
        one, two = (attempt.bursts[site].onset_s for site in sites)
        self.together = abs(one - two) * 1000.0 <= LATE_ENTER_MS

    def _close(self, attempt: OpenAttempt, t_s: float, clock_s: float | None) -> list[Event]:
        """Score a closed attempt and take it into account everywhere."""
        fired_any = [site for site in self._watched if attempt.fired(site, t_s)]
        signal_lost = not attempt.lost.isdisjoint(self.targets.values())
        if not fired_any and not attempt.by_go and not (signal_lost and attempt.bursts):
            return []  # a twitch shorter than a contraction is no try
        score = score_attempt(attempt, t_s, self.track, self.scale, tuple(self.targets.values()))
        fired: list[Side] = [side for side, site in self.targets.items() if score.sites[site].fired]
        why = None
        if signal_lost:
            why = "signal lost"
        elif fired and not self._is_effort(score):
            why = "too weak"
        self.tally.attempts += 1
        events: list[Event] = [
            Attempt(
                index=self.tally.attempts,
                start_s=round(score.start_s, 3),
                end_s=round(score.end_s, 3),
                fired=fired,
                counted=why is None,
                why=why,
            )
        ]
        comparison = (
            compare(
                score,
                self.targets["left"],
                self.targets["right"],
                self.scale,
                floor_pct=self.programme.effort_floor_pct,
                clock_s=clock_s,
            )
            if self.compared
            else Comparison()
        )
        if fired and why != "too weak":
            rep = self._rep(score, comparison, counted=why is None, clock_s=clock_s)
            self.last_rep = rep
            events.append(rep)
        if why is None:
            self._account(score, comparison, fired, t_s, events)
        return events

    def _is_effort(self, score: AttemptScore) -> bool:
        return any(
            score.sites[site].fired
            and score.sites[site].peak_pct >= REP_PEAK_PCT
            and score.sites[site].mean_pct >= effort_floor_pct(self.scale, site, self.programme.effort_floor_pct)
            for site in self.targets.values()
        )

    def _account(
        self, score: AttemptScore, comparison: Comparison, fired: list[Side], t_s: float, events: list[Event]
    ) -> None:
        for index, compensator in self.compensators.items():
            if not math.isnan(score.sites[index].mean_pct):
                compensator.update(score.sites[index].mean_pct)
        lag_ms = None if comparison.lag_s is None else 1000.0 * comparison.lag_s
        in_time: dict[Side, bool] = {}
        for side in SIDES:
            sign = 1.0 if side == "left" else -1.0
            in_time[side] = side in fired and (lag_ms is None or sign * lag_ms <= IN_TIME_MS)
        if self.compared:
            self.flags.update(
                Measured(
                    fired={side: side in fired for side in SIDES},
                    in_time=in_time,
                    lag_ms=lag_ms,
                    rise_lag_ms=None if comparison.rise_lag_s is None else 1000.0 * comparison.rise_lag_s,
                    log_ratio=comparison.lr_log if self.scale.verdicts and len(fired) == len(SIDES) else None,
                ),
                self._spreads(),
            )
        self.wake_up.update(
            self.tally.attempts,
            in_time=all(in_time[side] for side in self.targets),
            eased=all(compensator.eased for compensator in self.compensators.values()),
        )
        self.tally.count(
            fired,
            clean=self.last_rep is not None and self.last_rep.clean,
            lag_ms=lag_ms,
            lsi_pct=comparison.lsi_pct,
        )
        if self.progress.count(t_s, is_rep=bool(fired), woke=self.wake_up.woke_at is not None):
            events.append(Note(t_s=round(t_s, 3), text=self.progress.where()))

    def _spreads(self) -> tuple[float, float]:
        left, right = (float(self.scale.reference_spread[self.targets[side]]) for side in SIDES)
        return left, right

    def _rep(self, score: AttemptScore, comparison: Comparison, *, counted: bool, clock_s: float | None) -> Rep:
        self._n_rep_lines += 1
        return make_rep(
            RepContext(
                index=self._n_rep_lines,
                set_number=self.progress.set_number,
                phase=self.progress.phase,
                programme=self.programme,
                method=self.method,
                sites=self.sites,
                targets=self.targets,
                compensators=tuple(self.compensators),
                compared=self.compared,
                synced=clock_s is not None,
                verdicts=self.scale.verdicts,
                raw_to_uv=self._raw_to_uv,
                own_best=self.scale.own_best,
            ),
            score,
            comparison,
            counted=counted,
        )

    def set_paused(self, paused: bool) -> list[Event]:
        """Let attempts wait for the person, or go on; says so once."""
        if paused == self.paused:
            return []
        self.paused = paused
        t_s = self.track.n_ticks * TICK_S
        return [Note(t_s=round(t_s, 3), text="Paused." if paused else "Going on.")]

    def end_rest(self) -> list[Event]:
        """Go on with the next set now, because the person wants to; nothing happens outside a rest."""
        t_s = self.track.n_ticks * TICK_S
        if self.progress.at.rest_until_s is None:
            return []
        self.progress.end_rest(t_s)
        return [Note(t_s=round(t_s, 3), text=f"The rest was ended early. {self.progress.where()}")]

    def finish(self, t_s: float) -> list[Event]:
        """The source ended: what still runs is cut, and cut tries are no reps."""
        attempt = self._tracker.open
        self._tracker.restart(t_s)
        if attempt is None or not attempt.bursts:
            return []
        self.tally.attempts += 1
        return [
            Attempt(
                index=self.tally.attempts,
                start_s=round(attempt.start_s, 3),
                end_s=round(t_s, 3),
                fired=[],
                counted=False,
                why="cut by the end",
            )
        ]

    def summary(self, *, recording: str | None, lost_pct: float | None) -> Summary:
        """Sum the session up."""
        tally = self.tally
        return Summary(
            attempts=tally.counted,
            reps=tally.reps,
            clean_reps=tally.clean,
            woke=self.wake_up.woke_at is not None,
            wake_up_squeezes=self.wake_up.woke_at,
            sleeping_side=self.flags.ever_sleeping_side,
            fired_pct=tally.fired_pct(self.targets),
            lsi_pct=tally.usual_lsi_pct if self.scale.verdicts else None,
            lag_ms=tally.usual_lag_ms,
            synchrony_pct=synchrony_pct(tally.lags_ms, LATE_ENTER_MS),
            recording=recording,
            lost_pct=None if lost_pct is None else round(lost_pct, 3),
        )
