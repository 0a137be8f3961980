"""Where samples lie in time, and what is said about those that are missing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.replay.formats.journal_timeline import BlockPlace, Missing, clock_text, lay_out, tell

SFREQ = 1000.0


def place(first_index: int, arrival_s: float, n: int = 20, *, epoch: int = 0, n_lost: int = 0, trouble=None):
    return BlockPlace(0, epoch, first_index, n, n_lost, round(arrival_s * 1e9), trouble)


def test_blocks_that_follow_each_other_leave_no_gap():
    timeline = lay_out([place(20 * i, 0.02 * (i + 1)) for i in range(5)], SFREQ)
    assert timeline.gaps == (0,) * 5
    assert timeline.n_rows == timeline.n_samples == 100


def test_counter_tells_what_is_missing_inside_an_epoch_however_late_it_arrived():
    timeline = lay_out([place(0, 0.02), place(70, 9.0, n_lost=50)], SFREQ)
    assert timeline.gaps == (0, 50)
    assert timeline.causes[1] == "lost"


def test_arrival_tells_what_is_missing_between_epochs():
    timeline = lay_out([place(0, 0.02), place(0, 3.04, epoch=1)], SFREQ)
    assert timeline.gaps == (0, 3000)
    assert timeline.causes[1] == "reconnect"


def test_earliest_arrivals_count_between_epochs_not_the_late_ones():
    late = 0.2
    blocks = [place(0, 0.02), place(20, 0.04 + late), place(0, 3.04 + late, epoch=1), place(20, 3.06, epoch=1)]
    assert lay_out(blocks, SFREQ).gaps == (0, 0, 2980, 0)


def test_new_epoch_at_once_never_gives_a_negative_gap():
    assert lay_out([place(0, 0.02), place(0, 0.02, epoch=1)], SFREQ).gaps == (0, 0)


def test_counter_that_leaps_by_years_is_not_believed():
    assert lay_out([place(0, 0.02), place(2**62, 1.04)], SFREQ).gaps == (0, 1000)


def test_counter_that_goes_back_leaves_no_negative_gap():
    assert lay_out([place(100, 0.02), place(0, 0.04)], SFREQ).gaps == (0, 0)


@pytest.mark.parametrize("trouble", ["overflow", "damage"])
def test_loss_beyond_what_the_device_counted_has_its_own_cause(trouble):
    assert lay_out([place(0, 0.02), place(40, 0.06, trouble=trouble)], SFREQ).causes[1] == trouble
    assert lay_out([place(0, 0.02), place(40, 0.06, n_lost=20, trouble=trouble)], SFREQ).causes[1] == "lost"


@given(steps=st.lists(st.tuples(st.integers(0, 500), st.integers(1, 50), st.integers(0, 2)), min_size=1, max_size=20))
def test_rows_are_always_samples_and_gaps_together(steps):
    blocks, index, epoch, now = [], 0, 0, 0
    for lost, n, new in steps:
        epoch, index = (epoch + 1, 0) if new == 2 else (epoch, index + lost)
        now += lost + n
        blocks.append(place(index, now / SFREQ, n, epoch=epoch))
        index += n
    timeline = lay_out(blocks, SFREQ)
    assert timeline.n_rows == sum(timeline.gaps) + sum(block.n_samples for block in blocks)
    assert all(gap >= 0 for gap in timeline.gaps)
    assert all(
        gap == b.first_index - a.first_index - a.n_samples
        for gap, (a, b) in zip(timeline.gaps[1:], pairwise(blocks), strict=True)
        if a.epoch == b.epoch
    )


def test_missing_is_told_with_length_and_place():
    assert tell([Missing("one", 250.0, 12.3, "reconnect")], name_streams=False) == [
        "12.3 s at 00:04:10 are missing: the sensor was away."
    ]


def test_stream_is_named_where_there_are_several():
    assert "12.3 s of one at" in tell([Missing("one", 250.0, 12.3, "lost")], name_streams=True)[0]


def test_many_short_gaps_are_told_in_one_sentence():
    short = [Missing("one", float(i), 0.02, "lost") for i in range(100)]
    assert tell(short, name_streams=False) == ["2 s are missing in 100 short gaps."]


def test_no_more_than_twenty_gaps_are_listed_and_none_is_left_out():
    sentences = tell([Missing("one", float(i), 1.0, "lost") for i in range(25)], name_streams=False)
    assert len(sentences) == 21
    assert sentences[-1] == "5 s are missing in 5 further gaps."


def test_clock_text_counts_beyond_a_day():
    assert clock_text(26 * 3600 + 61.9) == "26:01:01"
