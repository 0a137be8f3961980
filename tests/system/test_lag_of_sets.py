"""The lag of a set is the true one, through the whole chain: samples, filter, detector, clocks, coach.

Every single set of 30 squeezes is held to it, against the lag that its own squeezes had: a person who was told to be
250 ms late jitters by 30 ms a side, and that is the truth of the set and no error of ours.
"""

import os
from statistics import median

import pytest

from drivers.simulator import Squeeze, truth
from tests.system.command import live

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
SEEDS = range(1, 27 if FULL else 2)
LAGS_MS = [0, 50, 150, 250] if FULL else [0, 150]
LEAST_REPS = 24


def true_lag_ms(squeeze: Squeeze) -> float:
    left_s, right_s = squeeze.onset_s["left"], squeeze.onset_s["right"]
    assert left_s is not None
    assert right_s is not None
    return 1000.0 * (left_s - right_s)


def error_of_set_ms(scenario: str, lag_ms: int, seed: int) -> float:
    """Of the median over the set; what is not yet synced has no lag and is no part of it."""
    uri = f"sim:{scenario}?seed={seed}&lag={lag_ms}&compensators=0"
    outcome = live(f"{uri}&speed=max", "--programme", "free", "--duration", "97")
    squeezes = truth(uri, 97)
    reps = [rep for rep in outcome.reps if rep["lag_ms"] is not None]
    assert len(reps) >= LEAST_REPS
    true = [
        true_lag_ms(min(squeezes, key=lambda squeeze: abs(squeeze.start_s - float(rep["start_s"])))) for rep in reps
    ]
    return float(median(rep["lag_ms"] for rep in reps) - median(true))


@pytest.mark.timeout(600 if FULL else 60)
@pytest.mark.parametrize("lag_ms", LAGS_MS)
@pytest.mark.parametrize(("scenario", "within_ms"), [("late-left", 20.0), ("two-units", 25.0)])
def test_the_median_lag_of_every_set_is_that_of_its_squeezes(scenario: str, within_ms: float, lag_ms: int):
    errors_ms = [error_of_set_ms(scenario, lag_ms, seed) for seed in SEEDS]
    assert max(map(abs, errors_ms)) <= within_ms


@pytest.mark.timeout(600 if FULL else 60)
def test_a_side_of_half_does_not_look_late():
    errors_ms = [error_of_set_ms("weak-left", 0, seed) for seed in SEEDS]
    assert max(map(abs, errors_ms)) <= 20.0
