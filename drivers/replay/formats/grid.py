"""Cut samples that lie on an even time grid into blocks. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from drivers.types import Float32Array, SampleBlock, StreamInfo

ReadRows = Callable[[int, int], Float32Array]
"""From row and to row (exclusive) to samples of shape (n_samples, n_channels)."""

_READ_AHEAD_ROWS: Final = 16_384
"""Rows read from a file at once; what is stored in larger pieces would be unpacked again for every block."""


def in_memory(samples: Float32Array) -> ReadRows:
    """Rows that lie in memory already, handed out without a copy."""
    return lambda start, stop: samples[start:stop]


class ReadAhead:
    """Reads rows in larger pieces than they are asked for, and hands them out read-only.

    Parameters
    ----------
    read_rows : callable
        Reads from the file.
    n_rows : int
        All that there are.
    """

    def __init__(self, read_rows: ReadRows, n_rows: int) -> None:
        self._read_rows = read_rows
        self._n_rows = n_rows
        self._start = 0
        self._ahead = np.empty((0, 0), dtype=np.float32)

    def __call__(self, start: int, stop: int) -> Float32Array:
        """Give the rows from `start` to `stop`."""
        if start < self._start or stop > self._start + len(self._ahead):
            self._ahead = self._read_rows(start, min(max(stop, start + _READ_AHEAD_ROWS), self._n_rows))
            self._ahead.flags.writeable = False
            self._start = start
        return self._ahead[start - self._start : stop - self._start]


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of a file without a hole between them.

    Attributes
    ----------
    start, stop : int
        Rows of the file, ``stop`` exclusive.
    first_index : int
        Place of row ``start`` on the time grid.
    n_lost : int
        Samples missing directly before it.
    """

    start: int
    stop: int
    first_index: int = 0
    n_lost: int = 0


def end_index(segments: Sequence[Segment]) -> int:
    """Number of places on the time grid up to the end of the last segment."""
    last = segments[-1]
    return last.first_index + last.stop - last.start


def rows_of(segments: Sequence[Segment], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Find the rows of the file that lie on places of the time grid.

    Parameters
    ----------
    segments : sequence of Segment
        In order of time.
    spans : sequence of (int, int)
        First place and the one after the last, in any order.

    Returns
    -------
    list of (int, int)
        First row and the one after the last, in order, none twice and none across two segments.
    """
    merged: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    ends = [high for _, high in merged]
    found = []
    for segment in segments:
        n_rows = segment.stop - segment.start
        for low, high in merged[bisect_right(ends, segment.first_index) :]:
            if low >= segment.first_index + n_rows:
                break
            first, last = max(low - segment.first_index, 0), min(high - segment.first_index, n_rows)
            if first < last:
                found.append((segment.start + first, segment.start + last))
    return found


def without(segments: Sequence[Segment], spans: Sequence[tuple[int, int]]) -> list[Segment]:
    """Take places of the time grid out of `segments`, as if nothing had come there.

    Parameters
    ----------
    segments : sequence of Segment
        In order of time.
    spans : sequence of (int, int)
        First place and the one after the last, in any order.

    Returns
    -------
    list of Segment
        Empty if nothing is left.
    """
    taken = rows_of(segments, spans)
    begins = [start for start, _ in taken]
    left: list[Segment] = []
    for segment in segments:
        at = segment.start
        own = taken[bisect_left(begins, segment.start) : bisect_left(begins, segment.stop)]
        for start, stop in (*own, (segment.stop, segment.stop)):
            if at < start:
                place = segment.first_index + at - segment.start
                left.append(Segment(at, start, place, place - end_index(left) if left else 0))
            at = stop
    return left


def cut_blocks(
    stream: StreamInfo, segments: Sequence[Segment], read_rows: ReadRows, block_s: float, *, begin_s: float = 0.0
) -> Iterator[SampleBlock]:
    """Yield `segments` as blocks of `block_s` seconds, rounded to whole samples; no block spans a hole.

    Parameters
    ----------
    stream : StreamInfo
        Gives ``stream_id`` and the rate.
    segments : sequence of Segment
        In order of time.
    read_rows : callable
        Reads the samples when their turn comes, so that a large file need not be held.
    block_s : float
        Seconds per block; at least one sample each.
    begin_s : float
        Source time of the first place on the grid, where several streams did not begin together.
    """
    n_block = max(1, round(block_s * stream.sfreq))
    for segment in segments:
        for start in range(segment.start, segment.stop, n_block):
            stop = min(start + n_block, segment.stop)
            first_index = segment.first_index + start - segment.start
            yield SampleBlock(
                stream_id=stream.stream_id,
                samples=read_rows(start, stop),
                first_index=first_index,
                epoch=0,
                arrival_ns=round(begin_s * 1e9 + (first_index + stop - start) * 1e9 / stream.sfreq),
                n_lost=segment.n_lost if start == segment.start else 0,
            )
