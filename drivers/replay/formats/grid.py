"""Cut samples that lie on an even time grid into blocks. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from drivers.types import Float32Array, SampleBlock, StreamInfo

ReadRows = Callable[[int, int], Float32Array]
"""From row and to row (exclusive) to samples of shape (n_samples, n_channels)."""


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


def cut_blocks(
    stream: StreamInfo, segments: Sequence[Segment], read_rows: ReadRows, block_s: float
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
                arrival_ns=round((first_index + stop - start) * 1e9 / stream.sfreq),
                n_lost=segment.n_lost if start == segment.start else 0,
            )
