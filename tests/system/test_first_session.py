"""A first session and the next start in real windows, from the tour to the report, by keys alone.

Set ``GLUTEWAKE_PICTURES`` to a folder to get a picture of every step.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.xvfb import has_xvfb, on_display, xvfb

REPOSITORY = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.full,
    pytest.mark.xvfb,
    pytest.mark.skipif(not has_xvfb(), reason="Xvfb is not installed"),
    pytest.mark.timeout(240),
]


def run(which: str, data: Path, display: str) -> dict[str, str]:
    """Go through one start; what was seen."""
    pictures = os.environ.get("GLUTEWAKE_PICTURES")
    command = [sys.executable, "-m", "tests.system.first_session_child", which, str(data)]
    child = subprocess.run(
        [*command, *([f"{pictures}/{which}"] if pictures else [])],
        cwd=REPOSITORY, env=on_display(display), capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
    seen: dict[str, str] = json.loads(child.stdout)
    assert "stuck" not in seen, seen
    return seen


def test_from_the_tour_to_the_report_and_on_the_next_day_keys_are_enough(tmp_path):
    with xvfb() as display:
        first = run("first", tmp_path, display)
        second = run("second", tmp_path, display)

    assert first["key-at-the-end"] == "How was it?"
    assert first["report"] == "<!DOCTYPE"
    assert second["second"] == "quick"  # one key led to today's reference
