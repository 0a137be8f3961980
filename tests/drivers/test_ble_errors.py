"""Whatever Bluetooth does to us ends in one sentence that names the step for the system at hand."""

import sys

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

from drivers.ble_errors import RETRYABLE, BluetoothUnavailableError, Cause, LinkError, explain, explain_search, steps
from drivers.errors import SourceFormatError

SYSTEMS = ("linux", "win32", "darwin", "freebsd14")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_a_sentence_with_a_step_on_every_system(cause: Cause, system: str, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)

    assert "; " in steps(cause)
    assert steps(cause).endswith(".")


@pytest.mark.parametrize(
    ("system", "step"),
    [("linux", "rfkill unblock bluetooth"), ("win32", "Settings > Bluetooth"), ("darwin", "System Settings")],
)
def test_bluetooth_off_names_where_to_switch_it_on(system: str, step: str, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)
    error = BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)

    assert step in explain_search(error).sentence


@pytest.mark.parametrize("reason", BleakBluetoothNotAvailableReason)
def test_every_reason_of_bleak_makes_bluetooth_unavailable(reason: BleakBluetoothNotAvailableReason):
    assert isinstance(explain_search(BleakBluetoothNotAvailableError("x", reason)), BluetoothUnavailableError)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BleakDBusError("org.bluez.Error.NotReady", []), Cause.OFF),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["no org.bluez"]), Cause.NOT_RUNNING),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["rejected"]), Cause.DENIED),
        (FileNotFoundError(2, "no bus"), Cause.NOT_RUNNING),
        (ConnectionRefusedError(111, "no daemon"), Cause.NOT_RUNNING),
        (PermissionError(13, "socket"), Cause.DENIED),
        (BleakError("adapter 'hci0' not found"), Cause.ABSENT),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_the_bus_says_is_understood(error: Exception, cause: Cause):
    for explained in (explain_search(error), explain(error, "'uMyo-1'")):
        assert isinstance(explained, BluetoothUnavailableError)
        assert explained.sentence == steps(cause)


@pytest.mark.parametrize(
    "error",
    [
        BleakError("failed to discover services, device disconnected"),
        BleakDBusError("org.bluez.Error.Failed", ["Input/output error"]),
        BleakGATTProtocolError(0x0E),
        TimeoutError(),
        BlockingIOError(11, "full"),
        EOFError(),
        AssertionError(),
        KeyError("/org/bluez/hci0/dev_00"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_the_next_attempt_may_mend_names_the_unit_and_keeps_the_detail(error: Exception):
    explained = explain(error, "'uMyo-1'")

    assert isinstance(error, RETRYABLE)
    assert isinstance(explained, LinkError)
    assert "'uMyo-1'" in explained.sentence
    assert type(error).__name__ in explained.detail
    assert type(error).__name__ not in explained.sentence


def test_a_unit_of_another_kind_is_not_tried_again():
    assert isinstance(explain(BleakCharacteristicNotFoundError("2a19"), "'Mouse'"), SourceFormatError)


def test_a_search_that_fails_blames_no_unit():
    explained = explain_search(BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"]))

    assert isinstance(explained, LinkError)
    assert "search" in explained.sentence
