"""`recover` and `verify` name the sessions they are about."""

from pathlib import Path

from app.cli_recordings import session_folders


def test_a_folder_of_sessions_stands_for_the_sessions_in_it(tmp_path: Path):
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "journal.emj").touch()
    (tmp_path / "other").mkdir()

    assert session_folders(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert session_folders(tmp_path / "a") == [tmp_path / "a"]
    assert session_folders(tmp_path / "other") == [tmp_path / "other"]
