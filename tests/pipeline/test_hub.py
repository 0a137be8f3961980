import threading

import numpy as np
import pytest

from app.pipeline.hub import RING_S, Hub, LinkNote
from drivers.types import LinkState, SampleBlock, StreamInfo
from tests.pipeline.signals import cut, make_engine, pair, run

SLOW = StreamInfo("slow", 2.0, ("left",))
"""So slow that a ring of a minute holds 120 samples."""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns


def block_of(n_samples: int, first_index: int = 0) -> SampleBlock:
    samples = np.arange(first_index, first_index + n_samples, dtype=np.float32)[:, np.newaxis]
    return SampleBlock("slow", samples, first_index, 0, first_index * 500_000_000)


@pytest.fixture
def hub() -> Hub:
    hub = Hub(clock_ns=Clock())
    hub.add_stream(SLOW, ("left",))
    return hub


def test_a_block_comes_out_as_it_went_in_with_the_time_of_its_receipt(hub: Hub):
    clock = hub.clock_ns
    assert isinstance(clock, Clock)
    clock.now_ns = 77
    hub.on_block(block_of(5))
    clock.now_ns = 99

    taken = hub.take()
    assert isinstance(taken, tuple)
    block, received_ns = taken
    assert received_ns == 77
    np.testing.assert_array_equal(block.samples, block_of(5).samples)
    assert (block.first_index, block.epoch, block.arrival_ns) == (0, 0, 0)
    assert hub.take() is None


def test_the_driver_is_never_held_back_however_long_nobody_takes(hub: Hub):
    n_ring = round(RING_S * SLOW.sfreq)
    for number in range(10 * n_ring):
        hub.on_block(block_of(1, number))

    assert hub.arrived.is_set()


def test_blocks_overwritten_before_they_were_taken_are_counted(hub: Hub):
    n_ring = round(RING_S * SLOW.sfreq)
    for number in range(n_ring + 3):
        hub.on_block(block_of(1, number))

    taken = hub.take()
    assert isinstance(taken, tuple)
    assert taken[0].first_index == 3
    assert hub.overruns == 3


def test_an_overwritten_block_is_a_gap_for_the_engine():
    info = StreamInfo("unit", 1000.0, ("left", "right"))
    hub = Hub()
    hub.add_stream(info, ("left", "right"))
    samples = pair(70.0, [], [])
    blocks = list(cut(samples, [500]))
    for block in blocks[:2]:
        hub.on_block(block)
    early = [taken[0] for taken in iter(hub.take, None) if isinstance(taken, tuple)]
    for block in blocks[2:]:
        hub.on_block(block)
    late = [taken[0] for taken in iter(hub.take, None) if isinstance(taken, tuple)]

    engine = make_engine()
    events = run(engine, early + late)
    assert hub.overruns == 18
    assert [event.samples for event in events if hasattr(event, "samples")] == [9000]
    assert engine.t_s == pytest.approx(70.0, abs=0.01)


def test_every_sink_gets_every_block_even_of_a_stream_nobody_maps(hub: Hub):
    seen: list[SampleBlock] = []
    hub.sinks.append(seen.append)
    stranger = SampleBlock("stranger", np.zeros((1, 1), np.float32), 0, 0, 0)
    hub.on_block(stranger)
    hub.on_block(block_of(2))

    assert [block.stream_id for block in seen] == ["stranger", "slow"]
    taken = hub.take()
    assert isinstance(taken, tuple)
    assert taken[0].stream_id == "slow"


def test_once_nobody_takes_any_more_blocks_go_to_the_sinks_alone(hub: Hub):
    recorded: list[SampleBlock] = []
    hub.sinks.append(recorded.append)
    hub.on_block(block_of(5))
    hub.let_go()
    hub.on_block(block_of(5, 5))

    assert len(recorded) == 2
    assert hub.take() is None


def test_link_changes_keep_their_place_among_the_blocks(hub: Hub):
    hub.on_block(block_of(1))
    hub.on_state("slow", LinkState.RECONNECTING, "it was unplugged")
    hub.on_block(block_of(1, 1))

    kinds = [type(taken).__name__ for taken in iter(hub.take, None)]
    assert kinds == ["tuple", "LinkNote", "tuple"]


def test_reconnects_are_counted_once_each(hub: Hub):
    for state in (LinkState.STREAMING, LinkState.RECONNECTING, LinkState.RECONNECTING, LinkState.STREAMING):
        hub.on_state("slow", state, "")
    hub.on_state("slow", LinkState.RECONNECTING, "")

    assert hub.reconnects == 2
    assert hub.links[0].state is LinkState.RECONNECTING
    assert hub.links[0].sites == ("left",)


def test_the_hub_has_ended_when_every_source_has_and_all_is_taken(hub: Hub):
    hub.on_block(block_of(1))
    hub.on_state("slow", LinkState.CLOSED, "end")
    assert not hub.ended
    taken = list(iter(hub.take, None))

    assert isinstance(taken[-1], LinkNote)
    assert hub.ended


def two_streams() -> Hub:
    hub = Hub(clock_ns=Clock())
    for name in ("a", "b"):
        hub.add_stream(StreamInfo(name, 1000.0, ("left",)), ())
    return hub


def arrive(hub: Hub, stream_id: str, *arrivals_ms: int) -> None:
    for arrival_ms in arrivals_ms:
        hub.on_block(SampleBlock(stream_id, np.zeros((1, 1), np.float32), arrival_ms, 0, arrival_ms * 1_000_000))


def order(hub: Hub) -> list[tuple[str, int]]:
    taken = [taken[0] for taken in iter(hub.take, None) if isinstance(taken, tuple)]
    return [(block.stream_id, block.first_index) for block in taken]


def test_blocks_of_two_streams_come_in_order_of_arrival_whichever_thread_ran_first():
    hub = two_streams()
    arrive(hub, "b", 10, 20, 30)
    arrive(hub, "a", 10, 20, 25)

    assert order(hub) == [("a", 10), ("b", 10), ("a", 20), ("b", 20), ("a", 25)]
    arrive(hub, "a", 35)
    assert order(hub) == [("b", 30)]


def test_a_stream_that_was_silent_for_half_a_second_is_not_waited_for():
    hub = two_streams()
    clock = hub.clock_ns
    assert isinstance(clock, Clock)
    arrive(hub, "a", 10)
    arrive(hub, "b", 10, 500)
    assert order(hub) == [("a", 10), ("b", 10)]
    clock.now_ns = 510_000_000
    arrive(hub, "b", 510)

    assert order(hub) == [("b", 500), ("b", 510)]


def test_a_stream_that_never_came_is_waited_for_half_a_second_and_no_longer():
    hub = two_streams()
    clock = hub.clock_ns
    assert isinstance(clock, Clock)
    arrive(hub, "b", 10, 20)
    assert order(hub) == []
    clock.now_ns = 510_000_000
    arrive(hub, "b", 520)

    assert order(hub) == [("b", 10), ("b", 20), ("b", 520)]


def test_a_stream_that_has_ended_is_not_waited_for():
    hub = two_streams()
    arrive(hub, "a", 10)
    hub.on_state("b", LinkState.CLOSED, "end")

    assert order(hub) == [("a", 10)]


def test_many_drivers_may_deliver_at_once_and_nothing_is_lost():
    names = [f"unit-{number}" for number in range(4)]
    hub = Hub()
    for name in names:
        hub.add_stream(StreamInfo(name, 1000.0, ("left",)), ())
    begun = threading.Barrier(len(names))

    def deliver(name: str) -> None:
        begun.wait()
        for number in range(2000):
            hub.on_block(SampleBlock(name, np.full((1, 1), number, np.float32), number, 0, number))
        hub.on_state(name, LinkState.CLOSED, "")

    threads = [threading.Thread(target=deliver, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    seen: dict[str, list[float]] = {name: [] for name in names}
    while not hub.ended:
        hub.arrived.wait(5.0)
        hub.arrived.clear()
        for taken in iter(hub.take, None):
            if isinstance(taken, tuple):
                seen[taken[0].stream_id].append(float(taken[0].samples[0, 0]))
    for thread in threads:
        thread.join()

    assert all(values == list(range(2000)) for values in seen.values())
    assert hub.overruns == 0
