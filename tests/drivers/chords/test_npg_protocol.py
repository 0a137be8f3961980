"""Notifications of NPG Lite: ten samples or nothing, and every lost one counted."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.chords.npg_protocol import NpgCodec, payload_size
from drivers.codec import Chunk
from tests.rigs.devices.npg import NpgDevice

N_EXAMPLES = 100_000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200
PACKET_NS = 20_000_000


def packets(n: int, n_channels: int = 3) -> tuple[NpgDevice, list[bytes]]:
    device = NpgDevice(n_channels)
    device.receive(b"START")
    return device, device.packets(10 * n)


def feed(codec: NpgCodec, arrivals: list[tuple[int, bytes]]) -> list[Chunk]:
    return [chunk for k, packet in arrivals for chunk in codec.feed(packet, k * PACKET_NS)]


def test_ten_samples_are_decoded_exactly():
    rows = [(k, 0x07FF, 0x0FFF, k) for k in range(10)]
    packet = b"".join(bytes((c, a >> 8, a & 255, b >> 8, b & 255, d >> 8, d & 255)) for c, a, b, d in rows)
    assert len(packet) == 70
    (chunk,) = NpgCodec(3).feed(packet, 5)
    assert chunk.samples.tolist() == [[-1.0, 2047.0, k - 2048.0] for k in range(10)]
    assert (chunk.first_index, chunk.n_lost, chunk.arrival_ns) == (0, 0, 5)


@pytest.mark.parametrize(("n_channels", "size"), [(3, 70), (6, 130)])
def test_three_or_six_channels_are_decoded_to_the_truth(n_channels: int, size: int):
    device, sent = packets(60, n_channels)
    assert {len(packet) for packet in sent} == {size} == {payload_size(n_channels)}
    chunks = feed(NpgCodec(n_channels), list(enumerate(sent)))
    np.testing.assert_array_equal(np.concatenate([chunk.samples for chunk in chunks]), device.truth(0, 600))
    assert [chunk.first_index for chunk in chunks] == list(range(0, 600, 10))


@pytest.mark.parametrize("size", [0, 20, 69, 71, 130])
def test_a_notification_of_another_length_is_never_parsed(size: int):
    codec = NpgCodec(3)
    assert codec.feed(bytes(size), 0) == []
    assert codec.n_damaged == 1


@given(st.sets(st.integers(1, 58), max_size=20))
@settings(max_examples=100)
def test_gaps_of_the_counter_equal_the_notifications_that_were_lost(lost: set[int]):
    device, sent = packets(60)
    kept = [(k, packet) for k, packet in enumerate(sent) if k not in lost]
    chunks = feed(NpgCodec(3), kept)
    assert [chunk.first_index for chunk in chunks] == [10 * k for k, _ in kept]
    assert sum(chunk.n_lost for chunk in chunks) == 10 * len(lost)
    for chunk in chunks:
        np.testing.assert_array_equal(chunk.samples, device.truth(chunk.first_index, 10))


def test_a_notification_that_comes_twice_counts_once():
    _, sent = packets(5)
    chunks = feed(NpgCodec(3), [(k, packet) for k, packet in enumerate(sent) for _ in range(2)])
    assert [chunk.first_index for chunk in chunks] == [0, 10, 20, 30, 40]
    assert sum(chunk.n_lost for chunk in chunks) == 0


def test_a_notification_that_comes_late_stays_a_gap():
    _, sent = packets(5)
    codec = NpgCodec(3)
    chunks = feed(codec, [(k, sent[k]) for k in (0, 2, 1, 3, 4)])
    assert [chunk.first_index for chunk in chunks] == [0, 20, 30, 40]
    assert sum(chunk.n_lost for chunk in chunks) == 10
    assert codec.n_damaged == 1


@pytest.mark.parametrize("n_lost", [24, 25, 48, 49, 50, 177, 178])
def test_a_loss_that_takes_the_counter_nearly_around_is_not_taken_for_a_late_notification(n_lost: int):
    _, sent = packets(200)
    kept = [(k, packet) for k, packet in enumerate(sent) if not 10 <= k < 10 + n_lost]
    chunks = feed(NpgCodec(3), kept)
    assert [chunk.n_lost for chunk in chunks if chunk.n_lost] == [10 * n_lost]


def test_counters_that_jump_inside_a_notification_drop_it():
    _, sent = packets(3)
    codec = NpgCodec(3)
    broken = sent[1][:7] + b"\x99" + sent[1][8:]
    chunks = feed(codec, [(0, sent[0]), (1, broken), (2, sent[2])])
    assert [(chunk.first_index, chunk.n_lost) for chunk in chunks] == [(0, 0), (20, 10)]


def test_a_restart_numbers_from_zero_again():
    codec = NpgCodec(3)
    feed(codec, list(enumerate(packets(7)[1])))
    codec.restart()
    (chunk,) = codec.feed(packets(1)[1][0], 10**10)
    assert (chunk.first_index, chunk.n_lost) == (0, 0)


@pytest.mark.timeout(1200)
@given(st.lists(st.binary(max_size=140) | st.binary(min_size=70, max_size=70), max_size=12))
@settings(max_examples=N_EXAMPLES)
def test_noise_never_raises_and_never_gives_another_width(pieces: list[bytes]):
    chunks = feed(NpgCodec(3), list(enumerate(pieces)))
    assert all(chunk.samples.shape == (10, 3) for chunk in chunks)
