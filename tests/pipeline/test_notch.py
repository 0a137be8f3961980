"""Hum that was measured is taken out: at one sample, for any block size, and without a burst that is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.chain import LEVEL, StreamChain
from drivers.types import SampleBlock, StreamInfo

SFREQ = 1000.0
INFO = StreamInfo(stream_id="s", sfreq=SFREQ, sfreq_known=True, ch_names=("left", "right"), unit="V")
REST, REFERENCE = 3e-6, 100e-6


def block(samples, first):
    arrival_ns = round((first + len(samples)) / SFREQ * 1e9)
    return SampleBlock(
        stream_id="s", epoch=0, first_index=first, samples=np.asarray(samples, np.float32), arrival_ns=arrival_ns
    )


def humming(seconds=8.0, hum_v=10e-6, mains=50.0, seed=1):
    """Two channels at rest, mains on both, in volts."""
    n = round(seconds * SFREQ)
    hum = np.sqrt(2.0) * hum_v * np.sin(2.0 * np.pi * mains * np.arange(n) / SFREQ)
    return REST * np.random.default_rng(seed).standard_normal((n, 2)) + hum[:, np.newaxis]


def run(x, cuts=(), prime="mute"):
    """Levels of all hops, decisions, and the chain after all of it."""
    chain = StreamChain(INFO, (0, 1), prime=prime, pair=(0, 1))
    chain.set_levels(np.full(2, REST), np.full(2, REFERENCE), follow_rest=False)
    levels, decided, first = [], [], 0
    for part in np.split(x, sorted(cuts)):
        hops = chain.push(block(part, first))
        levels.append(hops.rows[:, LEVEL])
        decided += [(one.channel, one.rises, one.index) for one in chain.detect(hops, 0, len(hops))]
        first += len(part)
    return np.concatenate(levels), decided, chain


@pytest.mark.parametrize("mains", [50.0, 60.0])
def test_hum_at_rest_is_taken_out_for_good(mains):
    levels, decided, chain = run(humming(mains=mains))
    assert chain.notch_hz == mains
    assert levels[300:450].min() > 9e-6
    assert np.median(levels[600:]) == pytest.approx(REST, rel=0.15)
    assert decided == []


def test_the_change_to_the_notch_is_no_burst_and_no_silence():
    levels, decided, _ = run(humming(hum_v=10e-6))
    assert decided == []
    assert np.isfinite(levels[60:]).all()  # 0.2 s of mute at the start and a window of 100 ms, none later
    assert levels[60:].max() < 15e-6


def test_rest_without_hum_keeps_its_filter():
    _, _, chain = run(humming(hum_v=0.0))
    assert chain.notch_hz is None


def test_muscle_that_drowns_the_hum_decides_nothing():
    x = humming(hum_v=10e-6) + 60e-6 * np.random.default_rng(2).standard_normal((8000, 2))
    assert run(x)[2].notch_hz is None


def test_hum_that_one_channel_has_is_taken_out_of_all():
    x = humming()
    x[:, 1] -= humming()[:, 1] - humming(hum_v=0.0)[:, 1]
    levels, _, chain = run(x)
    assert chain.notch_hz == 50.0
    assert np.median(levels[600:], axis=0) == pytest.approx([REST, REST], rel=0.15)


def test_a_squeeze_after_the_change_starts_where_it_starts():
    x = humming()
    x[5000:6500, 0] += 80e-6 * np.random.default_rng(3).standard_normal(1500)
    rises = [(channel, index) for channel, rise, index in run(x)[1] if rise]
    assert len(rises) == 1
    assert rises[0][0] == 0
    assert abs(rises[0][1] - 5000) <= 5


def test_a_gap_just_before_the_change_mutes_its_channel_alone():
    x = humming()
    x[2300:2350, 0] = np.nan
    levels, decided, chain = run(x)
    assert chain.notch_hz == 50.0
    assert decided == []
    assert np.isfinite(levels[60:, 1]).all()
    assert np.isnan(levels[480:500, 0]).all()
    assert np.isfinite(levels[800:, 0]).all()


@settings(deadline=None, max_examples=25)
@given(
    cuts=st.lists(st.integers(1, 4999), max_size=12),
    gap=st.none() | st.integers(0, 4800),
    prime=st.sampled_from(["mute", "steady"]),
)
def test_any_blocks_and_gaps_give_the_same_levels_and_decisions(cuts, gap, prime):
    x = humming(5.0)
    x[3500:4500, 1] += 60e-6 * np.random.default_rng(4).standard_normal(1000)
    if gap is not None:
        x[gap : gap + 150, 0] = np.nan
    levels, decided, chain = run(x, prime=prime)
    same_levels, same_decided, same_chain = run(x, cuts, prime)
    assert chain.notch_hz == same_chain.notch_hz
    np.testing.assert_array_equal(levels, same_levels)
    assert decided == same_decided
