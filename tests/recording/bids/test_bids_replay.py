"""What was judged live is judged the same from the data set."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.main import main
from app.recording.finalise import finalise
from tests.recording.making import bdf_of


def judged(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["analyze", str(path), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_reps_lags_and_fatigue_from_the_bdf_are_those_of_the_journal(tmp_path, capsys):
    source = "sim:late-left?seed=3&speed=max&reps=4"
    assert main(["live", "--source", source, "--programme", "check", "--record", str(tmp_path), "--json"]) == 0
    capsys.readouterr()
    (journal,) = tmp_path.glob("*/journal.emj")
    finalise(journal.parent)
    from_journal, from_bdf = judged(journal.parent, capsys), judged(bdf_of(tmp_path), capsys)
    assert len(from_journal["reps"]) == 4
    for key in ("reps", "attempts", "onsets", "fatigue", "summary"):
        assert from_bdf[key] == from_journal[key]
