"""One virtual Bluetooth device on the air: what it advertises, whether it is linked, what it sends, what goes wrong.

Lives in the loop of `tests.rigs.air.Air`; knows nothing of D-Bus, which `tests.rigs.fakebluez` speaks for it.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.rigs.channel import Channel
from tests.rigs.virtual import RadioDevice

BluezError = tuple[str, str]
"""Name and text of an error as BlueZ answers it."""

Packet = tuple[int, bytes]
"""Its number since the device was switched on, and what it holds."""

FAILED = "org.bluez.Error.Failed"
IN_PROGRESS = "org.bluez.Error.InProgress"


@dataclass
class Faults:
    """What goes wrong, looked at whenever it could; a test sets them at any time."""

    connect_error: BluezError = (FAILED, "Software caused connection abort")
    connect_fails: int = 0
    """How many of the next attempts to connect end with `connect_error`."""
    connect_hangs: bool = False
    resolve_never: bool = False
    """The link comes up, but the services are never found."""
    drop_while_resolving: bool = False
    notify_error: BluezError | None = None
    write_error: BluezError | None = None
    write_in_progress: int = 0
    """How many of the next writes are answered with InProgress."""
    write_hangs: bool = False
    read_error: BluezError | None = None
    disconnect_delay_s: float = 0.0
    """bluetoothd 5.66 takes 2.0 s."""


@dataclass
class Characteristic:
    """One characteristic of the table."""

    uuid: str
    properties: tuple[str, ...]
    handle: int
    writes: list[bytes] = field(default_factory=list)


class Peripheral:
    """A device on the air.

    Parameters
    ----------
    device : RadioDevice
        What it measures and how it speaks.
    address : str
        Bluetooth address, e.g. ``C0:00:00:00:00:01``.
    channel : Channel
        The way of its notifications to the computer.
    mtu : int
        Largest ATT packet that both ends agreed on; a longer notification is cut, as radios do.
    ppm : float
        How much faster than nominal its crystal runs, in parts per million.
    """

    def __init__(
        self,
        device: RadioDevice,
        address: str,
        *,
        channel: Channel[Packet] | None = None,
        mtu: int = 247,
        ppm: float = 0.0,
    ) -> None:
        self.device = device
        self.address = address
        self.channel = channel or Channel[Packet]()
        self.mtu = mtu
        self.ppm = ppm
        self.faults = Faults()
        self.advertising = True
        """Whether it is in range and switched on."""
        self.muted = False
        """Whether its firmware stands still: the link stays, the counter does not move."""
        self.holds_back = False
        """Whether its radio finds no way through: packets wait, and come all at once afterwards."""
        self.rssi_dbm = -55
        self.connected = False
        self.n_connects = 0
        self.n_packets = 0
        """Packets that it made since it was switched on, heard or not."""
        self.heard: list[tuple[int, int]] = []
        """Of each packet that arrived where somebody listened: which connection, counted from 1, and which packet."""
        self.services: dict[str, tuple[int, list[Characteristic]]] = {}
        """UUID to handle and characteristics."""
        self.on_notify: Callable[[Characteristic, bytes], bool] = lambda characteristic, data: False
        """Hands a notification to whoever listens; False if nobody does."""
        self._waiting: list[Packet] = []
        self._build_table()

    def _build_table(self) -> None:
        handle = 0x000A
        for service, characteristics in self.device.services.items():
            service_handle = handle
            handle += 1
            table = []
            for uuid, properties in characteristics.items():
                table.append(Characteristic(uuid, tuple(properties), handle))
                handle += 3  # declaration, value, CCCD
            self.services[service] = (service_handle, table)

    @property
    def characteristics(self) -> list[Characteristic]:
        """The whole table, in the order of its handles."""
        return [characteristic for _, table in self.services.values() for characteristic in table]

    @property
    def data(self) -> Characteristic:
        """The characteristic that carries the samples."""
        return next(c for c in self.characteristics if "notify" in c.properties)

    def read(self, characteristic: Characteristic) -> bytes:
        """What a characteristic says now."""
        return self.device.values.get(characteristic.uuid, b"")

    def written(self, characteristic: Characteristic, data: bytes) -> None:
        """Take what the computer wrote, and answer where it was written, or else where the samples come."""
        characteristic.writes.append(data)
        answer = self.device.receive(data)
        tells = {"notify", "indicate"} & set(characteristic.properties)
        place = characteristic if tells else self.data
        size = self.mtu - 3
        for begin in range(0, len(answer), size):
            self.on_notify(place, answer[begin : begin + size])

    async def live(self) -> None:
        """Measure and send for ever, each packet at its own time; a late one is not made up for by a pause."""
        loop = asyncio.get_running_loop()
        interval_s = self.device.samples_per_packet / self.device.sfreq / (1 + self.ppm * 1e-6)
        begun_s = loop.time()
        n = 0
        while True:
            n += 1
            await asyncio.sleep(max(0.0, begun_s + n * interval_s - loop.time()))
            if not self.muted:
                self.send()

    def send(self) -> None:
        """Let the time of one packet pass."""
        for data in self.device.packets(self.device.samples_per_packet):
            self._waiting.append((self.n_packets, data))
            self.n_packets += 1
        if not self.connected:
            self._waiting.clear()
            self.channel.clear()
        if self.holds_back:
            return
        waiting, self._waiting = self._waiting, []
        for packet in waiting:
            for number, arriving in self.channel.carry(packet):
                if self.on_notify(self.data, arriving[: self.mtu - 3]):
                    self.heard.append((self.n_connects, number))

    @property
    def n_true_samples(self) -> int:
        """Samples that a driver can have: a packet that comes again, or after its successor, adds none."""
        return sum(step > 0 for step in self._steps()) * self.device.samples_per_packet

    def gaps(self) -> list[int]:
        """Samples missing at each place where some are missing inside a connection: what a driver must report."""
        return [(step - 1) * self.device.samples_per_packet for step in self._steps() if step > 1]

    def _steps(self) -> Iterator[int]:
        """How many packets each one that was heard is newer than all before it in its connection; 1 for the first."""
        newest: dict[int, int] = {}
        for connection, number in self.heard:
            before = newest.get(connection, number - 1)
            yield number - before
            newest[connection] = max(number, before)
