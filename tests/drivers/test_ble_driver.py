"""What every Bluetooth driver does by being one: started, stopped, lost and closed, on the real bleak.

How a unit is found is in ``test_ble_finding.py``, faults while it streams in ``test_ble_faults.py``.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from drivers import conformance, io_loop
from drivers.conformance import Witness
from drivers.errors import DriverError
from drivers.types import LinkState, SampleBlock
from tests.rigs.air import Air
from tests.rigs.counting import (
    COMMAND,
    PATIENCE_S,
    CountingDriver,
    CountingUnit,
    await_call,
    counting_driver,
    streaming,
    wait_until,
)

A, B = "C0:00:00:00:00:0A", "C0:00:00:00:00:0B"


def wait_for(witness: Witness, state: LinkState) -> str:
    """Wait for a state; gives its reason."""
    with witness.watched:
        assert witness.watched.wait_for(lambda: state in [told for _, told, _ in witness.states], PATIENCE_S), (
            witness.states
        )
        return next(reason for _, told, reason in witness.states if told is state)


def wait_for_epoch(witness: Witness, epoch: int) -> None:
    """Wait for some blocks of an epoch."""
    with witness.watched:
        assert witness.watched.wait_for(
            lambda: [block.epoch for block in witness.blocks].count(epoch) >= 10, PATIENCE_S
        ), witness.states


def samples(witness: Witness, epoch: int) -> np.ndarray:
    return np.concatenate([block.samples[:, 0] for block in witness.blocks if block.epoch == epoch])


def test_it_keeps_the_promises_of_a_driver(air: Air):
    air.add(CountingUnit("Count-A"), A)

    conformance.check(lambda: counting_driver("Count-A"))


def test_samples_come_without_loss_and_in_order(air: Air):
    air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("Count-A")
    witness = streaming(driver)
    assert witness.wait_for_blocks(50, PATIENCE_S)
    driver.close()

    heard = samples(witness, 0)
    assert np.array_equal(heard, np.arange(heard[0], heard[0] + len(heard)))


def test_a_link_left_by_a_killed_run_is_taken_over(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    air.do(air.bluez.leave_linked, unit)
    driver = counting_driver("A")

    streaming(driver)

    driver.close()


def test_stopping_tells_the_unit_and_starting_again_is_another_epoch(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)

    driver.stop()
    n_blocks = len(witness.blocks)
    driver.start()
    with witness.watched:
        assert witness.watched.wait_for(lambda: len(witness.blocks) > n_blocks, PATIENCE_S)
    driver.close()

    assert (witness.blocks[n_blocks].epoch, witness.blocks[n_blocks].first_index) == (1, 0)
    assert unit.n_connects == 1
    assert witness.closed() == ["count:A", "count:A"]


def test_after_stop_nothing_comes_even_from_a_unit_that_does_not_obey(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)
    unit.device.receive = lambda data: b""  # type: ignore[method-assign]

    driver.stop()
    n_blocks = len(witness.blocks)
    n_heard = len(unit.heard)
    with witness.watched:
        assert not witness.watched.wait_for(lambda: len(witness.blocks) > n_blocks, 0.1)

    assert len(unit.heard) == n_heard
    driver.close()


def test_a_unit_that_does_not_answer_the_stop_command_does_not_hold_up_the_end(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)
    unit.faults.write_hangs = True

    began_s = time.perf_counter()
    driver.close()

    assert time.perf_counter() - began_s < 5.0
    assert witness.states[-1][1] is LinkState.CLOSED


def test_it_can_be_stopped_while_it_connects_and_the_other_side_connects(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    air.add(CountingUnit("Count-B"), B)
    driver = counting_driver("A")
    witness = streaming(driver)
    unit.faults.connect_hangs = True
    air.drop(unit)
    wait_for(witness, LinkState.RECONNECTING)
    await_call(air, "Connect", 2)

    began_s = time.perf_counter()
    driver.close()
    stopped_s = time.perf_counter() - began_s

    other = counting_driver("B")
    streaming(other)
    other.close()
    assert stopped_s < 5.0  # the attempt itself would go on for 8


def test_the_first_connection_may_be_given_up_while_bleak_asks_for_the_version_of_bluez(
    air: Air, monkeypatch, tmp_path: Path
):
    from bleak.backends.bluezdbus.version import BlueZFeatures

    slow = tmp_path / "bluetoothctl"
    slow.write_text("#!/bin/sh\nsleep 0.5\necho 'bluetoothctl: 5.66'\n", encoding="ascii")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(BlueZFeatures, "checked_bluez_version", False)
    monkeypatch.setattr(BlueZFeatures, "_check_bluez_event", None)
    air.add(CountingUnit("Count-A"), A)
    monkeypatch.setattr("drivers.ble_driver.OPEN_S", 0.4)  # found after 0.1 s, given up while the version is asked for

    with pytest.raises(DriverError):
        counting_driver(A).open(Witness())
    monkeypatch.setattr("drivers.ble_driver.OPEN_S", 10.0)
    driver = counting_driver("A")
    streaming(driver)

    driver.close()


def test_it_greets_again_after_a_loss_and_refuses_another_set_up(air: Air):
    unit = CountingUnit("Count-A")
    peripheral = air.add(unit, A)
    driver = counting_driver("A")
    witness = streaming(driver)
    unit.values[COMMAND] = b"something else"
    air.drop(peripheral)

    with witness.watched:
        assert witness.watched.wait_for(
            lambda: any("does not count" in reason for _, _, reason in witness.states), PATIENCE_S
        )
    unit.values[COMMAND] = b"count"
    with witness.watched:
        assert witness.watched.wait_for(lambda: witness.blocks[-1].epoch == 1, PATIENCE_S), witness.states
    driver.close()


def test_after_losses_every_sample_comes_once(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)
    for epoch in (1, 2):
        air.drop(unit)
        wait_for_epoch(witness, epoch)
    driver.close()

    heard = np.concatenate([samples(witness, epoch) for epoch in range(3)])
    assert np.all(np.diff(heard) >= 1)


def test_a_listener_that_fails_is_logged_once_and_the_link_goes_on(air: Air, caplog: pytest.LogCaptureFixture):
    air.add(CountingUnit("Count-A"), A)
    driver, witness = counting_driver("A"), Witness()
    keep, n_failures = witness.on_block, iter(range(5))

    def fail_at_first(block: SampleBlock) -> None:
        if next(n_failures, None) is not None:
            raise ValueError("a bug in whoever listens")
        keep(block)

    witness.on_block = fail_at_first  # type: ignore[method-assign]
    driver.open(witness)
    driver.start()

    assert witness.wait_for_blocks(3, PATIENCE_S)
    driver.close()
    assert caplog.text.count("ValueError: a bug in whoever listens") == 1


def test_two_units_are_let_go_at_once(air: Air):
    units = [air.add(CountingUnit(f"Count-{side}"), address) for side, address in (("A", A), ("B", B))]
    drivers = [counting_driver(side) for side in "AB"]
    for driver in drivers:
        streaming(driver)
    for unit in units:
        unit.faults.disconnect_delay_s = 1.5

    began_s = time.perf_counter()
    for driver in drivers:
        driver.close()
    closed_s = time.perf_counter() - began_s
    wait_until(lambda: not any(unit.connected for unit in units))

    assert closed_s < 1.5
    assert time.perf_counter() - began_s < 2.8  # one after the other it would take 3


def test_the_end_of_the_process_lets_go_of_what_was_never_closed(air: Air, caplog: pytest.LogCaptureFixture):
    unit = air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)

    io_loop.shutdown()
    driver.close()

    assert not unit.connected
    assert witness.states[-1][1] is LinkState.CLOSED
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_unit_that_was_just_closed_can_be_opened_again(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    unit.faults.disconnect_delay_s = 0.5
    for _ in range(2):
        driver = counting_driver("A")
        streaming(driver)
        driver.close()

    assert unit.n_connects == 2


def test_a_running_unit_loses_nothing_while_others_are_searched_for(air: Air):
    air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    witness = streaming(driver)

    CountingDriver.scan(0.5)
    driver.close()

    assert [block.n_lost for block in witness.blocks if block.n_lost] == []


def test_starting_what_is_not_open_is_refused(air: Air):
    with pytest.raises(DriverError, match="is not open"):
        counting_driver("A").start()
