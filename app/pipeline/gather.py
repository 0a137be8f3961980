"""Puts the blocks of a recording together, so that nobody who waits for a result waits longer than needed.

What a block costs the engine hardly depends on its length, and sensors send short ones. Blocks that follow one upon
the other can be taken at once, as long as nothing is looked at or decided between them that depends on how far the
streams have come: then every line stays the same, byte for byte. Where a picture is watched nothing is put together.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from app.pipeline.align import BEHIND_S
from app.pipeline.engine import Engine
from drivers.types import SampleBlock

GATHER_S: Final = 0.25
"""Longer ones make it hardly cheaper: the clock and the contacts are looked at twice a second."""
MARGIN_S: Final = 0.1
"""More than how far off the time of a sample can be while its block waits here."""


def gathered(
    engine: Engine, blocks: Iterable[SampleBlock], most_s: float = GATHER_S
) -> Iterator[tuple[SampleBlock, ...]]:
    """Put blocks together for `Engine.push`.

    Parameters
    ----------
    engine : Engine
        Is asked where it is, so each bunch must be pushed before the next is taken.
    blocks : iterable of SampleBlock
        In merge order.
    most_s : float
        Longest time that the blocks of one bunch arrive in.

    Yields
    ------
    tuple of SampleBlock
        At least one; those of one stream are of one epoch, without a gap between them.
    """
    bunch = _Bunch(engine, most_s)
    last: dict[str, SampleBlock] = {}
    for block in blocks:
        if bunch.blocks and not bunch.takes(block, last.get(block.stream_id)):
            yield tuple(bunch.blocks)
            bunch = _Bunch(engine, most_s)
        bunch.add(block)
        last[block.stream_id] = block
    if bunch.blocks:
        yield tuple(bunch.blocks)


class _Bunch:
    """Blocks that are taken at once, and where the engine stood before them."""

    def __init__(self, engine: Engine, most_s: float) -> None:
        self.blocks: list[SampleBlock] = []
        self._streams = engine.streams
        self._delays_ns = engine.delays_ns
        self._most_ns = most_s * 1e9
        self._open = engine.can_gather(most_s + MARGIN_S)
        self._heard_s = engine.heard_s
        self._n_waiting = dict.fromkeys(self._streams, 0)
        self._stages: dict[str, tuple[int, bool, int]] = {}

    def add(self, block: SampleBlock) -> None:
        self.blocks.append(block)
        if block.stream_id in self._streams:
            self._n_waiting[block.stream_id] += block.n_samples
            self._heard_s[block.stream_id] += block.n_samples / self._streams[block.stream_id].info.sfreq

    def takes(self, block: SampleBlock, last: SampleBlock | None) -> bool:
        """Whether a block may be pushed together with these; `last` is the block of its stream before it."""
        if block.arrival_ns - self.blocks[0].arrival_ns >= self._most_ns or not self._open:
            return False
        stream = self._streams.get(block.stream_id)
        if stream is None:
            return True
        start = stream.end_index + self._n_waiting[block.stream_id]
        if last is None or stream.chain is None or block.epoch != stream.epoch or block.first_index != start:
            return False
        heard_s = self._heard_s[block.stream_id] + block.n_samples / stream.info.sfreq
        if heard_s > min(self._heard_s.values()) + BEHIND_S - MARGIN_S:
            return False  # the other stream may be given up while this one goes on
        delay_ns = self._delays_ns.get(block.stream_id, 0)
        stage = stream.chain.stage(start + block.n_samples, block.arrival_ns - delay_ns)
        if block.stream_id not in self._stages:
            self._stages[block.stream_id] = stream.chain.stage(
                last.first_index + last.n_samples, last.arrival_ns - delay_ns
            )
        return stage == self._stages[block.stream_id]
