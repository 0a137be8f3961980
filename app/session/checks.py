"""What one run of the check says: the only numbers that are plotted as a trend and compared over weeks.

A check is ten squeezes at the person's own pace, without bars or sound (design, section 5). Pure: events in, numbers
out, so that history, report and analysis tell the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, stdev
from typing import Final, Literal

from scipy import special

from app.session.events import SIDES, Attempt, Event, Rep, SessionStarted, Side
from dsp.symmetry import lsi_upper_bound_pct, reference_error

PROGRAMME: Final = "check"
_MEDIAN_OVER_MEAN: Final = math.sqrt(math.pi / 2)
"""Standard error of the median over that of the mean, for large normal samples; a little too wide for ten."""


@dataclass(frozen=True, slots=True)
class Check:
    """Numbers of one check; None where the session does not carry one.

    Attributes
    ----------
    attempts : int
        Counted squeezes, those in which nothing fired too.
    fired : dict of side to int or None
        In how many of them each side fired; None for a side that was not measured.
    lag_ms, lag_pm_ms : float or None
        Median lag (positive: left later), and half the width of its 95 % interval, with that of the clocks.
    abs_lag_ms : float or None
        Median of the lags without their sign: sides that take turns in being late are not in time.
    n_lags : int
        Reps behind the lag.
    lsi_pct, lsi_pm_pct : float or None
        Symmetry of the mean log ratio, so that reps in which the other side was stronger count against each other, and
        half the width of its 95 % interval, with that of the references.
    lsi_bound_pct : float or None
        One-sided 95 % upper bound of the symmetry; None with a reference that allows no verdict.
    weaker : {'left', 'right'} or None
    lsi_basis : {'reference', 'own-best'}
        As in the rep lines.
    """

    attempts: int
    fired: dict[Side, int | None]
    lag_ms: float | None = None
    lag_pm_ms: float | None = None
    abs_lag_ms: float | None = None
    n_lags: int = 0
    lsi_pct: float | None = None
    lsi_pm_pct: float | None = None
    lsi_bound_pct: float | None = None
    weaker: Side | None = None
    lsi_basis: Literal["reference", "own-best"] = "reference"

    def fired_pct(self, side: Side) -> float | None:
        """Share of the squeezes in which a side fired, in %; None where it was not measured."""
        n_fired = self.fired[side]
        return None if n_fired is None else round(100.0 * n_fired / self.attempts, 1)


def check_of(started: SessionStarted, events: Sequence[Event]) -> Check | None:
    """Work out the check of a session.

    Parameters
    ----------
    started : SessionStarted
    events : sequence of Event
        All lines, in order.

    Returns
    -------
    Check or None
        None if the session was no check, or no squeeze of it counted.
    """
    reps = [event for event in events if isinstance(event, Rep)]
    checked = [rep for rep in reps if rep.phase == "check"]
    if started.programme != PROGRAMME and not checked:
        return None
    counted = [event for event in events if isinstance(event, Attempt) and event.counted]
    if len(checked) < len(reps):  # after its last rep the session goes on as free practice
        until_s = checked[-1].end_s if checked else -math.inf
        counted = [attempt for attempt in counted if attempt.start_s <= until_s]
    if not counted:
        return None
    measured = {channel.site for channel in started.channels}
    checked = [rep for rep in checked if rep.counted]
    lags = [rep.lag_ms for rep in checked if rep.lag_ms is not None]
    lsi = _Symmetry.of(started, checked)
    return Check(
        attempts=len(counted),
        fired={side: sum(side in attempt.fired for attempt in counted) if side in measured else None for side in SIDES},
        lag_ms=round(median(lags), 1) if lags else None,
        lag_pm_ms=round(math.hypot(_median_pm(lags), _clocks_ms(checked)), 1) if len(lags) > 1 else None,
        abs_lag_ms=round(median(map(abs, lags)), 1) if lags else None,
        n_lags=len(lags),
        lsi_pct=lsi.pct,
        lsi_pm_pct=lsi.pm_pct,
        lsi_bound_pct=lsi.bound_pct,
        weaker=lsi.weaker,
        lsi_basis="own-best" if any(rep.lsi_basis == "own-best" for rep in checked) else "reference",
    )


def _half_width(values: Sequence[float]) -> float:
    """Half the width of the 95 % interval of a mean, Student t."""
    return float(special.stdtrit(len(values) - 1, 0.975)) * stdev(values) / math.sqrt(len(values))


def _median_pm(values: Sequence[float]) -> float:
    return _MEDIAN_OVER_MEAN * _half_width(values)


def _clocks_ms(reps: Sequence[Rep]) -> float:
    """What the clocks of two units add: the same in all reps, so the usual one counts whole. 0 for lines without it."""
    known = [rep.lag_clock_ms for rep in reps if rep.lag_clock_ms is not None]
    return median(known) if known else 0.0


@dataclass(frozen=True, slots=True)
class _Symmetry:
    pct: float | None = None
    pm_pct: float | None = None
    bound_pct: float | None = None
    weaker: Side | None = None

    @classmethod
    def of(cls, started: SessionStarted, reps: Sequence[Rep]) -> "_Symmetry":
        ratios = [rep.lr_log for rep in reps if rep.lr_log is not None]
        if not ratios:
            return cls()
        mean = fmean(ratios)
        pct = 100.0 * math.exp(-abs(mean))
        weaker: Side | None = None if mean == 0.0 else "left" if mean < 0.0 else "right"
        if len(ratios) < 2:
            return cls(pct=round(pct, 1), weaker=weaker)
        calibration = started.calibration
        tries = {} if calibration is None else calibration.tries_uv
        errors = [reference_error(tries.get(side, [])) for side in SIDES]
        pm_log = math.hypot(_half_width(ratios), 1.96 * math.hypot(*errors))
        is_verdict = all(rep.ref != "session" for rep in reps)
        return cls(
            pct=round(pct, 1),
            pm_pct=round(pct * pm_log, 1),
            bound_pct=round(lsi_upper_bound_pct(ratios, *errors), 1) if is_verdict else None,
            weaker=weaker,
        )
