"""Entry: reads the arguments and starts the window (`app.studio`) or a command.

Every foreseen failure ends here as one sentence on stderr: exit code 2 if the
request itself is wrong, 1 if it cannot be done, 0 if it was done.
"""

import argparse
import contextlib
import io
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app import cli, cli_cohort, cli_recordings, language
from app.arguments import FIRST_PROGRAMME, Run, WrongUsageError, language_asked_for, make_parser
from app.cli_calibrate import AnswerError
from app.headless import run_live
from app.history.errors import CodeRefusedError
from app.language import _
from app.logs import send_logs_to
from app.pipeline.analyze import analyze
from app.pipeline.build import SessionPlan
from app.pipeline.doctor import examine
from app.pipeline.programmes import load_programme
from app.pipeline.sources import CalibrationChoice
from app.pipeline.tap import measure_taps
from app.preferences import Preferences
from app.recording import calibrations
from app.recording.errors import RecordingError
from app.recording.finalise import finalise
from app.recording.folders import check_writable, chosen_root, default_root
from app.said import said
from app.session.levels import LevelsError, parse_levels
from app.session.plan import PlanError
from app.session.programme import Programme, ProgrammeError
from app.settings import Settings, default_path
from drivers import registry
from drivers.errors import DriverError, SourceUriError, UserFacingError
from drivers.uri import TARGET_SITES

SWITCH_INTERVAL_S = 0.001
"""A thread that only computes gives way after 1 ms instead of 5: the worst wake-up delay of the dsp thread beside
full plots falls from 5.2 to 1.2 ms."""

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the application; returns its exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _write_utf8()
    language.use(language_asked_for(argv) or language.system_language())
    try:
        _check_text(sys.argv[1:] if argv is None else argv)
        arguments = make_parser(RUNS).parse_args(argv)
    except (WrongUsageError, CodeRefusedError) as error:
        return _refuse(str(error), 2)
    except OSError:  # whoever asked for the help does not read it; some versions of argparse hide that, some do not
        _drop_output()
        return 0
    language.use(arguments.reader or language.system_language())
    with send_logs_to(arguments.log) as trouble:
        if trouble:
            _say(said(trouble))
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.run(arguments))
    except (SourceUriError, LevelsError, ProgrammeError, PlanError, AnswerError, WrongUsageError) as error:
        return _refuse(str(error), 2)
    except UserFacingError as error:
        return _refuse(error.sentence, 1)
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        _drop_output()
        return _refuse(_("Reading or writing failed: {error}.", error=error.strerror or error), 1)
    except KeyboardInterrupt:
        return _refuse(_("Stopped."), 1)
    except Exception:  # noqa: BLE001 - the last handler of a command: no traceback reaches a user
        _log.exception("the command failed")
        return _refuse(
            _("Something went wrong inside GluteWake; start it again with --log FILE and report that file."), 1
        )


def _check_text(argv: Sequence[str]) -> None:
    """Refuse what no journal and no line of JSON can keep, before anything begins."""
    for argument in argv:
        try:
            argument.encode()
        except UnicodeEncodeError:
            shown = argument.encode(errors="replace").decode()
            raise WrongUsageError(
                _("'{argument}' is not text in UTF-8; write it anew, or rename that file or folder.", argument=shown)
            ) from None


def _write_utf8() -> None:
    """Write the same bytes into files and pipes on every system; a terminal gets what it can show.

    Where a shell has closed them, or a window has no console, what is written goes nowhere.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the same
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _drop_output() -> None:
    """Whoever read the output has gone, or it is full: what is still in the buffer must not fail once more at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(sentence: str, code: int) -> int:
    _say(said(sentence))
    return code


def _say(sentence: str) -> None:
    sys.stderr.write(f"glutewake: {sentence}\n")


def _plan(arguments: argparse.Namespace, *, skip_rests: bool) -> SessionPlan:
    if arguments.rest and not arguments.mvc:
        raise WrongUsageError("--rest needs --mvc: give the reference of each side too, as in --mvc left:52,right:60.")
    programme = load_programme(arguments.programme) if arguments.programme else None
    return SessionPlan(
        programme=programme,
        calibration=_calibration_choice(arguments),
        mvc=parse_levels("--mvc", arguments.mvc) if arguments.mvc else {},
        rest=parse_levels("--rest", arguments.rest) if arguments.rest else {},
        skip_rests=skip_rests,
        person=getattr(arguments, "person", None),
        label=getattr(arguments, "session", None),
        first_hint=_first_hint(getattr(arguments, "hint", None), programme),
    )


def _first_hint(hint: str | None, programme: Programme | None) -> str | None:
    known = () if programme is None else tuple(one.id for one in programme.hints)
    if hint is None or hint in known:
        return hint
    if not known:
        raise WrongUsageError("--hint needs a --programme that has hints, as prone-ankle-squeeze does.")
    listed = ", ".join(f"'{one}'" for one in known)  # in quotes they are no words to be translated
    raise WrongUsageError(f"--hint {hint} is no hint of this programme; it has {listed}.")


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

    settings = _settings(arguments)
    liked = settings.preferences
    if arguments.reader is None and liked.language != "system":
        language.use(liked.language)
    arguments.person = arguments.person or liked.person or None
    follows = arguments.programme is None
    arguments.programme = arguments.programme or _last_programme(liked)
    plan = replace(_plan(arguments, skip_rests=False), ready=True)
    settings.prefer(person=plan.person or "")
    root = None if arguments.no_record else arguments.record or chosen_root(liked)
    with Studio(arguments.source or [], plan, root, settings, follows=follows) as studio:
        return run(studio, on_screen=studio.begin_work, on_ready=studio.attach)


def _last_programme(liked: Preferences) -> str:
    """What was trained last, if it is still there."""
    name = liked.programme or FIRST_PROGRAMME
    try:
        load_programme(name)
    except ProgrammeError as error:
        _log.warning("%s", error)
        return FIRST_PROGRAMME
    return name


def _live(arguments: argparse.Namespace) -> int:
    if not arguments.source:
        raise WrongUsageError("Say which sensor with --source, for example --source sim:waking-left.")
    plan = _plan(arguments, skip_rests=not arguments.rests)
    with cli.ended_by_sigterm():
        return run_live(
            arguments.source,
            plan,
            duration_s=arguments.duration,
            record_in=arguments.record,
            as_json=arguments.json,
            isolator_confirmed=arguments.isolator_confirmed,
        )


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
        language=arguments.language or language.language(),
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
        _say(_("Hold both units against each other and knock them on a table, once a second."))
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
    return cli_recordings.write_verdicts(cli_recordings.verdicts(arguments.folder))


def _doctor(arguments: argparse.Namespace) -> int:
    return cli.write_findings(examine(default_root(), check_writable))


RUNS: Final[Mapping[str, Run]] = {
    "window": _window,
    "live": _live,
    "analyze": _analyze,
    "report": _report,
    "devices": _devices,
    "tap": _tap,
    "recover": _recover,
    "verify": _verify,
    "doctor": _doctor,
}
