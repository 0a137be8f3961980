"""The whole application as a user starts it: in this process, or as one of its own."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.main import main

REPOSITORY: Final = Path(__file__).resolve().parents[2]
PROMISED: Final = {"attempt", "rep", "cue", "state", "act", "say", "gap", "quality", "summary"}
"""Lines that are the same byte for byte at any speed."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Line]:
        """What it printed, line by line."""
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind: str) -> list[Line]:
        """The lines of one type."""
        return [line for line in self.lines if line["type"] == kind]

    @property
    def reps(self) -> list[Line]:
        """The reps that count."""
        return [rep for rep in self.of("rep") if rep["counted"]]

    @property
    def summary(self) -> Line:
        """The last line."""
        last = self.lines[-1]
        assert last["type"] == "summary"
        return last

    @property
    def promised(self) -> list[str]:
        """The lines that depend on the source alone, as printed; where it is recorded is no part of that."""
        kept = []
        for text in self.out.splitlines():
            line = json.loads(text)
            if line["type"] == "summary":
                text = text.replace(json.dumps(line["recording"]), "null")
            if line["type"] in PROMISED:
                kept.append(text)
        return kept


def glutewake(*arguments: str | Path) -> Outcome:
    """Run one command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # how argparse ends
            code = end.code if isinstance(end.code, int) else 1
    return Outcome(code, out.getvalue(), err.getvalue())


def live(uri: str, *arguments: str | Path) -> Outcome:
    """Run one session in this process; it must end well and say nothing else."""
    outcome = glutewake("live", "--source", uri, "--json", *arguments)
    assert (outcome.code, outcome.err) == (0, "")
    return outcome


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start one command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background has them ignore Ctrl-C, and so would what they start.
        preexec_fn=None if sys.platform == "win32" else lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
