"""The commands about plans: check one, hand results over, take results in. Writes to stdout and nowhere else."""

import argparse
import sys
from pathlib import Path

from app.archive import take_in
from app.cli_history import open_existing, root_of
from app.language import _, n_
from app.pipeline.plans import read_plan
from app.recording.export.files import new_file
from app.recording.folders import default_root
from app.session.plan import PlanError
from app.session.results_file import to_text


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for to the parser of ``glutewake plan``."""
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)

    check = commands.add_parser(
        "check", help=_("say whether a plan can be followed"), description=_("Says what is wrong.")
    )
    check.add_argument("file", type=Path, metavar="FILE", help=_("a plan, as TOML"))
    check.set_defaults(run=_check)

    results = commands.add_parser(
        "results",
        help=_("write down the sessions of a person, to be handed over"),
        description=_("Codes and numbers, no name and no samples; whoever takes them in twice has them once."),
    )
    results.add_argument("--person", required=True, metavar="CODE", help=_("code of the person"))
    results.add_argument("folder", type=Path, nargs="?", metavar="DIR", help=_("the folder of all recordings"))
    results.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help=_("a new .json file"))
    results.set_defaults(run=_results)

    take_in = commands.add_parser(
        "take-in",
        help=_("take in results that came back"),
        description=_("Keeps them in plan-results in the folder of all recordings, one file a person."),
    )
    take_in.add_argument("file", type=Path, metavar="FILE", help=_("results, as JSON"))
    take_in.add_argument("folder", type=Path, nargs="?", metavar="DIR", help=_("the folder of all recordings"))
    take_in.set_defaults(run=_take_in)


def _check(arguments: argparse.Namespace) -> int:
    plan = read_plan(arguments.file)
    steps = n_("{n} step", "{n} steps", len(plan.steps))
    sys.stdout.write(f"{plan.title}: {steps}, {', '.join(step.title for step in plan.steps)}.\n")
    return 0


def _results(arguments: argparse.Namespace) -> int:
    from app.history.results import results_of

    if arguments.output.exists():
        raise PlanError(f"'{arguments.output}' is there already, and nothing is ever overwritten; give another name.")
    with open_existing(root_of(arguments)) as history:
        results = results_of(history, arguments.person)
    with new_file(arguments.output) as file:
        file.write(to_text(results))
    n = len(results.sessions)
    told = n_("{n} session of {person}: {file}", "{n} sessions of {person}: {file}", n, person=results.person,
              file=arguments.output)  # fmt: skip
    sys.stdout.write(f"{told}\n")
    return 0


def _take_in(arguments: argparse.Namespace) -> int:
    # Whoever takes in what others did may never have recorded: the usual folder is made, another one has to be there.
    root = root_of(arguments) if arguments.folder else default_root()
    taken = take_in(root, arguments.file)
    told = _("{person}: {new} new, {all} in all, in {file}", person=taken.person, new=taken.new, all=taken.in_all,
             file=taken.file)  # fmt: skip
    sys.stdout.write(f"{told}\n")
    return 0
