"""The raw signal of a calibration: rest and reference are runs of their own, and the session says where they lie."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from app.archive import catch_up
from app.recording.finalise import finalise
from app.recording.recorder import Recorder
from app.recording.verify import verify
from app.session.events import Step
from tests.recording.known_signal import CALIBRATION, SFREQ, block, known_samples
from tests.recording.making import LIVING, UNPACED, session_of

CALIBRATING = msgspec.structs.replace(LIVING, calibrates="quick")
STEPS = (
    Step(0.0, "contact", "wait"),
    Step(1.0, "rest", "do"),
    Step(2.5, "tap-left", "do", "left"),
    Step(3.0, "squeeze-left", "ready", "left"),
    Step(3.5, "squeeze-left", "do", "left"),
    Step(4.0, "squeeze-both", "do", "both"),
    Step(5.0, "done", "wait"),
)


@pytest.fixture
def calibrated(tmp_path: Path) -> Path:
    return session_of(tmp_path / "2026-11-20_143005_P-017", *map(block, range(300)), started=CALIBRATING, events=STEPS)


def files(root: Path, pattern: str) -> list[Path]:
    return sorted(root.glob(f"bids/sub-P017/ses-*/emg/{pattern}"))


def test_rest_and_reference_are_runs_of_their_own(calibrated: Path):
    finalise(calibrated)

    names = [path.name for path in files(calibrated.parent, "*_emg.bdf")]
    assert [name.split("_")[2:4] for name in names] == [["task-reference", "run-01"], ["task-rest", "run-01"]]
    assert verify(calibrated).is_sound


def test_a_run_holds_the_samples_of_its_steps_and_no_others(calibrated: Path):
    import pyedflib

    finalise(calibrated)
    (rest,) = files(calibrated.parent, "*task-rest*_emg.bdf")
    with pyedflib.EdfReader(str(rest)) as reader:
        found = reader.readSignal(0)[:1500] * 1e-6
    np.testing.assert_allclose(found, known_samples(1000, 1500)[:, 0], atol=1e-9)
    sidecar = json.loads(rest.with_suffix(".json").read_text())
    assert sidecar["RecordingDuration"] == 1500 / SFREQ
    assert sidecar["TaskName"] == "rest"


def test_what_happened_in_other_steps_is_in_no_run(calibrated: Path):
    finalise(calibrated)
    (reference,) = files(calibrated.parent, "*task-reference*_events.tsv")
    head, *rows = (line.split("\t") for line in reference.read_text().splitlines())
    assert [row[head.index("onset")] for row in rows] == ["0", "0.5", "1"]


def test_a_calibration_that_came_to_nothing_has_no_files_and_is_sound(tmp_path: Path):
    folder = session_of(tmp_path / "s", *map(block, range(50)), started=CALIBRATING, events=STEPS[:1])

    assert finalise(folder).files == {}
    assert verify(folder).is_sound


def test_a_session_says_where_the_signal_of_its_reference_lies(calibrated: Path):
    finalise(calibrated)
    folder = calibrated.parent / "2026-11-20_150000_P-017"
    folder.mkdir()
    recorder = Recorder(folder, [UNPACED], LIVING, msgspec.structs.replace(CALIBRATION, recording=calibrated.name))
    recorder.push_block(block(0))
    recorder.stop()
    finished = finalise(folder)

    (sidecar,) = (name for name in finished.files if name.endswith("_emg.json"))
    said = json.loads((calibrated.parent / "bids" / finished.folder / sidecar).read_text())
    where = said["NormalisationRecording"].removeprefix("bids::")
    assert (calibrated.parent / "bids" / where).is_dir()


def test_a_calibration_is_no_training_day(calibrated: Path):
    catch_up(calibrated.parent)

    assert not (calibrated.parent / "history.db").exists()
