"""The lag of a set is the true one, through the whole chain: samples, filter, detector, clocks, coach."""

import os
from statistics import median

import pytest

from tests.system.command import live

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
SEEDS = range(1, 11 if FULL else 4)
LAGS_MS = [0, 50, 150, 250] if FULL else [0, 250]


def median_lag_ms(scenario: str, lag_ms: int, seed: int) -> float:
    """Of the set of 30 reps; what is not yet synced has no lag and is no part of it."""
    outcome = live(
        f"sim:{scenario}?seed={seed}&lag={lag_ms}&compensators=0&speed=max", "--programme", "free", "--duration", "97"
    )
    lags = [rep["lag_ms"] for rep in outcome.reps if rep["lag_ms"] is not None]
    assert len(lags) >= 24
    return float(median(lags))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lag_ms", LAGS_MS)
@pytest.mark.parametrize(("scenario", "within_ms"), [("late-left", 20.0), ("two-units", 25.0)])
def test_the_median_lag_of_a_set_is_the_true_one(scenario: str, within_ms: float, lag_ms: int):
    # The jitter of 30 ms a side leaves the median of one set a standard error of 10 ms, that of three sets 6 ms.
    bias_ms = sum(median_lag_ms(scenario, lag_ms, seed) for seed in SEEDS) / len(SEEDS) - lag_ms
    assert abs(bias_ms) <= within_ms
