"""Two units on one body: what the radio does to the time of their packets must not become a lag of the muscles."""

import os

import numpy as np
import pytest

from app.pipeline.engine import Engine
from app.pipeline.montage import Montage
from app.pipeline.programmes import load_programme
from app.session.events import Rep
from drivers.types import SampleBlock, StreamInfo
from tests.pipeline.signals import CALIBRATION, pair, run

FULL = "GLUTEWAKE_FULL" in os.environ
SFREQ = 1000.0
PACKET = 10
TURNS_S = (0.030, 0.045)
PPM = (40.0, -40.0)
STREAMS = (StreamInfo("l", SFREQ, ("ch1",)), StreamInfo("r", SFREQ, ("ch1",)))
MONTAGE = Montage(("left", "right"), {"l": ((0, 0),), "r": ((0, 1),)})
SQUEEZES = [(start_s, start_s + 1.2) for start_s in np.arange(14.0, 58.0, 3.0)]


def by_radio(samples, stream_id, rng, *, turn_s, ppm, held_s=0.0):
    """Packets that wait for the radio's turn, are sent again in 5 % of cases, and never overtake one another."""
    phase_s, free_s, arrival_ns = rng.uniform(0.0, turn_s), 0.0, 0
    for first in range(0, len(samples) - PACKET, PACKET):
        ready_s = (first + PACKET) / (SFREQ * (1 + ppm * 1e-6)) + held_s
        turn = np.ceil((max(ready_s, free_s) - phase_s) / turn_s) + rng.geometric(0.95) - 1
        free_s = phase_s + turn * turn_s
        arrival_ns = max(arrival_ns + 1, round((free_s + abs(rng.normal(0.0, 0.0005))) * 1e9))
        yield SampleBlock(stream_id, samples[first : first + PACKET], first, 0, arrival_ns)


def lags_ms(lag_ms, *, seed, held_s=0.0, delays_ns=None):
    """Lags of all reps of a minute in which the left muscle fires so much later than the right."""
    rng = np.random.default_rng(seed)
    late = [(start_s + lag_ms * 1e-3, end_s) for start_s, end_s in SQUEEZES]
    muscles = pair(60.0, late, SQUEEZES)
    sides = [
        list(by_radio(muscles[:, [side]], "lr"[side], rng, turn_s=TURNS_S[side], ppm=PPM[side], held_s=held))
        for side, held in ((0, held_s), (1, 0.0))
    ]
    engine = Engine(STREAMS, MONTAGE, load_programme("free"), CALIBRATION, delays_ns=delays_ns)
    blocks = sorted((block for side in sides for block in side), key=lambda block: (block.arrival_ns, block.stream_id))
    found = [event.lag_ms for event in run(engine, blocks) if isinstance(event, Rep) and event.lag_ms is not None]
    assert len(found) >= len(SQUEEZES) - 1
    return np.array(found)


@pytest.mark.parametrize("lag_ms", [0.0, 50.0, 150.0, 250.0])
@pytest.mark.parametrize("seed", range(10 if FULL else 1))
def test_a_true_lag_comes_through_two_radios(lag_ms, seed):
    assert np.median(lags_ms(lag_ms, seed=seed)) == pytest.approx(lag_ms, abs=25.0)


def test_what_one_unit_holds_in_store_is_taken_off_once_it_was_measured():
    uncorrected = np.median(lags_ms(0.0, seed=1, held_s=0.080))
    corrected = np.median(lags_ms(0.0, seed=1, held_s=0.080, delays_ns={"l": 80_000_000}))
    assert uncorrected == pytest.approx(80.0, abs=25.0)
    assert corrected == pytest.approx(uncorrected - 80.0, abs=6.0)
