"""The band-pass: what it keeps, and that no gap and no chunk size ever shows in its output."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import signal

from dsp.filters import (
    StreamFilter,
    band_pass_whole,
    emg_band_sos,
    emg_stream_filter,
    filter_whole,
    notched_filter,
)

RNG = np.random.default_rng(1)
SOS = emg_band_sos(1000.0, notch_hz=50.0)

anything = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 60), st.just(2)),
    elements=st.one_of(
        st.floats(-1000, 1000, width=32), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 3.0e38]), st.just(7.0)
    ),
)
cuts = st.lists(st.integers(0, 60), max_size=8)


def in_chunks(x, cuts):
    return np.split(x, sorted({cut for cut in cuts if cut < len(x)}))


def run(stream_filter, chunks):
    parts = [stream_filter.process(chunk) for chunk in chunks] + [stream_filter.flush()]
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def gain_db(sos, hz, sfreq):
    _, response = signal.freqz_sos(sos, worN=[hz], fs=sfreq)
    return 20 * np.log10(np.abs(response[0]))


@pytest.mark.parametrize("sfreq", [500.0, 1000.0, 2000.0, 2148.148])
def test_band_has_four_poles_and_its_edges_at_3_db(sfreq):
    sos = emg_band_sos(sfreq)
    assert sos.shape == (2, 6)
    for edge in (20.0, min(450.0, 0.45 * sfreq)):
        assert gain_db(sos, edge, sfreq) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("sfreq", [200.0, 250.0])
def test_slow_devices_get_the_high_pass_alone(sfreq):
    sos = emg_band_sos(sfreq)
    assert sos.shape == (1, 6)
    assert gain_db(sos, 0.45 * sfreq, sfreq) == pytest.approx(0.0, abs=0.05)


def test_notch_removes_mains_and_nothing_else():
    assert gain_db(SOS, 50.0, 1000.0) < -60.0
    assert gain_db(SOS, 60.0, 1000.0) > -0.5


@pytest.mark.parametrize(("sfreq", "notch_hz"), [(50.0, None), (float("nan"), None), (100.0, 60.0), (1000.0, 0.0)])
def test_impossible_bands_are_refused_in_one_sentence(sfreq, notch_hz):
    with pytest.raises(ValueError, match="samples a second"):
        emg_band_sos(sfreq, notch_hz=notch_hz)


@pytest.mark.parametrize("prime", ["mute", "steady"])
@pytest.mark.parametrize("chunk", [1, 7, 20, 333])
def test_chunk_size_changes_no_bit(prime, chunk):
    x = RNG.standard_normal((2500, 2)) * 50.0
    x[700:712, 0] = np.nan
    whole = run(emg_stream_filter(1000.0, 2, notch_hz=50.0, prime=prime), [x])
    pieces = run(emg_stream_filter(1000.0, 2, notch_hz=50.0, prime=prime), in_chunks(x, range(chunk, len(x), chunk)))
    np.testing.assert_array_equal(pieces[0], whole[0])
    np.testing.assert_array_equal(pieces[1], whole[1])


@given(x=anything, cuts=cuts, n_settle=st.sampled_from([0, 1, 20]))
def test_any_split_of_any_input_gives_the_same(x, cuts, n_settle):
    y, valid = run(StreamFilter(SOS, 2, n_mute=5, n_settle=n_settle), [x])
    y_split, valid_split = run(StreamFilter(SOS, 2, n_mute=5, n_settle=n_settle), in_chunks(x, cuts))
    np.testing.assert_allclose(y_split, y, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(valid_split, valid)


@given(x=anything, n_settle=st.sampled_from([0, 20]))
def test_output_is_nan_exactly_where_the_input_is_a_gap(x, n_settle):
    y, valid = run(StreamFilter(SOS, 2, n_mute=5, n_settle=n_settle), [x])
    np.testing.assert_array_equal(np.isfinite(y), np.isfinite(x))
    assert not valid[~np.isfinite(x)].any()


@given(x=anything)
def test_a_gap_of_one_channel_never_touches_the_other(x):
    both, valid = StreamFilter(SOS, 2, n_mute=5).process(x)
    alone, valid_alone = StreamFilter(SOS, 1, n_mute=5).process(x[:, 1:])
    np.testing.assert_array_equal(both[:, 1:], alone)
    np.testing.assert_array_equal(valid[:, 1:], valid_alone)


@pytest.mark.parametrize("prime", ["mute", "steady"])
def test_electrode_offset_makes_no_step_at_the_start_nor_after_a_gap(prime):
    x = np.full((3000, 1), 250_000.0)
    x[1500:1600] = np.nan
    y, _ = emg_stream_filter(1000.0, 1, notch_hz=50.0, prime=prime).process(x)
    assert np.nanmax(np.abs(y)) < 1e-3


@pytest.mark.parametrize(("notch_hz", "muted"), [(None, 200), (50.0, 600)])
def test_only_the_side_with_the_gap_is_muted_until_the_filter_has_settled(notch_hz, muted):
    x = RNG.standard_normal((3000, 2))
    x[1500:1510, 0] = np.nan
    y, valid = emg_stream_filter(1000.0, 2, notch_hz=notch_hz).process(x)
    assert not valid[:muted].any()
    assert valid[muted:, 1].all()
    assert valid[muted:1500, 0].all()
    assert not valid[1500 : 1510 + muted, 0].any()
    assert valid[1510 + muted :, 0].all()
    assert np.isfinite(y[1510:]).all()


def test_a_recording_is_settled_from_its_first_sample_and_nothing_is_muted():
    x = RNG.standard_normal((3000, 1)) + 5.0 * np.sin(2 * np.pi * 50.0 * np.arange(3000) / 1000.0)[:, np.newaxis]
    y, valid = emg_stream_filter(1000.0, 1, notch_hz=50.0, prime="steady").process(x)
    assert valid.all()
    assert y[:200].std() < 1.3 * y[2000:].std()


def test_a_steady_start_holds_back_half_a_second_and_then_gives_it_all():
    stream_filter = emg_stream_filter(1000.0, 2, prime="steady")
    x = RNG.standard_normal((510, 2))
    assert len(stream_filter.process(x[:499])[0]) == 0
    assert len(stream_filter.process(x[499:505])[0]) == 505
    assert len(stream_filter.process(x[505:])[0]) == 5


def test_a_recording_shorter_than_the_settling_time_still_comes_out():
    stream_filter = emg_stream_filter(1000.0, 1, prime="steady")
    stream_filter.process(RNG.standard_normal((40, 1)))
    y, valid = stream_filter.flush()
    assert y.shape == (40, 1)
    assert valid.all()


@given(x=anything, n_settle=st.sampled_from([0, 1, 20]), n_mute=st.sampled_from([0, 5]))
def test_a_whole_recording_is_what_a_stream_of_it_would_be(x, n_settle, n_mute):
    y, valid = run(StreamFilter(SOS, 2, n_mute=n_mute, n_settle=n_settle), [x])
    rounding = 1e-9 * float(np.abs(x[np.isfinite(x)]).max(initial=1.0))
    whole = filter_whole(SOS, x, n_mute=n_mute, n_settle=n_settle)
    np.testing.assert_allclose(whole, np.where(valid, y, np.nan), rtol=0.0, atol=rounding)


@pytest.mark.parametrize("notch_hz", [None, 50.0])
def test_the_band_of_a_whole_recording_is_that_of_a_steady_stream(notch_hz):
    x = RNG.standard_normal((3000, 2))
    x[1500:1510, 0] = np.nan
    y, valid = emg_stream_filter(1000.0, 2, notch_hz=notch_hz, prime="steady").process(x)
    whole = band_pass_whole(x, 1000.0, notch_hz=notch_hz)
    np.testing.assert_allclose(whole, np.where(valid, y, np.nan), rtol=0.0, atol=1e-9)


def humming(seconds, mains, hum):
    n = round(1000 * seconds)
    return hum * np.sqrt(2.0) * np.sin(2.0 * np.pi * mains * np.arange(n) / 1000.0)[:, np.newaxis]


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_a_notch_that_takes_over_lets_no_hum_through_and_mutes_nothing(mains):
    x = humming(3.0, mains, 10.0)
    y, valid = notched_filter(1000.0, x[:1000], mains).process(x[1000:])
    assert valid.all()
    assert np.sqrt(np.mean(y[:100] ** 2)) < 0.3


def test_a_notch_that_takes_over_leaves_muscle_as_it_was():
    muscle = np.random.default_rng(2).standard_normal((3000, 1))
    x = muscle + humming(3.0, 50.0, 5.0)
    y, _ = notched_filter(1000.0, x[:1000], 50.0).process(x[1000:])
    clean, _ = emg_stream_filter(1000.0, 1).process(muscle)
    assert np.sqrt(np.mean((y[:500] - clean[1000:1500]) ** 2)) < 0.25 * np.sqrt(np.mean(clean**2))


def test_a_notch_that_takes_over_just_after_a_gap_mutes_that_channel_alone():
    x = np.random.default_rng(3).standard_normal((2000, 2))
    x[800:850, 1] = np.nan
    _, valid = notched_filter(1000.0, x[:1000], 50.0).process(x[1000:])
    assert valid[:, 0].all()
    assert np.flatnonzero(valid[:, 1])[0] == 450
