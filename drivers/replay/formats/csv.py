"""Text files of numbers, one line a sample: ``# rate_hz=1000``, ``# columns: a, b (unit)``, then the lines.

``# start_utc=2026-11-20T14:30:05.123456+00:00`` says when the first line was measured; it joins two recordings.

Comma, semicolon or tab parts the columns (with the latter two a comma is a decimal comma). A first line of names
without ``#`` is taken as the heading. Empty cells and ``nan`` are missing samples; jumps of a ``time_s`` column are
missing lines. Pure: a path in, a `Recording` out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.columns import Column, channel_names, parse_columns, stream_unit
from drivers.replay.formats.grid import Segment, cut_blocks, end_index
from drivers.replay.formats.recording import READABLE
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

Float64Array = npt.NDArray[np.float64]

_START = re.compile(r"#\s*start_utc\s*[=:]\s*(?P<start>.*\S)\s*")
_RATE = re.compile(r"#\s*rate_hz\s*[=:]\s*(?P<rate>.*\S)\s*")
_COLUMNS = re.compile(r"#\s*columns\s*[=:]\s*(?P<columns>.*\S)\s*")
_CONTROL = re.compile(r"[^\t\n\f\r\x20-\U0010ffff]")

_LONGEST_GAP_S = 86_400.0
"""A jump of more than a day in ``time_s`` is a damaged number, not a pause."""
_RATE_TOLERANCE = 0.05
"""Rates further apart than this contradict each other; nearer ones are the clock error of the device."""


class CsvRecording:
    """A text file of numbers, held in memory; see `drivers.replay.formats.recording.Recording`."""

    def __init__(
        self, stream: StreamInfo, samples: Float32Array, segments: Sequence[Segment], carried: Carried
    ) -> None:
        self.streams = (stream,)
        self.carried = carried
        self.duration_s = end_index(segments) / stream.sfreq
        self._samples = samples
        self._segments = segments

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield blocks of `block_s` seconds; the memory is shared, read-only."""
        return cut_blocks(self.streams[0], self._segments, lambda start, stop: self._samples[start:stop], block_s)

    def close(self) -> None:
        """Nothing to let go of: the file was closed after reading."""


def open_csv(path: Path, raw: bytes, *, rate: float | None, notes: Sequence[str] = ()) -> CsvRecording:
    """Read a text file of numbers.

    Parameters
    ----------
    path : Path
        Names the stream and the file in sentences.
    raw : bytes
        Content of the file.
    rate : float or None
        Samples per second, where the user says so; goes before the file's own.
    notes : sequence of str
        What is known to be told about the file.

    Returns
    -------
    CsvRecording
        Samples in volts where the file names a unit of voltage, else counts. A column in another unit keeps its
        number and its own unit, which then stands in its name.

    Raises
    ------
    SourceFormatError
        With the line that is wrong and the remedy.
    """
    text = _Text(path, raw)
    table, found = text.table()
    columns = _columns(text, table.shape[1], found)
    time = next((i for i, column in enumerate(columns) if column.is_time), None)
    sfreq, segments = _time_grid(text, table.shape[0], None if time is None else table[:, time], rate)
    kept = [i for i in range(len(columns)) if i != time]
    if not kept:
        raise SourceFormatError(f"'{path}' holds times but no channel; export it with its channels.")
    channels = [columns[i] for i in kept]
    scale = np.array([channel.volts_per_unit for channel in channels])
    with np.errstate(over="ignore"):  # a number beyond float32 is missing, as is a written infinity
        samples = (table[:, kept] * scale).astype(np.float32)
    samples[~np.isfinite(samples)] = np.nan
    samples.flags.writeable = False
    stream = StreamInfo(
        stream_id=f"file:{path}",
        sfreq=sfreq,
        ch_names=channel_names(channels),
        unit=stream_unit(channels),
    )
    return CsvRecording(stream, samples, segments, Carried(notes=(*notes, *found), utc_ns=text.utc_ns))


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


class _Text:
    """The lines of a file: what the heading says, and where the numbers begin."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.path = path
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")  # an old file's µ; numbers are ASCII in either
        if _CONTROL.search(text):
            raise SourceFormatError(f"'{path}' is not a recording that is known: {READABLE}.")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.rate: float | None = None
        self.utc_ns: int | None = None
        self.columns: tuple[Column, ...] = tuple()
        n_heading, begin = 0, 0
        while begin < len(text):
            end = text.find("\n", begin) + 1 or len(text)
            line = text[begin:end].strip()
            if line and not line.startswith("#"):
                break
            n_heading, begin = n_heading + 1, end
            self._heed(line, n_heading)
        body = text[begin:]
        first = body.partition("\n")[0]
        self.delimiter = next((mark for mark in "\t;" if mark in first), ",")
        if first and not any(_is_number(cell) or not cell.strip() for cell in first.split(self.delimiter)):
            names = parse_columns(first.replace(self.delimiter, ","))
            self.columns = self.columns or names
            n_heading, body = n_heading + 1, body[len(first) + 1 :]
        self._n_heading = n_heading
        self._body = body if self.delimiter == "," else body.replace(",", ".")

    def _heed(self, line: str, number: int) -> None:
        if match := _RATE.fullmatch(line):
            if not _is_number(match["rate"]) or not 0 < float(match["rate"]) < 1e6:
                self.fail(number, f"rate_hz={match['rate']} is no number of samples per second")
            self.rate = float(match["rate"])
        elif match := _START.fullmatch(line):
            try:
                start = datetime.fromisoformat(match["start"])
            except ValueError:
                self.fail(
                    number, f"start_utc={match['start']} is no date and time like 2026-11-20T14:30:05.123456+00:00"
                )
            start = start if start.tzinfo else start.replace(tzinfo=UTC)
            self.utc_ns = round(start.timestamp() * 1e6) * 1000
        elif match := _COLUMNS.fullmatch(line):
            self.columns = parse_columns(match["columns"])

    def table(self) -> tuple[Float64Array, list[str]]:
        """All numbers, shape (n_lines, n_columns), NaN for empty cells; and what the user should know of them."""
        notes: list[str] = []
        body = self._body
        if body and not body.endswith("\n"):
            whole, _, last = body.rpartition("\n")
            if whole:
                body = self._body = whole
                if last.partition("#")[0].strip():  # a number that was cut looks like another number
                    notes.append(f"The last line of '{self.path.name}' has no end, may be cut, and is left out.")
        mark = re.escape(self.delimiter)
        body = re.sub(rf"(?m)^ *(?={mark})|(?<={mark}) *(?={mark}|$)", "nan", body)
        if next(self.data_lines(), None) is None:
            raise SourceFormatError(f"'{self.path}' holds no samples; choose another recording.")
        try:
            return np.loadtxt(StringIO(body), delimiter=self.delimiter, comments="#", ndmin=2), notes
        except ValueError as error:
            self._fail_at_first_bad_line(str(error))

    def data_lines(self) -> Iterator[_Line]:
        """Lines that hold numbers, in the order of the rows of `table`."""
        for number, line in enumerate(self._body.split("\n"), start=self._n_heading + 1):
            content = line.partition("#")[0].strip(" ")
            if content:
                yield _Line(number, content)

    def fail(self, number: int, what: str) -> NoReturn:
        """Refuse the file because of one line."""
        raise SourceFormatError(f"'{self.path}', line {number}: {what}; mend that line or delete it.")

    def fail_at_row(self, row: int, what: str) -> NoReturn:
        """Refuse the file because of one row of `table`."""
        self.fail(next(line.number for i, line in enumerate(self.data_lines()) if i == row), what)

    def _fail_at_first_bad_line(self, detail: str) -> NoReturn:
        n_columns = 0
        for line in self.data_lines():
            cells = line.text.split(self.delimiter)
            n_columns = n_columns or len(cells)
            for cell in cells:
                if cell.strip() and not _is_number(cell):
                    self.fail(line.number, f"'{cell.strip()[:24]}' is not a number")
            if len(cells) != n_columns:
                self.fail(line.number, f"{len(cells)} columns where the lines before have {n_columns}")
        raise SourceFormatError(f"'{self.path}' cannot be read as lines of numbers; export it again.", detail)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # Python's own 1_000 is nobody's sample


def _columns(text: _Text, n_columns: int, notes: list[str]) -> tuple[Column, ...]:
    """The columns as the heading names them, or numbered where it names another number of them."""
    if len(text.columns) == n_columns:
        return text.columns
    if text.columns:
        notes.append(
            f"'{text.path.name}' names {len(text.columns)} columns and has {n_columns}; names and units are left out."
        )
    return tuple(Column(f"ch{i + 1}") for i in range(n_columns))


def _time_grid(
    text: _Text, n_rows: int, time_s: Float64Array | None, rate: float | None
) -> tuple[float, list[Segment]]:
    """Rate in Hz and the rows between holes; the ``time_s`` column tells where lines are missing."""
    stated = rate or text.rate
    if time_s is None or n_rows < 2:
        if stated is None:
            raise SourceFormatError(
                f"'{text.path}' does not say its rate; write rate=... (samples per second) after the file name, "
                "or '# rate_hz=...' on its first line."
            )
        return stated, [Segment(0, n_rows)]
    steps = np.diff(time_s)
    for row in np.flatnonzero(~((steps >= 0) & (steps < _LONGEST_GAP_S)))[:1]:
        text.fail_at_row(int(row) + 1, "its time_s does not follow the line before")
    advancing = steps[steps > 0]
    if not advancing.size:
        text.fail_at_row(1, "its time_s does not advance")
    # times written with few digits repeat or jump by one digit: what counts as a hole is more than the usual jump
    usual = float(np.median(advancing))
    even = steps[steps < 1.5 * usual]
    measured = even.size / float(even.sum())
    if stated is None:
        whole = round(measured)
        stated = float(whole) if abs(measured - whole) < 1e-3 * measured else measured
    elif abs(measured / stated - 1) > _RATE_TOLERANCE:
        raise SourceFormatError(
            f"'{text.path}' runs at {measured:.6g} samples per second by its time_s column, "
            f"not at {stated:g}; mend the rate or the column."
        )
    holes = np.flatnonzero(steps > 1.5 * max(usual, 1 / stated))
    segments: list[Segment] = []
    start, first_index, n_lost = 0, 0, 0
    for row in holes:
        stop = int(row) + 1
        segments.append(Segment(start, stop, first_index, n_lost))
        n_lost = max(0, round(float(steps[row]) * stated) - 1)
        first_index += stop - start + n_lost
        start = stop
    segments.append(Segment(start, n_rows, first_index, n_lost))
    return stated, segments
