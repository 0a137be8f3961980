"""Notifications and advertisements of uMyo. Pure: bytes in, samples out.

After ultimaterobotics/uMyo (uMyo_fw_v3_1/main.c, firmware of 2026) and uMyo_BLE (src/uMyo_BLE.cpp). Connected, it
notifies raw codes, little-endian, numbered by a sample index of 32 bits::

    [format u8] | index u32 | n x i16 | [quaternion 4 x i16]        or movement alone, without samples

Not connected, it advertises what it makes of its last eight samples, in the place of a manufacturer's number and data::

    block u8 | battery u8 | spectrum 4 x i16 big-endian | quaternion
"""

from collections.abc import Mapping

import numpy as np

from drivers.codec import Chunk, Unwrapper

SFREQ = 1133.0
"""Between the firmware's filters (1116 Hz) and the maker's tools (1150 Hz); to be fitted."""
BLOCK = 8
"""Samples in one step of the device's converter."""
LONGEST_PAYLOAD = 61
BLOCKS_PER_LEVEL = 16
"""Of what is advertised a third is heard at best: so many blocks make one level, every 113 ms."""

_FORMATS = {
    20: (0, 8), 36: (0, 16), 52: (0, 24), 60: (0, 24), 53: (1, 24), 61: (1, 24),
}  # fmt: skip
"""Length to the place of the index, and the number of samples."""
_MARKS = {61: 1, 53: 2, 27: 3}
"""The format byte of the newer payloads."""
_MOVEMENT = (26, 27)
_MOST_AHEAD_S = 1.0
"""How much further than the time that passed the index may be: what waits in queues."""
_EMPTY_MV, _FULL_MV = 3200, 4200
"""Where the firmware switches itself off, and a charged lithium cell."""
_TELEMETRY_SIZE = 15


class UMyoCodec:
    """Decodes the notifications of a connected unit, one for each call of `feed`.

    The index counts what the unit sampled, so every loss is counted exactly. One that cannot be true (it goes back, or
    ahead of the time) is damage; if the next one goes on from there, the unit has begun to count anew, and what was
    lost meanwhile cannot be known.
    """

    def __init__(self) -> None:
        self.n_damaged = 0
        self.restart()

    def restart(self) -> None:
        """Begin anew: the next sample has index 0."""
        self._due: int | None = None
        self._elsewhere: int | None = None
        self._next_index = 0
        self._arrival_ns = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take one notification; movement alone is no sample and no damage."""
        if len(data) in _MARKS and data[0] != _MARKS[len(data)]:
            self.n_damaged += 1
            return []
        if len(data) in _MOVEMENT:
            return []
        if len(data) not in _FORMATS:
            self.n_damaged += 1
            return []
        place, n_samples = _FORMATS[len(data)]
        index = int.from_bytes(data[place : place + 4], "little")
        n_lost = self._lost_before(index, arrival_ns)
        if n_lost is None:
            self.n_damaged += 1
            self._elsewhere = (index + n_samples) % 2**32
            return []
        self._due, self._elsewhere, self._arrival_ns = (index + n_samples) % 2**32, None, arrival_ns
        first_index = self._next_index + n_lost
        self._next_index = first_index + n_samples
        samples = np.frombuffer(data, "<i2", n_samples, place + 4).astype(np.float32)
        return [Chunk(samples[:, np.newaxis], first_index, arrival_ns, n_lost)]

    def _lost_before(self, index: int, arrival_ns: int) -> int | None:
        """Samples between the last one and this; None if that cannot be."""
        if self._due is None:
            return 0
        ahead = (index - self._due) % 2**32
        if ahead <= ((arrival_ns - self._arrival_ns) * 1e-9 + _MOST_AHEAD_S) * SFREQ:
            return ahead
        return 0 if index == self._elsewhere else None


class LevelCodec:
    """Makes an even stream of levels from advertisements, which are heard now and then.

    A level is the mean of those heard in `BLOCKS_PER_LEVEL` blocks, each sp2 + 2 sp3 of its spectrum as in the maker's
    uMyo_BLE; where none was heard, it is lost. The block number, 8 bits, is the clock of it.
    """

    sfreq = SFREQ / BLOCK / BLOCKS_PER_LEVEL

    def __init__(self) -> None:
        self.n_damaged = 0
        self._unwrapper = Unwrapper(256, SFREQ / BLOCK)
        self.restart()

    def restart(self) -> None:
        """Begin anew: the next level has index 0."""
        self._unwrapper.restart()
        self._last: tuple[int, int] | None = None
        self._n_blocks = 0
        self._levels: list[int] = []
        self._due_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take what was advertised; what was heard already, or comes after newer ones, is no damage."""
        if len(data) != _TELEMETRY_SIZE:
            self.n_damaged += 1
            return []
        if self._last is not None and (data[0] - self._last[0]) % 256 > 128:
            late_s = (arrival_ns - self._last[1]) * 1e-9
            if late_s < 128 * BLOCK / SFREQ:
                return []
        step = self._unwrapper.step(data[0], arrival_ns)
        if step == 0:
            return []
        before = self._n_blocks // BLOCKS_PER_LEVEL
        self._n_blocks += step if self._last is not None else 0
        self._last = (data[0], arrival_ns)
        spectrum = np.frombuffer(data, ">i2", 4, 2)
        level = int(spectrum[2]) + 2 * int(spectrum[3])
        if self._n_blocks // BLOCKS_PER_LEVEL == before:
            self._levels.append(level)
            return []
        mean = np.array([[np.mean(self._levels)]], np.float32)
        chunk = Chunk(mean, before, arrival_ns, before - self._due_index)
        self._levels, self._due_index = [level], before + 1
        return [chunk]


def battery_pct(battery: int) -> float:
    """Charge in per cent from the battery byte (2000 mV + 10 mV each): linear from 3.2 to 4.2 V."""
    return float(np.clip(100.0 * (2000 + 10 * battery - _EMPTY_MV) / (_FULL_MV - _EMPTY_MV), 0.0, 100.0))


def telemetry(manufacturer: Mapping[int, bytes]) -> list[bytes]:
    """What was advertised, put together again: every system takes the first two bytes for a manufacturer's number.

    Parameters
    ----------
    manufacturer : mapping of int to bytes
        Number to data. As the number changes with every block, there may be several, old ones among them.
    """
    whole = [number.to_bytes(2, "little") + bytes(data) for number, data in manufacturer.items()]
    return [data for data in whole if len(data) == _TELEMETRY_SIZE]
