"""The target that grows with the person, and moves between reps alone. Pure.

The rule is that of peers.md 7.3 (textbook shaping, K11 and K12): start where the first five squeezes of the weak side
were, then harder after ten of which eight reached it, easier after ten of which five missed it. The strong side gets a
band instead of a goal, so that squeezing harder still earns nothing. Where the sides work in turns there is no strong
one: each has a target of its own, from its own reps.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from app.session.events import SIDES, Scheme, Side, SideOrBoth

FIRST: Final = 5
START_PERCENTILE: Final = 70.0
"""Of the means of the first reps. Whether a rep reaches it is judged by its peak, so that most of them do: a criterion
out of reach hurts learning (peers.md 7.2, K8)."""
ROUND: Final = 10
HARDER_FROM: Final = 8
EASIER_TO: Final = 5
STEP_PCT: Final = 5.0
ABOVE_LINE_PCT: Final = 5.0
"""A target stands so far above the attempt line, or a try would reach it that nobody can see."""
OVERDRIVE: Final = 2.0
"""The strong side's band ends at twice its usual level: 1 in 50 reps of a steady person peaks above it."""


@dataclass(frozen=True, slots=True)
class TargetMoved:
    """The target moved; `reached` of the last ten reps reached it, None where it was set for the first time."""

    side: Side
    pct: float
    reached: int | None

    @property
    def why(self) -> str:
        """The reason, as it stands in the line."""
        if self.reached is None:
            return f"Goal {self.pct:g} %: the level of the first {FIRST} squeezes."
        return f"Goal {self.pct:g} %: {self.reached} of {ROUND} squeezes reached the one before."


class Goals:
    """The targets of one session: one for squeezes of both sides, and one of each side for its own turns.

    Parameters
    ----------
    start_pct, attempt_line_pct, locked
        Of every one of them, see `Shaping`.
    """

    def __init__(self, start_pct: float, attempt_line_pct: float, *, locked: bool = False) -> None:
        self._together = Shaping(start_pct, attempt_line_pct, locked=locked)
        self._alone = {side: Shaping(start_pct, attempt_line_pct, locked=locked) for side in SIDES}

    def target_pct(self, turn: Scheme) -> dict[Side, float]:
        """The target of each side, in % of the reference, while it is the turn of that side or of both."""
        return {side: (self._together if turn == "both" else self._alone[side]).target_pct for side in SIDES}

    def band_top_pct(self, turn: Scheme) -> dict[Side, float]:
        """Level above which a rep is overdrive, for the sides that have one; a side in its own turn has none."""
        if turn != "both":
            return {}
        return {side: top for side in SIDES if (top := self._together.band_top(side)) is not None}

    def set_by_hand(self, side: Side, pct: float) -> None:
        """Put the target of that side, and that of squeezes of both, where somebody wants it, and keep it there."""
        self._together.set_by_hand(pct)
        self._alone[side].set_by_hand(pct)

    def lock(self, *, locked: bool) -> None:
        """Keep every target where it is, or let it move with the person again."""
        for shaping in (self._together, *self._alone.values()):
            shaping.locked = locked

    def update(
        self, turn: Scheme, means_pct: Mapping[Side, float], peaks_pct: Mapping[Side, float], flagged: SideOrBoth | None
    ) -> TargetMoved | None:
        """Take the next rep into account, after it; the other side does not matter to that whose turn it was.

        Parameters
        ----------
        turn : {'both', 'left', 'right'}
            Whose turn it was.
        means_pct, peaks_pct, flagged
            As in `Shaping.update`.

        Returns
        -------
        TargetMoved or None
            None if the target stays.
        """
        if turn == "both":
            return self._together.update(means_pct, peaks_pct, flagged)
        return self._alone[turn].update(_only(turn, means_pct), _only(turn, peaks_pct), None)


def _only(side: Side, values: Mapping[Side, float]) -> dict[Side, float]:
    return {side: values[side]} if side in values else {}


class Shaping:
    """One target; that of the weak side if it learns of both, of the only side if it learns of one.

    Parameters
    ----------
    start_pct : float
        Target of the programme, in % of the reference; stands until the weak side has squeezed five times.
    attempt_line_pct : float
        Level from which something counts as a try.
    locked : bool
        Whether a therapist or the plan forbids it to move.

    Attributes
    ----------
    target_pct : float
    side : Side or None
        The weak side, which the target belongs to; None before it is known.
    band_top_pct : float or None
        Where the band of the strong side ends; None before it is known.
    """

    def __init__(self, start_pct: float, attempt_line_pct: float, *, locked: bool = False) -> None:
        self.target_pct = start_pct
        self.side: Side | None = None
        self.band_top_pct: float | None = None
        self.locked = locked
        self._least_pct = attempt_line_pct + ABOVE_LINE_PCT
        self._means: dict[Side, deque[float]] = {side: deque(maxlen=ROUND) for side in SIDES}
        self._reached: list[bool] = []

    def set_by_hand(self, pct: float) -> None:
        """Put the target where the person or the therapist wants it, and keep it there."""
        self.target_pct = pct
        self.locked = True

    def band_top(self, side: Side) -> float | None:
        """Level above which a rep of that side is overdrive; None for the weak side and while it is not known."""
        return None if side == self.side else self.band_top_pct

    def update(
        self, means_pct: Mapping[Side, float], peaks_pct: Mapping[Side, float], flagged: SideOrBoth | None
    ) -> TargetMoved | None:
        """Take the next rep into account, after it.

        Parameters
        ----------
        means_pct, peaks_pct : mapping of Side to float
            Of the sides that fired, in % of the reference.
        flagged : {'left', 'right', 'both'} or None
            The side that sleeps, is late or is weak.

        Returns
        -------
        TargetMoved or None
            None if the target stays.
        """
        for side, mean in means_pct.items():
            self._means[side].append(mean)
        weak = self.side or self._weak(flagged)
        if self.locked or weak is None:
            return None
        if self.side is None:
            return self._start(weak) if len(self._means[weak]) >= FIRST else None
        if weak not in peaks_pct:
            return None  # a side that does not fire is not helped by another goal
        self._reached.append(peaks_pct[weak] >= self.target_pct)
        if len(self._reached) < ROUND:
            return None
        reached = sum(self._reached)
        self._reached.clear()
        self.side = self._weak(flagged) or weak
        return self._move(self.side, reached)

    def _weak(self, flagged: SideOrBoth | None) -> Side | None:
        if flagged is not None and flagged != "both":
            return flagged
        usual = {side: median(means) for side, means in self._means.items() if means}
        if not usual:
            return None
        weaker: Side = min(usual, key=lambda side: usual[side])
        return weaker

    def _start(self, weak: Side) -> TargetMoved:
        self.side = weak
        self.target_pct = self._within(float(np.percentile(list(self._means[weak]), START_PERCENTILE)))
        return TargetMoved(weak, self.target_pct, None)

    def _move(self, side: Side, reached: int) -> TargetMoved | None:
        """Move by one step, if eight reached the target or five missed it, and there is room."""
        before = self.target_pct
        if reached >= HARDER_FROM:
            self.target_pct = max(before, self._within(before + STEP_PCT))
        elif reached <= EASIER_TO:
            self.target_pct = min(before, self._within(before - STEP_PCT))
        return None if self.target_pct == before else TargetMoved(side, self.target_pct, reached)

    def _within(self, pct: float) -> float:
        """A whole number between the attempt line and the usual level of the strong side, whose band ends anew."""
        assert self.side is not None
        strong = self._means[SIDES[1 - SIDES.index(self.side)]]
        usual = median(strong) if strong else None
        self.band_top_pct = None if usual is None else OVERDRIVE * usual
        return float(round(max(self._least_pct, pct if usual is None else min(pct, usual))))
