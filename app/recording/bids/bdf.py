"""BDF+C, 24 bit, written record by record: an hour of eight channels never lies in memory. Pure: bytes, no file.

The format is that of EDF+ (Kemp and Olivan 2003, "European data format 'plus' (EDF+)") with samples of three bytes.
The same input gives the same bytes, so that a file can be compared with what it was made of at any time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Int32Array = npt.NDArray[np.int32]

DIGITAL_MAX: Final = 2**23 - 1
LONGEST_TEXT: Final = 200
"""Bytes of an annotation; EDFlib, on which several readers stand, keeps 512."""
_FIELD: Final = 8
_LABEL: Final = 16
_RECORDS_AT_ONCE: Final = 64
_WIDTHS: Final = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_NOBODY: Final = "X X X X"
_NO_DATE: Final = ("Startdate X X X X", "01.01.85", "00.00.00")


@dataclass(frozen=True, slots=True)
class BdfSignal:
    """One channel.

    Attributes
    ----------
    label : str
        ASCII, at most 16 characters.
    dimension : str
        ``uV``, or empty for counts; ASCII.
    step : float
        ``dimension`` per digital step; zero is digital zero.
    """

    label: str
    dimension: str
    step: float


class Annotation(NamedTuple):
    """Something that happened, in microseconds from the first sample; a duration of 0 is a moment."""

    onset_us: int
    duration_us: int
    text: str


class Layout:
    """Where everything lies in the file of one recording.

    Parameters
    ----------
    signals : sequence of BdfSignal
    sfreq : float
        Sampling frequency in Hz. A record holds a second, rounded to whole samples; its length has eight characters in
        the header, which keeps a rate that is no whole number to 0.5 ppm.
    n_rows : int
        Samples of every channel; the last record is filled up with zeros.
    annotations : sequence of Annotation

    Attributes
    ----------
    n_per_record : int
        Samples of one channel in one record.
    n_records : int
    """

    def __init__(
        self, signals: Sequence[BdfSignal], sfreq: float, n_rows: int, annotations: Sequence[Annotation]
    ) -> None:
        self._signals = signals
        self.n_per_record = max(1, round(sfreq))
        self._record_s = Decimal(_shortest(self.n_per_record / sfreq))
        self.n_records = -(-n_rows // self.n_per_record)
        self._tals = self._make_tals(annotations)
        self._n_tal = -(-max(map(len, self._tals), default=3) // 3) * 3

    @property
    def n_padded(self) -> int:
        """Samples of every channel in the file, those that only fill the last record among them."""
        return self.n_records * self.n_per_record

    @property
    def header_size(self) -> int:
        """Bytes before the first record."""
        return 256 * (len(self._signals) + 2)

    @property
    def record_size(self) -> int:
        """Bytes of one record."""
        return len(self._signals) * self.n_per_record * 3 + self._n_tal

    def encode(self, rows: Iterator[Int32Array]) -> Iterator[bytes]:
        """Yield the file from its first byte to its last.

        Parameters
        ----------
        rows : iterator of ndarray of int32, shape (n, n_signals)
            All samples in digital steps, in pieces of any length.
        """
        yield self._header()
        done = 0
        for records in self._whole_records(rows):
            n = len(records)
            tals = np.zeros((n, self._n_tal), np.uint8)
            for row, tal in zip(tals, self._tals[done : done + n], strict=True):
                row[: len(tal)] = np.frombuffer(tal, np.uint8)
            packed = records.transpose(0, 2, 1).astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3].reshape(n, -1)
            yield np.concatenate([packed, tals], axis=1).tobytes()
            done += n

    def _whole_records(self, rows: Iterator[Int32Array]) -> Iterator[Int32Array]:
        """Cut rows into records: arrays of shape (n_records, n_per_record, n_signals)."""
        n_at_once = _RECORDS_AT_ONCE * self.n_per_record
        kept = np.empty((0, len(self._signals)), np.int32)
        for piece in rows:
            kept = np.concatenate([kept, piece])
            while len(kept) >= n_at_once:
                yield kept[:n_at_once].reshape(-1, self.n_per_record, len(self._signals))
                kept = kept[n_at_once:]
        if len(kept):
            n_missing = -len(kept) % self.n_per_record
            kept = np.concatenate([kept, np.zeros((n_missing, len(self._signals)), np.int32)])
            yield kept.reshape(-1, self.n_per_record, len(self._signals))

    def _make_tals(self, annotations: Sequence[Annotation]) -> list[bytes]:
        """The text of every record: its own onset, then what happened in it."""
        record_us = self._record_s * 10**6

        def record_of(annotation: Annotation) -> int:
            return min(self.n_records - 1, max(0, int(annotation.onset_us // record_us)))

        tals = [f"+{_plain(number * self._record_s)}\x14\x14\0".encode() for number in range(self.n_records)]
        for number, those in groupby(sorted(annotations), key=record_of):
            tals[number] += b"".join(map(_tal, those))
        return tals

    def _header(self) -> bytes:
        n_signals = len(self._signals) + 1
        recording, date, time = _NO_DATE
        head = [(b"\xffBIOSEMI", 8)] + [
            (text.encode("ascii"), width)
            for text, width in (
                (_NOBODY, 80), (recording, 80), (date, 8), (time, 8), (str(256 * (n_signals + 1)), 8), ("BDF+C", 44),
                (str(self.n_records), 8), (_plain(self._record_s), 8), (str(n_signals), 4),
            )
        ]  # fmt: skip
        columns = [*(_signal_fields(signal, self.n_per_record) for signal in self._signals), self._annotation_fields()]
        fields = [(row[place].encode("ascii"), width) for place, width in enumerate(_WIDTHS) for row in columns]
        return b"".join(text.ljust(width)[:width] for text, width in (*head, *fields))

    def _annotation_fields(self) -> tuple[str, ...]:
        return ("BDF Annotations", "", "", "-1", "1", "-8388608", "8388607", "", str(self._n_tal // 3), "")


def _signal_fields(signal: BdfSignal, n_per_record: int) -> tuple[str, ...]:
    """Fields of one channel. Its range is symmetric, so that digital zero is physical zero."""
    # The physical end is a number that its field holds exactly; the digital end is moved instead, which keeps the step
    # to 1e-7 where a rounded end would be wrong by 1e-6.
    physical_max = _floored(min(DIGITAL_MAX * signal.step, 9_999_999.0))
    digital_max = round(float(physical_max) / signal.step)
    low, high = f"-{physical_max}", physical_max
    return (
        signal.label[:_LABEL], "", signal.dimension, low, high, str(-digital_max), str(digital_max), "",
        str(n_per_record), "",
    )  # fmt: skip


def _floored(value: float) -> str:
    """The greatest number not above `value` that has seven characters."""
    for n_digits in range(5, 0, -1):
        shift = 10**n_digits
        text = f"{int(value * shift) / shift:.{n_digits}f}"
        if len(text) < _FIELD:
            return text
    return str(int(value))


def _shortest(seconds: float) -> str:
    """A length of time in at most eight characters."""
    for n_digits in range(6, 0, -1):
        text = f"{seconds:.{n_digits}f}".rstrip("0").rstrip(".")
        if len(text) <= _FIELD:
            return text
    return str(round(seconds))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _tal(annotation: Annotation) -> bytes:
    """One time-stamped annotation list; onset and duration are whole microseconds, so no digit is made up."""
    printable = "".join(mark if mark.isprintable() else " " for mark in annotation.text)
    text = (" ".join(printable.split()) or "-").encode()  # control codes end a text, or make edfio leave it out
    onset = _plain(Decimal(max(0, annotation.onset_us)) / 10**6)
    duration = f"\x15{_plain(Decimal(annotation.duration_us) / 10**6)}" if annotation.duration_us > 0 else ""
    clipped = text[:LONGEST_TEXT].decode(errors="ignore").encode()
    return f"+{onset}{duration}\x14".encode() + clipped + b"\x14\0"
