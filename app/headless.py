"""Runs a session without a window: paced by its source, or as fast as it goes."""

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from app import archive, cli
from app.history.errors import HistoryError
from app.pipeline.build import SessionPlan
from app.pipeline.hub import Hub
from app.pipeline.mains import NOTES, UNPLUG, MainsWatch, needs_care, permit
from app.pipeline.runner import DspWorker, EventSink, SessionRun, run_unpaced
from app.pipeline.sources import Sources, open_unpaced
from app.recording.errors import RecordingError
from app.recording.finalise import start_finishing
from app.recording.folders import check_writable
from app.recording.recorder import Recorder
from app.said import said
from app.session.events import Event, Summary
from app.wiring import wire
from drivers.base import Driver
from drivers.errors import SourceUriError

BARS_EVERY_S: Final = 0.1


def run_live(
    uris: Sequence[str],
    plan: SessionPlan,
    *,
    duration_s: float | None,
    record_in: Path | None,
    as_json: bool,
    isolator_confirmed: bool = False,
) -> int:
    """Run a session and print it.

    Parameters
    ----------
    uris : sequence of str
        One or two sources.
    plan : SessionPlan
    duration_s : float or None
        Source time after which it ends; None is the end of the source, or Ctrl-C.
    record_in : Path or None
        Folder in which the session's own folder is made.
    as_json : bool
        Lines of JSON, or two bars.
    isolator_confirmed : bool
        Whether somebody says that an isolator lies between a wired sensor and the mains.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    DriverError, RecordingError
        With a sentence for the user.
    """
    if record_in is not None:
        check_writable(record_in)
    drivers = Sources.create(uris)
    speeds = {driver.uri.speed for driver in drivers}
    if len(speeds) > 1:
        raise SourceUriError("Two sources run together only at the same speed; give both the same speed=, or neither.")
    if needs_care(drivers):
        plan = replace(plan, mains=permit(isolator_confirmed=isolator_confirmed))
        if plan.mains != "isolator":
            _warn(UNPLUG)
    run = _run_unpaced if speeds == {float("inf")} else _run_paced
    try:
        return run(drivers, plan, duration_s, record_in, as_json)
    finally:
        if record_in is not None and not any(driver.simulated for driver in drivers):
            start_finishing(record_in)


def _run_unpaced(
    drivers: tuple[Driver, ...], plan: SessionPlan, duration_s: float | None, record_in: Path | None, as_json: bool
) -> int:
    recorder = None
    try:
        with open_unpaced(drivers) as (sources, blocks):
            write = cli.write_line if as_json else cli.write_words
            sinks: list[EventSink] = [lambda event, decided_ns: write(event)]
            run, recorder = wire(sources, plan, record_in, sinks, duration_s=duration_s)
            sources.start()
            run.begin(notes=sources.notes)
            with cli.progress_line() as progress:
                try:
                    run_unpaced(run, blocks, None if recorder is None else recorder.push_block, progress)
                except KeyboardInterrupt:
                    run.finish()
        return _end(run, recorder, as_json=as_json)
    finally:
        if recorder is not None:
            recorder.stop()


def _run_paced(
    drivers: tuple[Driver, ...], plan: SessionPlan, duration_s: float | None, record_in: Path | None, as_json: bool
) -> int:
    hub = Hub()
    sources = Sources.open(drivers, lambda number: hub)
    lines: SimpleQueue[Event | None] = SimpleQueue()
    faults: list[BaseException] = []
    ended = threading.Event()
    recorder = worker = watch = None

    def on_end(fault: BaseException | None) -> None:
        if fault is not None:
            faults.append(fault)
        lines.put(None)
        ended.set()

    try:
        for info in sources.streams:
            hub.add_stream(info, sources.montage.targets_of(info.stream_id))
        sinks: list[EventSink] = [lambda event, decided_ns: lines.put(event)]
        run, recorder = wire(sources, plan, record_in, sinks, duration_s=duration_s)
        if recorder is not None:
            hub.sinks.append(recorder.push_block)
        worker = DspWorker(hub, run, on_end=on_end)
        run.begin(notes=(*sources.notes, *([NOTES[plan.mains]] if plan.mains else [])))
        worker.start()
        if plan.mains is not None and plan.mains != "isolator":
            watch = MainsWatch(tell=[worker.say, _warn])
            watch.start()
        sources.start()
        try:
            _show(worker, lines, ended, as_json=as_json)
        except KeyboardInterrupt:
            sources.close()  # first, so that everything that is recorded is also judged
            worker.stop()
            if as_json:
                cli.write_lines(lines)
        if faults:
            raise faults[0]
        return _end(run, recorder, as_json=as_json)
    finally:
        sources.close()
        if watch is not None:
            watch.stop()
        if worker is not None:
            worker.stop()
        if recorder is not None:
            recorder.stop()


def _warn(sentence: str) -> None:
    sys.stderr.write(f"glutewake: {said(sentence)}\n")


def _show(worker: DspWorker, lines: "SimpleQueue[Event | None]", ended: threading.Event, *, as_json: bool) -> None:
    if as_json:
        cli.write_lines(lines)
        return
    is_over = False
    while not is_over:
        is_over = ended.wait(BARS_EVERY_S)
        while not lines.empty():
            if (event := lines.get()) is not None:
                cli.write_words(event)
        if worker.snapshot is not None and sys.stdout.isatty():
            cli.show_bars(worker.snapshot)


def _end(run: SessionRun, recorder: Recorder | None, *, as_json: bool) -> int:
    """Close the recording and enter it into the history; say how it went."""
    summary: Summary = run.finish()
    code = 0
    if recorder is not None:
        status = recorder.stop()
        if status.state == "error":
            _warn(status.cause)
            code = 1
        elif status.path is not None:
            _enter(status.path)
    if not as_json:
        cli.write_summary(summary)
    return code


def _enter(folder: Path) -> None:
    """What is recorded is safe: that it is not in the history is worth a sentence, and mended by a rebuild."""
    try:
        archive.enter(folder)
    except (RecordingError, HistoryError) as error:
        _warn(error.sentence)
