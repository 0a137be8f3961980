"""Frames of Chords firmware: what becomes a sample, what is lost, and what never passes."""

import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.chords.boards import BOARDS
from drivers.chords.protocol import ChordsCodec, find_n_channels
from drivers.codec import Chunk
from tests.rigs.devices.chords import ChordsDevice

N_EXAMPLES = 100_000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200

# The UNO-R3 sketch itself, run on a simulated ATmega328P with A1 at 25 % and A2 at 75 % of Vref.
FIRST_FRAME = bytes.fromhex("c77c0002b000ff02ff039801ff01ff01")
FIRST_CODES = [688, 255, 767, 920, 511, 511]
UNO = BOARDS["UNO-R3"]


def frame(counter: int, codes: list[int]) -> bytes:
    return bytes((0xC7, 0x7C, counter % 256)) + b"".join(bytes(divmod(code, 256)) for code in codes) + b"\x01"


def frames(counters: list[int]) -> list[bytes]:
    """Frames that say in the first channel which of the counters they are."""
    return [frame(counter, [k, 1, 2, 3, 4, 5]) for k, counter in enumerate(counters)]


def uno_codec() -> ChordsCodec:
    return ChordsCodec(UNO, 6, 250.0)


def feed_all(codec: ChordsCodec, pieces: list[bytes], step_ns: int = 4_000_000) -> list[Chunk]:
    return [chunk for k, piece in enumerate(pieces) for chunk in codec.feed(piece, k * step_ns)]


def codes_of(chunks: list[Chunk]) -> npt.NDArray[np.float32]:
    return np.concatenate([chunk.samples for chunk in chunks]) + 512


def firsts(chunks: list[Chunk]) -> list[int]:
    return codes_of(chunks)[:, 0].astype(int).tolist() if chunks else []


def check_numbering(chunks: list[Chunk]) -> None:
    due = 0
    for chunk in chunks:
        assert chunk.first_index == due + chunk.n_lost
        assert chunk.n_lost >= 0
        due = chunk.first_index + len(chunk.samples)


def test_the_frame_of_the_real_uno_decodes_exactly():
    chunks = uno_codec().feed(FIRST_FRAME + frame(1, [0, 1023, 1, 2, 3, 4]), 7)
    assert codes_of(chunks).tolist() == [FIRST_CODES, [0, 1023, 1, 2, 3, 4]]
    assert (chunks[0].first_index, chunks[0].arrival_ns, chunks[0].n_lost) == (0, 7, 0)


@pytest.mark.parametrize(("name", "lsb_uv"), [("UNO-R3", 2.0197), ("UNO-R4", 0.1261)])
def test_a_known_gain_gives_volts_at_the_electrodes(name: str, lsb_uv: float):
    lsb = BOARDS[name].lsb(2420.0)
    assert lsb * 1e6 == pytest.approx(lsb_uv, abs=5e-5)
    codec = ChordsCodec(BOARDS[name], 6, BOARDS[name].sfreq, lsb)
    middle = 2 ** (BOARDS[name].bits - 1)
    chunks = codec.feed(frame(0, [middle + 1, middle, middle - 1, 0, 0, 0]) + frame(1, [0] * 6), 0)
    np.testing.assert_allclose(chunks[0].samples[0, :3], [lsb, 0.0, -lsb], rtol=1e-6)


def test_without_a_gain_samples_are_counts_from_half_scale():
    chunks = uno_codec().feed(FIRST_FRAME + FIRST_FRAME[:2] + b"\x01", 0)
    assert chunks[0].samples.tolist() == [[code - 512 for code in FIRST_CODES]]


@pytest.mark.parametrize(
    ("name", "n_channels"),
    [
        ("UNO-R3", 6), ("UNO-CLONE", 6), ("GENUINO-UNO", 6), ("NANO-CLASSIC", 8), ("NANO-CLONE", 8),
        ("MEGA-2560-R3", 16), ("MEGA-2560-CLONE", 16), ("UNO-R4", 6), ("RPI-PICO-RP2040", 3), ("GIGA-R1", 6),
        ("STM32F4-BLACK-PILL", 8), ("STM32G4-CORE-BOARD", 16), ("ESP32-S3", 16), ("NPG-LITE", 3), ("NPG-LITE", 6),
    ],
)  # fmt: skip
def test_every_board_of_the_makers_table_is_decoded_to_the_truth(name: str, n_channels: int):
    board = BOARDS[name]
    device = ChordsDevice(name, n_channels, board.sfreq, board.bits, listens_s=0.0, first_counter=1)
    device.receive(b"START\n")
    stream = device.samples(40)
    assert find_n_channels(stream) == n_channels
    chunks = ChordsCodec(board, n_channels, board.sfreq).feed(stream, 0)
    np.testing.assert_array_equal(np.concatenate([c.samples for c in chunks]), device.truth(0, 40))


@pytest.mark.parametrize("n_channels", [3, 6])
def test_npg_lite_on_a_wire_shows_its_channels_by_its_frames_alone(n_channels: int):
    device = ChordsDevice("NPG-LITE", n_channels, 500.0, 12, listens_s=0.0)
    device.receive(b"START\n")
    assert find_n_channels(b"NPG-LITE\r\n" + device.samples(10)[5:]) == n_channels


def test_too_little_says_nothing_of_the_number_of_channels():
    assert find_n_channels(b"") is None
    assert find_n_channels(b"".join(frames([1, 2, 3, 4]))) is None


def test_text_and_half_frames_before_the_first_are_no_damage():
    codec = uno_codec()
    chunks = codec.feed(b"UNO-R3\r\n" + frames([9])[0][5:] + b"".join(frames([10, 11, 12])), 0)
    assert firsts(chunks) == [0, 1, 2]
    assert codec.n_damaged == 0


def test_a_stale_frame_of_the_stream_before_is_no_sample_and_no_loss():
    codec = uno_codec()
    chunks = codec.feed(frame(200, [9] * 6) + b"".join(frames([0, 1, 2, 3])), 0)
    assert firsts(chunks) == [0, 1, 2, 3]
    assert sum(chunk.n_lost for chunk in chunks) == 0


@given(st.data())
@settings(max_examples=100)
def test_a_stream_cut_anywhere_decodes_like_a_whole_one(data: st.DataObject):
    stream = b"".join(frames(list(range(250, 290))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=30)))
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    chunks = feed_all(uno_codec(), pieces, step_ns=0)
    assert firsts(chunks) == list(range(40))
    check_numbering(chunks)


@given(st.integers(0, 255), st.lists(st.integers(3, 60), min_size=1, max_size=8, unique=True))
@settings(max_examples=100)
def test_gaps_of_the_counter_equal_the_frames_that_were_lost(first_counter: int, lost: list[int]):
    whole = frames([(first_counter + k) % 256 for k in range(64)])
    kept = [piece for k, piece in enumerate(whole) if k not in lost]
    chunks = feed_all(uno_codec(), kept)
    got = firsts(chunks)
    assert got == [k for k in range(64) if k not in lost][: len(got)]
    assert len(got) >= len(kept) - 1  # the last may still wait for its successor
    indices = [chunk.first_index + i for chunk in chunks for i in range(len(chunk.samples))]
    assert indices == got
    check_numbering(chunks)


@given(st.integers(0, 39), st.integers(0, 15), st.binary(max_size=3))
@settings(max_examples=100)
def test_lost_or_inserted_bytes_cost_two_frames_at_most(where: int, byte: int, inserted: bytes):
    whole = frames(list(range(40)))
    whole[where] = whole[where][:byte] + inserted + whole[where][byte + 1 :]
    codec = uno_codec()
    chunks = codec.feed(b"".join(whole) + FIRST_FRAME[:2] + b"\x28", 0)
    got = firsts(chunks)
    if len(inserted) == 1:  # a changed byte: the frame may pass with another code, as there is no checksum
        got = [k for k in got if k in range(40)]
    assert len(set(range(40)) - set(got)) <= 2
    check_numbering(chunks)


def test_a_damaged_counter_costs_its_own_frame_and_no_more():
    whole = frames(list(range(10)))
    whole[5] = whole[5][:2] + b"\x99" + whole[5][3:]
    codec = uno_codec()
    chunks = codec.feed(b"".join(whole), 0)
    assert firsts(chunks) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert [chunk.n_lost for chunk in chunks] == [0, 1]
    assert codec.n_damaged == 1


def test_a_frame_that_comes_twice_counts_once():
    whole = frames(list(range(6)))
    chunks = feed_all(uno_codec(), [piece for one in whole for piece in (one, one)], step_ns=2_000_000)
    assert firsts(chunks) == list(range(6))
    assert sum(chunk.n_lost for chunk in chunks) == 0


def test_a_header_inside_the_codes_of_a_16_bit_board_is_no_frame():
    giga = BOARDS["GIGA-R1"]
    codes = [0xC77C, 0x017C, 0xC77C, 0x0101, 0xC77C, 0x1101]
    stream = b"".join(frame(k, codes) for k in range(20))
    assert find_n_channels(stream) == 6
    chunks = ChordsCodec(giga, 6, 500.0).feed(stream[5:], 0)
    samples = np.concatenate([chunk.samples for chunk in chunks]) + 2**15
    assert samples.shape == (19, 6) or samples.shape == (18, 6)
    assert (samples == codes).all()


def test_codes_that_the_converter_cannot_give_are_damage():
    codec = uno_codec()
    whole = frames(list(range(6)))
    whole[3] = frame(3, [0x4000, 1, 2, 3, 4, 5])
    assert firsts(codec.feed(b"".join(whole), 0)) == [0, 1, 2, 4, 5]
    assert codec.n_damaged == 1


def test_a_restart_numbers_from_zero_again():
    codec = uno_codec()
    codec.feed(b"".join(frames(list(range(10)))), 0)
    codec.restart()
    chunks = codec.feed(b"".join(frames([77, 78, 79])), 10**10)
    assert (chunks[0].first_index, chunks[0].n_lost) == (0, 0)
    assert firsts(chunks) == [0, 1, 2]


@pytest.mark.timeout(1200)
@given(st.lists(st.binary(max_size=60) | st.sampled_from(frames([0, 1, 2, 7])), max_size=12))
@settings(max_examples=N_EXAMPLES)
def test_noise_never_raises_and_never_gives_another_width(pieces: list[bytes]):
    chunks = feed_all(uno_codec(), pieces)
    assert all(chunk.samples.shape[1:] == (6,) and len(chunk.samples) for chunk in chunks)
    assert all(np.isfinite(chunk.samples).all() for chunk in chunks)
    check_numbering(chunks)
    find_n_channels(b"".join(pieces))
