"""Whether a number has changed since a person's first days, or only varies as it does from day to day.

The spread from day to day is estimated from the differences of days that follow each other (von Neumann and others
1941, "The mean square successive difference", Ann. Math. Stat. 12:153), because the plain standard deviation would
take steady progress for spread. The newest day is set against the mean of the first three as a new
observation against a mean, ``s * sqrt(1 + 1/3)`` (the prediction interval; Hahn and Meeker 1991, Statistical
Intervals, ch. 4), with the Student t of the degrees of freedom that this estimate of the spread is worth. A change is
never called that is smaller than what a single check can tell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from statistics import fmean
from typing import Final, Literal

from scipy import special

FIRST_DAYS: Final = 3
"""Days that a person's own start is made of, and the fewest that tell a spread."""
_TWO_SIDED: Final = 0.975
_NORMAL: Final = 1.96


@dataclass(frozen=True, slots=True)
class Point:
    """One number of one check: its day, its value, and half the width of its 95 % interval (None if unknown)."""

    day: date
    value: float
    pm: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The newest day against the first ones.

    Attributes
    ----------
    verdict : {'too-few', 'usual', 'changed'}
        ``usual``: within the person's usual range; ``too-few``: fewer than three days before the newest.
    n_days : int
        Days with a number, the newest one too.
    first, latest, difference : float or None
        Mean of the first three days, the newest day, and newest minus first; None with ``too-few``.
    least : float or None
        What the difference has to exceed to be called a change.
    """

    verdict: Literal["too-few", "usual", "changed"]
    n_days: int
    first: float | None = None
    latest: float | None = None
    difference: float | None = None
    least: float | None = None


def judge_change(points: Sequence[Point]) -> Change:
    """Say whether the newest day differs from the first three by more than the days do among themselves.

    Parameters
    ----------
    points : sequence of Point
        In order of time; several of one day count as their mean.

    Returns
    -------
    Change
    """
    days = [_mean_of_day(list(of_day)) for _, of_day in groupby(points, key=lambda point: point.day)]
    if len(days) <= FIRST_DAYS:
        return Change("too-few", len(days))
    latest, before = days[-1], [point.value for point in days[:-1]]
    first = fmean(before[:FIRST_DAYS])
    spread = math.sqrt(fmean((after - value) ** 2 for value, after in pairwise(before)) / 2.0)
    of_days = float(special.stdtrit(_freedom(len(before)), _TWO_SIDED)) * spread * math.sqrt(1.0 + 1.0 / FIRST_DAYS)
    of_first = math.hypot(*(point.pm or 0.0 for point in days[:FIRST_DAYS])) / FIRST_DAYS
    least = max(of_days, math.hypot(latest.pm or 0.0, of_first))
    difference = latest.value - first
    verdict: Literal["usual", "changed"] = "changed" if abs(difference) > least else "usual"
    return Change(verdict, len(days), round(first, 1), round(latest.value, 1), round(difference, 1), round(least, 1))


def share_pm_pct(n_fired: int, n: int) -> float:
    """Half the width of the 95 % interval of a share in percentage points (Wilson 1927, J. Am. Stat. Assoc. 22:209)."""
    square = _NORMAL**2
    share = n_fired / n
    return 100.0 * _NORMAL / (1.0 + square / n) * math.sqrt(share * (1.0 - share) / n + square / (4.0 * n * n))


def _freedom(n: int) -> float:
    """Degrees of freedom of half the mean square successive difference of `n` values: 2 over its relative variance."""
    return 2.0 * (n - 1) ** 2 / (3.0 * n - 4.0)


def _mean_of_day(points: list[Point]) -> Point:
    known = [point.pm for point in points if point.pm is not None]
    pm = math.hypot(*known) / len(known) if known else None
    return Point(points[0].day, fmean(point.value for point in points), pm)
