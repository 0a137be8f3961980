"""What every wire protocol is to the rest of the house: bytes in, numbered samples out. Pure.

A codec does no I/O and knows no clock: the same code eats a port, a radio, a recorded file and a fuzzer's noise.
"""

from dataclasses import dataclass
from typing import Protocol

from drivers.types import Float32Array


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples that one call of `Codec.feed` completed.

    Attributes
    ----------
    samples : ndarray of float32, shape (n_samples, n_channels)
        In the unit of the stream; finite, except NaN for samples that the device itself marks as missing.
    first_index : int
        Number of ``samples[0]`` since the last `Codec.restart`, lost samples counted and counter wraps undone.
    arrival_ns : int
        As given to `Codec.feed`.
    n_lost : int
        Samples missing directly before this chunk.
    unit : str
        Which unit sent it, where several share one link (a USB base); empty otherwise.
    """

    samples: Float32Array
    first_index: int
    arrival_ns: int
    n_lost: int = 0
    unit: str = ""


class Codec(Protocol):
    """Decoder of one link.

    Whatever the bytes are, `feed` never raises, never emits a sample that was not sent, and never a chunk of another
    width than the frames it came from. A damaged frame is dropped and counted; after it, decoding finds its way back
    by advancing one byte at a time.
    """

    n_damaged: int
    """Frames, lines or packets that were dropped because they were broken; not the same as samples lost."""

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes, cut anywhere, with the time at which they came (``time.perf_counter_ns``)."""

    def restart(self) -> None:
        """Begin anew after a (re)connection: what was begun is dropped, the next sample has index 0."""


class Unwrapper:
    """Turns a device counter of few bits into a count that never wraps.

    A gap longer than the wrap is ambiguous by the counter alone; the time between arrivals picks the number of turns
    (the makers' own advice, e.g. OpenBCI_Cyton_Library issue 110). Arrival is late rather than early, so turns are only
    added when the time that passed has room for more than half of one beyond what the counter shows.

    Parameters
    ----------
    modulus : int
        Number of different counter values, e.g. 256.
    per_second : float
        Counts a second, nominal.
    """

    def __init__(self, modulus: int, per_second: float) -> None:
        self._modulus = modulus
        self._per_second = per_second
        self._counter: int | None = None
        self._arrival_ns = 0

    def restart(self) -> None:
        """Forget the last counter: whatever comes next follows without loss."""
        self._counter = None

    def step(self, counter: int, arrival_ns: int) -> int:
        """Tell how many counts lie between the last counter and this one.

        Parameters
        ----------
        counter : int
            In ``[0, modulus)``.
        arrival_ns : int
            When it came; equal to that of the last one where both came in one packet.

        Returns
        -------
        int
            1 where nothing is missing, which the first counter after a restart is held to; 0 for a repetition;
            more than 1 after a loss.
        """
        before, before_ns = self._counter, self._arrival_ns
        self._counter, self._arrival_ns = counter, arrival_ns
        if before is None:
            return 1
        shown = (counter - before) % self._modulus
        passed = (arrival_ns - before_ns) * 1e-9 * self._per_second
        return shown + self._modulus * max(0, round((passed - shown) / self._modulus))
