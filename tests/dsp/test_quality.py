"""Contact in numbers, on signals whose fault is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.filters import emg_stream_filter
from dsp.quality import QualityWindow, clipped_share, flat_share

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
    made = QualityWindow(100.0, 2, 1e6)
    at = sorted(cuts)
    pieces = [found for pair in zip(np.split(x, at), np.split(y, at), strict=True) for found in made.process(*pair)]
    whole = QualityWindow(100.0, 2, 1e6).process(x, y)
    np.testing.assert_array_equal(np.array(pieces), np.array(whole))
