"""A paced source keeps an absolute schedule, whoever is slow."""

import threading

from drivers.pace import Pace


class Clock:
    """A clock that only moves when somebody waits or `now_ns` is set."""

    def __init__(self) -> None:
        self.now_ns = 5_000_000_000
        self.waits_s: list[float] = []

    def __call__(self) -> int:
        return self.now_ns

    def wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)
        self.now_ns += round(seconds * 1e9)


def started(speed: float) -> tuple[Pace, Clock]:
    clock = Clock()
    pace = Pace(speed, clock=clock, wait=clock.wait)
    pace.start()
    return pace, clock


def test_a_block_waits_until_its_time_has_come():
    pace, clock = started(1.0)

    assert pace.reach(10_000_000)
    assert clock.now_ns == 5_010_000_000


def test_four_times_the_speed_takes_a_quarter_of_the_time():
    pace, clock = started(4.0)

    assert pace.reach(1_000_000_000)
    assert clock.now_ns == 5_250_000_000


def test_a_slow_listener_does_not_shift_the_schedule():
    pace, clock = started(1.0)
    clock.now_ns += 35_000_000  # the listener took 35 ms for a block of 10

    for due_ms in (10, 20, 30, 40):
        pace.reach(due_ms * 1_000_000)

    assert clock.waits_s == [0.005]
    assert clock.now_ns == 5_040_000_000


def test_as_fast_as_possible_never_waits():
    pace, clock = started(float("inf"))

    assert pace.reach(3_600_000_000_000)
    assert clock.waits_s == []


def test_a_wait_that_ends_early_is_taken_up_again():
    clock = Clock()
    pace = Pace(1.0, clock=clock, wait=lambda seconds: clock.wait(seconds / 2 if seconds > 1e-3 else seconds))
    pace.start()

    assert pace.reach(10_000_000)
    assert clock.now_ns >= 5_010_000_000


def test_only_at_true_speed_are_stamps_wall_time():
    assert started(1.0)[0].origin_ns == 5_000_000_000
    assert started(2.0)[0].origin_ns == 0
    assert started(float("inf"))[0].origin_ns == 0


def test_stop_ends_a_wait_at_once():
    pace = Pace(1.0)
    pace.start()
    reached: list[bool] = []
    waiting = threading.Thread(target=lambda: reached.append(pace.reach(3_600_000_000_000)))
    waiting.start()

    pace.stop()
    waiting.join(5.0)

    assert reached == [False]
