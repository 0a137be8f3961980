"""An OpenBCI Ganglion, after OpenBCI_Ganglion_Library.cpp of OpenBCI/OpenBCI_Ganglion_Library."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tests.rigs.devices.squeezes import squeezes

SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
NOTIFIED = "2d30c082-f39f-4ce6-923f-3484ea480596"
WRITTEN = "2d30c083-f39f-4ce6-923f-3484ea480596"
DISCONNECT = "2d30c084-f39f-4ce6-923f-3484ea480596"
DEVICE_INFORMATION = "0000180a-0000-1000-8000-00805f9b34fb"
SOFTWARE_REVISION = "00002a28-0000-1000-8000-00805f9b34fb"

V_PER_COUNT = 1.2 / (8_388_607 * 1.5 * 51)
AMPLITUDE_COUNTS = 200_000
TURN = 201
"""Samples of the converter while the packet counter goes round once."""


class GanglionDevice:
    """Notifies two samples at a time from ``b`` on.

    Parameters
    ----------
    revision : str
        Of its software; the first digit decides how samples are packed.
    accelerometer : bool
        Whether it is on: samples have one bit less then.
    """

    samples_per_packet = 2
    services: Mapping[str, Mapping[str, Sequence[str]]] = {
        SERVICE: {
            NOTIFIED: ("read", "notify"),
            WRITTEN: ("write", "write-without-response"),
            DISCONNECT: ("write", "write-without-response"),
        },
        DEVICE_INFORMATION: {SOFTWARE_REVISION: ("read",)},
    }
    advertised: Sequence[str] = (SERVICE,)

    def __init__(self, revision: str = "3.0.2", *, accelerometer: bool = False) -> None:
        self.name = "Ganglion 1.3 (A1B2)"
        self.values: Mapping[str, bytes] = {SOFTWARE_REVISION: revision.encode()}
        self.is_streaming = False
        self._sends_differences = not revision.startswith("3")
        self._accelerometer = accelerometer
        self._n_packets = 0
        self._n_ready = 0

    @property
    def sfreq(self) -> float:
        """Samples that are sent each second: firmware 3 leaves one in 201 out."""
        return 200.0 if self._sends_differences else 200.0 * (TURN - 1) / TURN

    def receive(self, data: bytes) -> bytes:
        """Take what is written."""
        for letter in data.decode("ascii", "replace"):
            if letter == "b":
                self.is_streaming, self._n_packets, self._n_ready = True, 0, 0
            elif letter == "s":
                self.is_streaming = False
            elif letter in "nN":
                self._accelerometer = letter == "n"
        return b""

    def packets(self, n: int) -> list[bytes]:
        """What is notified during the next `n` samples."""
        if not self.is_streaming:
            return []
        self._n_ready += n
        packets = []
        while self._n_ready >= self._n_samples_of_next():
            self._n_ready -= self._n_samples_of_next()
            packets.append(self._packet())
            self._n_packets += 1
        return packets

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Volts since ``b``; of firmware 3, since its second packet, in the steps of 64 (128) counts that it sends."""
        if self._sends_differences:
            return (np.array([self._counts(i) for i in range(first, first + n)]) * V_PER_COUNT).astype(np.float32)
        step = 128 if self._accelerometer else 64
        turns = [divmod(i, TURN - 1) for i in range(first, first + n)]
        counts = np.array([self._counts(turn * TURN + place) for turn, place in turns])
        return (counts // step * step * V_PER_COUNT).astype(np.float32)

    def _counts(self, converted: int) -> list[int]:
        """What the four converters measure."""
        wave = squeezes(converted, 1, 4, 200.0)[0]
        return [int(value) for value in np.rint(AMPLITUDE_COUNTS * wave)]

    def _n_samples_of_next(self) -> int:
        return 1 if self._sends_differences and self._n_packets % 101 == 0 else 2

    def _packet(self) -> bytes:
        return self._differences() if self._sends_differences else self._truncated()

    def _truncated(self) -> bytes:
        """Firmware 3: the upper bits of two samples; the first packet bears a number left over."""
        turn, place = divmod(max(0, self._n_packets - 1), 100)
        number = place if self._accelerometer else 100 + place
        if self._n_packets == 0:
            number = 255 if self._accelerometer else 99
        at = turn * TURN + 2 * place
        return truncated_packet(number, [*self._counts(at), *self._counts(at + 1)], 18 if self._accelerometer else 19)

    def _differences(self) -> bytes:
        """Firmware 2: a whole sample, then 100 times the differences of two."""
        turn, place = divmod(self._n_packets, 101)
        if place == 0:
            whole = b"".join(count.to_bytes(3, "big", signed=True) for count in self._counts(turn * TURN))
            return b"\0" + whole + b"ABCDEFG"
        at = turn * TURN + 2 * place - 2
        before, first, second = (self._counts(at + i) for i in range(3))
        differences = [a - b for a, b in zip(before + first, first + second, strict=True)]
        return difference_packet(place, differences, 18 if self._accelerometer else 19)


def truncated_packet(number: int, counts: Sequence[int], n_bits: int) -> bytes:
    """The upper ``n_bits - 1`` bits of eight 24-bit samples, each followed by its sign."""
    words = [f"{(count & 0xFFFFFF) >> (25 - n_bits):0{n_bits - 1}b}{int(count < 0)}" for count in counts]
    return _joined(number, words)


def difference_packet(place: int, differences: Sequence[int], n_bits: int) -> bytes:
    """The lower bits of eight differences, the lowest of each replaced by its sign."""
    words = [f"{(value % 2**n_bits) >> 1:0{n_bits - 1}b}{int(value < 0)}" for value in differences]
    return _joined(place if n_bits == 18 else 100 + place, words)


def _joined(number: int, words: Sequence[str]) -> bytes:
    bits = "".join(words).ljust(19 * 8, "0")
    return bytes([number, *(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))])
