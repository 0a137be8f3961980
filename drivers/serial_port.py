"""Serial ports: open one with a sentence for everything that can go wrong, talk on it, and find it after a replug.

Nothing here writes to a port by itself: text sent to an unknown device may start a fake signal or a recording on it.
"""

import contextlib
import errno
import os
import stat
import threading
import time
from pathlib import Path

import serial
from serial.tools import list_ports

from drivers.errors import DriverError, SourceBusyError, SourceFormatError, SourceNotFoundError, SourceUriError

READ_TIMEOUT_S = 0.05
"""How long a read waits for the first byte; bounds how long ``stop`` takes."""
WRITE_TIMEOUT_S = 0.5

LINK_ERRORS: tuple[type[Exception], ...] = (OSError,)
"""What any use of a port raises when the device is gone; ``SerialException`` is an ``OSError``."""
with contextlib.suppress(ImportError):  # no termios on Windows
    import termios

    LINK_ERRORS += (termios.error,)  # not an OSError, but what flushing a port that hung up raises

Identity = tuple[int, int, str]
"""Vendor, product and serial number of a USB device: what stays when the system gives the port another name."""

USB_SERIAL = Path("/sys/bus/usb-serial/devices")


class SerialLine:
    """One open port. Every operation is bounded in time and raises one of `LINK_ERRORS` when the device is gone.

    To be used by one thread at a time, `close` too: a port that is closed under a reader kills it with ``TypeError``.

    Parameters
    ----------
    port : serial.Serial
        As `open_port` returns it.
    address : str
        How the user named it, for the sentences.
    device_name : str
        What is expected at its other end, for the sentences.
    interrupted : threading.Event
        While it is set, `read_until` and `drain` give up at once with ``InterruptedError``, which is an ``OSError``.
    """

    def __init__(
        self,
        port: serial.Serial,
        address: str,
        device_name: str,
        interrupted: threading.Event | None = None,
    ) -> None:
        self.address = address
        self.latency_timer_ms = latency_timer_ms(str(port.port))
        """How long the USB chip gathers bytes before it hands them over; None where there is no such timer."""
        self._port = port
        self._device_name = device_name
        self._interrupted = interrupted or threading.Event()
        self._ahead = b""

    def write(self, data: bytes) -> None:
        """Send a command."""
        self._port.write(data)

    def set_baud(self, baud: int) -> None:
        """Go on at another speed; opening the port anew would restart an Arduino."""
        self._port.baudrate = baud

    def read(self) -> tuple[bytes, int]:
        """Take whatever is there, after at most `READ_TIMEOUT_S`.

        Returns
        -------
        data : bytes
            Empty if nothing came.
        arrival_ns : int
            ``time.perf_counter_ns()`` when the last of it was there.
        """
        if self._ahead:
            data, self._ahead = self._ahead, b""
        else:
            data = self._port.read(max(1, self._port.in_waiting))
        # Stamped after the read: a clock fit forgives what seems late, but not a byte that seems to come too early.
        return data, time.perf_counter_ns()

    def read_until(self, pattern: bytes, timeout_s: float) -> bytes:
        """Read to the end of `pattern`; what came after it stays for the next read.

        Raises
        ------
        SourceFormatError
            If `pattern` does not come within `timeout_s`.
        """
        data = b""
        deadline_ns = time.perf_counter_ns() + round(timeout_s * 1e9)
        while True:
            self._heed_interrupt()
            more, now_ns = self.read()
            data += more
            head, found, tail = data.partition(pattern)
            if found:
                self._ahead = tail
                return head + found
            if now_ns > deadline_ns:
                raise SourceFormatError(
                    f"'{self.address}' does not answer as {self._device_name} would; "
                    "check that it is on, and that this is its port.",
                    f"no {pattern!r} within {timeout_s:g} s, but {data[:200]!r}",
                )

    def drain(self, seconds: float) -> bytes:
        """Read for `seconds`, whatever comes."""
        data = b""
        now_ns = time.perf_counter_ns()
        deadline_ns = now_ns + round(seconds * 1e9)
        while now_ns < deadline_ns:
            self._heed_interrupt()
            more, now_ns = self.read()
            data += more
        return data

    def flush_input(self) -> None:
        """Drop what has come and was not read yet."""
        self._ahead = b""
        self._port.reset_input_buffer()

    def close(self) -> None:
        """Let go of the port; one that is gone cannot be left in order, and need not be."""
        with contextlib.suppress(*LINK_ERRORS):
            self._port.close()

    def _heed_interrupt(self) -> None:
        if self._interrupted.is_set():
            raise InterruptedError(f"waiting for '{self.address}' was interrupted")


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
        port = serial.serial_for_url(
            address, baudrate=baud, timeout=READ_TIMEOUT_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
        )
    except ValueError as error:
        raise SourceUriError(f"'{address}' cannot be opened at {baud} baud: {error}; write another baud=.") from None
    except LINK_ERRORS as error:
        raise _explain(address, error) from None
    # FTDI chips gather bytes for 16 ms unless told otherwise; most other ports cannot be told and need not be
    with contextlib.suppress(OSError, ValueError, NotImplementedError, AttributeError):
        port.set_low_latency_mode(True)
    return port


def latency_timer_ms(device: str) -> float | None:
    """What the system says of a port's latency timer, whatever it was asked for; None where it has none."""
    try:
        return float((USB_SERIAL / Path(os.path.realpath(device)).name / "latency_timer").read_text())
    except (OSError, ValueError):
        return None


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
    """Where the device is now; None if it is away.

    A device with an identity is looked for by it alone: after a replug of two, either may have the other's old name.
    """
    if identity is not None:
        ports = list_ports.comports()
        return next((port.device for port in ports if (port.vid, port.pid, port.serial_number) == identity), None)
    if "://" in address or os.path.exists(address):
        return address
    if os.name == "posix":
        return None
    return next((port.device for port in list_ports.comports() if port.device == address), None)


def _refuse_files(address: str) -> None:
    try:
        mode = Path(address).stat().st_mode
    except (OSError, ValueError):
        return  # opening it says better what is wrong
    if stat.S_ISDIR(mode):
        raise SourceFormatError(
            f"'{address}' is a folder, not a serial port; 'glutewake devices' lists the ports that are there."
        )
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
        return SourceFormatError(
            f"'{address}' is not a serial port; 'glutewake devices' lists the ports that are there.", detail
        )
    return SourceNotFoundError(f"The port '{address}' does not open; unplug the device and plug it in again.", detail)
