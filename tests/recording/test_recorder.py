"""The recorder keeps everything that was handed to it, whatever the disk does, and never makes a driver wait."""

import errno
import os
import stat
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from app.recording.disk import Disk, lay_reserve, open_locked, sync_file, write_at
from app.recording.errors import RecordingError
from app.recording.recorder import QUEUE_S, Recorder
from app.recording.writer import RESERVE_NAME
from app.session.events import Note, from_json, to_json
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, ends_well, open_journal
from drivers.replay.formats.journal_chunks import Chunk, ChunkKind, End, read_chunks
from drivers.types import StreamInfo
from tests.recording.known_signal import (
    BLOCK,
    CALIBRATION,
    SESSION,
    SFREQ,
    STREAM,
    assert_all_true,
    block,
    count_true_samples,
    known_samples,
    note,
)

ROOM = int(QUEUE_S * SFREQ) // BLOCK
PATIENCE_S = 20.0


@dataclass
class FakeDisk:
    """A disk that fails or stalls when it is told to; ``tried`` is released at every failure, ``synced`` at
    every sync that went well."""

    refuse_writes: int | None = None
    """The errno of every write, or None."""
    refuse_syncs: int | None = None
    most_bytes: int = 1 << 30
    fits_reserve: bool = True
    tried: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    synced: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    wrote_note: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    stall: bool = False
    n_syncs: int = 0

    def write_at(self, fd: int, data: bytes, offset: int) -> int:
        refusal = self.refuse_writes  # read once: the test may take it back at any moment
        if refusal is not None:
            write_at(fd, data[: len(data) // 2], offset)
            self.tried.release()
            raise OSError(refusal, os.strerror(refusal))
        if b"note" in data:
            self.wrote_note.set()
        return write_at(fd, data[: self.most_bytes], offset)

    def sync(self, fd: int) -> None:
        self.n_syncs += 1
        if self.stall:
            self.stalled.set()
            assert self.go.wait(PATIENCE_S)
        refusal = self.refuse_syncs
        if refusal is not None:
            self.tried.release()
            raise OSError(refusal, os.strerror(refusal))
        sync_file(fd)
        self.synced.release()

    def lay_reserve(self, path: Path, size: int) -> None:
        if not self.fits_reserve:
            self.tried.release()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        lay_reserve(path, size)

    def calls(self) -> Disk:
        return Disk(write_at=self.write_at, sync=self.sync, lay_reserve=self.lay_reserve)


class FakeClock:
    def __init__(self) -> None:
        self.now_ns = 0

    def __call__(self) -> int:
        return self.now_ns

    def advance(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)


@pytest.fixture
def disk() -> FakeDisk:
    return FakeDisk()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def record(tmp_path: Path, disk: FakeDisk, clock: FakeClock):
    started: list[Recorder] = []

    def start(*streams: StreamInfo) -> Recorder:
        recorder = Recorder(
            tmp_path,
            streams or [STREAM],
            SESSION,
            CALIBRATION,
            disk=disk.calls(),
            clock=clock,
            utc_now=lambda: datetime(2026, 11, 20, tzinfo=UTC),
        )
        started.append(recorder)
        return recorder

    yield start
    disk.go.set()
    for recorder in started:
        recorder.stop()


def reopened(folder: Path) -> Journal:
    return open_journal(folder)


def chunks_in(folder: Path) -> list[Chunk]:
    return [item for item in read_chunks((folder / JOURNAL_NAME).read_bytes()) if isinstance(item, Chunk)]


def wait_for(semaphore: threading.Semaphore, n_times: int = 1) -> None:
    for _ in range(n_times):
        assert semaphore.acquire(timeout=PATIENCE_S)


def test_everything_handed_over_is_in_the_closed_journal(tmp_path, record):
    recorder = record()
    for number in range(100):
        recorder.push_block(block(number))
        recorder.push_event(note(number))
    status = recorder.stop(note(1000))
    journal = reopened(tmp_path)
    assert assert_all_true(journal) == 100 * BLOCK
    assert [from_json(line) for line in journal.events] == [*map(note, range(100)), note(1000)]
    assert journal.is_closed_well
    assert journal.carried.notes == ()
    assert (status.state, status.recorded_s, status.at_risk_s, status.path) == ("stopped", 2.0, 0.0, tmp_path)


def test_session_and_calibration_are_carried(tmp_path, record):
    record().stop()
    carried = reopened(tmp_path).carried
    assert carried.session == msgspec.json.decode(to_json(SESSION))
    assert msgspec.convert(carried.calibration, type(CALIBRATION)) == CALIBRATION


def test_blocks_keep_their_epoch_loss_and_stamp(tmp_path, record):
    recorder = record()
    sent = [block(0), block(3, n_lost=2 * BLOCK), block(9, epoch=1)]
    for each in sent:
        recorder.push_block(each)
    recorder.stop()
    found = list(reopened(tmp_path).blocks(0.0))
    assert [(b.epoch, b.first_index, b.n_lost, b.arrival_ns) for b in found] == [
        (b.epoch, b.first_index, b.n_lost, b.arrival_ns) for b in sent
    ]


def test_block_larger_than_a_chunk_is_kept_whole(tmp_path, record):
    recorder = record(replace(STREAM, paced=False, sfreq=10_000.0))
    n_samples = 150_000
    recorder.push_block(replace(block(0), samples=known_samples(0, n_samples)))
    recorder.stop()
    assert count_true_samples(tmp_path) == n_samples


def test_end_tells_what_was_written(tmp_path, record):
    recorder = record()
    recorder.push_block(block(0))
    recorder.stop()
    last = chunks_in(tmp_path)[-1]
    assert last.kind == ChunkKind.END
    assert msgspec.json.decode(last.payload, type=End).n_samples == {"one": BLOCK}
    assert ends_well(tmp_path)


def test_stop_may_be_called_twice(record):
    recorder = record()
    assert recorder.stop() == recorder.stop()


def test_nothing_but_the_journal_is_left_behind(tmp_path, record):
    record().stop()
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL_NAME]


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_journal_is_readable_by_its_owner_alone(tmp_path, record):
    record()
    assert stat.S_IMODE((tmp_path / JOURNAL_NAME).stat().st_mode) == 0o600


def test_second_recorder_refuses_the_folder_and_touches_nothing(tmp_path, record):
    recorder = record()
    recorder.push_block(block(0))
    with pytest.raises(RecordingError, match="already holds a recording"):
        Recorder(tmp_path, [STREAM], SESSION)
    recorder.push_block(block(1))
    recorder.stop()
    assert count_true_samples(tmp_path) == 2 * BLOCK


def test_journal_is_locked_as_long_as_it_is_recorded(tmp_path, record):
    recorder = record()
    assert open_locked(tmp_path / JOURNAL_NAME) is None
    recorder.stop()
    lock = open_locked(tmp_path / JOURNAL_NAME)
    assert lock is not None
    os.close(lock)


def test_folder_that_is_missing_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="cannot be written to"):
        Recorder(tmp_path / "nowhere", [STREAM], SESSION)


def test_disk_full_at_the_very_start_leaves_no_half_journal(tmp_path, disk):
    disk.refuse_writes = errno.ENOSPC
    with pytest.raises(RecordingError, match="full"):
        Recorder(tmp_path, [STREAM], SESSION, disk=disk.calls())
    assert list(tmp_path.iterdir()) == []


def test_clock_pair_and_head_are_written_every_ten_seconds(tmp_path, record, disk, clock):
    recorder = record()
    wait_for(disk.synced)
    for number in range(3):
        clock.advance(10.1)
        recorder.push_block(block(number))
        wait_for(disk.synced)
    recorder.stop()
    kinds = [chunk.kind for chunk in chunks_in(tmp_path)]
    assert kinds.count(ChunkKind.CLOCK) == 4
    assert kinds.count(ChunkKind.META) == kinds.count(ChunkKind.CAL) == 4


def test_damaged_beginning_does_not_cost_the_session(tmp_path, record, clock):
    recorder = record()
    recorder.push_block(block(0))
    clock.advance(11)
    recorder.push_block(block(1))
    recorder.stop()
    file = tmp_path / JOURNAL_NAME
    file.write_bytes(b"\0" * 600 + file.read_bytes()[600:])
    assert count_true_samples(tmp_path) >= BLOCK


def test_push_does_not_wait_while_a_sync_stalls(tmp_path, record, disk, clock):
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    for number in range(1, 200):  # would hang here if a push waited: nobody lets the sync go on
        recorder.push_block(block(number))
        recorder.push_event(note(number))
    assert recorder.status.at_risk_s == pytest.approx(4.0)
    assert recorder.status.state == "recording"
    disk.stall = False
    disk.go.set()
    assert recorder.stop().at_risk_s == 0.0
    assert count_true_samples(tmp_path) == 200 * BLOCK


def test_full_disk_is_told_and_nothing_is_lost_once_there_is_room(tmp_path, record, disk):
    recorder = record()
    recorder.push_block(block(0))
    disk.refuse_writes = errno.ENOSPC
    for number in range(1, 500):
        recorder.push_block(block(number))
    wait_for(disk.tried, 3)
    status = recorder.status
    assert status.state == "error"
    assert "full" in status.cause
    assert status.at_risk_s > 5.0
    assert not (tmp_path / RESERVE_NAME).exists()
    disk.refuse_writes = None
    assert recorder.stop().state == "stopped"
    assert count_true_samples(tmp_path) == 500 * BLOCK
    assert reopened(tmp_path).carried.notes == ()


def test_journal_is_valid_while_the_disk_is_full(tmp_path, record, disk):
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    recorder.push_block(block(0))
    wait_for(disk.tried, 3)
    data = (tmp_path / JOURNAL_NAME).read_bytes()
    kinds = [item.kind if isinstance(item, Chunk) else item for item in read_chunks(data)]
    assert kinds[:3] == [ChunkKind.META, ChunkKind.CAL, ChunkKind.CLOCK]
    disk.refuse_writes = None


def test_reserve_lets_a_session_end_cleanly_and_says_so_meanwhile(tmp_path, record, disk, clock):
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    recorder.push_block(block(0))
    wait_for(disk.tried)
    disk.fits_reserve = False
    disk.refuse_writes = None
    clock.advance(11)
    recorder.push_block(block(1))
    wait_for(disk.tried)
    assert recorder.status.state == "error"
    assert "reserve" in recorder.status.cause
    assert recorder.stop().state == "stopped"
    assert count_true_samples(tmp_path) == 2 * BLOCK


def test_reserve_is_laid_again_when_there_is_room(tmp_path, record, disk, clock):
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    recorder.push_block(block(0))
    wait_for(disk.tried)
    disk.refuse_writes = None
    disk.stall = True
    clock.advance(11)
    recorder.push_block(block(1))
    assert disk.stalled.wait(PATIENCE_S)  # the sync comes after the reserve
    assert (tmp_path / RESERVE_NAME).stat().st_size == 2 << 20
    assert recorder.status.state == "recording"


def test_disk_that_stays_full_ends_the_session_with_what_is_at_risk(tmp_path, record, disk, monkeypatch):
    monkeypatch.setattr("app.recording.recorder._RETRY_S", 0.001)
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    for number in range(50):
        recorder.push_block(block(number))
    status = recorder.stop()
    assert status.state == "error"
    assert status.at_risk_s == pytest.approx(1.0)
    journal = reopened(tmp_path)
    assert not journal.is_closed_well


def test_short_writes_are_completed(tmp_path, record, disk):
    disk.most_bytes = 7
    recorder = record()
    for number in range(20):
        recorder.push_block(block(number))
    recorder.stop()
    assert count_true_samples(tmp_path) == 20 * BLOCK


def test_what_a_failed_sync_may_have_lost_is_written_again(tmp_path, record, disk, clock):
    recorder = record()
    disk.refuse_syncs = errno.EIO
    clock.advance(1.5)
    recorder.push_block(block(0))
    wait_for(disk.tried, 2)
    file = tmp_path / JOURNAL_NAME
    size = file.stat().st_size
    with file.open("r+b") as opened:  # the system throws away the pages it could not write
        opened.seek(size - 100)
        opened.write(b"\0" * 100)
    disk.refuse_syncs = None
    assert recorder.stop().state == "stopped"
    assert count_true_samples(tmp_path) == BLOCK


def test_overflow_is_counted_told_and_leaves_a_valid_journal(tmp_path, record, disk):
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    for number in range(ROOM + 10):
        recorder.push_block(block(number))
    wait_for(disk.tried)
    assert recorder.status.dropped_blocks == 10
    assert recorder.status.state == "error"
    disk.refuse_writes = None
    status = recorder.stop()
    assert (status.state, status.dropped_blocks) == ("error", 10)
    assert "10 blocks" in status.cause
    assert count_true_samples(tmp_path) == ROOM * BLOCK


def test_what_overflowed_is_told_by_the_journal(tmp_path, record, disk, clock):
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    for number in range(1, ROOM + 100):
        recorder.push_block(block(number))
    assert recorder.status.dropped_blocks
    disk.stall = False
    disk.go.set()
    recorder.push_event(note(0))
    assert disk.wrote_note.wait(PATIENCE_S)  # and with it everything before
    recorder.push_block(block(ROOM + 100))
    recorder.stop()
    (missing,) = reopened(tmp_path).missing
    assert missing.cause == "overflow"
    assert missing.duration_s == pytest.approx(recorder.status.dropped_blocks * BLOCK / SFREQ)


def test_unpaced_source_is_held_back_instead_of_losing_blocks(tmp_path, record):
    recorder = record(replace(STREAM, paced=False))
    for number in range(ROOM + 2000):
        recorder.push_block(block(number))
    assert recorder.stop().dropped_blocks == 0
    assert count_true_samples(tmp_path) == (ROOM + 2000) * BLOCK


def test_unpaced_source_is_not_held_back_by_a_disk_that_takes_nothing(record, disk):
    recorder = record(replace(STREAM, paced=False))
    disk.refuse_writes = errno.ENOSPC
    for number in range(ROOM + 10):
        recorder.push_block(block(number))
    assert recorder.status.dropped_blocks > 0
    disk.refuse_writes = None


def test_block_of_another_shape_is_told_and_stops_nothing(tmp_path, record):
    recorder = record()
    recorder.push_block(replace(block(0), samples=np.zeros((BLOCK, 5), np.float32)))
    recorder.push_block(block(1))
    assert recorder.stop().state == "error"
    assert count_true_samples(tmp_path) == BLOCK


def test_block_of_an_unknown_stream_is_told(record):
    recorder = record()
    recorder.push_block(block(0, stream_id="other"))
    assert "'other'" in recorder.status.cause


def test_two_streams_come_back_in_order_of_arrival(tmp_path, record):
    recorder = record(STREAM, replace(STREAM, stream_id="two"))
    for number in range(10):
        recorder.push_block(block(number, stream_id="two"))
    for number in range(10):
        recorder.push_block(block(number))
    recorder.stop()
    order = [(b.arrival_ns, b.stream_id) for b in reopened(tmp_path).blocks(0.0)]
    assert order == sorted(order)
    assert len(order) == 20


def test_status_is_synced_after_a_second(record, disk, clock):
    recorder = record()
    n_syncs = disk.n_syncs
    disk.stall = True
    recorder.push_block(block(0))
    clock.advance(1.0)
    recorder.push_block(block(1))
    assert disk.stalled.wait(PATIENCE_S)
    assert disk.n_syncs == n_syncs + 1


def test_event_that_is_not_ascii_comes_back(tmp_path, record):
    recorder = record()
    recorder.push_event(Note(t_s=0.0, text="µV – „gut“"))
    recorder.stop()
    assert from_json(reopened(tmp_path).events[0]) == Note(t_s=0.0, text="µV – „gut“")
