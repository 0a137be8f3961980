"""What the coach asks for and tells besides cues: hints, target, feedback, waking, the story of a set. Pure.

Puts the rules of `hints`, `shaping`, `feedback`, `waking` and `story` together; none of them knows the others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.session.aim import Aim
from app.session.events import Event, Rating, Rep, Say, Scheme, Side, SideOrBoth, TargetChanged
from app.session.feedback import FeedbackSchedule
from app.session.hints import Hints
from app.session.programme import Phase, Programme
from app.session.shaping import Goals, TargetMoved
from app.session.story import Story, Told, tell
from app.session.tick import Edge
from app.session.waking import FELT, FeltQuestion, WakeUp

Place = tuple[int, int]
"""Number of a phase and of a set in it."""
FAULTS = frozenset({"not-fired", "late", "weak", "no-signal", "compensator"})
"""What spoils a rep for the fading of feedback; a goal that was not reached does not."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A counted attempt, as guidance needs it.

    Attributes
    ----------
    aim : Aim
    fired : frozenset of Side
    rep : Rep or None
    in_time : bool
        Every working side fired, and before its cue would have sounded.
    eased : bool
        Every helper that is measured is quiet or well below what it was.
    flagged : {'left', 'right', 'both'} or None
        The side that sleeps, is late or is weak now.
    verdicts : bool
        Whether the reference allows to speak of levels.
    """

    aim: Aim
    fired: frozenset[Side]
    rep: Rep | None
    in_time: bool
    eased: bool
    flagged: SideOrBoth | None
    verdicts: bool


class Guidance:
    """What is asked for and told in one session.

    Parameters
    ----------
    programme : Programme
    sides : collection of Side
        Measured glutes that the exercise works.
    asks_felt : bool
        Whether no helper is measured, so that the person is asked where it is felt.

    Attributes
    ----------
    hints, goals, wake_up, felt
        See there.
    first : str or None
        The hint that the session began with.
    story : Story or None
        Of the set or phase that ended last.
    """

    def __init__(self, programme: Programme, sides: Collection[Side], *, asks_felt: bool) -> None:
        self._texts = {hint.id: hint.text for hint in programme.hints}
        self._sides = tuple(sides)
        self._asks_felt = asks_felt
        self._has_wake_up = any(phase.kind == "wake-up" for phase in programme.phases)
        self._place: Place = (0, 1)
        self._feedback = FeedbackSchedule(programme.phases[0])
        self._told: tuple[Told, ...] = ()
        self._to_say: str | None = None
        self.first: str | None = None
        self.hints = Hints(tuple(self._texts))
        self.goals = Goals(programme.target_pct, programme.effort_floor_pct, locked=programme.target_locked)
        self.wake_up = WakeUp()
        self.felt = FeltQuestion()
        self.story: Story | None = None

    def begin_with(self, hint: str) -> None:
        """Let the session begin with the hint after which the side woke last time."""
        self.hints = Hints(tuple(self._texts), hint)
        self.first = self._to_say = self.hints.in_force

    def hint_text(self, hint: str | None) -> str | None:
        """A hint in the words of the programme."""
        return None if hint is None else self._texts[hint]

    def aim(self, phase: Phase, place: Place, turn: Scheme) -> Aim:
        """What the next attempt is asked to be; `turn` is the side that the programme asks for, or both."""
        asked = self._sides[0] if len(self._sides) == 1 else self.hints.asked if turn == "both" else turn
        hint = self.hints.in_force if _is_guided(phase) else None
        goals, feedback = self.goals, self._feedback_of(phase, place).now
        return Aim(asked, goals.target_pct(turn), feedback, hint, goals.band_top_pct(turn), turn)

    def _feedback_of(self, phase: Phase, place: Place) -> FeedbackSchedule:
        if self._place != place:
            self._place, self._feedback = place, FeedbackSchedule(phase, place[1])
        return self._feedback

    def go_on(self, t_s: float) -> list[Event]:
        """No rest runs: what was asked in it is over, and the hint that the session begins with is told once."""
        self.felt.close()
        hint, self._to_say = self._to_say, None
        return [] if hint is None else [Say(t_s=t_s, what="hint", value=hint)]

    def take(self, closed: Closed, phase: Phase, place: Place, t_s: float) -> list[Event]:
        """Take a counted attempt into account, before the programme counts it."""
        if phase.kind != "free":  # it has no end, and so no story
            self._told = (*self._told, Told(closed.fired, closed.rep, closed.aim.asked))
        self._feedback_of(phase, place).update(good=_is_good(closed.rep))
        if phase.kind == "wake-up" or not self._has_wake_up:
            self.wake_up.update(in_time=closed.in_time, eased=closed.eased, hint=closed.aim.hint)
        moved = self._shape(closed) if _is_guided(phase) else None
        if moved is None:
            return []
        changed = TargetChanged(t_s=t_s, side=moved.side, pct=moved.pct, why=moved.why)
        return [changed] if moved.reached is None else [changed, Say(t_s=t_s, what="target", value=moved.side)]

    def offer_hint(self, closed: Closed, phase: Phase, t_s: float) -> list[Event]:
        """Say what to try next, after that attempt, if it is time for it; not once it is enough."""
        if not _is_guided(phase):
            return []
        hint = self.hints.update([side for side in self._sides if closed.aim.asks(side) and side not in closed.fired])
        return [] if hint is None else [Say(t_s=t_s, what="hint", value=hint)]

    def _shape(self, closed: Closed) -> TargetMoved | None:
        if closed.rep is None or not closed.verdicts:
            return None
        levels = {side: closed.rep.sides[side] for side in self._sides if side in closed.fired}
        means = {side: level.mean_pct for side, level in levels.items() if level.mean_pct is not None}
        peaks = {side: level.peak_pct for side, level in levels.items() if level.peak_pct is not None}
        return self.goals.update(closed.aim.turn, means, peaks, closed.flagged)

    def repeat_set(self, phase: Phase, place: Place) -> None:
        """The set begins anew, and with it its story and its order of silent attempts."""
        self._told = ()
        self._place, self._feedback = place, FeedbackSchedule(phase, place[1])

    def end_set(
        self, phase: Phase, set_number: int | None, t_s: float, *, flagged: SideOrBoth | None, slept: SideOrBoth | None
    ) -> list[Event]:
        """A set or phase ended: its story, and whether a side woke or it is enough for today.

        Parameters
        ----------
        phase : Phase
            The one that ended.
        set_number : int or None
        t_s : float
        flagged, slept : {'left', 'right', 'both'} or None
            The side that sleeps, is late or is weak now, and at any time of the session.
        """
        wake_up = self.wake_up if phase.kind == "wake-up" else None
        enough = wake_up is not None and wake_up.woke_at is None
        self.story = tell(
            self._told,
            self._sides,
            set_number=set_number,
            flagged=flagged,
            woke_at=None if wake_up is None else wake_up.woke_at,
            hint=None if wake_up is None else self.hint_text(wake_up.woke_after_hint),
            enough=enough,
        )
        self._told = ()
        events: list[Event] = []
        if enough:
            events.append(Say(t_s=t_s, what="enough"))
        elif wake_up is not None:
            events.append(Say(t_s=t_s, what="woke", value=slept or "both"))
            self.felt.due = self._asks_felt
        events.append(Say(t_s=t_s, what="set-done", value=set_number))
        return events

    def rest(self, t_s: float, edges: Iterable[Edge], glutes: Mapping[Side, int]) -> list[Event]:
        """A planned rest runs: ask where it is felt, and hear the squeeze that answers."""
        if self.felt.ask():
            return [Say(t_s=t_s, what="felt")]
        return self.answer_felt(t_s, FELT["glute"]) if self.felt.hear(edges, glutes.values()) else []

    def set_target(self, side: Side, pct: float, t_s: float) -> list[Event]:
        """Put the target where somebody wants it; it stays there until it is unlocked."""
        self.goals.set_by_hand(side, pct)
        return [TargetChanged(t_s=t_s, side=side, pct=pct, why=f"Goal {pct:g} %: set by hand.")]

    def lock_target(self, *, locked: bool) -> None:
        """Keep the target where it is, or let it move with the person again."""
        self.goals.lock(locked=locked)

    def answer_felt(self, t_s: float, place: float) -> list[Event]:
        """Take the answer, a value of `FELT`; nothing happens where nothing was asked."""
        if not self.felt.open or place not in FELT.values():
            return []
        self.felt.close()
        return [Rating(t_s=t_s, kind="felt", value=place)]


def _is_guided(phase: Phase) -> bool:
    """Whether hints are offered and the target moves: not in a check, and not where nothing is asked for."""
    return phase.feedback != "none" and phase.kind != "free"


def _is_good(rep: Rep | None) -> bool:
    return rep is not None and not any(why.partition(":")[0] in FAULTS for why in rep.not_clean)
