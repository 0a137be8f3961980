"""The command ``calibrate``: a guided calibration without a window. Lines of JSON, or one line of words a step."""

import argparse
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Final, get_args

from app import cli
from app.calibration_tape import CalibrationTape
from app.history.codes import check_code
from app.language import _, mark
from app.pipeline.calibrate import CalibrationRun, exchanged_uris, make_about
from app.pipeline.calibrate_lines import ENCODER, calibration_line, step_line
from app.pipeline.hub import Hub
from app.pipeline.mains import UNPLUG, MainsWatch, needs_care, permit
from app.pipeline.runner import DspWorker, run_unpaced
from app.pipeline.sources import Sources, open_unpaced
from app.recording import calibrations, clench_tests
from app.recording.errors import RecordingError
from app.recording.finalise import start_finishing
from app.recording.folders import default_root
from app.recording.kit import kit_of, read_kits
from app.recording.recorder import Recorder
from app.said import said as told
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import PAIN_KEYS, CalibrationView, Key, Kind
from app.session.events import Event
from app.session.programme import Glute
from drivers.base import Driver
from drivers.errors import SourceUriError
from drivers.types import SampleBlock

_TYPED: Final[Mapping[str, Key]] = {
    "y": "yes", "n": "no", "x": "swap", "r": "redo", "b": "back", "p": "pause", "h": "hurts", "q": "end",
    "l": "scale-left", "s": "scale-right",
}  # fmt: skip
NOTHING_BEGUN: Final = mark(
    "--go-on finds nothing: in the last hour no calibration of this kind and person, with these sources and in this "
    "position, broke off; leave it out to begin a new one."
)
_HELP: Final = mark(
    "Enter is the space bar, y yes, n no, x exchange left and right, r again, b back, p pause, h it hurts, q end; each "
    "followed by Enter."
)


class AnswerError(ValueError):
    """An answer on the command line is none; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the command line asks for."""

    kind: Kind
    person: str | None
    position: str
    muscle: Glute
    answers: Mapping[str, Key]
    root: Path
    output: Path | None
    as_json: bool
    isolator_confirmed: bool
    go_on: bool
    helpers: bool


def add_calibrate(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--source", action="append", metavar="URI", required=True, help=_("as for live"))
    parser.add_argument("--kind", choices=get_args(Kind), default="quick", help=_("quick (90 s) if not said"))
    parser.add_argument("--person", type=check_code, metavar="CODE", help=_("code of the person, never a name"))
    parser.add_argument("--position", metavar="TEXT", default="prone", help=_("how the person lies (prone)"))
    parser.add_argument(
        "--muscle", choices=get_args(Glute), default="gluteus maximus", help=_("what the pads lie on (gluteus maximus)")
    )
    parser.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="QUESTION=KEY",
        help=_(
            "answer a question when it comes: pain=0, swapped=swap, hardened-left=no, hardened-right=yes, scale=no; "
            "any=space answers the others as the space bar does"
        ),
    )
    parser.add_argument(
        "--record", type=Path, metavar="DIR", help=_("keep the calibration in DIR, not in the usual place")
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=_("write the calibration into a new file too")
    )
    parser.add_argument(
        "--go-on",
        action="store_true",
        help=_("go on with the calibration of this person that broke off in the last hour"),
    )
    parser.add_argument(
        "--helpers", action="store_true", help=_("then ask for a squeeze of each helping muscle with an electrode")
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON object a line"))
    parser.add_argument("--isolator-confirmed", action="store_true", help=_("as for live"))
    parser.set_defaults(run=_calibrate)


def _calibrate(arguments: argparse.Namespace) -> int:
    if arguments.output is not None and arguments.output.exists():
        raise AnswerError(f"{arguments.output} exists already; name a new file after -o.")
    if arguments.output is not None and not arguments.output.absolute().parent.is_dir():
        raise AnswerError(f"The folder of {arguments.output} is not there; name another file after -o.")
    wish = _Wish(
        kind=arguments.kind,
        person=arguments.person,
        position=arguments.position,
        muscle=arguments.muscle,
        answers=_answers(arguments.answer),
        root=arguments.record or default_root(),
        output=arguments.output,
        as_json=arguments.json,
        isolator_confirmed=arguments.isolator_confirmed,
        go_on=arguments.go_on,
        helpers=arguments.helpers,
    )
    drivers = Sources.create(arguments.source)
    speeds = {driver.uri.speed for driver in drivers}
    if len(speeds) > 1:
        raise SourceUriError("Two sources run together only at the same speed; give both the same speed=, or neither.")
    watches_mains = False
    if needs_care(drivers):
        answer = permit(isolator_confirmed=wish.isolator_confirmed)
        watches_mains = answer != "isolator"
        if watches_mains:
            _say(UNPLUG)
    with cli.ended_by_sigterm():
        try:
            if speeds == {float("inf")}:
                return _unpaced(drivers, wish)
            return _paced(drivers, wish, watches_mains=watches_mains)
        finally:
            if not any(driver.simulated for driver in drivers):
                start_finishing(wish.root)


def _answers(texts: Sequence[str]) -> dict[str, Key]:
    questions = ("pain", "swapped", "hardened-left", "hardened-right", "scale", "any")
    keys: dict[str, Key] = {key: key for key in ("yes", "no", "swap", "scale-left", "scale-right")}
    answers: dict[str, Key] = {}
    for text in texts:
        question, _, answer = text.partition("=")
        if question not in questions:
            listed = ", ".join(f"'{one}'" for one in questions)
            raise AnswerError(f"--answer names the question '{question}'; there are {listed}.")
        if question == "any":
            if answer != "space":
                raise AnswerError("--answer any= takes space and nothing else.")
            answers[question] = "go-on"
        elif question == "pain" and answer in (key.removeprefix("pain-") for key in PAIN_KEYS):
            answers[question] = PAIN_KEYS[int(answer)]
        elif question != "pain" and answer in keys:
            answers[question] = keys[answer]
        else:
            raise AnswerError(f"--answer {question}= does not take '{answer}'; pain takes 0 to 10, others a key.")
    return answers


class _Answering:
    """Answers each question once, as the command line says, and wants the helping muscles, or not."""

    def __init__(self, wish: _Wish) -> None:
        self._answers = wish.answers
        self._asked: set[tuple[str, str | None]] = set()

    def answer(self, view: CalibrationView) -> Key | None:
        """The key to press now, if there is one."""
        if "helpers" in view.keys:
            return "helpers"
        question = view.question
        if question is None or (question.id, question.side) in self._asked:
            return None
        self._asked.add((question.id, question.side))
        name = f"{question.id}-{question.side}" if question.id == "hardened" else question.id
        return self._answers.get(name) or (view.space if "any" in self._answers else None)


def _open(sources: Sources, wish: _Wish, sink: Callable[[bytes], None]) -> tuple[CalibrationRun, Recorder]:
    """Make the run of open sources and what keeps its signal; `sink` gets the lines of JSON, or of words."""
    now = datetime.now(UTC)
    about = make_about(
        sources,
        id_=now.strftime("%Y-%m-%dT%H%M%SZ"),
        made_utc=now.isoformat(timespec="milliseconds"),
        person=wish.person,
        position=wish.position,
        muscle=wish.muscle,
        electrode=kit_of(read_kits(wish.root), sources.uris).electrode,
    )
    newest: list[CalibrationRun] = []

    def show(view: CalibrationView) -> None:
        tape.hear(view)
        t_s = newest[0].engine.t_s if newest else 0.0
        sink(ENCODER.encode(step_line(view, t_s)) if wish.as_json else _words(view))

    def tell(event: Event, decided_ns: int) -> None:
        if wish.as_json:
            sink(ENCODER.encode(event))

    begun = calibrations.find_unfinished(wish.root, wish.person, now, simulated=sources.simulated)
    if wish.go_on and (begun is None or not begun.fits(wish.kind, sources.montage.sites, sources.uris, wish.position)):
        raise AnswerError(NOTHING_BEGUN)
    tape = CalibrationTape(wish.root, sources, wish.person)
    run = CalibrationRun(
        sources,
        wish.kind,
        replace(about, recording=tape.name),
        [tell],
        on_view=show,
        begun=begun if wish.go_on else None,
        helpers=wish.helpers,
    )
    newest.append(run)
    return run, tape.begin(run)


def _words(view: CalibrationView) -> bytes:
    if view.finished:
        return b""
    if view.interrupted:
        return told(view.interrupted).encode()
    begin = f"{view.number}/{view.total} "
    asked = (
        f"\n    {told(view.question.text)} ({', '.join(told(text) for _key, text in view.question.answers)})"
        if view.question
        else ""
    )
    line = told(view.line)
    line = {"do": _("NOW: {line}", line=line), "relax": _("Let go.")}.get(view.phase, line)
    paused = _("Paused.") + " " if view.paused else ""
    return f"{begin}{paused}{line} {told(view.detail)}".rstrip().encode() + asked.encode()


def _unpaced(drivers: Sequence[Driver], wish: _Wish) -> int:
    answering = _Answering(wish)
    with open_unpaced(drivers) as (sources, blocks):
        run, recorder = _open(sources, wish, _write)
        sources.start()
        run.begin(notes=sources.notes)

        def answered() -> Iterator[SampleBlock]:
            for block in blocks:
                if (key := answering.answer(run.view)) is not None:
                    run.press(key)
                yield block

        with cli.progress_line() as progress:
            try:
                run_unpaced(run, answered(), recorder.push_block, progress)
            except KeyboardInterrupt:
                run.finish()
            finally:
                recorder.stop()
    return _end(run, sources, wish, answering)


def _paced(drivers: Sequence[Driver], wish: _Wish, *, watches_mains: bool) -> int:
    hub = Hub()
    sources = Sources.open(drivers, lambda number: hub)
    lines: SimpleQueue[bytes | None] = SimpleQueue()
    faults: list[BaseException] = []
    answering = _Answering(wish)
    worker = watch = recorder = None

    def on_end(fault: BaseException | None) -> None:
        if fault is not None:
            faults.append(fault)
        lines.put(None)

    try:
        for info in sources.streams:
            hub.add_stream(info, sources.montage.targets_of(info.stream_id))
        run, recorder = _open(sources, wish, lines.put)
        hub.sinks.append(recorder.push_block)
        worker = DspWorker(hub, run, on_end=on_end)
        run.begin(notes=sources.notes)
        worker.start()
        if watches_mains:
            watch = MainsWatch(tell=[_say])
            watch.start()
        sources.start()
        try:
            with _keys(run, wish):
                while (line := lines.get()) is not None:
                    _write(line)
                    if (key := answering.answer(run.view)) is not None:
                        run.press(key)
        except KeyboardInterrupt:
            sources.close()
            worker.stop()
        while not lines.empty():
            if (line := lines.get()) is not None:
                _write(line)
        if faults:
            raise faults[0]
        return _end(run, sources, wish, answering)
    finally:
        sources.close()
        if watch is not None:
            watch.stop()
        if worker is not None:
            worker.stop()
        if recorder is not None:
            recorder.stop()


@contextmanager
def _keys(run: CalibrationRun, wish: _Wish) -> Iterator[None]:
    """Take keys from a terminal, if there is one."""
    if sys.stdin is None or not sys.stdin.isatty():
        yield
        return
    if not wish.as_json:
        _say(_HELP)

    def listen() -> None:
        for line in sys.stdin:
            view = run.view
            text = line.strip().lower()
            key = view.space if not text else _TYPED.get(text)
            if view.question is not None and view.question.id == "pain" and text.isdecimal() and int(text) <= 10:
                key = PAIN_KEYS[int(text)]
            if key is not None:
                run.press(key)

    threading.Thread(target=listen, name="keys", daemon=True).start()
    yield


def _end(run: CalibrationRun, sources: Sources, wish: _Wish, answering: _Answering) -> int:
    """Take the last answer, keep what was measured, say how it went."""
    run.finish()
    broken_off = run.unfinished
    if broken_off is not None:
        calibrations.keep_unfinished(wish.root, broken_off, datetime.now(UTC))
    else:
        calibrations.forget_unfinished(wish.root, wish.person, simulated=sources.simulated)
    while (key := answering.answer(run.view)) is not None:
        run.press(key)
    view = run.view
    record, kept, earlier = view.record, None, None
    if record is not None:
        path, record = calibrations.keep(wish.root, record)
        kept = str(path)
        if wish.output is not None:
            calibrations.write(wish.output, record)
    if (test := run.clench_test) is not None:
        earlier = clench_tests.before(wish.root, test)
        kept = str(clench_tests.keep(wish.root, test))
    uris = exchanged_uris(sources) if view.exchanged else sources.uris
    go_on = "" if broken_off is None else _go_on(broken_off)
    if wish.as_json:
        _write(ENCODER.encode(calibration_line(view, record, kept, uris, run.engine.t_s)))
    else:
        said = [*map(told, (*view.sentences, view.line)), *([_("Kept in {path}.", path=kept)] if kept else [])]
        if earlier is not None:
            results = ", ".join(f"{_(side)} {_(result.replace('-', ' '))}" for side, result in earlier.results.items())
            said.append(_("Before, on {day}: {results}.", day=earlier.made_utc[:10], results=results))
        if view.exchanged:
            said.append(_("From now on use:") + " " + " ".join(f"--source '{uri}'" for uri in uris))
        _write("\n".join(said).encode())
    if record is None and not (view.kind == "clench-test" and view.results):
        raise RecordingError(go_on or view.line)
    if go_on:
        _say(go_on)
    return 0


def _go_on(broken_off: Unfinished) -> str:
    return _(
        "It broke off with {n_done} of {total} steps done; they are kept. Put right what was wrong, leave the pads on, "
        "and give the same command with --go-on within an hour.",
        n_done=len(broken_off.steps),
        total=broken_off.total,
    )


def _write(line: bytes) -> None:
    if line:
        sys.stdout.write(line.decode() + "\n")
        sys.stdout.flush()


def _say(sentence: str) -> None:
    sys.stderr.write(f"glutewake: {told(sentence)}\n")
