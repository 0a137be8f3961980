"""The command that lists the exercises and copies one to be edited. Writes to stdout and nowhere else."""

import argparse
import json
import sys

from app.language import _
from app.pipeline.programmes import all_programmes, copy_programme, own_folder
from app.session.programme import Programme


def add_programmes(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for to the parser of ``glutewake programmes``."""
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))
    parser.set_defaults(run=_list)
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND")
    copy = commands.add_parser(
        "copy",
        help=_("copy one into your own folder, to be edited there"),
        description=_("Prints where the copy lies."),
    )
    copy.add_argument("programme", metavar="ID", help=_("id of an exercise, or a .toml file"))
    copy.set_defaults(run=_copy)


def _list(arguments: argparse.Namespace) -> int:
    shelf = all_programmes()
    for origin, programmes in (("shipped", shelf.shipped), ("own", shelf.own)):
        for programme in programmes:
            sys.stdout.write(_line(programme, origin, as_json=arguments.json))
    if not arguments.json:
        sys.stdout.write(_("Your own programmes lie in {folder}", folder=own_folder()) + "\n")
    for sentence in shelf.refused:
        sys.stderr.write(f"glutewake: {sentence}\n")
    return 1 if shelf.refused else 0


def _line(programme: Programme, origin: str, *, as_json: bool) -> str:
    if as_json:
        about = {"id": programme.id, "title": programme.title, "step": programme.step, "position": programme.position,
                 "muscle": programme.muscle, "sensors": programme.sensors, "origin": origin}  # fmt: skip
        return json.dumps(about, ensure_ascii=False) + "\n"
    mark = "*" if origin == "own" else " "
    return f"{mark} {programme.id:<24} {programme.step:<10} {_(programme.title)}\n"


def _copy(arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"{copy_programme(arguments.programme)}\n")
    return 0
