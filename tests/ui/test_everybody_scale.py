"""A screen at 200 or 300 % shows the page that stands at 100 %, only finer: no place and no word changes its size."""

import json
import os
import subprocess
import sys

import pytest


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
