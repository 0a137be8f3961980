"""What counts as a reading of a MyoWare sensor."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.myoware.protocol import LARGEST_CODE, ReadingCodec

N_EXAMPLES = 100_000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 200

pytestmark = pytest.mark.timeout(1800 if N_EXAMPLES > 1000 else 60)


@pytest.mark.parametrize("text", [b"512.00", b"512", b"512.00\r\n", b"512.00\0", b" 512.00 "])
def test_a_reading_is_the_number_in_the_text(text: bytes):
    (chunk,) = ReadingCodec(is_raw=False).feed(text, 7)
    assert (chunk.samples.tolist(), chunk.first_index, chunk.arrival_ns) == ([[512.0]], 0, 7)


def test_raw_readings_are_volts_at_the_skin():
    codec = ReadingCodec(is_raw=True)
    low, high = codec.feed(b"2047.00", 0) + codec.feed(b"2048.00", 0)
    assert (high.samples - low.samples)[0, 0] == pytest.approx(4.0293e-6, rel=1e-4)  # devices: 4.0293 µV a step
    assert low.samples[0, 0] == pytest.approx(-high.samples[0, 0])


@pytest.mark.parametrize(
    "text", [b"", b"nan", b"512,513", b"-1", b"4096", b"hello", b"5 12", b"512.00513.00", b"1" * 200, b"\xff\xfe"]
)
def test_anything_else_is_dropped_and_counted(text: bytes):
    codec = ReadingCodec(is_raw=False)
    assert codec.feed(text, 0) == []
    assert codec.n_damaged == 1
    assert codec.feed(b"1", 0)[0].first_index == 0


def test_a_restart_counts_anew():
    codec = ReadingCodec(is_raw=False)
    codec.feed(b"1", 0)
    codec.restart()
    assert codec.feed(b"2", 0)[0].first_index == 0


@settings(max_examples=N_EXAMPLES)
@given(st.lists(st.one_of(st.binary(max_size=140), st.text(alphabet="0123456789.+-e \r\n\0%Vm").map(str.encode))))
def test_whatever_comes_only_readings_come_out(packets: list[bytes]):
    codec = ReadingCodec(is_raw=False)
    found = [chunk for packet in packets for chunk in codec.feed(packet, 0)]
    assert [chunk.first_index for chunk in found] == list(range(len(found)))
    assert len(found) + codec.n_damaged == len(packets)
    for chunk in found:
        assert chunk.samples.shape == (1, 1)
        assert np.isfinite(chunk.samples).all()
        assert 0 <= chunk.samples[0, 0] <= LARGEST_CODE
