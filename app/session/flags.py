"""What holds over the last reps: which side sleeps, comes late or is less than the other.

Flags are shown, cues are heard. Two passing reps running clear a flag *and its history*, so that nobody is nagged
about squeezes of ten minutes ago; it can come back after four more reps (design, section 4).
"""

import math
from collections import deque
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Final

from app.session.events import SIDES, Side, SideOrBoth
from dsp.symmetry import lsi_upper_bound_pct

LOOK_BACK: Final = 8
"""Reps looked at, dsp.md 3.7."""
WEAK_LOOK_BACK: Final = 30
"""Reps whose ratio is looked at, a whole set: what makes two healthy sides look unlike is an error of the reference,
which does not average out, so the ratio is worth every rep there is."""
LATE_MIN_REPS: Final = 4
LATE_ENTER_MS: Final = 100.0
LATE_LEAVE_MS: Final = 60.0
RISE_CONFIRM_MS: Final = 60.0
"""A much weaker side looks 20-60 ms late by its onset alone; its 50 %-rise must be late too (dsp.md 3.4)."""
WEAK_MIN_REPS: Final = 4
WEAK_BELOW_PCT: Final = 85.0
ASLEEP_LOOK_BACK: Final = 4
ASLEEP_MIN_MISSED: Final = 3
PASSES_TO_CLEAR: Final = 2
COMING_UP_SHARE: Final = 0.65
"""Share of its usual distance from alike that a weak side must have left behind before it is let alone. Of people who
step from a ratio of 0.5 to healthy 98.7 in 100 then hear nothing after their second rep (78.7 without it: one healthy
rep in four reads below 85 %), and one who stays at 0.5 is still told in 92 of 100 reps (96 without; 1500 people each).
"""
COMING_UP_REPS: Final = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What the flags need of one rep or attempt.

    Attributes
    ----------
    fired : mapping of side to bool
    in_time : mapping of side to bool
        Fired, and before its cue would have sounded.
    lag_ms, rise_lag_ms : float or None
        Left minus right: onsets, and 50 % of the own peak. None where they are not known.
    log_ratio : float or None
        ln(left/right); None below the effort floor or without a verdict-worthy reference.
    """

    fired: dict[Side, bool]
    in_time: dict[Side, bool]
    lag_ms: float | None = None
    rise_lag_ms: float | None = None
    log_ratio: float | None = None


@dataclass(slots=True)
class _Flag:
    up: bool = False
    passes: int = 0

    def update(self, *, enter: bool, leave: bool, passed: bool) -> bool:
        """Advance by one rep; returns True when the flag is cleared and its history must go."""
        if not self.up:
            self.up = enter
            self.passes = 0
            return False
        self.passes = self.passes + 1 if passed else 0
        if self.passes >= PASSES_TO_CLEAR or leave:
            self.up = False
            self.passes = 0
            return True
        return False

    def fail(self) -> None:
        """A rep that this flag has no number for, and that is no pass."""
        self.passes = 0


@dataclass(slots=True)
class SideFlags:
    """The flags of one side of a compared pair."""

    side: Side
    asleep: _Flag = field(default_factory=_Flag)
    late: _Flag = field(default_factory=_Flag)
    weak: _Flag = field(default_factory=_Flag)
    fired: deque[bool] = field(default_factory=lambda: deque(maxlen=ASLEEP_LOOK_BACK))
    lags_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LOOK_BACK))
    rise_lags_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LOOK_BACK))
    log_ratios: deque[float] = field(default_factory=lambda: deque(maxlen=WEAK_LOOK_BACK))
    undecided: bool = False

    @property
    def hurried(self) -> bool:
        """Whether this side's cue comes after 150 ms rather than 300."""
        return self.asleep.up or self.late.up

    def update(self, rep: Measured, spreads: tuple[float, float]) -> None:
        """Take the next attempt into account; `spreads` are the relative errors of the left and right reference."""
        fired = rep.fired[self.side]
        self.fired.append(fired)
        missed = self.fired.count(False) if len(self.fired) == ASLEEP_LOOK_BACK else 0
        if self.asleep.update(enter=missed >= ASLEEP_MIN_MISSED, leave=False, passed=fired and rep.in_time[self.side]):
            self.fired.clear()
        if not fired:
            self.late.fail()
            self.weak.fail()
        sign = 1.0 if self.side == "left" else -1.0
        if rep.lag_ms is not None:
            self.lags_ms.append(sign * rep.lag_ms)
            self.rise_lags_ms.append(sign * (rep.rise_lag_ms if rep.rise_lag_ms is not None else rep.lag_ms))
            lag, rise = median(self.lags_ms), median(self.rise_lags_ms)
            if self.late.update(
                enter=len(self.lags_ms) >= LATE_MIN_REPS and lag > LATE_ENTER_MS and rise > RISE_CONFIRM_MS,
                leave=lag < LATE_LEAVE_MS,
                passed=sign * rep.lag_ms <= LATE_ENTER_MS,
            ):
                self.lags_ms.clear()
                self.rise_lags_ms.clear()
        if rep.log_ratio is not None:
            self._update_weak(sign * rep.log_ratio, spreads)

    def _update_weak(self, log_ratio: float, spreads: tuple[float, float]) -> None:
        """`log_ratio` is ln(this side / the other)."""
        self.log_ratios.append(log_ratio)
        weaker = len(self.log_ratios) >= WEAK_MIN_REPS and fmean(self.log_ratios) < 0.0
        bound = lsi_upper_bound_pct(list(self.log_ratios), *spreads) if weaker else math.inf
        measured = 100.0 * math.exp(median(self.log_ratios))
        unsure = len(self.log_ratios) >= LOOK_BACK and measured < WEAK_BELOW_PCT <= bound
        if self.weak.update(
            enter=bound < WEAK_BELOW_PCT,
            leave=False,
            passed=100.0 * math.exp(log_ratio) >= WEAK_BELOW_PCT,
        ):
            self.log_ratios.clear()
        self.undecided = unsure and not self.weak.up

    def coming_up(self, log_ratio: float) -> bool:
        """Whether a weak side has left what made it weak, going by its last two reps and the one under way.

        The flag stays until two passing reps run; but whoever is on the way up fails single reps as all healthy people
        do, and is not to be nagged about them. The references err alike before and now, so their error does not matter.

        Parameters
        ----------
        log_ratio : float
            ln(this side / the other) of the rep under way; NaN is no sign of anything.
        """
        ratios = list(self.log_ratios)
        before, newest = ratios[: 1 - COMING_UP_REPS], [*ratios[1 - COMING_UP_REPS :], log_ratio]
        return bool(before) and fmean(newest) > COMING_UP_SHARE * fmean(before)

    def count_late(self) -> tuple[int, int]:
        """(late reps, reps looked at)."""
        return sum(lag > LATE_ENTER_MS for lag in self.lags_ms), len(self.lags_ms)

    def count_weak(self) -> tuple[int, int]:
        """(weaker reps, reps looked at)."""
        newest = list(self.log_ratios)[-LOOK_BACK:]
        return sum(100.0 * math.exp(ratio) < WEAK_BELOW_PCT for ratio in newest), len(newest)


class SetFlags:
    """The flags of both sides, and which side is the sleeping one."""

    def __init__(self) -> None:
        self.sides: dict[Side, SideFlags] = {side: SideFlags(side) for side in SIDES}
        self._ever: set[Side] = set()

    def update(self, rep: Measured, spreads: tuple[float, float]) -> None:
        """Take the next attempt of a compared pair into account; `spreads` are those of both references."""
        for flags in self.sides.values():
            flags.update(rep, spreads)
        self._ever.update(self._troubled())

    def _troubled(self) -> list[Side]:
        return [side for side, flags in self.sides.items() if flags.asleep.up or flags.late.up or flags.weak.up]

    @staticmethod
    def _name(sides: list[Side]) -> SideOrBoth | None:
        if len(sides) == len(SIDES):
            return "both"
        return sides[0] if sides else None

    @property
    def sleeping_side(self) -> SideOrBoth | None:
        """The side that sleeps, is late or is weak now."""
        return self._name(self._troubled())

    @property
    def ever_sleeping_side(self) -> SideOrBoth | None:
        """The side that slept, was late or was weak at some time of the session."""
        return self._name([side for side in SIDES if side in self._ever])
