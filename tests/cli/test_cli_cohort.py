"""``analyze DIR``: a table with one row each, and how long it still takes."""

import csv
import io
import json
from pathlib import Path

import pytest

from app.cli_cohort import COLUMNS, is_cohort, tell_progress, write_cohort
from app.main import main
from app.pipeline.cohort import CACHE, Outcome
from drivers.replay.formats.journal import JOURNAL_NAME

SUMMARY = {
    "attempts": 10,
    "reps": 9,
    "clean_reps": 8,
    "woke": True,
    "wake_up_squeezes": None,
    "sleeping_side": None,
    "fired_pct": {"left": 90.0, "right": None},
    "lsi_pct": 91.5,
    "lag_ms": -12.0,
    "synchrony_pct": 88.0,
    "lost_pct": 0.0,
}
GOOD = Outcome(
    Path("b"),
    "ff",
    {
        "file": "b",
        "session": {"person": "P-1", "label": "a\tb"},
        "sfreq": 1000.0,
        "duration_s": 30.5,
        "summary": SUMMARY,
    },
)
BROKEN = Outcome(Path("a"), None, None, "'a' is empty.")


def table(*outcomes: Outcome) -> list[dict[str, str]]:
    out = io.StringIO()
    write_cohort(outcomes, as_json=False, out=out)
    return list(csv.DictReader(io.StringIO(out.getvalue()), delimiter="\t"))


def test_every_recording_is_one_row_with_every_column():
    rows = table(BROKEN, GOOD)
    assert [tuple(row) for row in rows] == [COLUMNS, COLUMNS]
    assert (rows[1]["person"], rows[1]["lsi_pct"], rows[1]["woke"], rows[1]["fired_left_pct"]) == (
        "P-1",
        "91.5",
        "true",
        "90.0",
    )


def test_what_is_not_known_is_not_empty():
    broken, good = table(BROKEN, GOOD)
    assert (broken["lsi_pct"], good["wake_up_squeezes"], good["fired_right_pct"], good["error"]) == ("n/a",) * 4
    assert broken["error"] == "'a' is empty."


def test_a_label_with_a_tab_stays_in_its_cell():
    assert table(GOOD)[0]["label"] == "a b"


def test_lines_of_json_carry_the_error_too():
    out = io.StringIO()
    write_cohort([BROKEN], as_json=True, out=out)
    assert json.loads(out.getvalue()) == {"file": "a", "error": "'a' is empty."}


def test_progress_says_how_long_it_still_takes():
    out = io.StringIO()
    seconds = iter([0.0, 12.0, 30.0, 50.0])
    outcomes = tell_progress(iter([GOOD, BROKEN, GOOD]), 4, out, lambda: next(seconds))
    assert [outcome.path.name for outcome in outcomes] == ["a", "b", "b"]
    assert out.getvalue().splitlines()[:2] == ["1 of 4, 36 s left", "2 of 4, 1 cannot be read, 30 s left"]


def test_recalled_results_are_no_measure_of_the_time_left():
    out = io.StringIO()
    seconds = iter([0.0, 12.0])
    tell_progress([Outcome(Path("a"), "f", GOOD.analysis, recalled=True)], 2, out, lambda: next(seconds))
    assert out.getvalue() == "1 of 2\n"


def test_a_session_folder_is_one_recording_and_its_parent_many(tmp_path):
    session = tmp_path / "session"
    session.mkdir()
    (session / JOURNAL_NAME).touch()
    assert not is_cohort([session])
    assert is_cohort([tmp_path])


def test_a_folder_of_recordings_becomes_a_table_once(tmp_path, capsys):
    recorded, out = tmp_path / "recorded", tmp_path / "table.tsv"
    assert main(["live", "--source", "sim:healthy?seed=1&speed=max&reps=2", "--record", str(recorded), "--json"]) == 0
    (recorded / "broken.csv").write_text("x\n", encoding="utf-8")
    command = ["analyze", str(recorded), "--jobs", "1", "-o", str(out)]
    assert main(command) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")), delimiter="\t"))
    assert [row["reps"] for row in rows] == ["2", "n/a"]
    assert len(list((recorded / CACHE).iterdir())) == 1
    assert "1 of 2 recordings cannot be read" in capsys.readouterr().err
    assert main(command) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_folder_without_a_recording_is_refused_in_one_sentence(tmp_path, capsys):
    assert main(["analyze", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_number_of_jobs_that_is_none_is_wrong_usage(tmp_path, capsys, jobs):
    assert main(["analyze", str(tmp_path), f"--jobs={jobs}"]) == 2
    assert "whole number" in capsys.readouterr().err
