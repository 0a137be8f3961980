"""How far a reference lies from the truth: the table of dsp.md, section 1, on simulated holds.

A stationary hold of 4 s, best second of one and of three: 7 and 9 % above the truth, 2 % spread (+ 1.5 % allowed for
so few trials). 40 trials, 200 with ``GLUTEWAKE_FULL=1``.
"""

import os

import numpy as np
import pytest

from app.session.calibrating.measures import BEAT_S, Gathering
from drivers.simulator.options import Options
from drivers.simulator.signal import measuring_band
from drivers.uri import parse_uri

SFREQ, HOLD_S, EMG_V, REST_V = 1000.0, 4.0, 60e-6, 5e-6
N_TRIALS = 200 if os.environ.get("GLUTEWAKE_FULL") == "1" else 40


@pytest.fixture(scope="module")
def emg():
    """Band-passed EMG of the simulator's spectrum, RMS 1, cut into trials of three holds."""
    from scipy import signal

    from drivers.simulator.signal import _emg_shape

    assert Options.read(parse_uri("sim:healthy", ("sim",))).sfreq == SFREQ
    rng = np.random.default_rng(31)
    n_samples = round(SFREQ * HOLD_S) * 3 * N_TRIALS
    sos, gain = _emg_shape(SFREQ)
    raw = gain * signal.sosfilt(sos, rng.standard_normal(n_samples))
    banded = EMG_V * signal.sosfilt(measuring_band(SFREQ), raw)
    noise = signal.sosfilt(measuring_band(SFREQ), rng.standard_normal(n_samples))
    banded += REST_V * noise / noise.std()
    return banded.reshape(N_TRIALS, 3, -1)


def best_seconds(emg):
    """Best second of every hold over the truth, shape (n_trials, 3)."""
    truth = np.hypot(EMG_V, REST_V)
    found = np.empty(emg.shape[:2])
    for trial, turn in np.ndindex(*found.shape):
        gathering = Gathering(1)
        for beat in np.square(emg[trial, turn]).reshape(-1, round(SFREQ * BEAT_S)).mean(axis=1):
            gathering.add(np.array([beat]), {}, {})
        found[trial, turn] = gathering.outcome().best[0] / truth
    return found


def test_one_try_and_the_best_of_three_err_by_no_more_than_their_window_makes_them(emg):
    found = best_seconds(emg)
    best = found.max(axis=1)
    assert found.mean() - 1.0 <= 0.07 + 0.01
    assert best.mean() - 1.0 <= 0.09 + 0.01
    assert best.std(ddof=1) <= 0.02 + 0.015
    assert best.mean() > found.mean() > 1.0


def test_rest_errs_by_a_few_percent(emg):
    rests = []
    for trial in emg[:, 0]:
        gathering = Gathering(1)
        for beat in np.square(trial).reshape(-1, round(SFREQ * BEAT_S)).mean(axis=1):
            gathering.add(np.array([beat]), {}, {})
        rests.append(gathering.outcome().quietest[0] / np.hypot(EMG_V, REST_V))
    assert np.mean(rests) == pytest.approx(1.0, abs=0.05)
