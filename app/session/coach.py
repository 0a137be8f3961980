"""The coach: ticks and acts in, events out. Puts attempts, scores, flags, cues and the programme together.

Pure and deterministic: the same ticks give the same events. Holds no samples, knows no unit, no clock and no thread.
"""

import math
import sys
from collections.abc import Iterable

import msgspec
import numpy as np

from app.session.aim import Aim
from app.session.attempt import AttemptTracker, OpenAttempt
from app.session.compensators import Compensator
from app.session.counting import HoldCount
from app.session.course import Course
from app.session.events import Act, Event, Feedback, ReferenceMethod, Rep, Say, Side, SideOrBoth, StateChanged, Summary
from app.session.flags import LATE_ENTER_MS, SetFlags
from app.session.guidance import Guidance
from app.session.live import LiveJudge
from app.session.programme import Programme, Tempo
from app.session.progress import ProgrammeProgress
from app.session.results import Results
from app.session.tally import Tally
from app.session.tick import TICK_S, Edge, Scale, Ticks, Track
from dsp.symmetry import synchrony_pct

ORDER_SHOWN = 3


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
    ready : bool
        Whether it waits before the first set until somebody starts it.
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
        ready: bool = False,
    ) -> None:
        self.programme = programme
        self.sites = sites
        self.scale = scale
        self.method = method
        self.begins_ready = ready
        self.track = Track(len(sites))
        self.progress = ProgrammeProgress(programme, skip_rests=skip_rests)
        self.order: tuple[str, ...] = ()
        self.together = False
        self.go_times_s: list[float] = []
        self._lost = np.ones((1, len(sites)), np.bool_)
        self.targets: dict[Side, int] = {side: sites.index(side) for side in programme.sides if side in sites}
        self.results = Results(programme, sites, self.targets, self.progress, raw_to_uv=raw_to_uv, method=method)
        self.course = Course(self.progress, self.targets, ready=ready)
        owners: dict[int, SideOrBoth] = {
            index: "left" if sites[index].endswith("-left") else "right" for index in self.compensators
        }
        self.live = LiveJudge(self.targets, owners)
        self._tracker = AttemptTracker(tuple(self.targets.values()))
        self._hold_count = HoldCount()
        self._asked = self.progress.asked

    @property
    def compensators(self) -> dict[int, Compensator]:
        """The measured helpers, by site index."""
        return self.results.standing.compensators

    @property
    def flags(self) -> SetFlags:
        """What shows over the reps of a set."""
        return self.results.standing.flags

    @property
    def guidance(self) -> Guidance:
        """Hints, target, feedback, waking and the story of the last set."""
        return self.results.standing.guidance

    @property
    def aim(self) -> Aim:
        """What the running or next attempt is asked to be."""
        return self.results.next_aim if self._tracker.open is None else self.results.aim

    @property
    def next_go_s(self) -> float | None:
        """The go that is planned; None where a muscle sets the pace."""
        return self._tracker.next_go_s

    @property
    def feedback(self) -> Feedback:
        """How much is fed back in the running or next attempt."""
        return self.aim.feedback

    @property
    def tally(self) -> Tally:
        """The counts of the session."""
        return self.results.standing.tally

    @property
    def last_rep(self) -> Rep | None:
        """The newest rep."""
        return self.results.standing.last_rep

    @property
    def compared(self) -> bool:
        """Whether left and right squeeze together and both are measured."""
        return self.results.compared

    @property
    def attempt(self) -> OpenAttempt | None:
        """The running attempt."""
        return self._tracker.open

    @property
    def _tempo(self) -> Tempo | None:
        """The rhythm in force: the phase's own, or what the hint in force makes of it."""
        return self.guidance.hints.tempo(self.progress.phase.tempo)

    @property
    def _holds(self) -> bool:
        """Whether the exercise is one of long holds."""
        return self.progress.phase.hold_s is not None

    @property
    def held_s(self) -> float | None:
        """Seconds that a working side has been held in the running attempt; None where nothing is to be held."""
        if not self._holds:
            return None
        start_s = self._hold_start_s
        return 0.0 if start_s is None else self.track.n_ticks * TICK_S - start_s

    @property
    def _hold_start_s(self) -> float | None:
        """When the first working side began to hold; None while none does. The one that sleeps keeps nobody from it."""
        attempt = self._tracker.open
        if attempt is None or attempt.active.isdisjoint(self._tracker.targets):
            return None
        return min(attempt.bursts[site].onset_s for site in self._tracker.targets if site in attempt.bursts)

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
        if not self.course.counts or self._asked != self.progress.asked:
            return done
        t_s = self.track.n_ticks * TICK_S
        # Half a tick early, so that rounding never makes a look come late; looking once more does no harm.
        due_s = min(
            self._tracker.due_s(self._tempo),
            self.live.due_s(self._tracker.open, t_s - TICK_S / 2, holds=self._holds),
            self.course.due_s(attempt_open=self._tracker.open is not None),
            self._hold_due_s(),
        )
        return sys.maxsize if due_s == math.inf else done + max(0, math.ceil((due_s - t_s) / TICK_S - 1.5))

    def _hold_due_s(self) -> float:
        hold_s, start_s = self.progress.phase.hold_s, self._hold_start_s
        return math.inf if hold_s is None or start_s is None else self._hold_count.due_s(start_s, hold_s)

    def _look(self, edges: list[Edge], lost: set[int], clock_s: float | None) -> list[Event]:
        """Look at the newest tick."""
        t_s = self.track.n_ticks * TICK_S
        events = self.course.tick(t_s, edges, lost, attempt_open=self._tracker.open is not None)
        if not self.course.counts:
            if self._tracker.open is not None:  # what was said of it must not stand until the next one
                self.live.end(t_s)
            self._tracker.restart(t_s)
            self.together = False
            self._emit_states(events, t_s, None, lost)
            if self.course.stage == "rest":
                events += self.guidance.rest(round(t_s, 3), edges, self.targets)
            return events
        events += self.guidance.go_on(round(t_s, 3))
        before = self._tracker.open
        self._asked = self.progress.asked
        self._tracker.targets = tuple(self.results.working.values())
        watched = self.results.watched
        edges = [edge for edge in edges if edge.site in watched]
        closed, go_s = self._tracker.tick(t_s, edges, lost, self._tempo)
        if go_s is not None:
            self.go_times_s = [*self.go_times_s[-9:], round(go_s, 3)]
        attempt = self._tracker.open or closed
        if attempt is not None and attempt is not before:
            self.live.begin(self.results.begin().asked)
            self._hold_count = HoldCount()
            self.together = False
        if attempt is not None and edges:
            by_onset = sorted(attempt.bursts, key=lambda site: attempt.bursts[site].onset_s)
            self.order = tuple(self.sites[site] for site in by_onset[:ORDER_SHOWN])
        if attempt is not None and closed is None and self.aim.feedback != "none":
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
            events += self._tell_hold(t_s)
        if closed is not None:
            self.live.end(t_s)
            if closed.bursts or self.progress.phase.kind == "wake-up":  # there, to try is enough
                self.course.effort(t_s)
            events += self.results.close(closed, t_s, self.track, self.scale, clock_s)
        return events

    def _emit_states(self, events: list[Event], t_s: float, attempt: OpenAttempt | None, lost: set[int]) -> None:
        for side, state in self.live.tick(t_s, attempt, lost):
            events.append(StateChanged(t_s=round(t_s, 3), side=side, state=state))

    def _tell_hold(self, t_s: float) -> list[Say]:
        hold_s, start_s = self.progress.phase.hold_s, self._hold_start_s
        if hold_s is None or start_s is None or self.aim.feedback == "none":
            return []
        return self._hold_count.tell(t_s, start_s, hold_s)

    def _see_together(self, attempt: OpenAttempt) -> None:
        sites = list(self.targets.values())
        if not self.compared or any(site not in attempt.bursts for site in sites):
            self.together = False
            return
        one, two = (attempt.bursts[site].onset_s for site in sites)
        self.together = abs(one - two) * 1000.0 <= LATE_ENTER_MS

    def do_all(self, acts: Iterable[Act]) -> list[Event]:
        """Do several acts in turn."""
        return [event for act in acts for event in self.do(act)]

    def do(self, act: Act) -> list[Event]:
        """Do what a person wants now, after the newest tick; what means nothing at this moment leaves no line.

        Parameters
        ----------
        act : Act
            Its time is not looked at; it gets that of the newest tick.
        """
        t_s = round(self.track.n_ticks * TICK_S, 3)
        act = msgspec.structs.replace(act, t_s=t_s)
        match act.what:
            case "discard":
                rep = self.results.discard()
                if rep is None:
                    return []
                return [msgspec.structs.replace(act, value=rep.index), Say(t_s, "discarded")]
            case "felt":
                answered = self.guidance.answer_felt(t_s, act.value or 0.0)
                return [act, *answered] if answered else []
            case "target" if act.side is not None and act.value is not None:
                return [act, *self.guidance.set_target(act.side, act.value, t_s)]
            case "lock-target":
                self.guidance.lock_target(locked=bool(act.value))
                return [act]
            case _:
                done = self.course.do(act, t_s)
                if act.what == "repeat-set" and done is not None:
                    self.results.repeat_set()
                return [] if done is None else [act, *done]

    def finish(self, t_s: float) -> list[Event]:
        """The source ended: what still runs is cut, and cut tries are no reps."""
        attempt = self._tracker.open
        self._tracker.restart(t_s)
        return [] if attempt is None else self.results.cut(attempt, t_s)

    def summary(self, *, recording: str | None, lost_pct: float | None) -> Summary:
        """Sum the session up."""
        tally, wake_up = self.tally, self.guidance.wake_up
        return Summary(
            attempts=tally.counted,
            reps=tally.reps,
            clean_reps=tally.clean,
            woke=wake_up.woke_at is not None,
            wake_up_squeezes=wake_up.woke_at,
            sleeping_side=self.flags.ever_sleeping_side,
            fired_pct=tally.fired_pct(self.targets),
            lsi_pct=tally.usual_lsi_pct if self.scale.verdicts else None,
            lag_ms=tally.usual_lag_ms,
            synchrony_pct=synchrony_pct(tally.lags_ms, LATE_ENTER_MS),
            wake_up_tried=wake_up.tried,
            woke_after_hint=wake_up.woke_after_hint,
            recording=recording,
            lost_pct=None if lost_pct is None else round(lost_pct, 3),
        )
