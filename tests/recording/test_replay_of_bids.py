"""A session that was made into EMG-BIDS gives, replayed from there, the reps it gave when it was recorded."""

import json
from pathlib import Path

import pytest

from app.main import main
from app.recording.finalise import finalise


def analysed(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, list[dict[str, object]]]:
    assert main(["analyze", str(path), "--json"]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def recorded(root: Path, source: str, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    """A session folder, and its folder in the data set."""
    arguments = ["live", "--source", source, "--programme", "prone-ankle-squeeze", "--duration", "20", "--json"]
    assert main([*arguments, "--record", str(root)]) == 0
    capsys.readouterr()
    (folder,) = root.glob("2*")
    finished = finalise(folder)
    return folder, root / finished.dataset / finished.folder


@pytest.mark.parametrize("loss", ["0", "0.01"])
def test_the_bdf_gives_the_same_reps_as_the_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str], loss: str):
    folder, dataset = recorded(tmp_path, f"sim:late-left?seed=3&loss={loss}&speed=max", capsys)
    journal, bids = analysed(folder, capsys), analysed(dataset, capsys)
    assert journal["attempts"]
    for key in ("attempts", "reps", "cues"):
        assert bids[key] == journal[key]


def test_two_units_keep_their_lag_in_the_one_file_they_became(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder, dataset = recorded(tmp_path, "sim:two-units?seed=3&speed=max", capsys)
    journal, bids = analysed(folder, capsys), analysed(dataset, capsys)
    assert len(bids["reps"]) == len(journal["reps"]) > 0
    for was, now in zip(journal["reps"], bids["reps"], strict=True):
        assert now["start_s"] == pytest.approx(was["start_s"], abs=0.005)
        if was["lag_ms"] is not None:
            assert now["lag_ms"] == pytest.approx(was["lag_ms"], abs=2.0)
