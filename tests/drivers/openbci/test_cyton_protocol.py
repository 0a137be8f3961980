"""Frames of a Cyton: what becomes a sample, what is lost, and what never passes."""

import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.codec import Chunk
from drivers.openbci import cyton_protocol as protocol
from drivers.openbci.cyton_protocol import CytonCodec, lsb_v
from drivers.replay.formats.journal_chunks import encode_block
from drivers.types import SampleBlock, StreamInfo
from tests.rigs.devices.cyton import CytonDevice

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_EXAMPLES = 100_000 if FULL else 200
pytestmark = pytest.mark.timeout(3600 if FULL else 60)
N_FRAMES = 40

# All corners of a 24-bit number, at the gain of 24 that the board has after a reset.
CORNERS = bytes.fromhex("a02a000000000001ffffff7fffff80000001e240fe1dc00003e8000000002000c0")
CORNERS_UV = [0.0, 0.0224, -0.0224, 187500.0, -187500.0224, 2759.457, -2759.457, 22.3517]


def frame(counter: int, footer: int = 0xC0, mark: int | None = None) -> bytes:
    """A frame that says in every channel which it is, and holds no byte that looks like a header or footer."""
    value = bytes((0, counter // 16 % 16 if mark is None else mark // 16, counter % 16 if mark is None else mark % 16))
    return bytes((0xA0, counter % 256)) + 8 * value + bytes(6) + bytes((footer,))


def frames(counters: list[int]) -> list[bytes]:
    return [frame(counter, mark=k) for k, counter in enumerate(counters)]


def marks(chunks: list[Chunk]) -> list[int]:
    """Which frames the samples came from; -1 for a sample that is of no frame."""
    rows = [row for chunk in chunks for row in np.rint(chunk.samples.astype(np.float64) / lsb_v(24)).tolist()]
    return [int(row[0] // 256 * 16 + row[0] % 256) if len(set(row)) == 1 else -1 for row in rows]


def indices(chunks: list[Chunk]) -> list[int]:
    return [chunk.first_index + i for chunk in chunks for i in range(len(chunk.samples))]


def feed_all(pieces: list[bytes], *, codec: CytonCodec | None = None, step_ns: int = 4_000_000) -> list[Chunk]:
    codec = codec or CytonCodec()
    return [chunk for k, piece in enumerate(pieces) for chunk in codec.feed(piece, k * step_ns)]


def check_numbering(chunks: list[Chunk], n_channels: int = 8) -> None:
    due = 0
    for chunk in chunks:
        assert chunk.n_lost >= 0
        assert chunk.first_index == due + chunk.n_lost
        assert chunk.samples.dtype == np.float32
        assert chunk.samples.shape[1:] == (n_channels,)
        assert len(chunk.samples) > 0
        due = chunk.first_index + len(chunk.samples)


def uv_of(chunks: list[Chunk]) -> npt.NDArray[np.float64]:
    return np.concatenate([chunk.samples.astype(np.float64) for chunk in chunks]) * 1e6


def test_every_corner_of_a_24_bit_number_decodes_exactly():
    chunks = CytonCodec().feed(CORNERS + b"\xa0\x2b", 7)
    np.testing.assert_allclose(uv_of(chunks)[0], CORNERS_UV, rtol=1e-6, atol=5e-5)
    assert (chunks[0].first_index, chunks[0].arrival_ns, chunks[0].n_lost) == (0, 7, 0)


@pytest.mark.parametrize("gain", protocol.GAINS)
def test_every_gain_scales_and_the_journal_keeps_every_count_in_three_bytes(gain: int):
    counts = [0, 1, -1, 8_388_607, -8_388_607, 123_456, -123_456, 5_592_405]
    sent = b"\xa0\x07" + b"".join(count.to_bytes(3, "big", signed=True) for count in counts) + bytes(6) + b"\xc0"
    samples = CytonCodec(gain=gain).feed(sent + b"\xa0\x08", 0)[0].samples
    np.testing.assert_allclose(samples[0], np.array(counts) * 4.5 / gain / 8_388_607, rtol=1e-7)
    info = StreamInfo("cyton:x", 250.0, tuple("abcdefgh"), lsb=(lsb_v(gain),) * 8)
    in_floats = StreamInfo("cyton:x", 250.0, tuple("abcdefgh"))
    block = SampleBlock("cyton:x", samples, 0, 0, 0)
    assert len(encode_block(block, in_floats)) - len(encode_block(block, info)) == 8


@pytest.mark.parametrize(
    ("channel", "gain", "command"),
    [(1, 24, b"x1060100X"), (2, 24, b"x2060100X"), (8, 1, b"x8000100X"), (9, 8, b"xQ040100X"), (16, 12, b"xI050100X")],
)
def test_a_channel_for_emg_is_bipolar_and_drives_the_bias(channel: int, gain: int, command: bytes):
    assert protocol.channel_on(channel, gain) == command


def test_a_channel_that_is_off_has_no_part_in_the_bias():
    assert protocol.channel_off(3) == b"x3161000X"


@pytest.mark.parametrize("footer", range(0xC0, 0xC7))
def test_whatever_the_auxiliary_bytes_are_the_channels_are_read(footer: int):
    assert marks(feed_all([frame(0, footer), frame(1, footer), frame(2, footer)])) == [0, 1]


@pytest.mark.parametrize("daisy", [False, True])
def test_the_virtual_device_is_decoded_to_its_truth(daisy: bool):
    device = CytonDevice(daisy=daisy)
    device.receive(b"b")
    chunks = CytonCodec(daisy=daisy).feed(device.samples(60), 0)
    samples = np.concatenate([chunk.samples for chunk in chunks])
    assert len(samples) >= 57
    np.testing.assert_array_equal(samples, device.truth(0, len(samples)))
    check_numbering(chunks, 16 if daisy else 8)


def test_with_a_daisy_odd_frames_are_the_board_and_even_ones_before_them_the_daisy():
    chunks = CytonCodec(daisy=True).feed(b"".join(frames(list(range(7)))), 0)
    first, second = np.rint(uv_of(chunks) / lsb_v(24) * 1e-6)
    assert set(first[:8]) == {3}
    assert set(first[8:]) == {2}
    assert set(second[:8]) == {5}
    assert set(second[8:]) == {4}


def test_the_first_frame_of_a_daisy_which_is_no_mean_yet_never_passes():
    device = CytonDevice(daisy=True)
    device.receive(b"b")
    chunks = CytonCodec(daisy=True).feed(device.samples(10), 0)
    assert abs(uv_of(chunks)).max() < 20_000


def test_a_sample_that_lost_its_board_or_its_daisy_is_lost_as_a_whole():
    codec = CytonCodec(daisy=True)
    whole = frames(list(range(20)))
    chunks = feed_all([whole[k] for k in range(20) if k not in (6, 11)], codec=codec)
    assert [chunk.n_lost for chunk in chunks if chunk.n_lost] == [1, 1]
    assert indices(chunks) == [0, 1, 3, 5, 6, 7]
    check_numbering(chunks, 16)


def test_half_a_frame_before_the_first_is_no_damage():
    codec = CytonCodec()
    assert marks(codec.feed(frame(9)[5:] + b"".join(frames([10, 11, 12, 13])), 0)) == [0, 1, 2]
    assert codec.n_damaged == 0


def test_the_counter_wraps_without_loss():
    chunks = feed_all(frames([(250 + k) % 256 for k in range(20)]))
    assert indices(chunks) == list(range(19))
    assert not any(chunk.n_lost for chunk in chunks)


def test_a_pause_longer_than_the_counter_is_counted_by_the_clock():
    sent = [(k * 4_000_000, frame(k % 256)) for k in range(1200) if not 500 <= k < 1000]
    codec = CytonCodec()
    chunks = [chunk for arrival_ns, piece in sent for chunk in codec.feed(piece, arrival_ns)]
    assert sum(chunk.n_lost for chunk in chunks) == 500
    assert indices(chunks)[-1] == 1198


def test_a_backlog_that_comes_at_once_is_no_loss():
    pieces = frames([k % 256 for k in range(256)])
    codec = CytonCodec()
    chunks = [chunk for k in range(20) for chunk in codec.feed(pieces[k], k * 4_000_000)]
    chunks += codec.feed(b"".join(pieces[20:200]), 200 * 4_000_000)
    assert not any(chunk.n_lost for chunk in chunks)
    assert indices(chunks) == list(range(199))


def test_after_a_restart_the_next_sample_is_the_first():
    codec = CytonCodec()
    feed_all(frames(list(range(10))), codec=codec)
    codec.restart()
    chunks = codec.feed(b"".join(frames([200, 201, 202])), 10**12)
    assert indices(chunks) == [0, 1]
    assert chunks[0].n_lost == 0


def test_a_changed_counter_costs_its_frame_and_no_turn():
    whole = frames(list(range(20)))
    for wrong in range(256):
        if wrong == 10:
            continue
        broken = [*whole[:10], b"\xa0" + bytes((wrong,)) + whole[10][2:], *whole[11:]]
        chunks = feed_all(broken)
        got = marks(chunks)
        assert indices(chunks) == got
        assert set(range(19)) - set(got) == {10}


@given(st.data())
@settings(max_examples=N_EXAMPLES)
def test_a_stream_cut_anywhere_decodes_like_a_whole_one(data: st.DataObject):
    stream = b"".join(frames([(240 + k) % 256 for k in range(N_FRAMES)]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    chunks = feed_all(pieces, step_ns=0)
    assert marks(chunks) == list(range(N_FRAMES - 1))
    check_numbering(chunks)


@given(st.integers(0, 255), st.sets(st.integers(2, N_FRAMES - 3), max_size=12))
@settings(max_examples=N_EXAMPLES)
def test_gaps_of_the_counter_equal_the_frames_that_were_lost(first: int, lost: set[int]):
    whole = frames([(first + k) % 256 for k in range(N_FRAMES)])
    chunks = feed_all([piece for k, piece in enumerate(whole) if k not in lost])
    assert marks(chunks) == indices(chunks) == [k for k in range(N_FRAMES - 1) if k not in lost]
    assert sum(chunk.n_lost for chunk in chunks) == len(lost)
    check_numbering(chunks)


@given(st.integers(2, N_FRAMES - 4), st.integers(0, 32), st.integers(0, 32), st.binary(max_size=40))
@settings(max_examples=N_EXAMPLES)
def test_lost_and_inserted_bytes_cost_two_frames_at_most_and_never_give_a_wrong_sample(
    where: int, at: int, n_lost: int, inserted: bytes
):
    inserted = bytes(byte & 0x1F for byte in inserted)  # without a checksum, what looks like a frame is one
    if len(inserted) == n_lost:
        inserted += b"\0"
    stream = bytearray().join(frames(list(range(N_FRAMES))))
    begin = 33 * where + at
    stream[begin : begin + n_lost] = inserted
    chunks = CytonCodec().feed(bytes(stream), 0)
    got = marks(chunks)
    assert got == indices(chunks)
    assert len(set(range(N_FRAMES - 1)) - set(got)) <= 2 + (at + n_lost > 33)
    check_numbering(chunks)


@given(st.lists(st.one_of(st.binary(max_size=80), st.integers(0, 255).map(frame)), max_size=30), st.booleans())
@settings(max_examples=N_EXAMPLES)
def test_no_bytes_whatsoever_break_it(pieces: list[bytes], daisy: bool):
    chunks = feed_all(pieces, codec=CytonCodec(daisy=daisy))
    check_numbering(chunks, 16 if daisy else 8)
    assert all(np.isfinite(chunk.samples).all() for chunk in chunks)
