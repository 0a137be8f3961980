"""What an OpenBCI Ganglion notifies over Bluetooth. Pure: packets in, samples out.

Written after the makers' firmware (OpenBCI/OpenBCI_Ganglion_Library, 2.0.1 and 3.0.2) and their data format
(OpenBCI/Documentation, website/docs/Ganglion/08-Ganglion_Data_Format.md). A packet is one notification of 20 bytes:
one that says what it is, then samples of the four channels. Both firmwares store the sign of a number in its lowest
bit, but firmware 3 sends samples where firmware 2 sends differences.
"""

import numpy as np

from drivers.codec import Chunk, Unwrapper
from drivers.types import Float32Array

SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
NOTIFY = "2d30c082-f39f-4ce6-923f-3484ea480596"
WRITE = "2d30c083-f39f-4ce6-923f-3484ea480596"
SOFTWARE_REVISION = "00002a28-0000-1000-8000-00805f9b34fb"

START = b"b"
STOP = b"s"

PACKET_SIZE = 20
N_CHANNELS = 4
COUNT_V = 1.2 / ((2**23 - 1) * 1.5 * 51.0)
"""Volts per count of the 24-bit converter: 1.2 V reference, gains 1.5 and 51.

The data format page rounds the full scale to 15686 µV, which makes its number 17 ppm smaller.
"""
FULL_SCALE_V = 2**23 * COUNT_V
CONVERTER_SFREQ = 200.0
"""Nominal samples a second of the converter."""

_ANSWERS = range(201, 208)
"""Impedances (201 to 205) and text (206, 207): not samples, not damage."""
_LAST_DIFFERENCES = 200
_CYCLE_SAMPLES = 201
"""Converter samples in one turn of the packet counter."""


class Ganglion3Codec:
    """Decodes firmware 3: two samples a packet, 19 bit each, or 18 where the accelerometer is on.

    Of 201 samples of the converter in a turn of the packet counter, the firmware sends 200: one is overwritten before
    it is sent. It was never on the air, so it is no loss, and the samples are numbered without it, at `SFREQ`. A clock
    fitted to their arrival runs evenly where the converter slips by 5 ms once a second: 0 to 5 ms early in the course
    of it, all four channels together.
    """

    SFREQ = CONVERTER_SFREQ * (_CYCLE_SAMPLES - 1) / _CYCLE_SAMPLES
    LSB_V = 64 * COUNT_V
    """The 19-bit form carries the upper 18 bits of a sample."""

    _PACKETS = 100

    def __init__(self) -> None:
        self.n_damaged = 0
        self._unwrapper = Unwrapper(self._PACKETS, self.SFREQ / 2)
        self.restart()

    def restart(self) -> None:
        """Begin anew after a (re)connection or a start command."""
        self._unwrapper.restart()
        self._first: bytes | None = None
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take one notification, see `drivers.codec.Codec`.

        Parameters
        ----------
        data : bytes
            Whole: a notification of any other length than 20 bytes is damaged.
        arrival_ns : int
            When it came.

        Returns
        -------
        list of Chunk
            None or one, with two samples in volts, shape (2, 4).
        """
        if data and data[0] in _ANSWERS:
            return []
        if len(data) != PACKET_SIZE:
            self.n_damaged += 1
            return []
        if self._first is None or data == self._first:  # whatever it holds, its number is left over: 99 or 255
            self._first = data
            return []
        number = data[0]
        if number >= 2 * self._PACKETS:
            self.n_damaged += 1
            return []
        step = self._unwrapper.step(number % self._PACKETS, arrival_ns)
        if step == 0:  # a notification that was handed over twice
            return []
        n_lost = 2 * (step - 1)
        first_index = self._next_index + n_lost
        self._next_index = first_index + 2
        n_bits = 18 if number < self._PACKETS else 19
        counts = [_signed(word >> 1, word & 1, n_bits - 1) << (25 - n_bits) for word in _words(data, n_bits)]
        return [Chunk(_volts(counts), first_index, arrival_ns, n_lost)]


class Ganglion2Codec:
    """Decodes firmware 2: one packet of one whole sample, then 100 of two differences each, 201 samples a turn.

    A difference lost is lost until the next whole sample, within a second. Packets that arrive meanwhile have no
    meaning and give NaN. The lowest bit of a difference is its sign, so a sample may be up to 200 counts (0.4 µV) off
    at the end of a turn; a jump of more than 2^19 counts (0.98 mV; half as much with the accelerometer on) from one
    sample to the next cannot be expressed.
    """

    SFREQ = CONVERTER_SFREQ
    LSB_V = COUNT_V

    _PACKETS = 101

    def __init__(self) -> None:
        self.n_damaged = 0
        self._unwrapper = Unwrapper(self._PACKETS, self.SFREQ * self._PACKETS / _CYCLE_SAMPLES)
        self.restart()

    def restart(self) -> None:
        """Begin anew after a (re)connection or a start command: with the next whole sample."""
        self._unwrapper.restart()
        self._packet: int | None = None
        self._last: list[int] | None = None
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take one notification, see `Ganglion3Codec.feed`.

        Returns
        -------
        list of Chunk
            None or one, shape (1, 4) or (2, 4); NaN where differences from an unknown sample arrived.
        """
        if data and data[0] in _ANSWERS:
            return []
        if len(data) != PACKET_SIZE or data[0] > _LAST_DIFFERENCES:
            self.n_damaged += 1
            return []
        number = data[0]
        place = (number - 1) % 100 + 1 if number else 0
        if self._packet is None:
            if number:
                return []
            self._packet = -1
        step = self._unwrapper.step(place, arrival_ns)
        if step == 0:
            return []
        self._packet += step
        turn = self._packet // self._PACKETS
        first_index = turn * _CYCLE_SAMPLES + (2 * place - 1 if place else 0)
        n_lost = first_index - self._next_index
        if n_lost:
            self._last = None
        samples = self._samples(data)
        self._next_index = first_index + len(samples)
        return [Chunk(samples, first_index, arrival_ns, n_lost)]

    def _samples(self, data: bytes) -> Float32Array:
        if data[0] == 0:
            self._last = [int.from_bytes(data[1 + 3 * i : 4 + 3 * i], signed=True) for i in range(N_CHANNELS)]
            return _volts(self._last)
        if self._last is None:
            return np.full((2, N_CHANNELS), np.nan, np.float32)
        n_bits = 18 if data[0] <= 100 else 19
        differences = [_signed(word, word & 1, n_bits) for word in _words(data, n_bits)]
        first = [last - difference for last, difference in zip(self._last, differences, strict=False)]
        self._last = [last - difference for last, difference in zip(first, differences[N_CHANNELS:], strict=True)]
        return _volts(first + self._last)


def _words(data: bytes, n_bits: int) -> list[int]:
    """The eight numbers of a packet, as unsigned words packed without gaps behind its first byte."""
    n_words = 2 * N_CHANNELS
    packed = int.from_bytes(data[1 : 1 + n_words * n_bits // 8])
    return [packed >> n_bits * i & (1 << n_bits) - 1 for i in reversed(range(n_words))]


def _signed(magnitude: int, sign: int, n_bits: int) -> int:
    return magnitude - (sign << n_bits)


def _volts(counts: list[int]) -> Float32Array:
    return (np.array(counts, np.float64).reshape(-1, N_CHANNELS) * COUNT_V).astype(np.float32)
