"""When a person is ready for the next step of the plan, the bridge (design, section 5).

The application proposes; the person or the therapist decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.session.checks import Check
from app.session.events import SIDES

LOOK_BACK_DAYS: Final = 4
DAYS_NEEDED: Final = 3
FIRED_IN_TEN: Final = 9
LAG_BELOW_MS: Final = 100.0
LSI_BOUND_PCT: Final = 70.0

Reason = Literal[
    "no-check", "left-not-measured", "right-not-measured", "left-fires-seldom", "right-fires-seldom", "timing-unknown",
    "not-together", "symmetry-unknown", "not-alike", "pain-rose",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """What one training day brought.

    Attributes
    ----------
    day : date
        In the person's own time zone.
    check : Check or None
        Its first check; None if it had none.
    pain_before, pain_after : float or None
        First and last rating of pain of that day, 0 to 10; None if it was skipped.
    plan_steps : frozenset of str
        What its sessions belonged to, as ``plan/step``; empty where none says.
    """

    day: date
    check: Check | None
    pain_before: float | None = None
    pain_after: float | None = None
    plan_steps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a training day still lacks; nothing if it passes."""

    day: date
    lacks: tuple[Reason, ...]

    @property
    def passes(self) -> bool:
        """Whether that day was good enough."""
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the bridge is next.

    Attributes
    ----------
    ready : bool
    days : tuple of DayResult
        The last four training days, oldest first; fewer at the beginning.
    """

    ready: bool
    days: tuple[DayResult, ...]


def readiness(days: Sequence[TrainingDay]) -> Readiness:
    """Judge the last four training days: three of them have to pass.

    Parameters
    ----------
    days : sequence of TrainingDay
        Oldest first.

    Notes
    -----
    A day passes when in its check each side fired in at least 9 of 10 squeezes, the median of the lags without sign is
    below 100 ms, the upper bound of the symmetry is not below 70 % (below it a side is surely weaker), and pain was
    not higher after training than before. What is unknown does not pass, but for pain, which may be skipped.
    """
    results = tuple(DayResult(day.day, _lacks(day)) for day in days[-LOOK_BACK_DAYS:])
    return Readiness(sum(result.passes for result in results) >= DAYS_NEEDED, results)


def _lacks(day: TrainingDay) -> tuple[Reason, ...]:
    check = day.check
    if check is None:
        return ("no-check",)
    lacks: list[Reason] = []
    for side in SIDES:
        n_fired = check.fired[side]
        if n_fired is None:
            lacks.append("left-not-measured" if side == "left" else "right-not-measured")
        elif 10 * n_fired < FIRED_IN_TEN * check.attempts:
            lacks.append("left-fires-seldom" if side == "left" else "right-fires-seldom")
    if check.abs_lag_ms is None:
        lacks.append("timing-unknown")
    elif check.abs_lag_ms >= LAG_BELOW_MS:
        lacks.append("not-together")
    if check.lsi_bound_pct is None:
        lacks.append("symmetry-unknown")
    elif check.lsi_bound_pct < LSI_BOUND_PCT:
        lacks.append("not-alike")
    if day.pain_before is not None and day.pain_after is not None and day.pain_after > day.pain_before:
        lacks.append("pain-rose")
    return tuple(lacks)
