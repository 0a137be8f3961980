"""Real muscles: the squeezes that are in a recording are counted, with and without a calibration, at any speed."""

from functools import cache
from pathlib import Path

import pytest

from tests.system.command import Line, Outcome, glutewake, live

WALK = "glute_right_walk_1000hz.csv"
WALK_ONSETS_S = [0.35, 1.36, 2.42, 3.42, 4.47, 5.50, 6.55]
RECORDINGS = [(WALK, "right:2", 7), ("bsnb_emg_bursts.h5", "right:1", 9), ("bsnb_emg_fatigue.h5", "right:1", 30)]


@cache
def fast(path: Path, sites: str) -> Outcome:
    return live(f"file:{path}?map={sites}&speed=max")


@cache
def analyzed(path: Path, sites: str) -> Line:
    outcome = glutewake("analyze", path, "--map", sites, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    (line,) = outcome.lines
    return line


@pytest.mark.parametrize(("name", "sites", "n_reps"), RECORDINGS)
def test_every_squeeze_of_a_real_recording_is_a_rep(emg_folder: Path, name: str, sites: str, n_reps: int):
    outcome = fast(emg_folder / name, sites)

    assert len(outcome.reps) == n_reps
    assert outcome.summary["reps"] == n_reps
    assert outcome.of("cue") == []


@pytest.mark.parametrize(("name", "sites", "n_reps"), RECORDINGS)
def test_without_any_calibration_the_count_is_the_same(emg_folder: Path, name: str, sites: str, n_reps: int):
    outcome = live(f"file:{emg_folder / name}?map={sites}&speed=max", "--calibration", "none")

    assert len(outcome.reps) == n_reps


def test_the_bursts_of_a_walking_glute_start_where_they_are_seen_to(emg_folder: Path):
    onsets_s = [rep["start_s"] for rep in fast(emg_folder / WALK, "right:2").reps]

    assert onsets_s == pytest.approx(WALK_ONSETS_S, abs=0.1)


def test_a_burst_that_the_end_cuts_is_no_rep_and_says_so(emg_folder: Path):
    last = fast(emg_folder / WALK, "right:2").of("attempt")[-1]

    assert last["start_s"] == pytest.approx(7.60, abs=0.1)
    assert (last["counted"], last["why"]) == (False, "cut by the end")


@pytest.mark.parametrize(("name", "sites", "n_reps"), RECORDINGS)
def test_live_and_analyze_agree(emg_folder: Path, name: str, sites: str, n_reps: int):
    session, analysis = fast(emg_folder / name, sites), analyzed(emg_folder / name, sites)

    assert analysis["reps"] == session.of("rep")
    assert analysis["attempts"] == session.of("attempt")
    assert analysis["summary"] == session.summary


@pytest.mark.parametrize(("name", "sites", "n_reps"), RECORDINGS[:2])
def test_paced_and_as_fast_as_it_goes_agree(emg_folder: Path, name: str, sites: str, n_reps: int):
    assert live(f"file:{emg_folder / name}?map={sites}&speed=20").promised == fast(emg_folder / name, sites).promised


def test_analyze_finds_the_onsets_of_the_walk_offline_too(emg_folder: Path):
    onsets_s = [onset_s for onset_s, _ in analyzed(emg_folder / WALK, "right:2")["onsets"]["right"]]

    assert onsets_s[:7] == pytest.approx(WALK_ONSETS_S, abs=0.1)


def test_one_measured_side_is_never_compared_with_one_that_is_not(emg_folder: Path):
    outcome = fast(emg_folder / WALK, "right:2")

    assert all(rep["scheme"] == "right" and rep["lag_status"] == "single" for rep in outcome.reps)
    assert outcome.summary["sleeping_side"] is None
    assert outcome.summary["fired_pct"] == {"left": None, "right": 100.0}
