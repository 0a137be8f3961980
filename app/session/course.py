"""Whether squeezes count now: the stages that a session goes through, and how it gets from one to the next.

It waits (ready), counts down, goes, rests, pauses and stops: by an act of a person, by two squeezes, or by itself where
nothing comes. Rests and counts are the programme's (`progress`); this adds what a programme does not plan.
"""

import math
from collections.abc import Collection, Mapping
from typing import Final, Literal

from app.session.counting import tell_progress, tell_set
from app.session.events import Act, Actor, Event, Say, Side
from app.session.gesture import Gesture
from app.session.progress import ProgrammeProgress
from app.session.tick import TICK_S, Edge

Stage = Literal["ready", "countdown", "going", "rest", "paused", "stopped", "finished"]
PauseReason = Literal["no-effort", "no-signal"]

COUNTDOWN_S: Final = 20.0
SIGN_COUNTDOWN_S: Final = 3.0
"""After two squeezes the person lies ready."""
SPOKEN: Final = frozenset({15, 10, 5, 4, 3, 2, 1})
CONTACT_BY_S: Final = 5.0
"""The countdown waits here for a side without contact."""
CONTACT_AGAIN_S: Final = 8.0
NO_EFFORT_S: Final = 20.0
CHECK_WAITS_S: Final = 180.0
"""A check has no tempo, so that who cannot join yet would lie there for ever: so long without a try, it is enough."""
LOST_S: Final = 3.0
"""A radio that still streams stalls for 0.3 s, and a unit comes back within a second or two."""
NOTICE_S: Final = 10.0
"""Before the end of a rest; told only in rests that are plainly longer."""


class Course:
    """The stages of one session.

    Parameters
    ----------
    progress : ProgrammeProgress
    targets : mapping of side to int
        Site index of each working glute.
    ready : bool
        Whether it waits before the first set until somebody starts it.

    Attributes
    ----------
    pause_reason : {'no-effort', 'no-signal'} or None
        Why it paused by itself; None where a person did it, or it does not pause.
    """

    def __init__(self, progress: ProgrammeProgress, targets: Mapping[Side, int], *, ready: bool) -> None:
        self.pause_reason: PauseReason | None = None
        self._progress = progress
        self._targets = targets
        self._now: Literal["ready", "countdown", "going", "paused", "stopped"] = "ready" if ready else "going"
        self._gesture = Gesture(targets.values())
        self._counted_down_at_s = math.inf
        self._second = 0
        self._contact_told_s = -math.inf
        self._paused_s = 0.0
        self._effort_s = 0.0
        self._lost_since_s: dict[Side, float] = {}
        self._told_lost: set[Side] = set()
        self._noticed = False

    @property
    def stage(self) -> Stage:
        """Where it is."""
        if self._now != "going":
            return self._now
        if self._progress.at.rest_until_s is not None:
            return "rest"
        return "finished" if self._progress.finished else "going"

    @property
    def counts(self) -> bool:
        """Whether squeezes are attempts now."""
        return self.stage in ("going", "finished")

    def countdown_s(self, t_s: float) -> float | None:
        """Seconds left of the countdown; None without one."""
        return max(0.0, self._counted_down_at_s - t_s) if self._now == "countdown" else None

    def due_s(self, *, attempt_open: bool) -> float:
        """When the next tick matters although no muscle starts or stops, while squeezes count."""
        lost = self._lost_since_s.items()
        lost_s = (since_s for side, since_s in lost if self._tells(side) or (self._pauses and self._asks(side)))
        lost_due_s = min(lost_s, default=math.inf) + LOST_S
        waits_s = NO_EFFORT_S if self._pauses else CHECK_WAITS_S if self._checks else math.inf
        return lost_due_s if attempt_open else min(lost_due_s, self._effort_s + waits_s)

    def effort(self, t_s: float) -> None:
        """An attempt was made."""
        self._effort_s = t_s

    def tick(self, t_s: float, edges: Collection[Edge], lost: Collection[int], *, attempt_open: bool) -> list[Event]:
        """Advance to the next tick that matters.

        Parameters
        ----------
        t_s : float
        edges : collection of Edge
        lost : collection of int
            Sites without a signal.
        attempt_open : bool
        """
        said: list[Event] = list(self._tell_signal(t_s, lost))
        if self._now == "countdown":
            said += self._count_down(t_s, lost)
        elif self.stage == "rest":
            said += self._rest(t_s)
        if self.counts:
            if self._checks and not attempt_open and t_s - self._effort_s >= CHECK_WAITS_S:
                self._progress.finish(t_s)
                return [*said, Say(round(t_s, 3), "enough"), Say(round(t_s, 3), "finished")]
            return said + self._pause_alone(t_s, lost, attempt_open=attempt_open)
        if self._now != "stopped" and self._gesture.hear(t_s, edges, lost):
            return [*said, Say(round(t_s, 3), "gesture"), *self._by_sign(t_s)]
        if self.pause_reason == "no-signal" and not self._lost_since_s and self._rises(edges):
            return said + self._go_on(t_s, "muscle")
        return said

    def do(self, act: Act, t_s: float) -> list[Event] | None:
        """Do what a person wants; None if it means nothing now, so that it leaves no line.

        Parameters
        ----------
        act : Act
            One of ``start``, ``pause``, ``go-on``, ``end-rest``, ``repeat-set`` and ``stop``.
        t_s : float
        """
        match act.what:
            case "start" if self._now in ("ready", "countdown"):
                seconds = COUNTDOWN_S if act.value is None else act.value
                sooner = self._now == "ready" or t_s + seconds < self._counted_down_at_s
                return self._start(t_s, seconds) if sooner else None
            case "pause" if self._now == "countdown":
                self._now = "ready"
                return [Say(round(t_s, 3), "ready")]
            case "pause" if self._now == "going":
                return self._pause(t_s, None)
            case "go-on" if self._now == "paused":
                return self._go_on(t_s, act.by)[1:]
            case "end-rest" if self.stage == "rest":
                return self._end_rest(t_s)
            case "repeat-set" if self._now in ("going", "paused") and self._progress.repeat_set(t_s):
                return [Say(round(t_s, 3), "repeat-set")]
            case "stop" if self._now != "stopped":
                self._now = "stopped"
                return [] if self._progress.finished else [Say(round(t_s, 3), "stopped")]
        return None

    @property
    def _pauses(self) -> bool:
        """Whether it pauses by itself here: never without a window, in a check, or in free practice."""
        return not self._progress.skip_rests and self._progress.phase.kind in ("wake-up", "work", "hold")

    @property
    def _checks(self) -> bool:
        return not self._progress.skip_rests and self._progress.phase.kind == "check"

    def _asks(self, side: Side) -> bool:
        return self._progress.asked in (side, "both")

    def _tells(self, side: Side) -> bool:
        """Whether it is still to be said that a side has no signal."""
        return (
            self.stage in ("going", "rest")
            and self._asks(side)
            and side not in self._told_lost
            and not self._progress.skip_rests
        )

    def _rises(self, edges: Collection[Edge]) -> bool:
        asked = {site for side, site in self._targets.items() if self._asks(side)}
        return any(edge.rises and edge.site in asked for edge in edges)

    def _tell_signal(self, t_s: float, lost: Collection[int]) -> list[Say]:
        """Keep since when a side has no signal; say so in the midst of a session, and when it is back."""
        said: list[Say] = []
        for side, site in self._targets.items():
            if site in lost:
                since_s = self._lost_since_s.setdefault(side, t_s)
                if t_s - since_s >= LOST_S and self._tells(side):
                    self._told_lost.add(side)
                    said.append(Say(round(t_s, 3), "side-lost", side))
            else:
                self._lost_since_s.pop(side, None)
                if side in self._told_lost:
                    self._told_lost.discard(side)
                    said.append(Say(round(t_s, 3), "side-back", side))
        return said

    def _pause_alone(self, t_s: float, lost: Collection[int], *, attempt_open: bool) -> list[Event]:
        """Pause where no signal or no effort comes in the midst of a set."""
        if not self._pauses:
            return []
        reason: PauseReason | None = None
        if any(self._asks(side) and t_s - since_s >= LOST_S for side, since_s in self._lost_since_s.items()):
            reason = "no-signal"
        elif not attempt_open and t_s - self._effort_s >= NO_EFFORT_S:
            reason = "no-effort"
        if reason is None:
            return []
        return [Act(round(t_s, 3), "pause", by="coach", why=reason), *self._pause(t_s, reason)]

    def _pause(self, t_s: float, reason: PauseReason | None) -> list[Event]:
        self._now, self.pause_reason, self._paused_s = "paused", reason, t_s
        self._gesture.forget()
        return [Say(round(t_s, 3), "paused", reason)]

    def _go_on(self, t_s: float, by: Actor) -> list[Event]:
        self._progress.wait(t_s - self._paused_s)
        self._now, self.pause_reason, self._effort_s = "going", None, t_s
        self._gesture.forget()
        return [Act(round(t_s, 3), "go-on", by=by), Say(round(t_s, 3), "going-on")]

    def _by_sign(self, t_s: float) -> list[Event]:
        match self.stage:
            case "ready":
                start = Act(round(t_s, 3), "start", by="muscle", value=SIGN_COUNTDOWN_S)
                return [start, *self._start(t_s, SIGN_COUNTDOWN_S)]
            case "rest":
                return [Act(round(t_s, 3), "end-rest", by="muscle"), *self._end_rest(t_s)]
            case "paused":
                return self._go_on(t_s, "muscle")
        return []

    def _start(self, t_s: float, seconds: float) -> list[Event]:
        if seconds <= 0.0:
            return self._begin(t_s)
        self._now = "countdown"
        self._counted_down_at_s = t_s + seconds
        self._second = math.ceil(seconds) + 1
        return [] if seconds <= CONTACT_BY_S else [Say(round(t_s, 3), "get-into-position")]

    def _count_down(self, t_s: float, lost: Collection[int]) -> list[Event]:
        """Tell the seconds; a side without contact is told, and waited for."""
        said: list[Event] = []
        missing = [side for side, site in self._targets.items() if site in lost and self._asks(side)]
        if missing and self._counted_down_at_s - t_s <= CONTACT_BY_S:
            self._counted_down_at_s += TICK_S
        if missing and t_s - self._contact_told_s >= CONTACT_AGAIN_S:
            self._contact_told_s = t_s
            said.append(Say(round(t_s, 3), "contact", "both" if len(missing) > 1 else missing[0]))
        left = math.ceil(round(self._counted_down_at_s - t_s, 6))
        if left < self._second:
            self._second = left
            if left in SPOKEN and not said:
                said.append(Say(round(t_s, 3), "countdown", left))
        return said if left > 0 else said + self._begin(t_s)

    def _begin(self, t_s: float) -> list[Event]:
        self._now, self._effort_s = "going", t_s
        self._gesture.forget()
        self._progress.begin(t_s)
        return [*tell_set(self._progress, t_s)]

    def _rest(self, t_s: float) -> list[Event]:
        """Let a planned rest run; give notice, and go on with the next set when it is over."""
        at = self._progress.at
        if not self._progress.resting(t_s):
            self._noticed, self._effort_s = False, t_s
            self._gesture.forget()
            return [*tell_progress(at, self._progress, t_s)]
        rest_s = self._progress.phase.rest_s
        if not self._noticed and rest_s >= 2 * NOTICE_S and at.rest_until_s is not None:
            self._noticed = t_s >= at.rest_until_s - NOTICE_S
            return [Say(round(t_s, 3), "ten-seconds")] if self._noticed else []
        return []

    def _end_rest(self, t_s: float) -> list[Event]:
        before = self._progress.at
        self._progress.end_rest(t_s)
        self._noticed, self._effort_s = False, t_s
        self._gesture.forget()
        return [*tell_progress(before, self._progress, t_s)]
