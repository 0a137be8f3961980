"""A calibration of the command line keeps its raw signal, and says where."""

import json
from pathlib import Path

import pytest

from app.main import main
from app.recording.record import read_record
from app.session.events import Step
from drivers.replay.formats.journal import JOURNAL_NAME


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("recordings")
    source = "sim:healthy?seed=1&script=calibrate&speed=max&compensators=0"
    answers = ["--answer", "any=space", "--answer", "pain=0"]
    assert main(["calibrate", "--source", source, *answers, "--record", str(root), "--json"]) == 0
    return root


def test_the_whole_signal_is_kept_with_the_steps_that_it_belongs_to(calibrated: Path):
    (journal,) = calibrated.glob(f"*/{JOURNAL_NAME}")
    record = read_record(journal.parent)

    assert record.started.calibrates == "quick"
    assert record.ended_well
    assert record.missing_s == {"sim-healthy-1": 0.0}
    steps = [step.step for step in record.of(Step)]
    assert {"contact", "rest", "squeeze-left", "squeeze-right", "squeeze-both", "done"} <= set(steps)
    assert record.duration_s >= record.of(Step)[-1].t_s - 0.1


def test_a_calibration_that_ended_leaves_nothing_to_go_on_with(calibrated: Path):
    assert not list(calibrated.rglob("unfinished.json*"))


def test_the_calibration_says_where_its_signal_lies(calibrated: Path):
    (journal,) = calibrated.glob(f"*/{JOURNAL_NAME}")
    (kept,) = calibrated.glob("calibrations/*/*_quick.json")

    assert json.loads(kept.read_text())["recording"] == journal.parent.name
