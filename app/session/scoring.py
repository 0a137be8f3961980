"""Scoring of one closed attempt: amplitudes, lag, symmetry, and whether it counts as a rep.

Signs are those of design section 4: lag = left onset - right onset (positive: left later), lr_log = ln(left/right).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.session.attempt import Burst, OpenAttempt
from app.session.tick import TICK_S, Float64Array, Scale, Track
from dsp.rise import QUIET_S, place_starts
from dsp.symmetry import half_rise_s, lag_pm_s, log_ratio, lsi_pm_pct, sampling_error, snr_db

TRIM_START_S: Final = 0.35
TRIM_END_S: Final = 0.25
"""What is left out of a rep's mean at its start and end (dsp.md 3.7)."""
MIN_WINDOW_S: Final = 0.10
BEFORE_ONSET_S: Final = 0.10
REP_PEAK_PCT: Final = 15.0
"""A rep's peak must stand this far above rest; weaker bursts are movements (dsp.md 3.3, hybrid 15/8 %)."""
NOISE_FLOOR: Final = 5.0
MAX_FLOOR_PCT: Final = 15.0
"""Noise lifts the effort floor at most to what a rep must peak at anyway: a noisy pad must not hide a squeeze that is
plainly there. At 20 %, one set in 60 of a person with 5 % of noise lost a soft squeeze (300 people), at 15 % none."""


@dataclass(frozen=True, slots=True)
class SiteScore:
    """One muscle in one attempt; levels are RMS above rest, in % of the reference and in the stream's unit.

    Where the signal was lost in it, nothing is known: it did not fire, has no times, and its levels are NaN.
    """

    fired: bool
    lost: bool
    onset_s: float | None
    offset_s: float | None
    mean_pct: float
    peak_pct: float
    mean_raw: float
    rise_s: float | None


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """All muscles in one attempt, by site index."""

    start_s: float
    end_s: float
    sites: dict[int, SiteScore]
    window_s: float


def effort_floor_pct(scale: Scale, site: int, floor_pct: float) -> float:
    """Least level of an effort, in % of the reference: max(5 x rest, the programme's floor), see `MAX_FLOOR_PCT`."""
    noise_pct = NOISE_FLOOR * float(scale.rest[site] / scale.reference[site]) * 100.0
    return max(floor_pct, min(noise_pct, MAX_FLOOR_PCT))


def mean_window(start_s: float, end_s: float) -> tuple[float, float]:
    """Part of a rep that its mean is taken over; the middle half where the rep is short."""
    first, last = start_s + TRIM_START_S, end_s - TRIM_END_S
    if last - first >= MIN_WINDOW_S:
        return first, last
    quarter = (end_s - start_s) / 4
    return start_s + quarter, end_s - quarter


def score_attempt(
    attempt: OpenAttempt, end_s: float, track: Track, scale: Scale, targets: tuple[int, ...]
) -> AttemptScore:
    """Measure every site of a closed attempt.

    Parameters
    ----------
    attempt : OpenAttempt
    end_s : float
        When it was closed, seconds from the start of the source; its end if no glute fired.
    track : Track
    scale : Scale
    targets : tuple of int

    Returns
    -------
    AttemptScore
        Start and end are the first onset and the last offset of the glutes that fired, else of the attempt.
    """
    fired = {site: attempt.bursts[site] for site in range(len(scale.rest)) if attempt.fired(site, end_s)}
    glutes = {site: fired[site] for site in targets if site in fired}
    starts_s = _starts_s(glutes, end_s, track, scale)
    start_s = min(starts_s.values(), default=attempt.start_s)
    for site in fired.keys() - glutes.keys():  # a helper follows a command of its own
        starts_s |= _starts_s({site: fired[site]}, end_s, track, scale)
    end_s = max((burst.offset_s for burst in glutes.values() if burst.offset_s is not None), default=end_s)
    first_s, last_s = mean_window(start_s, end_s)
    energy = track.energy(first_s, last_s)
    level = track.level(start_s, end_s)
    lost = list(attempt.lost)
    energy[:, lost] = level[:, lost] = np.nan
    mean_energy = _nanmean(energy)
    mean_raw = scale.above_rest(mean_energy)
    mean_pct = scale.pct(mean_raw)
    peak_pct = scale.pct(scale.above_rest(_nanmax(level) ** 2))
    scores: dict[int, SiteScore] = {}
    for site in range(len(scale.rest)):
        burst = fired.get(site)
        rise_s = None
        if burst is not None:
            from_s = max(0.0, starts_s[site] - BEFORE_ONSET_S)
            crossed = half_rise_s(track.level(from_s, end_s)[:, site], TICK_S)
            rise_s = None if math.isnan(crossed) else from_s + crossed
        scores[site] = SiteScore(
            fired=burst is not None,
            lost=site in attempt.lost,
            onset_s=starts_s.get(site),
            offset_s=None if burst is None else burst.offset_s,
            mean_pct=float(mean_pct[site]),
            peak_pct=float(peak_pct[site]),
            mean_raw=float(mean_raw[site]),
            rise_s=rise_s,
        )
    return AttemptScore(start_s, end_s, scores, window_s=len(energy) * TICK_S)


def _starts_s(bursts: dict[int, Burst], end_s: float, track: Track, scale: Scale) -> dict[int, float]:
    """When muscles that were told to rise together really began, by site."""
    if not bursts:
        return {}
    found_s = [burst.onset_s for burst in bursts.values()]
    first = max(0, round((min(found_s) - QUIET_S) / TICK_S))
    energy = track.energy(first * TICK_S, end_s)[:, list(bursts)]
    if len(energy) < round(end_s / TICK_S) - first:  # longer than the track: its beginning is no more there
        return dict(zip(bursts, found_s, strict=True))
    from_s = first * TICK_S
    starts_s = place_starts(
        energy,
        TICK_S,
        [onset_s - from_s for onset_s in found_s],
        [(end_s if burst.offset_s is None else burst.offset_s) - from_s for burst in bursts.values()],
        scale.rest[list(bursts)].tolist(),
    )
    return {site: from_s + start_s for site, start_s in zip(bursts, starts_s, strict=True)}


def _nanmean(rows: Float64Array) -> Float64Array:
    """Mean over rows, NaN where a column has none, without a warning."""
    good = ~np.isnan(rows)
    total: Float64Array = np.where(good, rows, 0.0).sum(axis=0)
    count = good.sum(axis=0)
    out: Float64Array = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return out


def _nanmax(rows: Float64Array) -> Float64Array:
    """Greatest of each column, NaN where a column has none, without a warning."""
    if not len(rows):
        return np.full(rows.shape[1], np.nan)
    filled: Float64Array = np.where(np.isnan(rows), -np.inf, rows).max(axis=0)
    out: Float64Array = np.where(np.isneginf(filled), np.nan, filled)
    return out


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left against right in one rep; None where the data do not carry the number."""

    lag_s: float | None = None
    lag_pm_s: float | None = None
    rise_lag_s: float | None = None
    lsi_pct: float | None = None
    lsi_pm_pct: float | None = None
    lr_log: float | None = None
    lag_clock_s: float | None = None


def compare(
    score: AttemptScore, left: int, right: int, scale: Scale, *, floor_pct: float, clock_s: float | None
) -> Comparison:
    """Compare left with right.

    Parameters
    ----------
    score : AttemptScore
    left, right : int
        Site indices.
    scale : Scale
    floor_pct : float
        The programme's effort floor.
    clock_s : float or None
        Uncertainty of the time between the two sides; None while their clocks are not aligned.
    """
    one, two = score.sites[left], score.sites[right]
    lag_s = pm_s = of_clocks_s = rise_lag_s = None
    if one.onset_s is not None and two.onset_s is not None and clock_s is not None:
        lag_s, of_clocks_s = one.onset_s - two.onset_s, clock_s
        pm_s = lag_pm_s(
            snr_db(one.mean_raw, float(scale.rest[left])), snr_db(two.mean_raw, float(scale.rest[right])), clock_s
        )
        if one.rise_s is not None and two.rise_s is not None:
            rise_lag_s = one.rise_s - two.rise_s
    levels = (one.mean_pct, two.mean_pct)
    if any(math.isnan(level) for level in levels) or not any(
        score.sites[site].mean_pct >= effort_floor_pct(scale, site, floor_pct) for site in (left, right)
    ):
        return Comparison(lag_s, pm_s, rise_lag_s, lag_clock_s=of_clocks_s)
    sampling = sampling_error(score.window_s)
    errors = (math.hypot(sampling, float(scale.reference_spread[site])) for site in (left, right))
    ratio = log_ratio(*levels)
    return Comparison(
        lag_s,
        pm_s,
        rise_lag_s,
        lsi_pct=100.0 * min(levels) / max(levels),
        lsi_pm_pct=lsi_pm_pct(*levels, *errors),
        lr_log=None if math.isnan(ratio) else ratio,
        lag_clock_s=of_clocks_s,
    )
