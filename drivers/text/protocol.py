"""Lines of numbers, as sketches print them for a serial plotter. Pure: bytes in, rows out.

A line is numbers parted by comma, tab, semicolon or blanks, each with an optional ``label:`` before and an optional
``%``, ``V``, ``mV`` or ``uV`` behind it. Whatever is no such line is never turned into a sample.
"""

import re
from dataclasses import dataclass

import numpy as np

from drivers.codec import Chunk

LINES_TO_LOCK = 5
"""Equal lines in a row that settle what a line of this device looks like."""
LINES_TO_RELOCK = 50
"""Lines in a row of another, constant look after which the device is taken to have changed its mind."""
LONGEST_LINE = 1024
"""Bytes; more without a line end is no line (a wrong baud rate, a binary protocol)."""

_FIELD = re.compile(
    r"(?:(?P<label>[A-Za-z_][A-Za-z0-9_.\-]*)[ \t]*:[ \t]*)?"
    r"(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"(?:[ \t]*(?:%|[mu\u00b5\u03bc]?V))?"
    r"(?:[ \t]*[,;\t][ \t]*|[ ]+|$)"
)
_LINE_END = re.compile(rb"[\r\n]")
_LARGEST = float(np.finfo(np.float32).max)

Layout = tuple[str, ...]
"""The label of every column, empty where a column has none."""


@dataclass(frozen=True, slots=True)
class Rows(Chunk):
    """Consecutive lines that arrived together; always finite.

    Attributes
    ----------
    layout : tuple of str
        What the lines looked like, see `LineParser.layout`.
    """

    layout: Layout = ()


def parse_line(line: bytes) -> tuple[Layout, tuple[float, ...]] | None:
    """Labels and numbers of one line without its end; None if it is anything else, or a number is not finite."""
    text = line.decode("utf-8", "replace").strip(" \t")
    labels: list[str] = []
    numbers: list[float] = []
    place = 0
    while place < len(text):
        field = _FIELD.match(text, place)
        if field is None:
            return None
        number = float(field["number"])
        if abs(number) > _LARGEST:
            return None
        labels.append(field["label"] or "")
        numbers.append(number)
        place = field.end()
    return (tuple(labels), tuple(numbers)) if numbers else None


class LineParser:
    """Codec that finds rows of numbers in a stream of bytes, however it is cut into pieces.

    The first line after the beginning or a `restart` is dropped, because its front may be missing. The layout is
    settled by `LINES_TO_LOCK` equal lines, which are samples themselves; lines before them (a boot banner) are
    ignored. Later every line that differs is dropped and counted, until `LINES_TO_RELOCK` of one other layout
    came in a row: `Rows` are of that layout then.

    Parameters
    ----------
    time_column : bool
        The first number of a line is a time stamp or counter and no channel.
    """

    def __init__(self, *, time_column: bool = False) -> None:
        self.layout: Layout | None = None
        """What a line looks like, without the time column; None until it is settled."""
        self.n_damaged = 0
        """Lines dropped since the layout was settled."""
        self._first_channel = 1 if time_column else 0
        self._next_index = 0
        self._tail = b""
        self._is_cut = True
        self._candidate: Layout | None = None
        self._n_candidate = 0
        self._pending: list[tuple[float, ...]] = []

    def restart(self) -> None:
        """Begin anew after a (re)connection: the layout stays, what was begun is dropped."""
        self._next_index = 0
        self._tail = b""
        self._is_cut = True
        self._forget_candidate()

    def feed(self, data: bytes, arrival_ns: int) -> list[Chunk]:
        """Take the next bytes.

        Parameters
        ----------
        data : bytes
            Of any length, cut anywhere.
        arrival_ns : int
            When they came; handed on with the rows that they complete.

        Returns
        -------
        list of `Rows`
            Mostly none or one; more only where the layout changes.
        """
        *lines, tail = _LINE_END.split(self._tail + data)
        self._tail = tail[: LONGEST_LINE + 1]  # one byte more than is allowed remembers that it was too long
        if lines and self._is_cut:
            self._is_cut = False
            del lines[0]
        found: list[Chunk] = []
        for line in lines:
            if line:
                self._take(line, found, arrival_ns)
        self._flush(found, arrival_ns)
        return found

    def _take(self, line: bytes, found: list[Chunk], arrival_ns: int) -> None:
        fields = parse_line(line) if len(line) <= LONGEST_LINE else None
        layout = None if fields is None else fields[0][self._first_channel :]
        numbers = () if fields is None else fields[1][self._first_channel :]
        if self.layout is not None:
            if layout == self.layout:
                self._pending.append(numbers)
                self._forget_candidate()
                return
            self.n_damaged += 1
        if not layout:  # no line of numbers, or nothing but a time stamp
            self._forget_candidate()
            return
        if layout != self._candidate:
            self._forget_candidate()
            self._candidate = layout
        self._n_candidate += 1
        if self.layout is None:
            self._pending.append(numbers)
            if self._n_candidate == LINES_TO_LOCK:
                self.layout = layout
                self._forget_candidate()
        elif self._n_candidate == LINES_TO_RELOCK:
            self._flush(found, arrival_ns)
            self.layout = layout
            self._forget_candidate()

    def _forget_candidate(self) -> None:
        self._candidate = None
        self._n_candidate = 0
        if self.layout is None:
            self._pending.clear()

    def _flush(self, found: list[Chunk], arrival_ns: int) -> None:
        if self.layout is None or not self._pending:
            return
        samples = np.array(self._pending, dtype=np.float32)
        self._pending.clear()
        found.append(Rows(samples, self._next_index, arrival_ns, layout=self.layout))
        self._next_index += len(samples)
