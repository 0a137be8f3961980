"""`history` lists people, hands over what is kept, deletes for good, and is made anew."""

import json

import pytest

from app import archive
from app.main import main
from tests.rigs.lived import on_disk


@pytest.fixture
def root(tmp_path):
    archive.enter(on_disk(tmp_path / "root"))
    with archive.open_history(tmp_path / "root") as history:
        history.rename("P-017", "Ada L.")
    return tmp_path / "root"


def test_people_are_listed_by_code_and_never_by_name(root, capsys):
    assert main(["history", "people", str(root)]) == 0
    assert capsys.readouterr().out.split() == ["P-017", "1", "session,", "the", "last", "on", "2026-03-02"]


@pytest.mark.parametrize("command", [["people"], ["export", "P-1", "-o", "x"], ["delete", "P-1"]], ids=lambda c: c[0])
def test_where_nobody_trained_it_says_how_to_begin_and_makes_no_history(tmp_path, capsys, command):
    assert main(["history", *command[:2], str(tmp_path), *command[2:]]) == 1
    assert "--person" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["people", "rebuild"])
def test_a_folder_that_is_not_there_is_said_so_and_not_made(tmp_path, capsys, command):
    assert main(["history", command, str(tmp_path / "typo")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_everything_of_a_person_is_written_down_and_nothing_written_over(root, tmp_path, capsys):
    output = tmp_path / "ada.json"
    command = ["history", "export", "P-017", str(root), "-o", str(output)]
    assert main(command) == 0
    tables = json.loads(output.read_text("utf-8"))
    assert tables["person"][0]["display_name"] == "Ada L."
    assert len(tables["rep"]) == 10
    assert main(command) == 1
    assert "there already" in capsys.readouterr().err


def test_deleting_says_first_what_it_would_delete(root, capsys):
    assert main(["history", "delete", "P-017", str(root)]) == 1
    assert "P-017 with 1 session from" in capsys.readouterr().err
    assert len(list(root.glob("*/journal.emj"))) == 1


def test_deleting_for_good_leaves_nobody_and_nothing(root, capsys):
    assert main(["history", "delete", "P-017", str(root), "--for-good"]) == 0
    assert capsys.readouterr().out == "P-017 is deleted, with 1 recording.\n"
    assert [path.name for path in root.iterdir()] == ["history.db"]
    assert main(["history", "delete", "P-017", str(root), "--for-good"]) == 1
    assert capsys.readouterr().err.startswith("glutewake: Nobody has the code 'P-017'")


def test_rebuilding_says_what_is_in_the_history(tmp_path, capsys):
    on_disk(tmp_path)
    assert main(["history", "rebuild", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "In the history: 1 session of 1 person.\n"


def test_rebuilding_names_what_it_leaves_out(tmp_path, capsys):
    on_disk(tmp_path, person="Ada Lovelace")
    assert main(["history", "rebuild", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("In the history: 0 sessions of 0 people.\nLeft out: 'Ada Lovelace' cannot be a person's code")


def test_a_damaged_history_is_told_to_lie_aside(tmp_path, capsys):
    on_disk(tmp_path)
    (tmp_path / "history.db").write_bytes(b"garbage" * 1000)
    assert main(["history", "rebuild", str(tmp_path)]) == 0
    assert str(tmp_path / "history.db.damaged-1") in capsys.readouterr().out


@pytest.mark.parametrize("command", [["rebuild"], ["people"], ["delete", "P-017"]], ids=" ".join)
def test_a_history_that_cannot_be_opened_is_one_sentence(tmp_path, capsys, command):
    (tmp_path / "history.db").mkdir()
    assert main(["history", *command, str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("glutewake: The history in ")
    assert error.count("\n") == 1
