"""The air around one computer: a private bus, a fake BlueZ on it, and the devices in range. Runs the thread ``air``.

Everything may be called from the test's thread. The code under test keeps its own loop and its own connection.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tests.rigs.channel import Channel
from tests.rigs.fakebluez import FakeBluez
from tests.rigs.peripheral import Packet, Peripheral
from tests.rigs.private_bus import PrivateBus
from tests.rigs.virtual import RadioDevice

P = ParamSpec("P")
T = TypeVar("T")

TIMEOUT_S = 10.0


class Air:
    """Bluetooth without a radio.

    Parameters
    ----------
    folder : Path
        For the socket of the bus.
    """

    def __init__(self, folder: Path) -> None:
        self.bus = PrivateBus(folder)
        self.bluez = FakeBluez(self.bus.address)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="air", daemon=True)
        self._lives: list[Future[None]] = []

    def __enter__(self) -> "Air":
        self.bus.__enter__()
        self._thread.start()
        self.run(self.bluez.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(TIMEOUT_S)
        self._loop.close()
        self.bus.__exit__()

    async def _end(self) -> None:
        for life in self._lives:
            life.cancel()
        await self.bluez.stop()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Await something in the loop of the air."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(TIMEOUT_S)

    def do(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call something in the loop of the air, where all of BlueZ and the devices live."""

        async def call() -> T:
            return function(*args, **kwargs)

        return self.run(call())

    def wait(self, met: Callable[[], bool], within_s: float) -> None:
        """Wait until something about the devices or BlueZ is so."""

        async def look() -> None:
            while not met():
                await asyncio.sleep(0.005)

        self.run(asyncio.wait_for(look(), within_s))

    def add(
        self,
        device: RadioDevice,
        address: str = "C0:00:00:00:00:01",
        *,
        channel: Channel[Packet] | None = None,
        mtu: int = 247,
        ppm: float = 0.0,
    ) -> Peripheral:
        """Bring a device into range; it lives and measures from now on."""
        peripheral = Peripheral(device, address, channel=channel, mtu=mtu, ppm=ppm)
        self.do(self.bluez.add, peripheral)
        self._lives.append(asyncio.run_coroutine_threadsafe(peripheral.live(), self._loop))
        return peripheral

    def drop(self, peripheral: Peripheral, *, forget: bool = False) -> None:
        """Lose the link to a device; `forget` lets BlueZ forget it at once."""
        self.do(self.bluez.drop, peripheral, forget=forget)

    def crash(self) -> None:
        """Kill bluetoothd; `recover` starts it again."""
        self.run(self.bluez.stop())

    def recover(self) -> None:
        """Start bluetoothd again after a `crash`, or after the bus was killed and started."""
        self.run(self.bluez.stop())
        self.run(self.bluez.start())
