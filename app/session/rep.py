"""The line of one rep, made from its score: what was measured, what it fails on, and the words for it."""

import math
from dataclasses import dataclass
from typing import Final

from app.session.aim import Aim
from app.session.events import SIDES, LagStatus, ReferenceMethod, Rep, RepSide, Side, SideState
from app.session.flags import LATE_ENTER_MS, WEAK_BELOW_PCT
from app.session.programme import Phase, Programme
from app.session.scoring import AttemptScore, Comparison, SiteScore

_NOT_FIRED: Final[dict[Side, LagStatus]] = {"left": "left-not-fired", "right": "right-not-fired"}


@dataclass(frozen=True, slots=True)
class RepContext:
    """What a rep's line needs besides its score."""

    index: int
    set_number: int | None
    phase: Phase
    programme: Programme
    method: ReferenceMethod
    sites: tuple[str, ...]
    targets: dict[Side, int]
    compensators: tuple[int, ...]
    compared: bool
    synced: bool
    verdicts: bool
    raw_to_uv: float | None
    own_best: bool
    aim: Aim


def make_rep(context: RepContext, score: AttemptScore, comparison: Comparison, *, counted: bool) -> Rep:
    """Make the line of one rep.

    Parameters
    ----------
    context : RepContext
    score : AttemptScore
    comparison : Comparison
        Empty where left and right are not compared.
    counted : bool
        False if the signal was lost within it.
    """
    lag_ms = None if comparison.lag_s is None else 1000.0 * comparison.lag_s
    late: Side | None = None
    if lag_ms is not None and abs(lag_ms) > LATE_ENTER_MS:
        late = "left" if lag_ms > 0 else "right"
    weaker: Side | None = None
    if comparison.lsi_pct is not None and comparison.lsi_pct < 100.0:
        left, right = (score.sites[context.targets[side]].mean_pct for side in SIDES)
        weaker = "left" if left < right else "right"
    is_weak = weaker is not None and context.verdicts and _fails_on_level(comparison)
    failures = _failures(context, score, late, weaker if is_weak else None)
    return Rep(
        lsi_basis="own-best" if context.own_best else "reference",
        lag_clock_ms=_rounded(None if comparison.lag_clock_s is None else 1000.0 * comparison.lag_clock_s, 2),
        index=context.index,
        set=context.set_number,
        phase=context.phase.line_kind,
        scheme=context.aim.asked,
        start_s=round(score.start_s, 3),
        end_s=round(score.end_s, 3),
        counted=counted,
        clean=counted and not failures,
        not_clean=failures,
        lag_ms=_rounded(lag_ms, 1),
        lag_pm_ms=_rounded(None if comparison.lag_pm_s is None else 1000.0 * comparison.lag_pm_s, 1),
        late=late,
        lag_status=_lag_status(context, score),
        lsi_pct=_rounded(comparison.lsi_pct, 1),
        lsi_pm_pct=_rounded(comparison.lsi_pm_pct, 1),
        weaker=weaker,
        lr_log=_rounded(comparison.lr_log, 3),
        ref=context.method,
        target_pct={side: context.aim.target_pct[side] for side in context.targets},
        feedback=context.aim.feedback,
        hint=context.aim.hint,
        sides={
            side: _side(context, score.sites[site], _word(side, score.sites[site], late, weaker if is_weak else None))
            for side, site in context.targets.items()
        },
        compensators={
            context.sites[index]: _side(context, score.sites[index], "firing" if score.sites[index].fired else "quiet")
            for index in context.compensators
        },
    )


def _fails_on_level(comparison: Comparison) -> bool:
    """Whether this rep alone is surely less than alike: its interval ends below 85 %."""
    lsi, pm = comparison.lsi_pct, comparison.lsi_pm_pct
    return lsi is not None and pm is not None and lsi + pm < WEAK_BELOW_PCT


def _failures(context: RepContext, score: AttemptScore, late: Side | None, weak: Side | None) -> list[str]:
    failures: list[str] = []
    for side, site in context.targets.items():
        if not context.aim.asks(side):
            continue
        if score.sites[site].lost:
            failures.append(f"no-signal:{side}")
        elif not score.sites[site].fired:
            failures.append(f"not-fired:{side}")
        elif score.sites[site].peak_pct < context.aim.target_pct[side]:
            failures.append(f"below-target:{side}")
        elif score.sites[site].peak_pct > context.aim.band_top_pct.get(side, math.inf):
            failures.append(f"overdrive:{side}")
    if late is not None:
        failures.append(f"late:{late}")
    if weak is not None and f"not-fired:{weak}" not in failures:
        failures.append(f"weak:{weak}")
    failures += [
        f"compensator:{context.sites[index]}"
        for index in context.compensators
        if score.sites[index].mean_pct > context.programme.compensator_line_pct
    ]
    return failures


def _lag_status(context: RepContext, score: AttemptScore) -> LagStatus:
    if not context.compared or any(score.sites[site].lost for site in context.targets.values()):
        return "single"  # one side is measured, and nothing to set it against
    silent = [side for side, site in context.targets.items() if not score.sites[site].fired]
    if len(silent) == len(SIDES):
        return "neither"
    if silent:
        return _NOT_FIRED[silent[0]]
    return "ok" if context.synced else "not-synced"


def _word(side: Side, score: SiteScore, late: Side | None, weak: Side | None) -> SideState:
    if score.lost:
        return "no-signal"
    if not score.fired:
        return "asleep"
    if late == side:
        return "late"
    return "weak" if weak == side else "firing"


def _side(context: RepContext, score: SiteScore, state: SideState) -> RepSide:
    raw_to_uv = context.raw_to_uv
    return RepSide(
        onset_s=_rounded(score.onset_s, 4),
        offset_s=_rounded(score.offset_s, 3),
        mean_pct=_rounded(score.mean_pct, 1),
        peak_pct=_rounded(score.peak_pct, 1),
        mean_uv=None if raw_to_uv is None else _rounded(score.mean_raw * raw_to_uv, 2),
        state=state,
    )


def _rounded(value: float | None, digits: int) -> float | None:
    """`value` rounded, or None where there is no number."""
    return None if value is None or not math.isfinite(value) else round(value, digits)
