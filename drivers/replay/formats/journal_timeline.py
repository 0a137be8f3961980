"""Where the blocks of a journal lie in time, and what is missing between them. Pure.

Inside an epoch the device's own counter tells; between epochs only the times of arrival do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

Cause = Literal["lost", "reconnect", "overflow", "damage"]

_ENVELOPE_NS = 10 * 10**9
"""Arrivals that are looked at on either side of a reconnection; crystals drift about 1 ms in that time."""
_COUNTER_LIMIT_S = 3600.0
"""A counter that leaps further than this is wrong: the times of arrival are believed instead."""
_LISTED = 20
_SHORT_S = 0.1
_REASONS: dict[Cause, str] = {
    "lost": "they never came from the sensor",
    "reconnect": "the sensor was away",
    "overflow": "the disk did not take them",
    "damage": "the file is damaged there",
}


class BlockPlace(NamedTuple):
    """One DATA chunk without its samples.

    ``offset`` is its first byte in the file, ``trouble`` what happened to the file since the last block of its stream.
    """

    offset: int
    epoch: int
    first_index: int
    n_samples: int
    n_lost: int
    arrival_ns: int
    trouble: Literal["overflow", "damage"] | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Samples that a journal does not hold.

    Attributes
    ----------
    stream_id : str
    at_s : float
        Seconds from the first sample of the recording.
    duration_s : float
    cause : {'lost', 'reconnect', 'overflow', 'damage'}
    """

    stream_id: str
    at_s: float
    duration_s: float
    cause: Cause


@dataclass(frozen=True, slots=True)
class Timeline:
    """One stream on an even grid of ``1 / sfreq``.

    Attributes
    ----------
    start_ns : int
        Host time of the first sample, by the earliest arrivals.
    gaps : tuple of int, shape (n_blocks,)
        Samples missing directly before each block.
    causes : tuple of Cause, shape (n_blocks,)
        Why, where there is a gap.
    n_rows : int
        Samples and missing samples together.
    n_samples : int
        Samples alone.
    """

    start_ns: int
    gaps: tuple[int, ...]
    causes: tuple[Cause, ...]
    n_rows: int
    n_samples: int

    def missing(self, blocks: Sequence[BlockPlace], stream_id: str, sfreq: float, zero_ns: int) -> list[Missing]:
        """List what is missing of a stream, in seconds from the host time `zero_ns`."""
        found: list[Missing] = []
        row = 0
        for block, gap, cause in zip(blocks, self.gaps, self.causes, strict=True):
            if gap:
                at_s = (self.start_ns - zero_ns) / 1e9 + row / sfreq
                found.append(Missing(stream_id, at_s, gap / sfreq, cause))
            row += gap + block.n_samples
        return found


def lay_out(blocks: Sequence[BlockPlace], sfreq: float) -> Timeline:
    """Put the blocks of one stream on its time axis.

    Parameters
    ----------
    blocks : sequence of BlockPlace
        At least one, in recorded order.
    sfreq : float
        Sampling frequency in Hz.

    Returns
    -------
    Timeline
    """
    gaps: list[int] = []
    causes: list[Cause] = []
    start_ns = 0
    before: list[BlockPlace] = []
    for _, group in groupby(blocks, key=lambda block: block.epoch):
        epoch = list(group)
        if before:
            away_ns = _epoch_start_ns(epoch, sfreq) - _epoch_start_ns(before[::-1], sfreq)
            gaps.append(max(0, round(away_ns * sfreq / 1e9) + epoch[0].first_index - _end(before[-1])))
            causes.append("reconnect")
        else:
            start_ns = _epoch_start_ns(epoch, sfreq) + round(epoch[0].first_index * 1e9 / sfreq)
            gaps.append(0)
            causes.append("lost")
        for last, block in pairwise(epoch):
            gap = max(0, block.first_index - _end(last))
            if gap > _COUNTER_LIMIT_S * sfreq:
                gap = max(0, round((block.arrival_ns - last.arrival_ns) * sfreq / 1e9) - block.n_samples)
            gaps.append(gap)
            causes.append(block.trouble if block.trouble and gap > block.n_lost else "lost")
        before = epoch
    n_samples = sum(block.n_samples for block in blocks)
    return Timeline(start_ns, tuple(gaps), tuple(causes), n_samples + sum(gaps), n_samples)


def tell(missing: Sequence[Missing], *, name_streams: bool) -> list[str]:
    """Say in plain words what is missing and where; the longest in full, the many short ones as a sum."""
    ranked = sorted((gap for gap in missing if gap.duration_s >= _SHORT_S), key=lambda gap: -gap.duration_s)
    listed = sorted(ranked[:_LISTED], key=lambda gap: gap.at_s)
    sentences = []
    for gap in listed:
        where = f" of {gap.stream_id}" if name_streams else ""
        sentences.append(f"{gap.duration_s:.1f} s{where} at {clock_text(gap.at_s)} are missing: {_REASONS[gap.cause]}.")
    others = len(missing) - len(listed)
    if others:
        rest_s = sum(gap.duration_s for gap in missing) - sum(gap.duration_s for gap in listed)
        sentences.append(
            f"{rest_s:.3g} s are missing in {others} {'further' if listed else 'short'} gap{'s' if others > 1 else ''}."
        )
    return sentences


def clock_text(seconds: float) -> str:
    """Write seconds as hh:mm:ss."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _end(block: BlockPlace) -> int:
    return block.first_index + block.n_samples


def _epoch_start_ns(blocks: Sequence[BlockPlace], sfreq: float) -> int:
    """Host time of index 0 of an epoch by its first blocks: latency only adds, so the earliest arrival is nearest."""
    near = (block for block in blocks if abs(block.arrival_ns - blocks[0].arrival_ns) <= _ENVELOPE_NS)
    return min(block.arrival_ns - round(_end(block) * 1e9 / sfreq) for block in near)
