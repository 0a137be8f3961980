"""What lines of numbers are: their columns and how many come in a second. Pure: bytes and times in.

Whatever prints lines, on a wire or over radio, is looked at in this way when it is opened.
"""

from collections.abc import Sequence

from drivers.codec import Chunk
from drivers.errors import SourceFormatError
from drivers.text.protocol import Layout, LineParser
from drivers.types import StreamInfo, StreamKind

SLOWEST_RAW_HZ = 200.0
"""Below this a device sends an envelope: surface EMG itself needs more than twice its 100 Hz of main content."""
LOCK_S = 5.0
MEASURE_S = 2.0


class RateMeter:
    """Samples a second from the first to the last arrival, within a limited time.

    Parameters
    ----------
    span_s : float
        How long to measure, beginning at the first call of `add`.
    """

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._begun_ns: int | None = None
        self._first_ns = self._last_ns = 0
        self._n_after_first = 0

    def add(self, chunks: Sequence[Chunk], now_ns: int) -> bool:
        """Take what has come by now, be it nothing; True once the time is over."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        for chunk in chunks:
            if self._first_ns:
                self._n_after_first += len(chunk.samples)
            self._first_ns, self._last_ns = self._first_ns or now_ns, now_ns
        return now_ns - self._begun_ns >= self._span_s * 1e9

    @property
    def sfreq(self) -> float | None:
        """In Hz; None if too little came."""
        if self._last_ns == self._first_ns:
            return None
        return self._n_after_first * 1e9 / (self._last_ns - self._first_ns)


class LineStudy:
    """Finds out what a device prints.

    Parameters
    ----------
    parser : LineParser
        The codec that will go on with the stream.
    address : str
        How the user named the device, for the sentences.
    rate : float or None
        Lines a second in Hz, if the user said so; else they are measured.
    no_lines : str
        The sentence behind "'PORT' sends no lines of numbers.": what to check.
    lock_s, measure_s : float
        How long to look for lines of numbers, and then to measure their rate.
    """

    def __init__(
        self,
        parser: LineParser,
        address: str,
        rate: float | None,
        *,
        no_lines: str,
        lock_s: float = LOCK_S,
        measure_s: float = MEASURE_S,
    ) -> None:
        self._parser = parser
        self._address = address
        self._rate = rate
        self._no_lines = no_lines
        self._lock_s = lock_s
        self._meter = RateMeter(measure_s)
        self._begun_ns: int | None = None

    def is_done(self, data: bytes, now_ns: int) -> bool:
        """Take what has come by now, be it nothing; True once all is known.

        Raises
        ------
        SourceFormatError
            If no lines of numbers come, or too few to measure their rate.
        """
        if self._begun_ns is None:
            self._begun_ns = now_ns
        was_known = self._parser.layout is not None
        rows = self._parser.feed(data, now_ns)
        if self._parser.layout is None:
            if now_ns - self._begun_ns > self._lock_s * 1e9:
                silent = f"'{self._address}' sends no lines of numbers."
                raise SourceFormatError(f"{silent} {self._no_lines}")
            return False
        if self._rate is not None:
            return True
        if not was_known or not self._meter.add(rows, now_ns):
            return False
        self._rate_of_lines()
        return True

    @property
    def layout(self) -> Layout:
        """The label of every column."""
        return self._parser.layout or ()

    def stream(self, stream_id: str) -> StreamInfo:
        """The stream that the lines are."""
        sfreq = self._rate or self._rate_of_lines()
        kind: StreamKind = "raw" if sfreq >= SLOWEST_RAW_HZ else "envelope"
        return StreamInfo(
            stream_id=stream_id,
            sfreq=sfreq,
            sfreq_known=self._rate is not None,
            ch_names=_channel_names(self.layout),
            unit="counts",
            kind=kind,
            has_counter=False,
        )

    def notes(self, stream: StreamInfo) -> tuple[str, ...]:
        """What the user should know of it."""
        if stream.kind == "raw":
            return ()
        return (
            f"'{self._address}' sends {stream.sfreq:.0f} lines a second: taken as an envelope, "
            "which gives bars and counts but no timing between the sides.",
        )

    def _rate_of_lines(self) -> float:
        sfreq = self._meter.sfreq
        if sfreq is None:
            raise SourceFormatError(
                f"'{self._address}' sends too few lines to measure their rate; check the device, or write rate=..."
            )
        return sfreq


def _channel_names(layout: Layout) -> tuple[str, ...]:
    """The labels, where every column has one of its own."""
    if all(layout) and len(set(layout)) == len(layout):
        return layout
    return tuple(f"ch{i + 1}" for i in range(len(layout)))
