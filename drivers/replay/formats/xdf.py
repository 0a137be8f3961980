"""XDF, as LabRecorder writes it: several streams, each with its own clock, brought onto one time by pyxdf. Pure.

pyxdf delivers whatever a half-written or zero-filled chunk holds, so only chunks that are whole are given to it.
"""

import contextlib
import gzip
import heapq
import io
import logging
import math
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from drivers.errors import SourceFormatError
from drivers.replay.formats.columns import Column, channel_names, stream_unit
from drivers.replay.formats.grid import Segment, cut_blocks, end_index, in_memory
from drivers.replay.formats.recording import sentences_of_notes
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

_MAGIC: Final = b"XDF:"
_GZIP: Final = b"\x1f\x8b"
_BOUNDARY: Final = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")
"""Stands between chunks every few seconds, so that a reader finds its way again (XDF specification 1.0)."""
_SAMPLES: Final = 3
_KINDS: Final = (("emg",), ("exg", "eeg", "ecg", "biosignal", "biosignals"))
"""Types of stream that are taken, the first kind that is there; else every stream of numbers that has a rate."""
_CHANNEL_COUNT: Final = re.compile(rb"<channel_count>\s*(\d+)\s*<")
_MOST_CHANNELS: Final = 4096
_LONGEST_JUMP_S: Final = 86_400.0
_RATE_TOLERANCE: Final = 0.05
_DAMAGE = (
    OSError, EOFError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError,
    MemoryError, SyntaxError, LookupError,
)  # fmt: skip
"""What pyxdf raises for damaged content; SyntaxError is that of the XML parser."""


@dataclass(frozen=True, slots=True)
class _Stream:
    info: StreamInfo
    samples: Float32Array
    segments: tuple[Segment, ...]
    begin_s: float


class XdfRecording:
    """An XDF file, held in memory; see `drivers.replay.formats.recording.Recording`."""

    def __init__(self, streams: Sequence[_Stream], carried: Carried) -> None:
        self.streams = tuple(stream.info for stream in streams)
        self.carried = carried
        self.duration_s = max(stream.begin_s + end_index(stream.segments) / stream.info.sfreq for stream in streams)
        self._streams = streams

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield blocks of `block_s` seconds, of all streams in order of time."""
        each = [
            cut_blocks(
                stream.info,
                stream.segments,
                in_memory(stream.samples),
                block_s,
                begin_s=stream.begin_s,
            )
            for stream in self._streams
        ]
        yield from heapq.merge(*each, key=lambda block: (block.arrival_ns, block.stream_id))

    def close(self) -> None:
        """Nothing to let go of: the file was closed after reading."""


def open_xdf(path: Path, raw: bytes, *, largest: int) -> XdfRecording:
    """Read an XDF file.

    Parameters
    ----------
    path : Path
        Names the streams and the file in sentences.
    raw : bytes
        Content of the file, compressed or not.
    largest : int
        Bytes that it may have when it is unpacked.

    Returns
    -------
    XdfRecording
        Every stream of EMG; where none is called so every stream of another biosignal, else every stream of numbers
        that has a rate. Each runs at the rate that was measured, with its clock brought onto that of the recorder.
        Markers are among the notes.

    Raises
    ------
    SourceFormatError
        If nothing of it can be read, or no stream has a rate.
    """
    import pyxdf

    if raw.startswith(_GZIP):
        raw = _unpacked(path, raw, largest)
    if not raw.startswith(_MAGIC):
        raise SourceFormatError(f"'{path}' is no XDF file, or its beginning is damaged; copy it again.")
    whole, is_whole = _whole_chunks(raw)
    if any(int(found[1][:9]) > _MOST_CHANNELS for found in _CHANNEL_COUNT.finditer(whole)):
        raise SourceFormatError(
            f"'{path}' claims more than {_MOST_CHANNELS} channels, so it is damaged; copy it again."
        )
    log = logging.getLogger("pyxdf")
    level = log.level
    log.setLevel(logging.CRITICAL)  # what it has to say stands in the notes, in words
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found, _ = pyxdf.load_xdf(io.BytesIO(whole))
            streams = _streams(path, found)
            markers = _markers(found, streams)
    except _DAMAGE as error:
        raise SourceFormatError(
            f"'{path}' is damaged or was not copied whole; copy it again from where it was recorded.",
            f"{type(error).__name__}: {error}",
        ) from None
    finally:
        log.setLevel(level)
    if not streams:
        raise SourceFormatError(f"'{path}' holds no stream of numbers with a rate; record the EMG stream too.")
    begin_s = min(stream.begin_s for stream in streams)
    streams = [_Stream(stream.info, stream.samples, stream.segments, stream.begin_s - begin_s) for stream in streams]
    notes = [] if is_whole else ["The file is damaged or was cut; what was not whole is left out."]
    notes += sentences_of_notes([(at_s - begin_s, 0.0, text) for at_s, text in markers])
    return XdfRecording(streams, Carried(notes=tuple(notes)))


def _unpacked(path: Path, raw: bytes, largest: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as file:
            unpacked = file.read(largest + 1)
    except (OSError, EOFError, ValueError) as error:
        raise SourceFormatError(f"'{path}' cannot be unpacked; copy it again.", str(error)) from None
    if len(unpacked) > largest:
        raise SourceFormatError(f"'{path}' is larger than {largest >> 20} MB unpacked; cut it into parts.")
    return unpacked


def _whole_chunks(raw: bytes) -> tuple[bytes, bool]:
    """The chunks of a file that are whole, and whether that is all of it."""
    written = len(raw.rstrip(b"\0")) if raw.endswith(b"\0" * 2) else len(raw)
    kept, at, is_whole = [_MAGIC], len(_MAGIC), True
    while at < len(raw):
        size = _chunk_size(raw, at)
        end = at + (size or 0)
        if size is None or end > written or not (end == len(raw) or _chunk_size(raw, end) is not None):
            is_whole = False
            at = raw.find(_BOUNDARY, at + 1)
            if at < 0:
                break
            at += len(_BOUNDARY)
            continue
        kept.append(raw[at:end])
        at = end
    return b"".join(kept), is_whole


def _chunk_size(raw: bytes, at: int) -> int | None:
    """Bytes of the chunk that begins at `at`, its length included; None if none can begin there."""
    n_bytes = raw[at]
    if n_bytes not in (1, 4, 8) or at + 1 + n_bytes + 2 > len(raw):
        return None
    length = int.from_bytes(raw[at + 1 : at + 1 + n_bytes], "little")
    begin, end = at + 1 + n_bytes, at + 1 + n_bytes + length
    tag = int.from_bytes(raw[begin : begin + 2], "little")
    if not 1 <= tag <= 6 or length < 2 or end > len(raw):
        return None
    if tag == _SAMPLES:  # a count that the chunk cannot hold would be believed
        n_count = raw[begin + 6] if begin + 6 < end else 0
        count = int.from_bytes(raw[begin + 7 : begin + 7 + n_count], "little")
        if n_count not in (1, 4, 8) or 2 * count > length:
            return None
    return end - at


def _streams(path: Path, found: Sequence[Mapping[str, Any]]) -> list[_Stream]:
    numbers = [
        stream
        for stream in found
        if isinstance(stream["time_series"], np.ndarray) and len(stream["time_series"]) and _rate(stream) > 0
    ]
    for kind in _KINDS:
        numbers = [stream for stream in numbers if _said(stream["info"], "type").lower() in kind] or numbers
        if all(_said(stream["info"], "type").lower() in kind for stream in numbers):
            break
    return [_stream(path, stream, number, len(numbers)) for number, stream in enumerate(numbers, start=1)]


def _stream(path: Path, stream: Mapping[str, Any], number: int, n_streams: int) -> _Stream:
    info = stream["info"]
    series = np.asarray(stream["time_series"])
    times = np.asarray(stream["time_stamps"], dtype=np.float64)
    if series.ndim != 2 or len(series) != len(times) or series.dtype.kind not in "iuf":
        raise ValueError("samples and times do not fit each other")
    nominal = _rate(stream)
    measured = float(info.get("effective_srate") or 0.0)
    sfreq = measured if abs(measured / nominal - 1) < _RATE_TOLERANCE else nominal
    columns = _columns(info, series.shape[1])
    scale = np.array([column.volts_per_unit for column in columns])
    samples = (series.astype(np.float64) * scale).astype(np.float32)
    samples[~np.isfinite(samples)] = np.nan
    samples.flags.writeable = False
    unit = stream_unit(columns)
    name = _said(info, "name") or str(number)
    stream_info = StreamInfo(
        stream_id=f"file:{path}" if n_streams == 1 else f"file:{path}#{number} {name}",
        sfreq=sfreq,
        ch_names=channel_names(columns),
        unit=unit,
        lsb=(1.0,) * len(columns) if unit == "counts" and series.dtype.kind in "iu" else None,
    )
    return _Stream(stream_info, samples, tuple(_segments(times, sfreq)), float(times[0]))


def _segments(times: npt.NDArray[np.float64], sfreq: float) -> Iterator[Segment]:
    """Rows between the places where time jumps; pyxdf has evened out what only jitters."""
    if not np.isfinite(times).all():
        raise ValueError("a time is no number")
    steps = np.diff(times)
    if (np.abs(steps) > _LONGEST_JUMP_S).any():
        raise ValueError("time jumps by more than a day")
    start, first_index, n_lost = 0, 0, 0
    for row in np.flatnonzero(steps > 1.5 / sfreq).tolist():
        yield Segment(start, row + 1, first_index, n_lost)
        n_lost = max(0, round(float(steps[row]) * sfreq) - 1)
        first_index += row + 1 - start + n_lost
        start = row + 1
    yield Segment(start, len(times), first_index, n_lost)


def _columns(info: Mapping[str, Any], n_channels: int) -> list[Column]:
    """Channels as the description of the stream names them, or numbered where it does not describe them all."""
    described: list[Any] = []
    with contextlib.suppress(KeyError, IndexError, TypeError):  # a description is voluntary
        described = info["desc"][0]["channels"][0]["channel"]
    if len(described) != n_channels:
        return [Column(f"ch{i + 1}") for i in range(n_channels)]
    return [
        Column(_said(channel, "label") or f"ch{i + 1}", _said(channel, "unit")) for i, channel in enumerate(described)
    ]


def _markers(found: Sequence[Mapping[str, Any]], streams: Sequence[_Stream]) -> list[tuple[float, str]]:
    """Every text that any stream brought, with its time."""
    return [
        (float(at_s), " ".join(str(word) for word in row))
        for stream in found
        if isinstance(stream["time_series"], list) and streams
        for at_s, row in zip(stream["time_stamps"], stream["time_series"], strict=False)
        if math.isfinite(at_s)
    ]


def _rate(stream: Mapping[str, Any]) -> float:
    try:
        rate = float(_said(stream["info"], "nominal_srate"))
    except ValueError:
        return 0.0
    return rate if 0 < rate < 1e6 else 0.0


def _said(content: Any, name: str) -> str:
    """One text of what pyxdf makes of XML: a list of one text for every name."""
    value = content.get(name) if isinstance(content, Mapping) else None
    first = value[0] if isinstance(value, list) and value else value
    return first.strip() if isinstance(first, str) else ""
