"""Who trains: names in the database alone, one person in force, and nothing left of whoever is deleted."""

from pathlib import Path

import msgspec
import pytest

from app import archive
from app.history.errors import CodeRefusedError, HistoryError
from app.people_desk import PeopleDesk
from app.session.care import CareCheck
from app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.toml")


def make(settings: Settings, root: Path, begun: list[str] | None = None, person: str = "") -> PeopleDesk:
    desk = PeopleDesk(settings, person, lambda: root, lambda: (begun if begun is not None else []).append("begun"))
    return desk


def test_whoever_only_asks_makes_no_history(settings, tmp_path):
    assert make(settings, tmp_path / "root").read() == ()
    assert not (tmp_path / "root").exists()


def test_a_new_person_has_a_code_and_a_name(settings, tmp_path):
    desk = make(settings, tmp_path / "root")
    desk.add("P-7", "Ada")
    desk.add("P-8", "")

    assert {(one.code, one.display_name) for one in desk.read()} == {("P-7", "Ada"), ("P-8", None)}


def test_a_name_is_no_code(settings, tmp_path):
    with pytest.raises(CodeRefusedError, match="like P-017"):
        make(settings, tmp_path / "root").add("Ada Meier", "")

    assert not (tmp_path / "root").exists()


def test_a_code_that_is_taken_is_refused(settings, tmp_path):
    desk = make(settings, tmp_path)
    desk.add("P-7", "")
    with pytest.raises(HistoryError):
        desk.add("P-7", "")


def test_name_and_treated_side_can_be_changed(settings, tmp_path):
    desk = make(settings, tmp_path)
    desk.add("P-7", "Ada")
    desk.rename("P-7", "")
    desk.set_side("P-7", "left")

    assert [(one.display_name, one.affected_side) for one in desk.read()] == [(None, "left")]


def test_who_is_chosen_is_remembered_and_a_session_of_theirs_begins(settings, tmp_path):
    begun: list[str] = []
    desk = make(settings, tmp_path, begun)
    desk.choose("P-7")
    desk.choose("P-7")

    assert (desk.person, settings.preferences.person, begun) == ("P-7", "P-7", ["begun"])


def test_everything_that_is_kept_of_somebody_can_be_written_down(settings, tmp_path):
    desk = make(settings, tmp_path)
    desk.add("P-7", "Ada")
    rows = msgspec.json.decode(desk.export("P-7").read_bytes())

    assert [row["display_name"] for table in rows.values() for row in table if "display_name" in row] == ["Ada"]


def test_nothing_is_left_of_whoever_is_deleted(settings, tmp_path):
    root = tmp_path / "root"
    desk = make(settings, root)
    desk.add("P-7", "Ada")
    desk.export("P-7")
    settings.keep_care(CareCheck({"skin": True}, person="P-7"))
    settings.save()
    desk.delete("P-7")

    assert desk.read() == ()
    left = [path for path in tmp_path.rglob("*") if path.is_file() and b"P-7" in path.read_bytes()]
    assert left == []
    assert not list(root.glob("everything-of-*"))


def test_what_was_written_down_of_somebody_with_a_longer_code_stays(settings, tmp_path):
    desk = make(settings, tmp_path)
    desk.add("P", "")
    desk.add("P-017", "")
    written = desk.export("P-017")
    desk.delete("P")

    assert written.exists()


def test_who_trains_now_is_not_deleted(settings, tmp_path):
    desk = make(settings, tmp_path, person="P-7")
    desk.add("P-7", "Ada")
    with pytest.raises(HistoryError, match="choose somebody else first"):
        desk.delete("P-7")

    with archive.open_history(tmp_path) as history:
        assert len(history.people()) == 1


def test_nobody_is_deleted_with_a_sentence(settings, tmp_path):
    desk = make(settings, tmp_path)
    desk.add("P-8", "")
    with pytest.raises(HistoryError, match="Nobody has the code"):
        desk.delete("P-7")


def test_a_folder_that_cannot_be_made_is_said(settings, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="Nobody can be added"):
        make(settings, tmp_path / "file" / "root").add("P-7", "")
