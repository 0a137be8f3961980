"""Long holds: steady, fading, and taken up again."""

import numpy as np
import pytest

from app.session.calibration import Calibration
from app.session.events import Event, Say, StateChanged
from app.session.hold import HoldWatch
from app.session.programme import Phase, Programme
from app.session.tick import TICK_S, Edge, Track
from tests.session.people import BOTH, Frames, coach_for, cues, play

HOLDS = Programme("holds", "Holds", "", "any", (Phase("work", reps=10, hold_s=10.0),), effort_floor_pct=10.0)


def watched(*stretches: tuple[float, float]) -> list[tuple[float, bool]]:
    """When the word changes in a hold of (seconds, level) stretches."""
    track, watch, changes = Track(1), HoldWatch(), []
    for seconds, level in stretches:
        for _ in range(round(seconds / TICK_S)):
            track.extend(np.full((1, 1), level**2), np.full((1, 1), level))
            t_s, before = track.n_ticks * TICK_S, watch.fading
            watch.look(t_s, 0.0, 0, track)
            if watch.fading != before:
                changes.append((t_s, watch.fading))
    return changes


def test_a_steady_hold_does_not_fade():
    assert watched((10.0, 40.0)) == []


def test_a_hold_that_falls_below_seventy_percent_fades():
    changes = watched((6.0, 40.0), (4.0, 20.0))
    assert [fading for _, fading in changes] == [True]
    assert changes[0][0] == pytest.approx(7.8, abs=0.5)  # 20 % in place of 40 % takes 1.8 s to pull a 3 s mean to 28 %


def test_a_hold_taken_up_again_no_longer_fades():
    assert [fading for _, fading in watched((6.0, 40.0), (3.0, 20.0), (4.0, 40.0))] == [True, False]


def test_nothing_is_said_before_seven_seconds():
    assert watched((4.0, 40.0), (2.9, 5.0)) == []


def test_a_hole_in_the_signal_changes_nothing():
    assert watched((5.0, 40.0), (1.0, float("nan")), (2.0, 40.0)) == []


def held(left_late_pct: float, n_ticks: int = 10**6) -> tuple[list[Event], list[float]]:
    """Ten seconds of hold, the left at a share of itself after five; events, and the seconds shown as held."""
    calibration = Calibration("hold", "mvc", dict.fromkeys(BOTH, 2e-6), dict.fromkeys(BOTH, 100e-6))
    level = np.full((round(14.0 / TICK_S), 2), 2e-6)
    on = slice(round(1.0 / TICK_S), round(11.0 / TICK_S))
    level[on] = 40e-6
    level[round(6.0 / TICK_S) : on.stop, 0] = 40e-6 * left_late_pct / 100.0
    edges = {on.start + 10: [Edge(site, True, 1.0) for site in (0, 1)]}
    edges[on.stop + 40] = [Edge(site, False, 11.0) for site in (0, 1)]
    made = Frames(BOTH, calibration, level**2, level, edges, np.array([1.0]), (BOTH,))
    coach, events, shown = coach_for(made, HOLDS), [], []
    for happened in play(coach, made, n_ticks=min(n_ticks, len(level))):
        events += happened
        shown.append(coach.held_s or 0.0)
    return events, shown


def test_a_fading_side_is_named_and_cued_once():
    events, _ = held(50.0)
    assert [(cue.side, cue.kind) for cue in cues(events)] == [("left", "fading")]
    words = [event.state for event in events if isinstance(event, StateChanged) and event.side == "left"]
    assert words == ["quiet", "firing", "fading", "quiet"]


def test_a_steady_hold_hears_nothing():
    assert cues(held(95.0)[0]) == []


def test_a_hold_gives_the_same_lines_however_many_ticks_come_at_once():
    assert held(50.0)[0] == held(50.0, 1)[0] == held(50.0, 37)[0]


def test_seconds_held_are_counted_by_the_muscle():
    _, shown = held(95.0, 1)
    assert max(shown) == pytest.approx(10.2, abs=0.05)  # the release is decided 0.2 s after it
    assert shown[-1] == 0.0


def test_the_seconds_of_a_hold_are_told_until_it_is_time_to_let_go():
    events, _ = held(95.0)
    told = [(event.what, event.value) for event in events if isinstance(event, Say)]
    assert told[:10] == [
        *(("hold-seconds", second) for second in range(1, 5)), ("halfway", None),
        *(("hold-seconds", second) for second in range(6, 10)), ("let-go", None),
    ]  # fmt: skip
    seconds = [event.t_s for event in events if isinstance(event, Say)][:10]
    assert np.diff(seconds) == pytest.approx([1.0] * 9, abs=0.006)


def test_a_side_that_sleeps_keeps_nobody_from_holding():
    level = np.full((round(14.0 / TICK_S), 2), 2e-6)
    level[200:2200, 1] = 40e-6
    edges = {210: [Edge(1, True, 1.0)], 2240: [Edge(1, False, 11.0)]}
    calibration = Calibration("hold", "mvc", dict.fromkeys(BOTH, 2e-6), dict.fromkeys(BOTH, 100e-6))
    made = Frames(BOTH, calibration, level**2, level, edges, np.array([1.0]), (("right",),))
    coach = coach_for(made, HOLDS)
    shown = [coach.held_s or 0.0 for _ in play(coach, made)]
    assert max(shown) == pytest.approx(10.2, abs=0.05)
    assert coach.progress.at.done == 1
