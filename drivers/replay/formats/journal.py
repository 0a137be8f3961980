"""A journal as a `Recording`: what the recorder left, whole or after a crash. The bytes are `journal_chunks`."""

import errno
import mmap
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from drivers.errors import SourceBusyError, SourceFormatError, SourceNotFoundError
from drivers.replay.formats.journal_chunks import (
    MAGIC,
    VERSION,
    Chunk,
    ChunkKind,
    Damage,
    Meta,
    RecorderGap,
    chunk_at,
    decode_head,
    decode_rows,
    read_chunks,
)
from drivers.replay.formats.journal_timeline import BlockPlace, Missing, Timeline, clock_text, lay_out, tell
from drivers.types import Carried, Float32Array, SampleBlock, StreamInfo

JOURNAL_NAME = "journal.emj"
_END_FITS_IN = 1 << 16
_ACT = b'"type":"act"'
_FORGET_EVERY = 32 << 20
_AT_ONCE = 256
"""Blocks that a replay decodes at a time: a few hundred kilobytes."""


class Journal:
    """One journal that is open for reading; satisfies `drivers.replay.formats.recording.Recording`.

    Parameters
    ----------
    data : mmap
        The whole file; closed by `close`.
    name : str
        What a sentence calls it.

    Attributes
    ----------
    meta : Meta
    events : tuple of bytes
        Every EVENT line in recorded order, without the session line of ``meta``.
    missing : tuple of Missing
        Every gap of every stream.
    timelines : dict of str to Timeline
        Of each stream that has samples.
    is_closed_well : bool
        True if the recorder came to its end.

    Raises
    ------
    SourceFormatError
        If no part of the file says what its samples are.
    """

    def __init__(self, data: mmap.mmap, name: str) -> None:
        self._data = data
        self.meta = _find_meta(data, name)
        self.streams = tuple(replace(info, paced=True) for info in self.meta.streams)
        self.is_closed_well = False
        self._blocks: tuple[list[BlockPlace], ...] = tuple([] for _ in self.streams)
        self._broken_off = False
        self._calibration: dict[str, object] | None = None
        self._lost_entries = 0
        self.events = tuple(self._scan())
        self.timelines: dict[str, Timeline] = {
            info.stream_id: lay_out(blocks, info.sfreq)
            for info, blocks in zip(self.streams, self._blocks, strict=True)
            if blocks
        }
        self.missing = tuple(self._find_missing())

    @property
    def start_ns(self) -> int:
        """Host time of the earliest sample; 0 if there is none."""
        return min((timeline.start_ns for timeline in self.timelines.values()), default=0)

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample."""
        ends = (
            (self.timelines[info.stream_id].start_ns - self.start_ns) / 1e9
            + self.timelines[info.stream_id].n_rows / info.sfreq
            for info in self.streams
            if info.stream_id in self.timelines
        )
        return max(ends, default=0.0)

    @property
    def carried(self) -> Carried:
        """Session line, calibration, and what a reader must know about the state of the file."""
        hurt = [gap for gap in self.missing if gap.cause in ("overflow", "damage")]
        return Carried(
            calibration=self._calibration,
            session=msgspec.json.decode(self.meta.session, type=dict[str, object]),
            acts=tuple(msgspec.json.decode(line, type=dict[str, object]) for line in self.events if _ACT in line),
            notes=(*tell(hurt, name_streams=len(self.streams) > 1), *self.closing_notes),
            utc_ns=self.utc_ns,
        )

    @property
    def utc_ns(self) -> int:
        """Wall clock at the earliest sample, nanoseconds since 1970 UTC."""
        at_head_ns = round(datetime.fromisoformat(self.meta.utc).timestamp() * 1e6) * 1000
        if not all(info.paced for info in self.meta.streams):
            return at_head_ns  # its stamps are source time, which has nothing to do with the clock of the head
        return at_head_ns + self.start_ns - self.meta.perf_ns

    @property
    def closing_notes(self) -> tuple[str, ...]:
        """What there is to say about the file apart from gaps in the signal."""
        notes = []
        if self._lost_entries:
            notes.append(f"The file is damaged; entries of signal or events that are left out: {self._lost_entries}.")
        if not self.timelines:
            notes.append("The recording holds no samples.")
        if not self.is_closed_well:
            notes.append(f"The recording ended without being closed, at {clock_text(self.duration_s)}.")
        if self._broken_off:
            notes.append("What was being written at its very end is incomplete and left out.")
        return tuple(notes)

    def blocks(self, block_s: float) -> Iterator[SampleBlock]:
        """Yield the recorded blocks in the order of ``(arrival_ns, stream_id)``.

        Parameters
        ----------
        block_s : float
            Not used: a journal knows its own blocks.

        Yields
        ------
        SampleBlock
            With the recorded epoch, index and size; a stream never overtakes itself. ``arrival_ns`` is the
            recorded stamp, counted from `start_ns`.
        """
        # Drivers hand over on their own threads, so neighbours in the file may stand in either order.
        order: list[tuple[int, str, int]] = []
        for info, blocks in zip(self.streams, self._blocks, strict=True):
            latest = 0
            for number, block in enumerate(blocks):
                latest = max(latest, block.arrival_ns)
                order.append((latest, info.stream_id, number))
        order.sort()
        start_ns = self.start_ns
        for first in range(0, len(order), _AT_ONCE):
            part = order[first : first + _AT_ONCE]
            samples = {
                info.stream_id: self._samples_of(info, [number for _, name, number in part if name == info.stream_id])
                for info in self.streams
            }
            for _, stream_id, _ in part:
                place, rows = next(samples[stream_id])
                yield SampleBlock(
                    stream_id, rows, place.first_index, place.epoch, place.arrival_ns - start_ns, place.n_lost
                )

    def _samples_of(self, info: StreamInfo, numbers: list[int]) -> Iterator[tuple[BlockPlace, Float32Array]]:
        """The samples of blocks in a row: decoded at once, because one by one costs several times as much."""
        if not numbers:
            return
        rows, end = self.rows(info.stream_id, numbers[0], numbers[-1] + 1), 0
        for place in self.places(info.stream_id)[numbers[0] : numbers[-1] + 1]:
            start, end = end, end + place.n_samples
            yield place, rows[start:end]

    def damages(self) -> list[Damage]:
        """Every stretch of the file that does not pass its checksums."""
        return [item for item in read_chunks(self._data) if isinstance(item, Damage)]

    def places(self, stream_id: str) -> list[BlockPlace]:
        """Every block of one stream without its samples, in recorded order."""
        return self._blocks[next(i for i, info in enumerate(self.streams) if info.stream_id == stream_id)]

    def rows(self, stream_id: str, start: int, stop: int) -> Float32Array:
        """Samples of the blocks ``start`` to ``stop`` of one stream, one below the other, without what is missing.

        Returns
        -------
        ndarray of float32, shape (n_samples, n_channels)
        """
        info = next(info for info in self.streams if info.stream_id == stream_id)
        blocks = self.places(stream_id)[start:stop]
        self._forget()
        return decode_rows(self._data, [(block.offset, block.n_samples) for block in blocks], info)

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        self._data.close()

    def _forget(self) -> None:
        """Let go of the pages that were read: a file of gigabytes shall not look like gigabytes of memory."""
        if sys.platform == "linux":
            self._data.madvise(mmap.MADV_DONTNEED)

    def _scan(self) -> Iterator[bytes]:
        trouble: list[Literal["overflow", "damage"] | None] = [None] * len(self.streams)
        forgotten = 0
        for item in read_chunks(self._data):
            if isinstance(item, Chunk) and item.offset > forgotten + _FORGET_EVERY:
                forgotten = item.offset
                self._forget()
            if isinstance(item, Damage):
                self._broken_off = item.n_chunks is None
                self._lost_entries += item.n_chunks or 0
                trouble = ["damage"] * len(self.streams)
                continue
            try:
                if item.kind == ChunkKind.DATA:
                    self._place(item, trouble)
                elif item.kind == ChunkKind.GAP:
                    gap = msgspec.json.decode(item.payload, type=RecorderGap)
                    trouble = [
                        "overflow" if info.stream_id == gap.stream_id else known
                        for info, known in zip(self.streams, trouble, strict=True)
                    ]
                elif item.kind == ChunkKind.EVENT:
                    yield item.payload
                elif item.kind == ChunkKind.CAL and self._calibration is None:
                    self._calibration = msgspec.json.decode(item.payload, type=dict[str, object])
                elif item.kind == ChunkKind.END:
                    self.is_closed_well = True
            except ValueError:  # sound checksums around nonsense: nothing that this recorder wrote
                self._lost_entries += 1
                trouble = ["damage"] * len(self.streams)

    def _place(self, chunk: Chunk, trouble: list[Literal["overflow", "damage"] | None]) -> None:
        head = decode_head(chunk, self.streams)
        self._blocks[chunk.stream].append(
            BlockPlace(
                offset=chunk.offset,
                epoch=head.epoch,
                first_index=head.first_index,
                n_samples=chunk.n_rows,
                n_lost=head.n_lost,
                arrival_ns=chunk.t_host_ns,
                trouble=trouble[chunk.stream],
            )
        )
        trouble[chunk.stream] = None

    def _find_missing(self) -> Iterator[Missing]:
        for info, blocks in zip(self.streams, self._blocks, strict=True):
            if blocks:
                timeline = self.timelines[info.stream_id]
                yield from timeline.missing(blocks, info.stream_id, info.sfreq, self.start_ns)


def open_journal(path: Path) -> Journal:
    """Open the journal of a session.

    Parameters
    ----------
    path : Path
        The journal, or the session folder that holds it.

    Returns
    -------
    Journal

    Raises
    ------
    SourceNotFoundError
        If there is none.
    SourceBusyError
        If it may not be read.
    SourceFormatError
        If it is empty, or nothing in it can be understood.
    """
    try:
        file = journal_file(path)
        with file.open("rb") as opened:
            if not opened.read(1):
                raise SourceFormatError(f"'{file}' is empty: nothing was recorded in it; choose another recording.")
            data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as error:
        if path.is_dir() and any(path.glob(f"*/{JOURNAL_NAME}")):
            raise SourceNotFoundError(f"'{path}' holds the folders of several sessions; name one of them.") from error
        raise SourceNotFoundError(
            f"'{path}' holds no recording; name a session folder or its {JOURNAL_NAME}."
        ) from error
    except OSError as error:
        raise SourceBusyError(f"'{path}' cannot be read; check who may open it.", str(error)) from error
    try:
        return Journal(data, str(file))
    except SourceFormatError:
        data.close()
        raise


def journal_file(path: Path) -> Path:
    """The journal itself, where `path` names it or the session folder around it; a pipe would be waited for."""
    file = path / JOURNAL_NAME if path.is_dir() else path
    if file.is_fifo():
        raise FileNotFoundError(errno.ENOENT, "it is no file", str(file))
    return file


def ends_well(path: Path) -> bool:
    """Tell by its last bytes alone whether a journal was closed; raises `OSError`."""
    with journal_file(path).open("rb") as opened:
        opened.seek(max(0, opened.seek(0, 2) - _END_FITS_IN))
        tail = opened.read()
    last = chunk_at(tail, max(0, tail.rfind(MAGIC)))
    return last is not None and last.kind == ChunkKind.END and last.offset + last.size == len(tail)


def _find_meta(data: mmap.mmap, name: str) -> Meta:
    newer = False
    for item in read_chunks(data):
        if isinstance(item, Damage) or item.kind != ChunkKind.META:
            continue
        try:
            meta = msgspec.json.decode(item.payload, type=Meta)
            msgspec.json.decode(meta.session, type=dict[str, object])
        except ValueError:
            continue
        if meta.v == VERSION and all(info.sfreq > 0 for info in meta.streams):
            return meta
        newer = newer or meta.v > VERSION
    if newer:
        raise SourceFormatError(f"'{name}' was recorded by a newer GluteWake; update this one to read it.")
    raise SourceFormatError(f"'{name}' is not a recording of GluteWake, or nothing of it can be read any more.")
