"""The smallest Bluetooth family: a virtual unit that sends its sample number, its codec, and its driver."""

import struct
import threading
import time
from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np

from drivers.ble_driver import BleDriver
from drivers.codec import Chunk, Codec
from drivers.conformance import Witness
from drivers.errors import DriverError
from drivers.gatt import GattPeer
from drivers.types import Float32Array, StreamInfo
from drivers.uri import parse_uri
from tests.rigs.air import Air

SERVICE, DATA, COMMAND = (f"0000{number:04x}-5555-6666-7777-888888888888" for number in (1, 2, 3))
SFREQ = 200.0
PATIENCE_S = 8.0


class CountingUnit:
    """Sends two sample numbers a packet while it was told to, padded to `size` bytes."""

    sfreq = SFREQ
    samples_per_packet = 2
    services = {SERVICE: {DATA: ("notify",), COMMAND: ("write", "read")}}  # noqa: RUF012

    def __init__(self, name: str, *, advertised: Sequence[str] = (SERVICE,)) -> None:
        self.name = name
        self.advertised = advertised
        self.values = {COMMAND: b"count"}
        self.is_running = False
        self._next = 0

    def receive(self, data: bytes) -> bytes:
        self.is_running = data == b"start"
        return b""

    def packets(self, n: int) -> list[bytes]:
        if not self.is_running:
            return []
        self._next += n
        return [struct.pack("<II", self._next - n, self._next - 1)]

    def truth(self, first: int, n: int) -> Float32Array:
        return np.arange(first, first + n, dtype=np.float32)[:, None]


class CountingCodec:
    """Two sample numbers a packet."""

    def __init__(self) -> None:
        self.n_damaged = 0
        self._first: int | None = None
        self._due = 0

    def restart(self) -> None:
        self._first = None

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        numbers = struct.unpack("<II", data)
        if self._first is None:
            self._first = self._due = numbers[0]
        n_lost, self._due = numbers[0] - self._due, numbers[1] + 1
        if n_lost < 0:
            self.n_damaged += 1
            return []
        return [Chunk(np.array(numbers, np.float32)[:, None], numbers[0] - self._first, arrival_ns, n_lost)]


class CountingDriver(BleDriver):
    """Knows its units by service and by name."""

    name = "Counting unit"
    schemes = ("count",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("Count-",)
    services: ClassVar[tuple[str, ...]] = (SERVICE,)
    data = DATA

    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        if await peer.read(COMMAND) != b"count":
            raise DriverError(f"'{peer.name}' does not count.")
        return CountingCodec(), (StreamInfo(self.stream_id(), SFREQ, ("count",), unit="counts"),)

    async def begin(self, peer: GattPeer) -> None:
        await peer.write(COMMAND, b"start", response=True)

    async def end(self, peer: GattPeer) -> None:
        await peer.write(COMMAND, b"stop", response=True)


class NamedDriver(CountingDriver):
    """The same, for units that advertise no service."""

    services: ClassVar[tuple[str, ...]] = ()


class ServiceDriver(CountingDriver):
    """The same, for units of any name."""

    name_prefixes: ClassVar[tuple[str, ...]] = ()


def counting_driver(address: str, kind: type[CountingDriver] = CountingDriver) -> CountingDriver:
    """The driver of ``count:ADDRESS``."""
    return kind(parse_uri(f"count:{address}", ["count"]))


def streaming(driver: BleDriver) -> Witness:
    """Open and start; who hears it, once blocks come."""
    witness = Witness()
    driver.open(witness)
    driver.start()
    assert witness.wait_for_blocks(3, PATIENCE_S), witness.states
    return witness


def n_calls(air: Air, member: str) -> int:
    """How often BlueZ was asked for something."""
    return [called for called, _ in air.bluez.calls].count(member)


def await_call(air: Air, member: str, n: int) -> None:
    """Wait until BlueZ was asked for something so often."""
    wait_until(lambda: n_calls(air, member) >= n)


def wait_until(met: Callable[[], bool]) -> None:
    """Wait for something that only the fake knows; it tells nobody, so it is asked often."""
    tick = threading.Event()
    end_s = time.perf_counter() + PATIENCE_S
    while not met():
        assert time.perf_counter() < end_s
        tick.wait(0.005)
