"""Left against right: ratios, lags, rise times and holds, each with the interval that it deserves.

Pure functions of numbers and arrays. NaN in gives NaN out, a level of zero or less is no level, and nothing warns.
Every ``pm`` is the half width of a 95 % interval. Signs: ``ln(left / right)`` and ``left onset - right onset``.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]

BANDWIDTH_HZ = 117.0
"""Statistical bandwidth of real surface EMG, ``(int P)^2 / int P^2``: median of 12 windows of constant force."""
REFERENCE_ERROR = 0.08
"""Relative error of a reference contraction whose tries are not known."""
_USUAL_ERROR, _USUAL_FREE = 0.06, 0.5
"""What a few tries shrink towards, and the degrees of freedom that this counts for."""
UNSURE_REFERENCES = 0.19
"""Relative error of the ratio of two references above which nothing can be said of a weaker side.

Three tries a side tell their own error badly: where they happen to agree, an error of 20 % looks like one of 10 %.
With these three numbers the bound of `lsi_upper_bound_pct` calls 0.6, 2.4, 6.5 and 6.2 in 100 healthy sets of 30 reps
weak at errors of 4, 8, 15 and 20 %, and still finds a side of 0.6 by rep 16 in 90 of 100 at 8 %; with 8 % and two
degrees of freedom, and no limit, it was 0.5, 3.6, 12.6 and 17.2 (simulated, 100 000 sets each)."""

_TWO_SIDED = 1.96
_ONE_SIDED = 1.645

# `dsp.rise.place_starts` on simulated rises of 80 to 300 ms in noise of `BANDWIDTH_HZ`, 600 pairs a cell: spread of one
# side's start by the ratio of burst to rest in dB, so that 95 in 100 lags lie within 1.96 times that of both. Unequal
# sides (20 dB with 12 or 8) are placed alike within a millisecond on average: no delay to allow for.
_SNR_DB = (8.0, 12.0, 20.0, 26.0)
_START_SD_S = (0.0253, 0.0175, 0.0098, 0.0066)


def log_ratio(left: float, right: float) -> float:
    """``ln(left / right)`` of two levels in % of their own reference; NaN unless both are above zero."""
    if not (0.0 < left < math.inf and 0.0 < right < math.inf):
        return math.nan
    return math.log(left) - math.log(right)


def lsi_pct(left: float, right: float) -> float:
    """Limb symmetry index, ``100 * weaker / stronger``: 100 when equal, never more; NaN unless both are above zero."""
    return 100.0 * math.exp(-abs(log_ratio(left, right)))


def sampling_error(duration_s: float, bandwidth_hz: float = BANDWIDTH_HZ) -> float:
    """Relative SD of an RMS over `duration_s` of steady noise, ``1 / (2 sqrt(B T))`` (Bendat and Piersol).

    Parameters
    ----------
    duration_s : float
        Seconds averaged; NaN where zero or less.
    bandwidth_hz : float
        Statistical bandwidth.

    Returns
    -------
    float
        Relative error, e.g. 0.046 for one second of EMG.
    """
    return 0.5 / math.sqrt(bandwidth_hz * duration_s) if duration_s > 0.0 else math.nan


def reference_error(tries: Sequence[float]) -> float:
    """Relative standard error of a reference contraction, from its tries.

    Two or three tries tell their spread badly, so it is pooled with a usual one of 6 %, as if that had been seen with
    half a degree of freedom: equal tries are no proof of a perfect reference.

    Parameters
    ----------
    tries : sequence of float
        RMS of each try; those not above zero are left out.

    Returns
    -------
    float
        0.08 with fewer than two tries.
    """
    logs = [math.log(level) for level in tries if 0.0 < level < math.inf]
    if len(logs) < 2:
        return REFERENCE_ERROR
    free = len(logs) - 1
    variance_of_mean = float(np.var(logs, ddof=1)) / len(logs)
    return math.sqrt((_USUAL_FREE * _USUAL_ERROR**2 + free * variance_of_mean) / (_USUAL_FREE + free))


def lsi_pm_pct(left: float, right: float, error_left: float, error_right: float) -> float:
    """Half width of the 95 % interval of one rep's LSI, in percentage points.

    Parameters
    ----------
    left, right : float
        Levels in % of their own reference.
    error_left, error_right : float
        Relative error of each: `sampling_error` and `reference_error` in quadrature.

    Returns
    -------
    float
        Of the log ratio, carried to the LSI at first order.
    """
    return lsi_pct(left, right) * _TWO_SIDED * math.hypot(error_left, error_right)


def lsi_upper_bound_pct(log_ratios: npt.ArrayLike, reference_error_left: float, reference_error_right: float) -> float:
    """One-sided 95 % upper bound of the LSI over several reps.

    The mean log ratio varies from rep to rep, which averages out (Student t), and by the error of the two references,
    which is the same in all of them and does not. Only a bound below a line says that a side is weak.

    Parameters
    ----------
    log_ratios : array_like of float, shape (n_reps,)
        `log_ratio` of each rep; NaN are left out.
    reference_error_left, reference_error_right : float
        Relative error of each reference.

    Returns
    -------
    float
        At most 100, and 100 where the references are worse than `UNSURE_REFERENCES`; NaN with fewer than two reps.
    """
    ratios = np.asarray(log_ratios, np.float64)
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios) < 2:
        return math.nan
    of_both = math.hypot(reference_error_left, reference_error_right)
    if of_both > UNSURE_REFERENCES:
        return 100.0
    standard_error = float(ratios.std(ddof=1)) / math.sqrt(len(ratios))
    of_reps = float(special.stdtrit(len(ratios) - 1, 0.95)) * standard_error
    return 100.0 * math.exp(min(0.0, math.hypot(of_reps, _ONE_SIDED * of_both) - abs(float(ratios.mean()))))


def synchrony_pct(lags: Sequence[float], within: float) -> float | None:
    """Share of lags that lie within +-`within`, in %, to one digit; None without any lag.

    Parameters
    ----------
    lags : sequence of float
        In any unit of time; NaN are left out.
    within : float
        In the same unit, inclusive.
    """
    known = [lag for lag in lags if not math.isnan(lag)]
    return round(100.0 * sum(abs(lag) <= within for lag in known) / len(known), 1) if known else None


def snr_db(level: float, rest: float) -> float:
    """Ratio of a burst to rest in dB; NaN unless both are above zero."""
    return log_ratio(level, rest) * 20.0 / math.log(10.0)


def start_sd_s(burst_snr_db: float) -> float:
    """SD of one start of `dsp.rise` in seconds, by burst-to-rest ratio in dB; the end values beyond 8 to 26 dB."""
    return float(np.interp(burst_snr_db, _SNR_DB, _START_SD_S))


def lag_pm_s(snr_left_db: float, snr_right_db: float, clock_left_s: float = 0.0, clock_right_s: float = 0.0) -> float:
    """Half width of the 95 % interval of one rep's lag between starts of `dsp.rise`, in seconds.

    Parameters
    ----------
    snr_left_db, snr_right_db : float
        Burst over rest of each side, `snr_db`.
    clock_left_s, clock_right_s : float
        Half widths of the 95 % intervals of the two clocks; 0 for two channels of one device.

    Returns
    -------
    float
        NaN if either ratio is NaN.
    """
    spread = _TWO_SIDED * math.hypot(start_sd_s(snr_left_db), start_sd_s(snr_right_db))
    return math.hypot(spread, clock_left_s, clock_right_s)


def half_rise_s(level: npt.ArrayLike, hop_s: float) -> float:
    """When a burst first reaches half of its own peak: a start that does not depend on how strong a side is.

    Parameters
    ----------
    level : array_like of float, shape (n_hops,)
        Moving RMS of one rep, from before its onset.
    hop_s : float
        Length of a hop in seconds.

    Returns
    -------
    float
        Seconds from the first hop, interpolated between hops; NaN if any hop is NaN, none is above zero, or the first
        is already there.
    """
    y = np.asarray(level, np.float64)
    if len(y) < 2 or not np.isfinite(y).all() or y.max() <= 0.0:
        return math.nan
    half = float(y.max()) / 2.0
    after = int(np.argmax(y >= half))
    if after == 0:
        return math.nan
    before = float(y[after - 1])
    return (after - 1 + (half - before) / (float(y[after]) - before)) * hop_s


def hold_steadiness(level: npt.ArrayLike, hop_s: float) -> float:
    """How well a hold is held: mean level of its last 3 s over that of its seconds 1 to 4.

    Parameters
    ----------
    level : array_like of float, shape (n_hops,)
        Level of the hold from onset to offset.
    hop_s : float
        Length of a hop in seconds.

    Returns
    -------
    float
        1 when steady, below 0.7 when fading; NaN for a hold under 7 s, where the two stretches overlap, for NaN in
        either of them, and without a level above zero.
    """
    y = np.asarray(level, np.float64)
    first, until, last = (round(seconds / hop_s) for seconds in (1.0, 4.0, 3.0))
    if len(y) < until + last:
        return math.nan
    early, late = float(y[first:until].mean()), float(y[-last:].mean())
    return late / early if early > 0.0 else math.nan
