"""What the bar shows is for the eye: it comes sooner and steadier, and nothing is judged by it."""

import numpy as np

from app.pipeline.chain import Bars
from app.pipeline.snapshot import Snapshot
from tests.pipeline.signals import cut, lines, make_engine, pair, run

SQUEEZE = [(3.0, 8.0)]
STEADY = pair(9.0, SQUEEZE, SQUEEZE)


def watched(*, draws: Bars | None) -> list[Snapshot]:
    engine = make_engine(draws=draws)
    shown = []
    for block in cut(STEADY, [10]):
        engine.push(block)
        shown.append(engine.snapshot())
    return shown


def levels(shown: list[Snapshot], start_s: float, end_s: float) -> np.ndarray:
    return np.array([one.sides["left"].level_pct for one in shown if start_s <= one.t_s < end_s], np.float64)


def test_whoever_watches_changes_no_line():
    assert lines(run(make_engine(draws=Bars()), cut(STEADY, [10]))) == lines(run(make_engine(), cut(STEADY, [10])))


def test_the_bar_is_steadier_than_the_level_that_is_judged():
    bar, judged = (levels(watched(draws=draws), 4.0, 8.0) for draws in (Bars(), None))
    assert bar.std() / bar.mean() < 0.75 * judged.std() / judged.mean()
    assert abs(bar.mean() / judged.mean() - 1.0) < 0.04


def test_the_bar_is_at_half_height_before_the_level_that_is_judged():
    risen = [
        next(one.t_s for one in watched(draws=draws) if one.t_s > 3.0 and (one.sides["left"].level_pct or 0.0) >= 20.0)
        for draws in (Bars(), None)
    ]
    assert risen[0] <= risen[1]


def test_plain_bars_are_the_level_that_is_judged():
    plain = levels(watched(draws=Bars(plain=True)), 4.0, 8.0)
    np.testing.assert_array_equal(plain, levels(watched(draws=None), 4.0, 8.0))


def test_bars_change_while_the_session_goes_on():
    bars = Bars(plain=True)
    engine, shown = make_engine(draws=bars), []
    for block in cut(STEADY, [10]):
        bars.plain = engine.t_s < 5.0
        engine.push(block)
        shown.append(engine.snapshot())
    steady = levels(watched(draws=Bars()), 6.0, 8.0)
    np.testing.assert_allclose(levels(shown, 6.0, 8.0), steady, rtol=0.02)
