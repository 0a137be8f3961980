"""Commands and frames of BITalino (r)evolution, firmware 5. Pure: bytes in, samples out.

After BITalinoWorld/firmware-bitalino-revolution (uart.c, live.c, timer.c). A frame has the first channel last::

    [A6 A5] A4 A3 A2 A1 | I1 I2 O1 O2 | sequence u4 | CRC u4

so that it is one little-endian number, read from its top. Bluetooth low energy carries slices of the same bytes.
"""

import re

import numpy as np

from drivers.codec import Chunk, Unwrapper

ASK_VERSION = b"\x07"
"""The only byte that is safe to send to a device that is not known yet: many others start its made-up signal."""
ASK_STATE = b"\x0b"
STOP = b"\x00"
RATES = {1000: b"\xc3", 100: b"\x83"}
"""Commands by rate in Hz; the device also has 10 and 1 Hz, which say nothing of a muscle."""
N_INPUTS = 6
STATE_SIZES = (17, 16)
"""Bytes of the answer to `ASK_STATE`: firmware 5.2, and before."""
FRAMES_TO_LOCK = 8
"""Frames in a row that settle where frames begin: by CRC alone one of 16 random places would do."""

_FRAME_SIZES = (3, 4, 6, 7, 8, 8)
_BITS = (10, 10, 10, 10, 6, 6)
_SUPPLY_V = 3.3
_EMG_GAIN = 1009.0
_EMPTY_V, _FULL_V = 3.4, 4.2
"""The firmware's lowest threshold for its battery light, and a charged lithium cell."""
_CRC_STEP = (0, 3, 6, 5, 12, 15, 10, 9, 11, 8, 13, 14, 7, 4, 1, 2)
"""x^4 + x + 1."""
_VERSION = re.compile(rb"BITalino_v(\d+)(?:\.(\d+))?")


def start_command(channels: tuple[int, ...], *, test: bool) -> bytes:
    """Command that starts these inputs (1 to 6), or the device's own made-up signal in their place."""
    return bytes([(2 if test else 1) | sum(4 << (channel - 1) for channel in channels)])


def find_version(answer: bytes) -> tuple[int, int] | None:
    """Firmware version in the answer to `ASK_VERSION`, whatever stands before it; None if there is none."""
    match = _VERSION.search(answer)
    return None if match is None else (int(match[1]), int(match[2] or 0))


def battery_pct(answer: bytes) -> float | None:
    """Charge in per cent from the answer to `ASK_STATE`: linear between 3.4 and 4.2 V; None if it is damaged.

    ABAT stands in bytes 12 and 13 of both lengths and is half the battery over 3.3 V, of 10 bit.
    """
    if len(answer) not in STATE_SIZES or not _crc_fits(answer):
        return None
    battery_v = 2.0 * _SUPPLY_V * int.from_bytes(answer[12:14], "little") / 1023
    return float(np.clip(100.0 * (battery_v - _EMPTY_V) / (_FULL_V - _EMPTY_V), 0.0, 100.0))


def emg_lsb(n_channels: int) -> tuple[float, ...]:
    """Volts at the electrodes for one code of each channel, behind the EMG sensor of the (r)evolution.

    From SampleEMG.py of BITalinoWorld/revolution-sample-data: EMG = (code / 2^bits - 1/2) x 3.3 V / 1009.
    """
    return tuple(_SUPPLY_V / _EMG_GAIN / 2**bits for bits in _BITS[:n_channels])


EMG_FULL_SCALE = _SUPPLY_V / _EMG_GAIN / 2
"""Largest magnitude in volts, 1.635 mV."""


class BitalinoCodec:
    """Decodes the stream of bytes, by wire or radio.

    Frames are taken only from places that `FRAMES_TO_LOCK` frames in a row have confirmed by CRC and sequence, and
    then one by one if the next one fits too. Every broken check gives the place up and searches on one byte further;
    the frames that confirm a place are samples themselves, but for the first behind damage. What escapes, as the CRC
    has four bits: of turned bits inside a frame one in 16; of missing or added bytes one in some thousand, with one
    wrong sample.

    Parameters
    ----------
    n_channels : int
        1 to 6.
    sfreq : float
        Frames a second in Hz.
    """

    def __init__(self, n_channels: int, sfreq: float) -> None:
        self.n_damaged = 0
        self._n_channels = n_channels
        self._size = _FRAME_SIZES[n_channels - 1]
        self._middle = np.array([2 ** (bits - 1) for bits in _BITS[:n_channels]])
        self._lsb = np.array(emg_lsb(n_channels))
        self._unwrapper = Unwrapper(16, sfreq)
        self.restart()

    def restart(self) -> None:
        """Begin anew; what comes before the first confirmed frame is then no damage."""
        self._unwrapper.restart()
        self._bytes = b""
        self._sequence: int | None = None
        self._next_index = 0
        self._was_locked = False
        self._is_suspect = False
        """Whether the next frame may reach back into damage: one of 16 that do would pass."""

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere; see `drivers.codec.Codec`."""
        self._bytes += data
        runs: list[tuple[int, list[list[int]]]] = []
        place = 0
        while True:
            n_frames = self._n_confirmed(place)
            if n_frames is None:
                break
            if n_frames == 0 and self._sequence is not None:
                self._sequence = None  # a frame may begin here all the same, after some that the device left out
            elif n_frames == 0:
                place += 1
                if self._was_locked:
                    self._was_locked, self._is_suspect = False, True
                    self.n_damaged += 1
            for _ in range(n_frames):
                frame = self._bytes[place : place + self._size]
                place += self._size
                self._sequence, self._was_locked = frame[-1] >> 4, True
                if not self._is_suspect:
                    self._take(frame, arrival_ns, runs)
                self._is_suspect = False
        self._bytes = self._bytes[place:]
        return [self._chunk(n_lost, rows, arrival_ns) for n_lost, rows in runs]

    def _n_confirmed(self, place: int) -> int | None:
        """Frames that surely begin here: one, all those that confirm each other, or 0; None to wait for more bytes."""
        if self._sequence is None:
            fits = self._follow(place, None, FRAMES_TO_LOCK)
            return None if fits is None else FRAMES_TO_LOCK * fits
        fits = self._follow(place, self._sequence, 2)
        if fits is False and self._follow(place, self._sequence, 1):
            fits = self._follow(place + self._size, None, FRAMES_TO_LOCK)  # a whole frame, and then some left out
        return None if fits is None else int(fits)

    def _follow(self, place: int, sequence: int | None, n_frames: int) -> bool | None:
        """Whether so many frames from here fit together, and on the one before; None if bytes are missing to tell."""
        for begin in range(place, place + n_frames * self._size, self._size):
            frame = self._bytes[begin : begin + self._size]
            if len(frame) < self._size:
                return None
            if not _crc_fits(frame) or (sequence is not None and frame[-1] >> 4 != (sequence + 1) % 16):
                return False
            sequence = frame[-1] >> 4
        return True

    def _take(self, frame: bytes, arrival_ns: int, runs: list[tuple[int, list[list[int]]]]) -> None:
        step = self._unwrapper.step(frame[-1] >> 4, arrival_ns)
        if step == 0:
            self.n_damaged += 1  # given twice
        elif step > 1 or not runs:
            runs.append((step - 1, [self._codes(frame)]))
        else:
            runs[-1][1].append(self._codes(frame))

    def _codes(self, frame: bytes) -> list[int]:
        number = int.from_bytes(frame, "little")
        left = 8 * self._size - 12
        codes = []
        for bits in _BITS[: self._n_channels]:
            left -= bits
            codes.append(number >> left & (1 << bits) - 1)
        return codes

    def _chunk(self, n_lost: int, rows: list[list[int]], arrival_ns: int) -> Chunk:
        samples = ((np.array(rows) - self._middle) * self._lsb).astype(np.float32)
        first_index = self._next_index + n_lost
        self._next_index = first_index + len(rows)
        return Chunk(samples, first_index, arrival_ns, n_lost)


def _crc_fits(frame: bytes) -> bool:
    """Whether the last four bits are the CRC of all before."""
    crc = 0
    for byte in frame[:-1]:
        crc = _CRC_STEP[_CRC_STEP[crc] ^ byte >> 4] ^ byte & 15
    return _CRC_STEP[_CRC_STEP[crc] ^ frame[-1] >> 4] == frame[-1] & 15
