"""`glutewake programmes` lists the exercises, and makes one your own."""

import json

import pytest

from app.main import main
from app.pipeline.programmes import programme_ids


@pytest.fixture(autouse=True)
def own(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    return tmp_path / "programmes"


def test_every_exercise_is_listed_with_where_ones_own_lie(own, capsys):
    assert main(["programmes"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in programme_ids())
    assert str(own) in out


def test_as_json_each_exercise_is_a_line(capsys):
    assert main(["programmes", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == list(programme_ids())
    assert {line["origin"] for line in lines} == {"shipped"}


def test_a_copy_is_made_and_marked_as_ones_own(own, capsys):
    assert main(["programmes", "copy", "bridge"]) == 0
    assert capsys.readouterr().out == f"{own / 'bridge-own.toml'}\n"
    assert main(["programmes"]) == 0
    assert "* bridge-own " in capsys.readouterr().out


def test_a_wrong_file_is_told_and_the_others_are_listed(own, capsys):
    assert main(["programmes", "copy", "bridge"]) == 0
    path = own / "bridge-own.toml"
    path.write_text(path.read_text("utf-8").replace("reps = 10", 'reps = "ten"'), encoding="utf-8")
    capsys.readouterr()
    assert main(["programmes"]) == 1
    out, err = capsys.readouterr()
    assert "  bridge " in out
    assert "bridge-own.toml is wrong in line" in err


def test_an_unknown_exercise_cannot_be_copied(capsys):
    assert main(["programmes", "copy", "brigde"]) == 2
    assert "There is no programme 'brigde'" in capsys.readouterr().err
