"""Whatever state a session was left in, an EMG-BIDS session is made of it, whole or not at all."""

import errno
import hashlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyedflib
import pytest

from app.recording.errors import RecordingError
from app.recording.finalise import finalise, find_broken_off, find_unfinished, read_finished, start_finishing
from app.recording.recorder import Recorder
from app.recording.verify import verify
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.replay.formats.journal_chunks import Chunk, read_chunks
from drivers.types import Float32Array
from tests.recording.known_signal import BLOCK, LSB, SESSION, SFREQ, STREAM, block, known_samples
from tests.recording.making import bdf_of, crashed, session_of

REPO = Path(__file__).resolve().parents[2]
FULL = os.environ.get("GLUTEWAKE_FULL") == "1"
N_KILLS = 50 if FULL else 2
N_DAMAGES = 400 if FULL else 15
MOMENT_NS = 250_000_000
"""What the recorder's thread may wait for its turn on a busy computer; on an idle one it is less than a block."""


def digital(path: Path) -> np.ndarray:
    """Samples of every channel in steps, shape (n_samples, n_channels), by a library that is not ours."""
    with pyedflib.EdfReader(str(path)) as reader:
        return np.stack([reader.readSignal(k, digital=True) for k in range(reader.signals_in_file)], axis=1)


def steps(samples: Float32Array) -> np.ndarray:
    return np.asarray(np.rint(samples / LSB).astype(np.int32))


def annotations(path: Path) -> list[tuple[float, float, str]]:
    with pyedflib.EdfReader(str(path)) as reader:
        onset, duration, text = reader.readAnnotations()
    return [(float(a), max(0.0, float(b)), str(c)) for a, b, c in zip(onset, duration, text, strict=True)]


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_every_sample_is_there_bit_for_bit(tmp_path):
    finalise(session_of(tmp_path / "s", *map(block, range(100))))
    np.testing.assert_array_equal(digital(bdf_of(tmp_path)), steps(known_samples(0, 100 * BLOCK)))


def test_lost_samples_are_zeros_with_a_gap_that_keeps_the_time_axis(tmp_path):
    finished = finalise(session_of(tmp_path / "s", block(0), block(1), block(10, n_lost=8 * BLOCK), block(49)))
    samples = digital(bdf_of(tmp_path))
    np.testing.assert_array_equal(samples[10 * BLOCK : 11 * BLOCK], steps(known_samples(10 * BLOCK, BLOCK)))
    assert not samples[2 * BLOCK : 10 * BLOCK].any()
    gaps = [(onset, duration) for onset, duration, text in annotations(bdf_of(tmp_path)) if text == "BAD_gap"]
    assert gaps == [(0.04, 0.16), (0.22, 0.76)]
    assert finished.missing_s == {"one": 0.92}
    assert "0.2 s at 00:00:00 are missing: they never came from the sensor." in finished.sentences


def test_what_only_fills_the_last_record_is_told_as_missing(tmp_path):
    finalise(session_of(tmp_path / "s", *map(block, range(60))))
    assert (1.2, 0.8, "BAD_gap") in annotations(bdf_of(tmp_path))


def test_absence_of_more_than_a_minute_begins_another_run(tmp_path):
    later = [replace(block(k, epoch=1), arrival_ns=round((7200 + (k + 1) * 0.02) * 1e9)) for k in range(50)]
    finalise(session_of(tmp_path / "s", *map(block, range(50)), *later))
    first, second = sorted(tmp_path.glob("bids/sub-*/ses-*/emg/*.bdf"))
    assert ("run-01" in first.name, "run-02" in second.name) == (True, True)
    np.testing.assert_array_equal(digital(second), steps(known_samples(0, 50 * BLOCK)))
    (scans,) = tmp_path.glob("bids/sub-*/ses-*/*_scans.tsv")
    times = [np.datetime64(line.split("\t")[1].rstrip("Z")) for line in scans.read_text().splitlines()[1:]]
    assert (times[1] - times[0]) / np.timedelta64(1, "s") == pytest.approx(7200.0, abs=0.01)


def test_crash_is_told_and_its_leftovers_go(tmp_path):
    finished = finalise(crashed(tmp_path / "s", *map(block, range(100))))
    assert not finished.ended_well
    assert "The recording ended without being closed, at 00:00:02." in finished.sentences
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == ["final.json", JOURNAL_NAME]


def test_journal_is_never_touched_and_lies_in_the_data_set_too(tmp_path):
    folder = crashed(tmp_path / "s", *map(block, range(5)))
    before = (folder / JOURNAL_NAME).read_bytes()
    finished = finalise(folder)
    assert (folder / JOURNAL_NAME).read_bytes() == before
    assert (tmp_path / finished.dataset / finished.source).read_bytes() == before


def test_where_a_file_has_but_one_name_the_data_set_gets_a_copy(tmp_path, monkeypatch):
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("app.recording.dataset.os.link", refuse)
    folder = session_of(tmp_path / "s", block(0))
    finished = finalise(folder)
    copy = tmp_path / finished.dataset / finished.source
    assert not copy.samefile(folder / JOURNAL_NAME)
    assert verify(folder).is_sound


def test_every_hash_is_that_of_its_file_and_the_signals_stands_beside_it(tmp_path):
    folder = session_of(tmp_path / "s", block(0))
    finished = finalise(folder)
    made = tmp_path / finished.dataset / finished.folder
    assert {name: hashlib.sha256((made / name).read_bytes()).hexdigest() for name in finished.files} == finished.files
    assert {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()} == set(finished.files)
    bdf = bdf_of(tmp_path)
    sidecar = json.loads(bdf.with_suffix(".json").read_text())
    assert sidecar["SHA256"] == hashlib.sha256(bdf.read_bytes()).hexdigest()
    assert sidecar["SourceJournalSHA256"] == finished.journal_sha256


def test_doing_it_again_changes_nothing(tmp_path):
    folder = session_of(tmp_path / "s", *map(block, range(5)))
    first = finalise(folder)
    before = contents(tmp_path)
    assert finalise(folder) == first
    assert finalise(folder / JOURNAL_NAME) == first
    assert contents(tmp_path) == before


def test_files_that_were_lost_are_made_anew_and_are_the_same(tmp_path):
    folder = session_of(tmp_path / "s", *map(block, range(5)))
    first = finalise(folder)
    bdf_of(tmp_path).unlink()
    assert read_finished(folder) is None
    assert finalise(folder).files == first.files
    assert verify(folder).is_sound


def test_session_that_is_being_recorded_is_left_alone(tmp_path):
    folder = tmp_path / "running"
    folder.mkdir()
    recorder = Recorder(folder, [STREAM], SESSION)
    try:
        with pytest.raises(RecordingError, match="in use"):
            finalise(folder)
        assert find_unfinished(tmp_path) == []
    finally:
        recorder.stop()
    assert [path.name for path in folder.iterdir()] == [JOURNAL_NAME]


def test_session_without_samples_is_finished_too(tmp_path):
    folder = session_of(tmp_path / "s")
    finished = finalise(folder)
    assert finished.files == {}
    assert "The recording holds no samples." in finished.sentences
    assert find_unfinished(tmp_path) == []


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
        finalise(tmp_path)
    assert refused.value.sentence.endswith(".")
    assert contents(tmp_path) == before


def test_full_disk_leaves_nothing_half_done_and_is_no_obstacle_later(tmp_path, monkeypatch):
    folder = crashed(tmp_path / "s", *map(block, range(5)))
    before = contents(tmp_path)

    def refuse(fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("app.recording.disk.os.fsync", refuse)
        with pytest.raises(RecordingError, match="full"):
            finalise(folder)
    assert contents(tmp_path) == before
    assert find_unfinished(tmp_path) == [folder]
    finalise(folder)
    assert verify(folder).is_sound


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root and Windows may write anywhere")
def test_read_only_folder_is_told_in_one_sentence(tmp_path):
    folder = session_of(tmp_path / "s", block(0))
    folder.chmod(0o500)
    with pytest.raises(RecordingError, match="may not be written to"):
        finalise(folder)
    folder.chmod(0o700)


def test_file_that_does_not_read_back_as_it_was_written_is_never_published(tmp_path, monkeypatch):
    from app.recording.bids.session import SessionFiles

    true_bdf = SessionFiles.bdf

    def rotten(self, run):
        whole = bytearray(b"".join(true_bdf(self, run)))
        whole[2000] ^= 1
        yield bytes(whole)

    monkeypatch.setattr(SessionFiles, "bdf", rotten)
    folder = session_of(tmp_path / "s", *map(block, range(50)))
    with pytest.raises(RecordingError, match="does not read back"):
        finalise(folder)
    assert not (tmp_path / "bids").exists()


def test_unfinished_sessions_are_those_of_living_persons_that_have_no_files_yet(tmp_path):
    closed = session_of(tmp_path / "1-closed", block(0))
    torn = crashed(tmp_path / "2-crashed", block(0))
    finalise(crashed(tmp_path / "3-finished", block(0)))
    session_of(tmp_path / "4-simulated", block(0), started=SESSION)
    (tmp_path / "5-empty").mkdir()
    (session_of(tmp_path / "7-no-head", block(0)) / JOURNAL_NAME).write_bytes(b"\0" * 2000)
    (tmp_path / "6-file").write_text("")
    assert find_unfinished(tmp_path) == [closed, torn]
    assert find_broken_off(tmp_path) == [torn]
    assert find_unfinished(tmp_path / "nowhere") == []


def test_a_process_of_its_own_finishes_all_that_waits(tmp_path):
    session_of(tmp_path / "1", block(0))
    crashed(tmp_path / "2", block(0))
    child = subprocess.run(
        [sys.executable, "-m", "app.recording.finalise", str(tmp_path)], cwd=REPO, capture_output=True, check=False
    )
    assert (child.returncode, child.stderr) == (0, b"")
    assert find_unfinished(tmp_path) == []


@pytest.mark.parametrize("seed", range(N_DAMAGES))
def test_sixteen_random_bytes_never_give_a_wrong_sample(tmp_path, seed):
    journal = session_of(tmp_path / "s", *map(block, range(30))) / JOURNAL_NAME
    whole, source = journal.read_bytes(), random.Random(seed)
    at = source.randrange(len(whole) - 16)
    journal.write_bytes(whole[:at] + source.randbytes(16) + whole[at + 16 :])
    try:
        finished = finalise(tmp_path / "s")
    except RecordingError:
        assert at < 2000, "only the one head of a short session can cost it all"
        return
    assert_true_but_for_gaps(bdf_of(tmp_path))
    assert len(finished.sentences) > 1
    *_, last = read_chunks(whole)  # rot in it cannot be told from a write that a crash tore, which is no fault
    assert isinstance(last, Chunk)
    assert not verify(tmp_path / "s").is_sound or at + 16 > last.offset


@pytest.mark.parametrize("cut", range(40, 4500, 1 if FULL else 397))
def test_journal_cut_anywhere_gives_its_beginning_and_nothing_else(tmp_path, cut):
    journal = session_of(tmp_path / "s", *map(block, range(30))) / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:cut])
    try:
        finished = finalise(tmp_path / "s")
    except RecordingError:
        assert cut < 2000, "only the one head of a short session can cost it all"
        return
    if finished.files:
        assert_true_but_for_gaps(bdf_of(tmp_path))
    assert verify(tmp_path / "s").is_sound


def assert_true_but_for_gaps(bdf: Path) -> None:
    """Every sample outside a gap is the true one; where the first blocks are hit, the file begins later."""
    samples = digital(bdf)
    is_gap = np.zeros(len(samples), bool)
    for onset, duration, text in annotations(bdf):
        if text == "BAD_gap":
            is_gap[round(onset * SFREQ) : round((onset + duration) * SFREQ)] = True
    truths = (steps(known_samples(first, len(samples))) for first in range(0, 4 * BLOCK, BLOCK))
    assert any(np.array_equal(samples[~is_gap], truth[~is_gap]) for truth in truths)
    assert not samples[is_gap].any()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("run", range(N_KILLS))
def test_finisher_killed_at_any_moment_leaves_all_or_nothing_and_the_next_one_ends_it(tmp_path, run):
    folder = crashed(tmp_path / "s", *map(block, range(500)))
    alone = crashed(tmp_path / "alone" / "s", *map(block, range(500)))
    (alone / JOURNAL_NAME).write_bytes((folder / JOURNAL_NAME).read_bytes())
    truth = finalise(alone).files
    with subprocess.Popen([sys.executable, "-m", "app.recording.finalise", str(tmp_path)], cwd=REPO) as child:
        part, done = folder / "bids.part", folder / "final.json"
        deadline = time.monotonic() + 30.0
        while not part.exists() and not done.exists() and time.monotonic() < deadline:
            threading.Event().wait(0.001)
        threading.Event().wait(random.Random(run).uniform(0.0, 0.15))
        child.kill()
    for made in tmp_path.glob("bids/sub-*/ses-*"):
        found = {str(path.relative_to(made)): path.read_bytes() for path in made.rglob("*") if path.is_file()}
        assert {name: hashlib.sha256(data).hexdigest() for name, data in found.items()} == truth
    assert finalise(folder).files == truth
    assert verify(folder).is_sound
    assert sorted(path.name for path in folder.iterdir()) == ["final.json", JOURNAL_NAME]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize(("n_channels", "sfreq"), [(2, 2000), (8, 4000)])
@pytest.mark.parametrize("run", range(N_KILLS if FULL else 1))
def test_recorder_killed_at_any_moment_loses_nothing_that_it_was_given_a_moment_ago(tmp_path, run, n_channels, sfreq):
    folder = tmp_path / "killed"
    folder.mkdir()
    n_lines = random.Random(run).randrange(100, 250)
    said: list[tuple[int, int]] = []
    command = [sys.executable, "-m", "tests.recording.recording_child", str(folder), str(n_channels), str(sfreq)]
    with subprocess.Popen(command, cwd=REPO, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            number, pushed_ns = map(int, line.split())
            said.append((number, pushed_ns))
            if len(said) == n_lines:
                break
        child.kill()
        killed_ns = time.perf_counter_ns()
    finished = finalise(folder)
    (recovered_s,) = finished.recovered_s.values()
    n_blocks = round(recovered_s * sfreq) // BLOCK
    n_older = sum(pushed_ns <= killed_ns - MOMENT_NS for _, pushed_ns in said)
    assert n_older > 0
    assert n_blocks >= n_older
    bdf = bdf_of(tmp_path)
    truth = steps(known_samples(0, n_blocks * BLOCK, n_channels))
    np.testing.assert_array_equal(digital(bdf)[: len(truth)], truth)
    assert sum(text.startswith("note ") for _, _, text in annotations(bdf)) >= n_older // 10
    assert not finished.ended_well
    if FULL:
        ages_ms = [(killed_ns - pushed_ns) / 1e6 for number, pushed_ns in said if number >= n_blocks]
        sys.stderr.write(f"lost blocks: {len(ages_ms)}, handed over {max(ages_ms, default=0.0):.1f} ms ago\n")
        assert len(ages_ms) <= 1  # the newest one; needs a computer that is not busy with other things


def test_what_cannot_be_finished_is_told_while_somebody_is_there(tmp_path):
    session_of(tmp_path / "1", block(0))
    (tmp_path / "kits.toml").write_text("[[kits")
    told: list[str] = []
    heard = threading.Event()

    def tell(sentence: str) -> None:
        told.append(sentence)
        heard.set()

    start_finishing(tmp_path, tell)
    assert heard.wait(30.0)
    assert "kits.toml' cannot be understood" in told[0]
    assert find_unfinished(tmp_path) == [tmp_path / "1"]


def test_whoever_waits_is_told_when_all_is_finished(tmp_path):
    folder = session_of(tmp_path / "1", block(0))
    found: list[bool] = []
    over = threading.Event()

    def look() -> None:
        found.append((folder / "final.json").is_file())
        over.set()

    start_finishing(tmp_path, then=look)
    assert over.wait(30.0)
    assert found == [True]
