import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.snapshot import Trace
from app.ui.widgets.traces import HOP_S, cut_into_columns
from tests.ui.scenes import N_HOPS


def ramp(*, lost: slice | None = None) -> Trace:
    level = np.arange(N_HOPS, dtype=np.float32)
    if lost is not None:
        level[lost] = np.nan
    return Trace("left", level, -level, level, ())


def test_every_column_shows_the_extremes_of_its_stretch():
    columns = cut_into_columns(ramp(), 60.0, 1000)
    assert columns.envelope_low[0] == 0
    assert columns.envelope_high[-1] == N_HOPS - 1
    assert np.nanmin(columns.raw_low) == -np.nanmax(columns.raw_high)


def test_a_stretch_without_signal_is_lost_and_has_no_value():
    columns = cut_into_columns(ramp(lost=slice(1000, 1500)), 60.0, 1000)
    assert columns.lost[510:740].all()
    assert np.isnan(columns.envelope_high[510:740]).all()
    assert not columns.lost[:490].any()


def test_time_before_the_source_began_is_neither_signal_nor_loss():
    columns = cut_into_columns(ramp(lost=slice(0, 1200)), 4.0, 1000)
    assert not columns.lost[:590].any()
    assert np.isnan(columns.envelope_high[:590]).all()


def test_a_column_keeps_its_value_while_the_picture_moves():
    series = np.random.default_rng(1).random(N_HOPS + 200).astype(np.float32)

    def cut(first: int) -> np.ndarray:
        window = series[first : first + N_HOPS]
        return cut_into_columns(Trace("left", window, -window, window, ()), 60 + first * HOP_S, 1000).envelope_high

    # 200 hops are 1 s, which is 100 of 1000 columns
    np.testing.assert_array_equal(cut(0)[101:-1], cut(200)[1:-101])


@given(end_s=st.floats(0.0, 36_000.0), n_columns=st.integers(2, 4000), n_hops=st.integers(0, N_HOPS))
@settings(max_examples=60, deadline=None)
def test_any_window_can_be_cut(end_s, n_columns, n_hops):
    level = np.ones(n_hops, dtype=np.float32)
    columns = cut_into_columns(Trace("left", level, -level, level, ()), end_s, n_columns)
    assert columns.envelope_high.shape == (n_columns,)
    assert not columns.lost.any()


@pytest.mark.parametrize("n_columns", [500, 2000, 4000])
def test_more_columns_than_hops_leave_no_holes(n_columns):
    columns = cut_into_columns(ramp(), 60.0, n_columns)
    assert np.isfinite(columns.envelope_high[n_columns // 100 :]).all()
