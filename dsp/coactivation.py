"""Who does the work: a glute against a muscle that helps it, both in % of their own reference."""

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def rudolph_pct(glute: npt.ArrayLike, helper: npt.ArrayLike) -> float:
    """Co-contraction after Rudolph (2000): mean of ``min / max * (glute + helper)``.

    High where both work hard; a glute that works alone gives 0.

    Parameters
    ----------
    glute, helper : array_like of float, shape (n_samples,)
        Envelopes of one rep in % of their own reference; instants with a NaN are left out.

    Returns
    -------
    float
        0 to 200 where neither exceeds 100 %; NaN without a single instant, and where neither ever works.
    """
    a, b = _known(glute, helper)
    total = a + b
    if not total.sum() > 0.0:
        return math.nan
    high = np.maximum(a, b)
    return float((np.minimum(a, b) / np.where(high > 0.0, high, 1.0) * total).mean())


def falconer_winter_pct(glute: npt.ArrayLike, helper: npt.ArrayLike) -> float:
    """Co-contraction after Falconer and Winter (1985): ``200 * sum(min) / sum(glute + helper)``.

    Only how alike the two are counts, not how hard they work: 100 when equal at every instant, 0 when one works alone.

    Parameters
    ----------
    glute, helper : array_like of float, shape (n_samples,)
        As in `rudolph_pct`.

    Returns
    -------
    float
        0 to 100; NaN as in `rudolph_pct`.
    """
    a, b = _known(glute, helper)
    total = float((a + b).sum())
    return 200.0 * float(np.minimum(a, b).sum()) / total if total > 0.0 else math.nan


def glute_share_pct(glute: npt.ArrayLike, helper: npt.ArrayLike) -> float:
    """Share of the glute in the work of both over a rep: ``100 * sum(glute) / sum(glute + helper)``.

    Parameters
    ----------
    glute, helper : array_like of float, shape (n_samples,)
        As in `rudolph_pct`.

    Returns
    -------
    float
        0 to 100; NaN as in `rudolph_pct`.
    """
    a, b = _known(glute, helper)
    total = float((a + b).sum())
    return 100.0 * float(a.sum()) / total if total > 0.0 else math.nan


def _known(glute: npt.ArrayLike, helper: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both envelopes where both are known, never below zero."""
    a, b = np.asarray(glute, np.float64), np.asarray(helper, np.float64)
    both = np.isfinite(a) & np.isfinite(b)
    return np.maximum(a[both], 0.0), np.maximum(b[both], 0.0)
