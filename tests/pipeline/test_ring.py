import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.ring import RingBuffer, RingOverrun
from drivers.types import Float32Array

CAPACITY = 16


def counted(start: int, n_samples: int) -> Float32Array:
    """Samples that carry their own position, on two channels."""
    positions = np.arange(start, start + n_samples, dtype=np.float32)
    return np.column_stack([positions, -positions])


def test_samples_come_back_from_the_positions_they_were_written_to():
    ring = RingBuffer(CAPACITY, 2)
    ring.write(counted(0, 10))
    start, stop = ring.write(counted(10, 10))

    assert (start, stop) == (10, 20)
    np.testing.assert_array_equal(ring.read(start, stop), counted(10, 10))


def test_reading_overwritten_samples_raises():
    ring = RingBuffer(CAPACITY, 2)
    ring.write(counted(0, 10))
    ring.write(counted(10, 10))

    with pytest.raises(RingOverrun):
        ring.read(3, 8)


def test_reading_what_is_not_written_yet_raises():
    ring = RingBuffer(CAPACITY, 2)
    ring.write(counted(0, 4))

    with pytest.raises(RingOverrun):
        ring.read(2, 5)


def test_skipped_samples_read_as_nan_and_keep_the_positions():
    ring = RingBuffer(CAPACITY, 2)
    ring.write(counted(0, 4))
    ring.skip(3)
    ring.write(counted(7, 2))

    read = ring.read(2, 9)
    assert np.isnan(read[2:5]).all()
    np.testing.assert_array_equal(read[[0, 1, 5, 6]], counted(0, 9)[[2, 3, 7, 8]])


def test_a_gap_longer_than_the_ring_leaves_nothing_but_nan():
    ring = RingBuffer(CAPACITY, 2)
    ring.write(counted(0, 4))
    ring.skip(10 * CAPACITY)

    assert ring.written == 4 + 10 * CAPACITY
    assert np.isnan(ring.read(ring.written - CAPACITY, ring.written)).all()


def test_a_block_longer_than_the_ring_leaves_its_newest_samples():
    ring = RingBuffer(CAPACITY, 2)
    start, stop = ring.write(counted(0, 3 * CAPACITY + 5))

    np.testing.assert_array_equal(ring.read(stop - CAPACITY, stop), counted(stop - CAPACITY, CAPACITY))
    with pytest.raises(RingOverrun):
        ring.read(start, stop)


def test_reading_nothing_is_nothing():
    assert RingBuffer(CAPACITY, 2).read(0, 0).shape == (0, 2)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=20), st.data())
def test_whatever_is_written_a_read_is_right_or_raises(steps: list[tuple[bool, int]], data: st.DataObject):
    ring = RingBuffer(CAPACITY, 1)
    all_of_it = np.empty((0, 1), np.float32)
    for is_gap, n in steps:
        if is_gap:
            ring.skip(n)
            all_of_it = np.vstack([all_of_it, np.full((n, 1), np.nan, np.float32)])
        else:
            samples = counted(len(all_of_it), n)[:, :1]
            ring.write(samples)
            all_of_it = np.vstack([all_of_it, samples])
    start = data.draw(st.integers(0, len(all_of_it) + 2))
    stop = data.draw(st.integers(start, len(all_of_it) + 4))

    if stop <= len(all_of_it) and start >= len(all_of_it) - CAPACITY:
        np.testing.assert_array_equal(ring.read(start, stop), all_of_it[start:stop])
    else:
        with pytest.raises(RingOverrun):
            ring.read(start, stop)


def test_a_reader_beside_a_busy_writer_never_sees_a_torn_block():
    """Neither thread waits for the other: each round reads the newest block, and gets it whole or not at all."""
    ring = RingBuffer(64, 2)
    n_rounds = 20_000
    begun = threading.Barrier(2)

    def write() -> None:
        begun.wait()
        for number in range(n_rounds):
            ring.write(counted(7 * number, 7))

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    n_read = 0
    for _ in range(n_rounds):
        stop = ring.written
        start = max(0, stop - 30)
        try:
            read = ring.read(start, stop)
        except RingOverrun:
            continue
        n_read += 1
        np.testing.assert_array_equal(read, counted(start, stop - start))
    writer.join()
    assert n_read > 0
