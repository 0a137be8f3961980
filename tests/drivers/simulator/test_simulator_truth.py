"""The truth is known without a sample, and the people are the ones of the table."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import SourceUriError
from drivers.simulator import people, truth
from drivers.simulator.people import SCENARIOS, SIDES

MANY = "reps=300"


def amplitudes(text: str, site: str) -> np.ndarray:
    return np.array([squeeze.amplitude_pct[site] for squeeze in truth(text)])


def lags_s(text: str) -> np.ndarray:
    """Left minus right onset: positive where the left is later."""
    onsets = [squeeze.onset_s for squeeze in truth(text)]
    return np.array([onset["left"] - onset["right"] for onset in onsets])  # type: ignore[operator]


def test_the_scenarios_are_those_of_the_design():
    both = [f"{what}-{side}" for what in ("sleepy", "late", "weak", "waking") for side in SIDES]

    assert set(SCENARIOS) == {
        *both, "healthy", "sleepy-both", "waking-both", "compensator", "bad-contact-left", "swapped", "two-units",
    }  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_gives_the_same_squeezes(name):
    assert truth(f"sim:{name}?seed=3&reps=20") == truth(f"sim:{name}?seed=3&reps=20")


def test_another_seed_gives_other_squeezes():
    assert truth("sim:healthy?seed=3&reps=5") != truth("sim:healthy?seed=4&reps=5")


def test_a_squeeze_does_not_depend_on_how_many_follow():
    assert truth("sim:waking-both?reps=40")[:30] == truth("sim:waking-both", duration_s=4 + 29 * 3 + 2.5)


def test_four_seconds_of_rest_then_a_squeeze_every_three():
    assert [squeeze.start_s for squeeze in truth("sim:healthy?reps=4")] == [4.0, 7.0, 10.0, 13.0]


def test_the_period_can_be_chosen():
    assert [squeeze.start_s for squeeze in truth("sim:healthy?reps=3&period=5")] == [4.0, 9.0, 14.0]


def test_squeezes_and_ramps_are_as_long_as_the_table_says():
    squeezes = truth(f"sim:healthy?{MANY}")

    assert all(1.0 <= squeeze.end_s - squeeze.start_s <= 2.0 for squeeze in squeezes)
    assert all(0.080 <= squeeze.ramp_s <= 0.300 for squeeze in squeezes)


def test_squeezes_are_counted_from_one():
    assert [squeeze.index for squeeze in truth("sim:healthy?reps=3")] == [1, 2, 3]


def test_a_squeeze_that_ends_after_the_duration_is_left_out():
    ends = [squeeze.end_s for squeeze in truth("sim:healthy?reps=10")]

    assert len(truth("sim:healthy", duration_s=ends[4] - 1e-3)) == 4
    assert len(truth("sim:healthy", duration_s=ends[4])) == 5


def test_an_endless_source_needs_a_duration():
    with pytest.raises(SourceUriError, match="never ends"):
        truth("sim:healthy")


def test_a_healthy_person_squeezes_at_forty_percent():
    for side in SIDES:
        assert np.exp(np.log(amplitudes(f"sim:healthy?{MANY}", side)).mean()) == pytest.approx(40.0, rel=0.04)


def test_amplitude_varies_in_common_and_by_side():
    left, right = (np.log(amplitudes(f"sim:healthy?{MANY}", side)) for side in SIDES)

    assert (left - right).std() == pytest.approx(0.15 * np.sqrt(2), rel=0.15)
    assert np.cov(left, right)[0, 1] == pytest.approx(0.15**2, rel=0.4)


def test_healthy_sides_start_together_but_for_their_jitter():
    lags = lags_s(f"sim:healthy?{MANY}")

    assert abs(lags.mean()) < 0.010
    assert lags.std() == pytest.approx(0.030 * np.sqrt(2), rel=0.15)


@pytest.mark.parametrize(
    ("text", "lag_s"),
    [
        ("late-left?", 0.250),
        ("late-right?", -0.250),
        ("late-right?lag=150&", -0.150),
        ("healthy?lag=50&", 0.050),
        ("healthy?lag=-50&", -0.050),
        ("two-units?lag=300&", 0.300),
    ],
)
def test_a_late_side_is_late_by_its_lag(text, lag_s):
    assert lags_s(f"sim:{text}{MANY}").mean() == pytest.approx(lag_s, abs=0.010)


@pytest.mark.parametrize(
    ("text", "ratio"),
    [("weak-left?", 0.5), ("weak-right?", 2.0), ("weak-left?ratio=0.6&", 0.6), ("late-right?ratio=0.4&", 2.5)],
)
def test_a_weak_side_is_weak_by_its_ratio(text, ratio):
    left, right = (np.log(amplitudes(f"sim:{text}{MANY}", side)) for side in SIDES)

    assert np.exp((left - right).mean()) == pytest.approx(ratio, rel=0.06)


def test_effort_can_be_chosen():
    assert np.median(amplitudes(f"sim:healthy?effort=20&{MANY}", "left")) == pytest.approx(20.0, rel=0.06)


@pytest.mark.parametrize(
    ("name", "asleep"),
    [("sleepy-left", ("left",)), ("sleepy-right", ("right",)), ("sleepy-both", SIDES), ("swapped", ("left",))],
)
def test_a_sleeping_side_keeps_a_tenth_and_has_no_onset(name, asleep):
    squeezes = truth(f"sim:{name}?{MANY}")

    assert all(squeeze.asleep == asleep for squeeze in squeezes)
    assert all(set(squeeze.fired) == set(SIDES) - set(asleep) for squeeze in squeezes)
    for side in asleep:
        assert all(squeeze.onset_s[side] is squeeze.offset_s[side] is None for squeeze in squeezes)
        assert np.median([squeeze.amplitude_pct[side] for squeeze in squeezes]) == pytest.approx(4.0, rel=0.06)


@pytest.mark.parametrize(("name", "asleep"), [("waking-left", ("left",)), ("waking-both", SIDES)])
def test_a_waking_side_sleeps_through_the_first_squeezes_and_then_fires(name, asleep):
    squeezes = truth(f"sim:{name}?reps=40")

    assert [squeeze.asleep for squeeze in squeezes] == [asleep] * 24 + [()] * 16


def test_when_it_wakes_can_be_chosen():
    assert [bool(squeeze.asleep) for squeeze in truth("sim:waking-left?wake=2&reps=4")] == [True, True, False, False]


def test_hamstrings_witness_the_attempts_of_a_person_whose_glutes_sleep():
    for site, level in (("hamstring-left", 45.0), ("hamstring-right", 45.0), ("erector-left", 25.0)):
        assert np.median(amplitudes(f"sim:sleepy-both?{MANY}", site)) == pytest.approx(level, rel=0.05)


def test_compensators_ease_within_two_squeezes_of_waking():
    text = "sim:waking-both?wake=20&reps=320"
    level = amplitudes(text, "hamstring-left")

    assert np.median(level[:20]) == pytest.approx(45.0, rel=0.1)
    assert level[20] == pytest.approx(27.5, rel=0.4)
    assert np.median(level[21:]) == pytest.approx(10.0, rel=0.05)
    assert level[21] < 15.0


def test_one_hamstring_takes_over_in_the_compensator():
    levels = {site: np.median(amplitudes(f"sim:compensator?{MANY}", site)) for site in people.BODY}

    assert levels["hamstring-left"] == pytest.approx(85.0, rel=0.05)
    assert levels["hamstring-right"] == pytest.approx(10.0, rel=0.05)
    assert levels["left"] == pytest.approx(40.0, rel=0.06)


def test_compensators_of_a_healthy_person_never_lead_a_glute_by_more_than_30_ms():
    for squeeze in truth(f"sim:healthy?{MANY}"):
        glutes, others = (
            [squeeze.onset_s[site] or 0.0 for site in sites] for sites in (people.SIDES, people.COMPENSATORS)
        )
        assert min(others) >= max(glutes) - 0.030 - 1e-6


def test_leaving_the_compensators_out_changes_nothing_of_the_glutes():
    whole, glutes = truth("sim:late-left?reps=9"), truth("sim:late-left?reps=9&compensators=0")

    assert [squeeze.onset_s["left"] for squeeze in whole] == [squeeze.onset_s["left"] for squeeze in glutes]
    assert set(glutes[0].amplitude_pct) == set(SIDES)


def test_a_line_of_the_truth_is_plain_json():
    squeeze = truth("sim:sleepy-left?reps=1")[0]

    assert json.loads(json.dumps(squeeze.to_dict())) == squeeze.to_dict()
    assert squeeze.to_dict()["asleep"] == ["left"]


@given(
    st.sampled_from(sorted(SCENARIOS)),
    st.integers(0, 2**32 - 1),
    st.floats(2.5, 60.0),
    st.sampled_from([-800, 0, 250, 800]),
)
def test_squeezes_never_run_into_each_other(name, seed, period_s, lag_ms):
    squeezes = truth(f"sim:{name}?seed={seed}&period={period_s}&lag={lag_ms}&reps=5")

    for before, squeeze in itertools.pairwise(squeezes):
        assert before.end_s + before.ramp_s < squeeze.start_s
