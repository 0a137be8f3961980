"""What can be written on the command line, with every word of its help."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from app import cli_calibrate, cli_export, cli_history, cli_plan, cli_programmes
from app.language import LANGUAGES
from app.pipeline.build import app_version
from app.pipeline.programmes import programme_ids
from drivers.uri import TARGET_SITES

FIRST_PROGRAMME = "prone-ankle-squeeze"
"""Of a window that remembers none."""
Run = Callable[[argparse.Namespace], int]


class WrongUsageError(Exception):
    """The request itself is wrong; the text is a sentence for the user."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsageError(f"{message[:1].upper()}{message[1:]}; {self.prog} --help says what can be written.")


def make_parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Make the parser of everything that can be written after ``glutewake``.

    Parameters
    ----------
    runs : mapping of str to callable
        What each command does, by its name; ``window`` where no command is given.
    """
    parser = _Parser(
        prog="glutewake",
        description="Wakes a sleeping glute: shows left and right EMG live and cues the side that does not join. "
        "Without a command it opens the window, on a simulated person unless --source names a sensor.",
        epilog="Not a medical device.",
    )
    parser.add_argument("--version", action="version", version=f"glutewake {app_version()}")
    parser.add_argument(
        "--settings",
        type=Path,
        default=None,
        metavar="FILE",
        help="where the window remembers your sensors, if not in the usual place",
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="write a log for developers")
    parser.add_argument("--language", dest="reader", choices=LANGUAGES, help="of window and answers (the system's)")
    _add_session(parser)
    parser.add_argument("--no-record", action="store_true", help="do not record this session")
    parser.set_defaults(run=runs["window"])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, text: str, more: str = "") -> argparse.ArgumentParser:
        description = f"{text[:1].upper()}{text[1:]}.{more}"
        return commands.add_parser(name, help=text, description=description)

    live = command(
        "live",
        "run a session without a window",
        " Draws two bars in the terminal, or with --json prints what happens. Ends with the source, after --duration, "
        "or with Ctrl-C; records only where --record says so.",
    )
    _add_session(live)
    live.add_argument("--duration", type=_seconds, metavar="S", help="end after so many seconds of source time")
    live.add_argument("--rests", action="store_true", help="keep the planned rests")
    live.add_argument("--hint", metavar="ID", help="hint of the programme to begin with")
    live.add_argument("--json", action="store_true", help="print one JSON object a line")
    live.add_argument(
        "--isolator-confirmed",
        action="store_true",
        help="an isolator lies between a wired sensor and the mains: start although the charger is, or may be, in",
    )
    live.set_defaults(run=runs["live"])

    analyze_command = command(
        "analyze",
        "find squeezes, lags, symmetry and fatigue in recordings",
        " Our own recordings bring their channels and calibration; a foreign one needs --map if it has more than two "
        "channels or only one. Of a folder of recordings it makes a table with one row each, and keeps what it worked "
        "out in derivatives/glutewake/analyze, so that it goes on where it was interrupted.",
    )
    analyze_command.add_argument(
        "files", nargs="+", metavar="FILE", help="session folder, EMG-BIDS, EDF, BDF, XDF, CSV, OpenSignals or OpenBCI"
    )
    analyze_command.add_argument(
        "--join", action="store_true", help="two files of one session, the left side's first, aligned by their time"
    )
    analyze_command.add_argument("--map", metavar="SITE:N,...", help="channel of each site, e.g. left:1,right:2")
    _add_scale(analyze_command)
    analyze_command.add_argument(
        "--programme", metavar="ID", help="judge by this exercise; else by that of the recording, or freely"
    )
    analyze_command.add_argument("--json", action="store_true", help="print one JSON object a file")
    analyze_command.add_argument(
        "--jobs", type=_count, metavar="N", help="processes for a folder of recordings (one for each core)"
    )
    analyze_command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the table of many recordings into a new file"
    )
    analyze_command.set_defaults(run=runs["analyze"])

    report = command(
        "report",
        "make the page to hand over from a recording",
        " One A4 page as HTML (one file) or PDF, by the end of the name after -o; a file that exists is never "
        "overwritten.",
    )
    report.add_argument("file", type=Path, metavar="FILE", help="as for analyze")
    report.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .html or .pdf")
    report.add_argument("--language", choices=LANGUAGES, help="of the page (yours)")
    report.add_argument("--name", metavar="NAME", help="name on the page; it is kept nowhere else")
    report.add_argument("--involved", choices=TARGET_SITES, help="the involved side, which then comes first")
    report.add_argument("--map", metavar="SITE:N,...", help="channel of each site of a foreign file")
    _add_scale(report)
    report.add_argument("--programme", metavar="ID", help="judge a foreign file by this exercise")
    report.set_defaults(run=runs["report"])

    devices = command("devices", "list the sensors that can be opened", " Each line begins with what --source takes.")
    devices.add_argument("--timeout", type=_seconds, default=3.0, metavar="S", help="seconds to look for them (3)")
    devices.add_argument("--json", action="store_true", help="print one JSON object a line")
    devices.set_defaults(run=runs["devices"])

    tap = command(
        "tap",
        "measure what two units differ by, so that left and right share one time",
        " Needed once for a pair of sensors. Hold both against each other and knock them on a table five times, once a "
        "second; it prints the sources to use from then on.",
    )
    tap.add_argument("--source", action="append", metavar="URI", help="the left unit, then the right one")
    tap.add_argument("--json", action="store_true", help="print one JSON object")
    tap.set_defaults(run=runs["tap"])

    cli_calibrate.add_calibrate(
        command(
            "calibrate",
            "measure rest and reference of each side, step by step",
            " Says what to do and moves on by itself; keys answer on a terminal, --answer in scripts. What it measured "
            "is kept, and live --calibration last takes it.",
        )
    )

    recover_command = command(
        "recover",
        "finish recordings that are not finished",
        " Makes the EMG-BIDS files (BDF+ and tables) of each session, also of one that a crash or a power cut broke "
        "off, and says what is missing; the journal stays as it is.",
    )
    recover_command.add_argument("folder", type=Path, metavar="DIR", help="a session's folder, or one that holds many")
    recover_command.set_defaults(run=runs["recover"])

    verify_command = command(
        "verify",
        "say whether recordings are still what they were",
        " Reads every checksum, compares every hash, and the signal with the journal; wrong bytes are named.",
    )
    verify_command.add_argument(
        "folder", type=Path, metavar="DIR", help="a session's folder, one that holds many, or a data set"
    )
    verify_command.set_defaults(run=runs["verify"])

    cli_export.add_export(
        command("export", "hand recordings on to other programs", " Joined tables, Parquet, or an archive to pass on.")
    )
    cli_programmes.add_programmes(
        command("programmes", "list the exercises, those that ship and your own", " A * marks your own.")
    )
    cli_plan.add_plan(command("plan", "check a plan, and hand its results over"))
    cli_history.add_commands(command("history", "keep what is known of people over weeks"))

    doctor = command(
        "doctor",
        "say what works here, and the step that mends what does not",
        " It also names the folder that the window records into.",
    )
    doctor.set_defaults(run=runs["doctor"])
    return parser


def _add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        action="append",
        metavar="URI",
        help="e.g. sim:waking-left, file:recording.csv?map=right:2, text:/dev/ttyUSB0; twice for one unit a side",
    )
    parser.add_argument(
        "--programme",
        metavar="ID",
        help=f"{', '.join(programme_ids())}, or a .toml file of your own",
    )
    parser.add_argument("--record", type=Path, metavar="DIR", help="record into a new folder in DIR")
    parser.add_argument("--person", metavar="CODE", help="code of the person, never a name")
    parser.add_argument("--session", metavar="LABEL", help="what to call this session")
    parser.add_argument(
        "--calibration", metavar="FILE", help="calibration to use, as JSON; last: the person's newest; none: go without"
    )
    _add_scale(parser)


def _add_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mvc", metavar="SITE:LEVEL,...", help="reference RMS in µV (or counts), e.g. left:52,right:60"
    )
    parser.add_argument("--rest", metavar="SITE:LEVEL,...", help="rest RMS in the same unit; needs --mvc")


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above zero")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)
