"""What `analyze` adds to the session's lines: onsets, fatigue and helpers, and null where nothing carries a number."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan
from app.pipeline.programmes import load_programme
from drivers.simulator import truth, unit
from drivers.types import StreamInfo

EMG = Path(__file__).resolve().parents[2] / "../shared/data/emg"
PLAN = SessionPlan(load_programme("prone-ankle-squeeze"))
NUMBERS = ("mdf_start_hz", "mdf_end_hz", "slope_pct_per_min")


def test_offline_onsets_are_those_of_the_person():
    uri = "sim:healthy?seed=21&reps=8"
    found = analyze([f"{uri}&speed=max"], PLAN)["onsets"]
    for side in ("left", "right"):
        true = [squeeze.onset_s[side] for squeeze in truth(uri)]
        assert len(found[side]) == len(true)
        assert np.median(np.abs(np.array(found[side])[:, 0] - true)) < 0.03


def test_a_rested_person_has_frequencies_and_no_flag():
    fatigue = analyze(["sim:healthy?seed=22&reps=12&compensators=0&speed=max"], PLAN)["fatigue"]
    for side in ("left", "right"):
        assert 70.0 < fatigue[side]["mdf_start_hz"] < 110.0
        assert fatigue[side]["flag"] is None


@pytest.mark.parametrize("uri", ["sim:healthy?seed=22&reps=12&rate=250", "sim:healthy?seed=22&reps=3"])
def test_slow_devices_and_few_reps_carry_no_fatigue(uri):
    fatigue = analyze([f"{uri}&compensators=0&speed=max"], PLAN)["fatigue"]
    assert all(fatigue[side][key] is None for side in ("left", "right") for key in (*NUMBERS, "flag"))


def test_a_device_that_folds_the_spectrum_carries_no_fatigue(monkeypatch):
    monkeypatch.setattr(unit, "StreamInfo", partial(StreamInfo, spectrum_valid=False))
    fatigue = analyze(["sim:healthy?seed=22&reps=12&compensators=0&speed=max"], PLAN)["fatigue"]
    assert all(fatigue[side][key] is None for side in ("left", "right") for key in (*NUMBERS, "flag"))


def test_helpers_stand_beside_their_own_glute():
    found = analyze(["sim:compensator?seed=23&reps=6&speed=max"], PLAN)["coactivation"]
    assert set(found) == {"left", "right"}
    assert set(found["left"]) == {"hamstring", "erector"}
    assert found["left"]["hamstring"]["glute_share_pct"] < 50.0 < found["right"]["hamstring"]["glute_share_pct"]


def test_without_a_calibration_nobody_is_said_to_help():
    assert analyze(["sim:healthy?seed=24&reps=3&calibration=none&speed=max"], PLAN)["coactivation"] == {}


@pytest.mark.skipif(not EMG.is_dir(), reason="the real recordings are not here")
@pytest.mark.parametrize(
    ("name", "n_bursts"), [("glute_right_walk_1000hz.csv?map=right:2", 7), ("bsnb_emg_bursts.h5?map=right:1", 9)]
)
def test_real_recordings_count_right_and_their_contact_is_good(name, n_bursts):
    result = analyze([f"file:{EMG / name}&speed=max"], SessionPlan(load_programme("free")))
    assert len(result["onsets"]["right"]) == len(result["reps"]) == n_bursts
    assert {line["verdict"] for line in result["quality"]} == {"ok"}
