"""Blocks that are taken at once give the lines that they give one by one."""

import heapq
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pipeline.build import SessionPlan, build_engine
from app.pipeline.engine import Engine
from app.pipeline.gather import gathered
from app.pipeline.montage import Montage
from app.pipeline.programmes import load_programme
from app.pipeline.sources import Sources, open_unpaced
from app.session.calibration import Calibration
from app.session.events import Act
from drivers.types import SampleBlock, StreamInfo
from tests.pipeline.signals import BOTH, CALIBRATION, ONE_UNIT, cut, lines, make_engine, pair, run

SQUEEZES = [(2.0, 3.2), (4.5, 6.0), (7.5, 8.5), (10.6, 11.8)]
SAMPLES = pair(13.0, SQUEEZES, [(start_s + 0.12, end_s) for start_s, end_s in SQUEEZES])
LEFT = StreamInfo("l", 1000.0, ("ch1",))
RIGHT = StreamInfo("r", 1000.0, ("ch1",))
TWO_UNITS = Montage(("left", "right"), {"l": ((0, 0),), "r": ((0, 1),)})
SECONDS = st.floats(0.0, 1.2)

pytestmark = pytest.mark.timeout(300)  # every example is judged twice; how long that takes is no matter here


def two_units(calibration: Calibration | None = CALIBRATION) -> Engine:
    return make_engine((LEFT, RIGHT), TWO_UNITS, calibration=calibration)


def both_gathered(engine: Engine, blocks: list[SampleBlock], most_s: float) -> tuple[list[bytes], int]:
    bunches = 0
    events = []
    for bunch in gathered(engine, blocks, most_s):
        bunches += 1
        events += engine.push(*bunch)
    return lines(events + engine.finish()), bunches


def held_up(blocks: Iterator[SampleBlock], at_s: float, for_s: float, lost: bool) -> Iterator[SampleBlock]:
    """What arrives in a stall comes when it is over, or never."""
    for block in blocks:
        inside = at_s <= block.arrival_ns * 1e-9 < at_s + for_s
        if not inside:
            yield block
        elif not lost:
            yield replace(block, arrival_ns=round((at_s + for_s) * 1e9))


def merged(*streams: Iterator[SampleBlock]) -> list[SampleBlock]:
    return list(heapq.merge(*streams, key=lambda block: (block.arrival_ns, block.stream_id)))


@settings(max_examples=12)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.sampled_from([0.1, 0.25, 0.5]))
def test_one_unit_gives_the_same_lines(sizes: list[int], most_s: float):
    blocks = list(cut(SAMPLES, sizes))

    found, _ = both_gathered(make_engine(), blocks, most_s)

    assert found == lines(run(make_engine(), blocks))


@settings(max_examples=20)
@given(st.integers(3, 60), st.integers(3, 60), SECONDS, SECONDS, st.booleans(), st.sampled_from([0.1, 0.25, 0.5]))
def test_two_units_of_which_one_stalls_give_the_same_lines(
    of_left: int, of_right: int, delay_s: float, stall_s: float, lost: bool, most_s: float
):
    left = cut(SAMPLES[:, :1], [of_left], stream_id="l")
    right = cut(SAMPLES[:, 1:], [of_right], stream_id="r", delay_s=min(delay_s, 0.3), start_s=delay_s / 3)
    blocks = merged(held_up(left, 4.8, stall_s, lost), right)

    found, _ = both_gathered(two_units(), blocks, most_s)

    assert found == lines(run(two_units(), blocks))


def test_a_unit_that_comes_back_gives_the_same_lines():
    left = cut(SAMPLES[:, :1], [10], stream_id="l")
    first = (block for block in cut(SAMPLES[:5000, 1:], [10], stream_id="r"))
    again = cut(SAMPLES[6000:, 1:], [10], stream_id="r", start_s=6.0, epoch=1)
    blocks = merged(left, heapq.merge(first, again, key=lambda block: block.arrival_ns))

    found, bunches = both_gathered(two_units(), blocks, 0.25)

    assert found == lines(run(two_units(), blocks))
    assert bunches < len(blocks) / 5


@pytest.mark.parametrize("units", [1, 2])
def test_a_scale_that_still_grows_gives_the_same_lines(units: int):
    if units == 1:
        blocks = list(cut(SAMPLES, [10]))
        one, other = make_engine(calibration=None), make_engine(calibration=None)
    else:
        blocks = merged(cut(SAMPLES[:, :1], [10], stream_id="l"), cut(SAMPLES[:, 1:], [7], stream_id="r"))
        one, other = two_units(None), two_units(None)

    found, _ = both_gathered(one, blocks, 0.25)

    assert found == lines(run(other, blocks))


def test_a_session_that_was_stopped_ends_at_the_same_tick():
    def lived(*, gather: bool) -> list[bytes]:
        engine = Engine(
            (BOTH,), ONE_UNIT, load_programme("free"), CALIBRATION, acts=[Act(5.005, "pause"), Act(8.2, "stop")]
        )
        blocks = list(cut(SAMPLES, [10]))
        events = []
        for bunch in gathered(engine, blocks) if gather else ((block,) for block in blocks):
            events += engine.push(*bunch)
            if engine.coach.course.stage == "stopped":
                break
        return [*lines(events + engine.finish()), str((engine.t_s, engine.n_received)).encode()]

    assert lived(gather=True) == lived(gather=False)


@pytest.mark.parametrize(
    "person",
    [
        "waking-left?seed=1&loss=0.02&disconnect_at=9&disconnect_s=1&stall_at=14&reps=6&block_ms=7",
        "two-units?seed=5&stall_at=6&stall_s=0.8&reps=5&loss=0.03&transport=30&drift=80&block_ms=13",
        "bad-contact-left?seed=1&hum=40&reps=5&rate=518&block_ms=5",
    ],
)
def test_a_troubled_person_gives_the_same_lines_in_a_fraction_of_the_steps(person: str):
    def lived(*, gather: bool) -> tuple[list[bytes], int, int]:
        with open_unpaced(Sources.create([f"sim:{person}&speed=max"])) as (sources, blocks):
            engine, _ = build_engine(sources, SessionPlan(None), until_s=19.983)
            sources.start()
            events, n_pushed, n_blocks = [], 0, 0
            for bunch in gathered(engine, blocks) if gather else ((block,) for block in blocks):
                events += engine.push(*bunch)
                n_pushed += 1
                n_blocks += len(bunch)
                if engine.t_s >= 19.98:
                    break
            return [*lines(events + engine.finish()), str(engine.lost_pct).encode()], n_pushed, n_blocks

    found, n_pushed, n_blocks = lived(gather=True)
    truth, _, n_truth = lived(gather=False)

    assert found == truth
    assert n_blocks == n_truth
    assert n_pushed < n_blocks / 5
