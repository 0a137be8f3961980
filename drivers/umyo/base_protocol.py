"""What the USB base of uMyo sends: the packets of all units around it, one after the other. Pure.

After uMyo_fw_v3_1/main.c (``prepare_data_packet``) and umyo_parser.py of the maker's tools; big-endian::

    4F D5 rssi | id u8 | length u8 = 62 | unit u32 | type u8 = 88 | param, battery, version, 0 | block u8 |
    8 x i16 samples | spectrum 4 x i16 | quaternion 4 x i16 | acceleration, angles, magnetic field: 3 x i16 each

There is no checksum. The samples are not those of `drivers.umyo.protocol`: each is the sum of two, 11 or 9 apart, as a
comb against mains hum.
"""

from collections import Counter
from collections.abc import Collection

import numpy as np

from drivers.codec import Chunk, Unwrapper
from drivers.umyo.protocol import BLOCK, SFREQ, battery_pct

HEADER = b"\x4f\xd5"
_LENGTH = 62
_SIZE = 3 + _LENGTH
_TYPE = 80 + BLOCK
_LEN_AT, _UNIT_AT, _TYPE_AT, _BATTERY_AT, _BLOCK_AT, _SAMPLES_AT = 4, slice(5, 9), 9, slice(10, 12), 14, 15
_ENOUGH_PACKETS = 3
"""Of one unit, to believe that it is there."""


def find_units(data: bytes) -> tuple[str, ...]:
    """Units in a piece of the stream, as eight hexadecimal digits, in their order.

    Parameters
    ----------
    data : bytes
        Cut anywhere.
    """
    n_packets: Counter[str] = Counter()
    place = data.find(HEADER)
    while place >= 0:
        if _fits(data, place):
            n_packets[_unit(data, place)] += 1
        place = data.find(HEADER, place + 1)
    return tuple(sorted(unit for unit, n in n_packets.items() if n >= _ENOUGH_PACKETS))


class UMyoBaseCodec:
    """Decodes the stream of bytes of one base.

    A packet is taken only if its header, length and type fit and the header of the next follows; otherwise the search
    goes on one byte further. A turned bit in a sample cannot be told, nor a loss of exactly 65 bytes.

    Parameters
    ----------
    units : collection of str
        As `find_units` gives them; packets of others are left out.
    """

    def __init__(self, units: Collection[str]) -> None:
        self.n_damaged = 0
        self.battery_pct: dict[str, float] = {}
        """Charge in per cent by unit, as last heard."""
        self._units = {unit: _Unit() for unit in units}
        self.restart()

    def restart(self) -> None:
        """Begin anew; what comes before the first packet is then no damage."""
        self._bytes = b""
        self._is_lost = True
        for unit in self._units:
            self._units[unit] = _Unit()

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere; see `drivers.codec.Codec`."""
        self._bytes += data
        chunks = []
        place = 0
        while len(self._bytes) - place >= _SIZE + len(HEADER):
            if _fits(self._bytes, place):
                chunks += self._take(place, arrival_ns)
                place += _SIZE
                self._is_lost = False
                continue
            self.n_damaged += not self._is_lost
            self._is_lost = True
            found = self._bytes.find(HEADER, place + 1)
            place = found if found >= 0 else len(self._bytes) - 1  # the last byte may be half a header
        self._bytes = self._bytes[place:]
        return chunks

    def _take(self, place: int, arrival_ns: int) -> list[Chunk]:
        name = _unit(self._bytes, place)
        unit = self._units.get(name)
        if unit is None:
            return []
        param, battery = self._bytes[place:][_BATTERY_AT]
        if param == 0:
            self.battery_pct[name] = battery_pct(battery)
        step = unit.unwrapper.step(self._bytes[place + _BLOCK_AT], arrival_ns)
        if step == 0:
            return []  # the radio of the base heard it twice
        n_lost = (step - 1) * BLOCK
        first_index = unit.next_index + n_lost
        unit.next_index = first_index + BLOCK
        samples = np.frombuffer(self._bytes, ">i2", BLOCK, place + _SAMPLES_AT).astype(np.float32)
        return [Chunk(samples[:, np.newaxis], first_index, arrival_ns, n_lost, name)]


class _Unit:
    """Where the count of one unit stands."""

    def __init__(self) -> None:
        self.unwrapper = Unwrapper(256, SFREQ / BLOCK)
        self.next_index = 0


def _fits(data: bytes, place: int) -> bool:
    """Whether a packet begins here, and the next behind it."""
    return (
        data.startswith(HEADER, place)
        and data.startswith(HEADER, place + _SIZE)
        and data[place + _LEN_AT] == _LENGTH
        and data[place + _TYPE_AT] == _TYPE
    )


def _unit(data: bytes, place: int) -> str:
    return data[place:][_UNIT_AT].hex().upper()
