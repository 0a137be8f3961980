"""What Bluetooth can do to us, as sentences that name the step for the system at hand. Pure."""

import sys
from enum import StrEnum
from typing import Final

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakError,
    BleakGATTProtocolError,
)

from drivers.errors import DriverError, SourceFormatError

RETRYABLE: Final = (BleakError, TimeoutError, OSError, EOFError, AssertionError, KeyError)
"""All that bleak 3.1 was seen to raise when link, adapter, daemon or bus go away under it."""


class LinkError(DriverError):
    """An attempt failed; the next one may succeed."""


class BluetoothUnavailableError(DriverError):
    """Nothing can be reached before somebody does something: switch Bluetooth on, plug an adapter in, permit it."""


class Cause(StrEnum):
    """Why nothing can be reached."""

    OFF = "off"
    ABSENT = "absent"
    TOO_OLD = "too old"
    DENIED = "denied"
    NOT_RUNNING = "not running"
    UNKNOWN = "unknown"


_OTHER = "other"
_SENTENCES: Final[dict[Cause, dict[str, str]]] = {
    Cause.OFF: {
        "linux": "Bluetooth is off; switch it on in the settings of the desktop, or with 'rfkill unblock bluetooth' "
        "and 'bluetoothctl power on'.",
        "win32": "Bluetooth is off; switch it on under Settings > Bluetooth & devices.",
        "darwin": "Bluetooth is off; switch it on under System Settings > Bluetooth.",
        _OTHER: "Bluetooth is off; switch it on in the settings of this system.",
    },
    Cause.ABSENT: {
        "linux": "This computer has no Bluetooth adapter; plug one in ('bluetoothctl list' shows it).",
        "win32": "This computer has no Bluetooth adapter; plug one in, and look for it in the Device Manager.",
        _OTHER: "This computer has no Bluetooth adapter; plug one in.",
    },
    Cause.TOO_OLD: {
        _OTHER: "The Bluetooth adapter of this computer cannot speak to low-energy sensors; plug in one that has "
        "Bluetooth 4.0 or newer.",
    },
    Cause.DENIED: {
        "linux": "This user may not use Bluetooth; add the user to the group bluetooth "
        "(sudo usermod -aG bluetooth $USER) and log in again.",
        "win32": "Windows does not let this program use Bluetooth; allow it under Settings > Privacy & security > "
        "Radios.",
        "darwin": "macOS does not let this program use Bluetooth; allow it under System Settings > Privacy & Security "
        "> Bluetooth (when it was started from a terminal: allow the terminal).",
        _OTHER: "This program may not use Bluetooth; allow it in the settings of this system.",
    },
    Cause.NOT_RUNNING: {
        "linux": "The Bluetooth service is not running; install the package bluez, or start it with "
        "'sudo systemctl start bluetooth'.",
        "win32": "The Bluetooth service is not running; start 'Bluetooth Support Service' under Services.",
        _OTHER: "The Bluetooth service is not running; restart the computer.",
    },
    Cause.UNKNOWN: {
        _OTHER: "Bluetooth cannot be used now; switch it off and on again.",
    },
}
_REASONS: Final = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: Cause.ABSENT,
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: Cause.TOO_OLD,
    BleakBluetoothNotAvailableReason.POWERED_OFF: Cause.OFF,
    BleakBluetoothNotAvailableReason.DENIED_BY_USER: Cause.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: Cause.DENIED,
    BleakBluetoothNotAvailableReason.DENIED_BY_UNKNOWN: Cause.DENIED,
}
_DBUS_CAUSES: Final = {
    "org.bluez.Error.NotReady": Cause.OFF,  # while it is being switched off or on
    "org.freedesktop.DBus.Error.ServiceUnknown": Cause.NOT_RUNNING,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Cause.NOT_RUNNING,
    "org.freedesktop.DBus.Error.Disconnected": Cause.NOT_RUNNING,
    "org.freedesktop.DBus.Error.AccessDenied": Cause.DENIED,
}


def steps(cause: Cause) -> str:
    """Say what is wrong and what to do about it on this system."""
    sentences = _SENTENCES[cause]
    return sentences.get(sys.platform, sentences[_OTHER])


def explain(error: Exception, who: str) -> DriverError:
    """Turn what went wrong with a unit into a sentence.

    Parameters
    ----------
    error : exception
        One of `RETRYABLE`.
    who : str
        The unit that was spoken to, as the user knows it.

    Returns
    -------
    DriverError
        A `LinkError` where the next attempt may succeed, a `BluetoothUnavailableError` where waiting does not help, a
        `SourceFormatError` where it is not the kind of unit that was expected.
    """
    detail = f"{type(error).__name__}: {error}"
    cause = _cause(error)
    if cause is not None:
        return BluetoothUnavailableError(steps(cause), detail)
    if isinstance(error, TimeoutError):
        return LinkError(f"{who} does not answer; hold it nearer, or switch it off and on.", detail)
    if isinstance(error, BleakCharacteristicNotFoundError):
        return SourceFormatError(f"{who} lacks what sensors of this kind have; choose another kind for it.", detail)
    if isinstance(error, BleakGATTProtocolError):
        return LinkError(f"{who} refused a command; switch it off and on.", detail)
    return LinkError(f"The link to {who} broke; hold it nearer to the computer.", detail)


def explain_search(error: Exception) -> DriverError:
    """Turn what went wrong with the search for units into a sentence; see `explain`."""
    detail = f"{type(error).__name__}: {error}"
    cause = _cause(error)
    if cause is not None:
        return BluetoothUnavailableError(steps(cause), detail)
    return LinkError("Bluetooth could not search for sensors; switch it off and on if that goes on.", detail)


def _cause(error: Exception) -> Cause | None:
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, Cause.UNKNOWN)
    if isinstance(error, BleakDBusError):
        return _DBUS_CAUSES.get(error.dbus_error)
    if isinstance(error, BleakError) and "adapter" in str(error) and "not found" in str(error):
        return Cause.ABSENT  # pulled out between two calls
    if isinstance(error, PermissionError):
        return Cause.DENIED
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return Cause.NOT_RUNNING  # no system bus at all
    return None
