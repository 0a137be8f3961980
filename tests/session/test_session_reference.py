"""The scale of a session that nobody calibrated, and the one that a calibration gives."""

import numpy as np
import pytest

from app.session.calibration import Calibration
from app.session.reference import LEAST_OVER_REST, SessionReference, scale_of
from app.session.tick import TICK_S

REST = 4.0


def rested(n_sites: int = 2) -> SessionReference:
    """Three quiet seconds of steady noise."""
    reference = SessionReference((0, 1), n_sites, TICK_S)
    for _ in range(600):
        reference.update(np.full(n_sites, REST), active=False)
    return reference


def test_rest_is_that_of_the_first_quiet_moment():
    assert rested().scale.rest == pytest.approx([REST, REST])


def test_noise_alone_does_not_fill_the_bar():
    assert rested().scale.reference == pytest.approx([LEAST_OVER_REST * REST] * 2)


def test_the_largest_level_of_any_side_is_the_reference_of_both():
    reference = rested()
    assert reference.update(np.array([30.0, 100.0]), active=True)
    assert reference.scale.reference.tolist() == [100.0, 100.0]


def test_growth_too_small_to_see_is_no_change():
    reference = rested()
    reference.update(np.array([30.0, 100.0]), active=True)
    assert not reference.update(np.array([104.0, 100.0]), active=True)
    assert reference.scale.reference.tolist() == [100.0, 100.0]


def test_it_never_shrinks():
    reference = rested()
    reference.update(np.array([30.0, 100.0]), active=True)
    for _ in range(100):
        reference.update(np.array([10.0, 10.0]), active=True)
    assert reference.scale.reference.tolist() == [100.0, 100.0]


def test_after_five_reps_it_is_frozen():
    reference = rested()
    reference.update(np.array([30.0, 100.0]), active=True)
    for _ in range(5):
        assert not reference.frozen
        reference.count_rep()
    assert reference.frozen
    assert not reference.update(np.array([500.0, 500.0]), active=True)
    assert reference.scale.reference.tolist() == [100.0, 100.0]


def test_a_helper_gets_a_reference_of_its_own_and_does_not_stretch_the_glutes():
    reference = rested(3)
    assert not reference.update(np.array([10.0, 10.0, 300.0]), active=True)
    assert reference.scale.reference.tolist() == pytest.approx([LEAST_OVER_REST * REST] * 2 + [300.0])


def test_no_signal_neither_grows_nor_spoils_it():
    reference = rested()
    reference.update(np.array([np.nan, 100.0]), active=True)
    assert reference.scale.reference.tolist() == [100.0, 100.0]


def test_no_verdict_rests_on_it():
    assert not rested().scale.verdicts


def test_what_happens_in_an_attempt_is_no_rest():
    reference = SessionReference((0, 1), 2, TICK_S)
    for _ in range(600):
        reference.update(np.full(2, 50.0), active=True)
    for _ in range(600):
        reference.update(np.full(2, REST), active=False)
    assert reference.scale.rest == pytest.approx([REST, REST])


def test_known_references_stay_while_rest_is_found():
    known = scale_of(Calibration("c", "mvc", {}, {"left": 90.0, "right": 110.0}), ("left", "right"))
    reference = SessionReference((0, 1), 2, TICK_S, known)
    for _ in range(600):
        assert not reference.update(np.full(2, REST), active=False)
    reference.update(np.full(2, 400.0), active=True)
    assert reference.scale.reference.tolist() == [90.0, 110.0]
    assert reference.scale.rest == pytest.approx([REST, REST])
    assert reference.scale.verdicts


def test_a_known_rest_is_not_overruled():
    known = scale_of(Calibration("c", "mvc", {"left": 2.0}, {"left": 90.0, "right": 110.0}), ("left", "right"))
    reference = SessionReference((0, 1), 2, TICK_S, known)
    for _ in range(600):
        reference.update(np.full(2, REST), active=False)
    assert reference.scale.rest == pytest.approx([2.0, REST])


def test_a_calibration_is_laid_out_by_site_and_what_it_does_not_know_is_unknown():
    calibration = Calibration("c", "mvc", {"right": 3.0}, {"right": 50.0}, {"right": [49.0, 50.0, 51.0]})
    scale = scale_of(calibration, ("left", "right"))
    assert scale.reference[1] == 50.0
    assert np.isnan([scale.rest[0], scale.reference[0]]).all()
    assert scale.reference_spread[0] == pytest.approx(0.08)
    assert scale.reference_spread[1] < 0.08
    assert scale.verdicts
