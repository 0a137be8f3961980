"""A screen at 200 or 300 % shows the page that stands at 100 %, only finer: no place and no word changes its size."""

import json
import os
import subprocess
import sys

import pytest

SCREENS = [
    {"name": name, "x": x, "y": 0, "width": 3840, "height": 2160, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    for name, x in (("coarse", 0), ("fine", 3840))
]


def places_at(scale: int) -> dict[str, object]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale), "LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.scale_child"], env=environment, capture_output=True, check=True, timeout=60
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("scale", [2, 3])
def test_nothing_changes_its_place_with_the_scale_of_the_screen(scale):
    usual, fine = places_at(1), places_at(scale)
    assert (usual.pop("scale"), fine.pop("scale")) == (1, scale)
    assert fine == usual


def test_a_window_moved_to_a_finer_screen_looks_as_one_that_was_opened_there(tmp_path):
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": SCREENS}))
    platform = {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "QT_SCREEN_SCALE_FACTORS": "coarse=1;fine=2"}
    environment = {**os.environ, **platform, "LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.moved_child"], env=environment, capture_output=True, check=True, timeout=60
    )
    told = json.loads(done.stdout)
    assert all(one["scales"] == [1, 2, 1] for one in told.values()), told
    assert {name for name, one in told.items() if not (one["same"] and one["as_before"])} == set()
