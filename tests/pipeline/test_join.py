"""Two recordings of one session, one for each side, analyzed as one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan

SFREQ = 1000
FIRST_S, PERIOD_S, N_SQUEEZES = 4.0, 3.0, 14
LATE_S = 0.15


def write(path: Path, seed: int, late_s: float, began_s: float, *, says_when: bool = True) -> str:
    """One side of a session that began at 10:00:00; this unit was switched on `began_s` later."""
    random = np.random.default_rng(seed)
    t = np.arange(round((FIRST_S + PERIOD_S * N_SQUEEZES) * SFREQ)) / SFREQ
    share = np.zeros(len(t))
    for start in FIRST_S + late_s + PERIOD_S * np.arange(N_SQUEEZES):
        share += np.clip((t - start) / 0.1, 0, 1) * np.clip((start + 1.3 - t) / 0.1, 0, 1)
    x = random.normal(0.0, 1.0, len(t)) * (4.0 + 60.0 * share)
    heading = f"# rate_hz={SFREQ}\n# columns: emg (uV)\n"
    if says_when:
        heading += f"# start_utc=2026-11-20T10:00:{began_s:09.6f}+00:00\n"
    path.write_text(heading + "\n".join(f"{value:.2f}" for value in x[round(began_s * SFREQ) :]) + "\n")
    return f"file:{path}?speed=max"


def joined(left: str, right: str) -> dict[str, Any]:
    return analyze([left, right], SessionPlan(programme=None))


def test_two_files_are_aligned_by_when_they_were_recorded(tmp_path):
    result = joined(write(tmp_path / "l.csv", 1, LATE_S, 0.0), write(tmp_path / "r.csv", 2, 0.0, 2.5))
    lags = [rep["lag_ms"] for rep in result["reps"] if rep["lag_status"] == "ok"]
    assert len(result["reps"]) == N_SQUEEZES
    assert len(lags) >= N_SQUEEZES - 4  # the first ten seconds align the clocks
    assert np.median(lags) == pytest.approx(1000 * LATE_S, abs=10)
    assert result["onsets"]["right"][0][0] == pytest.approx(FIRST_S, abs=0.05)
    assert result["notes"] == []


def test_files_that_do_not_say_when_they_began_give_no_lag_and_say_so(tmp_path):
    right = write(tmp_path / "r.csv", 2, 0.0, 0.0, says_when=False)
    result = joined(write(tmp_path / "l.csv", 1, LATE_S, 0.0), right)
    assert {rep["lag_ms"] for rep in result["reps"]} == {None}
    assert {rep["lag_status"] for rep in result["reps"]} == {"not-synced"}
    assert "start_utc" in result["notes"][0]


def test_the_first_of_two_files_with_one_channel_is_the_left(tmp_path):
    result = joined(write(tmp_path / "a.csv", 1, 0.0, 0.0), write(tmp_path / "b.csv", 2, 0.0, 0.0))
    assert [channel["site"] for channel in result["session"]["channels"]] == ["left", "right"]
