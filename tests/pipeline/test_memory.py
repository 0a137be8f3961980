"""A day of signal needs no more memory than a minute of it."""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from app.pipeline.chain import Bars
from app.pipeline.engine import Engine
from drivers.types import SampleBlock
from tests.pipeline.signals import BOTH, SFREQ, make_engine, pair

GROWTH_BYTES = 5_000_000
PERIOD_S = 12.0
BLOCK_S = 0.5


def hours_of_squeezes(first_s: float, duration_s: float) -> Iterator[SampleBlock]:
    """Blocks of a person who squeezes in time, late, with one side alone and not at all, over and over."""
    left, right = [(1.0, 2.2), (4.0, 5.2), (7.0, 8.2)], [(1.0, 2.2), (4.4, 5.2)]
    period = pair(PERIOD_S, left, right)
    n = round(BLOCK_S * SFREQ)
    for number in range(round(first_s / BLOCK_S), round((first_s + duration_s) / BLOCK_S)):
        at = number * n % len(period)
        arrival_ns = round((number + 1) * BLOCK_S * 1e9)
        yield SampleBlock(BOTH.stream_id, period[at : at + n], number * n, 0, arrival_ns)


def grown_bytes(engine: Engine, hours: float) -> int:
    """What is held more after `hours` than after the first three minutes, pictures cut on the way."""
    warm_up_s = 180.0
    tracemalloc.start()
    try:
        held = []
        for first_s, duration_s in ((0.0, warm_up_s), (warm_up_s, 3600.0 * hours)):
            for number, block in enumerate(hours_of_squeezes(first_s, duration_s)):
                engine.push(block)
                if number % 20 == 0:
                    engine.snapshot()
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    return held[1] - held[0]


@pytest.mark.timeout(600)  # tracing every allocation makes it slow: half a minute where nothing else runs
def test_ten_minutes_more_need_no_more_memory():
    # Ten minutes are a 144th of a day, 35 kB of its 5 MB; the rest is what fills up only once.
    assert grown_bytes(make_engine(programme="free", draws=Bars()), 1.0 / 6.0) < 100_000


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_day_needs_no_more_memory():
    assert grown_bytes(make_engine(programme="free", draws=Bars()), 24.0) < GROWTH_BYTES
