"""Whatever lies where a programme, a plan, results, kits, calibrations or settings should be: one sentence, no hang."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.pipeline.programmes import own_folder, programme_ids
from app.preferences import Preferences
from app.recording import calibrations
from app.recording.errors import RecordingError
from app.recording.kit import KITS_NAME, read_kits
from app.settings import Settings
from app.small_file import LARGEST_BYTES
from drivers.replay.formats.journal import ends_well
from tests.system.command import REPOSITORY, glutewake

SHIPPED = (REPOSITORY / "assets" / "programmes" / "prone-ankle-squeeze.toml").read_text(encoding="utf-8")
QUICK = ("live", "--source", "sim:healthy?speed=max", "--duration", "1")


def _pipe(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there are no named pipes in folders")
    os.mkfifo(path)


def _endless(path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no /dev/zero here")
    path.symlink_to("/dev/zero")


WRONG: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.touch(),
    "noise": lambda path: path.write_bytes(np.random.default_rng(2).integers(0, 256, 5000, np.uint8).tobytes()),
    "half": lambda path: path.write_text(SHIPPED[: len(SHIPPED) // 2]),
    "newer": lambda path: path.write_text("v = 99\n" + SHIPPED),
    "utf-16": lambda path: path.write_text(SHIPPED, encoding="utf-16"),
    "nul": lambda path: path.write_text(SHIPPED.replace("title", "ti\0tle")),
    "number-without-end": lambda path: path.write_text("id = " + "9" * 5000),
    "lists-within-lists": lambda path: path.write_text("id = " + "[" * 100_000),
    "json-within-json": lambda path: path.write_text('{"id": ' * 100_000),
    "huge": lambda path: path.write_bytes(b"#" * (LARGEST_BYTES + 1)),
    "folder": lambda path: path.mkdir(),
    "link-to-itself": lambda path: path.symlink_to(path),
    "link-to-nowhere": lambda path: path.symlink_to(path.with_name("gone")),
    "pipe": _pipe,
    "endless": _endless,
}
each_wrong = pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in WRONG.items()])


def refused(*arguments: str | Path) -> str:
    """The sentence with which a command is refused as wrong."""
    outcome = glutewake(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("glutewake: ")
    assert outcome.err.count("\n") == 1
    assert "inside GluteWake" not in outcome.err
    return outcome.err


@each_wrong
def test_what_is_no_programme_plan_result_or_calibration_is_refused_by_name(
    make: Callable[[Path], object], tmp_path: Path
):
    make(path := tmp_path / "Übung ✓ 'x'.toml")
    (tmp_path / "recordings").mkdir()
    for command in (
        (*QUICK, "--programme", path),
        ("plan", "check", path),
        ("plan", "take-in", path, tmp_path / "recordings"),
        (*QUICK, "--calibration", path),
    ):
        assert path.name in refused(*command)


@each_wrong
def test_a_wrong_programme_of_ones_own_hides_no_other(
    make: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *args, **options: tmp_path)
    own_folder().mkdir(parents=True)
    make(own_folder() / "mine.toml")
    outcome = glutewake("programmes")
    assert outcome.code == 1
    assert "mine.toml" in outcome.err
    assert all(name in outcome.out for name in programme_ids())
    assert "prone-ankle-squeeze" in refused(*QUICK, "--programme", "nope")


@each_wrong
def test_settings_that_are_wrong_are_no_reason_not_to_start(make: Callable[[Path], object], tmp_path: Path):
    make(path := tmp_path / "settings.toml")
    settings = Settings(path)
    assert settings.preferences == Preferences()
    assert str(path) in settings.trouble or not path.exists() or path.stat().st_size == 0


@each_wrong
def test_kits_that_are_wrong_are_refused_by_name(make: Callable[[Path], object], tmp_path: Path):
    make(path := tmp_path / KITS_NAME)
    if not path.exists() or (path.stat().st_size == 0 and path.is_file()):
        return  # nothing was asked yet
    with pytest.raises(RecordingError) as refusal:
        read_kits(tmp_path)
    assert str(path) in refusal.value.sentence


def test_a_programme_that_notepad_saved_is_read(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text(SHIPPED.replace('id = "prone-ankle-squeeze"', 'id = "mine"'), encoding="utf-8-sig", newline="\r\n")
    assert glutewake(*QUICK, "--programme", path).code == 0


def test_a_broken_off_calibration_without_a_time_zone_is_left_out(tmp_path: Path):
    folder = tmp_path / "calibrations" / "P-1"
    folder.mkdir(parents=True)
    text = (
        b'{"kind":"quick","sites":["left"],"device":[],"person":"P-1","simulated":false,"position":"prone","total":5,'
        b'"steps":[],"broken_off_utc":"2026-11-20T10:00:00"}'
    )
    (folder / calibrations.UNFINISHED_NAME).write_bytes(text)
    assert calibrations.find_unfinished(tmp_path, "P-1", datetime.now(UTC), simulated=False) is None


@pytest.mark.parametrize("folder", ["recordings", "~/recordings", "../x", "/a\\nb", "/a\\u0000b"])
def test_a_folder_in_the_settings_that_is_no_whole_path_leaves_the_usual_one(tmp_path: Path, folder: str):
    path = tmp_path / "settings.toml"
    path.write_text(f'v = 2\n[preferences]\ndata_folder = "{folder}"\nvolume = 30\n')
    settings = Settings(path)
    assert (settings.preferences.data_folder, settings.preferences.volume) == ("", 30)
    assert str(path) in settings.trouble


@pytest.mark.parametrize("name", ["none/out.json", "plain/out.json"])
def test_where_nothing_can_be_written_is_said_before_a_calibration_begins(tmp_path: Path, name: str):
    (tmp_path / "plain").touch()
    output = tmp_path / name
    assert str(output) in refused("calibrate", "--source", "sim:healthy", "--record", tmp_path / "x", "-o", output)
    assert not (tmp_path / "x").exists()


def test_what_is_not_text_is_refused_before_anything_is_recorded(tmp_path: Path):
    odd = os.fsdecode(b"M\xfcller")
    assert "UTF-8" in refused(*QUICK, "--record", tmp_path, "--person", odd)
    assert "UTF-8" in refused(*QUICK, "--record", tmp_path / odd)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_terminal_is_no_reason_to_fail(tmp_path: Path, closed: str):
    """What is recorded never gets the place of the output, where others write."""
    command = f"'{sys.executable}' -m app {' '.join(QUICK)} --record '{tmp_path}' {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=REPOSITORY, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert ends_well(folder)


@pytest.mark.parametrize("make", [_pipe, _endless, Path.mkdir, lambda path: path.symlink_to(path)])
def test_a_history_that_is_no_file_is_said_and_not_waited_for(make: Callable[[Path], object], tmp_path: Path):
    make(tmp_path / "history.db")
    outcome = glutewake("history", "rebuild", tmp_path)
    assert outcome.code == 1
    assert str(tmp_path / "history.db") in outcome.err


def test_a_journal_that_is_a_pipe_is_no_recording(tmp_path: Path):
    (session := tmp_path / "2026-11-20_100000_P-1").mkdir()
    _pipe(session / "journal.emj")
    for command in (("recover", tmp_path), ("analyze", session), ("report", session, "-o", tmp_path / "x.html")):
        assert str(session) in glutewake(*command).err
    assert glutewake("history", "rebuild", tmp_path).code in (0, 1)
