"""A replay does acts again between the same two ticks, whatever the size of its blocks."""

from collections.abc import Sequence

import pytest

from app.pipeline.engine import Engine
from app.session.events import Act, Event
from app.session.programme import Phase, Programme
from tests.pipeline.signals import BOTH, CALIBRATION, ONE_UNIT, cut, lines, pair

PROGRAMME = Programme(
    "p", "P", "", "prone", (Phase("work", reps=2, sets=3, rest_s=4.0),), effort_floor_pct=10.0
)  # fmt: skip
SQUEEZES = [(2.0 + 2.0 * number, 3.2 + 2.0 * number) for number in range(12)]
SAMPLES = pair(28.0, SQUEEZES, SQUEEZES)
WANTED = [
    (3.71, Act(0.0, "discard")), (4.333, Act(0.0, "pause")), (6.9, Act(0.0, "go-on")), (12.0, Act(0.0, "end-rest")),
    (12.5, Act(0.0, "repeat-set")), (26.0, Act(0.0, "stop")),
]  # fmt: skip


def engine(acts: Sequence[Act] = (), *, calibrated: bool = True) -> Engine:
    calibration = CALIBRATION if calibrated else None
    return Engine((BOTH,), ONE_UNIT, PROGRAMME, calibration, skip_rests=False, acts=acts)


def lived(size: int, *, calibrated: bool = True) -> list[Event]:
    """A session in which somebody presses keys."""
    live, waiting, events = engine(calibrated=calibrated), list(WANTED), list[Event]()
    for block in cut(SAMPLES, [size]):
        while waiting and waiting[0][0] * 1e9 <= block.arrival_ns:
            events += live.do(waiting.pop(0)[1])
        events += live.push(block)
    return events + live.finish()


def replayed(events: Sequence[Event], size: int, *, calibrated: bool = True) -> list[Event]:
    """The same again, from its lines."""
    again = engine([event for event in events if isinstance(event, Act)], calibrated=calibrated)
    said = [event for block in cut(SAMPLES, [size]) for event in again.push(block)]
    return said + again.finish()


@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize("size", [10, 64, 333, 5000])
def test_a_replay_with_other_blocks_gives_the_same_lines(size, calibrated):
    events = lived(10, calibrated=calibrated)
    assert [event.what for event in events if isinstance(event, Act) and event.by == "person"][-1] == "stop"
    assert lines(replayed(events, size, calibrated=calibrated)) == lines(events)


def test_an_act_is_done_at_once_and_bears_the_time_of_the_newest_tick():
    live = engine()
    live.push(next(cut(SAMPLES, [1000])))
    (act, *_) = live.do(Act(99.0, "pause"))
    assert isinstance(act, Act)
    assert act.t_s == pytest.approx(live.t_s)


def test_an_act_after_the_last_sample_is_done_at_the_end_of_a_replay():
    again = engine([Act(0.0, "stop")])
    assert [event.what for event in again.finish() if isinstance(event, Act)] == ["stop"]


def test_what_muscle_and_coach_did_comes_about_again_by_itself():
    recorded = [Act(5.0, "pause", by="coach", why="no-effort"), Act(6.0, "go-on", by="muscle")]
    assert not [event for event in replayed(recorded, 100) if isinstance(event, Act) and event.what == "go-on"]
