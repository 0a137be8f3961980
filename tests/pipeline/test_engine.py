import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.montage import Montage
from app.session.events import Attempt, Cue, Event, Gap, Note, Quality, Rep, StateChanged, to_json
from drivers.types import StreamInfo
from tests.pipeline.signals import BOTH, cut, lines, make_engine, pair, run

SQUEEZES = [(2.0, 3.2), (4.5, 6.0), (7.5, 8.5)]
BOTH_SQUEEZE = pair(10.0, SQUEEZES, SQUEEZES)
LEFT_SLEEPS = pair(10.0, [], SQUEEZES)
LEFT = StreamInfo("l", 1000.0, ("ch1",))
RIGHT = StreamInfo("r", 1000.0, ("ch1",))
TWO_UNITS = Montage(("left", "right"), {"l": ((0, 0),), "r": ((0, 1),)})
IN_TENS = lines(run(make_engine(), cut(BOTH_SQUEEZE, [10])))


def reps(events: list[Event]) -> list[Rep]:
    return [event for event in events if isinstance(event, Rep)]


def test_three_squeezes_are_three_reps_and_nobody_is_cued():
    events = run(make_engine(), cut(BOTH_SQUEEZE, [10]))

    found = reps(events)
    assert [rep.start_s for rep in found] == pytest.approx([start_s for start_s, _ in SQUEEZES], abs=0.03)
    assert all(rep.counted and rep.lag_status == "ok" for rep in found)
    assert not any(isinstance(event, Cue) for event in events)


def test_the_side_that_does_not_join_is_cued_while_the_other_squeezes():
    events = run(make_engine(), cut(LEFT_SLEEPS, [10]))

    cues = [event for event in events if isinstance(event, Cue)]
    assert [cue.side for cue in cues] == ["left"] * 3
    for cue, (start_s, end_s) in zip(cues, SQUEEZES, strict=True):
        assert start_s < cue.t_s < end_s


@settings(max_examples=12)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_the_size_of_blocks_changes_nothing(sizes: list[int]):
    assert lines(run(make_engine(), cut(BOTH_SQUEEZE, sizes))) == IN_TENS


@pytest.mark.parametrize("sizes", [[1], [7, 90, 3], [333]])
def test_the_size_of_blocks_changes_nothing_while_the_scale_still_grows(sizes: list[int]):
    in_tens = lines(run(make_engine(calibration=None), cut(BOTH_SQUEEZE, [10])))

    assert lines(run(make_engine(calibration=None), cut(BOTH_SQUEEZE, sizes))) == in_tens


def test_lost_samples_are_a_gap_and_keep_the_time_axis():
    blocks = [block for block in cut(BOTH_SQUEEZE, [10]) if not 3500 <= block.first_index < 4000]
    engine = make_engine()
    events = run(engine, blocks)

    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert gap.samples == 500
    assert (gap.start_s, gap.end_s) == pytest.approx((3.5, 4.0), abs=0.002)
    assert engine.n_lost == 500
    assert engine.lost_pct == pytest.approx(5.0)
    assert [rep.start_s for rep in reps(events)] == pytest.approx([2.0, 4.5, 7.5], abs=0.03)


def test_a_rep_that_touches_a_gap_is_not_counted_and_says_why():
    blocks = [block for block in cut(BOTH_SQUEEZE, [10]) if not 5000 <= block.first_index < 5100]
    events = run(make_engine(), blocks)
    attempts = [event for event in events if isinstance(event, Attempt)]

    assert {attempt.why for attempt in attempts if not attempt.counted} == {"signal lost"}
    assert [rep.start_s for rep in reps(events) if rep.counted] == pytest.approx([2.0, 7.5], abs=0.03)


def test_an_onset_that_a_gap_hides_gives_no_lag():
    """Both sides seem to start at the moment they can be seen again; nobody knows when they did."""
    blocks = [block for block in cut(BOTH_SQUEEZE, [10]) if not 4400 <= block.first_index < 4900]

    hidden = [rep for rep in reps(run(make_engine(), blocks)) if 4.0 < rep.start_s < 6.5]
    assert all(not rep.counted and rep.lag_ms is None for rep in hidden)


def test_a_gap_makes_no_click():
    """A step of the offset across a gap would ring through the filter: what it rings is muted."""
    samples = pair(10.0, [], [])
    samples[5000:] += np.float32(3e-3)
    blocks = [block for block in cut(samples, [10]) if not 4000 <= block.first_index < 5000]

    assert not any(isinstance(event, Attempt) for event in run(make_engine(), blocks))


def test_a_reconnect_is_a_gap_as_long_as_the_wall_time_that_is_missing():
    before = cut(BOTH_SQUEEZE[:3600], [10])
    after = cut(BOTH_SQUEEZE[6600:], [10], start_s=6.6, epoch=1)
    engine = make_engine()
    events = run(engine, [*before, *after])

    (gap,) = [event for event in events if isinstance(event, Gap)]
    assert gap.end_s - gap.start_s == pytest.approx(3.0, abs=0.002)
    assert gap.samples == pytest.approx(3000, abs=2)
    assert [rep.start_s for rep in reps(events)] == pytest.approx([2.0, 7.5], abs=0.03)
    assert engine.t_s == pytest.approx(10.0, abs=0.005)


def test_a_reconnected_side_has_no_signal_until_its_filter_has_settled():
    before = cut(BOTH_SQUEEZE[:3600], [10])
    after = cut(BOTH_SQUEEZE[6600:], [10], start_s=6.6, epoch=1)
    states = [event for event in run(make_engine(), [*before, *after]) if isinstance(event, StateChanged)]
    left = [(state.t_s, state.state) for state in states if state.side == "left"]

    lost_s = next(t_s for t_s, state in left if state == "no-signal" and t_s > 1.5)
    back_s = next(t_s for t_s, state in left if t_s > lost_s)
    assert lost_s == pytest.approx(3.6, abs=0.05)
    assert 6.6 + 0.2 < back_s < 6.6 + 0.5


def test_late_blocks_of_an_epoch_that_is_over_are_left_out():
    early = list(cut(BOTH_SQUEEZE[:3600], [10]))
    after = list(cut(BOTH_SQUEEZE[6600:], [10], start_s=6.6, epoch=1))

    assert lines(run(make_engine(), [*early, *after[:5], early[-1], *after[5:]])) == lines(
        run(make_engine(), [*early, *after])
    )


def test_a_repeated_block_changes_nothing():
    blocks = list(cut(BOTH_SQUEEZE, [10]))

    assert lines(run(make_engine(), [*blocks[:300], blocks[299], *blocks[300:]])) == IN_TENS


def test_samples_of_a_stream_that_nobody_maps_are_no_concern():
    strangers = list(cut(BOTH_SQUEEZE, [10], stream_id="stranger"))
    blocks = list(cut(BOTH_SQUEEZE, [10]))

    assert lines(run(make_engine(), [block for two in zip(strangers, blocks, strict=True) for block in two])) == IN_TENS


def test_one_of_two_streams_that_falls_behind_leaves_and_comes_back():
    left = list(cut(BOTH_SQUEEZE[:, :1], [10], stream_id="l"))
    right = list(cut(BOTH_SQUEEZE[:, 1:], [10], stream_id="r"))
    early = [block for block in right if block.first_index < 3500]
    late = [block for block in right if block.first_index >= 6500]
    engine = make_engine((LEFT, RIGHT), TWO_UNITS)
    events = run(engine, sorted([*left, *early, *late], key=lambda block: (block.arrival_ns, block.stream_id)))

    states = [(event.t_s, event.state) for event in events if isinstance(event, StateChanged) and event.side == "right"]
    lost_s = next(t_s for t_s, state in states if state == "no-signal" and t_s > 1.5)
    assert lost_s == pytest.approx(3.5, abs=0.05)
    assert any(state == "quiet" and 6.5 < t_s < 7.4 for t_s, state in states)
    assert [rep.start_s for rep in reps(events) if rep.counted] == pytest.approx([2.0, 7.5], abs=0.03)


def test_a_stream_that_never_comes_does_not_hold_the_other_back():
    engine = make_engine((LEFT, RIGHT), TWO_UNITS)
    for block in cut(BOTH_SQUEEZE[:, :1], [10], stream_id="l"):
        engine.push(block)

    assert engine.t_s == pytest.approx(10.0, abs=0.55)
    assert engine.snapshot().sides["right"].state == "no-signal"


def test_an_electrode_that_comes_off_takes_its_side_out_within_half_a_second():
    samples = pair(10.0, SQUEEZES, SQUEEZES)
    samples[4000:, 0] = 0.0
    events = run(make_engine(), cut(samples, [10]))

    lost_s = next(
        event.t_s
        for event in events
        if isinstance(event, StateChanged) and event.side == "left" and event.state == "no-signal" and event.t_s > 1.5
    )
    assert 4.0 < lost_s <= 4.6
    assert [event.verdict for event in events if isinstance(event, Quality) and event.site == "left"][
        -1
    ] == "no-contact"
    assert not any(isinstance(event, Cue) for event in events)


def test_what_a_dead_electrode_brings_is_no_scale():
    """The reference of a session without calibration grows from signals, never from zeros or a plugged-in step."""
    samples = pair(12.0, [], [(9.0, 10.5)])
    samples[:4000] = 0.0
    engine = make_engine(calibration=None)
    events = run(engine, cut(samples, [10]))

    assert (engine.scale.rest > 1e-6).all()
    assert (engine.scale.reference > 30e-6).all()
    assert all(event.t_s > 4.0 for event in events if isinstance(event, Note))


def test_who_squeezes_already_when_the_session_starts_is_counted_from_the_next_squeeze_on():
    """The quietest moment so far is then no rest: the scale made from it must come down again."""
    squeezes = [(0.0, 2.0), (3.5, 4.7), (6.0, 7.5)]
    engine = make_engine(calibration=None)
    events = run(engine, cut(pair(9.0, squeezes, squeezes), [10]))

    assert engine.scale.reference[0] < 60e-6
    assert [rep.start_s for rep in reps(events) if rep.counted][-2:] == pytest.approx([3.5, 6.0], abs=0.05)


def test_without_a_calibration_each_growth_of_the_scale_is_said():
    events = run(make_engine(calibration=None), cut(BOTH_SQUEEZE, [10]))
    notes = [event.text for event in events if isinstance(event, Note)]

    assert notes
    assert all(note.startswith("100 % is now ") and "µV" in note for note in notes)
    assert all(rep.ref == "session" and "weak:" not in str(rep.not_clean) for rep in reps(events))


def test_counts_are_never_called_microvolts():
    info = StreamInfo("unit", 1000.0, ("left", "right"), unit="counts")
    engine = make_engine((info,), calibration=None)
    events = run(engine, cut(BOTH_SQUEEZE * np.float32(1e6), [10]))

    assert not any("µV" in to_json(event).decode() for event in events)
    assert all(side.mean_uv is None for rep in reps(events) for side in rep.sides.values())
    assert engine.snapshot().sides["left"].unit == "counts"


def test_what_runs_when_the_source_ends_is_cut_and_no_rep():
    events = run(make_engine(), cut(BOTH_SQUEEZE[:8000], [10]))

    last = [event for event in events if isinstance(event, Attempt)][-1]
    assert (last.counted, last.why) == (False, "cut by the end")


def test_the_loss_of_a_device_without_counter_is_unknown_and_not_zero():
    info = StreamInfo("unit", 1000.0, ("left", "right"), has_counter=False)
    engine = make_engine((info,))
    run(engine, cut(BOTH_SQUEEZE[:1000], [10]))

    assert engine.lost_pct is None
    assert make_engine((BOTH,)).lost_pct == 0.0


def test_a_source_that_ends_before_its_first_half_second_ends_well():
    assert run(make_engine(), cut(BOTH_SQUEEZE[:3], [1])) is not None
    assert run(make_engine((LEFT, RIGHT), TWO_UNITS), cut(BOTH_SQUEEZE[:30, :1], [10], stream_id="l")) is not None
    assert run(make_engine(), []) == []
