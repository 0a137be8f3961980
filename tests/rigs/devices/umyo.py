"""A uMyo in its three forms: connected, advertising only, and heard by its USB base.

After ultimaterobotics/uMyo (uMyo_fw_v3_1/main.c) and udevices_base.
"""

import struct

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
TELEMETRY = "fc7a850d-c1a5-f61f-0da7-9995621fbd01"
SFREQ = 1116.0
MIDDLE = 8000
"""Around which the firmware holds its codes."""
BLOCK = 8
BATTERY = 190
"""3900 mV."""


class UMyoDevice:
    """A unit of the firmware of 2026, connected; it counts from the moment it was switched to Bluetooth.

    Parameters
    ----------
    name : str
        As it is advertised: cut to seven letters, so that two may be alike.
    first_sample : int
        Where its index stands.
    payload : int
        Bytes of a notification: 20, 36, 52, 60, or of the newer form 53 or 61.
    seed : int
        Two units do not measure the same.
    """

    advertised: tuple[str, ...] = ()
    values: dict[str, bytes] = {}  # noqa: RUF012 - nothing is to be read
    services = {SERVICE: {TELEMETRY: ("read", "notify")}}  # noqa: RUF012 - the device's table
    sfreq = SFREQ

    def __init__(self, name: str = "uMyo-A1", first_sample: int = 2**32 - 1000, payload: int = 52, seed: int = 0):
        self.name = name
        self.payload = payload
        self.samples_per_packet = {20: 8, 36: 16}.get(payload, 24)
        self._seed = seed
        self._first_sample = first_sample
        self._n_sent = 0

    def receive(self, data: bytes) -> bytes:
        """It takes no commands."""
        return b""

    def packets(self, n: int) -> list[bytes]:
        """Notifications; the index goes on whether anybody listens or not."""
        found = []
        for _ in range(n // self.samples_per_packet):
            codes = self.codes(self._n_sent, self.samples_per_packet)
            index = (self._first_sample + self._n_sent) % 2**32
            packet = struct.pack(f"<I{len(codes)}h", index, *codes)
            if self.payload in (60, 61):
                packet += struct.pack("<4h", 30000, 1, -2, 3)
            if self.payload in (53, 61):
                packet = bytes([{61: 1, 53: 2}[self.payload]]) + packet
            found.append(packet)
            self._n_sent += self.samples_per_packet
        return found

    def codes(self, first: int, n: int) -> list[int]:
        """Codes of the converter, around `MIDDLE`."""
        wave = squeezes(first + 4999 * self._seed, n, 1, self.sfreq)[:, 0]
        return [round(MIDDLE + 4000 * float(value)) for value in wave]

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Codes since it was made."""
        return np.array(self.codes(first, n), np.float32)[:, np.newaxis]


def movement(form: int = 26) -> bytes:
    """Acceleration, turning, magnetic field and quaternion: no samples."""
    return bytes([3] * (form - 26)) + struct.pack("<13h", *range(13))


def advertisement(block: int, spectrum: tuple[int, int, int, int], battery: int = BATTERY) -> tuple[int, bytes]:
    """Manufacturer's number and data, as every system takes them apart."""
    field = struct.pack(">BB4hhbbb", block % 256, battery, *spectrum, 30000, 1, 2, 3)
    return int.from_bytes(field[:2], "little"), field[2:]


class UMyoBase:
    """The USB base with some units around it, each heard once for every eight samples.

    Parameters
    ----------
    units : dict of int to int
        Number of each unit to the seed of what it measures.
    """

    sfreq = SFREQ

    def __init__(self, units: dict[int, int]) -> None:
        self.units = units
        self.lose_next: dict[int, int] = {}
        """Blocks of a unit that the radio will lose."""
        self._signals = {unit: UMyoDevice(seed=seed) for unit, seed in units.items()}
        self._n = 0

    def receive(self, data: bytes) -> bytes:
        """It takes no commands."""
        return b""

    def samples(self, n: int) -> bytes:
        """What is sent during the next `n` samples."""
        sent = b""
        for k in range(self._n // BLOCK, (self._n + n) // BLOCK):
            for unit in self.units:
                if self.lose_next.get(unit, 0) > 0:
                    self.lose_next[unit] -= 1
                else:
                    sent += self.packet(unit, k)
        self._n += n
        return sent

    def packet(self, unit: int, block: int) -> bytes:
        """What the base sends of one block."""
        codes = self.combed(unit, block * BLOCK, BLOCK)
        head = struct.pack(">BBIBBBBBB", block % 129, 62, unit, 80 + BLOCK, 0, BATTERY, 101, 0, block % 256)
        movement = struct.pack(">4h3h3h3h", 30000, 0, 0, 0, 0, 0, 1000, 0, 0, 0, 0, 0, 0)
        return b"\x4f\xd5\x3c" + head + struct.pack(">8h4h", *codes, 1, 2, 3, 4) + movement

    def combed(self, unit: int, first: int, n: int) -> list[int]:
        """Each code with the one of 11 samples before."""
        signal = self._signals[unit]
        return [a + b for a, b in zip(signal.codes(first + 11, n), signal.codes(first, n), strict=True)]

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Codes of all units since the base was made, one column each, in the order of their numbers."""
        return np.array([self.combed(unit, first, n) for unit in sorted(self.units)], np.float32).T
