"""Which Bluetooth unit a driver opens: meant by name or address, never guessed, and what is told where none is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from drivers import gatt
from drivers.conformance import Witness
from drivers.errors import DriverError, SourceBusyError, SourceNotFoundError
from tests.rigs.air import Air
from tests.rigs.counting import (
    COMMAND,
    CountingDriver,
    CountingUnit,
    NamedDriver,
    ServiceDriver,
    await_call,
    counting_driver,
    n_calls,
    wait_until,
)

A, B = "C0:00:00:00:00:0A", "C0:00:00:00:00:0B"


@pytest.mark.parametrize("address", ["Count-A", "count", "A", A, A.lower(), "*"])
def test_a_unit_is_opened_by_name_part_of_it_or_address(address: str, air: Air):
    air.add(CountingUnit("Count-A"), A)
    driver = counting_driver(address)

    assert [stream.stream_id for stream in driver.open(Witness())] == [f"count:{address}"]
    driver.close()


def test_a_unit_that_advertises_nothing_but_its_name_is_found(air: Air):
    air.bluez.name_comes_late = True
    air.add(CountingUnit("Count-A", advertised=()), A)
    driver = counting_driver("A", NamedDriver)

    assert driver.open(Witness())
    driver.close()


def test_a_unit_that_does_not_advertise_its_service_is_opened_by_its_whole_name(air: Air):
    air.add(CountingUnit("My sketch", advertised=()), A)
    driver = counting_driver("my sketch", ServiceDriver)

    assert driver.open(Witness())
    driver.close()


def test_of_units_of_any_name_the_only_one_with_the_service_is_opened(air: Air):
    sketch = air.add(CountingUnit("My sketch"), A)
    air.add(CountingUnit("Headphones", advertised=()), B)
    driver = counting_driver("*", ServiceDriver)
    driver.open(Witness())

    assert sketch.n_connects == 1
    driver.close()


def test_a_search_for_a_service_does_not_hide_a_unit_that_another_search_means_by_name(air: Air, monkeypatch):
    monkeypatch.setattr("drivers.ble_driver.FIND_S", 3.0)
    air.add(CountingUnit("Count-B", advertised=()), B)
    searching, named = counting_driver("*", ServiceDriver), counting_driver("B", NamedDriver)

    with ThreadPoolExecutor(2) as pool:
        nobody = pool.submit(searching.open, Witness())
        await_call(air, "StartDiscovery", 1)
        named.open(Witness())
        with pytest.raises(SourceNotFoundError):
            nobody.result()
    named.close()


def test_of_two_units_the_one_that_was_meant_is_opened(air: Air):
    left, right = air.add(CountingUnit("Count-A"), A), air.add(CountingUnit("Count-B"), B)
    driver = counting_driver("B")
    driver.open(Witness())

    assert (left.n_connects, right.n_connects) == (0, 1)
    driver.close()


def test_of_two_units_none_is_guessed(air: Air):
    air.add(CountingUnit("Count-A"), A)
    air.add(CountingUnit("Count-B"), B)

    with pytest.raises(SourceBusyError, match=r"'\*' may be any of 'Count-A' .*, 'Count-B'"):
        counting_driver("*").open(Witness())


def test_a_unit_that_sleeps_is_not_found_and_those_in_reach_are_named(air: Air, monkeypatch):
    monkeypatch.setattr("drivers.ble_driver.FIND_S", 0.5)
    air.add(CountingUnit("Count-B"), B)

    with pytest.raises(SourceNotFoundError, match=r"'A' is not in reach .*Switch it on.* in reach: Count-B\."):
        counting_driver("A").open(Witness())


def test_a_unit_that_fails_to_connect_twice_is_opened_at_the_third_try(air: Air):
    unit = air.add(CountingUnit("Count-A"), A)
    unit.faults.connect_fails = 2
    driver = counting_driver("A")

    assert driver.open(Witness())
    driver.close()


def test_a_unit_of_another_kind_is_refused_and_let_go(air: Air):
    unit = CountingUnit("Count-A")
    unit.values[COMMAND] = b"something else"
    peripheral = air.add(unit, A)
    driver = counting_driver("A")

    with pytest.raises(DriverError, match="does not count"):
        driver.open(Witness())
    wait_until(lambda: not peripheral.connected)


def test_packets_that_do_not_fit_are_refused_in_words(air: Air, monkeypatch):
    monkeypatch.setattr(CountingDriver, "least_payload", 70)
    air.add(CountingUnit("Count-A"), A, mtu=23)

    with pytest.raises(DriverError, match=r"20 bytes only, but it sends 70 .*MTU too small"):
        counting_driver("A").open(Witness())


def test_bluetooth_that_is_off_is_told_at_once(air: Air):
    air.do(air.bluez.set_powered, False)

    with pytest.raises(DriverError, match="Bluetooth is off"):
        counting_driver("A").open(Witness())
    assert "Bluetooth is off" in gatt.problem()
    assert CountingDriver.scan(0.2) == []


def test_a_computer_without_an_adapter_is_told(air: Air):
    air.do(air.bluez.unplug_adapter)

    with pytest.raises(DriverError, match="no Bluetooth adapter"):
        counting_driver("A").open(Witness())


def test_a_computer_without_the_bluetooth_service_is_told(air: Air):
    air.crash()

    with pytest.raises(DriverError, match="service is not running"):
        counting_driver("A").open(Witness())


def test_a_computer_without_a_system_bus_is_told(air: Air):
    air.bus.kill()

    with pytest.raises(DriverError, match="service is not running"):
        counting_driver("A").open(Witness())
    air.bus.start()


def test_bluetooth_that_works_is_no_problem(air: Air):
    assert gatt.problem() == ""


def test_a_stranger_linked_to_this_computer_is_left_alone(air: Air, monkeypatch):
    monkeypatch.setattr("drivers.ble_driver.FIND_S", 0.5)
    stranger = air.add(CountingUnit("Mouse", advertised=()), A)
    air.do(air.bluez.leave_linked, stranger)

    with pytest.raises(SourceNotFoundError):
        counting_driver("*", NamedDriver).open(Witness())


def test_any_number_of_families_share_one_scan(air: Air):
    air.add(CountingUnit("Count-A"), A)
    air.add(CountingUnit("Count-B"), B)
    n_before = n_calls(air, "StartDiscovery")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: CountingDriver.scan(0.5), range(8)))

    assert all([item.uri for item in items] == ["count:Count-A", "count:Count-B"] for items in found)
    assert found[0][0].key == A
    assert found[0][0].rssi_dbm == -55
    assert n_calls(air, "StartDiscovery") - n_before == 1


def test_units_of_one_name_are_listed_by_address(air: Air):
    air.add(CountingUnit("Count-A"), A)
    air.add(CountingUnit("Count-A"), B)

    assert [item.uri for item in CountingDriver.scan(0.5)] == [f"count:{A}", f"count:{B}"]


def test_the_signal_strength_is_known(air: Air):
    air.add(CountingUnit("Count-A"), A)
    driver = counting_driver("A")
    driver.open(Witness())

    assert driver.vitals["count:A"].rssi_dbm == -55
    driver.close()
