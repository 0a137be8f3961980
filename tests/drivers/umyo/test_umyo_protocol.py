"""Notifications and advertisements of uMyo, as the maker's firmware packs them."""

import os
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.umyo.protocol import BLOCKS_PER_LEVEL, LevelCodec, UMyoCodec, battery_pct, telemetry
from tests.rigs.devices.umyo import UMyoDevice, advertisement, movement

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_EXAMPLES = 100_000 if FULL else 200
pytestmark = pytest.mark.timeout(3600 if FULL else 60)
MS = 1_000_000


def notification(index, samples):
    return struct.pack(f"<I{len(samples)}h", index % 2**32, *samples)


@pytest.mark.parametrize("payload", [20, 36, 52, 60, 53, 61])
def test_every_payload_decodes_to_the_samples_that_were_sent(payload):
    device, codec = UMyoDevice(payload=payload), UMyoCodec()
    packets = device.packets(480)
    assert {len(packet) for packet in packets} == {payload}
    chunks = [chunk for i, packet in enumerate(packets) for chunk in codec.feed(packet, i * 20 * MS)]
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), device.truth(0, 480))
    assert [chunk.first_index for chunk in chunks] == list(range(0, 480, 480 // len(packets)))
    assert {chunk.n_lost for chunk in chunks} == {0}


def test_a_notification_decodes_byte_by_byte():
    packet = bytes.fromhex("10000000" + "401f9cfe" * 4)
    (chunk,) = UMyoCodec().feed(packet, 5)
    assert chunk.samples[:, 0].tolist() == [8000.0, -356.0] * 4
    assert (chunk.first_index, chunk.arrival_ns, chunk.samples.dtype.name) == (0, 5, "float32")


@pytest.mark.parametrize("form", [26, 27])
def test_movement_alone_is_no_sample_and_no_damage(form):
    codec = UMyoCodec()
    assert codec.feed(movement(form), 0) == []
    assert codec.n_damaged == 0


@pytest.mark.parametrize("packet", [b"", b"\x00" * 19, b"\x00" * 51, b"\x00" * 62, b"\x02" + b"\x00" * 60])
def test_a_notification_of_another_form_is_damage(packet):
    codec = UMyoCodec()
    assert codec.feed(packet, 0) == []
    assert codec.n_damaged == 1


def test_every_loss_is_counted_exactly_across_the_wrap_of_the_index():
    device, codec = UMyoDevice(first_sample=2**32 - 240), UMyoCodec()
    packets = device.packets(24 * 1000)
    lost = {3, 9, 10, 11, *range(100, 900)}
    chunks = [chunk for i, packet in enumerate(packets) if i not in lost for chunk in codec.feed(packet, i * 21 * MS)]
    truth = device.truth(0, 24 * 1000)
    for chunk in chunks:
        np.testing.assert_array_equal(chunk.samples, truth[chunk.first_index :][:24])
    assert sum(chunk.n_lost for chunk in chunks) == 24 * len(lost)


def test_a_notification_that_comes_twice_or_late_is_dropped():
    packets, codec = UMyoDevice().packets(24 * 4), UMyoCodec()
    order = [0, 1, 1, 3, 2]
    chunks = [chunk for i in order for chunk in codec.feed(packets[i], 0)]
    assert [(chunk.first_index, chunk.n_lost) for chunk in chunks] == [(0, 0), (24, 0), (72, 24)]
    assert codec.n_damaged == 2


def test_an_index_that_cannot_be_is_believed_only_when_the_next_goes_on_from_it():
    codec = UMyoCodec()
    codec.feed(notification(1000, [1] * 8), 0)
    assert codec.feed(notification(10**9, [2] * 8), 7 * MS) == []
    (kept,) = codec.feed(notification(1008, [3] * 8), 7 * MS)
    assert codec.feed(notification(0, [4] * 8), 14 * MS) == []
    (anew,) = codec.feed(notification(8, [5] * 8), 21 * MS)
    assert [(chunk.first_index, chunk.n_lost) for chunk in (kept, anew)] == [(8, 0), (16, 0)]


def test_a_restart_counts_anew():
    codec = UMyoCodec()
    codec.feed(notification(1000, [1] * 8), 0)
    codec.restart()
    (chunk,) = codec.feed(notification(5, [1] * 8), 0)
    assert (chunk.first_index, chunk.n_lost) == (0, 0)


@settings(max_examples=N_EXAMPLES)
@given(st.lists(st.tuples(st.binary(max_size=70), st.integers(0, 10**10)), max_size=8))
def test_noise_makes_no_chunk_of_another_width_and_never_goes_back(packets):
    codec, due, now_ns = UMyoCodec(), 0, 0
    for packet, passed_ns in packets:
        now_ns += passed_ns
        for chunk in codec.feed(packet, now_ns):
            assert chunk.samples.shape in {(8, 1), (16, 1), (24, 1)}
            assert chunk.first_index == due + chunk.n_lost
            assert chunk.n_lost <= (passed_ns * 1e-9 * len(packets) * 100 + 100) * 1200
            due = chunk.first_index + len(chunk.samples)


def test_the_charge_is_linear_from_where_the_unit_switches_off():
    assert [battery_pct(byte) for byte in (0, 120, 170, 220, 255)] == [0.0, 0.0, 50.0, 100.0, 100.0]


def test_what_is_advertised_is_put_together_from_number_and_data():
    number, data = advertisement(7, (1, 2, 3, 4))
    (whole,) = telemetry({number: data, 76: b"\x02\x15somebody else"})
    assert whole[:10] == bytes([7, 190, 0, 1, 0, 2, 0, 3, 0, 4])


def hear(codec, blocks, level, at_ms=lambda block: block * 7.06):
    found = []
    for block in blocks:
        (whole,) = telemetry(dict([advertisement(block, (0, 0, level(block), 0))]))
        found += codec.feed(whole, round(at_ms(block) * MS))
    return found


def test_a_level_is_the_mean_of_what_was_heard_in_its_blocks():
    chunks = hear(LevelCodec(), [0, 3, 9, 16, 20, 33], lambda block: 100 + block)
    assert [(chunk.first_index, chunk.samples.tolist()) for chunk in chunks] == [(0, [[104.0]]), (1, [[118.0]])]


def test_a_level_counts_the_third_bin_once_and_the_fourth_twice():
    codec = LevelCodec()
    (whole,) = telemetry(dict([advertisement(0, (1000, 1000, 50, 30))]))
    codec.feed(whole, 0)
    (later,) = telemetry(dict([advertisement(BLOCKS_PER_LEVEL, (0, 0, 0, 0))]))
    (chunk,) = codec.feed(later, 113 * MS)
    assert chunk.samples.tolist() == [[110.0]]


def test_a_level_of_which_nothing_was_heard_is_lost():
    chunks = hear(LevelCodec(), [0, 16, 64, 80], lambda block: block)
    assert [(chunk.first_index, chunk.n_lost) for chunk in chunks] == [(0, 0), (1, 0), (4, 2)]


def test_levels_keep_the_time_of_the_device_through_its_short_counter():
    blocks = [block for block in range(0, 14_000, 3) if not 4000 < block < 6000]
    chunks = hear(LevelCodec(), blocks, lambda block: block // BLOCKS_PER_LEVEL)
    assert chunks[-1].samples[0, 0] == chunks[-1].first_index
    assert sum(chunk.n_lost for chunk in chunks) == pytest.approx(2000 / BLOCKS_PER_LEVEL, abs=1)


def test_what_was_heard_already_changes_nothing():
    once = hear(LevelCodec(), range(100), lambda block: block)
    twice = hear(
        LevelCodec(),
        [b for block in range(100) for b in (block, block, max(0, block - 5))],
        lambda block: block,
        at_ms=lambda block: 0.0,
    )
    assert [c.samples.tolist() for c in once] == [c.samples.tolist() for c in twice]


@settings(max_examples=N_EXAMPLES)
@given(st.lists(st.tuples(st.binary(max_size=16), st.integers(0, 10**9)), max_size=20))
def test_noise_in_the_air_makes_levels_that_only_go_on(packets):
    codec, due, now_ns = LevelCodec(), 0, 0
    for packet, passed_ns in packets:
        now_ns += passed_ns
        for chunk in codec.feed(packet, now_ns):
            assert chunk.samples.shape == (1, 1)
            assert chunk.first_index == due + chunk.n_lost
            due = chunk.first_index + 1
