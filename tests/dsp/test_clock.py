"""The clock: what it promises about time, and how near it comes over a radio."""

import math
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.clock import SampleClock

FULL = "GLUTEWAKE_FULL" in os.environ


def radio(rng, *, ppm, interval_s, duration_s, sfreq=1000.0, packet=10):
    """Index after each packet, its arrival in s, and when it was really ready: retries, stalls, waiting for a turn."""
    end = np.arange(packet, duration_s * sfreq, packet)
    ready = end / (sfreq * (1 + ppm * 1e-6))
    phase, last, stalled_until = rng.uniform(0, interval_s), 0.0, -1.0
    next_stall = rng.uniform(5, 15)
    arrival = np.empty(len(end))
    for i, moment in enumerate(ready.tolist()):
        now = max(moment, last)
        if now > next_stall:
            stalled_until, next_stall = next_stall + rng.uniform(0.05, 0.4), next_stall + rng.uniform(5, 20)
        turn = np.ceil((max(now, stalled_until) - phase) / interval_s) + rng.geometric(0.95) - 1
        last = phase + turn * interval_s
        arrival[i] = last + abs(rng.normal(0, 0.0005))
    return end.astype(int), arrival, ready


def follow(clock, end, arrival, times, back=150):
    """What the clock says of the sample `back` before the newest due one, at each of `times`."""
    said, asked, i = [], [], 0
    packet = int(end[0])
    for now in times:
        while i < len(end) and arrival[i] <= now:
            clock.add(int(end[i]) - packet, packet, round(arrival[i] * 1e9))
            i += 1
        asked.append(int(now * 1000) - back)
        said.append(clock.time_ns(asked[-1]) * 1e-9)
    return np.array(asked), np.array(said)


def steady(seconds, *, sfreq=1000.0, true_sfreq=None, known=True, start_ns=0):
    clock = SampleClock(sfreq, known)
    for i in range(int(seconds * 100)):
        clock.add(i * 10, 10, start_ns + round((i + 1) * 10 / (true_sfreq or sfreq) * 1e9))
    return clock


def test_packets_that_are_never_late_give_exact_times():
    clock = steady(20)
    assert clock.time_ns(0) == 0
    assert abs(clock.time_ns(12_345) - 12_345_000_000) <= 1
    assert clock.synced
    assert clock.uncertainty_s < 1e-6


def test_large_host_times_lose_no_precision():
    start = 2**62
    assert abs(steady(20, start_ns=start).time_ns(12_345) - start - 12_345_000_000) <= 1


def test_arrays_and_single_indices_agree():
    clock = steady(15)
    indices = np.array([0, 7, 14_999, 20_000])
    assert clock.time_ns(indices).tolist() == [clock.time_ns(int(index)) for index in indices]
    assert clock.time_ns(indices).dtype == np.int64


def test_a_clock_without_arrivals_says_so():
    with pytest.raises(ValueError, match="no time"):
        SampleClock(1000.0).time_ns(0)


def test_lag_must_wait_ten_seconds_for_the_clock():
    assert not steady(9).synced
    assert steady(9).sync_in_s == pytest.approx(1.0, abs=0.1)
    assert steady(12).synced
    assert steady(12).sync_in_s == 0.0


def test_a_measured_rate_is_fitted_and_not_believed():
    clock = steady(30, sfreq=1000.0, true_sfreq=970.0, known=False)
    assert clock.time_ns(28_000) * 1e-9 == pytest.approx(28_000 / 970.0, abs=0.002)


def test_a_crystal_is_believed_within_200_ppm():
    clock = steady(60, true_sfreq=970.0)
    per_sample_ns = (clock.time_ns(10_000_000) - clock.time_ns(9_000_000)) / 1e6
    assert per_sample_ns == pytest.approx(1e6 * 1.0002, rel=1e-9)


def test_a_stall_of_seconds_moves_nothing():
    clock = SampleClock(1000.0)
    for i in range(6000):
        sampled = (i + 1) * 0.01
        arrival = max(sampled, 33.0) if 30.0 < sampled < 33.0 else sampled
        clock.add(i * 10, 10, round(arrival * 1e9))
    assert abs(clock.time_ns(60_000) - 60_000_000_000) < 1000


def two_radios(seed, times):
    """Error of left against right at each time, and the half width of the interval given for it."""
    rng = np.random.default_rng(seed)
    errors, clocks = [], []
    for interval_s, ppm in ((0.030, 40), (0.045, -40)):
        end, arrival, ready = radio(rng, ppm=ppm, interval_s=interval_s, duration_s=times[-1] + 2)
        clocks.append(SampleClock(1000.0))
        asked, said = follow(clocks[-1], end, arrival, times)
        errors.append(said - np.interp(asked, end, ready))
    assert all(clock.synced for clock in clocks)
    return np.abs(errors[0] - errors[1])[times > 10.5], math.hypot(*(clock.uncertainty_s for clock in clocks))


def test_two_radios_agree_within_5_ms_and_their_interval_covers_the_truth():
    seeds = range(20 if FULL else 8)
    runs = [two_radios(seed, np.arange(1.0, 60.0, 0.25)) for seed in seeds]
    p95 = [np.percentile(difference, 95) for difference, _ in runs]
    assert np.median(p95) <= 0.005
    assert max(p95) <= 0.009
    assert np.mean([np.mean(difference <= width) for difference, width in runs]) > 0.85
    assert max(width for _, width in runs) < 0.012


def test_a_radio_in_turns_is_not_taken_for_later_than_it_is():
    rng = np.random.default_rng(3)
    bias = []
    for _ in range(12):
        end, arrival, ready = radio(rng, ppm=0, interval_s=0.030, duration_s=20)
        clock = SampleClock(1000.0)
        asked, said = follow(clock, end, arrival, np.array([19.0]))
        bias.append(float((said - np.interp(asked, end, ready))[0]))
    assert abs(np.mean(bias)) < 0.003  # 5 ms of 10 ms packets without the correction


@given(
    delays_ms=st.lists(st.integers(0, 900), min_size=60, max_size=200),
    known=st.booleans(),
    packet_ms=st.sampled_from([20, 50, 100]),
)
def test_time_never_runs_backwards_and_the_past_stays_as_it_was_said(delays_ms, known, packet_ms):
    clock = SampleClock(1000.0, known)
    arrival_ns, said, now_index = 0, -(10**18), 0
    for i, delay_ms in enumerate(delays_ms):
        before = clock.time_ns(now_index) if i else 0
        arrival_ns = max(arrival_ns, ((i + 1) * packet_ms + delay_ms) * 1_000_000)
        clock.add(i * packet_ms, packet_ms, arrival_ns)
        if i:
            assert abs(clock.time_ns(now_index) - before) <= 1
        now_index = (i + 1) * packet_ms
        assert clock.time_ns(now_index) > said
        said = clock.time_ns(now_index)
    times = clock.time_ns(np.arange(0, now_index + 3000, 5))
    assert (np.diff(times) > 0).all()


def test_a_backlog_that_comes_at_once_says_nothing_of_the_rate():
    clock = SampleClock(1000.0, sfreq_known=False)
    for i in range(400):
        clock.add(i * 10, 10, 4_000_000_000 + i * 1000)
    assert clock.time_ns(4000) - clock.time_ns(3000) == 1_000_000_000


def test_repeated_and_empty_blocks_change_nothing():
    clock, other = steady(12), steady(12)
    clock.add(600, 10, 12_900_000_000)
    clock.add(1200, 0, 12_900_000_000)
    assert clock.time_ns(20_000) == other.time_ns(20_000)


def test_it_refits_at_half_seconds_of_arrival_and_never_between():
    clock = SampleClock(1000.0)
    for arrival_ms in (100, 110, 120, 590):
        clock.add(arrival_ms - 100, 10, arrival_ms * 1_000_000)
        assert clock.time_ns(10) == 100_000_000
    clock.add(600, 10, 600_000_000)
    assert clock.time_ns(5000) < 5_090_000_000
