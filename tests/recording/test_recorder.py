"""Everything that is handed to the recorder is in the journal, in its place."""

import errno
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from app.recording.disk import open_locked
from app.recording.errors import RecordingError
from app.recording.recorder import Recorder
from app.session.events import Note, from_json, to_json
from drivers.replay.formats.journal import JOURNAL_NAME, ends_well, open_journal
from drivers.replay.formats.journal_chunks import Chunk, ChunkKind, End, read_chunks
from tests.recording.fake_disk import run_until, sync, wait_until
from tests.recording.known_signal import (
    BLOCK,
    CALIBRATION,
    SESSION,
    STREAM,
    assert_all_true,
    block,
    count_true_samples,
    known_samples,
    note,
)


def chunks_in(folder: Path) -> list[Chunk]:
    return [item for item in read_chunks((folder / JOURNAL_NAME).read_bytes()) if isinstance(item, Chunk)]


def test_everything_handed_over_is_in_the_closed_journal(tmp_path, record):
    recorder = record()
    for number in range(100):
        recorder.push_block(block(number))
        recorder.push_event(note(number))
    status = recorder.stop()
    journal = open_journal(tmp_path)
    assert assert_all_true(journal) == 100 * BLOCK
    assert [from_json(line) for line in journal.events] == [*map(note, range(100))]
    assert journal.is_closed_well
    assert journal.carried.notes == ()
    assert (status.state, status.recorded_s, status.at_risk_s, status.path) == ("stopped", 2.0, 0.0, tmp_path)


def test_session_and_calibration_are_carried(tmp_path, record):
    record().stop()
    carried = open_journal(tmp_path).carried
    assert carried.session == msgspec.json.decode(to_json(SESSION))
    assert msgspec.convert(carried.calibration, type(CALIBRATION)) == CALIBRATION


def test_blocks_keep_their_epoch_loss_and_stamp(tmp_path, record):
    recorder = record()
    sent = [block(0), block(3, n_lost=2 * BLOCK), block(9, epoch=1)]
    for each in sent:
        recorder.push_block(each)
    recorder.stop()
    found = list(open_journal(tmp_path).blocks(0.0))
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


def test_clock_pair_and_head_are_written_every_ten_seconds(tmp_path, record, clock):
    recorder = record()
    for number in range(3):
        clock.advance(10.1)
        recorder.push_block(block(number))
        wait_until(lambda: [chunk.kind for chunk in chunks_in(tmp_path)].count(ChunkKind.CLOCK) == number + 2)  # noqa: B023
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
    order = [(b.arrival_ns, b.stream_id) for b in open_journal(tmp_path).blocks(0.0)]
    assert order == sorted(order)
    assert len(order) == 20


def test_event_that_is_not_ascii_comes_back(tmp_path, record):
    recorder = record()
    recorder.push_event(Note(t_s=0.0, text="µV – „gut“"))
    recorder.stop()
    assert from_json(open_journal(tmp_path).events[0]) == Note(t_s=0.0, text="µV – „gut“")


def test_room_that_is_left_is_told_at_the_rate_of_the_session_itself(tmp_path, record, clock, disk):
    recorder = record()
    for number in range(2500):
        recorder.push_block(block(number))
    sync(recorder, clock)
    disk.free_bytes = 120_000_000
    run_until(lambda: (recorder.status.left_s or 1e9) < 1e5, recorder, clock, step_s=11.0)
    written = (tmp_path / JOURNAL_NAME).stat().st_size  # 50 s of it; what is made of it takes as much again
    assert recorder.status.left_s == pytest.approx(120e6 / 2 / (written / 50.0), rel=0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_reserve_is_readable_by_its_owner_alone(tmp_path, record):
    record()
    assert stat.S_IMODE((tmp_path / "reserve").stat().st_mode) == 0o600
