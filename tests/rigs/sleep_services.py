"""logind and a desktop on a private bus, as far as they are asked not to sleep. Runs a thread of its own."""

import asyncio
import os
import threading
from pathlib import Path

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from tests.rigs.private_bus import PrivateBus

LOGIND = "org.freedesktop.login1"
PORTAL = "org.freedesktop.portal.Desktop"
SCREENSAVER = "org.freedesktop.ScreenSaver"
HANDLE = "/org/freedesktop/portal/desktop/request/1_5/t"
COOKIE = 4711
TIMEOUT_S = 10.0


class SleepServices:
    """Whoever decides about sleep; notes down what it is asked.

    Parameters
    ----------
    folder : Path
        For the socket of the bus.
    names : tuple of str
        Which services there are.

    Attributes
    ----------
    calls : list of (str, list)
        Interface and member, and the arguments, in the order in which they came.
    logind_holds : threading.Event
        Set while the lock that logind gave out is open.
    """

    def __init__(self, folder: Path, names: tuple[str, ...] = (LOGIND, PORTAL, SCREENSAVER)) -> None:
        self.bus = PrivateBus(folder)
        self._names = names
        self.calls: list[tuple[str, list[object]]] = []
        self.logind_holds = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sleep services", daemon=True)
        self._connection: MessageBus | None = None
        self._locks: list[int] = []

    def __enter__(self) -> "SleepServices":
        self.bus.__enter__()
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(TIMEOUT_S)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(TIMEOUT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_S)
        self._loop.close()
        self.bus.__exit__()

    async def _start(self) -> None:
        self._connection = await MessageBus(bus_address=self.bus.address, negotiate_unix_fd=True).connect()
        self._connection.add_message_handler(self._on_message)
        for name in self._names:
            await self._connection.request_name(name)

    async def _stop(self) -> None:
        for lock in self._locks:
            self._loop.remove_reader(lock)
            os.close(lock)
        assert self._connection is not None
        self._connection.disconnect()
        await self._connection.wait_for_disconnect()

    def _on_message(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or (message.interface or "").startswith(
            "org.freedesktop.DBus"
        ):
            return None
        self.calls.append((f"{message.interface}.{message.member}", message.body))
        match message.interface, message.member:
            case "org.freedesktop.login1.Manager", "Inhibit":
                return self._lock(message)
            case "org.freedesktop.portal.Inhibit", "Inhibit":
                return Message.new_method_return(message, "o", [HANDLE])
            case "org.freedesktop.ScreenSaver", "Inhibit":
                return Message.new_method_return(message, "u", [COOKIE])
        return Message.new_method_return(message)

    def _lock(self, message: Message) -> Message:
        """Hand out one end of a pipe; the lock holds until its last copy is closed."""
        mine, theirs = os.pipe()
        self._locks.append(mine)
        self.logind_holds.set()

        def on_closed() -> None:
            self._loop.remove_reader(mine)
            self.logind_holds.clear()

        self._loop.add_reader(mine, on_closed)
        self._loop.call_later(0.2, os.close, theirs)  # once it was sent
        return Message.new_method_return(message, "h", [0], unix_fds=[theirs])
