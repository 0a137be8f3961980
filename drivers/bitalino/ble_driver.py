"""``bitalino+ble:NAME``: a BITalino (r)evolution with the low-energy block. Runs in the thread ``bluetooth``."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import ClassVar

from drivers.bitalino import protocol
from drivers.bitalino.protocol import BitalinoCodec
from drivers.bitalino.setup import OPTIONS, Setup, find_battery_pct, is_streaming, require_version
from drivers.ble_driver import BleDriver
from drivers.gatt import GattPeer
from drivers.types import Carried, StreamInfo
from drivers.uri import SourceUri

COMMANDS = "4051eb11-bf0a-4c74-8730-a48f4193fcea"
FRAMES = "40fdba6b-672e-47c4-808a-e529adff3633"
ANSWER_S = 1.0
PAUSE_S = 0.1


class BitalinoBleDriver(BleDriver):
    """Reads the analogue inputs of one BITalino over Bluetooth low energy.

    Parameters
    ----------
    uri : SourceUri
        Options ``channels``, ``rate`` and ``test`` as `drivers.bitalino.driver.BitalinoDriver` has them.
    """

    name: ClassVar[str] = "BITalino"
    schemes: ClassVar[tuple[str, ...]] = ("bitalino+ble",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("BITalino",)
    data: ClassVar[str] = FRAMES
    options: ClassVar[tuple[str, ...]] = OPTIONS

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._setup = Setup.of(uri)
        self.simulated = self._setup.test

    @property
    def carried(self) -> Carried:
        """Whether it is a test signal."""
        return self._setup.carried(self.uri.address)

    async def greet(self, peer: GattPeer) -> tuple[BitalinoCodec, Sequence[StreamInfo]]:
        """Ask for the version, set the rate, and look at the battery."""
        answer = await _ask(peer, protocol.ASK_VERSION, lambda heard: protocol.find_version(heard) is not None)
        if is_streaming(answer):  # left so by a program that crashed
            await peer.write(COMMANDS, protocol.STOP, response=True)
            await asyncio.sleep(PAUSE_S)
            answer = await _ask(peer, protocol.ASK_VERSION, lambda heard: protocol.find_version(heard) is not None)
        require_version(answer, peer.name)
        await peer.write(COMMANDS, self._setup.rate_command, response=True)
        await asyncio.sleep(PAUSE_S)
        await self._ask_state(peer)
        return self._setup.codec(), (self._setup.stream(self.stream_id()),)

    async def begin(self, peer: GattPeer) -> None:
        """Start the stream."""
        await peer.write(COMMANDS, self._setup.start_command, response=True)

    async def end(self, peer: GattPeer) -> None:
        """Stop the stream, and look at the battery: only the idle device tells."""
        await peer.write(COMMANDS, protocol.STOP, response=True)
        await asyncio.sleep(PAUSE_S)
        await self._ask_state(peer)

    async def _ask_state(self, peer: GattPeer) -> None:
        answer = await _ask(peer, protocol.ASK_STATE, lambda heard: find_battery_pct(heard) is not None)
        self.tell(self._setup.vitals(find_battery_pct(answer)))


async def _ask(peer: GattPeer, command: bytes, is_answered: Callable[[bytes], bool]) -> bytes:
    """Send a command to the idle device, and give what comes within `ANSWER_S`.

    Answers are taken from both characteristics: the maker's table lets the one for commands indicate, and the device
    itself knows only one stream of bytes.
    """
    heard = bytearray()
    answered = asyncio.Event()

    def on_data(data: bytes, arrival_ns: int) -> None:
        heard.extend(data)
        if is_answered(bytes(heard)):
            answered.set()

    await peer.subscribe(COMMANDS, on_data)
    await peer.subscribe(FRAMES, on_data)
    await peer.write(COMMANDS, command, response=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            await answered.wait()
    return bytes(heard)
