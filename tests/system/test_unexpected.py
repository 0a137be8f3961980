"""What nobody expected, in a real window: a slot raises, and the session goes on."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from drivers.replay.formats.journal import ends_well
from scripts.xvfb import has_xvfb, on_display, xvfb

REPOSITORY = Path(__file__).resolve().parents[2]
PICTURE = REPOSITORY / "build" / "unexpected.png"
PRIVATE = ("P-017", "Ada", "Meier", "Muskel", "AA:BB:CC:DD:EE:FF", "clinic", "ada-home", str(REPOSITORY))

pytestmark = [pytest.mark.xvfb, pytest.mark.skipif(not has_xvfb(), reason="Xvfb is not installed")]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The home of somebody, with a folder of documents."""
    home: Path = tmp_path_factory.mktemp("ada-home")
    (home / "Documents").mkdir()
    return home


@pytest.fixture(scope="module")
def seen(home) -> dict[str, object]:
    """What was seen in a window in which a slot raised."""
    PICTURE.parent.mkdir(exist_ok=True)
    with xvfb() as display:
        environment = {name: value for name, value in on_display(display).items() if not name.startswith("XDG_")}
        child = subprocess.run(
            [sys.executable, "-m", "tests.system.unexpected_child", str(home / "clinic"), str(PICTURE)],
            cwd=REPOSITORY, env={**environment, "HOME": str(home), "USERPROFILE": str(home)},
            capture_output=True, text=True, timeout=55, check=False,
        )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
    told: dict[str, object] = json.loads(child.stdout)
    return told


@pytest.fixture(scope="module")
def report(home, seen) -> dict[str, str]:
    """The problem report that was saved from the notice."""
    (path,) = (home / "Documents").glob("glutewake-problem-*.zip")
    assert str(path) in str(seen["saved"])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_error_in_a_slot_becomes_one_sentence_that_says_where_the_session_is_safe(seen):
    assert str(seen["recording"]) in str(seen["sentence"])
    assert "Traceback" not in str(seen["sentence"])
    assert seen["answers"] == ["Close", "Save a problem report"]


def test_the_session_goes_on_and_its_recording_ends_well(seen):
    assert seen["goes_on"]
    assert seen["state"] == "stopped"
    assert ends_well(Path(str(seen["recording"])))


def test_the_report_tells_what_happened(report):
    assert "PlannedError" in report["log.txt"]
    assert "unexpected_child.py" in report["log.txt"] or "fail_as_a_slot_would" in report["log.txt"]
    assert set(report) == {"README.txt", "log.txt", "versions.json", "settings.json", "session.json"}


@pytest.mark.parametrize("secret", PRIVATE)
def test_the_report_holds_nothing_of_anybody(report, secret):
    found = [
        (name, line)
        for name, text in report.items()
        for line in text.splitlines()
        if re.search(re.escape(secret), line, re.IGNORECASE)
    ]
    assert found == []


def test_the_report_holds_no_path_of_the_home(report, home):
    for text in report.values():
        assert str(home) not in text
        assert os.path.expanduser("~") + "/" not in text
