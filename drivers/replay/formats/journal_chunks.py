"""Bytes of a journal, both ways: the chunks that a recording is made of while it runs. Pure: no file, no clock.

A journal is an append-only row of chunks, little endian, each guarded by two checksums::

    magic 8 | type u8 | stream u8 | n_rows u16 | payload_len u32 | seq u64 | t_host_ns i64 | CRC-32 of all that u32
    payload | CRC-32 of header and payload u32

``t_host_ns`` is ``arrival_ns`` of a block in DATA, and ``time.perf_counter_ns()`` in all others. The payload of DATA is
``epoch u32 | first_index u64 | n_lost u32 | encoding u8 | rows``, that of every other type is JSON. What does not pass
its checksums is reported as `Damage` and left out; nothing is ever guessed.
"""

import mmap
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from drivers.types import Float32Array, SampleBlock, StreamInfo

MAGIC = b"\x89EMJ\r\n2\n"  # a byte above 127 and both line ends: any text-mode mangling shows
VERSION = 1
MAX_ROWS = 0xFFFF
"""Rows that one DATA chunk can hold."""

_HEAD = struct.Struct("<8sBBHIQq")
_CRC = struct.Struct("<I")
_DATA = struct.Struct("<IQIB")
_HEADER_SIZE = _HEAD.size + _CRC.size
_INT24_MAX = 2**23 - 1
_INT24_NAN = -(2**23)
_AS_INT24 = 0
_AS_FLOAT32 = 1
_WIDTHS = {_AS_INT24: 3, _AS_FLOAT32: 4}


class ChunkKind(IntEnum):
    """What a chunk holds."""

    META = 0
    DATA = 1
    EVENT = 2
    GAP = 3
    CLOCK = 4
    CAL = 5
    END = 9


class Chunk(NamedTuple):
    """One chunk that passed both checksums. A tuple, because an hour holds hundreds of thousands.

    Attributes
    ----------
    kind : int
        A `ChunkKind`, or a number that a later version may have given a meaning.
    stream : int
        Index into ``Meta.streams`` for DATA; 0 for all others.
    n_rows : int
        Samples in DATA; 0 for all others.
    seq : int
        Number of the chunk in the journal, from 0.
    t_host_ns : int
    payload : bytes
    offset : int
        Its first byte in the file.
    """

    kind: int
    stream: int
    n_rows: int
    seq: int
    t_host_ns: int
    payload: bytes
    offset: int

    @property
    def size(self) -> int:
        """Bytes that it takes in the file."""
        return _HEADER_SIZE + len(self.payload) + _CRC.size


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of the journal that could not be read.

    Attributes
    ----------
    start, stop : int
        Byte range in the file; empty where chunks are missing without a trace.
    n_chunks : int or None
        How many are missing; None at the end of the file, where nobody can know.
    """

    start: int
    stop: int
    n_chunks: int | None


class Meta(msgspec.Struct, frozen=True):
    """What the rest of the journal means.

    Attributes
    ----------
    v : int
        Version of the format.
    streams : tuple of StreamInfo
        DATA chunks name their stream by its place in here.
    session : msgspec.Raw
        The ``session`` line of the recording, byte for byte.
    utc : str
        Wall clock at the start, ISO 8601.
    perf_ns : int
        ``time.perf_counter_ns()`` at the same moment.
    """

    v: int
    streams: tuple[StreamInfo, ...]
    session: msgspec.Raw
    utc: str
    perf_ns: int


class Clock(msgspec.Struct, frozen=True):
    """The wall clock (ISO 8601, UTC) and ``time.perf_counter_ns()`` at one moment."""

    utc: str
    perf_ns: int


class RecorderGap(msgspec.Struct, frozen=True):
    """Blocks that the recorder itself had no room for; what the device lost stands in ``SampleBlock.n_lost``.

    Attributes
    ----------
    stream_id : str
    n_blocks, n_samples : int
        How many were left out directly before the next DATA chunk of the stream.
    """

    stream_id: str
    n_blocks: int
    n_samples: int


class End(msgspec.Struct, frozen=True):
    """Last chunk of a recording that was closed.

    Attributes
    ----------
    utc : str
        Wall clock at the end, ISO 8601.
    n_samples : dict of str to int
        Samples written of each stream.
    dropped_blocks : int
        Blocks that the recorder had no room for.
    """

    utc: str
    n_samples: dict[str, int]
    dropped_blocks: int


class DataHead(NamedTuple):
    """Where the samples of a DATA chunk belong, as in `SampleBlock`, and how they are encoded."""

    epoch: int
    first_index: int
    n_lost: int
    encoding: int


def encode_chunk(
    kind: ChunkKind, payload: bytes, *, seq: int, t_host_ns: int, stream: int = 0, n_rows: int = 0
) -> bytes:
    """Wrap a payload into header and checksums.

    Raises
    ------
    ValueError
        If a number does not fit its field.
    """
    try:
        head = _HEAD.pack(MAGIC, kind, stream, n_rows, len(payload), seq, t_host_ns)
    except struct.error as error:
        raise ValueError(f"a chunk of {n_rows} rows and {len(payload)} bytes does not fit: {error}") from error
    guarded = head + _CRC.pack(zlib.crc32(head)) + payload
    return guarded + _CRC.pack(zlib.crc32(guarded))


def encode_json(content: msgspec.Struct | dict[str, object]) -> bytes:
    """Encode the payload of META, GAP, CLOCK, CAL or END."""
    return msgspec.json.encode(content)


def encode_block(block: SampleBlock, info: StreamInfo) -> bytes:
    """Encode the payload of DATA.

    Samples that are whole multiples of ``info.lsb`` take three bytes, NaN as the most negative value; a block that
    would not come back bit for bit is kept as float32 instead, so the way back is always exact.

    Parameters
    ----------
    block : SampleBlock
        At most `MAX_ROWS` samples.
    info : StreamInfo
        The stream of the block.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If the block has another number of channels than its stream, or a number does not fit its field.
    """
    samples = np.ascontiguousarray(block.samples, np.float32)
    if samples.ndim != 2 or samples.shape[1] != len(info.ch_names):
        raise ValueError(f"a block of shape {samples.shape} does not belong to {len(info.ch_names)} channels")
    steps = _as_int24(samples, info.lsb) if info.lsb is not None else None
    encoding = _AS_FLOAT32 if steps is None else _AS_INT24
    rows = samples.astype("<f4", copy=False).tobytes() if steps is None else _pack24(steps)
    try:
        return _DATA.pack(block.epoch, block.first_index, block.n_lost, encoding) + rows
    except struct.error as error:
        raise ValueError(f"epoch, index or loss of a block does not fit: {error}") from error


def decode_head(chunk: Chunk, streams: Sequence[StreamInfo]) -> DataHead:
    """Read where the samples of a DATA chunk belong, and make sure that they can be decoded.

    Parameters
    ----------
    chunk : Chunk
    streams : sequence of StreamInfo
        As in ``Meta.streams``.

    Raises
    ------
    ValueError
        If the content contradicts its stream. The checksums are right then: some other program wrote it.
    """
    if len(chunk.payload) < _DATA.size or chunk.stream >= len(streams):
        raise ValueError(f"a block of {len(chunk.payload)} bytes for stream {chunk.stream} of {len(streams)}")
    head = DataHead(*_DATA.unpack_from(chunk.payload))
    info = streams[chunk.stream]
    n_values = chunk.n_rows * len(info.ch_names)
    width = _WIDTHS.get(head.encoding)
    if width is None or len(chunk.payload) != _DATA.size + n_values * width:
        raise ValueError(f"{len(chunk.payload)} bytes are not {chunk.n_rows} rows of {len(info.ch_names)} channels")
    if head.encoding == _AS_INT24 and info.lsb is None:
        raise ValueError("whole steps in a stream whose step is unknown")
    return head


def decode_rows(data: bytes | mmap.mmap, places: Sequence[tuple[int, int]], info: StreamInfo) -> Float32Array:
    """Decode the samples of many DATA chunks of one stream at once: ten times as fast as one by one.

    Parameters
    ----------
    data : bytes or mmap
        The whole journal.
    places : sequence of (int, int)
        First byte and number of rows of each; their checksums were found right before.
    info : StreamInfo

    Returns
    -------
    ndarray of float32, shape (n_rows, n_channels)
    """
    n_channels = len(info.ch_names)
    parts = [np.empty((0, n_channels), np.float32)]
    at_rows = _HEADER_SIZE + _DATA.size
    for encoding, group in groupby(places, key=lambda place: data[place[0] + at_rows - 1]):
        width = n_channels * (3 if encoding == _AS_INT24 else 4)
        rows = b"".join(data[at + at_rows : at + at_rows + n_rows * width] for at, n_rows in group)
        if encoding == _AS_INT24 and info.lsb is not None:
            parts.append(_from_int24(_unpack24(rows).reshape(-1, n_channels), info.lsb))
        else:
            parts.append(np.frombuffer(rows, "<f4").astype(np.float32).reshape(-1, n_channels))
    return np.concatenate(parts)


def read_chunks(data: bytes | mmap.mmap) -> Iterator[Chunk | Damage]:
    """Read a journal from the first byte to the last, one chunk at a time.

    Parameters
    ----------
    data : bytes or mmap
        The whole journal, in whatever state a crash left it.

    Yields
    ------
    Chunk or Damage
        In file order. A chunk is only given if both checksums are right and its number is higher than the last;
        after damage, reading goes on at the next such chunk.
    """
    next_seq, sound_end, at = 0, 0, 0
    while at >= 0:
        chunk = chunk_at(data, at)
        if chunk is None or chunk.seq < next_seq:
            at = data.find(MAGIC, at + 1)
            continue
        if at > sound_end or chunk.seq > next_seq:
            yield Damage(sound_end, at, chunk.seq - next_seq)
        yield chunk
        next_seq = chunk.seq + 1
        at = sound_end = at + chunk.size
    if sound_end < len(data):
        yield Damage(sound_end, len(data), None)


def chunk_at(data: bytes | mmap.mmap, at: int) -> Chunk | None:
    """Read the chunk that begins at byte `at`; None unless both its checksums are right."""
    head = data[at : at + _HEAD.size]
    body = at + _HEADER_SIZE
    crc = data[at + _HEAD.size : body]
    if len(crc) < _CRC.size or crc != _CRC.pack(zlib.crc32(head)):
        return None
    magic, kind, stream, n_rows, payload_len, seq, t_host_ns = _HEAD.unpack(head)
    payload = data[body : body + payload_len]
    crc = data[body + payload_len : body + payload_len + _CRC.size]
    if magic != MAGIC or crc != _CRC.pack(zlib.crc32(payload, zlib.crc32(data[at:body]))):
        return None
    return Chunk(kind, stream, n_rows, seq, t_host_ns, payload, at)


def _as_int24(samples: Float32Array, lsb: tuple[float, ...]) -> npt.NDArray[np.int32] | None:
    missing = np.isnan(samples)
    with np.errstate(all="ignore"):  # infinities and odd steps fail the comparisons below
        steps = np.rint(np.where(missing, 0.0, samples / np.asarray(lsb)))
    if not np.all(np.abs(steps) <= _INT24_MAX):
        return None
    whole = np.where(missing, _INT24_NAN, steps).astype(np.int32)
    # Compared as bits, so that a negative zero or a NaN with a message is kept too.
    exact = np.array_equal(_from_int24(whole, lsb).view(np.uint32), samples.view(np.uint32))
    return whole if exact else None


def _from_int24(steps: npt.NDArray[np.int32], lsb: tuple[float, ...]) -> Float32Array:
    with np.errstate(all="ignore"):
        samples = (steps * np.asarray(lsb, np.float64)).astype(np.float32)
    samples[steps == _INT24_NAN] = np.nan
    return samples


def _pack24(steps: npt.NDArray[np.int32]) -> bytes:
    return steps.astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes()


def _unpack24(rows: bytes) -> npt.NDArray[np.int32]:
    parts = np.frombuffer(rows, np.uint8).reshape(-1, 3)
    low, middle = parts[:, 0].astype(np.int32), parts[:, 1].astype(np.int32)
    return low | middle << 8 | parts[:, 2].view(np.int8).astype(np.int32) << 16
