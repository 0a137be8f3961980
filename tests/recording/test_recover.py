"""Whatever state a session was left in, a folder that anybody can read is made of it."""

import errno
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest

from app.recording.errors import RecordingError
from app.recording.recorder import Recorder
from app.recording.recover import find_unfinished, recover
from app.session.events import from_json
from drivers.replay.formats import open_recording
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.types import Float32Array, SampleBlock
from tests.recording.known_signal import (
    BLOCK,
    CALIBRATION,
    SESSION,
    SFREQ,
    STREAM,
    block,
    count_true_samples,
    known_samples,
    note,
)

REPO = Path(__file__).resolve().parents[2]
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_KILLS = 25 if FULL else 2
N_DAMAGES = 400 if FULL else 25
UNPACED = replace(STREAM, paced=False)


def made_of(folder: Path, *blocks: SampleBlock, streams=(UNPACED,)) -> Path:
    """A session folder with a closed journal of these blocks."""
    folder.mkdir(exist_ok=True)
    recorder = Recorder(folder, streams, SESSION, CALIBRATION)
    for number, each in enumerate(blocks):
        recorder.push_block(each)
        recorder.push_event(note(number))
    assert recorder.stop().state == "stopped"
    return folder


def crashed(folder: Path, *blocks: SampleBlock) -> Path:
    """The same, cut in its last bytes and with what else a crash leaves."""
    journal = made_of(folder, *blocks) / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-10])
    (folder / "reserve").write_bytes(b"x")
    return folder


def csv_samples(path: Path) -> Float32Array:
    """The rows of a CSV by the application's own reader, missing ones as NaN."""
    recording = open_recording(path)
    rows = [found.samples for found in recording.blocks(1.0)]
    recording.close()
    return np.concatenate(rows)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_folder_opens_again_with_every_sample(tmp_path):
    report = recover(made_of(tmp_path, *map(block, range(50))))
    assert report.files == ("emg-1-one.csv", "events.jsonl")
    recording = open_recording(tmp_path / "emg-1-one.csv")
    (stream,) = recording.streams
    assert (stream.sfreq, stream.ch_names, stream.unit) == (SFREQ, ("left", "right"), "V")
    np.testing.assert_array_equal(csv_samples(tmp_path / "emg-1-one.csv"), known_samples(0, 50 * BLOCK))


def test_counts_stay_counts(tmp_path):
    stream = replace(STREAM, unit="counts", lsb=None)
    recover(made_of(tmp_path, block(0), streams=[stream]))
    (read,) = open_recording(tmp_path / "emg-1-one.csv").streams
    assert read.unit == "counts"
    np.testing.assert_array_equal(csv_samples(tmp_path / "emg-1-one.csv"), known_samples(0, BLOCK))


def test_every_line_of_the_session_is_there_and_the_first_is_the_session(tmp_path):
    recover(made_of(tmp_path, block(0), block(1)))
    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert [from_json(line) for line in lines] == [SESSION, note(0), note(1)]


def test_lost_samples_are_nan_and_keep_the_time_axis(tmp_path):
    report = recover(made_of(tmp_path, block(0), block(1), block(10, n_lost=8 * BLOCK), block(11)))
    samples = csv_samples(tmp_path / "emg-1-one.csv")
    assert len(samples) == 12 * BLOCK
    np.testing.assert_array_equal(samples[10 * BLOCK :], known_samples(10 * BLOCK, 2 * BLOCK))
    assert np.isnan(samples[2 * BLOCK : 10 * BLOCK]).all()
    assert report.missing_s == {"one": 0.16}
    assert "0.2 s at 00:00:00 are missing: they never came from the sensor." in report.sentences


def test_reconnection_leaves_a_gap_as_long_as_the_sensor_was_away(tmp_path):
    away_s = 12.3
    after = [replace(block(i, epoch=1), arrival_ns=round((250 + away_s + (i + 1) * 0.02) * 1e9)) for i in range(5)]
    report = recover(made_of(tmp_path, *map(block, range(12_500)), *after))
    samples = csv_samples(tmp_path / "emg-1-one.csv")
    assert len(samples) == round((250 + away_s) * SFREQ) + 5 * BLOCK
    np.testing.assert_array_equal(samples[-5 * BLOCK :], known_samples(0, 5 * BLOCK))
    assert "12.3 s at 00:04:10 are missing: the sensor was away." in report.sentences


def test_absence_of_hours_begins_a_second_file_instead_of_hours_of_nothing(tmp_path):
    later = replace(block(0, epoch=1), arrival_ns=round(7200.04 * 1e9))
    report = recover(made_of(tmp_path, block(0), later))
    assert report.files[:2] == ("emg-1-one.csv", "emg-1-one-2.csv")
    assert len(csv_samples(tmp_path / "emg-1-one-2.csv")) == BLOCK
    assert b"# start_s=7200.020000" in (tmp_path / "emg-1-one-2.csv").read_bytes()


def test_two_streams_have_a_file_each_and_their_distance_in_time(tmp_path):
    other = replace(STREAM, stream_id="umyo:Left glute #2")
    late = replace(block(0, stream_id=other.stream_id), arrival_ns=520_000_000)
    report = recover(made_of(tmp_path, block(0), late, streams=[STREAM, other]))
    assert report.files == ("emg-1-one.csv", "emg-2-umyo-Left-glute-2.csv", "events.jsonl")
    assert b"# start_s=0.500000" in (tmp_path / report.files[1]).read_bytes()


def test_doing_it_again_gives_the_same(tmp_path):
    first = recover(crashed(tmp_path, *map(block, range(5))))
    before = contents(tmp_path)
    assert recover(tmp_path) == first
    assert contents(tmp_path) == before


def test_journal_is_never_touched(tmp_path):
    crashed(tmp_path, *map(block, range(5)))
    before = (tmp_path / JOURNAL_NAME).read_bytes()
    recover(tmp_path)
    assert (tmp_path / JOURNAL_NAME).read_bytes() == before


def test_crash_is_told_and_its_leftovers_go(tmp_path):
    report = recover(crashed(tmp_path, *map(block, range(100))))
    assert not report.was_closed
    assert "The recording ended without being closed, at 00:00:02." in report.sentences
    assert "2.0 s of one are recovered, from 00:00:00 to 00:00:02." in report.sentences
    assert not (tmp_path / "reserve").exists()


def test_report_lies_in_the_folder_too(tmp_path):
    report = recover(crashed(tmp_path, block(0)))
    kept = msgspec.json.decode((tmp_path / "recovery.json").read_bytes())
    assert kept["sentences"] == list(report.sentences)


def test_journal_itself_may_be_named(tmp_path):
    made_of(tmp_path, block(0))
    assert recover(tmp_path / JOURNAL_NAME) == recover(tmp_path)


def test_session_that_is_being_recorded_is_left_alone(tmp_path):
    folder = tmp_path / "running"
    folder.mkdir()
    recorder = Recorder(folder, [STREAM], SESSION)
    try:
        with pytest.raises(RecordingError, match="in use"):
            recover(folder)
        assert find_unfinished(tmp_path) == []
    finally:
        recorder.stop()
    assert [path.name for path in folder.iterdir()] == [JOURNAL_NAME]


def test_session_without_samples_is_recovered_too(tmp_path):
    report = recover(made_of(tmp_path))
    assert report.files == ("events.jsonl",)
    assert "The recording holds no samples." in report.sentences


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "holds no recording"),
        (b"", "is empty"),
        (b"\0" * 4096, "not a recording"),
        (random.Random(2).randbytes(4096), "not a recording"),
    ],
)
def test_folder_without_a_journal_that_can_be_read_is_refused_in_one_sentence(tmp_path, content, words):
    if content is not None:
        (tmp_path / JOURNAL_NAME).write_bytes(content)
    before = contents(tmp_path)
    with pytest.raises(RecordingError, match=words) as refused:
        recover(tmp_path)
    assert refused.value.sentence.endswith(".")
    assert contents(tmp_path) == before


def test_missing_folder_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(RecordingError, match="holds no recording"):
        recover(tmp_path / "nowhere")


def test_disk_full_while_recovering_leaves_no_half_file(tmp_path, monkeypatch):
    crashed(tmp_path, *map(block, range(5)))
    before = contents(tmp_path)

    def refuse(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("app.recording.recover.os.fsync", refuse)
    with pytest.raises(RecordingError, match="full"):
        recover(tmp_path)
    assert contents(tmp_path) == before


def test_unfinished_sessions_are_those_that_crashed_and_were_not_recovered_yet(tmp_path):
    made_of(tmp_path / "1-closed", block(0))
    torn = crashed(tmp_path / "2-crashed", block(0))
    recover(crashed(tmp_path / "3-recovered", block(0)))
    (tmp_path / "4-empty").mkdir()
    (tmp_path / "5-file").write_text("")
    assert find_unfinished(tmp_path) == [torn]
    assert find_unfinished(tmp_path / "nowhere") == []


@pytest.mark.parametrize("seed", range(N_DAMAGES))
def test_sixteen_random_bytes_never_give_a_wrong_sample(tmp_path, seed):
    journal = made_of(tmp_path, *map(block, range(30))) / JOURNAL_NAME
    whole, source = journal.read_bytes(), random.Random(seed)
    at = source.randrange(len(whole) - 16)
    journal.write_bytes(whole[:at] + source.randbytes(16) + whole[at + 16 :])
    try:
        report = recover(tmp_path)
    except RecordingError:
        assert at < 2000, "only the one head of a short session can cost it all"
        return
    samples = csv_samples(tmp_path / report.files[0])
    kept = ~np.isnan(samples)
    # Where the first or the last block is hit, the file is shorter instead of having a gap.
    rows = (known_samples(first, len(samples)) for first in range(0, 3 * BLOCK, BLOCK))
    assert any(np.array_equal(samples[kept], truth[kept]) for truth in rows)
    assert count_true_samples(tmp_path) >= 28 * BLOCK
    assert len(report.sentences) > 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("run", range(N_KILLS))
@pytest.mark.timeout(60)
def test_kill_at_any_moment_costs_less_than_a_second_and_the_folder_opens_again(tmp_path, run):
    folder = tmp_path / "killed"
    folder.mkdir()
    n_lines = random.Random(run).randrange(700, 1200)
    said: list[tuple[int, int]] = []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.recording.recording_child", str(folder)],
        cwd=REPO,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            number, pushed_ns = map(int, line.split())
            said.append((number, pushed_ns))
            if len(said) == n_lines:
                break
        child.kill()
        killed_ns = time.perf_counter_ns()
    assert find_unfinished(tmp_path) == [folder]
    report = recover(folder)
    samples = csv_samples(folder / "emg-1-one.csv")
    np.testing.assert_array_equal(samples, known_samples(0, len(samples)))
    older = sum(pushed_ns <= killed_ns - 10**9 for _, pushed_ns in said)
    assert older > 0
    assert len(samples) >= older * BLOCK
    assert report.missing_s == {"one": 0.0}
    assert not report.was_closed
    assert find_unfinished(tmp_path) == []


def test_the_time_of_the_first_sample_survives_into_the_files(tmp_path):
    folder = made_of(tmp_path / "s", block(0))
    name = next(file for file in recover(folder).files if file.endswith(".csv"))
    times = [open_recording(path).carried.utc_ns for path in (folder, folder / name)]
    assert times[0] == pytest.approx(times[1], abs=1000)
    assert times[0] == pytest.approx(datetime.now(UTC).timestamp() * 1e9, abs=60e9)
