"""Contact in numbers, on signals whose fault is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.filters import emg_stream_filter
from dsp.quality import MainsWatch, QualityWindow, clipped_share, flat_share, is_swapped, likeness

SFREQ = 1000.0
T = np.arange(5000) / SFREQ
RNG = np.random.default_rng(8)
NOISE = RNG.standard_normal(5000)


def last(x, full_scale=None):
    x = np.asarray(x, float)[:, np.newaxis]
    y, _ = emg_stream_filter(SFREQ, 1).process(x)
    return {
        name: float(value[0]) for name, value in QualityWindow(SFREQ, 1, full_scale).process(x, y)[-1]._asdict().items()
    }


def sine(hz, rms):
    return rms * np.sqrt(2) * np.sin(2 * np.pi * hz * T)


def test_a_good_contact_at_rest_has_nothing_to_report():
    found = last(2.0 * NOISE + 25_000.0)
    assert found["noise"] == pytest.approx(2.0, rel=0.15)
    assert found["hum_ratio"] < 0.1
    assert found["motion_ratio"] < 0.1
    assert found["flat"] == found["clipped"] == found["lost"] == 0.0


@pytest.mark.parametrize("mains", [50.0, 60.0])
@pytest.mark.parametrize("off_hz", [-0.2, 0.0, 0.2])
def test_hum_is_measured_and_its_country_found(mains, off_hz):
    found = last(2.0 * NOISE + sine(mains + off_hz, 10.0))
    assert found["hum_hz"] == mains
    assert found["hum"] == pytest.approx(10.0, rel=0.05)
    assert found["hum_ratio"] > 0.9


def test_movement_shows_beside_muscle():
    assert last(50.0 * NOISE + sine(2.0, 300.0))["motion_ratio"] > 2.0


def test_a_dead_lead_is_flat():
    found = last(np.full(5000, 3.0))
    assert found["flat"] == 1.0
    assert found["noise"] == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(found["hum_ratio"])


def test_clipping_is_seen_with_and_without_knowing_the_range():
    muscle = np.convolve(100.0 * NOISE, [0.5, 0.7, 0.5], "same")
    clipped = np.clip(muscle, -130.0, 130.0)
    for full_scale in (None, 130.0):
        assert last(clipped, full_scale)["clipped"] > 0.01


def test_a_rail_on_one_side_is_seen_wherever_it_lies():
    slow = np.convolve(NOISE, np.ones(8), "same")
    assert last(np.maximum(slow * 1000 + 500.0, 0.0), 4095.0)["clipped"] > 0.05


def test_clean_and_coarse_signals_do_not_clip():
    assert last(100.0 * NOISE)["clipped"] == 0.0
    coarse = last(np.round(NOISE) * 10.0)
    assert coarse["clipped"] == 0.0
    assert 0.2 < coarse["flat"] < 0.9


def test_lost_samples_are_counted_and_spoil_no_other_number():
    x = 2.0 * NOISE
    x[4600:4650] = np.nan
    found = last(x)
    assert found["lost"] == pytest.approx(0.1)
    assert found["flat"] == 0.0
    assert np.isnan(found["hum_ratio"])


def test_one_number_per_channel():
    raw = np.stack([NOISE, np.zeros(5000)], axis=1)
    np.testing.assert_array_equal(flat_share(raw), [0.0, 1.0])
    assert clipped_share(raw, None).shape == (2,)


def test_half_of_the_power_of_the_band_lies_below_the_median_frequency():
    assert last(NOISE)["median_hz"] == pytest.approx(235.0, abs=25.0)
    assert last(sine(80.0, 5.0))["median_hz"] == pytest.approx(80.0, abs=1.0)


def two_muscles(crosstalk, right=1.0, n=6000):
    rng = np.random.default_rng(9)
    muscle = rng.standard_normal((n, 2)) * [60.0, 60.0 * right]
    return muscle + crosstalk * muscle[:, ::-1] + 3.0 * rng.standard_normal((n, 2))


def pair_of(x, pair=(0, 1)):
    y, _ = emg_stream_filter(SFREQ, x.shape[1]).process(x)
    return QualityWindow(SFREQ, x.shape[1], None, pair).process(x, y)[-1]


def test_two_muscles_of_their_own_are_not_alike():
    assert pair_of(two_muscles(0.0)).alike.max() < 0.2


def test_crosstalk_between_two_active_sides_makes_them_alike():
    found = pair_of(two_muscles(0.3))
    assert found.alike.min() > 0.3
    assert found.level_ratio[0] == pytest.approx(1.0, abs=0.1)


def test_crosstalk_into_a_resting_side_shows_as_the_same_signal_at_a_fraction_of_its_level():
    found = pair_of(two_muscles(0.2, right=0.0))
    assert found.alike[1] > 0.9
    assert found.level_ratio[1] == pytest.approx(0.2, abs=0.03)
    assert found.level_ratio[0] == pytest.approx(5.0, abs=0.7)


def test_only_the_pair_is_compared():
    x = np.hstack([two_muscles(0.3), two_muscles(0.0)])
    assert np.isfinite(pair_of(x, (2, 0)).alike).tolist() == [True, False, True, False]
    assert np.isnan(pair_of(x, None).alike).all()


@pytest.mark.parametrize("y", [np.zeros((10, 2)), np.full((10, 2), np.nan), np.empty((0, 2))])
def test_silence_is_like_nothing(y):
    assert np.isnan(likeness(y)).all()


@pytest.mark.parametrize(
    ("clench_left", "clench_right", "swapped"),
    [
        ((40.0, 5.0), (6.0, 50.0), False),
        ((5.0, 40.0), (50.0, 6.0), True),
        ((40.0, 30.0), (30.0, 40.0), None),  # neither cheek works alone
        ((40.0, 5.0), (50.0, 6.0), None),  # one side does it all
        ((40.0, np.nan), (5.0, 50.0), None),
        ((0.0, 40.0), (50.0, 6.0), None),
    ],
)
def test_sides_are_swapped_only_if_both_clenches_say_so(clench_left, clench_right, swapped):
    assert is_swapped(clench_left, clench_right) is swapped


def decided(x):
    """Mains frequency and step number of the decision for a notch."""
    x = np.asarray(x, float)[:, np.newaxis]
    y, _ = emg_stream_filter(SFREQ, 1).process(x)
    watch = MainsWatch(1)
    steps = [number for number, found in enumerate(QualityWindow(SFREQ, 1).process(x, y)) if watch.update(found)]
    return watch.mains_hz, steps


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_hum_at_rest_decides_for_a_notch_once_and_after_two_and_a_half_seconds(mains):
    assert decided(2.5 * NOISE + sine(mains, 10.0)) == (mains, [4])


def test_neither_rest_nor_muscle_nor_hum_that_muscle_drowns_decides_for_a_notch():
    for x in (NOISE, 100.0 * np.convolve(NOISE, np.ones(4), "same"), 60.0 * NOISE + sine(50.0, 20.0)):
        assert decided(x) == (None, [])


def test_nothing_is_decided_before_hum_has_lasted():
    x = 2.5 * NOISE
    x[2000:3000] += sine(50.0, 20.0)[2000:3000]
    assert decided(x) == (None, [])


@given(
    x=hnp.arrays(
        np.float64,
        st.tuples(st.integers(0, 300), st.just(2)),
        elements=st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, 0.0, 1e300]),
    ),
    cuts=st.lists(st.integers(0, 300), max_size=6),
)
def test_any_input_in_any_chunks_gives_the_same_numbers_and_no_warning(x, cuts):
    y = np.where(np.abs(x) < 1e100, x, np.nan)
    made = QualityWindow(100.0, 2, 1e6, (0, 1))
    at = sorted(cuts)
    pieces = [found for pair in zip(np.split(x, at), np.split(y, at), strict=True) for found in made.process(*pair)]
    whole = QualityWindow(100.0, 2, 1e6, (0, 1)).process(x, y)
    np.testing.assert_array_equal(np.array(pieces), np.array(whole))
