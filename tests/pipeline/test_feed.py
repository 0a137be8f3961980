import threading

import numpy as np
import pytest

from app.pipeline.feed import DEPTH, Feed, merged
from drivers.errors import SourceLostError
from drivers.types import LinkState, SampleBlock


def block(stream_id: str, arrival_ns: int) -> SampleBlock:
    return SampleBlock(stream_id, np.zeros((1, 1), np.float32), 0, 0, arrival_ns)


def filled(stream_id: str, arrivals_ns: list[int]) -> Feed:
    feed = Feed()
    for arrival_ns in arrivals_ns:
        feed.on_block(block(stream_id, arrival_ns))
    feed.on_state(stream_id, LinkState.CLOSED, "end")
    return feed


def test_blocks_of_two_sources_come_in_order_of_arrival_then_stream():
    taken = [
        (one.arrival_ns, one.stream_id)
        for one in merged([filled("b", [10, 20, 40]), filled("a", [20, 30, 40])], (0, 0))
    ]

    assert taken == [(10, "b"), (20, "a"), (20, "b"), (30, "a"), (40, "a"), (40, "b")]


def test_a_fast_driver_waits_for_room_and_nothing_is_dropped():
    feed = Feed()
    n_blocks = 5 * DEPTH

    def deliver() -> None:
        for number in range(n_blocks):
            feed.on_block(block("a", number))
        feed.on_state("a", LinkState.CLOSED, "end")

    driver = threading.Thread(target=deliver)
    driver.start()
    taken = [one.arrival_ns for one in feed]
    driver.join()

    assert taken == list(range(n_blocks))


def test_a_feed_ends_only_when_all_its_streams_have_closed():
    feed = Feed()
    feed.n_streams = 2
    feed.on_state("a", LinkState.CLOSED, "end")
    feed.on_block(block("b", 1))
    feed.on_state("b", LinkState.CLOSED, "end")

    assert [one.stream_id for one in feed] == ["b"]


def test_a_driver_that_is_held_back_is_let_go_by_stop():
    feed = Feed()
    for number in range(DEPTH):
        feed.on_block(block("a", number))
    driver = threading.Thread(target=feed.on_block, args=(block("a", DEPTH),))
    driver.start()
    feed.stop()
    driver.join(5.0)

    assert not driver.is_alive()


def test_a_source_that_ends_by_a_fault_says_so_after_its_last_block():
    feed = Feed()
    feed.on_block(block("a", 1))
    feed.on_state("a", LinkState.UNAVAILABLE, "The disk went away.")
    feed.on_state("a", LinkState.CLOSED, "The disk went away.")

    assert len(list(feed)) == 1
    with pytest.raises(SourceLostError, match=r"The disk went away\."):
        feed.raise_fault()
