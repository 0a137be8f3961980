"""The commands about the history. Writes to stdout and nowhere else."""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from app.archive import Rebuilt, rebuild
from app.recording.folders import default_root


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with the history to the parser of ``glutewake history``."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    again = commands.add_parser(
        "rebuild",
        help="make it anew from the recordings",
        description="Reads every recording of a person and enters it again. Names and plans of people stay; a history "
        "that is damaged is kept beside the new one.",
    )
    again.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="the folder of all recordings, if not the usual"
    )
    again.set_defaults(run=lambda arguments: write_rebuilt(rebuild(arguments.folder or default_root())))


def write_rebuilt(rebuilt: Rebuilt, out: TextIO | None = None) -> int:
    """Say what the history was made of; returns 1 if a session should be in it and is not."""
    out = out or sys.stdout
    if rebuilt.aside is not None:
        out.write(f"The damaged history is kept as {rebuilt.aside}.\n")
    sessions, people = _counted(rebuilt.sessions, "session", "sessions"), _counted(rebuilt.people, "person", "people")
    out.write(f"In the history: {sessions} of {people}.\n")
    if rebuilt.missing:
        out.write(f"The folders of {rebuilt.missing} of them are not there any more.\n")
    for problem in rebuilt.problems:
        out.write(f"Left out: {problem}\n")
    return 1 if rebuilt.problems else 0


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
