"""``bench cohort``: seconds for many recordings, with one process and with two, and for a run that was interrupted.

    python3 scripts/dev.py bench cohort
    python3 scripts/dev.py bench cohort --recordings 8 --minutes 2

A few different sessions are recorded from the simulator; the rest are links to them, which cost as much to analyze,
because no result is kept but for the last figure.
"""

import argparse
import contextlib
import io
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from app.main import main
from app.pipeline.build import SessionPlan
from app.pipeline.cohort import CACHE, Task, analyze_cohort, find_recordings
from drivers.replay.formats.journal import JOURNAL_NAME

N_DIFFERENT: Final = 4
SOURCE: Final = "sim:waking-left?seed={seed}&speed=max&compensators=0&rate=2000"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("--recordings", type=int, default=200, help="how many (200)")
    parser.add_argument("--minutes", type=float, default=10.0, help="length of each (10)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="processes (1 2)")


def run(arguments: argparse.Namespace) -> int:
    """Record, analyze, and print the seconds; 0 if no recording is broken."""
    with tempfile.TemporaryDirectory(prefix="glutewake-cohort-") as name:
        folder = Path(name)
        _record(folder, arguments.recordings, arguments.minutes)
        tasks = [Task(path, f"file:{path}?speed=max", SessionPlan(programme=None)) for path in find_recordings(folder)]
        print(f"{len(tasks)} recordings of {arguments.minutes:g} min, 2 channels at 2000 Hz")
        broken = 0
        for jobs in arguments.jobs:
            broken += _measure(f"{jobs} process{'es' if jobs > 1 else ''}", tasks, jobs, None)
        different = tasks[:N_DIFFERENT]
        _measure("kept", different, 1, folder / CACHE)
        broken += _measure(f"{len(tasks)} again, all kept", tasks, arguments.jobs[-1], folder / CACHE)
    return 1 if broken else 0


def _record(folder: Path, n: int, minutes: float) -> None:
    for seed in range(min(n, N_DIFFERENT)):
        into = folder / f"seed-{seed}"
        command = ["live", "--source", SOURCE.format(seed=seed + 1), "--duration", str(60 * minutes)]
        with contextlib.redirect_stdout(io.StringIO()):
            code = main([*command, "--programme", "prone-ankle-squeeze", "--record", str(into), "--json"])
        if code:
            raise SystemExit("the simulator could not be recorded")
        (journal,) = into.glob(f"*/{JOURNAL_NAME}")
        for number in range(seed, n, N_DIFFERENT):
            session = folder / f"session-{number:04d}"
            session.mkdir()
            os.link(journal, session / JOURNAL_NAME)
        shutil.rmtree(into)


def _measure(what: str, tasks: list[Task], jobs: int, cache: Path | None) -> int:
    began, before = time.perf_counter(), os.times()
    outcomes = list(analyze_cohort(tasks, jobs, cache))
    seconds, after = time.perf_counter() - began, os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    broken = sum(outcome.error is not None for outcome in outcomes)
    print(
        f"{what:<24} {seconds:8.1f} s  {len(tasks) / seconds:7.2f} recordings/s  {cpu_s:8.1f} s of CPU  {broken} broken"
    )
    sys.stdout.flush()
    return broken
