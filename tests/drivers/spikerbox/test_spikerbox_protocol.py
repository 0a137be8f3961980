"""The stream of a SpikerBox: frames by bit 7, messages inside them, channels that change while it runs."""

import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.codec import Chunk
from drivers.spikerbox.boxes import BOXES
from drivers.spikerbox.protocol import (
    FRAMES_TO_RELOCK,
    LONGEST_MESSAGE,
    MESSAGE_BEGIN,
    MESSAGE_END,
    MessageFilter,
    SpikerBoxCodec,
    find_n_channels,
)
from tests.rigs.devices.spikerbox import SpikerBoxDevice

N_EXAMPLES = 100_000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200
NEXT = b"\x80"  # a frame is complete when the next one begins


def pair(a: int, b: int) -> bytes:
    return bytes((0x80 | a >> 7, a & 127, b >> 7, b & 127))


def numbered(n: int, first: int = 0) -> list[bytes]:
    """Two channels of 10 bits, of which the first says which frame it is."""
    return [pair(k, 512) for k in range(first, first + n)]


def message(text: str) -> bytes:
    return MESSAGE_BEGIN + text.encode() + MESSAGE_END


def rows(chunks: list[Chunk]) -> npt.NDArray[np.float32]:
    return np.concatenate([chunk.samples for chunk in chunks])


def firsts(chunks: list[Chunk]) -> list[int]:
    return (rows(chunks)[:, 0] + 512).astype(int).tolist() if chunks else []


def check_numbering(chunks: list[Chunk]) -> None:
    due = 0
    for chunk in chunks:
        assert chunk.first_index == due + chunk.n_lost
        assert chunk.n_lost >= 0
        due = chunk.first_index + len(chunk.samples)


def test_the_bytes_of_the_real_shield_decode_exactly():
    # the SpikerShield V1.1 sketch itself, run in a simulated ATmega328P
    chunks = SpikerBoxCodec(1, 10).feed(b"StartUp!\r\n" + bytes.fromhex("8411 8411 8412 8413") + NEXT, 3)
    assert (rows(chunks) + 512).tolist() == [[529], [529], [530], [531]]
    assert (chunks[0].first_index, chunks[0].n_lost, chunks[0].arrival_ns) == (0, 0, 3)


def test_fourteen_bits_use_all_seven_bits_of_the_first_byte():
    chunks = SpikerBoxCodec(2, 14).feed(bytes.fromhex("ff7f 0000 8000 7f7f") + NEXT, 0)
    assert (rows(chunks) + 8192).tolist() == [[16383, 0], [0, 16383]]


@pytest.mark.parametrize(
    ("hardware", "n_channels", "sfreq"),
    [
        ("HUMANSB", 2, 5000.0), ("HUMANSB", 4, 5000.0), ("MSBPCDC", 2, 10_000.0), ("MSBPCDC", 4, 5000.0),
        ("MUSCLESS", 1, 10_050.0), ("MUSCLESS", 2, 5025.0), ("MUSCLESS", 6, 1675.0), ("UNIBOX", 2, 42_661.5),
    ],
)  # fmt: skip
def test_the_rate_goes_with_the_box_and_its_channels(hardware: str, n_channels: int, sfreq: float):
    assert BOXES[hardware].sfreq_of(n_channels) == sfreq


@pytest.mark.parametrize("n_channels", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("bits", [10, 14])
def test_any_number_of_channels_is_found_and_decoded_to_the_truth(n_channels: int, bits: int):
    device = SpikerBoxDevice("HUMANSB", n_channels, 100.0, bits)
    stream = device.samples(500)
    assert find_n_channels(stream) == n_channels
    chunks = SpikerBoxCodec(n_channels, bits).feed(stream + NEXT, 0)
    np.testing.assert_array_equal(rows(chunks), device.truth(0, 500))


@pytest.mark.parametrize("noise", [b"", b"hello", bytes(200), b"\xff" * 200, bytes(range(256))])
def test_what_is_no_stream_has_no_channels(noise: bytes):
    assert find_n_channels(noise) is None


@pytest.mark.parametrize("place", range(5))
def test_a_message_may_split_a_frame(place: int):
    stream = b"".join(numbered(4))
    codec = SpikerBoxCodec(2, 10)
    chunks = codec.feed(stream[: 4 + place] + message("EVNT:2;") + stream[4 + place :] + NEXT, 0)
    assert firsts(chunks) == [0, 1, 2, 3]
    assert codec.n_damaged == 0


def test_messages_are_heard_wherever_they_are_cut():
    stream = numbered(1)[0] + message("HWT:HUMANSB;") + numbered(1)[0]
    for cut in range(len(stream) + 1):
        heard = MessageFilter()
        samples = heard.feed(stream[:cut]) + heard.feed(stream[cut:])
        assert (samples, heard.messages) == (numbered(1)[0] * 2, ["HWT:HUMANSB;"])


def test_a_message_without_an_end_does_not_swallow_the_stream():
    heard = MessageFilter()
    rest = b"".join(numbered(LONGEST_MESSAGE // 2))
    assert heard.feed(MESSAGE_BEGIN + rest) == rest
    assert heard.feed(message("BRD:1;")) == b""
    assert heard.messages == ["BRD:1;"]


def test_a_message_that_lost_its_end_gives_way_to_the_next():
    heard = MessageFilter()
    heard.feed(MESSAGE_BEGIN + b"EVNT:1;" + message("EVNT:2;"))
    assert heard.messages == ["EVNT:2;"]


@given(st.data())
@settings(max_examples=100)
def test_a_stream_cut_anywhere_decodes_like_a_whole_one(data: st.DataObject):
    whole = numbered(40)
    whole.insert(17, message("EVNT:3;"))
    stream = b"".join(whole)[2:] + NEXT
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    codec = SpikerBoxCodec(2, 10)
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    chunks = [chunk for piece in pieces for chunk in codec.feed(piece, 0)]
    assert firsts(chunks) == list(range(1, 40))
    assert sum(chunk.n_lost for chunk in chunks) == 0
    check_numbering(chunks)


@given(st.integers(1, 38), st.integers(0, 3))
@settings(max_examples=100)
def test_a_lost_byte_costs_two_frames_at_most_and_they_are_counted(where: int, byte: int):
    whole = numbered(40)
    whole[where] = whole[where][:byte] + whole[where][byte + 1 :]
    codec = SpikerBoxCodec(2, 10)
    chunks = codec.feed(b"".join(whole) + NEXT, 0)
    got = firsts(chunks)
    missing = set(range(40)) - set(got)
    assert len(missing) <= 2
    assert len(got) + len(missing) == 40
    assert [chunk.first_index + i for chunk in chunks for i in range(len(chunk.samples))] == got
    assert codec.n_damaged == 1


def test_a_byte_that_falsely_begins_a_frame_costs_one():
    whole = numbered(10)
    whole[4] = whole[4][:2] + bytes((whole[4][2] | 0x80,)) + whole[4][3:]
    chunks = SpikerBoxCodec(2, 10).feed(b"".join(whole) + NEXT, 0)
    assert firsts(chunks) == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert [chunk.n_lost for chunk in chunks] == [0, 1]


def test_a_code_that_ten_bits_cannot_hold_is_damage():
    codec = SpikerBoxCodec(2, 10)
    whole = numbered(5)
    whole[2] = pair(1024, 0)
    chunks = codec.feed(b"".join(whole) + NEXT, 0)
    assert firsts(chunks) == [0, 1, 3, 4]
    assert [chunk.n_lost for chunk in chunks] == [0, 1]
    assert codec.n_damaged == 1


def test_a_change_of_channels_shows_as_chunks_of_the_new_width():
    device = SpikerBoxDevice("MSBPCDC", 2, 10_000.0, 10)
    codec = SpikerBoxCodec(2, 10)
    chunks = codec.feed(device.samples(100), 0)
    device.expand(4)
    chunks += codec.feed(device.samples(FRAMES_TO_RELOCK + 100), 0)
    assert codec.n_channels == 4
    assert {chunk.samples.shape[1] for chunk in chunks} == {2, 4}
    check_numbering(chunks)


def test_a_few_frames_of_another_width_are_damage_and_no_change():
    codec = SpikerBoxCodec(2, 10)
    wide = bytes((0x84, 0, 4, 0, 4, 0))
    chunks = codec.feed(b"".join(numbered(5)) + wide * (FRAMES_TO_RELOCK - 1) + b"".join(numbered(5, 5)) + NEXT, 0)
    assert codec.n_channels == 2
    assert firsts(chunks) == list(range(10))


def test_a_restart_numbers_from_zero_again():
    codec = SpikerBoxCodec(2, 10)
    codec.feed(b"".join(numbered(5)), 0)
    codec.restart()
    chunks = codec.feed(b"\x10\x20" + b"".join(numbered(3)) + NEXT, 0)
    assert (chunks[0].first_index, chunks[0].n_lost) == (0, 0)
    assert firsts(chunks) == [0, 1, 2]


@pytest.mark.timeout(1200)
@given(
    st.lists(st.binary(max_size=60) | st.sampled_from([*numbered(3), message("BRD:1;"), MESSAGE_BEGIN]), max_size=12)
)
@settings(max_examples=N_EXAMPLES)
def test_noise_never_raises_and_never_gives_another_width(pieces: list[bytes]):
    codec = SpikerBoxCodec(2, 10)
    chunks = [chunk for piece in pieces for chunk in codec.feed(piece, 0)]
    assert all(chunk.samples.shape[1:] == (2,) and len(chunk.samples) for chunk in chunks)
    check_numbering(chunks)
    find_n_channels(b"".join(pieces))
