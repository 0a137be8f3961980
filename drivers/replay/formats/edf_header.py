"""The header of EDF, BDF and their plus forms. Pure: bytes in, what they say out.

Kemp et al. 1992, "A simple format for exchange of digitized polygraphic recordings", and Kemp and Olivan 2003,
"European data format 'plus' (EDF+)"; BDF is the same with samples of three bytes (BioSemi). A header may lie: whatever
contradicts itself is refused, and a channel whose range means nothing keeps its digital numbers as counts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from drivers.errors import SourceFormatError
from drivers.replay.formats.columns import Column

MAIN_SIZE: Final = 256
_WIDTHS: Final = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_LABEL, _, _DIMENSION, _PHYSICAL_MIN, _PHYSICAL_MAX, _DIGITAL_MIN, _DIGITAL_MAX, _, _N_PER_RECORD, _ = range(10)
_BDF_MAGIC: Final = b"\xffBIOSEMI"
_EDF_MAGIC: Final = b"0       "
_MOST_SIGNALS: Final = 4096
_LARGEST_RECORD: Final = 64 << 20
_NO_DATE: Final = "01.01.85"
"""The day that stands for none in de-identified files (EDF+, 2.1.3.3)."""


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """One channel as the header describes it.

    Attributes
    ----------
    label : str
        As written.
    column : Column
        Name and unit; without a unit where the stated range means nothing.
    gain, bias : float
        Number in the unit of ``column`` = gain x digital value + bias.
    largest : float or None
        Largest magnitude that the stated range allows, in the same unit; None where it means nothing.
    n_per_record : int
        Samples in a record.
    offset : int
        Bytes of the record before its samples.
    is_annotation : bool
        True if it holds text instead of samples.
    """

    label: str
    column: Column
    gain: float
    bias: float
    largest: float | None
    n_per_record: int
    offset: int
    is_annotation: bool


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What a file says of itself.

    Attributes
    ----------
    signals : tuple of EdfSignal
    sample_bytes : int
        2 in EDF, 3 in BDF.
    record_s : float
        Length of a record in seconds; 0 where none is stated.
    n_records : int
        As stated; below 1 where the writer did not come to its end.
    is_interrupted : bool
        True for EDF+D and BDF+D, whose records need not follow each other in time.
    utc_ns : int or None
        Start, to the second, taken as UTC; None where no date is stated.
    """

    signals: tuple[EdfSignal, ...]
    sample_bytes: int
    record_s: float
    n_records: int
    is_interrupted: bool
    utc_ns: int | None

    @property
    def size(self) -> int:
        """Bytes before the first record."""
        return MAIN_SIZE * (len(self.signals) + 1)

    @property
    def record_size(self) -> int:
        """Bytes of one record."""
        return sum(signal.n_per_record for signal in self.signals) * self.sample_bytes


def n_header_bytes(main: bytes, name: str) -> int:
    """Bytes of the whole header, from its first 256.

    Raises
    ------
    SourceFormatError
        If it is no EDF or BDF, or its beginning is damaged.
    """
    if not main.startswith((_BDF_MAGIC, _EDF_MAGIC)):
        raise SourceFormatError(f"'{name}' is no EDF or BDF file, or its beginning is damaged; copy it again.")
    n_signals = _integer(main[252:256])
    if len(main) < MAIN_SIZE or n_signals is None or not 1 <= n_signals <= _MOST_SIGNALS:
        raise _damaged(name)
    return MAIN_SIZE * (n_signals + 1)


def parse_header(raw: bytes, name: str) -> EdfHeader:
    """Read a header.

    Parameters
    ----------
    raw : bytes
        As many as `n_header_bytes` tells, or fewer if the file has no more.
    name : str
        What a sentence calls the file.

    Raises
    ------
    SourceFormatError
        If it is cut, or contradicts itself.
    """
    if len(raw) < n_header_bytes(raw[:MAIN_SIZE], name) or _integer(raw[184:192]) != len(raw):
        raise _damaged(name)
    sample_bytes = 3 if raw.startswith(_BDF_MAGIC) else 2
    n_signals = len(raw) // MAIN_SIZE - 1
    columns, at = [], MAIN_SIZE
    for width in _WIDTHS:
        columns.append([raw[at + i * width : at + (i + 1) * width] for i in range(n_signals)])
        at += n_signals * width
    sizes = [_integer(text) for text in columns[_N_PER_RECORD]]
    n_per_record = [size for size in sizes if size is not None and size > 0]
    if len(n_per_record) < n_signals or sum(n_per_record) * sample_bytes > _LARGEST_RECORD:
        raise _damaged(name)
    offsets = [n * sample_bytes for n in accumulate(n_per_record, initial=0)]
    signals = tuple(
        _signal([column[i] for column in columns], n_per_record[i], offsets[i], i + 1) for i in range(n_signals)
    )
    if all(signal.is_annotation for signal in signals):
        raise SourceFormatError(f"'{name}' holds notes but no samples; choose the file with the signal.")
    record_s = _number(raw[244:252])
    return EdfHeader(
        signals=signals,
        sample_bytes=sample_bytes,
        record_s=record_s if record_s is not None and 0 < record_s < 1e6 else 0.0,
        n_records=_integer(raw[236:244]) or 0,
        is_interrupted=raw[192:197] in (b"EDF+D", b"BDF+D"),
        utc_ns=_start(raw[168:176], raw[176:184]),
    )


def _signal(fields: list[bytes], n_per_record: int, offset: int, number: int) -> EdfSignal:
    label = _text(fields[_LABEL])
    low, high = _number(fields[_PHYSICAL_MIN]), _number(fields[_PHYSICAL_MAX])
    bottom, top = _integer(fields[_DIGITAL_MIN]), _integer(fields[_DIGITAL_MAX])
    column, gain, bias, largest = Column(label or f"channel {number}"), 1.0, 0.0, None
    if low is not None and high is not None and bottom is not None and top is not None and low != high and bottom < top:
        column = Column(column.name, _text(fields[_DIMENSION]))
        gain = (high - low) / (top - bottom)
        bias = low - gain * bottom
        largest = max(abs(low), abs(high))
    is_annotation = label in ("EDF Annotations", "BDF Annotations")
    return EdfSignal(label, column, gain, bias, largest, n_per_record, offset, is_annotation)


def _start(date: bytes, time: bytes) -> int | None:
    text = _text(date)
    if text == _NO_DATE:
        return None
    try:
        # two digits: 85 to 99 are 1985 to 1999, the rest is after 2000 (EDF+, 2.1.3.2), as with POSIX from 69 on
        start = datetime.strptime(f"{text} {_text(time)}", "%d.%m.%y %H.%M.%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(start.timestamp()) * 10**9


def _text(field: bytes) -> str:
    # The format allows ASCII alone; a µ of an old code page is common all the same.
    return "".join(mark if mark.isprintable() else " " for mark in field.decode("latin-1")).strip()


def _number(field: bytes) -> float | None:
    text = field.decode("latin-1").strip().replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") and "_" not in text else None


def _integer(field: bytes) -> int | None:
    value = _number(field)
    return None if value is None or value != int(value) else int(value)


def _damaged(name: str) -> SourceFormatError:
    return SourceFormatError(f"'{name}': its header is cut or contradicts itself; copy it again.")
