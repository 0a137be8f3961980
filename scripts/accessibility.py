"""What a screen reader finds in the window: the tree of the accessibility bus (AT-SPI), on Linux.

    .venv/bin/python -m scripts.accessibility                        each page of the application, on the simulator
    .venv/bin/python -m scripts.accessibility --language de          in German
    .venv/bin/python -m scripts.accessibility --listen 20            and what is announced in 20 s of training

The application runs in a window of its own, on a screen (Xvfb) and on buses of its own, and is led from page to page
through the bus alone, as a screen reader would press its keys.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from scripts.xvfb import has_xvfb, on_display, xvfb

_LAUNCHERS: Final = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_ATSPI: Final = "org.a11y.atspi"
_ROOT: Final = "/org/a11y/atspi/accessible/root"
_STATES: Final = {4: "checked", 8: "enabled", 11: "focusable", 12: "focused", 25: "showing"}
"""Bits of the states that are looked at; the numbers are those of AtspiStateType."""
TO_ACT_ON: Final = frozenset(
    {"push button", "radio button", "check box", "toggle button", "text", "combo box", "slider"}
)
"""Roles of what can be pressed or typed into."""
_PATIENCE_S: Final = 20.0

Place = tuple[str, str]
"""Where an object is: the name of its bus connection and its path."""


@dataclass(frozen=True, slots=True)
class Node:
    """One object as a screen reader finds it.

    Attributes
    ----------
    role, name, description : str
    value : float or None
        None where it has none; below 0 where it has none now.
    states : frozenset of str
    depth : int
        0 is the application.
    place : tuple of str
    """

    role: str
    name: str
    description: str
    value: float | None
    states: frozenset[str]
    depth: int
    place: Place

    def __str__(self) -> str:
        told = [f"{'  ' * self.depth}{self.role} {self.name!r}"]
        told += [f"“{self.description}”"] if self.description else []
        told += [f"= {self.value:g}"] if self.value is not None else []
        told += sorted(self.states - {"enabled", "showing"})
        return " ".join(told)


class Reader:
    """A client of the accessibility bus, in the place of a screen reader.

    Parameters
    ----------
    session_bus : str
        Address of the bus that tells where the other is.
    """

    def __init__(self, session_bus: str) -> None:
        self._session_bus = session_bus
        self._bus: MessageBus | None = None

    async def __aenter__(self) -> Self:
        session = await MessageBus(bus_address=self._session_bus).connect()
        self._bus = session
        address = await self._ask(("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress")
        session.disconnect()
        self._bus = await MessageBus(bus_address=address).connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._bus is not None:
            self._bus.disconnect()

    async def _ask(self, place: Place, interface: str, member: str, signature: str = "", *body: object) -> Any:
        assert self._bus is not None
        name, path = place
        answer = await self._bus.call(
            Message(
                destination=name, path=path, interface=interface, member=member, signature=signature, body=list(body)
            )
        )
        if answer.message_type is MessageType.ERROR:
            raise LookupError(f"{member} of {path}: {answer.body}")
        return answer.body[0] if answer.body else None

    async def _property(self, place: Place, interface: str, name: str) -> Any:
        told = await self._ask(place, "org.freedesktop.DBus.Properties", "Get", "ss", f"{_ATSPI}.{interface}", name)
        return told.value

    async def application(self) -> Place:
        """Wait for the one application that there is."""
        for _try in range(round(_PATIENCE_S / 0.1)):
            found = await self._ask((f"{_ATSPI}.Registry", _ROOT), f"{_ATSPI}.Accessible", "GetChildren")
            if found:
                name, path = found[0]
                return name, path
            await asyncio.sleep(0.1)
        raise TimeoutError("No application has come to the accessibility bus.")

    async def showing(self, place: Place, depth: int = 0) -> list[Node]:
        """List what is on the screen, in the order in which it is read; what lies in something hidden is left out."""
        node = await self._look(place, depth)
        if depth and "showing" not in node.states:
            return []
        nodes = [node]
        for child in await self._ask(place, f"{_ATSPI}.Accessible", "GetChildren"):
            nodes += await self.showing((child[0], child[1]), depth + 1)
        return nodes

    async def _look(self, place: Place, depth: int) -> Node:
        accessible = f"{_ATSPI}.Accessible"
        low, high = await self._ask(place, accessible, "GetState")
        value = None
        if f"{_ATSPI}.Value" in await self._ask(place, accessible, "GetInterfaces"):
            value = float(await self._property(place, "Value", "CurrentValue"))
        return Node(
            role=await self._ask(place, accessible, "GetRoleName"),
            name=await self._property(place, "Accessible", "Name"),
            description=await self._property(place, "Accessible", "Description"),
            value=value,
            states=frozenset(word for bit, word in _STATES.items() if (low | high << 32) >> bit & 1),
            depth=depth,
            place=place,
        )

    async def press(self, node: Node) -> None:
        """Do what a key or a button is for."""
        await self._ask(node.place, f"{_ATSPI}.Action", "DoAction", "i", 0)

    async def listen(self, seconds: float) -> list[tuple[str, Place, str]]:
        """Gather what is announced meanwhile: what changed, of which object, and what it is now."""
        assert self._bus is not None
        heard: list[tuple[str, Place, str]] = []

        def hear(message: Message) -> None:
            if message.message_type is MessageType.SIGNAL and message.interface == f"{_ATSPI}.Event.Object":
                change = f"{message.member}:{message.body[0]}"
                told = message.body[3]
                heard.append((change, (message.sender or "", message.path or ""), str(getattr(told, "value", told))))

        rule = f"type='signal',interface='{_ATSPI}.Event.Object'"
        await self._ask(
            ("org.freedesktop.DBus", "/org/freedesktop/DBus"), "org.freedesktop.DBus", "AddMatch", "s", rule
        )
        registry = (f"{_ATSPI}.Registry", f"/{_ATSPI.replace('.', '/')}/registry")
        await self._ask(registry, f"{_ATSPI}.Registry", "RegisterEvent", "s", "object:")
        self._bus.add_message_handler(hear)
        await asyncio.sleep(seconds)
        self._bus.remove_message_handler(hear)
        return heard


def launcher() -> str | None:
    """Path of the program that starts the accessibility bus; None where it is not installed."""
    return next((path for path in _LAUNCHERS if os.access(path, os.X_OK)), None)


def missing() -> str:
    """What has to be installed before anything can be read; empty if all is there."""
    parts = {
        "Xvfb (Debian: apt-get install xvfb)": has_xvfb(),
        "dbus-daemon (Debian: apt-get install dbus)": shutil.which("dbus-daemon") is not None,
        "the accessibility bus (Debian: apt-get install at-spi2-core)": launcher() is not None,
    }
    return ", ".join(name for name, is_there in parts.items() if not is_there)


@contextmanager
def desktop(folder: Path, width: int = 1440, height: int = 900) -> Iterator[dict[str, str]]:
    """Start a screen, a session bus and an accessibility bus; yields the environment of what is to run there."""
    with ExitStack() as stack:
        environment = on_display(stack.enter_context(xvfb(width, height)))
        environment |= {
            "QT_ACCESSIBILITY": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "XDG_RUNTIME_DIR": str(folder),
        }
        daemon = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        bus = stack.enter_context(_running(daemon, environment, stdout=subprocess.PIPE))
        assert bus.stdout is not None
        environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        stack.enter_context(_running([launcher() or "", "--launch-immediately"], environment))
        yield environment


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str], stdout: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


async def read(environment: dict[str, str], listen_s: float) -> None:
    """Print what is on each page of the running application, and count what it announces."""
    async with Reader(environment["DBUS_SESSION_BUS_ADDRESS"]) as reader:
        application = await reader.application()
        while not (pages := [node for node in await reader.showing(application) if node.role == "radio button"]):
            await asyncio.sleep(0.1)
        if listen_s:
            heard = await reader.listen(listen_s)
            names = {node.place: f"{node.role} {node.name!r}" for node in await reader.showing(application)}
            print(f"announced in {listen_s:g} s: {len(heard)}")
            for (change, place), number in Counter((change, place) for change, place, _told in heard).most_common():
                print(f"{number:6} {change} {names.get(place, place)}")
        for page in pages:
            await reader.press(page)
            await asyncio.sleep(0.5)
            print(f"\n== {page.name}", *await reader.showing(application), sep="\n")


def main(arguments: list[str]) -> int:
    """Read the application."""
    parser = argparse.ArgumentParser(prog="accessibility", description="Print what a screen reader finds.")
    parser.add_argument("--source", default="sim:sleepy-left?seed=2")
    parser.add_argument("--language", choices=["en", "de"], default="en")
    parser.add_argument("--listen", type=float, default=0.0, metavar="SECONDS", help="count what is announced first")
    asked = parser.parse_args(arguments)
    if lacks := missing():
        print(f"Not here: {lacks}.")
        return 1
    with TemporaryDirectory() as name, desktop(Path(name)) as environment:
        command = [sys.executable, "-m", "app", "--source", asked.source, "--record", f"{name}/kept"]
        command += ["--settings", f"{name}/settings.toml", "--language", asked.language]
        with _running(command, environment):
            asyncio.run(read(environment, asked.listen))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
