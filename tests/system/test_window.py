"""The whole application in a real window, on a screen of its own. Its last picture stays in ``build/``."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage

from app.ui.theme import load_colours
from drivers.replay.formats.journal import ends_well, open_journal
from scripts.xvfb import has_xvfb, on_display, xvfb

REPOSITORY = Path(__file__).resolve().parents[2]
PICTURE = REPOSITORY / "build" / "window.png"

pytestmark = [pytest.mark.xvfb, pytest.mark.skipif(not has_xvfb(), reason="Xvfb is not installed")]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with xvfb() as name:
        yield name


def test_a_session_in_a_real_window_from_the_first_frame_to_the_journal(display, tmp_path):
    PICTURE.unlink(missing_ok=True)
    child = subprocess.run(
        [sys.executable, "-m", "tests.system.window_child", str(tmp_path), str(PICTURE)],
        cwd=REPOSITORY, env=on_display(display), capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
    seen = json.loads(child.stdout)
    assert seen["cue"] == "LEFT: squeeze now"
    assert int(seen["counted"]) >= 3
    assert seen["active"]
    assert seen["button"] == "Go on"
    assert seen["state"] == "stopped"
    folder = Path(seen["recording"])
    assert ends_well(folder)
    journal = open_journal(folder)
    lines = [json.loads(line)["type"] for line in journal.events]
    journal.close()
    assert lines.count("rep") >= 3
    assert "cue" in lines
    assert lines[-1] == "summary"
    picture = QImage(str(PICTURE))
    assert (picture.width(), picture.height()) == (1440, 900)
    colours = {QColor(picture.pixel(x, y)).name() for x in range(0, 1440, 8) for y in range(0, 900, 8)}
    assert {load_colours().left.name(), load_colours().right.name()} <= colours


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_opens_a_window_and_ends_well_when_it_is_told_to(display, tmp_path, number):
    command = [sys.executable, "-m", "app", "--source", "sim:healthy?speed=4", "--record", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=on_display(display), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            wait_for_journal(process, tmp_path)
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "", "")
    (folder,) = tmp_path.iterdir()
    assert ends_well(folder)


@pytest.mark.parametrize("elsewhere", [{}, {"DISPLAY": ":4095"}])
def test_without_a_screen_the_command_says_so_in_one_sentence(tmp_path, elsewhere):
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | elsewhere
    command = [sys.executable, "-m", "app", "--record", str(tmp_path)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("glutewake: No window can be opened here")
    assert done.stderr.count("\n") == 1


def wait_for_journal(process: subprocess.Popen[str], folder: Path) -> None:
    """Return when samples are on disk: the window has stood for a while then."""
    for _ in range(300):
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if any(path.stat().st_size > 400_000 for path in folder.glob("*/journal.emj")):
                return
            continue
        raise AssertionError(f"the application ended by itself: {process.communicate()}")
    raise AssertionError("nothing was recorded")
