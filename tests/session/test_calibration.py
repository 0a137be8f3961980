"""The one calibration object."""

import msgspec
import pytest

from app.session.calibration import Calibration, other_muscle
from app.session.reference import scale_of


@pytest.mark.parametrize("level", [0.0, -1.0, float("inf"), float("nan")])
@pytest.mark.parametrize("which", ["rest", "reference"])
def test_a_level_that_is_none_is_refused_by_its_site(which, level):
    levels = {"rest": {"left": 1.0}, "reference": {"left": 9.0}, which: {"left": level}}
    with pytest.raises(ValueError, match=f"{which} of left"):
        Calibration("c", "mvc", levels["rest"], levels["reference"])


def test_it_is_described_in_the_unit_of_the_line():
    info = Calibration("c", "mvc", {"left": 3e-6}, {"left": 1e-4}, {"left": [9.9e-5, 1.01e-4]}, age_s=60.0).info(
        {"left": 1e6}
    )
    assert (info.rest_uv, info.ref_uv, info.tries_uv) == ({"left": 3.0}, {"left": 100.0}, {"left": [99.0, 101.0]})
    assert (info.id, info.method, info.age_s) == ("c", "mvc", 60.0)


def test_it_survives_being_written_and_read():
    calibration = Calibration("c", "best-clench", {"left": 3e-6}, {"left": 1e-4}, {"left": [1e-4]})
    assert msgspec.json.decode(msgspec.json.encode(calibration), type=Calibration) == calibration


def test_a_stand_in_carries_no_verdict():
    assert not scale_of(Calibration("c", "session", {"left": 1.0}, {"left": 9.0}), ("left",)).verdicts


@pytest.mark.parametrize(
    ("left", "own_best"), [(59.0, True), (61.0, False), (100.0, False), (159.0, False), (161.0, True)]
)
def test_a_person_equally_inhibited_in_reference_and_reps_is_not_called_symmetric(left, own_best):
    calibration = Calibration("c", "best-clench", {}, {"left": left, "right": 100.0})
    assert calibration.is_own_best == scale_of(calibration, ("left", "right")).own_best == own_best
    assert calibration.info({}).ratio == round(left / 100.0, 3)


def test_one_side_alone_has_no_ratio():
    calibration = Calibration("c", "mvc", {}, {"left": 50.0})
    assert (calibration.reference_ratio, calibration.is_own_best, calibration.info({}).ratio) == (None, False, None)


def test_a_reference_of_another_muscle_is_told_with_what_to_do():
    made = Calibration("c", "mvc", {}, {"left": 50.0}, muscle="gluteus maximus").info({})
    assert other_muscle(made, "gluteus maximus") is None
    assert (other_muscle(made, "gluteus medius") or "").endswith("move the pads and calibrate anew.")
    assert other_muscle(Calibration("c", "mvc", {}, {"left": 50.0}).info({}), "gluteus medius") is None
