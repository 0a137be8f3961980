"""`LiveSession`: one session behind the window, from the opening of its sources to the end of its recording.

It is opened and closed on the thread ``control`` and asked from the GUI thread.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from app import archive
from app.calibration_desk import CalibrationDesk
from app.calibration_tape import CalibrationTape
from app.history.errors import HistoryError
from app.language import _
from app.pipeline.build import SessionPlan
from app.pipeline.calibrate import CalibrationRun, exchanged_uris, make_about
from app.pipeline.condition import Condition
from app.pipeline.electrodes import ElectrodeView, look_at_electrodes
from app.pipeline.hub import Hub
from app.pipeline.mains import NOTES, MainsWatch
from app.pipeline.runner import DspWorker, EventSink, SessionRun
from app.pipeline.snapshot import Snapshot
from app.pipeline.sources import Sources
from app.recording import calibrations, clench_tests
from app.recording.errors import RecordingError
from app.recording.finalise import start_finishing
from app.recording.notes import add_rating
from app.recording.preflight import preflight
from app.recording.preroll import PreRoll
from app.recording.recorder import Recorder
from app.recording.status import RecordingStatus
from app.said import said
from app.session.calibrating.view import CalibrationView
from app.session.calibration import Calibration
from app.session.care import CareRating
from app.session.events import Act, Event, StateChanged
from app.ui.sound import Sound
from app.ui.sound.coaching import Coaching
from app.ui.unexpected import ENDED
from app.wiring import wire
from drivers.base import Driver

RATED_S: Final = 10.0
"""How long whoever closes a session waits for what was said of it after its end."""

_log = logging.getLogger(__name__)


class LiveSession:
    """Wires sources, hub, engine, recorder and sound of one session.

    Parameters
    ----------
    plan : SessionPlan
    record_in : Path or None
        Folder in which the session's own folder is made; None records nothing.
    sound : Sound
        Outlives the session.
    post : callable
        Takes the rare events for the window; from any thread.
    warn : callable
        Takes a sentence that the person must see at once; from any thread.
    desk : CalibrationDesk
        Says whether this is a calibration, and which reference a session begins with.

    Attributes
    ----------
    problem : str or None
        Why it ended, if a fault ended it.
    title, muscle : str
        Name of the exercise, and the glute that it is about.
    """

    def __init__(
        self,
        plan: SessionPlan,
        record_in: Path | None,
        sound: Sound,
        post: Callable[[Event], None],
        warn: Callable[[str], None],
        desk: CalibrationDesk,
    ) -> None:
        self._desk = desk
        if desk.in_force is not None:
            plan = replace(plan, calibration=calibrations.aged(desk.in_force, datetime.now(UTC)))
        self._plan = plan
        self._record_in = record_in
        self._sound = sound
        self._post = post
        self._warn = warn
        self.hub = Hub()
        self.problem: str | None = None
        self.title = plan.programme.title if plan.programme is not None else ""
        self.muscle = plan.programme.muscle if plan.programme is not None else ""
        self.sources: Sources | None = None
        self.worker: DspWorker | None = None
        self._recorder: Recorder | None = None
        self._calibration: CalibrationRun | None = None
        self._mains: MainsWatch | None = None
        self._finishing = threading.Lock()
        self._finished = False
        self._pre_roll = PreRoll()
        self._starting = threading.Lock()
        self._begun = False
        self._not_recorded = ""
        self._rated: list[threading.Thread] = []

    def open(self, drivers: Sequence[Driver]) -> None:
        """Open the sources and let them run; may take seconds.

        Raises
        ------
        DriverError
            If a source cannot be used; nothing is open then.
        """
        sources = Sources.open(drivers, lambda number: self.hub)
        self.sources = sources
        for info in sources.streams:
            self.hub.add_stream(info, sources.montage.targets_of(info.stream_id))
        self.hub.sinks.append(self._pre_roll.push_block)
        waits = self._plan.ready and self._desk.kind is None
        run, recorder = self._make_run(sources, record_in=None if waits else self._record_in)
        self.muscle = run.engine.programme.muscle
        self.title = run.engine.programme.title if self._desk.kind is None else "Calibration"
        if not waits:
            self._begin(recorder)
        self.worker = worker = DspWorker(self.hub, run, sound_latency=lambda: self._sound.latency, on_end=self._on_end)
        answer = self._plan.mains
        self._sound.follow(lambda: worker.snapshot)
        run.begin(notes=self._notes(sources))
        worker.start()
        if answer is not None and answer != "isolator":
            self._mains = MainsWatch([worker.say, self._warn])
            self._mains.start()
        sources.start()

    def do(self, act: Act) -> None:
        """Change how the session goes; from any thread, returns at once."""
        if act.what == "start" and not self._begun:
            threading.Thread(target=self.start, args=(act,), name="start", daemon=True).start()
        elif self.worker is not None:
            self.worker.do(act)

    def rate(self, kind: CareRating, value: int) -> None:
        """Keep what the person says of it: in the session while it runs, else beside what was recorded."""
        if self.worker is None or self.worker.rate(kind, value):
            return
        if (folder := self.recording.path) is not None:
            end_s = 0.0 if self.snapshot is None else self.snapshot.t_s
            # waits for the disk, which nobody else does but whoever closes the session
            job = threading.Thread(
                target=self._add_rating, args=(folder, end_s, kind, value), name="rated", daemon=True
            )
            self._rated.append(job)
            job.start()

    def _add_rating(self, folder: Path, t_s: float, kind: CareRating, value: int) -> None:
        try:
            add_rating(folder, t_s, kind, value, datetime.now().astimezone())
        except RecordingError as error:
            self._warn(error.sentence)
        else:
            threading.Thread(target=self._renew_history, args=(folder,), name="rated", daemon=True).start()

    def start(self, act: Act) -> None:
        """Let a session that is ready begin: a fresh run, recorded, from the last seconds on; may take a second."""
        if self.sources is None or self.worker is None:
            return
        with self._starting:
            if self._begun:
                return
            self._look_before(self.sources)
            run, recorder = self._make_run(self.sources, record_in=self._record_in)
            self.worker.change_to(run, self._begin(recorder), self._notes(self.sources))
        self.worker.do(act)

    def _look_before(self, sources: Sources) -> None:
        """Say what should be put right before it begins; it begins all the same."""
        calibration, snapshot = self._plan.calibration, self.snapshot
        sides = {} if snapshot is None else snapshot.sides
        found = preflight(
            self._record_in,
            sources.streams,
            person=None if sources.simulated else self._plan.person,
            silent=[side for side in sides if side in sources.montage.sites and sides[side].level_raw is None],
            calibration=calibration if isinstance(calibration, Calibration) else sources.calibration("carried"),
            now=datetime.now(UTC),
        )
        if found:
            self._warn(" ".join(found))

    def _begin(self, recorder: Recorder | None) -> dict[str, tuple[int, int]]:
        self._begun, self._recorder = True, recorder
        return self._pre_roll.begin(None if recorder is None else recorder.push_block)

    def _notes(self, sources: Sources) -> tuple[str, ...]:
        return (*sources.notes, *([NOTES[self._plan.mains]] if self._plan.mains is not None else []))

    def _make_run(self, sources: Sources, record_in: Path | None) -> tuple[SessionRun, Recorder | None]:
        sinks: list[EventSink] = [self._sound.submit, self._tell_window]
        if self._desk.kind is not None:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            person, electrode = self._plan.person, self._desk.electrode()
            muscle = "gluteus maximus" if self._plan.programme is None else self._plan.programme.muscle
            about = make_about(sources, id_=now, made_utc=now, person=person, electrode=electrode, muscle=muscle)
            tape = self._make_tape(sources)
            if tape is not None:
                about = replace(about, recording=tape.name)

            def hear(view: CalibrationView) -> None:
                self._desk.hear(view)
                if tape is not None:
                    tape.hear(view)

            run = CalibrationRun(
                sources, self._desk.kind, about, sinks, on_view=hear, begun=self._desk.begun, helpers=True
            )
            self._desk.take(run, exchanged_uris(sources))
            self._calibration = run
            return run, None if tape is None else tape.begin(run)
        try:
            return wire(sources, self._plan, record_in, sinks, watchers=[Coaching(self._sound).look])
        except RecordingError as error:  # a full disk is no reason not to train, but it must be seen
            _log.warning("not recorded: %s (%s)", error.sentence, error.detail)
            self._not_recorded = f"{_('Not recorded.')} {said(error.sentence)}"
            return wire(sources, self._plan, None, sinks, watchers=[Coaching(self._sound).look])

    def _make_tape(self, sources: Sources) -> CalibrationTape | None:
        if self._record_in is None:
            return None
        try:
            return CalibrationTape(self._record_in, sources, self._plan.person)
        except RecordingError as error:  # as for a session: it can be done without
            _log.warning("not recorded: %s (%s)", error.sentence, error.detail)
            self._not_recorded = f"{_('Not recorded.')} {said(error.sentence)}"
            return None

    def close(self) -> None:
        """End the session and wait until everything that was received is judged and recorded. Idempotent."""
        with self._starting:  # one at a time: whoever ends the program may not wait for the thread control
            self._begun = True
            if self._mains is not None:
                self._mains.stop()
            if self.sources is not None:
                self.sources.close()
            if self.worker is not None:
                self.worker.stop()
            self._end_recording()
            self._keep_calibration()
        for job in self._rated:
            job.join(RATED_S)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot."""
        return None if self.worker is None else self.worker.snapshot

    @property
    def condition(self) -> Condition:
        """How its sensors do."""
        return Condition() if self.worker is None else self.worker.condition

    @property
    def electrodes(self) -> tuple[ElectrodeView, ...]:
        """Its electrodes, as an expert looks at them."""
        return () if self.sources is None else look_at_electrodes(self.sources, self.hub, self.condition)

    @property
    def recording(self) -> RecordingStatus:
        """The state of its recording."""
        return RecordingStatus("off", cause=self._not_recorded) if self._recorder is None else self._recorder.status

    def _on_end(self, fault: BaseException | None) -> None:
        """The session is over; on the thread ``dsp``."""
        if fault is not None:
            self.problem = ENDED
        self._end_recording()

    def _end_recording(self) -> None:
        """Close the recording; a process of its own makes the files of it, even if this one ends."""
        if self._recorder is None:
            return
        status = self._recorder.stop()
        with self._finishing:
            if self._finished or self._record_in is None or self.sources is None:
                return
            self._finished = True
            if not self.sources.simulated:
                self._enter_history(status)
                start_finishing(self._record_in, self._warn, self._note_finished)

    def _note_finished(self) -> None:
        """Let the history know that a session that was open is final now; on the thread ``finisher``."""
        if self._record_in is not None:
            try:
                archive.catch_up(self._record_in)
            except HistoryError as error:  # the next session notes it
                _log.warning("not noted: %s (%s)", error.sentence, error.detail)

    def _enter_history(self, status: RecordingStatus) -> None:
        if status.path is None or status.state == "error":
            return  # a later session enters it, if there is something to enter
        try:
            archive.enter(status.path)
        except (RecordingError, HistoryError) as error:
            _log.warning("not in the history: %s (%s)", error.sentence, error.detail)
            self._warn(error.sentence)

    def _renew_history(self, folder: Path) -> None:
        """Let the history know what was said after the session; on the thread ``rated``."""
        if self.worker is not None:
            self.worker.stop()  # which enters the session first
        try:
            archive.renew(folder)
        except (RecordingError, HistoryError) as error:  # a rebuild enters it
            _log.warning("not in the history: %s (%s)", error.sentence, error.detail)

    def _keep_calibration(self) -> None:
        """Put what was measured among the calibrations, and what broke off where somebody can go on with it."""
        run, self._calibration = self._calibration, None
        if run is None or self._record_in is None:
            return
        record, broken_off = run.view.record, run.unfinished
        try:
            if broken_off is not None:
                self._desk.broken_off = calibrations.keep_unfinished(self._record_in, broken_off, datetime.now(UTC))
            else:
                calibrations.forget_unfinished(self._record_in, self._plan.person, simulated=run.started.simulated)
                self._desk.broken_off = None
            if (test := run.clench_test) is not None:
                clench_tests.keep(self._record_in, test)
            if record is not None:
                calibrations.keep(self._record_in, record)
        except RecordingError as error:
            _log.warning("calibration not kept: %s (%s)", error.sentence, error.detail)
            self._warn(error.sentence)

    def _tell_window(self, event: Event, decided_ns: int) -> None:
        if isinstance(event, Act) and event.what == "start" and not self._begun:  # two squeezes were heard
            self.do(msgspec.structs.replace(event, by="person"))
        elif not isinstance(event, StateChanged):
            self._post(event)
