"""Plans go out as a file, and results come back as a file, each session once."""

import json

import pytest

from app import archive
from app.main import main
from tests.rigs.lived import on_disk

PLAN = """
id = "first-weeks"
title = "The first weeks"
[[steps]]
id = "squeeze"
title = "Squeeze"
programmes = ["prone-ankle-squeeze"]
"""


@pytest.fixture
def root(tmp_path):
    archive.enter(on_disk(tmp_path / "root"))
    return tmp_path / "root"


def test_a_plan_that_can_be_followed_is_said_so(tmp_path, capsys):
    (tmp_path / "plan.toml").write_text(PLAN)
    assert main(["plan", "check", str(tmp_path / "plan.toml")]) == 0
    assert capsys.readouterr().out == "The first weeks: 1 step, Squeeze.\n"


def test_a_wrong_plan_is_refused_in_one_sentence(tmp_path, capsys):
    (tmp_path / "plan.toml").write_text(PLAN.replace("ankle", "uncle"))
    assert main(["plan", "check", str(tmp_path / "plan.toml")]) == 2
    assert "asks for 'prone-uncle-squeeze'" in capsys.readouterr().err


def test_results_come_back_without_duplicates_and_without_names(root, tmp_path, capsys):
    file = tmp_path / "results.json"
    assert main(["plan", "results", str(root), "--person", "P-017", "-o", str(file)]) == 0
    (session,) = json.loads(file.read_text("utf-8"))["sessions"]
    assert len(session["sha256"]) == 64

    for taken_in in ("1 new, 1 in all", "0 new, 1 in all"):
        assert main(["plan", "take-in", str(file), str(root)]) == 0
        assert taken_in in capsys.readouterr().out
    kept = json.loads((root / "plan-results" / "P-017.json").read_text("utf-8"))
    assert [one["sha256"] for one in kept["sessions"]] == [session["sha256"]]


def test_results_are_never_written_over(root, tmp_path, capsys):
    (tmp_path / "results.json").write_text("mine")
    assert main(["plan", "results", str(root), "--person", "P-017", "-o", str(tmp_path / "results.json")]) == 2
    assert "nothing is ever overwritten" in capsys.readouterr().err


def test_the_usual_folder_is_made_for_results_another_one_has_to_be_there(root, tmp_path, capsys, monkeypatch):
    usual = tmp_path / "usual"
    monkeypatch.setattr("app.cli_plan.default_root", lambda: usual)
    file = tmp_path / "results.json"
    assert main(["plan", "results", str(root), "--person", "P-017", "-o", str(file)]) == 0
    assert main(["plan", "take-in", str(file)]) == 0
    assert (usual / "plan-results" / "P-017.json").exists()

    assert main(["plan", "take-in", str(file), str(tmp_path / "mistyped")]) == 1
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"person": 1}', '{"kind": "photos"}'])
def test_a_file_that_holds_no_results_is_refused(root, tmp_path, capsys, text):
    (tmp_path / "results.json").write_text(text)
    assert main(["plan", "take-in", str(tmp_path / "results.json"), str(root)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (root / "plan-results").exists()


def test_deleting_a_person_for_good_deletes_the_results_that_were_taken_in(root, tmp_path, capsys):
    file = tmp_path / "results.json"
    assert main(["plan", "results", str(root), "--person", "P-017", "-o", str(file)]) == 0
    assert main(["plan", "take-in", str(file), str(root)]) == 0
    assert main(["history", "delete", "P-017", str(root), "--for-good"]) == 0
    assert not list((root / "plan-results").iterdir())
