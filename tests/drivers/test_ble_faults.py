"""Everything that goes wrong with Bluetooth, on two units: it is told, it ends, and the other side notices nothing.

The real bleak runs on a fake BlueZ (`tests.rigs`). Links are less patient here than in the application, so that the
faults take seconds. ``docs/devices-faults.md`` says what was asked and what was reached.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from drivers import io_loop
from drivers.backoff import retry_delays
from drivers.chords.npg_driver import NpgDriver
from drivers.link import LinkTimes
from drivers.types import LinkState
from drivers.uri import parse_uri
from tests.rigs.devices.npg import NpgDevice
from tests.rigs.peripheral import FAILED
from tests.rigs.side import Side

if TYPE_CHECKING:
    from tests.rigs.air import Air


STALLED_S, DEAD_S = 0.4, 1.2
TOLD_S = 0.5
"""A fault that the system reports is told within this: 50 ms asked, 1 ms usual, the rest for a busy computer."""
BACK_S = 3.0
"""Data flow again within this once they can."""


@pytest.fixture
def make_side(air: "Air", monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Side]]:
    """Put a unit on the air, with the driver that is to open it."""
    monkeypatch.setattr(NpgDriver, "times", LinkTimes(STALLED_S, DEAD_S, proven_after_s=1.0))
    sides: list[Side] = []

    def make(name: str) -> Side:
        peripheral = air.add(NpgDevice(name=name), f"C0:00:00:00:00:0{len(sides) + 1}")
        uri = parse_uri(f"npg:{name}", ["npg"])
        seed = len(sides)
        sides.append(Side(NpgDriver(uri, delays=lambda: retry_delays(random.Random(seed))), peripheral))
        return sides[-1]

    yield make
    for side in sides:
        side.driver.close()


@pytest.fixture
def pair(make_side: Callable[[str], Side]) -> tuple[Side, Side]:
    """Two units that stream."""
    left, right = make_side("NPG-LEFT"), make_side("NPG-RIGHT")
    for side in (left, right):
        side.driver.open(side.log)
    for side in (left, right):
        side.driver.start()
    for side in (left, right):
        side.hears(5)
    return left, right


def test_a_lost_link_is_told_at_once_and_made_anew(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    left.told(LinkState.RECONNECTING, now_ns, TOLD_S)
    left.told(LinkState.STREAMING, now_ns, BACK_S)
    left.hears(3)
    assert left.log.blocks[-1].epoch == 1
    left.is_true()
    right.is_untouched()


def test_a_unit_that_the_system_forgot_is_found_again(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral, forget=True)
    left.told(LinkState.STREAMING, now_ns, BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_a_unit_out_of_range_is_searched_until_it_is_near_again(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    now_ns = time.perf_counter_ns()
    left.peripheral.advertising = False
    air.drop(left.peripheral)
    left.told(LinkState.RECONNECTING, now_ns, TOLD_S, saying="hold it nearer")
    right.hears(60)
    assert set(left.states(now_ns)) == {LinkState.RECONNECTING}
    left.peripheral.advertising = True
    near_ns = time.perf_counter_ns()
    left.told(LinkState.STREAMING, near_ns, BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_a_unit_that_falls_silent_is_given_up_and_connected_anew(pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.muted = True
    now_ns = time.perf_counter_ns()
    left.told(LinkState.STALLED, now_ns, STALLED_S + TOLD_S)
    left.told(LinkState.RECONNECTING, now_ns, DEAD_S + TOLD_S)
    left.peripheral.muted = False
    left.told(LinkState.STREAMING, now_ns, BACK_S)
    left.hears(3)
    assert left.peripheral.n_connects == 2
    left.is_true()
    right.is_untouched()


def test_a_short_pause_is_told_and_costs_neither_link_nor_gap(pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.muted = True
    now_ns = time.perf_counter_ns()
    left.told(LinkState.STALLED, now_ns, STALLED_S + TOLD_S)
    left.peripheral.muted = False
    left.told(LinkState.STREAMING, time.perf_counter_ns(), TOLD_S)
    left.hears(3)
    assert left.peripheral.n_connects == 1
    assert left.log.blocks[-1].epoch == 0
    assert left.gaps == []
    left.is_true()
    right.is_untouched()


def test_a_killed_bluetooth_service_is_noticed_by_silence_and_both_sides_come_back(air: "Air", pair: tuple[Side, Side]):
    now_ns = time.perf_counter_ns()
    air.crash()
    for side in pair:
        side.told(LinkState.STALLED, now_ns, STALLED_S + TOLD_S)
    for side in pair:
        side.told(LinkState.UNAVAILABLE, now_ns, DEAD_S + BACK_S, saying="Bluetooth service")
    air.recover()
    back_ns = time.perf_counter_ns()
    for side in pair:
        side.told(LinkState.STREAMING, back_ns, DEAD_S + BACK_S)
        side.hears(3)
        side.is_true()


def test_a_killed_message_bus_is_survived_on_both_sides(air: "Air", pair: tuple[Side, Side]):
    now_ns = time.perf_counter_ns()
    air.bus.kill()
    for side in pair:
        side.told(LinkState.UNAVAILABLE, now_ns, BACK_S)
    air.bus.start()
    air.recover()
    back_ns = time.perf_counter_ns()
    for side in pair:
        side.told(LinkState.STREAMING, back_ns, BACK_S)
        side.hears(3)
        side.is_true()


def test_bluetooth_switched_off_is_named_and_comes_back_when_it_is_on(air: "Air", pair: tuple[Side, Side]):
    now_ns = time.perf_counter_ns()
    air.do(air.bluez.set_powered, False)
    for side in pair:
        side.told(LinkState.UNAVAILABLE, now_ns, BACK_S, saying="switch it on")
    air.do(air.bluez.set_powered, True)
    on_ns = time.perf_counter_ns()
    for side in pair:
        side.told(LinkState.STREAMING, on_ns, BACK_S)
        side.hears(3)
        side.is_true()


def test_an_adapter_that_is_pulled_out_is_named_and_used_again(air: "Air", pair: tuple[Side, Side]):
    now_ns = time.perf_counter_ns()
    air.do(air.bluez.unplug_adapter)
    for side in pair:
        side.told(LinkState.UNAVAILABLE, now_ns, BACK_S, saying="adapter")
    air.do(air.bluez.plug_adapter)
    in_ns = time.perf_counter_ns()
    for side in pair:
        side.told(LinkState.STREAMING, in_ns, BACK_S)
        side.hears(3)
        side.is_true()


def test_failed_connections_are_tried_again_with_the_reason_shown(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.faults.connect_fails = 3
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    left.told(LinkState.STREAMING, now_ns, 20.0)
    left.hears(3)
    reasons = [reason for at_ns, state, reason in left.log.told if at_ns >= now_ns and state is LinkState.RECONNECTING]
    assert all(reasons)
    assert left.peripheral.faults.connect_fails == 0
    left.is_true()
    right.is_untouched()


def test_a_refused_subscription_is_tried_again(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.faults.notify_error = (FAILED, "Not connected")
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    air.wait(lambda: left.peripheral.n_connects >= 3, BACK_S)
    left.peripheral.faults.notify_error = None
    left.told(LinkState.STREAMING, now_ns, 2 * BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_services_that_never_resolve_end_at_the_time_out_and_leave_nothing_connected(
    air: "Air", pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
):
    left, right = pair
    monkeypatch.setattr("drivers.radio.CONNECT_S", 0.4)
    left.peripheral.faults.resolve_never = True
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    air.wait(lambda: left.peripheral.n_connects == 2 and left.peripheral.connected, BACK_S)
    air.wait(lambda: not left.peripheral.connected, BACK_S)
    left.peripheral.faults.resolve_never = False
    left.told(LinkState.STREAMING, now_ns, 2 * BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_both_sides_lost_together_come_back_together(air: "Air", pair: tuple[Side, Side]):
    now_ns = time.perf_counter_ns()
    for side in pair:
        air.drop(side.peripheral)
    for side in pair:
        side.told(LinkState.STREAMING, now_ns, BACK_S)
        side.hears(3)
        side.is_true()


def test_a_listener_with_a_bug_costs_its_own_blocks_alone(pair: tuple[Side, Side]):
    left, right = pair
    left.log.raises = 3
    now_ns = time.perf_counter_ns()
    left.hears(5)
    assert left.log.raises == 0
    assert LinkState.RECONNECTING not in left.states(now_ns)
    assert left.peripheral.n_connects == 1
    right.is_untouched()


def test_a_link_left_over_from_a_killed_program_is_taken_over(air: "Air", make_side: Callable[[str], Side]):
    left = make_side("NPG-LEFT")
    air.do(air.bluez.leave_linked, left.peripheral)
    left.driver.open(left.log)
    left.driver.start()
    left.hears(3)
    assert left.peripheral.n_connects == 1
    left.is_true()


def test_both_units_are_let_go_at_once_while_the_system_takes_its_time(air: "Air", pair: tuple[Side, Side]):
    for side in pair:
        side.peripheral.faults.disconnect_delay_s = 2.0
    began_ns = time.perf_counter_ns()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda side: side.driver.close(), pair))
    air.wait(lambda: not any(side.peripheral.connected for side in pair), 3.0)
    assert time.perf_counter_ns() - began_ns < 3.0e9


def test_a_command_that_is_never_answered_is_given_up_and_sent_again(
    air: "Air", pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
):
    left, right = pair
    monkeypatch.setattr("drivers.gatt.OPERATION_S", 0.4)
    left.peripheral.faults.write_hangs = True
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    left.told(LinkState.RECONNECTING, now_ns, BACK_S, saying="does not answer")
    left.peripheral.faults.write_hangs = False
    left.told(LinkState.STREAMING, now_ns, 2 * BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_a_command_that_the_system_has_no_time_for_is_repeated_on_the_same_link(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.faults.write_in_progress = 5
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    left.told(LinkState.STREAMING, now_ns, BACK_S)
    left.hears(3)
    assert left.peripheral.n_connects == 2
    left.is_true()
    right.is_untouched()


def test_a_command_that_the_unit_refuses_is_told_in_words(air: "Air", pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.faults.write_error = (FAILED, "Operation failed with ATT error: 0x0e")
    now_ns = time.perf_counter_ns()
    air.drop(left.peripheral)
    left.told(LinkState.RECONNECTING, now_ns, BACK_S, saying="refused a command")
    left.peripheral.faults.write_error = None
    left.told(LinkState.STREAMING, now_ns, 2 * BACK_S)
    left.hears(3)
    left.is_true()
    right.is_untouched()


def test_stopping_does_not_wait_for_a_unit_that_no_longer_answers(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
):
    left, right = pair
    monkeypatch.setattr("drivers.gatt.OPERATION_S", 0.4)
    left.peripheral.faults.write_hangs = True
    began_ns = time.perf_counter_ns()
    left.driver.stop()
    assert time.perf_counter_ns() - began_ns < 2.0e9
    right.hears(3)
    right.is_untouched()


@pytest.mark.parametrize("blocked_s", [1.0, pytest.param(10.0, marks=pytest.mark.full)])
def test_a_blocked_loop_loses_nothing(pair: tuple[Side, Side], blocked_s: float):
    async def block() -> None:
        threading.Event().wait(blocked_s)

    io_loop.run(block(), blocked_s + 5.0)
    for side in pair:
        side.hears(20)
        assert side.gaps == []
        assert side.log.blocks[-1].epoch == 0
        side.is_true()


@pytest.mark.parametrize(("fate", "n_gaps"), [("lose_next", 1), ("repeat_next", 0)], ids=["lost", "repeated"])
def test_packets_that_get_lost_are_counted_and_repeated_ones_dropped(pair: tuple[Side, Side], fate: str, n_gaps: int):
    left, right = pair
    setattr(left.peripheral.channel, fate, 3)
    left.hears(10)
    left.is_true()
    assert left.gaps == [3 * left.peripheral.device.samples_per_packet] * n_gaps
    right.is_untouched()


def test_a_packet_that_comes_after_its_successor_is_a_gap_and_never_a_wrong_sample(pair: tuple[Side, Side]):
    left, right = pair
    left.peripheral.channel.swap_next = 1
    left.hears(10)
    left.is_true()
    assert left.gaps == [left.peripheral.device.samples_per_packet]
    right.is_untouched()
