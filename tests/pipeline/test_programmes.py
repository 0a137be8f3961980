"""Programmes that ship and those of one's own lie beside each other; a wrong one hides no other."""

from pathlib import Path

import pytest

from app.pipeline.programmes import all_programmes, copy_programme, load_programme, programme_ids
from app.session.programme import ProgrammeError

CHECK = Path(__file__).resolve().parents[2] / "assets" / "programmes" / "check.toml"


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one's own programmes, empty."""
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path)
    folder = tmp_path / "programmes"
    folder.mkdir()
    return folder


def edited(folder: Path, id_: str, **values: object) -> Path:
    text = CHECK.read_text(encoding="utf-8").replace('id = "check"', f'id = "{id_}"')
    for key, value in values.items():
        text = text.replace(f"{key} = 10\n", f"{key} = {value}\n")
    path = folder / f"{id_}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", programme_ids())
def test_every_programme_that_ships_loads_under_its_own_id(name: str):
    assert load_programme(name).id == name


def test_every_next_step_and_drawing_that_a_programme_names_is_there():
    drawings = CHECK.parents[1] / "drawings" / "exercises"
    for programme in all_programmes().shipped:
        assert programme.next in ("", *programme_ids())
        assert not programme.drawing or (drawings / f"{programme.drawing}.svg").is_file()


def test_a_file_of_ones_own_is_listed_and_loads_by_its_id(own: Path):
    edited(own, "mine", reps=3)

    assert [programme.id for programme in all_programmes().own] == ["mine"]
    assert load_programme("mine").phases[0].reps == 3


def test_a_wrong_file_is_refused_with_line_and_reason_and_hides_no_other(own: Path):
    edited(own, "mine")
    wrong = edited(own, "wrong", reps=0)

    shelf = all_programmes()
    assert [programme.id for programme in shelf.own] == ["mine"]
    (sentence,) = shelf.refused
    assert str(wrong) in sentence
    assert "in line 18" in sentence
    assert len(shelf.shipped) == len(programme_ids())


def test_two_files_with_one_id_are_told_apart(own: Path):
    edited(own, "mine")
    (own / "second.toml").write_text((own / "mine.toml").read_text(encoding="utf-8"), encoding="utf-8")

    shelf = all_programmes()
    assert len(shelf.own) == 1
    assert "second.toml has the same id as another" in shelf.refused[0]


def test_a_changed_file_with_the_id_of_one_that_ships_is_refused(own: Path):
    path = edited(own, "check", reps=3)

    with pytest.raises(ProgrammeError, match="the id 'check' of one that ships; give it another"):
        load_programme(str(path))


def test_a_copy_has_an_id_of_its_own_and_says_the_same(own: Path):
    first, second = copy_programme("clamshell"), copy_programme("clamshell")

    assert [first, second] == [own / "clamshell-own.toml", own / "clamshell-own-2.toml"]
    assert load_programme("clamshell-own").setup == load_programme("clamshell").setup
    assert load_programme("clamshell-own-2").id == "clamshell-own-2"


def test_a_copy_of_a_copy_is_named_after_it(own: Path):
    copy_programme("bridge")

    assert copy_programme("bridge-own") == own / "bridge-own-own.toml"


def test_an_unknown_programme_is_refused_with_those_that_there_are():
    with pytest.raises(ProgrammeError, match=r"There is no programme 'brigde'; there are band-extension, bridge"):
        load_programme("brigde")


def test_without_a_folder_of_ones_own_there_are_those_that_ship(own: Path):
    own.rmdir()

    assert all_programmes().own == ()


def test_a_programme_that_is_no_text_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ProgrammeError, match="it is not text in UTF-8"):
        load_programme(str(path))
