"""Joined tables: what is in them, whose sessions, and that nothing is ever written over."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.main import main
from app.recording.errors import RecordingError
from app.recording.export.choice import choose
from app.recording.export.tidy import write_tidy
from tests.rigs.sessions import write_session

TABLES = ("sessions", "sets", "reps", "attempts", "cues", "ratings", "calibrations", "checks")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "recordings"
    write_session(folder, person="P-017", start="2026-11-20T14:30:05+00:00")
    write_session(folder, person="P-017", start="2026-11-27T14:30:05+00:00")
    write_session(folder, person="P-018", start="2026-11-21T14:30:05+00:00", label='"a\tb\nc')
    write_session(folder, person="P-017", start="2026-11-22T14:30:05+00:00", simulated=True)
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "tidy"
    assert main(["export", str(root), "--to", "tidy", "-o", str(folder)]) == 0
    return folder


def test_there_is_one_row_for_everything_that_happened(out: Path):
    counts = {name: len(table(out, name)) for name in TABLES}
    assert counts == {
        "sessions": 3, "sets": 3, "reps": 9, "attempts": 9, "cues": 3, "ratings": 3, "calibrations": 6, "checks": 3
    }  # fmt: skip


def test_every_table_joins_on_its_session(out: Path):
    names = {row["session_id"] for row in table(out, "sessions")}
    assert names == {"2026-11-20_143005_P-017", "2026-11-21_143005_P-018", "2026-11-27_143005_P-017"}
    for name in TABLES:
        assert {row["session_id"] for row in table(out, name)} == names


def test_a_rep_carries_its_numbers_and_those_that_are_not_there_are_said_to_be_missing(out: Path):
    first, second, _ = table(out, "reps")[:3]
    assert (first["lag_ms"], first["lsi_pct"], first["onset_left_s"]) == ("40", "81", "3.1")
    assert (second["lag_ms"], second["lag_status"]) == ("n/a", "left-not-fired")
    assert first["mean_hamstring-left_pct"] == "12"


def test_the_check_of_a_session_is_a_row_of_its_own(out: Path):
    check = table(out, "checks")[0]
    assert (check["fired_left_pct"], check["fired_right_pct"], check["lag_ms"]) == ("66.7", "100", "80")


def test_what_was_typed_breaks_no_table(out: Path):
    assert [row["label"] for row in table(out, "sessions")] == ["Anna, knee", "'a b c", "Anna, knee"]


def test_every_column_is_in_the_codebook(out: Path):
    book = json.loads((out / "codebook.json").read_text("utf-8"))
    for name in TABLES:
        columns = (out / f"{name}.tsv").read_text("utf-8").splitlines()[0].split("\t")
        assert list(book[name]) == columns
        assert all(book[name][column]["Description"] for column in columns)


def as_exported(checks: str) -> str:
    return checks


def of_nobody(checks: str) -> str:
    return checks.replace("\tP-017\t", "\tn/a\t").replace("\tP-018\t", "\tn/a\t")


def by_number(checks: str) -> str:
    return checks.replace("\tP-017\t", "\t017\t")


def without_a_check(checks: str) -> str:
    return checks.splitlines(keepends=True)[0]


@pytest.mark.parametrize("edit", [as_exported, of_nobody, by_number, without_a_check])
def test_ten_lines_of_python_draw_the_trend(out: Path, tmp_path: Path, edit: Callable[[str], str]):
    pytest.importorskip("matplotlib")
    shutil.copytree(out, tmp_path / "copy")
    checks, script = tmp_path / "copy" / "checks.tsv", tmp_path / "copy" / "trend.py"
    checks.write_text(edit(checks.read_text("utf-8")), "utf-8")
    lines = [line for line in script.read_text().splitlines() if line and not line.startswith(('"', "import", "from"))]
    assert len(lines) <= 10
    subprocess.run(
        [sys.executable, str(script)], check=True, timeout=50, env={**os.environ, "MPLBACKEND": "Agg"}, cwd=tmp_path
    )
    assert (tmp_path / "copy" / "trend.png").stat().st_size > 1000


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not here (Debian: apt-get install r-base-core)")
@pytest.mark.parametrize("edit", [as_exported, of_nobody, by_number, without_a_check])
def test_ten_lines_of_r_draw_the_trend(out: Path, tmp_path: Path, edit: Callable[[str], str]):
    shutil.copytree(out, tmp_path / "copy")
    checks, script = tmp_path / "copy" / "checks.tsv", tmp_path / "copy" / "trend.R"
    checks.write_text(edit(checks.read_text("utf-8")), "utf-8")
    assert len([line for line in script.read_text().splitlines() if line[:1] not in ("#", " ", "}")]) <= 10
    done = subprocess.run(
        ["Rscript", "trend.R"], check=True, timeout=50, cwd=tmp_path / "copy", capture_output=True, text=True
    )
    assert done.stderr == ""  # not even a warning
    if edit is not without_a_check:
        assert (tmp_path / "copy" / "trend.png").stat().st_size > 1000


def test_one_person_since_a_day_is_chosen(root: Path):
    chosen = choose([root], person="P-017", since=date(2026, 11, 25), simulated=False)
    assert [session.id for session in chosen.sessions] == ["2026-11-27_143005_P-017"]


def test_simulated_sessions_come_only_when_asked_for_and_are_marked(root: Path, tmp_path: Path):
    chosen = choose([root], person=None, since=None, simulated=True)
    write_tidy(chosen.sessions, tmp_path / "all")
    assert sorted(row["simulated"] for row in table(tmp_path / "all", "sessions")) == [
        "false",
        "false",
        "false",
        "true",
    ]


def test_the_same_recording_named_twice_is_exported_once(root: Path):
    folder = next(root.glob("*P-018"))
    assert len(choose([root, folder], person=None, since=None, simulated=False).sessions) == 3


def test_nothing_is_written_over(root: Path, out: Path, capsys: pytest.CaptureFixture[str]):
    before = (out / "reps.tsv").read_bytes()
    assert main(["export", str(root), "--to", "tidy", "-o", str(out)]) == 1
    assert "is there already and is not written over" in capsys.readouterr().err
    assert (out / "reps.tsv").read_bytes() == before


def test_a_recording_that_cannot_be_read_is_told_and_the_others_are_exported(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    shutil.copytree(root, tmp_path / "recordings")
    (tmp_path / "recordings" / "broken").mkdir()
    (tmp_path / "recordings" / "broken" / "journal.emj").write_bytes(b"nothing of ours")
    assert main(["export", str(tmp_path / "recordings"), "--to", "tidy", "-o", str(tmp_path / "o")]) == 1
    assert "Left out: " in capsys.readouterr().out
    assert len(table(tmp_path / "o", "sessions")) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "tidy"], "-o/--output"),
        (["--to", "xls", "-o", "x"], "invalid choice"),
        (["--to", "tidy", "-o", "x"], "Say which sessions"),
        (["--to", "tidy", "-o", "x", "--person", "A", "--all"], "not both"),
        (["--to", "tidy", "-o", "x", "--all", "--since", "yesterday"], "is not a day"),
        (["--to", "tidy", "-o", "x", "--all", "--with-notes"], "belongs to --to zip"),
    ],
)
def test_a_wrong_request_is_refused(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]):
    assert main(["export", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_where_nothing_is_left_it_says_why(root: Path, tmp_path: Path):
    with pytest.raises(RecordingError, match="no session of 'nobody'"):
        choose([root], person="nobody", since=None, simulated=False)
    with pytest.raises(RecordingError, match="--simulated"):
        choose([next(root.glob("*simulated"))], person=None, since=None, simulated=False)
    with pytest.raises(RecordingError, match="holds no recording"):
        choose([tmp_path], person=None, since=None, simulated=False)
