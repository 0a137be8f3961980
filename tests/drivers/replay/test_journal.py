"""A journal opens in whatever state it was left, and says in words what is wrong with it."""

import random
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from drivers.errors import DriverError, SourceFormatError, SourceNotFoundError
from drivers.replay.formats import open_recording
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, ends_well, open_journal
from drivers.replay.formats.journal_chunks import (
    VERSION,
    ChunkKind,
    End,
    Meta,
    RecorderGap,
    encode_block,
    encode_chunk,
    encode_json,
)
from drivers.types import Float32Array, SampleBlock, StreamInfo

LSB = 1e-6
STREAM = StreamInfo("one", 1000.0, ("left", "right"), lsb=(LSB, LSB), paced=False)
SESSION = b'{"type":"session","v":1}'


def truth(first_index: int, n_samples: int) -> Float32Array:
    index = np.arange(first_index, first_index + n_samples)[:, None]
    samples: Float32Array = ((index * 7919 + np.array([1, 5003])) % 65536 * LSB).astype(np.float32)
    return samples


def block(number: int, *, epoch: int = 0, n_lost: int = 0, at_s: float = 0.0) -> SampleBlock:
    first = number * 20
    return SampleBlock("one", truth(first, 20), first, epoch, round(at_s * 1e9) or (first + 20) * 10**6, n_lost)


class Writing:
    """Builds a journal chunk by chunk."""

    def __init__(self, *, version: int = VERSION, stream: StreamInfo = STREAM) -> None:
        self.chunks: list[bytes] = []
        self._stream = stream
        self.add(ChunkKind.META, encode_json(Meta(version, (stream,), msgspec.Raw(SESSION), "2026-11-20T14:30:05Z", 0)))

    def add(self, kind: ChunkKind | int, payload: bytes, **fields: int) -> "Writing":
        seq = len(self.chunks)
        self.chunks.append(encode_chunk(kind, payload, **{"seq": seq, "t_host_ns": 0, **fields}))  # type: ignore[arg-type]
        return self

    def blocks(self, *blocks: SampleBlock) -> "Writing":
        for each in blocks:
            self.add(ChunkKind.DATA, encode_block(each, self._stream), t_host_ns=each.arrival_ns, n_rows=each.n_samples)
        return self

    def end(self) -> "Writing":
        return self.add(ChunkKind.END, encode_json(End("2026-11-20T14:40:05Z", {}, 0)))


@pytest.fixture
def opened(tmp_path: Path):
    journals: list[Journal] = []

    def open_bytes(journal: bytes | Writing) -> Journal:
        file = tmp_path / JOURNAL_NAME
        file.write_bytes(b"".join(journal.chunks) if isinstance(journal, Writing) else journal)
        journals.append(open_journal(tmp_path))
        return journals[-1]

    yield open_bytes
    for journal in journals:
        journal.close()


def check(journal: Journal) -> int:
    n_samples = 0
    for found in journal.blocks(0.01):
        np.testing.assert_array_equal(found.samples, truth(found.first_index, found.n_samples))
        n_samples += found.n_samples
    return n_samples


def test_whole_journal_has_nothing_to_say(opened):
    journal = opened(Writing().blocks(*map(block, range(10))).end())
    assert check(journal) == 200
    assert journal.duration_s == pytest.approx(0.2)
    assert journal.carried.notes == ()
    assert journal.carried.session == {"type": "session", "v": 1}


def test_streams_are_paced_whoever_recorded_them(opened):
    assert opened(Writing()).streams == (replace(STREAM, paced=True),)


def test_stamps_count_from_the_first_sample(opened):
    late_s = 1000.0
    blocks = [replace(block(i), arrival_ns=block(i).arrival_ns + round(late_s * 1e9)) for i in range(3)]
    journal = opened(Writing().blocks(*blocks).end())
    assert [found.arrival_ns for found in journal.blocks(0.01)] == [20_000_000, 40_000_000, 60_000_000]


def test_folder_and_file_open_alike(opened, tmp_path):
    opened(Writing().blocks(block(0)).end())
    for path in (tmp_path, tmp_path / JOURNAL_NAME):
        recording = open_recording(path)
        assert [found.n_samples for found in recording.blocks(0.01)] == [20]
        recording.close()
        recording.close()


def test_first_calibration_is_the_one_the_session_began_with(opened):
    journal = opened(Writing().add(ChunkKind.CAL, b'{"id":"a"}').add(ChunkKind.CAL, b'{"id":"b"}').end())
    assert journal.carried.calibration == {"id": "a"}


def test_crashed_session_says_so_and_where(opened):
    notes = opened(Writing().blocks(*map(block, range(150)))).carried.notes
    assert notes == ("The recording ended without being closed, at 00:00:03.",)


def test_damage_is_told_with_length_and_place(opened):
    writing = Writing().blocks(*map(block, range(1000))).end()
    for lost in range(500, 515):
        writing.chunks[lost + 1] = b"\xff" * len(writing.chunks[lost + 1])
    journal = opened(writing)
    assert check(journal) == 985 * 20
    assert journal.carried.notes[0] == "0.3 s at 00:00:10 are missing: the file is damaged there."


def test_what_the_device_lost_is_missing_but_no_fault_of_the_file(opened):
    journal = opened(Writing().blocks(block(0), block(5, n_lost=80)).end())
    (missing,) = journal.missing
    assert (missing.at_s, missing.duration_s, missing.cause) == (pytest.approx(0.02), pytest.approx(0.08), "lost")
    assert journal.carried.notes == ()


def test_what_the_recorder_had_no_room_for_is_told(opened):
    gap = encode_json(RecorderGap("one", 50, 1000))
    journal = opened(Writing().blocks(block(0)).add(ChunkKind.GAP, gap).blocks(block(51)).end())
    assert journal.carried.notes == ("1.0 s at 00:00:00 are missing: the disk did not take them.",)


def test_chunk_of_a_later_version_is_passed_over(opened):
    journal = opened(Writing().blocks(block(0)).add(77, b"?").blocks(block(1)).end())
    assert check(journal) == 40
    assert journal.carried.notes == ()


@pytest.mark.parametrize(
    ("kind", "payload"),
    [(ChunkKind.DATA, b""), (ChunkKind.DATA, b"x" * 40), (ChunkKind.GAP, b"{"), (ChunkKind.CAL, b"[1]")],
)
def test_nonsense_with_sound_checksums_is_left_out_and_told(opened, kind, payload):
    journal = opened(Writing().blocks(block(0)).add(kind, payload, n_rows=3).blocks(block(1)).end())
    assert check(journal) == 40
    assert journal.carried.notes == ("The file is damaged; entries of signal or events that are left out: 1.",)


def test_session_without_samples_says_so(opened):
    journal = opened(Writing().end())
    assert journal.duration_s == 0.0
    assert journal.carried.notes == ("The recording holds no samples.",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\0" * 5000, "not a recording of GluteWake"),
        (random.Random(1).randbytes(5000), "not a recording of GluteWake"),
        (Writing().chunks[0][:-1], "not a recording of GluteWake"),
        (Writing(version=VERSION + 1).chunks[0], "newer GluteWake"),
        (encode_chunk(ChunkKind.META, b"{}", seq=0, t_host_ns=0), "not a recording of GluteWake"),
    ],
)
def test_what_is_no_journal_is_refused_in_one_sentence(opened, content, words):
    with pytest.raises(SourceFormatError, match=words):
        opened(content)


def test_missing_journal_is_refused_in_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / JOURNAL_NAME):
        with pytest.raises(SourceNotFoundError, match="holds no recording"):
            open_journal(path)


@pytest.mark.parametrize("tail", [b"", b"\0" * 300])
def test_every_cut_opens_without_a_wrong_sample(opened, tail):
    writing = Writing().blocks(*map(block, range(3))).end()
    whole = b"".join(writing.chunks)
    for cut in range(len(writing.chunks[0]), len(whole)):
        assert check(opened(whole[:cut] + tail)) == 20 * sum(
            cut >= sum(map(len, writing.chunks[: i + 2])) for i in range(3)
        )


@pytest.mark.parametrize("seed", range(30))
def test_sixteen_random_bytes_never_give_a_wrong_sample(opened, seed):
    damage(opened, seed)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_sixteen_random_bytes_10_000_times(opened):
    for seed in range(10_000):
        damage(opened, seed)


def damage(opened, seed: int) -> None:
    source = random.Random(seed)
    whole = b"".join(Writing().blocks(*map(block, range(20))).end().chunks)
    at = source.randrange(len(whole) - 16)
    try:
        journal = opened(whole[:at] + source.randbytes(16) + whole[at + 16 :])
    except DriverError:  # the one head of this small journal was hit
        assert at < len(Writing().chunks[0])
    else:
        assert check(journal) >= 18 * 20
        assert journal.carried.notes


def test_last_bytes_tell_whether_a_journal_was_closed(opened, tmp_path):
    writing = Writing().blocks(*map(block, range(5))).end()
    opened(writing)
    assert ends_well(tmp_path)
    whole = b"".join(writing.chunks)
    for cut in range(len(whole)):
        (tmp_path / "cut.emj").write_bytes(whole[:cut])
        assert not ends_well(tmp_path / "cut.emj")


def test_blocks_read_together_are_the_blocks_that_were_written(opened):
    mixed = replace(block(1), samples=(block(1).samples * np.float32(1.0001)).astype(np.float32))  # no whole steps
    journal = opened(Writing().blocks(block(0), mixed, block(2)).end())
    one_by_one = np.concatenate([found.samples for found in (block(0), mixed, block(2))])
    np.testing.assert_array_equal(journal.rows("one", 0, 3), one_by_one)
    np.testing.assert_array_equal(journal.rows("one", 1, 2), mixed.samples)
