"""`history rebuild` says what it found."""

from app.main import main
from tests.rigs.lived import on_disk


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


def test_a_history_that_cannot_be_opened_is_one_sentence(tmp_path, capsys):
    (tmp_path / "history.db").mkdir()
    assert main(["history", "rebuild", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("glutewake: The history in ")
    assert error.count("\n") == 1
