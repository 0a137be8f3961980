"""A counter of few bits is unwrapped to the true count, through pauses, backlog, losses, jitter and a wrong rate."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.codec import Unwrapper

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
pytestmark = pytest.mark.timeout(3600 if FULL else 60)

PAUSE = st.tuples(st.just("pause"), st.floats(0.05, 3.0))
LOSS = st.tuples(st.just("loss"), st.floats(0.0, 5.0))
"""Turns of the counter that are lost."""
CALM_S = 3.0

# modulus, rate, counts in a packet, share of packets that are late by 0-100 ms, seconds before the first event.
# Turns of 16 ms cannot be told under jitter on every packet, nor before the rate is measured.
DEVICES = {
    "4 bits at 1000 Hz": (16, 1000.0, 10, 0.1, 4.0),
    "8 bits at 250 Hz, one by one": (256, 250.0, 1, 1.0, 0.5),
    "8 bits at 250 Hz": (256, 250.0, 10, 1.0, 0.5),
    "8 bits at 500 Hz": (256, 500.0, 10, 1.0, 0.5),
    "8 bits at 1000 Hz": (256, 1000.0, 10, 1.0, 3.0),
    "100 states at 100 Hz": (100, 100.0, 1, 1.0, 0.5),
}


def deliver(unwrapper, device, events, speed, seed):
    """Send counters through a rough link; gives the count by the unwrapper, and the true one."""
    modulus, nominal, n_packet, share_late, warm_s = device
    rng = random.Random(seed)
    sfreq = nominal * speed
    script, at_s = [], warm_s
    for kind, size, calm_s in events:
        script.append((at_s, kind, size))
        at_s += (size if kind == "pause" else size * modulus / sfreq) + calm_s
    n, held_until_s, arrival_s, total = 0, 0.0, 0.0, -1  # the first step is 1 by definition and counts nothing
    while (sent_s := (n + n_packet) / sfreq) < at_s + CALM_S:
        while script and script[0][0] <= sent_s:
            began_s, kind, size = script.pop(0)
            if kind == "pause":
                held_until_s = began_s + size
            else:
                n += round(size * modulus)
                sent_s = (n + n_packet) / sfreq
        late_s = rng.uniform(0.0, 0.1) if rng.random() < share_late else 0.0
        arrival_s = max(arrival_s, sent_s + late_s, held_until_s)
        for number in range(n, n + n_packet):
            step = unwrapper.step(number % modulus, round(arrival_s * 1e9))
            assert step >= 0
            total += step
        n += n_packet
    return total, n - 1


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES)
@settings(max_examples=1000 if FULL else 25)
@given(
    events=st.lists(
        st.tuples(st.one_of(PAUSE, LOSS), st.floats(0.1, 3.0)).map(lambda event: (*event[0], event[1])), max_size=5
    ),
    speed=st.floats(0.98, 1.02),
    seed=st.integers(0, 2**32),
)
def test_the_count_is_true_again_after_three_calm_seconds(device, events, speed, seed):
    counted, true = deliver(Unwrapper(device[0], device[1]), device, events, speed, seed)
    assert counted == true


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES)
def test_an_hour_of_a_clock_two_percent_off_is_not_loss(device):
    minute = [("pause", 0.1, 60.0)]
    for speed in (0.98, 1.02):
        counted, true = deliver(Unwrapper(device[0], device[1]), device, minute * (60 if FULL else 1), speed, 1)
        assert counted == true


def steady(unwrapper, n, *, modulus, per_second, first=0, at_s=0.0):
    return [unwrapper.step((first + i) % modulus, round((at_s + i / per_second) * 1e9)) for i in range(n)]


def test_the_first_counter_is_held_to_follow_without_loss():
    unwrapper = Unwrapper(256, 250.0)
    assert unwrapper.step(77, 5) == 1
    unwrapper.restart()
    assert unwrapper.step(3, 10**9) == 1


def test_a_counter_given_twice_at_once_counts_nothing():
    unwrapper = Unwrapper(256, 250.0)
    unwrapper.step(7, 0)
    assert [unwrapper.step(7, 0), unwrapper.step(8, 0)] == [0, 1]


def test_a_counter_that_continues_after_a_pause_has_lost_nothing():
    unwrapper = Unwrapper(256, 250.0)
    steady(unwrapper, 250, modulus=256, per_second=250.0)
    burst = [unwrapper.step((250 + i) % 256, 6 * 10**9) for i in range(1250)]
    assert burst == [1] * 1250
    assert steady(unwrapper, 750, modulus=256, per_second=250.0, first=1500, at_s=6.0) == [1] * 750


def test_a_jump_after_a_pause_is_placed_by_the_time_that_passed():
    unwrapper = Unwrapper(256, 250.0)
    steady(unwrapper, 250, modulus=256, per_second=250.0)
    assert unwrapper.step(1000 % 256, 4 * 10**9) == 751


def test_a_computer_that_stood_still_adds_no_turn_to_a_loss():
    unwrapper = Unwrapper(256, 250.0)
    steady(unwrapper, 250, modulus=256, per_second=250.0)
    assert unwrapper.step(350 % 256, round(2.2e9)) == 101  # 1.4 s is when it was sent


def test_a_lost_turn_that_looked_like_a_pause_is_found_within_two_seconds():
    unwrapper = Unwrapper(256, 250.0)
    steady(unwrapper, 500, modulus=256, per_second=250.0)
    steps = [unwrapper.step((756 + i) % 256, round((756 + i) * 4e6)) for i in range(500)]
    assert steps[0] == 1
    assert sorted(steps)[-2:] == [1, 257]


def test_a_damaged_counter_in_a_burst_adds_no_turns():
    unwrapper = Unwrapper(256, 250.0)
    steady(unwrapper, 250, modulus=256, per_second=250.0)
    burst = [unwrapper.step(i % 256, 4 * 10**9) for i in range(250, 1000) if i != 700]
    assert sum(burst) == 750


def test_a_packet_of_several_counts_is_held_to_its_own_stride():
    unwrapper = Unwrapper(256, 500.0, stride=10)
    steps = [unwrapper.step(10 * i % 256, 0) for i in range(60)]
    assert set(steps) == {10}
    assert unwrapper.step(600 % 256, 5 * 10**9) == 10
