"""`Lines`: what is known of the lines of one device from its first opening to its last, wired or over radio. Pure."""

from typing import Final

from drivers.codec import Chunk
from drivers.text.protocol import Layout, LineParser, Rows
from drivers.text.study import LOCK_S, MEASURE_S, LineStudy
from drivers.types import Carried, StreamInfo
from drivers.uri import SourceUri

LINE_OPTIONS: Final = ("rate", "time")
"""Options of every device that prints lines."""


class Lines:
    """Keeps what was found out, so that it is believed after a loss of the link.

    Parameters
    ----------
    uri : SourceUri
        Its `LINE_OPTIONS`: ``rate`` in Hz, ``time`` (1: the first number of a line is a time stamp or counter).

    Attributes
    ----------
    parser : LineParser
        Of the newest study.
    """

    def __init__(self, uri: SourceUri) -> None:
        self._rate = uri.number("rate", 0.0, low=1.0, high=20_000.0) or None
        self._time_column = uri.integer("time", 0, low=0, high=1) == 1
        self.parser = LineParser(time_column=self._time_column)
        self._layout: Layout = ()
        self._notes: tuple[str, ...] = ()

    @property
    def carried(self) -> Carried:
        """What was found out about the lines."""
        return Carried(notes=self._notes)

    def study(self, name: str, *, no_lines: str, lock_s: float = LOCK_S, measure_s: float = MEASURE_S) -> LineStudy:
        """Begin to look at the lines afresh; see `LineStudy`."""
        self.parser = LineParser(time_column=self._time_column)
        return LineStudy(self.parser, name, self._rate, no_lines=no_lines, lock_s=lock_s, measure_s=measure_s)

    def learn(self, study: LineStudy, stream_id: str) -> tuple[LineParser, tuple[StreamInfo]]:
        """Keep what a finished study found; returns what a driver's ``greet`` does."""
        stream = study.stream(stream_id)
        self._layout, self._notes = study.layout, study.notes(stream)
        return self.parser, (stream,)

    def fit(self, chunk: Chunk) -> bool:
        """Whether lines have the columns, and the labels, that they had at the beginning."""
        return isinstance(chunk, Rows) and chunk.layout == self._layout
