"""Holds off display sleep and suspend while a programme runs: nobody who lies on their face moves the mouse.

Runs in the GUI thread, and never waits: on Linux every call is sent and its answer taken when it comes. That it cannot
be held off is never a reason not to train: one line in the log, and `why_not` says so.
"""

import ctypes
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

from PyQt6.QtCore import QMetaType, QObject
from PyQt6.QtDBus import QDBusArgument, QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusPendingReply

WHO: Final = "GluteWake"
WHY: Final = "A training session is running"
_SUSPEND_AND_IDLE: Final = 4 + 8
"""Flags of org.freedesktop.portal.Inhibit."""
_ES_CONTINUOUS: Final = 0x80000000
_ES_SYSTEM_REQUIRED: Final = 0x00000001
_ES_DISPLAY_REQUIRED: Final = 0x00000002

Release = Callable[[], None]
"""Lets the computer sleep again."""

_log = logging.getLogger(__name__)


class Awake(QObject):
    """Keeps the computer awake between `hold` and `release`; both may be called as often as one likes.

    Attributes
    ----------
    why_not : str
        Why it cannot be kept awake; empty where it can, or nobody tried.
    n_granted : int
        How many of those who decide about sleep have agreed; 0 while nothing is held.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.why_not = ""
        self.n_granted = 0
        self._release: Release | None = None

    @property
    def holds(self) -> bool:
        """Whether sleep is held off, as far as the system could be asked."""
        return self._release is not None

    def hold(self) -> None:
        """Hold sleep off from now on."""
        if self._release is None:
            self._release = _holds_of(sys.platform)(self)

    def release(self) -> None:
        """Let the computer sleep as it likes."""
        release, self._release, self.n_granted = self._release, None, 0
        if release is not None:
            release()

    def give_up(self, reason: str) -> None:
        """Note that the system does not let us, once."""
        if reason != self.why_not:
            _log.warning("sleep is not held off: %s", reason)
        self.why_not = reason


def _holds_of(platform: str) -> Callable[[Awake], Release]:
    return {"linux": hold_on_linux, "win32": hold_on_windows, "darwin": hold_on_macos}.get(platform, hold_nowhere)


def hold_nowhere(awake: Awake) -> Release:
    """Where nobody knows how."""
    awake.give_up(f"nobody knows how on {sys.platform}")
    return lambda: None


def hold_on_windows(awake: Awake) -> Release:
    """Tell Windows that this thread needs the system and the display; the thread that asks must also let go."""
    # only Windows has windll, for the stubs too
    set_state = ctypes.windll.kernel32.SetThreadExecutionState  # type: ignore[attr-defined,unused-ignore]
    if not set_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED | _ES_DISPLAY_REQUIRED):
        awake.give_up("SetThreadExecutionState refused")
    else:
        awake.n_granted = 1
    return lambda: set_state(_ES_CONTINUOUS)


def hold_on_macos(awake: Awake) -> Release:
    """Let macOS's own program hold display and system awake; it ends with us, however we end."""
    try:
        caffeinate = subprocess.Popen(["caffeinate", "-dis", "-w", str(os.getpid())])
    except OSError as error:
        awake.give_up(f"caffeinate: {error.strerror}")
        return lambda: None
    awake.n_granted = 1

    def release() -> None:
        caffeinate.terminate()
        caffeinate.wait()

    return release


def hold_on_linux(awake: Awake) -> Release:
    """Ask logind, which suspends, and the desktop, which darkens the display: neither listens for the other."""
    return _LinuxHolds(awake).release


class _LinuxHolds:
    """What logind and the desktop were asked, and what they answered."""

    def __init__(self, awake: Awake) -> None:
        self._awake = awake
        self._undo: list[Release] = []
        self._released = False
        self._waiting: set[QDBusPendingCallWatcher] = set()
        self._hold_suspend()
        self._hold_display()

    def release(self) -> None:
        """Take everything back; an answer that is still on its way is taken back when it comes."""
        self._released = True
        for undo in self._undo:
            undo()
        self._undo.clear()

    def _hold_suspend(self) -> None:
        kept: list[object] = []
        call = _call("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Inhibit")
        call.setArguments(["idle:sleep", WHO, WHY, "block"])

        def hold(descriptor: object) -> Release:
            kept.append(descriptor)  # logind holds on as long as this stays open
            return kept.clear

        self._send(bus_of("system"), call, hold, lambda: self._awake.give_up("logind does not answer"))

    def _hold_display(self) -> None:
        bus = bus_of("session")
        call = _call("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
                     "org.freedesktop.portal.Inhibit", "Inhibit")  # fmt: skip
        call.setArguments(["", _unsigned(_SUSPEND_AND_IDLE), {"reason": WHY}])

        def hold(handle: object) -> Release:
            path = handle.path() if hasattr(handle, "path") else str(handle)
            close = _call("org.freedesktop.portal.Desktop", path, "org.freedesktop.portal.Request", "Close")
            return lambda: _forget(bus, close)

        self._send(bus, call, hold, lambda: self._hold_screensaver(bus))

    def _hold_screensaver(self, bus: QDBusConnection) -> None:
        """Ask as desktops without a portal have it."""
        where = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")
        call = _call(*where, "Inhibit")
        call.setArguments([WHO, WHY])

        def hold(cookie: Any) -> Release:
            back = _call(*where, "UnInhibit")
            back.setArguments([_unsigned(int(cookie))])
            return lambda: _forget(bus, back)

        self._send(bus, call, hold, lambda: self._awake.give_up("the desktop does not answer"))

    def _send(
        self, bus: QDBusConnection, call: QDBusMessage, hold: Callable[[Any], Release], refused: Callable[[], None]
    ) -> None:
        """Send a call; `hold` gets the answer and returns what takes it back."""
        if not bus.isConnected():
            refused()
            return
        watcher = QDBusPendingCallWatcher(bus.asyncCall(call), self._awake)
        self._waiting.add(watcher)

        def on_answer(answered: QDBusPendingCallWatcher) -> None:
            self._waiting.discard(watcher)
            watcher.deleteLater()
            reply = QDBusPendingReply(answered)
            if reply.isError() or not reply.reply().arguments():
                _log.info("%s.%s: %s", call.interface(), call.member(), reply.error().message())
                if not self._released:
                    refused()
                return
            undo = hold(reply.reply().arguments()[0])
            if self._released:
                undo()
            else:
                self._undo.append(undo)
                self._awake.n_granted = len(self._undo)

        watcher.finished.connect(on_answer)


def bus_of(which: str) -> QDBusConnection:
    """Connect to the bus of the system or of the session; a bus that is not there is a connection that is not."""
    return QDBusConnection.systemBus() if which == "system" else QDBusConnection.sessionBus()


def _call(service: str, path: str, interface: str, member: str) -> QDBusMessage:
    call = QDBusMessage.createMethodCall(service, path, interface, member)
    call.setAutoStartService(False)  # a desktop that has it runs it; nothing is started for our sake
    return call


def _unsigned(number: int) -> QDBusArgument:
    """A number as D-Bus wants it here; Qt would send a signed one."""
    argument = QDBusArgument()
    argument.add(number, QMetaType.Type.UInt.value)  # type: ignore[arg-type]  # the stubs know no number here, PyQt does
    return argument


def _forget(bus: QDBusConnection, call: QDBusMessage) -> None:
    """Send a call whose answer changes nothing."""
    bus.asyncCall(call)
