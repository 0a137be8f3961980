"""What is counted aloud, and when."""

import pytest

from app.session.counting import HoldCount, tell_progress
from app.session.events import Say
from app.session.programme import Phase, Programme
from app.session.progress import ProgrammeProgress


def counted(phase: Phase, n: int, *, scheme: str = "both", skip_rests: bool = True) -> list[tuple[str, object]]:
    """What is said while `n` reps are counted, one a second."""
    programme = Programme("p", "P", "", "prone", (phase,), scheme=scheme)  # type: ignore[arg-type]
    progress = ProgrammeProgress(programme, skip_rests=skip_rests)
    said: list[Say] = []
    for number in range(n):
        before = progress.at
        progress.count(float(number), is_rep=True, woke=False)
        said += tell_progress(before, progress, float(number))
    return [(one.what, one.value) for one in said]


def test_every_fifth_is_counted_and_the_last_three_are_counted_down():
    said = counted(Phase("work", reps=20), 20)
    assert said == [
        ("count", 5), ("count", 10), ("count", 15), ("count-down", 3), ("count-down", 2), ("count-down", 1),
        ("finished", None),
    ]  # fmt: skip


def test_an_open_end_is_counted_and_never_counted_down():
    assert counted(Phase("wake-up", reps=30, max_squeezes=60), 28)[-1] == ("count", 25)


def test_a_check_is_not_counted_aloud():
    assert counted(Phase("check", reps=10, feedback="none"), 10) == [("finished", None)]


def test_a_rest_and_the_set_after_it_are_told():
    phase = Phase("work", reps=4, sets=2, rest_s=30.0)
    assert counted(phase, 4, skip_rests=False)[-1] == ("rest", 30)
    assert counted(phase, 4)[-1] == ("set", 2)


def test_one_side_and_then_the_other_are_named_where_each_has_its_turn():
    said = counted(Phase("work", reps=2, sets=2), 4, scheme="single")
    assert [one for one in said if one[0] in ("side", "set")] == [("side", "right"), ("set", 2), ("side", "left")]


def test_sides_that_take_turns_are_named_each_time():
    said = counted(Phase("work", reps=3), 5, scheme="alternating")
    assert [value for what, value in said if what == "side"] == ["right", "left", "right", "left", "right"]
    assert [value for what, value in said if what == "count-down"] == [3, 2, 1]


@pytest.mark.parametrize(
    ("hold_s", "said"),
    [
        (3.0, [("hold-seconds", 1), ("hold-seconds", 2), ("let-go", None)]),
        (10.0, [*(("hold-seconds", n) for n in range(1, 5)), ("halfway", None),
                *(("hold-seconds", n) for n in range(6, 10)), ("let-go", None)]),
        (30.0, [("hold-seconds", 5), ("hold-seconds", 10), ("halfway", None), ("hold-seconds", 20),
                ("hold-seconds", 25), ("let-go", None)]),
    ],
)  # fmt: skip
def test_the_seconds_of_a_hold_are_told_with_its_middle_and_its_end(hold_s, said):
    count, told = HoldCount(), []
    for tick in range(round((hold_s + 2.0) / 0.005)):
        told += count.tell(0.005 * tick, 0.0, hold_s)
    assert [(one.what, one.value) for one in told] == said


def test_after_a_hole_in_the_signal_the_newest_second_alone_is_told():
    assert [one.value for one in HoldCount().tell(3.2, 0.0, 10.0)] == [3]
