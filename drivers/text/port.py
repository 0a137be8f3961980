"""Serial ports: open one with a sentence for everything that can go wrong, and find it again after a replug."""

import contextlib
import errno
import os
import stat
from pathlib import Path

import serial
from serial.tools import list_ports

from drivers.errors import DriverError, SourceBusyError, SourceFormatError, SourceNotFoundError, SourceUriError

READ_TIMEOUT_S = 0.05
"""How long a read waits for the first byte; bounds how long ``stop`` takes."""

LINK_ERRORS: tuple[type[Exception], ...] = (OSError,)
"""What reading or flushing raises when the device is gone; ``SerialException`` is an ``OSError``."""
with contextlib.suppress(ImportError):  # no termios on Windows
    import termios

    LINK_ERRORS += (termios.error,)  # not an OSError, but what flushing a port that hung up raises

Identity = tuple[int, int, str]
"""Vendor, product and serial number of a USB device: what stays when the system gives the port another name."""


def open_port(address: str, baud: int) -> serial.Serial:
    """Open a port for this program alone, with nothing waiting in it.

    Parameters
    ----------
    address : str
        ``/dev/ttyACM0``, ``COM3``, or a URL of pyserial such as ``loop://``.
    baud : int
        Bits per second.

    Raises
    ------
    DriverError
        No such port, no permission, in use, or no serial port at all.
    """
    _refuse_files(address)
    try:
        port = serial.serial_for_url(address, baudrate=baud, timeout=READ_TIMEOUT_S, write_timeout=0.5, exclusive=True)
    except ValueError as error:
        raise SourceUriError(f"'{address}' cannot be opened at {baud} baud: {error}.") from None
    except LINK_ERRORS as error:
        raise _explain(address, error) from None
    # FTDI chips gather bytes for 16 ms unless told otherwise; most other ports cannot be told and need not be
    with contextlib.suppress(OSError, ValueError, NotImplementedError, AttributeError):
        port.set_low_latency_mode(True)
    return port


def identify(address: str) -> Identity | None:
    """Identity of the USB device behind a port; None if it has none that is its own."""
    device = os.path.realpath(address)
    for found in list_ports.comports():
        if (
            found.device in (address, device)
            and found.serial_number
            and found.vid is not None
            and found.pid is not None
        ):
            return found.vid, found.pid, found.serial_number
    return None


def locate(address: str, identity: Identity | None) -> str | None:
    """Where the device is now: at its old port, or under the new name of the same USB device; None if it is away."""
    if "://" in address or os.path.exists(address):
        return address
    if os.name == "posix" and identity is None:
        return None
    for found in list_ports.comports():
        if found.device == address or (found.vid, found.pid, found.serial_number) == identity:
            return found.device
    return None


def _refuse_files(address: str) -> None:
    try:
        mode = Path(address).stat().st_mode
    except (OSError, ValueError):
        return  # opening it says better what is wrong
    if stat.S_ISDIR(mode):
        raise SourceFormatError(f"'{address}' is a folder, not a serial port.")
    if stat.S_ISREG(mode):
        raise SourceFormatError(f"'{address}' is a file, not a serial port; write file:{address} to replay it.")


def _explain(address: str, error: Exception) -> DriverError:
    detail = f"{type(error).__name__}: {error}"
    number = error.errno if isinstance(error, OSError) else None
    # on Windows pyserial tells what happened only in its text
    if number in (errno.ENOENT, errno.ENXIO, errno.ENODEV) or "FileNotFoundError" in detail:
        return SourceNotFoundError(
            f"There is no port '{address}'; plug the device in; 'glutewake devices' lists the ports that are there.",
            detail,
        )
    if number in (errno.EBUSY, errno.EAGAIN) or "PermissionError" in detail:
        return SourceBusyError(
            f"'{address}' is in use by another program, for example a serial monitor; close it there.", detail
        )
    if number in (errno.EACCES, errno.EPERM):
        return SourceBusyError(
            f"This user may not open '{address}'; on Linux add the user to the group dialout "
            "(sudo usermod -aG dialout $USER) and log in again.",
            detail,
        )
    if "configure port" in detail:
        return SourceFormatError(f"'{address}' is not a serial port.", detail)
    return SourceNotFoundError(f"The port '{address}' does not open; unplug the device and plug it in again.", detail)
