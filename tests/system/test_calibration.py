"""Which calibration a session starts from, as its first line says it."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.system.command import Line, live

SIM = "sim:healthy?seed=1&speed=max&compensators=0"
QUICK = ("--duration", "1")


def started(uri: str, *arguments: str | Path) -> Line:
    return live(uri, *QUICK, *arguments).of("session")[0]


def test_the_simulated_person_brings_the_true_one():
    calibration = started(SIM)["calibration"]

    assert (calibration["id"], calibration["method"]) == ("simulated", "mvc")
    assert calibration["ref_uv"] == {"left": 100.0, "right": 100.0}


@pytest.mark.parametrize("how", [("&calibration=none",), ("", "--calibration", "none")])
def test_one_can_go_without(how: tuple[str, ...]):
    uri, *arguments = (SIM + how[0], *how[1:])
    outcome = live(uri, "--duration", "12", *arguments)

    assert outcome.of("session")[0]["calibration"] is None
    assert {rep["ref"] for rep in outcome.reps} == {"session"}
    assert outcome.summary["lsi_pct"] is None
    assert any(note["text"].startswith("100 % is now") for note in outcome.of("note"))


def test_levels_by_hand_are_in_microvolts_and_win():
    calibration = started(SIM, "--mvc", "left:52.1,right:60", "--rest", "left:2.1,right:3")["calibration"]

    assert calibration["ref_uv"] == {"left": 52.1, "right": 60.0}
    assert calibration["rest_uv"] == {"left": 2.1, "right": 3.0}


def test_references_by_hand_keep_the_rest_that_the_source_brings():
    assert (
        started(SIM, "--mvc", "left:52.1,right:60")["calibration"]["rest_uv"] == started(SIM)["calibration"]["rest_uv"]
    )


def test_a_file_is_one_calibration_for_every_source(tmp_path: Path):
    path = tmp_path / "calibration.json"
    path.write_text(
        json.dumps(
            {
                "id": "monday",
                "method": "best-clench",
                "rest": {"left": 3e-6, "right": 4e-6},
                "reference": {"left": 8e-5, "right": 9e-5},
            }
        )
    )
    calibration = started(SIM, "--calibration", path)["calibration"]

    assert (calibration["id"], calibration["method"]) == ("monday", "best-clench")
    assert calibration["ref_uv"] == {"left": 80.0, "right": 90.0}


def test_a_foreign_recording_is_measured_once_and_its_weak_side_is_not_flattered(tmp_path: Path):
    rng = np.random.default_rng(1)
    squeezing = (np.arange(20_000) // 1000 % 3 == 2).astype(float)
    left, right = (3.0 + level * squeezing for level in (10.0, 60.0))
    rows = np.column_stack([left, right]) * rng.standard_normal((20_000, 2))
    path = tmp_path / "weak.csv"
    np.savetxt(path, rows, fmt="%.3f", delimiter=",", header="rate_hz=1000\ncolumns: left, right (uV)")
    calibration = started(f"file:{path}?speed=max")["calibration"]

    assert (calibration["id"], calibration["method"]) == ("whole-file", "session")
    assert calibration["ref_uv"]["left"] == calibration["ref_uv"]["right"] == pytest.approx(60.0, rel=0.2)
    assert calibration["rest_uv"]["left"] == pytest.approx(3.0, rel=0.2)


def test_a_recording_of_ours_keeps_calibration_and_programme_until_others_are_asked_for(tmp_path: Path):
    recorded = started(SIM, "--mvc", "left:50,right:60", "--programme", "check", "--record", tmp_path)
    (folder,) = tmp_path.iterdir()
    again = started(f"file:{folder}?speed=max")
    other = started(f"file:{folder}?speed=max", "--programme", "free", "--calibration", "none")

    assert (again["programme"], again["calibration"]) == ("check", recorded["calibration"])
    assert (other["programme"], other["calibration"]) == ("free", None)
    assert again["simulated"] is True
