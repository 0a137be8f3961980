"""The commands about the history. Writes to stdout and nowhere else."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from app.archive import Rebuilt, delete_person, open_history, rebuild
from app.history import has_history
from app.history.errors import HistoryError
from app.language import _, n_
from app.recording.export.files import new_file
from app.recording.folders import default_root
from app.said import said

if TYPE_CHECKING:
    from app.history.store import History
    from app.history.views import Person


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add what can be done with the history to the parser of ``glutewake history``."""
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)

    def command(name: str, text: str, more: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}. {more}")

    def add_folder(to: argparse.ArgumentParser) -> None:
        to.add_argument(
            "folder", type=Path, nargs="?", metavar="DIR", help=_("the folder of all recordings, if not the usual")
        )

    people = command("people", _("list who has a history"))
    add_folder(people)
    people.set_defaults(run=_people)

    export = command(
        "export", _("write down everything that is kept of a person"), _("As JSON, by table; names and plan too.")
    )
    export.add_argument("code", metavar="CODE", help=_("of the person"))
    add_folder(export)
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=_("a new .json file"))
    export.set_defaults(run=_export)

    delete = command(
        "delete",
        _("delete a person for good"),
        _("With every recording, report and row, and every copy of the history; what was exported elsewhere stays."),
    )
    delete.add_argument("code", metavar="CODE", help=_("of the person"))
    add_folder(delete)
    delete.add_argument("--for-good", action="store_true", help=_("do it: nothing brings it back"))
    delete.set_defaults(run=_delete)

    again = command(
        "rebuild",
        _("make it anew from the recordings"),
        _(
            "Reads every recording of a person and enters it again. Names and plans of people stay; a history that is "
            "damaged is kept beside the new one."
        ),
    )
    add_folder(again)
    again.set_defaults(run=lambda arguments: write_rebuilt(rebuild(root_of(arguments))))


def write_people(people: "tuple[Person, ...]", out: TextIO | None = None) -> None:
    """List people by code; names stay off the terminal."""
    out = out or sys.stdout
    for person in people:
        last = "" if person.last_started is None else _(", the last on {day}", day=f"{person.last_started:%Y-%m-%d}")
        out.write(f"{person.code:<30} {n_('{n} session', '{n} sessions', person.n_sessions)}{last}\n")


def write_rebuilt(rebuilt: Rebuilt, out: TextIO | None = None) -> int:
    """Say what the history was made of; returns 1 if a session should be in it and is not."""
    out = out or sys.stdout
    if rebuilt.aside is not None:
        out.write(_("The damaged history is kept as {path}.", path=rebuilt.aside) + "\n")
    sessions = n_("{n} session", "{n} sessions", rebuilt.sessions)
    people = n_("{n} person", "{n} people", rebuilt.people)
    out.write(_("In the history: {sessions} of {people}.", sessions=sessions, people=people) + "\n")
    if rebuilt.missing:
        out.write(_("The folders of {n} of them are not there any more.", n=rebuilt.missing) + "\n")
    for problem in rebuilt.problems:
        out.write(_("Left out: {sentence}", sentence=said(problem)) + "\n")
    return 1 if rebuilt.problems else 0


def _people(arguments: argparse.Namespace) -> int:
    with open_existing(root_of(arguments)) as history:
        write_people(history.people())
    return 0


def _export(arguments: argparse.Namespace) -> int:
    with open_existing(root_of(arguments)) as history:
        rows = history.rows_of(arguments.code)
    with new_file(arguments.output) as file:
        file.write(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")
    return 0


def _delete(arguments: argparse.Namespace) -> int:
    root = root_of(arguments)
    with open_existing(root) as history:
        sessions = _counted(len(history.sessions(arguments.code)), "session", "sessions")
    if not arguments.for_good:
        raise HistoryError(
            f"This would delete {arguments.code} with {sessions} from '{root}' for good; add --for-good to do it."
        )
    n = delete_person(root, arguments.code)
    done = n_(
        "{code} is deleted, with {n} recording.", "{code} is deleted, with {n} recordings.", n, code=arguments.code
    )
    sys.stdout.write(done + "\n")
    return 0


def root_of(arguments: argparse.Namespace) -> Path:
    """The folder of all recordings that is meant, if it is there."""
    root: Path = arguments.folder or default_root()
    if not root.is_dir():
        raise HistoryError(f"There is no folder '{root}'; name the folder of all recordings.")
    return root


def open_existing(root: Path) -> "History":
    """Open a history that is there: whoever only asks makes none."""
    if not has_history(root):
        raise HistoryError(f"Nobody has a history in '{root}'; give a code with --person when you record.")
    return open_history(root)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
