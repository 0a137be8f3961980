"""The simulator is a source like any other: it flows, loses, stalls, ends and refuses like one."""

import json
import threading
from typing import Any

import numpy as np
import pytest

from drivers import conformance, registry
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceBusyError, SourceNotFoundError, SourceUriError
from drivers.pace import Pace
from drivers.simulator import truth
from drivers.simulator.driver import SimulatorDriver
from drivers.simulator.people import BODY, SCENARIOS
from drivers.types import LinkState
from drivers.uri import parse_uri

STREAMING, STALLED, RECONNECTING, CLOSED = (
    LinkState.STREAMING,
    LinkState.STALLED,
    LinkState.RECONNECTING,
    LinkState.CLOSED,
)


def calibration_of(text: str) -> dict[str, Any]:
    carried = registry.create(text).carried.calibration
    assert carried is not None
    return dict(carried)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_keeps_the_promises_of_a_driver(name):
    conformance.check(lambda: registry.create(f"sim:{name}?speed=max"), n_blocks=300)


@pytest.mark.parametrize(
    "faults", ["loss=0.3", "stall_at=0.2", "disconnect_at=0.2&disconnect_s=0.5", "loss=0.5&rate=333"]
)
def test_faults_break_no_promise_of_a_driver(faults):
    conformance.check(lambda: registry.create(f"sim:two-units?speed=max&{faults}"), n_blocks=300)


def test_a_paced_source_keeps_the_promises_of_a_driver():
    conformance.check(lambda: registry.create("sim:healthy?speed=50"))


def test_channels_are_sites(run):
    assert run("sim:healthy?reps=1").streams[0].ch_names == BODY


def test_time_is_stamped_by_the_schedule(run):
    blocks = run("sim:healthy?reps=1").blocks

    assert [block.arrival_ns for block in blocks[:3]] == [9_000_000, 19_000_000, 29_000_000]


def test_the_source_ends_three_seconds_after_the_last_squeeze(run):
    blocks, end_s = run("sim:healthy?reps=2").blocks, truth("sim:healthy?reps=2")[-1].end_s

    assert blocks[-1].arrival_ns * 1e-9 == pytest.approx(end_s + 3.0, abs=0.002)


def test_a_link_streams_and_closes_once(run):
    states = run("sim:healthy?reps=1").states

    assert [state for _, state, _ in states] == [STREAMING, CLOSED]


def test_lost_packets_leave_numbers_out_and_change_no_other_sample(run):
    whole, holed = run("sim:healthy?reps=2").samples(), run("sim:healthy?reps=2&loss=0.1")

    for block in holed.blocks:
        assert np.array_equal(block.samples, whole[block.first_index : block.first_index + block.n_samples])
    assert sum(block.n_lost for block in holed.blocks) / len(whole) == pytest.approx(0.1, abs=0.04)


def test_what_is_lost_does_not_depend_on_the_size_of_blocks(run):
    small, large = (run(f"sim:healthy?reps=2&loss=0.1&block_ms={block_ms}") for block_ms in (3, 100))

    assert np.array_equal(small.samples(), large.samples())


def test_a_stall_delays_samples_and_loses_none(run):
    plain, stalled = run("sim:healthy?reps=1"), run("sim:healthy?reps=1&stall_at=2&stall_s=1.5")
    late = [block for block in stalled.blocks if block.arrival_ns == 3_500_000_000]

    assert np.array_equal(plain.samples(), stalled.samples())
    assert sum(block.n_samples for block in late) == pytest.approx(1500, abs=20)
    assert [state for _, state, _ in stalled.states] == [STREAMING, STALLED, STREAMING, CLOSED]


def test_a_broken_link_comes_back_as_a_new_epoch_without_what_was_missed(run):
    plain, broken = run("sim:healthy?reps=1"), run("sim:healthy?reps=1&disconnect_at=2&disconnect_s=1.5")
    before, after = ([block for block in broken.blocks if block.epoch == epoch] for epoch in (0, 1))

    assert before[-1].first_index + before[-1].n_samples == 2000
    assert (after[0].first_index, after[0].n_lost) == (0, 0)
    assert np.array_equal(after[0].samples, plain.samples()[3500 : 3500 + after[0].n_samples].astype(np.float32))
    assert after[0].arrival_ns >= 3_500_000_000
    assert [state for _, state, _ in broken.states] == [STREAMING, RECONNECTING, STREAMING, CLOSED]


def test_two_units_bring_a_stream_for_each_side(run):
    streams = run("sim:two-units?reps=1").streams

    assert [stream.ch_names for stream in streams] == [
        ("left", "hamstring-left", "erector-left"),
        ("right", "hamstring-right", "erector-right"),
    ]
    assert [stream.stream_id.rpartition("-")[2] for stream in streams] == ["left", "right"]


def test_two_units_have_clocks_of_their_own(run):
    whole = run("sim:two-units?reps=100")

    for stream, drift_ppm in ((0, 40.0), (1, -30.0)):
        blocks = whole.blocks_of(stream)
        seconds = (blocks[-1].arrival_ns - blocks[0].arrival_ns) * 1e-9
        n_samples = blocks[-1].first_index + blocks[-1].n_samples - blocks[0].n_samples
        assert (n_samples / seconds / 1000.0 - 1.0) * 1e6 == pytest.approx(drift_ppm, abs=1.0)


def test_two_units_do_not_start_together(run):
    first = [run("sim:two-units?reps=1").blocks_of(stream)[0].arrival_ns for stream in (0, 1)]

    assert first[1] - first[0] == pytest.approx(120_000_000, abs=1000)


def test_blocks_of_two_units_come_in_the_order_of_their_arrival(run):
    arrivals = [block.arrival_ns for block in run("sim:two-units?reps=2&stall_at=3").blocks]

    assert arrivals == sorted(arrivals)


def test_only_one_of_two_units_breaks(run):
    broken = run("sim:two-units?reps=1&disconnect_at=2")

    assert {block.epoch for block in broken.blocks_of(0)} == {0, 1}
    assert {block.epoch for block in broken.blocks_of(1)} == {0}


def test_a_stream_keeps_its_name_at_any_speed():
    names = {registry.create(f"sim:healthy?{speed}").open(Witness())[0].stream_id for speed in ("seed=1", "speed=max")}

    assert len(names) == 1


def test_only_as_fast_as_possible_is_unpaced():
    paced = [registry.create(f"sim:healthy?speed={speed}").open(Witness())[0].paced for speed in ("1", "9", "max")]

    assert paced == [True, True, False]


def test_at_true_speed_stamps_count_from_the_start_on_the_clock_of_the_computer():
    seven_s = 7_000_000_000
    now_ns = seven_s

    def wait(seconds: float) -> None:
        nonlocal now_ns
        now_ns += round(seconds * 1e9)

    uri = parse_uri("sim:healthy?reps=1", ("sim",))
    driver = SimulatorDriver(uri, pace=lambda speed: Pace(speed, clock=lambda: now_ns, wait=wait))
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_until_closed(1, 10.0)
    driver.close()

    assert [block.arrival_ns - seven_s for block in witness.blocks[:2]] == [9_000_000, 19_000_000]
    assert now_ns >= witness.blocks[-1].arrival_ns


def test_a_second_start_gives_the_same_person_again(run):
    driver = registry.create("sim:late-left?reps=1&speed=max")
    first, second = Witness(), Witness()
    for witness in (first, second):
        driver.open(witness)
        driver.start()
        assert witness.wait_until_closed(1, 10.0)
    driver.close()

    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first.blocks, second.blocks, strict=True))


def test_the_thread_is_named():
    names = set()

    class Listener(Witness):
        def on_block(self, block):
            names.add(threading.current_thread().name)
            super().on_block(block)

    driver, witness = registry.create("sim:healthy?reps=1&speed=max"), Listener()
    driver.open(witness)
    driver.start()
    assert witness.wait_until_closed(1, 10.0)
    driver.close()

    assert names == {"sim"}


def test_a_listener_that_fails_closes_the_link_with_a_sentence():
    class Failing(Witness):
        def on_block(self, block):
            raise ValueError("full")

    driver, witness = registry.create("sim:healthy?reps=1&speed=max"), Failing()
    driver.open(witness)
    driver.start()
    assert witness.wait_until_closed(1, 10.0)
    driver.close()

    assert [state for _, state, _ in witness.states] == [STREAMING, LinkState.UNAVAILABLE, CLOSED]


def test_start_before_open_is_refused():
    with pytest.raises(DriverError):
        registry.create("sim:healthy").start()


def test_the_truth_file_has_one_line_for_each_squeeze(run, tmp_path):
    text = f"sim:waking-left?wake=2&reps=4&truth={tmp_path / 'truth.jsonl'}"
    run(text)
    lines = (tmp_path / "truth.jsonl").read_text().splitlines()

    assert [json.loads(line) for line in lines] == [squeeze.to_dict() for squeeze in truth(text)]


def test_a_truth_file_in_no_folder_is_refused_in_one_sentence(tmp_path):
    driver = registry.create(f"sim:healthy?truth={tmp_path}/nowhere/truth.jsonl")
    driver.open(Witness())

    with pytest.raises(SourceNotFoundError, match="folder of truth="):
        driver.start()


def test_a_truth_file_that_is_a_folder_is_refused_in_one_sentence(tmp_path):
    driver = registry.create(f"sim:healthy?truth={tmp_path}")
    driver.open(Witness())

    with pytest.raises(SourceBusyError, match="cannot be written"):
        driver.start()


def test_the_carried_calibration_is_one_that_the_application_takes():
    from app.session.calibration import Calibration

    assert Calibration(**calibration_of("sim:healthy")).reference["left"] == pytest.approx(100e-6)


def test_three_tries_stand_behind_each_reference_with_the_spread_of_careful_ones():
    calibration = calibration_of("sim:healthy")

    for site, tries in calibration["tries"].items():
        assert np.exp(np.log(tries).mean()) == pytest.approx(calibration["reference"][site])
        assert np.log(tries).std(ddof=1) == pytest.approx(0.04)


def test_an_error_of_the_reference_is_carried_and_leaves_the_truth_alone():
    errors = [
        np.log(calibration_of(f"sim:healthy?reference_error=0.15&seed={seed}")["reference"]["left"] / 100e-6)
        for seed in range(100)
    ]

    assert np.std(errors) == pytest.approx(0.15, rel=0.2)
    assert truth("sim:healthy?reference_error=0.15&reps=3") == truth("sim:healthy?reps=3")


def test_a_scan_lists_every_scenario_and_each_of_them_opens():
    found = SimulatorDriver.scan(0.1)

    assert [item.uri for item in found] == [f"sim:{name}" for name in SCENARIOS]
    for item in found:
        registry.create(item.uri)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("healthyy", "did you mean 'healthy'"),
        ("nobody", "there are healthy, sleepy-left"),
        ("healthy?sede=1", "did you mean 'seed'"),
        ("healthy?rate=100", "from 200 to 4000"),
        ("healthy?rate=1000.5", "whole number"),
        ("healthy?seed=-1", "from 0 to"),
        ("healthy?loss=0.6", "from 0 to 0.5"),
        ("healthy?period=1", "from 2.5 to 60"),
        ("healthy?reps=0", "from 1 to"),
        ("healthy?noise=nan", "from 0.1 to"),
        ("healthy?speed=0", "or max"),
        ("healthy?wake=5", "wake needs a person who wakes up"),
        ("healthy?open_at=5", "open_at needs an electrode that is off"),
        ("two-units?crosstalk=0.1", "crosstalk needs both sides in one unit"),
        ("healthy?stall_s=2", "stall_s says nothing without stall_at"),
        ("healthy?disconnect_s=2", "disconnect_s says nothing without disconnect_at"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_would_be_right(text, sentence):
    with pytest.raises(SourceUriError, match=sentence):
        registry.create(f"sim:{text}")
