"""What can be written on the command line, with every word of its help in the language of whoever asks."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from app import cli_calibrate, cli_export, cli_history, cli_plan, cli_programmes
from app.history.codes import check_code
from app.language import LANGUAGES, Language, _, mark
from app.pipeline.build import app_version
from app.pipeline.programmes import programme_ids
from app.said import said
from drivers.uri import TARGET_SITES

FIRST_PROGRAMME = "prone-ankle-squeeze"
"""Of a window that remembers none."""
Run = Callable[[argparse.Namespace], int]
Command = Callable[..., argparse.ArgumentParser]
"""Makes the parser of a command from its name, what it does in a few words, and more of it."""
ARGPARSE_SAYS: Final = (
    mark("usage: "), mark("options"), mark("positional arguments"), mark("argument {name}"),
    mark("expected one argument"), mark("expected at least one argument"), mark("unrecognized arguments: {names}"),
    mark("the following arguments are required: {names}"), mark("invalid choice: {value} (choose from {choices})"),
)  # fmt: skip
"""Words of the standard library, which translates them by the environment alone and only where it has a catalogue."""


class WrongUsageError(Exception):
    """The request itself is wrong; the text is a sentence for the user."""


class _Formatter(argparse.HelpFormatter):
    """Writes the headings of the help as the rest of it."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and _(heading))


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named, add_help=False, formatter_class=_Formatter)
        self.add_argument("-h", "--help", action="help", help=_("show this help"))

    def error(self, message: str) -> NoReturn:
        what = said(message)
        what = f"{what[:1].upper()}{what[1:]}"
        raise WrongUsageError(_("{what}; {prog} --help says what can be written.", what=what, prog=self.prog))


def language_asked_for(argv: Sequence[str] | None) -> Language | None:
    """The language that ``--language`` asks for, before anything else is read: the help and what is wrong are in it."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--language", nargs="?")
    asked = first.parse_known_args(argv)[0].language
    return next((language for language in LANGUAGES if language == asked), None)


def make_parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Make the parser of everything that can be written after ``glutewake``.

    Parameters
    ----------
    runs : mapping of str to callable
        What each command does, by its name; ``window`` where no command is given.
    """
    parser = _make_window_parser()
    parser.set_defaults(run=runs["window"])
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND")

    def command(name: str, text: str, more: str = "") -> argparse.ArgumentParser:
        description = f"{text[:1].upper()}{text[1:]}. {more}"
        return commands.add_parser(name, help=text, description=description)

    _add_live(command, runs["live"])
    _add_analyze(command, runs["analyze"])
    _add_report(command, runs["report"])
    _add_devices(command, runs["devices"])
    _add_tap(command, runs["tap"])
    cli_calibrate.add_calibrate(
        command(
            "calibrate",
            _("measure rest and reference of each side, step by step"),
            _(
                "Says what to do and moves on by itself; keys answer on a terminal, --answer in scripts. What it "
                "measured is kept, and live --calibration last takes it."
            ),
        )
    )
    _add_recover(command, runs["recover"])
    _add_verify(command, runs["verify"])
    cli_export.add_export(
        command(
            "export", _("hand recordings on to other programs"), _("Joined tables, Parquet, or an archive to pass on.")
        )
    )
    cli_programmes.add_programmes(
        command("programmes", _("list the exercises, those that ship and your own"), _("A * marks your own."))
    )
    cli_plan.add_plan(command("plan", _("check a plan, and hand its results over")))
    cli_history.add_commands(command("history", _("keep what is known of people over weeks")))
    _add_doctor(command, runs["doctor"])
    return parser


def _make_window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="glutewake",
        description=_(
            "Wakes a sleeping glute: shows left and right EMG live and cues the side that does not join. "
            "Without a command it opens the window, on a simulated person unless --source names a sensor."
        ),
        epilog=_("Not a medical device."),
    )
    parser.add_argument("--version", action="version", help=_("show the version"), version=f"glutewake {app_version()}")
    parser.add_argument(
        "--settings",
        type=Path,
        default=None,
        metavar="FILE",
        help=_("where the window remembers your sensors, if not in the usual place"),
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help=_("write a log for developers"))
    parser.add_argument("--language", dest="reader", choices=LANGUAGES, help=_("of window and answers (the system's)"))
    _add_session(parser)
    parser.add_argument("--no-record", action="store_true", help=_("do not record this session"))
    return parser


def _add_live(command: Command, run: Run) -> None:
    parser = command(
        "live",
        _("run a session without a window"),
        _(
            "Draws two bars in the terminal, or with --json prints what happens. Ends with the source, after "
            "--duration, or with Ctrl-C; records only where --record says so."
        ),
    )
    _add_session(parser)
    parser.add_argument("--duration", type=_seconds, metavar="S", help=_("end after so many seconds of source time"))
    parser.add_argument("--rests", action="store_true", help=_("keep the planned rests"))
    parser.add_argument("--hint", metavar="ID", help=_("hint of the programme to begin with"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))
    parser.add_argument(
        "--isolator-confirmed",
        action="store_true",
        help=_("an isolator lies between a wired sensor and the mains: start although the charger is, or may be, in"),
    )
    parser.set_defaults(run=run)


def _add_analyze(command: Command, run: Run) -> None:
    parser = command(
        "analyze",
        _("find squeezes, lags, symmetry and fatigue in recordings"),
        _(
            "Our own recordings bring their channels and calibration; a foreign one needs --map if it has more than "
            "two channels or only one. Of a folder of recordings it makes a table with one row each, and keeps what it "
            "worked out in derivatives/glutewake/analyze, so that it goes on where it was interrupted."
        ),
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=_("session folder, EMG-BIDS, EDF, BDF, XDF, CSV, OpenSignals or OpenBCI"),
    )
    parser.add_argument(
        "--join", action="store_true", help=_("two files of one session, the left side's first, aligned by their time")
    )
    parser.add_argument("--map", metavar="SITE:N,...", help=_("channel of each site, e.g. left:1,right:2"))
    _add_scale(parser)
    parser.add_argument(
        "--programme", metavar="ID", help=_("judge by this exercise; else by that of the recording, or freely")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a file"))
    parser.add_argument(
        "--jobs", type=_count, metavar="N", help=_("processes for a folder of recordings (one for each core)")
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("write the table of many recordings into a new file")
    )
    parser.set_defaults(run=run)


def _add_report(command: Command, run: Run) -> None:
    parser = command(
        "report",
        _("make the page to hand over from a recording"),
        _(
            "One A4 page as HTML (one file) or PDF, by the end of the name after -o; a file that exists is never "
            "overwritten."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("as for analyze"))
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=_("ends in .html or .pdf"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("of the page (yours)"))
    parser.add_argument("--name", metavar="NAME", help=_("name on the page; it is kept nowhere else"))
    parser.add_argument("--involved", choices=TARGET_SITES, help=_("the involved side, which then comes first"))
    parser.add_argument("--map", metavar="SITE:N,...", help=_("channel of each site of a foreign file"))
    _add_scale(parser)
    parser.add_argument("--programme", metavar="ID", help=_("judge a foreign file by this exercise"))
    parser.set_defaults(run=run)


def _add_devices(command: Command, run: Run) -> None:
    parser = command(
        "devices",
        _("list the sensors that can be opened"),
        _("Each line begins with what --source takes."),
    )
    parser.add_argument("--timeout", type=_seconds, default=3.0, metavar="S", help=_("seconds to look for them (3)"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))
    parser.set_defaults(run=run)


def _add_tap(command: Command, run: Run) -> None:
    parser = command(
        "tap",
        _("measure what two units differ by, so that left and right share one time"),
        _(
            "Needed once for a pair of sensors. Hold both against each other and knock them on a table five times, "
            "once a second; it prints the sources to use from then on."
        ),
    )
    parser.add_argument("--source", action="append", metavar="URI", help=_("the left unit, then the right one"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))
    parser.set_defaults(run=run)


def _add_recover(command: Command, run: Run) -> None:
    parser = command(
        "recover",
        _("finish recordings that are not finished"),
        _(
            "Makes the EMG-BIDS files (BDF+ and tables) of each session, also of one that a crash or a power cut "
            "broke off, and says what is missing; the journal stays as it is."
        ),
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help=_("a session's folder, or one that holds many"))
    parser.set_defaults(run=run)


def _add_verify(command: Command, run: Run) -> None:
    parser = command(
        "verify",
        _("say whether recordings are still what they were"),
        _("Reads every checksum, compares every hash, and the signal with the journal; wrong bytes are named."),
    )
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help=_("a session's folder, one that holds many, or a data set")
    )
    parser.set_defaults(run=run)


def _add_doctor(command: Command, run: Run) -> None:
    parser = command(
        "doctor",
        _("say what works here, and the step that mends what does not"),
        _("It also names the folder that the window records into."),
    )
    parser.set_defaults(run=run)


def _add_session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--source",
        action="append",
        metavar="URI",
        help=_("e.g. sim:waking-left, file:recording.csv?map=right:2, text:/dev/ttyUSB0; twice for one unit a side"),
    )
    parser.add_argument(
        "--programme",
        metavar="ID",
        help=_("{ids}, or a .toml file of your own", ids=", ".join(programme_ids())),
    )
    parser.add_argument("--record", type=Path, metavar="DIR", help=_("record into a new folder in DIR"))
    parser.add_argument("--person", type=check_code, metavar="CODE", help=_("code of the person, never a name"))
    parser.add_argument("--session", metavar="LABEL", help=_("what to call this session"))
    parser.add_argument(
        "--calibration",
        metavar="FILE",
        help=_("calibration to use, as JSON; last: the person's newest; none: go without"),
    )
    _add_scale(parser)


def _add_scale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--mvc", metavar="SITE:LEVEL,...", help=_("reference RMS in µV (or counts), e.g. left:52,right:60")
    )
    parser.add_argument("--rest", metavar="SITE:LEVEL,...", help=_("rest RMS in the same unit; needs --mvc"))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise argparse.ArgumentTypeError(_("'{text}' is not a number of seconds above zero", text=text))
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(_("'{text}' is not a whole number above zero", text=text))
    return int(text)
