"""Hops and moving RMS: exact, gap-proof, and blind to chunk size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dsp.envelope import HopEnergy, MovingRms, hop_samples

RNG = np.random.default_rng(2)
NAN = st.just(np.nan)


@pytest.mark.parametrize(("sfreq", "hop"), [(200.0, 1), (250.0, 1), (1000.0, 5), (2000.0, 10), (2148.148, 11)])
def test_a_hop_is_5_ms_of_whole_samples(sfreq, hop):
    assert hop_samples(sfreq) == hop


def test_energy_is_the_mean_square_of_each_hop_and_the_remainder_waits():
    hops = HopEnergy(5, 1)
    y = np.arange(13.0)[:, np.newaxis]
    first = hops.process(y, np.isfinite(y))
    np.testing.assert_allclose(first.energy[:, 0], [(0 + 1 + 4 + 9 + 16) / 5, (25 + 36 + 49 + 64 + 81) / 5])
    np.testing.assert_array_equal(first.low[:, 0], [0, 5])
    np.testing.assert_array_equal(first.high[:, 0], [4, 9])
    second = hops.process(y[:2], np.ones((2, 1), bool))
    assert len(second.energy) == 1
    assert second.high[0, 0] == 12.0


def test_one_invalid_sample_makes_its_hop_of_that_channel_nan():
    y = np.ones((20, 2))
    valid = np.ones_like(y, bool)
    valid[7, 1] = False
    for values in HopEnergy(5, 2).process(y, valid):
        np.testing.assert_array_equal(np.isnan(values), [[0, 0], [0, 1], [0, 0], [0, 0]])


@given(
    y=hnp.arrays(
        np.float64, st.tuples(st.integers(0, 80), st.just(3)), elements=st.floats(-1e6, 1e6) | st.just(np.nan)
    ),
    cuts=st.lists(st.integers(0, 80), max_size=10),
    hop=st.integers(1, 11),
    n_hops=st.integers(1, 25),
)
def test_chunks_change_no_bit_of_energy_extremes_and_rms(y, cuts, hop, n_hops):
    def run(chunks):
        hops, rms = HopEnergy(hop, 3), MovingRms(n_hops, 3)
        parts = [(*found, rms.process(found.energy)) for found in (hops.process(c, np.isfinite(c)) for c in chunks)]
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

    for whole, pieces in zip(run([y]), run(np.split(y, sorted(cuts))), strict=True):
        np.testing.assert_array_equal(pieces, whole)


@pytest.mark.parametrize("n_hops", [1, 2, 3, 10, 20, 30, 31])
def test_moving_rms_is_that_of_the_last_hops_alone(n_hops):
    energy = RNG.uniform(1, 2, (100, 2))
    rms = MovingRms(n_hops, 2).process(energy)
    assert np.isnan(rms[: n_hops - 1]).all()
    for row in range(n_hops - 1, 100):
        np.testing.assert_allclose(rms[row], np.sqrt(energy[row + 1 - n_hops : row + 1].mean(axis=0)), rtol=1e-12)


def test_moving_rms_is_nan_until_the_window_is_clean_after_a_gap():
    energy = np.ones((60, 1))
    energy[20:25] = np.nan
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(MovingRms(10, 1).process(energy)[9:, 0])) + 9, range(20, 34))


def test_a_large_burst_leaves_no_trace_once_it_is_out_of_the_window():
    energy = np.full((200, 1), 1e-12)
    energy[50:60] = 1e12
    np.testing.assert_allclose(MovingRms(20, 1).process(energy)[80:], 1e-6, rtol=1e-12)
