"""The command ``analyze DIR``: one row a recording, and how long it will take. Progress goes to stderr."""

import csv
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from app.language import _
from app.pipeline.build import SessionPlan
from app.pipeline.cohort import CACHE, Outcome, Task, analyze_cohort, find_recordings
from app.recording.errors import RecordingError
from drivers.replay.formats.journal import JOURNAL_NAME

EVERY_S: Final = 10.0
_SESSION: Final = ("utc_start", "person", "label", "programme", "position", "simulated", "chain")
_SUMMARY: Final = (
    "attempts", "reps", "clean_reps", "woke", "wake_up_squeezes", "sleeping_side", "lsi_pct", "lag_ms",
    "synchrony_pct", "lost_pct",
)  # fmt: skip
COLUMNS: Final = (
    "file", "sha256", *_SESSION, "sfreq", "duration_s", *_SUMMARY, "fired_left_pct", "fired_right_pct", "error",
)  # fmt: skip
"""Columns of the table; what a recording does not carry is ``n/a``, as in BIDS."""


def is_cohort(paths: Sequence[Path]) -> bool:
    """Whether one of the paths is a folder of recordings rather than a recording."""
    return any(
        path.is_dir() and path.name != "emg" and not (path / JOURNAL_NAME).exists() and not (path / "emg").exists()
        for path in paths
    )


def analyze_many(
    paths: Sequence[Path],
    uri_of: Callable[[Path], str],
    plan: SessionPlan,
    *,
    jobs: int | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Analyze all recordings that are named, or lie in the folders that are; returns the exit code.

    Parameters
    ----------
    paths : sequence of Path
    uri_of : callable
        Makes a path a source that runs unpaced.
    plan : SessionPlan
    jobs : int or None
        How many processes; None is one for each core.
    output : Path or None
        New file; None is stdout.
    as_json : bool
        Lines of JSON instead of a table.

    Raises
    ------
    RecordingError
        If there is no recording, or the file is there already.
    """
    if output is not None and output.exists():
        raise RecordingError(f"'{output}' is there already; choose another name, or move it away.")
    if output is not None and not output.parent.is_dir():
        raise RecordingError(f"There is no folder '{output.parent}'; make it, or choose another one.")
    folders = [path for path in paths if path.is_dir()]
    found = [recording for path in paths for recording in (find_recordings(path) if path.is_dir() else [path])]
    if not found:
        raise RecordingError(f"There is no recording in '{folders[0]}'; name the folder that holds them.")
    tasks = [Task(path, uri_of(path), plan) for path in dict.fromkeys(found)]
    cache = folders[0] / CACHE if folders else None
    jobs = min(jobs or os.cpu_count() or 1, len(tasks))
    outcomes = tell_progress(analyze_cohort(tasks, jobs, cache), len(tasks))
    if output is None:
        write_cohort(outcomes, as_json=as_json, out=sys.stdout)
    else:
        with output.open("x", encoding="utf-8", newline="") as file:
            write_cohort(outcomes, as_json=as_json, out=file)
    n_broken = sum(outcome.error is not None for outcome in outcomes)
    if n_broken:
        told = _("{n} of {of} recordings cannot be read; 'error' says why.", n=n_broken, of=len(outcomes))
        sys.stderr.write(f"glutewake: {told}\n")
    return 1 if n_broken == len(outcomes) else 0


def row(outcome: Outcome) -> dict[str, str]:
    """One row of the table."""
    values: dict[str, Any] = {"file": str(outcome.path), "sha256": outcome.sha256, "error": outcome.error}
    if outcome.analysis is not None:
        session, summary = outcome.analysis["session"], outcome.analysis["summary"]
        fired = summary["fired_pct"]
        values |= {key: session.get(key) for key in _SESSION} | {key: summary.get(key) for key in _SUMMARY}
        values |= {key: outcome.analysis[key] for key in ("sfreq", "duration_s")}
        values |= {f"fired_{side}_pct": fired.get(side) for side in ("left", "right")}
    return {column: _cell(values.get(column)) for column in COLUMNS}


def _cell(value: object) -> str:
    if value is None:
        return "n/a"
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def write_cohort(outcomes: Iterable[Outcome], *, as_json: bool, out: TextIO) -> None:
    """Write a table with tabs, or one JSON object a line; those that are broken have ``error``."""
    if as_json:
        for outcome in outcomes:
            line = outcome.analysis or {"file": str(outcome.path), "error": outcome.error}
            out.write(msgspec.json.encode(line).decode() + "\n")
        return
    table = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows(map(row, outcomes))


def tell_progress(
    outcomes: Iterable[Outcome], n: int, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> list[Outcome]:
    """Collect what is done and say now and then how far it is; in the order of the paths.

    Parameters
    ----------
    outcomes : iterable of Outcome
    n : int
        How many there will be.
    out : text file, optional
        A terminal sees every step on one line, any other file one line in ten seconds.
    clock : callable
        Seconds.
    """
    out = out or sys.stderr
    done: list[Outcome] = []
    began_s = due_s = clock()
    for outcome in outcomes:
        done.append(outcome)
        now_s = clock()
        if out.isatty():
            out.write(f"\r{_progress(done, n, now_s - began_s)}\x1b[K")
            out.flush()
        elif now_s - due_s >= EVERY_S:
            due_s = now_s
            out.write(_progress(done, n, now_s - began_s) + "\n")
            out.flush()
    if out.isatty():
        out.write("\r\x1b[K")
    return sorted(done, key=lambda one: one.path)


def _progress(done: Sequence[Outcome], n: int, elapsed_s: float) -> str:
    worked = sum(not outcome.recalled for outcome in done)
    broken = sum(outcome.error is not None for outcome in done)
    text = _("{n} of {of}", n=len(done), of=n)
    if broken:
        text += _(", {n} cannot be read", n=broken)
    if worked and len(done) < n:
        left_s = elapsed_s / worked * (n - len(done))
        text += _(", {time} left", time=_duration(left_s))
    return text


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
