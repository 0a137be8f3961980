from dataclasses import replace

import numpy as np

from app.pipeline.silence import silent
from tests.ui.scenes import END_S, NOT_YET


def test_silence_shows_no_level_and_no_cue():
    shown = silent(NOT_YET, 2.0)
    assert {view.state for view in shown.sides.values()} == {"no-signal"}
    assert {view.level_pct for view in shown.sides.values()} == {None}
    assert shown.cue is None
    assert not shown.together


def test_time_goes_on_in_silence_and_the_traces_move_with_it():
    shown = silent(NOT_YET, 2.0)
    assert shown.t_s == END_S + 2.0
    before, after = NOT_YET.traces[0].level_pct, shown.traces[0].level_pct
    np.testing.assert_array_equal(after[:-400], before[400:])
    assert np.isnan(after[-400:]).all()


def test_a_silence_longer_than_the_traces_leaves_nothing_of_them():
    assert np.isnan(silent(NOT_YET, 60.0).traces[1].high_pct).all()


def test_silence_is_no_sample_whose_age_could_be_told():
    assert silent(replace(NOT_YET, received_ns=123), 1.0).received_ns == 0
