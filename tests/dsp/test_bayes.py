"""The Bayesian bar: exact, blind to chunk size, unit and gaps, early on a rise and quiet in a hold."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import signal

from dsp import bayes
from dsp.bayes import FrameBayes
from dsp.envelope import HopEnergy, MovingRms, hop_samples
from dsp.filters import emg_band_sos

DATA = Path(__file__).resolve().parents[2] / "../shared/data/emg"
HOP_S = 0.005
RATES = pytest.mark.parametrize("sfreq", [250, 1000, 2000])


def emg(seed, n_samples, n_trials, sfreq):
    """Gaussian noise of RMS 1 with the power spectrum of surface EMG (Shwedyk 1977: 60 and 120 Hz)."""
    noise = np.fft.rfft(np.random.default_rng(seed).standard_normal((n_samples, n_trials)), axis=0)
    square = np.fft.rfftfreq(n_samples, 1 / sfreq) ** 2
    shape = np.sqrt(square / ((square + 60.0**2) * (square + 120.0**2) ** 2))
    y = np.fft.irfft(noise * shape[:, np.newaxis], n_samples, axis=0)
    return y / y.std()


def bars(y, sfreq):
    """Bayes and RMS 100 of the same samples after the band-pass, and the seconds in a hop."""
    y = signal.sosfilt(emg_band_sos(sfreq), y, axis=0)
    hop = hop_samples(sfreq)
    energy = HopEnergy(hop, y.shape[1]).process(y, np.isfinite(y)).energy
    n_rms = round(0.100 * sfreq / hop)
    return (
        FrameBayes(hop / sfreq, y.shape[1]).process(energy),
        MovingRms(n_rms, y.shape[1]).process(energy),
        hop / sfreq,
    )


def rise_s(bar, hop_s, start_s, fraction):
    """Seconds from `start_s` until the mean of all trials has made `fraction` of its way up."""
    mean = bar.mean(axis=1)
    first = round(start_s / hop_s)
    before, after = mean[first - round(0.5 / hop_s) : first].mean(), mean[first + round(0.6 / hop_s) :].mean()
    way = (mean[first:] - before) / (after - before)
    row = int(np.argmax(way >= fraction))
    return (row + 1 - (way[row] - fraction) / (way[row] - way[row - 1])) * hop_s


def slow_reference(energies):
    """The filter as its docstring says, one number at a time; one channel whose level stays near its first frame."""
    cells = [bayes.CELL * k for k in range(-bayes.N_BESIDE, bayes.N_BESIDE + 1)]
    frame_s = 2 * HOP_S
    start, stop, step = (1 - math.exp(-hz * frame_s) for hz in (bayes.START_HZ, bayes.STOP_HZ, bayes.STEP_HZ))
    laplace = [[math.exp(-abs(a - b) / bayes.STEP_NEPERS) for b in cells] for a in cells]
    holds = [0.5 / len(cells)] * len(cells)
    moves = list(holds)
    levels, centre = [], None
    for first, second in zip(energies[::2], energies[1::2], strict=True):
        e = (first + second) / 2
        centre = math.log(e) / 2 if centre is None else centre
        held = holds
        holds = [h * (1 - start) + m * stop for h, m in zip(held, moves, strict=True)]
        moved = [h * start + m * (1 - stop) for h, m in zip(held, moves, strict=True)]
        moves = [m * (1 - step) for m in moved]
        for row, mass in zip(laplace, moved, strict=True):
            whole = sum(row)
            moves = [m + mass * step * part / whole for m, part in zip(moves, row, strict=True)]
        nu = bayes.INDEPENDENT_HZ * frame_s
        likelihood = [math.exp(-nu * g - nu * e / (2 * math.exp(2 * (g + centre)))) for g in cells]
        holds = [h * x for h, x in zip(holds, likelihood, strict=True)]
        moves = [m * x for m, x in zip(moves, likelihood, strict=True)]
        total = sum(holds) + sum(moves)
        holds, moves = [h / total for h in holds], [m / total for m in moves]
        mean = sum((h + m) * math.exp(bayes.POWER * g) for h, m, g in zip(holds, moves, cells, strict=True))
        levels.append(math.exp(centre - bayes.DOUBT_NEPERS) * mean ** (1 / bayes.POWER))
    return levels


def test_it_is_the_exact_posterior_of_its_model():
    energies = np.random.default_rng(3).chisquare(2, 80) * np.repeat([1.0, 4.0], 40)
    fast = FrameBayes(HOP_S, 1).process(energies[:, np.newaxis])[1::2, 0]
    ready = round(bayes.READY_S / (2 * HOP_S)) - 1
    np.testing.assert_allclose(fast[ready:], slow_reference(energies.tolist())[ready:], rtol=1e-9)


anything = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 60), st.just(2)),
    elements=st.floats(0, 1e77) | st.sampled_from([np.nan, np.inf, 0.0, 1.0, 1e-300]),
)


@settings(max_examples=60, deadline=None)
@given(energy=anything, cuts=st.lists(st.integers(0, 60), max_size=8), hop_s=st.sampled_from([0.004, 0.005]))
def test_chunks_change_no_bit_whatever_comes(energy, cuts, hop_s):
    whole = FrameBayes(hop_s, 2).process(energy)
    pieces = FrameBayes(hop_s, 2)
    np.testing.assert_array_equal(np.concatenate([pieces.process(c) for c in np.split(energy, sorted(cuts))]), whole)
    assert (np.isnan(whole) | (np.isfinite(whole) & (whole >= 0))).all()
    assert np.isnan(whole[~np.isfinite(energy)]).all()


@pytest.mark.parametrize("factor", [1e-12, 1e-6, 1e3, 1e9])
def test_the_unit_does_not_matter(factor):
    energy = np.random.default_rng(4).chisquare(2, (400, 2)) * np.repeat([1.0, 400.0], 200)[:, np.newaxis]
    expected = FrameBayes(HOP_S, 2).process(energy) * factor
    np.testing.assert_allclose(FrameBayes(HOP_S, 2).process(energy * factor**2), expected, rtol=1e-6)


def test_after_a_gap_nothing_is_left_of_what_was_before():
    energy = np.random.default_rng(5).chisquare(2, (200, 1))
    energy[100:110] = np.nan
    fresh = FrameBayes(HOP_S, 1).process(energy[110:])
    np.testing.assert_array_equal(FrameBayes(HOP_S, 1).process(energy)[110:], fresh)
    assert np.isfinite(fresh[10:]).all()


def test_a_gap_of_one_channel_changes_no_other():
    energy = np.random.default_rng(6).chisquare(2, (200, 2))
    gap = energy.copy()
    gap[50:90, 0] = np.nan
    got, expected = (FrameBayes(HOP_S, 2).process(e)[:, 1] for e in (gap, energy))
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_a_constant_is_read_as_it_is():
    level = FrameBayes(HOP_S, 1).process(np.full((1000, 1), 25.0))[-1, 0]
    assert level == pytest.approx(5.0, rel=0.06)  # no real signal has no noise: half a cell and the doubt remain


def test_a_dead_channel_reads_nothing_and_comes_back_within_a_tenth_of_a_second():
    energy = np.concatenate([np.zeros((2000, 1)), np.random.default_rng(7).chisquare(2, (200, 1))])
    level = FrameBayes(HOP_S, 1).process(energy)[:, 0]
    assert level[1999] < 1e-40
    assert 0.5 < level[2020] < 2.5


@pytest.mark.parametrize("factor", [1e-4, 1e-2, 1e2, 1e4])
def test_levels_far_from_the_first_are_followed(factor):
    energy = np.random.default_rng(8).chisquare(130 * HOP_S, (2000, 1)) / (130 * HOP_S)
    energy[600:] *= factor**2
    level = FrameBayes(HOP_S, 1).process(energy)[:, 0]
    assert level[700:].mean() == pytest.approx(factor, rel=0.1)


@RATES
@pytest.mark.parametrize("from_level", [5.0, 50.0])
@pytest.mark.parametrize("fraction", [0.5, 0.9])
def test_a_step_up_is_shown_no_later_than_by_rms_100(sfreq, from_level, fraction):
    n_samples = round(2.5 * sfreq)
    level = np.where(np.arange(n_samples) < 1.5 * sfreq, from_level, 100.0)
    new, rms, hop_s = bars(emg(10, n_samples, 100, sfreq) * level[:, np.newaxis], sfreq)
    assert rise_s(new, hop_s, 1.5, fraction) <= rise_s(rms, hop_s, 1.5, fraction)


@RATES
@pytest.mark.parametrize("fraction", [0.5, 0.9])
def test_a_ramp_of_a_quarter_second_is_shown_no_later_than_by_rms_100(sfreq, fraction):
    n_samples = round(2.5 * sfreq)
    level = 5.0 + 95.0 * np.clip((np.arange(n_samples) / sfreq - 1.5) / 0.25, 0, 1)
    new, rms, hop_s = bars(emg(11, n_samples, 100, sfreq) * level[:, np.newaxis], sfreq)
    assert rise_s(new, hop_s, 1.5, fraction) <= rise_s(rms, hop_s, 1.5, fraction)


def test_a_step_of_26_db_does_not_overshoot():
    level = np.where(np.arange(2500) < 1500, 5.0, 100.0)
    new, _, _ = bars(emg(12, 2500, 200, 1000) * level[:, np.newaxis], 1000)
    mean = new.mean(axis=1)
    assert mean[300:].max() < 1.10 * mean[-60:].mean()


@RATES
def test_a_steady_squeeze_is_quieter_than_rms_100_and_reads_the_same(sfreq):
    new, rms, hop_s = bars(emg(13, 10 * sfreq, 20, sfreq), sfreq)
    new, rms = new[round(2 / hop_s) :], rms[round(2 / hop_s) :]
    assert (new.std(axis=0) / new.mean(axis=0)).mean() < 0.8 * (rms.std(axis=0) / rms.mean(axis=0)).mean()
    assert new.mean() == pytest.approx(rms.mean(), rel=0.025)


@RATES
@pytest.mark.parametrize(
    ("name", "column", "first_s", "last_s"),
    [
        ("elderly_id2_EMG_VL_force_2000hz.csv", 0, 4.0, 7.0),
        ("elderly_id3_EMG_VL_force_2000hz.csv", 0, 4.0, 7.0),
        ("elderly_id4_EMG_TA_force_2000hz.csv", 2, 5.0, 8.0),
    ],
)
def test_a_real_muscle_at_constant_force_is_quieter_than_with_rms_100(sfreq, name, column, first_s, last_s):
    if not (DATA / name).exists():
        pytest.skip("the recordings are not here")
    x = np.loadtxt(DATA / name, delimiter=",", usecols=[column])
    new, rms, hop_s = bars(signal.resample_poly(x, 1, 2000 // sfreq)[:, np.newaxis], sfreq)
    window = slice(round(first_s / hop_s), round(last_s / hop_s))
    new, rms = new[window], rms[window]
    assert (signal.detrend(new, axis=0).std() / new.mean()) < 0.92 * (signal.detrend(rms, axis=0).std() / rms.mean())
