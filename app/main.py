"""Entry: reads the arguments and starts the window (`app.studio`) or a command.

Every foreseen failure ends here as one sentence on stderr: exit code 2 if the
request itself is wrong, 1 if it cannot be done, 0 if it was done.
"""

import argparse
import contextlib
import io
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from app import cli, cli_calibrate, cli_cohort, cli_export, cli_history, cli_recordings
from app.cli_calibrate import AnswerError
from app.headless import run_live
from app.history.errors import HistoryError
from app.logs import send_logs_to
from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan, app_version
from app.pipeline.doctor import examine
from app.pipeline.programmes import load_programme, programme_ids
from app.pipeline.sources import CalibrationChoice
from app.pipeline.tap import measure_taps
from app.recording import calibrations
from app.recording.errors import RecordingError
from app.recording.finalise import finalise
from app.recording.folders import check_writable, default_root
from app.recording.verify import verify
from app.session.levels import LevelsError, parse_levels
from app.session.programme import ProgrammeError
from app.settings import Settings, default_path
from drivers import registry
from drivers.errors import DriverError, SourceUriError
from drivers.uri import TARGET_SITES

FIRST_PROGRAMME = "prone-ankle-squeeze"
SWITCH_INTERVAL_S = 0.001
"""A thread that only computes gives way after 1 ms instead of 5: the worst wake-up delay of the dsp thread beside
full plots falls from 5.2 to 1.2 ms."""

_log = logging.getLogger(__name__)


class WrongUsageError(Exception):
    """The request itself is wrong; the text is a sentence for the user."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsageError(f"{message[:1].upper()}{message[1:]}; {self.prog} --help says what can be written.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the application; returns its exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _write_utf8()
    try:
        arguments = _parser().parse_args(argv)
    except WrongUsageError as error:
        return _refuse(str(error), 2)
    except OSError:  # whoever asked for the help does not read it; some versions of argparse hide that, some do not
        _drop_output()
        return 0
    with send_logs_to(arguments.log) as trouble:
        if trouble:
            _say(trouble)
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.run(arguments))
    except (SourceUriError, LevelsError, ProgrammeError, AnswerError, WrongUsageError) as error:
        return _refuse(str(error), 2)
    except (DriverError, RecordingError, HistoryError) as error:
        return _refuse(error.sentence, 1)
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        _drop_output()
        return _refuse(f"Reading or writing failed: {error.strerror or error}.", 1)
    except KeyboardInterrupt:
        return _refuse("Stopped.", 1)
    except Exception:  # noqa: BLE001 - the last handler of a command: no traceback reaches a user
        _log.exception("the command failed")
        return _refuse("Something went wrong inside GluteWake; start it again with --log FILE and report that file.", 1)


def _write_utf8() -> None:
    """Write the same bytes into files and pipes on every system; a terminal gets what it can show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _drop_output() -> None:
    """Whoever read the output has gone, or it is full: what is still in the buffer must not fail once more at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str, code: int) -> int:
    _say(sentence)
    return code


def _say(sentence: str) -> None:
    if sys.stderr is not None:  # a window without a console has none
        sys.stderr.write(f"glutewake: {sentence}\n")


def _parser() -> argparse.ArgumentParser:
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
    _add_session(parser, default_programme=FIRST_PROGRAMME)
    parser.add_argument("--no-record", action="store_true", help="do not record this session")
    parser.set_defaults(run=_window)
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
    _add_session(live, default_programme=None)
    live.add_argument("--duration", type=_seconds, metavar="S", help="end after so many seconds of source time")
    live.add_argument("--rests", action="store_true", help="keep the planned rests")
    live.add_argument("--json", action="store_true", help="print one JSON object a line")
    live.add_argument(
        "--isolator-confirmed",
        action="store_true",
        help="an isolator lies between a wired sensor and the mains: start although the charger is, or may be, in",
    )
    live.set_defaults(run=_live)

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
    analyze_command.set_defaults(run=_analyze)

    report = command(
        "report",
        "make the page to hand over from a recording",
        " One A4 page as HTML (one file) or PDF, by the end of the name after -o; a file that exists is never "
        "overwritten.",
    )
    report.add_argument("file", type=Path, metavar="FILE", help="as for analyze")
    report.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .html or .pdf")
    report.add_argument("--language", choices=("en", "de"), default="en", help="of the page (en)")
    report.add_argument("--name", metavar="NAME", help="name on the page; it is kept nowhere else")
    report.add_argument("--involved", choices=TARGET_SITES, help="the involved side, which then comes first")
    report.add_argument("--map", metavar="SITE:N,...", help="channel of each site of a foreign file")
    _add_scale(report)
    report.add_argument("--programme", metavar="ID", help="judge a foreign file by this exercise")
    report.set_defaults(run=_report)

    devices = command("devices", "list the sensors that can be opened", " Each line begins with what --source takes.")
    devices.add_argument("--timeout", type=_seconds, default=3.0, metavar="S", help="seconds to look for them (3)")
    devices.add_argument("--json", action="store_true", help="print one JSON object a line")
    devices.set_defaults(run=_devices)

    tap = command(
        "tap",
        "measure what two units differ by, so that left and right share one time",
        " Needed once for a pair of sensors. Hold both against each other and knock them on a table five times, once a "
        "second; it prints the sources to use from then on.",
    )
    tap.add_argument("--source", action="append", metavar="URI", help="the left unit, then the right one")
    tap.add_argument("--json", action="store_true", help="print one JSON object")
    tap.set_defaults(run=_tap)

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
    recover_command.set_defaults(run=_recover)

    verify_command = command(
        "verify",
        "say whether recordings are still what they were",
        " Reads every checksum, compares every hash, and the signal with the journal; wrong bytes are named.",
    )
    verify_command.add_argument("folder", type=Path, metavar="DIR", help="a session's folder, or one that holds many")
    verify_command.set_defaults(run=_verify)

    cli_export.add_export(
        command("export", "hand recordings on to other programs", " Joined tables, Parquet, or an archive to pass on.")
    )
    cli_history.add_commands(command("history", "keep what is known of people over weeks"))

    doctor = command(
        "doctor",
        "say what works here, and the step that mends what does not",
        " It also names the folder that the window records into.",
    )
    doctor.set_defaults(run=_doctor)
    return parser


def _add_session(parser: argparse.ArgumentParser, *, default_programme: str | None) -> None:
    parser.add_argument(
        "--source",
        action="append",
        metavar="URI",
        help="e.g. sim:waking-left, file:recording.csv?map=right:2, text:/dev/ttyUSB0; twice for one unit a side",
    )
    parser.add_argument(
        "--programme",
        metavar="ID",
        default=default_programme,
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


def _plan(arguments: argparse.Namespace, *, skip_rests: bool) -> SessionPlan:
    if arguments.rest and not arguments.mvc:
        raise WrongUsageError("--rest needs --mvc: give the reference of each side too, as in --mvc left:52,right:60.")
    return SessionPlan(
        programme=load_programme(arguments.programme) if arguments.programme else None,
        calibration=_calibration_choice(arguments),
        mvc=parse_levels("--mvc", arguments.mvc) if arguments.mvc else {},
        rest=parse_levels("--rest", arguments.rest) if arguments.rest else {},
        skip_rests=skip_rests,
        person=getattr(arguments, "person", None),
        label=getattr(arguments, "session", None),
    )


def _calibration_choice(arguments: argparse.Namespace) -> CalibrationChoice:
    choice = getattr(arguments, "calibration", None)
    if choice is None:
        return "carried"
    if choice == "none":
        return "none"
    now = datetime.now(UTC)
    if choice != "last":
        try:
            return calibrations.read(Path(choice), now)
        except RecordingError as error:
            raise WrongUsageError(error.sentence) from None
    root = getattr(arguments, "record", None) or default_root()
    person = getattr(arguments, "person", None)
    return lambda sites, simulated: calibrations.newest(root, person, sites, now, simulated=simulated)


def _window(arguments: argparse.Namespace) -> int:
    from app.studio import Studio  # the window's session; imports nothing that a command needs
    from app.ui import run

    plan = _plan(arguments, skip_rests=False)
    root = None if arguments.no_record else arguments.record or default_root()
    with Studio(arguments.source or [], plan, root, _settings(arguments)) as studio:
        return run(studio, on_ready=studio.attach)


def _live(arguments: argparse.Namespace) -> int:
    if not arguments.source:
        raise WrongUsageError("Say which sensor with --source, for example --source sim:waking-left.")
    plan = _plan(arguments, skip_rests=not arguments.rests)
    with _ended_by_sigterm():
        return run_live(
            arguments.source,
            plan,
            duration_s=arguments.duration,
            record_in=arguments.record,
            as_json=arguments.json,
            isolator_confirmed=arguments.isolator_confirmed,
        )


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Whoever ends a session by SIGTERM gets its summary too, as with Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _analyze(arguments: argparse.Namespace) -> int:
    plan = _plan(arguments, skip_rests=True)
    paths = [Path(file) for file in arguments.files]
    if arguments.jobs or arguments.output or cli_cohort.is_cohort(paths):
        if arguments.join:
            raise WrongUsageError("--join takes two files of one session; leave out --jobs, -o and folders.")
        registry.create(_recording("x", arguments.map))
        return cli_cohort.analyze_many(
            paths,
            lambda path: _recording(str(path), arguments.map),
            plan,
            jobs=arguments.jobs,
            output=arguments.output,
            as_json=arguments.json,
        )
    code = 0
    sessions = [[_recording(file, arguments.map)] for file in arguments.files]
    if arguments.join:
        if len(arguments.files) != len(TARGET_SITES):
            raise WrongUsageError("--join needs two files, that of the left side first.")
        parts = [_part_of_map(arguments.map, side) for side in TARGET_SITES]
        sessions = [[_recording(file, part) for file, part in zip(arguments.files, parts, strict=True)]]
    for uri in sessions[0]:
        registry.create(uri)  # a --map that no file can have is refused once, not for every file
    for uris in sessions:
        try:
            with cli.progress_line() as progress:
                result = analyze(uris, plan, progress)
        except DriverError as error:
            code = max(code, _refuse(error.sentence, 2 if isinstance(error, SourceUriError) else 1))
            continue
        cli.write_analysis(result, as_json=arguments.json)
    return code


def _report(arguments: argparse.Namespace) -> int:
    from app.report.make import Wish, make_report  # Qt and fonts: no other command pays for them

    wish = Wish(
        recording=arguments.file,
        uri=_recording(str(arguments.file), arguments.map),
        output=arguments.output,
        plan=_plan(arguments, skip_rests=True),
        language=arguments.language,
        name=arguments.name,
        involved=arguments.involved,
    )
    with cli.progress_line() as progress:
        make_report(wish, progress)
    return 0


def _tap(arguments: argparse.Namespace) -> int:
    uris = arguments.source or []

    def say(n_knocks: int) -> None:
        if not arguments.json:
            _say(f"felt {n_knocks}")

    if not arguments.json:
        _say("hold both sensors against each other and knock them on a table, once a second.")
    cli.write_taps(measure_taps(uris, say), uris, as_json=arguments.json)
    return 0


def _recording(file: str, channel_map: str | None) -> str:
    """A file as a source; options behind its name, as in ``a.csv?rate=1000``, are kept."""
    options = "=" in file.partition("?")[2]
    return f"file:{file}{'&' if options else '?'}speed=max{f'&map={channel_map}' if channel_map else ''}"


def _part_of_map(channel_map: str | None, side: str) -> str | None:
    """The entries of a map that belong to one side: each of two joined files has its own channels."""
    entries = (channel_map or "").split(",")
    return ",".join(entry for entry in entries if entry.partition(":")[0].endswith(side)) or None


def _devices(arguments: argparse.Namespace) -> int:
    cli.write_devices(arguments.timeout, as_json=arguments.json, remembered=_settings(arguments).sensors)
    return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    return Settings(arguments.settings or default_path())


def _recover(arguments: argparse.Namespace) -> int:
    folders = cli_recordings.session_folders(arguments.folder)
    cli_recordings.write_recovery((folder, finalise(folder)) for folder in folders)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    return cli_recordings.write_verdicts(map(verify, cli_recordings.session_folders(arguments.folder)))


def _doctor(arguments: argparse.Namespace) -> int:
    return cli.write_findings(examine(default_root(), check_writable))
