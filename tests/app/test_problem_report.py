"""A problem report says what went wrong, and nothing of anybody."""

import errno
import json
import logging
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logs import send_logs_to
from app.problem_report import without, write_report
from app.recording.errors import RecordingError
from app.settings import Sensor, Settings
from tests.rigs.lived import line

HOME = str(Path.home())
NAMES = ("P-017", "P017", "Ada Meier", "Blue one", "AA:BB:CC:DD:EE:FF", "left leg of Ada", "desk-of-ada", "a.meier")
CHAIN = "bp20-450x4-notch/fb10/rms50"


@pytest.fixture(autouse=True)
def computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "desk-of-ada.clinic.example")
    monkeypatch.setattr("getpass.getuser", lambda: "a.meier")


def told(folder: Path) -> dict[str, str]:
    """The report of a run in which a lot of private things were logged."""
    settings = Settings()
    settings.remember([Sensor("umyo:AA:BB:CC:DD:EE:FF", {"left": 1}, key="AA:BB:CC:DD:EE:FF", name="Blue one")])
    settings.prefer(person="P-017", data_folder=f"{HOME}/clinic/recordings", theme="light", programme="bridge-P-017")
    settings.trouble = f"The settings in {HOME}/clinic/settings.toml cannot be read; ask Ada Meier."
    session = msgspec.structs.replace(
        line(person="P-017"), label="left leg of Ada", source=["umyo:AA:BB:CC:DD:EE:FF"], chain=CHAIN
    )
    with send_logs_to(None):
        log = logging.getLogger("app.test")
        log.warning("not recorded: '%s/clinic/recordings/2026-11-20_P-017' is full", HOME)
        log.warning("umyo:AA:BB:CC:DD:EE:FF?map=left:1 was lost, Blue one of Ada Meier")
        log.info("2026-11-20_143005_P-017 is finished: sub-P017_ses-20261120_emg.bdf")
        log.warning("no answer from desk-of-ada, desk-of-ada.clinic.example; a.meier may not open the port")
        log.warning("C:\\Users\\ada\\AppData\\glutewake\\history.db is locked")
        try:
            raise RuntimeError("the thing broke")
        except RuntimeError:
            log.exception("unexpected")
    path = write_report(folder, settings, session, ["Ada Meier"])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("secret", [*NAMES, HOME, "clinic", "ada"])
def test_no_name_no_address_and_no_folder_stands_in_it(tmp_path: Path, secret: str):
    for name, text in told(tmp_path).items():
        assert secret not in text, f"{secret!r} stands in {name}"


def test_what_went_wrong_stands_in_it(tmp_path: Path):
    report = told(tmp_path)

    assert "RuntimeError: the thing broke" in report["log.txt"]
    assert "is full" in report["log.txt"]
    assert json.loads(report["versions.json"])["libraries"]["numpy"]


def test_what_was_chosen_stands_in_it_and_of_a_sensor_its_kind(tmp_path: Path):
    settings = json.loads(told(tmp_path)["settings.json"])

    assert settings["preferences"]["theme"] == "light"
    assert settings["sensors"] == [{"kind": "umyo", "sites": {"left": 1}, "delay_ms": 0}]


def test_the_session_in_it_is_of_nobody(tmp_path: Path):
    session = json.loads(told(tmp_path)["session.json"])

    assert (session["person"], session["label"], session["utc_start"], session["source"]) == (
        None,
        None,
        None,
        ["umyo"],
    )
    assert session["programme"] == "check"
    assert session["chain"] == CHAIN


def test_without_a_session_there_is_none_in_it(tmp_path: Path):
    path = write_report(tmp_path, Settings(), None, [])
    with zipfile.ZipFile(path) as archive:
        assert "session.json" not in archive.namelist()


def test_our_own_files_are_named_from_the_root_of_the_program():
    shown = without('  File "/opt/ada/glutewake/app/ui/text.py", line 3, in paint', [])

    assert shown == '  File "app/ui/text.py", line 3, in paint'


@given(st.sampled_from(["P-017", "Ada", "uMyo 3F2A"]), st.text(max_size=20), st.text(max_size=20))
def test_a_secret_is_hidden_wherever_it_stands_as_a_word(secret: str, before: str, after: str):
    assert secret not in without(f"{before} {secret} {after}", [secret]).replace(before, "").replace(after, "")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError):
        write_report(tmp_path / "file", Settings(), None, [])


@pytest.mark.parametrize(
    "line",
    [
        f"not recorded: '{HOME}/clinic' is full",
        f"trains in {HOME}/clinic with a sensor",
        "'/srv/My clinic/left hip' is full",
        "'D:\\My clinic\\left hip' is full",
        'File "/srv/My clinic/left hip/x.py", line 3',
    ],
)
def test_of_a_folder_not_even_its_last_name_stands_in_it(line: str):
    hidden = without(line, [HOME])
    assert "clinic" not in hidden
    assert "hip" not in hidden
    assert "<folder>" in hidden


def test_where_in_the_program_it_happened_stays_also_where_folders_have_blanks():
    line = 'File "/srv/My programs/glutewake/app/ui/train.py", line 3, in paint'
    assert without(line, []) == 'File "app/ui/train.py", line 3, in paint'


def test_a_report_that_does_not_fit_on_the_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fill(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.writestr", fill)
    with pytest.raises(RecordingError, match="full"):
        write_report(tmp_path, Settings(), None, [])
    assert list(tmp_path.iterdir()) == []
