"""A session folder tells of its session."""

import hashlib
import json
from pathlib import Path

import pytest

from app.main import main
from app.recording.errors import RecordingError
from app.recording.record import read_record
from app.session.events import Attempt, Rep, Summary
from drivers.replay.formats.journal import JOURNAL_NAME


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    root: Path = tmp_path_factory.mktemp("sessions")
    assert main(["live", "--source", "sim:healthy?seed=1&speed=max&reps=6", "--record", str(root), "--json"]) == 0
    (journal,) = root.glob(f"*/{JOURNAL_NAME}")
    return journal.parent


def test_it_holds_every_line_of_the_session(folder):
    record = read_record(folder)
    assert len(record.of(Rep)) == 6
    assert len(record.of(Attempt)) == 6
    assert len(record.of(Summary)) == 1
    assert record.started.simulated
    assert record.calibration is not None
    assert record.ended_well
    assert record.duration_s > 15.0
    assert set(record.missing_s.values()) == {0.0}


def test_it_is_named_by_the_content_of_its_journal(folder):
    journal = folder / JOURNAL_NAME
    assert read_record(journal).sha256 == hashlib.sha256(journal.read_bytes()).hexdigest()


def test_a_folder_without_a_recording_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps({}))
    with pytest.raises(RecordingError):
        read_record(tmp_path)
