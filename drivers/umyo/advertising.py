"""A uMyo of old firmware: it only advertises. Runs in the thread ``bluetooth``."""

import asyncio
from collections.abc import Mapping

from drivers.gatt import GattPeer, OnData
from drivers.radio import Radio, Seen
from drivers.umyo.protocol import telemetry


class AdvertisingPeer(GattPeer):
    """Looks like a connected unit, but listens to what it advertises.

    There is no link that could break: a unit that went away is only silent.
    """

    def __init__(self, seen: Seen) -> None:
        self.name = seen.name or seen.address
        self.address = seen.address
        self.rssi_dbm = seen.rssi_dbm
        self.lost = asyncio.Event()
        self._listeners: dict[str, OnData] = {}
        self._heard: Mapping[int, bytes] = dict(seen.manufacturer)
        self._last_block = 0
        self._listening: asyncio.Task[None] | None = None

    async def require_payload(self, n_bytes: int) -> None:
        """Whatever is advertised fits."""

    async def subscribe(self, uuid: str, on_data: OnData) -> None:
        """Hear everything new that is advertised."""
        self._listeners[uuid] = on_data
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(uuid))

    async def unsubscribe(self, uuid: str) -> None:
        """Hear it no more."""
        self._listeners.pop(uuid, None)
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()
            await asyncio.wait({listening})

    async def close(self) -> None:
        """Hear nothing any more."""
        for uuid in list(self._listeners):
            await self.unsubscribe(uuid)

    async def _listen(self, uuid: str) -> None:
        async with Radio.here().listening(lambda seen: self._hear(uuid, seen)) as failed:
            await failed
            self.lost.set()  # the search for it says why nothing can be heard

    def _hear(self, uuid: str, seen: Seen) -> None:
        if seen.address != self.address:
            return
        # some systems tell all that they ever heard of a unit, each time
        news = {number: data for number, data in seen.manufacturer.items() if self._heard.get(number) != data}
        self._heard = dict(seen.manufacturer)
        for data in sorted(telemetry(news), key=lambda data: (data[0] - self._last_block) % 256):
            self._last_block = data[0]
            self._hand_over(uuid, data, seen.at_ns)
