"""The noise of pads changes while they warm up; the detector's rest level goes along, in rest alone."""

import numpy as np
import pytest

from app.session.events import Event, Rep
from tests.pipeline.signals import REST_V, SFREQ, cut, lines, make_engine, muscle, run

EVERY_S = 4.0
SQUEEZES = [(at, at + 1.5) for at in np.arange(3.0, 150.0, EVERY_S)]


def noisier(factor: float, from_s: float = 40.0) -> np.ndarray:
    """Both sides squeeze; from `from_s` on the left's noise at rest is `factor` times what it was."""
    left, right = (muscle(152.0, SQUEEZES, seed=seed) for seed in (1, 2))
    noise = np.random.default_rng(3).standard_normal(len(left)).astype(np.float32)
    noise[: round(from_s * SFREQ)] = 0.0
    return np.column_stack([left + REST_V * np.sqrt(factor**2 - 1.0) * noise, right])


def reps_after(events: list[Event], start_s: float) -> list[Rep]:
    return [event for event in events if isinstance(event, Rep) and event.start_s > start_s]


def test_reps_are_counted_on_when_the_noise_has_doubled():
    events = run(make_engine(), cut(noisier(2.0), [10]))
    expected = sum(at > 100.0 for at, _ in SQUEEZES)
    counted = [rep for rep in reps_after(events, 100.0) if rep.counted]
    assert len(counted) == pytest.approx(expected, abs=1)


def test_steady_noise_moves_nothing():
    engine = make_engine()
    run(engine, cut(noisier(1.0), [10]))
    assert engine.rest_in_force("left") == engine.rest_in_force("right") == pytest.approx(REST_V)


def test_doubled_noise_is_followed():
    engine = make_engine()
    run(engine, cut(noisier(2.0), [10]))
    assert engine.rest_in_force("left") == pytest.approx(2.0 * REST_V, rel=0.2)
    assert engine.rest_in_force("right") == pytest.approx(REST_V)


def test_it_follows_alike_whatever_the_size_of_the_blocks():
    signal = noisier(2.0)[: round(100.0 * SFREQ)]
    assert lines(run(make_engine(), cut(signal, [7, 64]))) == lines(run(make_engine(), cut(signal, [250])))
