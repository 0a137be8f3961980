"""Where the recordings are, and how they get elsewhere."""

import logging
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.data_desk import DataDesk
from app.history.views import Person
from app.logs import send_logs_to
from app.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.toml")


def at_once(action: Callable[[], None]) -> None:
    action()


def test_a_move_is_remembered_and_what_is_recorded_next_lies_there(settings, tmp_path):
    (tmp_path / "old" / "session").mkdir(parents=True)
    (tmp_path / "old" / "session" / "data").write_text("x")
    desk = DataDesk(settings, tmp_path / "old", at_once)
    desk.move(tmp_path / "new")

    assert desk.folder == desk.records_in == tmp_path / "new"
    assert Settings(settings.path).preferences.data_folder == str(tmp_path / "new")
    assert desk.moving is not None
    assert str(tmp_path / "new") in desk.moving.sentence


def test_a_move_that_fails_leaves_everything_where_it_is(settings, tmp_path):
    (tmp_path / "old").mkdir()
    desk = DataDesk(settings, tmp_path / "old", at_once)
    desk.move(tmp_path / "old" / "inner")

    assert desk.folder == tmp_path / "old"
    assert settings.preferences.data_folder == ""
    assert desk.moving is not None
    assert "within each other" in desk.moving.sentence


def test_half_a_path_is_refused(settings, tmp_path):
    desk = DataDesk(settings, tmp_path, at_once)
    desk.move(Path("recordings"))

    assert desk.moving is not None
    assert "not a whole path" in desk.moving.sentence


def test_a_move_that_waits_for_the_session_to_end_is_told_to_run(settings, tmp_path):
    desk = DataDesk(settings, tmp_path, lambda action: None)
    desk.move(tmp_path / "new")

    assert desk.moving is not None
    assert (desk.moving.share, desk.moving.sentence) == (0.0, "")


def test_the_room_of_a_folder_that_is_not_made_yet_is_that_of_its_disk(settings, tmp_path):
    room = DataDesk(settings, tmp_path / "a" / "b", at_once).free()

    assert room is not None
    assert room[0] > 0
    assert room[1] > 0


def test_where_nothing_is_recorded_the_folder_is_the_usual_one(settings, tmp_path):
    settings.prefer(data_folder=str(tmp_path / "moved"))

    assert DataDesk(settings, None, at_once).folder == tmp_path / "moved"


def test_a_report_names_nobody_who_has_a_history(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("app.data_desk.platformdirs.user_documents_path", lambda: tmp_path / "none")
    ada = Person("P-7", "Ada Meier", None, None, True, 0, None)
    desk = DataDesk(settings, tmp_path, at_once, lambda: (ada,))
    with send_logs_to(None):
        logging.getLogger("app.test").warning("Meier of P-7 was here")
        path = desk.save_report()

    with zipfile.ZipFile(path) as archive:
        log = archive.read("log.txt").decode()
    assert "<hidden> of <hidden> was here" in log


def test_where_the_settings_cannot_be_kept_the_recordings_stay_where_they_are(settings, tmp_path):
    (tmp_path / "old" / "session").mkdir(parents=True)
    (tmp_path / "old" / "session" / "data").write_text("x")
    settings.path.mkdir()
    desk = DataDesk(settings, tmp_path / "old", at_once)
    desk.move(tmp_path / "new")

    assert desk.moving is not None
    assert "The recordings stay where they are." in desk.moving.sentence
    assert (desk.folder, settings.preferences.data_folder) == (tmp_path / "old", "")
    assert (tmp_path / "old" / "session" / "data").read_text() == "x"
    assert not (tmp_path / "new").exists()
