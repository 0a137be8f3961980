"""The codec of the journal: everything comes back bit for bit, or is reported missing."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from drivers.replay.formats.journal_chunks import (
    MAGIC,
    Chunk,
    ChunkKind,
    Damage,
    chunk_at,
    decode_head,
    decode_rows,
    encode_block,
    encode_chunk,
    read_chunks,
)
from drivers.types import Float32Array, SampleBlock, StreamInfo

LSB = 0.0223517418e-6  # of a 24 bit converter, volts
STREAM = StreamInfo("s", 1000.0, ("left", "right"), lsb=(LSB, 3 * LSB))
PLAIN = replace(STREAM, lsb=None)


def block_of(samples: Float32Array) -> SampleBlock:
    return SampleBlock("s", samples, first_index=0, epoch=0, arrival_ns=0)


def to_chunk(block: SampleBlock, info: StreamInfo, seq: int = 0) -> bytes:
    payload = encode_block(block, info)
    return encode_chunk(ChunkKind.DATA, payload, seq=seq, t_host_ns=block.arrival_ns, n_rows=block.n_samples)


def there_and_back(block: SampleBlock, info: StreamInfo) -> SampleBlock:
    data = to_chunk(block, info)
    chunk = chunk_at(data, 0)
    assert chunk is not None
    head = decode_head(chunk, [info])
    samples = decode_rows(data, [(0, chunk.n_rows)], info)
    return SampleBlock(info.stream_id, samples, head.first_index, head.epoch, chunk.t_host_ns, head.n_lost)


def bits(samples: Float32Array) -> list[int]:
    return np.ascontiguousarray(samples).view(np.uint32).ravel().tolist()


def two_columns(elements: st.SearchStrategy[float]) -> st.SearchStrategy[Float32Array]:
    return hnp.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(2)), elements=elements)


@given(samples=two_columns(st.floats(width=32)), lsb=st.sampled_from([None, (LSB, LSB), (1.0, 2.0), (1e-45, 1e38)]))
def test_any_float32_comes_back_bit_for_bit(samples, lsb):
    info = replace(STREAM, lsb=lsb)
    assert bits(there_and_back(block_of(samples), info).samples) == bits(samples)


@given(
    steps=hnp.arrays(np.int32, (7, 2), elements=st.integers(-(2**23) + 1, 2**23 - 1)), gaps=st.sets(st.integers(0, 6))
)
def test_whole_steps_come_back_bit_for_bit_from_three_bytes(steps, gaps):
    samples = (steps * np.asarray(STREAM.lsb)).astype(np.float32)
    samples[sorted(gaps)] = np.nan
    block = block_of(samples)
    assert len(encode_block(block, PLAIN)) - len(encode_block(block, STREAM)) == steps.size
    assert bits(there_and_back(block, STREAM).samples) == bits(samples)


@given(
    first_index=st.integers(0, 2**64 - 1),
    epoch=st.integers(0, 2**32 - 1),
    n_lost=st.integers(0, 2**32 - 1),
    arrival_ns=st.integers(-(2**63), 2**63 - 1),
)
def test_place_in_time_comes_back(first_index, epoch, n_lost, arrival_ns):
    samples = np.zeros((3, 2), np.float32)
    block = SampleBlock("s", samples, first_index, epoch, arrival_ns, n_lost)
    assert replace(there_and_back(block, STREAM), samples=block.samples) == block


@given(payloads=st.lists(st.binary(max_size=40), max_size=8))
def test_chunks_come_back_in_order(payloads):
    journal = b"".join(
        encode_chunk(ChunkKind.EVENT, payload, seq=i, t_host_ns=-i) for i, payload in enumerate(payloads)
    )
    chunks = [item for item in read_chunks(journal) if isinstance(item, Chunk)]
    assert [(chunk.seq, chunk.payload, chunk.t_host_ns) for chunk in chunks] == [
        (i, payload, -i) for i, payload in enumerate(payloads)
    ]


@given(noise=st.binary(max_size=300), magic_at=st.integers(0, 300))
def test_random_bytes_give_damage_and_nothing_else(noise, magic_at):
    data = noise[:magic_at] + MAGIC + noise[magic_at:]
    assert list(read_chunks(data)) == [Damage(0, len(data), None)]


def test_magic_inside_a_payload_is_no_chunk():
    data = encode_chunk(ChunkKind.EVENT, MAGIC * 3, seq=0, t_host_ns=0)
    assert [item.payload for item in read_chunks(data) if isinstance(item, Chunk)] == [MAGIC * 3]


def test_missing_chunks_are_counted_even_where_no_bytes_are():
    first, _, _, last = (encode_chunk(ChunkKind.EVENT, b"{}", seq=i, t_host_ns=0) for i in range(4))
    items = list(read_chunks(first + last))
    assert items[1] == Damage(len(first), len(first), 2)


def test_chunk_that_was_there_before_is_left_out():
    first, second = (encode_chunk(ChunkKind.EVENT, b"{}", seq=i, t_host_ns=0) for i in range(2))
    items = list(read_chunks(first + second + first))
    assert [item.seq for item in items if isinstance(item, Chunk)] == [0, 1]
    assert isinstance(items[-1], Damage)


def numbered_journal() -> tuple[bytes, list[bytes]]:
    """Twelve blocks whose samples all differ."""
    count = np.arange(12 * 5 * 2, dtype=np.float64).reshape(12, 5, 2) - 50
    blocks = [block_of((rows * np.asarray(STREAM.lsb)).astype(np.float32)) for rows in count]
    chunks = [to_chunk(block, STREAM, seq=i) for i, block in enumerate(blocks)]
    return b"".join(chunks), chunks


@pytest.mark.parametrize("tail", [b"", b"\0" * 300])
def test_every_cut_gives_exactly_the_whole_chunks_before_it(tail):
    journal, chunks = numbered_journal()
    ends = np.cumsum([len(chunk) for chunk in chunks])
    for cut in range(len(journal) + 1):
        found = [item for item in read_chunks(journal[:cut] + tail) if isinstance(item, Chunk)]
        assert [journal[chunk.offset : chunk.offset + chunk.size] for chunk in found] == chunks[
            : int((ends <= cut).sum())
        ]


@pytest.mark.parametrize("seed", range(100))
def test_sixteen_random_bytes_are_reported_and_cost_two_chunks_at_most(seed):
    journal, chunks = numbered_journal()
    source = random.Random(seed)
    at = source.randrange(len(journal) - 16)
    hurt = journal[:at] + source.randbytes(16) + journal[at + 16 :]
    items = list(read_chunks(hurt))
    found = [hurt[item.offset : item.offset + item.size] for item in items if isinstance(item, Chunk)]
    assert set(found) <= set(chunks)
    assert len(found) >= len(chunks) - 2
    assert any(isinstance(item, Damage) for item in items)


@pytest.mark.parametrize(
    "change",
    [
        {"samples": np.zeros((2, 3), np.float32)},
        {"samples": np.zeros(4, np.float32)},
        {"epoch": -1},
        {"first_index": 2**64},
        {"n_lost": 2**32},
    ],
)
def test_block_that_does_not_fit_is_refused(change):
    with pytest.raises(ValueError, match=r"block"):
        encode_block(replace(block_of(np.zeros((2, 2), np.float32)), **change), STREAM)


@pytest.mark.parametrize("streams", [[], [replace(STREAM, ch_names=("only",))], [PLAIN]])
def test_chunk_that_contradicts_its_stream_is_refused(streams):
    chunk = chunk_at(to_chunk(block_of(np.zeros((2, 2), np.float32)), STREAM), 0)
    assert chunk is not None
    with pytest.raises(ValueError, match=r"block|rows|step"):
        decode_head(chunk, streams)
