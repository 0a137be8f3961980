"""Readings of a MyoWare 2.0 Wireless Shield: one text such as ``512.00`` a notification. Pure.

After MyoWare.h and MyoWare.cpp of Advancer Technologies (MIT, 2024): a 12-bit converter at 3.3 V reads the envelope
(``ENV``) or the amplified signal (``RAW``) of one sensor, and sends as fast as its loop runs.
"""

import numpy as np

from drivers.codec import Chunk
from drivers.text.protocol import parse_line

SERVICE = "ec3af789-2154-49f4-a9fc-bc6c88e9e930"
READING = "f3a56edf-8f1e-4533-93bf-5601b2e91308"

LARGEST_CODE = 4095
LONGEST_TEXT = 128
"""Bytes that the characteristic holds."""
RAW_V_PER_CODE = 3.3 / LARGEST_CODE / 200.0
"""The amplifier before ``RAW`` has a gain of 200; that before ``ENV`` hangs on a screw of the sensor."""
RAW_MIDDLE = LARGEST_CODE / 2
"""Where ``RAW`` rests: ``REF`` is half the supply."""


class ReadingCodec:
    """Codec of the notifications; each is a message, and one that is no reading is dropped.

    Parameters
    ----------
    is_raw : bool
        True for readings of ``RAW`` in volts at the skin; False for those of ``ENV``, in counts.
    """

    def __init__(self, *, is_raw: bool) -> None:
        self.n_damaged = 0
        """Notifications that held something else than one reading."""
        self._is_raw = is_raw
        self._next_index = 0

    def restart(self) -> None:
        """Begin anew after a (re)connection."""
        self._next_index = 0

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take one notification.

        Parameters
        ----------
        data : bytes
        arrival_ns : int
            When it came, ``time.perf_counter_ns()``.

        Returns
        -------
        list of Chunk
            One of one sample, or none.
        """
        code = self._code(data)
        if code is None:
            self.n_damaged += 1
            return []
        value = (code - RAW_MIDDLE) * RAW_V_PER_CODE if self._is_raw else code
        chunk = Chunk(np.array([[value]], np.float32), self._next_index, arrival_ns)
        self._next_index += 1
        return [chunk]

    def _code(self, data: bytes) -> float | None:
        line = parse_line(data.strip(b"\0\r\n")) if len(data) <= LONGEST_TEXT else None
        if line is None or len(line[1]) != 1 or not 0.0 <= line[1][0] <= LARGEST_CODE:
            return None
        return line[1][0]
