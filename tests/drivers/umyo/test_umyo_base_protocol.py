"""What the USB base of uMyo sends, as the maker's own parser reads it."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.umyo.base_protocol import UMyoBaseCodec, find_units
from tests.rigs.devices.umyo import BLOCK, UMyoBase

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_EXAMPLES = 100_000 if FULL else 200
pytestmark = pytest.mark.timeout(3600 if FULL else 60)

# checked with the official umyo_parser.py
VECTOR = bytes.fromhex(
    "4fd53c053eaabbccdd5800c86500070064ff9c00030004000500060007fff8"
    "000100020003000400640000000000000000000003e8000000000000000a0014001e"
)
A, B = 0x0A0B0C0D, 0xAABBCCDD
NEXT = b"\x4f\xd5"
"""The last packet of a stream waits for the header of the next."""


def by_unit(chunks, unit):
    return [chunk for chunk in chunks if chunk.unit == f"{unit:08X}"]


def test_the_frame_that_the_official_parser_reads_decodes_exactly():
    codec = UMyoBaseCodec(["AABBCCDD"])
    (chunk,) = codec.feed(VECTOR + NEXT, 9)
    assert chunk.samples[:, 0].tolist() == [100, -100, 3, 4, 5, 6, 7, -8]
    assert (chunk.unit, chunk.first_index, chunk.n_lost, chunk.arrival_ns) == ("AABBCCDD", 0, 0, 9)
    assert codec.battery_pct == {"AABBCCDD": pytest.approx(80.0)}  # 4000 mV


def test_a_packet_waits_for_the_header_of_the_next():
    codec = UMyoBaseCodec(["AABBCCDD"])
    assert codec.feed(VECTOR, 0) == []
    assert len(codec.feed(NEXT, 0)) == 1


def test_the_units_around_a_base_are_found():
    stream = UMyoBase({B: 1, A: 0}).samples(80)
    assert find_units(stream[7:]) == ("0A0B0C0D", "AABBCCDD")
    assert find_units(b"") == ()
    assert find_units(VECTOR + NEXT) == ()


def test_two_units_on_one_link_are_two_streams():
    base = UMyoBase({A: 0, B: 1})
    chunks = UMyoBaseCodec(find_units(base.samples(80))).feed(base.samples(800) + NEXT, 0)
    truth = base.truth(80, 800)
    for column, unit in enumerate((A, B)):
        own = by_unit(chunks, unit)
        np.testing.assert_array_equal(np.concatenate([c.samples for c in own])[:, 0], truth[:, column])


def test_blocks_that_the_radio_lost_are_counted_for_their_unit_alone():
    base = UMyoBase({A: 0, B: 1})
    codec = UMyoBaseCodec(find_units(base.samples(80)))
    first = codec.feed(base.samples(80), 0)
    base.lose_next = {A: 5}
    later = codec.feed(base.samples(160) + NEXT, 100_000_000)
    assert sum(chunk.n_lost for chunk in by_unit(first + later, A)) == 5 * BLOCK
    assert sum(chunk.n_lost for chunk in by_unit(first + later, B)) == 0


def test_a_unit_that_was_not_there_at_the_beginning_is_left_out():
    codec = UMyoBaseCodec(["AABBCCDD"])
    assert codec.feed(UMyoBase({A: 0}).samples(80) + NEXT, 0) == []
    assert codec.n_damaged == 0


def test_a_cut_packet_is_dropped_and_the_next_found():
    base = UMyoBase({A: 0})
    packets = [base.packet(A, k) for k in range(20)]
    codec = UMyoBaseCodec([f"{A:08X}"])
    chunks = codec.feed(b"".join([*packets[:9], packets[9][:40], *packets[10:]]) + NEXT, 0)
    assert [chunk.first_index for chunk in chunks] == [8 * k for k in range(20) if k != 9]
    assert codec.n_damaged == 1


@settings(max_examples=N_EXAMPLES)
@given(data=st.data())
def test_however_the_bytes_are_cut_the_samples_are_the_same(data):
    stream = UMyoBase({A: 0, B: 1}).samples(120) + NEXT
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    codec = UMyoBaseCodec(["0A0B0C0D", "AABBCCDD"])
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    chunks = [chunk for piece in pieces for chunk in codec.feed(piece, 0)]
    whole = UMyoBaseCodec(["0A0B0C0D", "AABBCCDD"]).feed(stream, 0)
    assert [(c.unit, c.first_index, c.samples.tolist()) for c in chunks] == [
        (c.unit, c.first_index, c.samples.tolist()) for c in whole
    ]


@settings(max_examples=N_EXAMPLES)
@given(data=st.data())
def test_lost_and_added_bytes_never_make_a_wrong_sample(data):
    base = UMyoBase({A: 0})
    stream = base.samples(160) + NEXT
    start = data.draw(st.integers(0, len(stream)))
    n_cut = data.draw(st.integers(0, 64))
    added = data.draw(st.binary(max_size=20).filter(lambda noise: b"\x4f" not in noise and len(noise) != n_cut))
    codec = UMyoBaseCodec([f"{A:08X}"])
    chunks = codec.feed(stream[:start] + added + stream[start + n_cut :] + base.samples(16), 0)
    sent = base.truth(0, 200)[:, 0].reshape(-1, BLOCK).tolist()
    assert len(chunks) >= 16
    assert all(chunk.samples[:, 0].tolist() in sent for chunk in chunks)


@settings(max_examples=N_EXAMPLES)
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_noise_is_no_sample(pieces):
    codec = UMyoBaseCodec(["AABBCCDD"])
    assert [chunk for piece in pieces for chunk in codec.feed(piece, 0)] == []
