"""Many recordings: none stops the others, and nothing is worked out twice."""

import os
import shutil
from multiprocessing import active_children
from pathlib import Path

import pytest

from app.main import main
from app.pipeline.build import SessionPlan
from app.pipeline.cohort import (
    CACHE,
    Task,
    analyze_cohort,
    analyze_one,
    find_recordings,
    recall_or_analyze,
    recording_hash,
)
from app.recording.record import read_record
from drivers.replay.formats.journal import JOURNAL_NAME

PLAN = SessionPlan(programme=None)


def task(path: Path, plan: SessionPlan = PLAN) -> Task:
    return Task(path, f"file:{path}?speed=max", plan)


def write_csv(path: Path, loud: int = 100) -> Path:
    """Twelve seconds with two squeezes."""
    rows = (f"{(-1) ** i * (loud if 3000 < i % 6000 < 4500 else 5)},{(-1) ** (i // 2) * 4}" for i in range(12000))
    path.write_text("# rate_hz=1000\n# columns: left, right (uV)\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Three recordings, one of them broken."""
    root: Path = tmp_path_factory.mktemp("cohort")
    write_csv(root / "a.csv")
    (root / "b.csv").write_text("nothing of use\n", encoding="utf-8")
    write_csv(root / "c.csv", loud=200)
    return root


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\x89HDF\r\n\x1a\n", b"a,b\n1,2\n"])
def test_a_broken_recording_is_a_row_with_a_sentence(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    outcome = analyze_one(task(path))
    assert outcome.analysis is None
    assert outcome.error is not None
    assert "Traceback" not in outcome.error
    assert "\n" not in outcome.error


def test_a_recording_that_went_away_is_a_row_with_a_sentence(tmp_path):
    outcome = analyze_one(task(tmp_path / "gone.csv"))
    assert outcome.sha256 is None
    assert "gone.csv" in (outcome.error or "")


def test_a_fault_in_one_recording_is_a_row_too(folder, monkeypatch):
    def fail(uris, plan, progress):
        raise ZeroDivisionError

    monkeypatch.setattr("app.pipeline.cohort.analyze", fail)
    assert "fault of GluteWake" in (analyze_one(task(folder / "a.csv")).error or "")


def test_what_was_worked_out_is_kept_and_only_that(folder, tmp_path):
    tasks = [task(path) for path in find_recordings(folder)]
    first = {outcome.path.name: outcome for outcome in analyze_cohort(tasks, 2, tmp_path)}
    assert {name: outcome.error is None for name, outcome in first.items()} == {
        "a.csv": True,
        "b.csv": False,
        "c.csv": True,
    }
    assert not any(outcome.recalled for outcome in first.values())
    assert len(list(tmp_path.iterdir())) == 2
    again = {one.path.name: recall_or_analyze(one, tmp_path) for one in tasks}
    assert {name for name, outcome in again.items() if outcome.recalled} == {"a.csv", "c.csv"}
    assert again["a.csv"].analysis == first["a.csv"].analysis == analyze_one(tasks[0]).analysis


def test_a_result_is_found_by_content_wherever_the_recording_lies(folder, tmp_path):
    recall_or_analyze(task(folder / "a.csv"), tmp_path / "kept")
    moved = tmp_path / "moved.csv"
    shutil.copy(folder / "a.csv", moved)
    outcome = recall_or_analyze(task(moved), tmp_path / "kept")
    assert outcome.recalled
    assert outcome.analysis is not None
    assert outcome.analysis["file"] == str(moved)


def test_an_interrupted_run_keeps_what_was_done(folder, tmp_path):
    outcomes = analyze_cohort([task(folder / "a.csv"), task(folder / "c.csv")], 1, tmp_path)
    first = next(outcomes)
    outcomes.close()
    assert recall_or_analyze(task(first.path), tmp_path).recalled
    assert active_children() == []


class _Deadly:
    """Ends the process that unpacks it."""

    def __reduce__(self):
        return os._exit, (1,)


def test_a_recording_that_ends_its_process_costs_no_other(folder):
    deadly = Task(folder / "b.csv", "file:b", _Deadly())  # type: ignore[arg-type]
    tasks = [task(folder / "a.csv"), deadly, task(folder / "c.csv")]
    outcomes = {outcome.path.name: outcome for outcome in analyze_cohort(tasks, 1, None)}
    assert outcomes["a.csv"].error is None
    assert outcomes["c.csv"].error is None
    assert "ended the program" in (outcomes["b.csv"].error or "")


def test_another_plan_is_worked_out_anew(folder, tmp_path):
    by_hand = SessionPlan(programme=None, mvc={"left": 100.0, "right": 100.0})
    recall_or_analyze(task(folder / "a.csv"), tmp_path)
    assert not recall_or_analyze(task(folder / "a.csv", by_hand), tmp_path).recalled


def test_a_session_is_named_by_the_hash_of_its_journal(tmp_path):
    assert main(["live", "--source", "sim:healthy?seed=1&speed=max&reps=2", "--record", str(tmp_path), "--json"]) == 0
    (journal,) = tmp_path.glob(f"*/{JOURNAL_NAME}")
    assert recording_hash(journal.parent) == read_record(journal.parent).sha256


def test_every_recording_below_a_folder_is_found_once(tmp_path):
    for name in (
        "2026-11-20_1/journal.emj",
        "2026-11-20_1/final.json",
        "bids/dataset_description.json",
        "bids/sourcedata/journal/2026-11-20_1/journal.emj",
        "bids/sub-1/ses-1/emg/sub-1_ses-1_task-x_run-01_emg.bdf",
        "bids/sub-1/ses-1/emg/sub-1_ses-1_task-x_run-01_events.tsv",
        "other/a.csv",
        "other/notes.md",
        ".hidden/a.csv",
        "derivatives/glutewake/analyze/x.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in find_recordings(tmp_path)]
    assert found == ["2026-11-20_1", "other/a.csv"]


def test_a_data_set_of_others_is_read_by_its_emg_files(tmp_path):
    signal = tmp_path / "sub-1" / "emg" / "sub-1_task-x_emg.edf"
    signal.parent.mkdir(parents=True)
    for path in (tmp_path / "dataset_description.json", tmp_path / "participants.tsv", signal):
        path.touch()
    assert find_recordings(tmp_path) == [signal]


def test_the_folder_of_results_is_never_taken_for_recordings():
    assert CACHE.parts[0] == "derivatives"
