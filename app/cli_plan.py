"""The commands about plans: check one, hand results over, take results in. Writes to stdout and nowhere else."""

import argparse
import sys
from pathlib import Path

from app.cli_history import open_existing, root_of
from app.language import _, n_
from app.pipeline.plans import read_plan
from app.recording.erase import PLAN_RESULTS
from app.session.plan import PlanError
from app.session.results_file import PlanResults, merge, parse_results, to_text
from app.small_file import read_small


def add_plan(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked for to the parser of ``glutewake plan``."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="say whether a plan can be followed", description="Says what is wrong.")
    check.add_argument("file", type=Path, metavar="FILE", help="a plan, as TOML")
    check.set_defaults(run=_check)

    results = commands.add_parser(
        "results",
        help="write down the sessions of a person, to be handed over",
        description="Codes and numbers, no name and no samples; whoever takes them in twice has them once.",
    )
    results.add_argument("--person", required=True, metavar="CODE", help="code of the person")
    results.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="the folder of all recordings")
    results.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="a new .json file")
    results.set_defaults(run=_results)

    take_in = commands.add_parser(
        "take-in",
        help="take in results that came back",
        description="Keeps them in plan-results in the folder of all recordings, one file a person.",
    )
    take_in.add_argument("file", type=Path, metavar="FILE", help="results, as JSON")
    take_in.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="the folder of all recordings")
    take_in.set_defaults(run=_take_in)


def _check(arguments: argparse.Namespace) -> int:
    plan = read_plan(arguments.file)
    steps = n_("{n} step", "{n} steps", len(plan.steps))
    sys.stdout.write(f"{plan.title}: {steps}, {', '.join(step.title for step in plan.steps)}.\n")
    return 0


def _results(arguments: argparse.Namespace) -> int:
    from app.history.results import results_of

    with open_existing(root_of(arguments)) as history:
        results = results_of(history, arguments.person)
    _write_new(arguments.output, results)
    n = len(results.sessions)
    told = n_("{n} session of {person}: {file}", "{n} sessions of {person}: {file}", n, person=results.person,
              file=arguments.output)  # fmt: skip
    sys.stdout.write(f"{told}\n")
    return 0


def _write_new(path: Path, results: PlanResults) -> None:
    try:
        with path.open("xb") as file:
            file.write(to_text(results))
    except FileExistsError:
        raise PlanError(f"'{path}' is there already, and nothing is ever overwritten; give another name.") from None


def _take_in(arguments: argparse.Namespace) -> int:
    from app.history.codes import check_code

    new = parse_results(_read(arguments.file), str(arguments.file))
    kept = root_of(arguments) / PLAN_RESULTS / f"{check_code(new.person)}.json"
    known = parse_results(_read(kept), str(kept)) if kept.exists() else None
    merged, n_new = merge(known, new)
    kept.parent.mkdir(parents=True, exist_ok=True)
    written = kept.with_suffix(".new")
    written.write_bytes(to_text(merged))
    written.replace(kept)
    told = _("{person}: {new} new, {all} in all, in {file}", person=new.person, new=n_new, all=len(merged.sessions),
             file=kept)  # fmt: skip
    sys.stdout.write(f"{told}\n")
    return 0


def _read(path: Path) -> bytes:
    try:
        return read_small(path)
    except OSError as error:
        raise PlanError(f"'{path}' cannot be read: {error.strerror}.") from None
