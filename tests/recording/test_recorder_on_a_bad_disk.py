"""Whatever the disk does, nothing is lost without being told, and no driver is made to wait."""

import errno
import os
import shutil
import sys
from dataclasses import replace

import pytest

from app.recording.recorder import QUEUE_S
from app.recording.writer import RESERVE_NAME
from drivers.replay.formats.journal import JOURNAL_NAME, open_journal
from drivers.replay.formats.journal_chunks import Chunk, ChunkKind, read_chunks
from tests.recording.fake_disk import PATIENCE_S, run_until, sync, wait_for, wait_until
from tests.recording.known_signal import BLOCK, SFREQ, STREAM, block, count_true_samples, note

ROOM = int(QUEUE_S * SFREQ) // BLOCK


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


def test_block_is_written_while_the_disk_syncs(tmp_path, record, disk, clock):
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    for number in range(1, 200):
        recorder.push_block(block(number))
    wait_until(lambda: count_true_samples(tmp_path) == 200 * BLOCK)  # nobody lets the sync go on


def test_what_is_written_while_the_disk_syncs_is_at_risk_until_the_next_sync(record, disk, clock):
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    recorder.push_block(block(1))
    disk.stall = False
    disk.go.set()
    wait_until(lambda: recorder.status.at_risk_s == BLOCK / SFREQ)
    sync(recorder, clock)


def test_failed_sync_is_told_and_holds_up_no_writing(tmp_path, record, disk, clock):
    recorder = record()
    disk.refuse_syncs = errno.EIO
    recorder.push_block(block(0))
    run_until(lambda: recorder.status.state == "error", recorder, clock)
    for number in range(1, 200):
        recorder.push_block(block(number))
    wait_until(lambda: count_true_samples(tmp_path) == 200 * BLOCK)
    assert (recorder.status.state, recorder.status.at_risk_s) == ("error", pytest.approx(4.0))
    disk.refuse_syncs = None
    run_until(lambda: recorder.status.state == "recording", recorder, clock)  # with its reserve again


def test_disk_that_does_not_answer_for_some_seconds_is_told_until_it_does(record, disk, clock):
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    assert recorder.status.state == "recording"
    clock.advance(11)
    assert recorder.status.state == "error"
    assert "has not answered" in recorder.status.cause
    disk.stall = False
    disk.go.set()
    wait_until(lambda: recorder.status.state == "recording")


def test_what_memory_keeps_until_the_disk_answers_is_bounded(tmp_path, record, disk, clock, monkeypatch):
    monkeypatch.setattr("app.recording.recorder.MOST_UNSYNCED", 4000)
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    before = (tmp_path / JOURNAL_NAME).stat().st_size
    for number in range(1, 200):
        recorder.push_block(block(number))
    wait_until(lambda: (tmp_path / JOURNAL_NAME).stat().st_size > before + 3000)
    assert count_true_samples(tmp_path) < 40 * BLOCK
    disk.stall = False
    disk.go.set()
    recorder.stop()
    assert count_true_samples(tmp_path) == 200 * BLOCK


def test_disk_that_never_answers_is_told_at_the_end_and_all_is_written_all_the_same(
    tmp_path, record, disk, clock, monkeypatch
):
    monkeypatch.setattr("app.recording.recorder._JOIN_TIMEOUT_S", 0.1)
    recorder = record()
    disk.stall = True
    clock.advance(1.5)
    recorder.push_block(block(0))
    assert disk.stalled.wait(PATIENCE_S)
    recorder.push_block(block(1))
    status = recorder.stop()
    assert status.state == "error"
    assert "does not answer" in status.cause
    wait_until(lambda: open_journal(tmp_path).is_closed_well)
    assert count_true_samples(tmp_path) == 2 * BLOCK


def test_disk_that_takes_seconds_for_every_sync_gets_all_that_waits_between_two(tmp_path, record, disk, clock):
    sync_at_once = disk.sync

    def sync_in_4_s(fd: int) -> None:
        clock.advance(4.0)
        sync_at_once(fd)

    disk.sync = sync_in_4_s
    recorder = record()
    clock.advance(1.1)
    for number in range(100):
        recorder.push_block(block(number))
    recorder.stop()
    assert count_true_samples(tmp_path) == 100 * BLOCK
    assert disk.n_syncs < 10


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
    assert open_journal(tmp_path).carried.notes == ()


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
    journal = open_journal(tmp_path)
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
    disk.refuse_syncs, disk.forgets = errno.EIO, True
    recorder.push_block(block(0))
    run_until(lambda: disk.n_syncs > 3, recorder, clock)
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


def test_what_overflowed_is_told_by_the_journal(tmp_path, record, disk):
    recorder = record()
    disk.refuse_writes = errno.ENOSPC
    for number in range(ROOM + 100):
        recorder.push_block(block(number))
    assert recorder.status.dropped_blocks
    disk.refuse_writes = None
    recorder.push_event(note(0))
    assert disk.wrote_note.wait(PATIENCE_S)  # and with it everything before
    recorder.push_block(block(ROOM + 100))
    recorder.stop()
    (missing,) = open_journal(tmp_path).missing
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


def test_status_is_synced_after_a_second(record, disk, clock):
    recorder = record()
    n_syncs = disk.n_syncs
    disk.stall = True
    recorder.push_block(block(0))
    clock.advance(1.0)
    recorder.push_block(block(1))
    assert disk.stalled.wait(PATIENCE_S)
    assert disk.n_syncs == n_syncs + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody delete or move what is open")
@pytest.mark.parametrize("lose", [shutil.rmtree, lambda folder: os.rename(folder, f"{folder}-moved")])
def test_folder_that_vanishes_meanwhile_comes_back_with_everything(tmp_path, record, clock, lose):
    recorder = record(folder=tmp_path / "session")
    for number in range(10):
        recorder.push_block(block(number))
    sync(recorder, clock)
    lose(tmp_path / "session")
    for number in range(10, 20):
        recorder.push_block(block(number))
    sync(recorder, clock)
    assert count_true_samples(tmp_path / "session") == 20 * BLOCK
    recorder.push_block(block(20))
    assert recorder.stop().state == "stopped"
    assert count_true_samples(tmp_path / "session") == 21 * BLOCK
    assert sorted(path.name for path in (tmp_path / "session").iterdir()) == [JOURNAL_NAME]


def test_folder_that_cannot_come_back_is_told_until_it_can(tmp_path, record, disk, clock):
    recorder = record(folder=tmp_path / "session")
    recorder.push_block(block(0))
    sync(recorder, clock)
    shutil.rmtree(tmp_path / "session")
    disk.refuse_syncs = errno.EIO
    recorder.push_block(block(1))
    run_until(lambda: recorder.status.state == "error", recorder, clock)
    assert (recorder.status.state, recorder.status.at_risk_s) == ("error", BLOCK / SFREQ)
    disk.refuse_syncs = None
    assert recorder.stop().state == "stopped"
    assert count_true_samples(tmp_path / "session") == 2 * BLOCK
