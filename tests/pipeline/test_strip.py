"""A strip shows at any width what a look at every single tick would show."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.strip import Strip
from app.session.tick import TICK_S


def make(n_ticks: int, seed: int) -> tuple[Strip, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    envelope = random.random(n_ticks).astype(np.float32)
    envelope[random.random(n_ticks) < 0.1] = np.nan
    raw = np.stack([-random.random(n_ticks), random.random(n_ticks)], axis=1).astype(np.float32)
    return Strip.build(envelope, raw), envelope, raw


@settings(max_examples=60)
@given(
    n_ticks=st.integers(1, 20_000),
    first=st.integers(0, 15_000),
    ticks_each=st.sampled_from([1, 2, 3, 4, 7, 16, 21, 64, 300]),
    n_columns=st.integers(1, 40),
    seed=st.integers(0, 9),
)
def test_a_column_holds_the_least_and_the_greatest_of_its_stretch(n_ticks, first, ticks_each, n_columns, seed):
    strip, envelope, raw = make(n_ticks, seed)
    cut = strip.cut(first * TICK_S, (first + ticks_each * n_columns) * TICK_S, n_columns)
    grain = max(step for step in (4**level for level in range(len(strip.levels))) if step <= ticks_each)
    for column in range(n_columns):
        start, end = first + column * ticks_each, first + (column + 1) * ticks_each
        start, end = start // grain * grain, max(end // grain * grain, start // grain * grain + grain)
        part = envelope[start : min(end, n_ticks)]
        if not part.size or np.isnan(part).all():
            assert np.isnan(cut.envelope_low[column])
            assert cut.lost[column] == bool(part.size)
            continue
        assert cut.envelope_low[column] == np.nanmin(part)
        assert cut.envelope_high[column] == np.nanmax(part)
        assert cut.raw_low[column] == raw[start : min(end, n_ticks), 0].min()
        assert cut.raw_high[column] == raw[start : min(end, n_ticks), 1].max()


def test_nothing_is_shown_before_the_beginning_and_after_the_end():
    strip, *_ = make(1000, 1)
    cut = strip.cut(-5.0, 10.0, 30)
    assert np.isnan(cut.envelope_high[:10]).all()
    assert np.isnan(cut.envelope_high[20:]).all()
    assert not cut.lost[:10].any()
    assert not cut.lost[20:].any()


def test_columns_narrower_than_a_tick_show_the_tick_that_they_lie_in():
    strip, envelope, _ = make(100, 2)
    cut = strip.cut(0.0, 10 * TICK_S, 40)
    np.testing.assert_array_equal(cut.envelope_low, np.repeat(envelope[:10], 4).astype(float))


def test_a_strip_without_raw_has_none():
    cut = Strip.build(np.ones(50, np.float32), None).cut(0.0, 0.25, 5)
    assert np.isnan(cut.raw_low).all()
    assert (cut.envelope_high == 1.0).all()


def test_an_empty_recording_can_be_drawn():
    cut = Strip.build(np.empty(0, np.float32), None).cut(0.0, 10.0, 4)
    assert np.isnan(cut.envelope_low).all()
