"""A URI means one unit: by name, by the beginning of a name, by address; and is never guessed."""

import pytest
from bleak.backends.device import BLEDevice

from drivers.ble_choice import belongs, choose, is_address, is_meant
from drivers.errors import SourceBusyError
from drivers.radio import Seen

PREFIXES = ("uMyo-",)
SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"


def seen(name: str, address: str = "C0:00:00:00:00:01", services: tuple[str, ...] = ()) -> Seen:
    return Seen(BLEDevice(address, name, {}), name, address, frozenset(services), -50, {}, 0)


@pytest.mark.parametrize(
    "address", ["uMyo-A1", "umyo-a1", "uMyo", "A1", "a", "C0:00:00:00:00:01", "c0:00:00:00:00:01", "*", "any"]
)
@pytest.mark.parametrize("prefix", ["uMyo-", "uMyo"])
def test_a_unit_is_meant_by_name_beginning_own_part_address_or_as_the_only_one(address: str, prefix: str):
    assert is_meant(seen("uMyo-A1"), address, (prefix,), ())


def test_what_parts_the_own_part_of_a_name_from_the_makers_need_not_be_written():
    assert is_meant(seen("NPG-Lite-3CH"), "lite", ("NPG",), ())


@pytest.mark.parametrize("address", ["B", "Myo", "uMyo-A12", "C0:00:00:00:00:02"])
def test_another_unit_is_not_meant(address: str):
    assert not is_meant(seen("uMyo-A1"), address, PREFIXES, ())


@pytest.mark.parametrize("address", ["*", "any", "Headph"])
def test_a_device_of_another_kind_is_not_meant_by_half_a_name(address: str):
    assert not is_meant(seen("Headphones"), address, PREFIXES, ())


def test_a_whole_name_counts_for_a_device_that_does_not_say_what_it_is():
    assert is_meant(seen("My sketch"), "my sketch", (), (SERVICE,))


def test_a_unit_without_a_name_yet_belongs_by_its_service():
    assert belongs(seen("", services=(SERVICE,)), (), (SERVICE.upper(),))
    assert not belongs(seen(""), PREFIXES, (SERVICE,))


def test_a_whole_name_goes_before_the_beginning_of_another():
    first, second = seen("uMyo-A"), seen("uMyo-A1", "C0:00:00:00:00:02")

    assert choose([second, first], "umyo-a", "umyo") is first


def test_two_units_of_one_name_are_told_apart_by_address():
    found = [seen("uMyo-A"), seen("uMyo-A", "C0:00:00:00:00:02")]

    with pytest.raises(SourceBusyError, match=r"'uMyo-A' \(C0:00:00:00:00:01\), 'uMyo-A' \(C0:00:00:00:00:02\)"):
        choose(found, "uMyo-A", "umyo")
    assert choose(found, "c0:00:00:00:00:02", "umyo") is found[1]


@pytest.mark.parametrize("text", ["C0:00:00:00:00:0a", "6F9619FF-8B86-D011-B42D-00CF4FC964FF"])
def test_an_address_is_known_as_such_on_every_system(text: str):
    assert is_address(text)
    assert not is_address(text[:-1])
    assert not is_address("uMyo-A1")
