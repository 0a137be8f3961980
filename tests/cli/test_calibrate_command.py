"""The command ``calibrate``, and the sessions that take what it kept."""

import contextlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import msgspec
import pytest

from app.main import main
from app.pipeline import calibrate_lines
from app.recording import calibrations

URI = "sim:sleepy-left?script=calibrate&speed=max&block_ms=100&compensators=0&seed=3&swap=1"
SCHEMA = Path(__file__).resolve().parents[2] / "assets" / "schema" / "calibrate.schema.json"


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    """A calibration as a script runs it: folder, exit code, lines."""
    root = tmp_path_factory.mktemp("kept")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main([
            "calibrate", "--source", URI, "--answer", "swapped=swap", "--answer", "hardened-left=no", "--record",
            str(root), "-o", str(root / "mine.json"), "--person", "P-1", "--json",
        ])  # fmt: skip
    return root, code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_schema_on_disk_is_that_of_the_lines():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == msgspec.json.decode(
        msgspec.json.encode(calibrate_lines.json_schema())
    )


def test_every_line_keeps_to_the_schema(calibrated):
    _, code, lines = calibrated
    validator = jsonschema.Draft202012Validator(calibrate_lines.json_schema())
    assert code == 0
    assert {line["type"] for line in lines} >= {"session", "quality", "step", "note", "calibration"}
    for line in lines:
        validator.validate(line)


def test_each_change_of_a_step_is_one_line(calibrated):
    _, _, lines = calibrated
    begun = [(line["step"], line["number"]) for line in lines if line["type"] == "step"]
    assert list(dict.fromkeys(begun)) == [
        ("contact", 1), ("rest", 2), ("tap-left", 3), ("tap-right", 4), ("squeeze-left", 5), ("squeeze-right", 6),
        ("squeeze-both", 7), ("squeeze-both", 8), ("squeeze-both", 9), ("done", 9),
    ]  # fmt: skip
    assert len(begun) < 40


def test_the_last_line_says_what_was_found_and_which_source_to_use(calibrated):
    last = calibrated[2][-1]
    assert last["type"] == "calibration"
    assert last["results"] == {"left": "not-yet", "right": "alone"}
    assert last["exchanged"] is True
    assert last["source"] == [f"{URI}&map=right:1,left:2"]


def test_the_record_is_kept_and_written_alike(calibrated):
    root, _, lines = calibrated
    now = datetime.now(UTC)
    kept = calibrations.read(Path(lines[-1]["kept"]), now)
    assert kept == calibrations.read(root / "mine.json", now)
    assert kept.person == "P-1"
    assert kept.scaled_to == {"left": "right"}
    assert kept.hardened == {"left": False}


def test_a_session_takes_the_newest_one_and_says_its_age(calibrated, capsys):
    root, _, lines = calibrated
    source = lines[-1]["source"][0].replace("script=calibrate&", "")
    options = ["--person", "P-1", "--record", str(root), "--duration", "2", "--json"]
    assert main(["live", "--source", source, "--calibration", "last", *options]) == 0
    said = capsys.readouterr().out.splitlines()
    info = json.loads(said[0])["calibration"]
    assert info["id"] == lines[-1]["record"]["id"]
    assert info["method"] == "best-clench"
    assert 0.0 <= info["age_s"] < 600.0
    assert not any("too-quiet" in line for line in said)


def test_last_without_any_is_one_sentence(tmp_path, capsys):
    source = "sim:healthy?speed=max"
    assert (
        main(["live", "--source", source, "--calibration", "last", "--record", str(tmp_path), "--duration", "1"]) == 1
    )
    assert "make one with glutewake calibrate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "word"), [("sore=1", "sore"), ("pain=11", "11"), ("any=yes", "space"), ("scale", "scale")]
)
def test_a_wrong_answer_is_refused_before_anything_begins(answer, word, capsys):
    assert main(["calibrate", "--source", URI, "--answer", answer]) == 2
    error = capsys.readouterr().err
    assert word in error
    assert "Traceback" not in error


def test_a_file_that_exists_is_never_overwritten(tmp_path, capsys):
    path = tmp_path / "mine.json"
    path.write_text("mine")
    assert main(["calibrate", "--source", URI, "-o", str(path)]) == 2
    assert path.read_text() == "mine"
    assert "exists already" in capsys.readouterr().err


def test_in_real_time_it_goes_by_the_source_too(tmp_path, capsys):
    source = "sim:healthy?script=daily&speed=8&block_ms=50&compensators=0"
    assert main(["calibrate", "--kind", "daily", "--source", source, "--record", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "NOW: Squeeze both cheeks" in said
    assert "left over right" in said
    assert len(list((tmp_path / "calibrations" / "simulated").iterdir())) == 1


def test_too_much_pain_ends_today(tmp_path, capsys):
    source = "sim:healthy?script=full&speed=max"
    options = ["--answer", "pain=7", "--record", str(tmp_path)]
    assert main(["calibrate", "--kind", "full", "--source", source, *options]) == 1
    assert "today ends here" in capsys.readouterr().err


def test_a_source_that_ends_too_early_leaves_one_sentence(tmp_path, capsys):
    code = main(["calibrate", "--source", "sim:healthy?speed=max&reps=1", "--record", str(tmp_path)])
    assert code == 1
    assert "Nothing was measured" in capsys.readouterr().err
    assert not (tmp_path / "calibrations").exists()
