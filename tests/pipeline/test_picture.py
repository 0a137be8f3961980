import numpy as np
import pytest

from app.pipeline.snapshot import Snapshot
from drivers import registry
from drivers.conformance import Witness
from tests.pipeline.signals import cut, make_engine, muscle, pair

SQUEEZES = [(2.0, 3.2), (4.5, 6.0)]


def picture_after(duration_s: float, **side: list[tuple[float, float]]) -> Snapshot:
    engine = make_engine()
    samples = pair(duration_s, side.get("left", SQUEEZES), side.get("right", SQUEEZES))
    for block in cut(samples, [10]):
        engine.push(block)
    return engine.snapshot(received_ns=7)


def test_no_signal_is_none_and_never_zero():
    samples = pair(6.0, SQUEEZES, SQUEEZES)
    samples[4000:, 0] = 0.0
    engine = make_engine()
    for block in cut(samples, [10]):
        engine.push(block)
    left, right = (engine.snapshot().sides[side] for side in ("left", "right"))

    assert (left.level_pct, left.level_raw, left.state) == (None, None, "no-signal")
    assert right.level_pct is not None


def test_a_side_without_an_electrode_is_no_signal_too():
    from app.pipeline.montage import Montage

    engine = make_engine(montage=Montage(("right",), {"unit": ((1, 0),)}))
    for block in cut(pair(3.0, [], [(1.5, 3.0)]), [10]):
        engine.push(block)
    left = engine.snapshot().sides["left"]

    assert (left.level_pct, left.state) == (None, "no-signal")
    assert left.verdict_text == "No electrode on this side."


def test_the_bar_is_the_share_of_the_reference():
    snapshot = picture_after(5.5)

    for side in ("left", "right"):
        assert snapshot.sides[side].level_pct == pytest.approx(39.0, rel=0.2)  # 40 µV of 100, white noise less 10 %
        assert snapshot.sides[side].state == "firing"
    assert snapshot.attempt_open
    assert snapshot.together


def test_the_picture_before_the_first_sample_shows_nothing_and_does_not_fail():
    snapshot = make_engine().snapshot()

    assert all(view.level_pct is None for view in snapshot.sides.values())
    assert snapshot.t_s == 0.0


def test_traces_are_ten_seconds_long_from_the_first_moment_on_and_empty_where_nothing_was():
    snapshot = picture_after(3.0)

    (left, right) = snapshot.traces
    assert (left.site, right.site) == ("left", "right")
    assert left.level_pct.shape == (2000,)
    assert np.isnan(left.level_pct[:1399]).all()
    assert np.isfinite(left.level_pct[-100:]).all()
    assert left.onsets_s == pytest.approx((2.0,), abs=0.03)


def test_traces_move_on_and_end_at_the_newest_hop():
    engine = make_engine()
    for block in cut(pair(26.0, [(25.0, 26.0)], []), [10]):
        engine.push(block)
    snapshot = engine.snapshot()

    assert snapshot.trace_end_s == pytest.approx(26.0, abs=0.01)
    left = snapshot.traces[0].level_pct
    assert np.isfinite(left).all()
    assert left[-150:].min() > 20.0 > left[:-220].max()


def test_a_snapshot_that_was_given_away_never_changes():
    engine = make_engine()
    blocks = list(cut(pair(12.0, SQUEEZES, SQUEEZES), [10]))
    for block in blocks[:500]:
        engine.push(block)
    snapshot = engine.snapshot()
    before = snapshot.traces[0].level_pct.copy()
    for block in blocks[500:]:
        engine.push(block)

    np.testing.assert_array_equal(snapshot.traces[0].level_pct, before)
    assert snapshot.t_s == pytest.approx(5.0, abs=0.01)


def test_a_side_at_forty_percent_stays_at_forty_percent_for_ten_minutes():
    """Nothing drifts: no auto-range, no running sum, no creeping reference."""
    engine = make_engine()
    minute = np.column_stack([muscle(60.0, [(0.0, 60.0)], seed=seed) for seed in (1, 2)])
    by_minute: list[float] = []
    for number in range(10):
        levels = []
        blocks = cut(minute, [100], start_s=60.0 * number, first_index=60_000 * number)
        for place, block in enumerate(blocks):
            engine.push(block)
            if (number or place > 20) and place % 5 == 0:
                level_pct = engine.snapshot().sides["left"].level_pct
                assert level_pct is not None
                levels.append(level_pct)
        by_minute.append(float(np.sqrt(np.mean(np.square(levels)))))

    assert by_minute == pytest.approx([by_minute[0]] * 10, rel=0.02)
    assert by_minute[0] == pytest.approx(40.0, rel=0.1)


def test_the_levels_of_the_simulated_person_are_those_of_the_truth():
    uri = "sim:healthy?seed=1&speed=max&compensators=0&reps=6&noise=3"
    driver = registry.create(uri)
    witness = Witness()
    (info,) = driver.open(witness)
    driver.start()
    with witness.watched:
        assert witness.watched.wait_for(witness.closed, 20.0)
    driver.close()
    engine = make_engine((info,), type(make_engine().montage)(("left", "right"), {info.stream_id: ((0, 0), (1, 1))}))
    peaks = {"left": 0.0, "right": 0.0}
    for block in witness.blocks:
        engine.push(block)
        for side, view in engine.snapshot().sides.items():
            peaks[side] = max(peaks[side], view.level_pct or 0.0)

    assert all(30.0 < peak < 90.0 for peak in peaks.values())
