import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREENS = [
    {"name": name, "x": x, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    for name, x, width, height in (("hers", 0, 1440, 900), ("the person's", 1440, 1920, 1080))
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a window with two screens says."""
    config = tmp_path_factory.mktemp("screens") / "screens.json"
    config.write_text(json.dumps({"screens": SCREENS}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    child = subprocess.run(
        [sys.executable, "-m", "tests.ui.second_screen_child"],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=50,
    )  # fmt: skip
    answer: dict[str, object] = json.loads(child.stdout)
    return answer


def test_the_stage_opens_on_the_second_screen(told):
    assert told["screens"] == ["hers", "the person's"]
    assert not told["covers"]


def test_both_screens_show_the_same_cue(told):
    assert told["same"]


def test_only_her_screen_is_seen_from_the_front(told):
    assert told["left_is_left"] == {"window": False, "stage": True}


def test_she_keeps_the_traces_and_the_controls(told):
    assert told["traces"]
    assert told["button"]
