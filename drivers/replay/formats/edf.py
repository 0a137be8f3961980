"""EDF, EDF+, BDF and BDF+ of any maker, read where they lie: a file of hours never lies in memory. Pure.

What is delivered was written: records that were never finished (a crash, a full disk, a broken copy) are left out,
in the plus forms by the time that every record states, in the plain ones as far as a tail of zeros gives them away.
Records of EDF+D and BDF+D that do not follow each other, and notes that begin with ``BAD_gap``, are gaps in time.
Channels of different rates are different streams.
"""

import heapq
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.columns import Column, channel_names, stream_unit
from drivers.replay.formats.edf_header import (
    MAIN_SIZE,
    EdfHeader,
    EdfSignal,
    n_header_bytes,
    parse_header,
)
from drivers.replay.formats.edf_notes import GAP_TEXT, EdfNote
from drivers.replay.formats.edf_records import records_by_time, segments_of, written_records
from drivers.replay.formats.grid import ReadAhead, Segment, cut_blocks, end_index, rows_of, without
from drivers.replay.formats.recording import sentences_of_notes
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

_SAME_RATE: Final = 1e-5
_SAME_STEP: Final = 1e-4
"""Two numbers that differ by less are the same number written with more or fewer characters."""
_INT24: Final = 2**23


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What other files say about an EDF or BDF file.

    Attributes
    ----------
    columns : mapping of str to Column
        Name and unit of a channel, by its label; a unit that the file itself states goes before it.
    steps : mapping of str to float
        Unit per digital step, by label, where it is known better than the eight characters of the header tell.
    sfreq : float or None
        Rate in Hz, where it is known better than the eight characters of the header tell.
    gaps : tuple of EdfNote or None
        Where samples are missing; None if only the file itself knows.
    carried : Carried
        What it brings besides samples; its time goes before that of the file.
    has_notes : bool
        True if the notes of the file need not be told.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    steps: Mapping[str, float] = field(default_factory=dict)
    sfreq: float | None = None
    gaps: tuple[EdfNote, ...] | None = None
    carried: Carried = field(default_factory=Carried)
    has_notes: bool = False


@dataclass(frozen=True, slots=True)
class _Stream:
    """Channels of one rate: what they are, which signals, and the rows of the file in time."""

    info: StreamInfo
    signals: tuple[EdfSignal, ...]
    segments: tuple[Segment, ...]
    missing: tuple[npt.NDArray[np.int64], ...]
    """For each column the rows of the file in which it alone is missing: shape (n, 2), first and one after the last."""


class EdfRecording:
    """An EDF or BDF file; see `drivers.replay.formats.recording.Recording`.

    Parameters
    ----------
    path : Path
    file : binary file
        Open; closed by `close`.
    header : EdfHeader
    records : sequence of int
        Number of every record that is whole.
    starts : sequence of float
        Seconds from the first sample at which each of them began.
    gaps : sequence of EdfNote
        Where samples are missing though the file holds something, in seconds from the first sample.
    carried : Carried
    """

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        header: EdfHeader,
        records: Sequence[int],
        starts: Sequence[float],
        gaps: Sequence[EdfNote],
        carried: Carried,
    ) -> None:
        self._path = path
        self._file = file
        self._header = header
        self._gaps = gaps
        self.carried = carried
        rates = sorted({signal.n_per_record for signal in header.signals if not signal.is_annotation})
        self._streams = tuple(
            stream
            for n_per_record in reversed(rates)
            if (stream := self._stream(n_per_record, records, starts, is_only=len(rates) == 1)).segments
        )
        if not self._streams:
            raise SourceFormatError(f"'{path}' holds no samples; choose another recording.")
        self.streams = tuple(stream.info for stream in self._streams)
        self.duration_s = max(end_index(stream.segments) / stream.info.sfreq for stream in self._streams)

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield blocks of `block_s` seconds, of all rates in order of time."""
        each = [cut_blocks(stream.info, stream.segments, self._reader(stream), block_s) for stream in self._streams]
        yield from heapq.merge(*each, key=lambda block: (block.arrival_ns, block.stream_id))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _stream(self, n_per_record: int, records: Sequence[int], starts: Sequence[float], *, is_only: bool) -> _Stream:
        signals = tuple(
            signal
            for signal in self._header.signals
            if signal.n_per_record == n_per_record and not signal.is_annotation
        )
        columns = [signal.column for signal in signals]
        sfreq = n_per_record / self._header.record_s
        names = channel_names(columns)
        unit = stream_unit(columns)
        info = StreamInfo(
            stream_id=f"file:{self._path}" if is_only else f"file:{self._path}#{sfreq:g}Hz",
            sfreq=sfreq,
            ch_names=names,
            unit=unit,
            lsb=_steps(signals),
            full_scale=_full_scale(signals, unit),
        )
        segments = segments_of(records, starts, n_per_record, sfreq)
        spans: list[tuple[int, int]] = []
        missing: list[list[tuple[int, int]]] = [[] for _ in signals]
        for gap in self._gaps:
            span = (round(gap.onset_s * sfreq), round((gap.onset_s + gap.duration_s) * sfreq))
            named = [i for i, signal in enumerate(signals) if signal.label in gap.channels]
            if not gap.channels or len(named) == len(signals):
                spans.append(span)
            else:
                for i in named:
                    missing[i].append(span)
        rows = tuple(np.array(rows_of(segments, own), np.int64).reshape(-1, 2) for own in missing)
        return _Stream(info, signals, tuple(without(segments, spans)), rows)

    def _reader(self, stream: _Stream) -> ReadAhead:
        n = stream.signals[0].n_per_record
        gain = np.array([signal.gain * signal.column.volts_per_unit for signal in stream.signals])
        bias = np.array([signal.bias * signal.column.volts_per_unit for signal in stream.signals])

        def read(start: int, stop: int) -> Float32Array:
            first, last = start // n, (stop - 1) // n + 1
            digital = self._digital(stream.signals, first, last)[start - first * n : stop - first * n]
            samples: Float32Array = (digital * gain + bias).astype(np.float32)
            for column, rows in enumerate(stream.missing):
                touched = rows[np.searchsorted(rows[:, 1], start, "right") : np.searchsorted(rows[:, 0], stop)]
                for low, high in touched.tolist():
                    samples[max(low, start) - start : min(high, stop) - start, column] = np.nan
            return samples

        return ReadAhead(read, max(segment.stop for segment in stream.segments))

    def _digital(self, signals: Sequence[EdfSignal], first: int, last: int) -> npt.NDArray[np.int32]:
        """Digital values of whole records, shape (n_samples, n_signals)."""
        width = self._header.sample_bytes
        self._file.seek(self._header.size + first * self._header.record_size)
        raw = self._file.read((last - first) * self._header.record_size)
        if len(raw) < (last - first) * self._header.record_size:
            raise SourceFormatError(f"'{self._path}' became shorter while it was read; copy it again.")
        table = np.frombuffer(raw, np.uint8).reshape(last - first, -1)
        parts = [
            table[:, signal.offset : signal.offset + signal.n_per_record * width].reshape(-1, width)
            for signal in signals
        ]
        octets = np.stack(parts, axis=1).astype(np.int32)
        values = sum((octets[..., i] << (8 * i) for i in range(1, width)), octets[..., 0])
        return values - ((octets[..., -1] >> 7) << (8 * width))


def open_edf(path: Path, *, rate: float | None, sidecar: Sidecar = Sidecar()) -> EdfRecording:
    """Open an EDF or BDF file.

    Parameters
    ----------
    path : Path
        The file.
    rate : float or None
        Samples per second, where the user says so; goes before the file's own, if all channels share one.
    sidecar : Sidecar
        What other files say of this one.

    Returns
    -------
    EdfRecording
        Samples in volts where a channel states a unit of voltage; any other channel keeps its number and its own
        unit, which then stands in its name.

    Raises
    ------
    SourceFormatError
        If it is damaged beyond use, or says what cannot be.
    """
    file = path.open("rb")
    try:
        head = file.read(MAIN_SIZE)
        header = parse_header(head + file.read(n_header_bytes(head, str(path)) - len(head)), str(path))
        header = _with_rate(header, rate, sidecar.sfreq, path)
        header = replace(header, signals=tuple(_described(signal, sidecar) for signal in header.signals))
        end = file.seek(0, os.SEEK_END)
        n_whole = max(0, end - header.size) // header.record_size
        n_records = min(n_whole, header.n_records) if header.n_records > 0 else n_whole
        text_signals = [signal for signal in header.signals if signal.is_annotation]
        if text_signals:
            records, starts, notes = records_by_time(file, header, text_signals, n_records)
        else:
            records = list(range(n_records))
            starts, notes = [i * header.record_s for i in records], []
        # Where text ends a record, its time is the proof that all before it was written.
        if not header.signals[-1].is_annotation:
            n_written, unwritten_s = written_records(file, header, n_records)
            records = [number for number in records if number < n_written]
            starts = starts[: len(records)]
            if records and unwritten_s:
                notes.append(EdfNote(starts[-1] + header.record_s - unwritten_s, unwritten_s, GAP_TEXT))
        if not records:
            raise SourceFormatError(f"'{path}' holds no samples; choose another recording.")
        zero_s = starts[0]
        told = [note._replace(onset_s=note.onset_s - zero_s) for note in notes]
        gaps = [note for note in told if note.is_gap] if sidecar.gaps is None else sidecar.gaps
        sentences = [*sidecar.carried.notes, *_state(header, len(records), n_whole)]
        if not sidecar.has_notes:
            sentences += sentences_of_notes([note for note in told if not note.is_gap])
        utc_ns = None if header.utc_ns is None else header.utc_ns + round(zero_s * 1e9)
        carried = replace(sidecar.carried, notes=tuple(sentences), utc_ns=sidecar.carried.utc_ns or utc_ns)
        return EdfRecording(path, file, header, records, [start - zero_s for start in starts], gaps, carried)
    except BaseException:
        file.close()
        raise


def _described(signal: EdfSignal, sidecar: Sidecar) -> EdfSignal:
    said = sidecar.columns.get(signal.label, signal.column)
    unit = signal.column.unit or said.unit
    step = sidecar.steps.get(signal.label, signal.gain)
    # bias follows the step; a step that is not nearly the header's own belongs to another file
    ratio = step / signal.gain if abs(step / signal.gain - 1) < _SAME_STEP else 1.0
    return replace(signal, column=Column(said.name, unit), gain=signal.gain * ratio, bias=signal.bias * ratio)


def _with_rate(header: EdfHeader, rate: float | None, exact: float | None, path: Path) -> EdfHeader:
    sizes = {signal.n_per_record for signal in header.signals if not signal.is_annotation}
    n_per_record = sizes.pop()
    if rate is not None:
        if sizes:
            raise SourceFormatError(f"'{path}' holds channels of several rates, none for all; leave rate= out.")
        return replace(header, record_s=n_per_record / rate)
    if not header.record_s:
        raise SourceFormatError(
            f"'{path}' does not say its rate; write rate=... (samples per second) after the file name."
        )
    if not sizes and exact is not None and abs(exact * header.record_s / n_per_record - 1) < _SAME_RATE:
        return replace(header, record_s=n_per_record / exact)
    return header


def _steps(signals: Sequence[EdfSignal]) -> tuple[float, ...] | None:
    """Unit per digital step, where every sample is a whole number of them."""
    for signal in signals:
        shift = signal.bias / signal.gain
        if abs(shift - round(shift)) > 1e-3 or abs(shift) > _INT24:
            return None
    return tuple(abs(signal.gain) * signal.column.volts_per_unit for signal in signals)


def _full_scale(signals: Sequence[EdfSignal], unit: str) -> float | None:
    """Largest magnitude that the channels of the stream's own unit can have, if it is the same for all of them."""
    kind = "volts" if unit == "V" else "counts"
    ranges = {
        signal.largest * signal.column.volts_per_unit if signal.largest is not None else None
        for signal in signals
        if signal.column.kind == kind
    }
    return ranges.pop() if len(ranges) == 1 else None


def _state(header: EdfHeader, n_records: int, n_whole: int) -> Iterator[str]:
    """What there is to say about the state of the file."""
    if header.n_records < 1:
        yield "The file was not closed by the program that wrote it; it is read as far as it goes."
    elif n_whole < header.n_records:
        yield f"The file ends early: {n_whole} of {header.n_records} records are there."
    elif n_whole > header.n_records:
        yield f"The file goes on behind its end; {n_whole - header.n_records} records there are left out."
    expected = min(n_whole, header.n_records) if header.n_records > 0 else n_whole
    if n_records < expected:
        yield (
            f"{expected - n_records} of {expected} records are damaged or were never written, and are left out as "
            f"missing: {(expected - n_records) * header.record_s:.4g} s."
        )
