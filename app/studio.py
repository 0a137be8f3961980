"""`Studio`: the running session behind the window. Wires sources, hub, engine, recorder and sound.

Devices are opened on the thread ``control``, so that the window is there at once and says what it waits for. What the
window asks of it is `app.ui.source.SessionSource`.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from app.pipeline.build import SessionPlan
from app.pipeline.health import Health
from app.pipeline.hub import Hub
from app.pipeline.runner import DspWorker
from app.pipeline.snapshot import Snapshot
from app.pipeline.sources import Sources
from app.recording.errors import RecordingError
from app.recording.recorder import Recorder
from app.recording.status import RecordingStatus
from app.session.coach import Coach
from app.session.events import Event, Feedback, StateChanged
from app.ui.sound import FeedbackChanged, Go, Sound
from app.wiring import wire
from drivers.base import Driver
from drivers.errors import DriverError

if TYPE_CHECKING:
    from app.ui.bridge import Bridge

JOIN_S: Final = 10.0
FAULT: Final = "Something unexpected ended the session. What was recorded is safe; start the application again."

_log = logging.getLogger(__name__)


class Studio:
    """One session, from the opening of its sources to the closing of the window.

    Parameters
    ----------
    uris : sequence of str
        One or two sources; a wrong one raises `SourceUriError` here, before there is a window.
    plan : SessionPlan
    record_in : Path or None
        Folder in which the session's own folder is made; None records nothing.
    """

    def __init__(self, uris: Sequence[str], plan: SessionPlan, record_in: Path | None) -> None:
        self._plan = plan
        self._record_in = record_in
        self._drivers: tuple[Driver, ...] = Sources.create(uris)
        self._hub = Hub()
        self.sound = Sound()
        self._sources: Sources | None = None
        self._worker: DspWorker | None = None
        self._recorder: Recorder | None = None
        self._problem: str | None = None
        self._not_recorded = ""
        self._title = plan.programme.title if plan.programme is not None else ""
        self._post: Callable[[Event], None] | None = None
        self._closing = threading.Event()
        self._feedback: Feedback = "full"
        self._last_go_s: float | None = None
        self._control = threading.Thread(target=self._open, name="control", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._control.ident is not None:
            self._control.join(JOIN_S)
        if self._sources is not None:
            self._sources.close()
        if self._worker is not None:
            self._worker.stop()
        if self._recorder is not None:
            self._recorder.stop()
        self.sound.stop()

    def attach(self, bridge: "Bridge") -> None:
        """Begin, with the window there: sound first, because nothing else may run while its part of Qt is loaded."""
        self.sound.start()
        self._post = bridge.post
        self._control.start()

    def _open(self) -> None:
        """Open everything and let it run; on the thread ``control``."""
        try:
            sources = Sources.open(self._drivers, lambda number: self._hub)
            if self._closing.is_set():
                sources.close()
                return
            self._sources = sources
            for info in sources.streams:
                self._hub.add_stream(info, sources.montage.targets_of(info.stream_id))
            self._start(sources)
        except (DriverError, RecordingError) as error:
            _log.warning("%s (%s)", error.sentence, error.detail)
            self._problem = error.sentence
        except Exception:  # noqa: BLE001 - the thread's last handler: the window says so
            _log.exception("the session could not start")
            self._problem = FAULT

    def _start(self, sources: Sources) -> None:
        sinks = [self.sound.submit, self._tell_window]
        try:
            run, recorder = wire(sources, self._plan, self._record_in, sinks, watchers=[self._watch])
        except RecordingError as error:  # a full disk is no reason not to train, but it must be seen
            _log.warning("not recorded: %s (%s)", error.sentence, error.detail)
            self._not_recorded = f"Not recorded. {error.sentence}"
            run, recorder = wire(sources, self._plan, None, sinks, watchers=[self._watch])
        self._title = run.engine.programme.title
        if recorder is not None:
            self._hub.sinks.append(recorder.push_block)
        self._recorder = recorder
        self._worker = DspWorker(self._hub, run, sound_latency=lambda: self.sound.latency, on_end=self._on_end)
        run.begin(notes=sources.notes)
        self._worker.start()
        sources.start()

    def _on_end(self, fault: BaseException | None) -> None:
        """The session is over; on the thread ``dsp``."""
        if fault is not None:
            self._problem = FAULT
        if self._recorder is not None:
            self._recorder.stop()

    def _tell_window(self, event: Event, decided_ns: int) -> None:
        if self._post is not None and not isinstance(event, StateChanged):
            self._post(event)

    def _watch(self, coach: Coach, decided_ns: int) -> None:
        """Make heard what no line says: the go of a paced tempo, and how much is to be heard."""
        feedback = coach.progress.phase.feedback
        if feedback != self._feedback:
            self._feedback = feedback
            self.sound.submit(FeedbackChanged(feedback), decided_ns)
        newest = coach.go_times_s[-1] if coach.go_times_s else None
        if newest != self._last_go_s:
            self._last_go_s = newest
            self.sound.submit(Go(), decided_ns)

    @property
    def title(self) -> str:
        """Name of the exercise."""
        return self._title

    @property
    def sign(self) -> str:
        """What is said where nobody is measured."""
        schemes = {driver.uri.scheme for driver in self._drivers if driver.simulated}
        return "Simulated person" if "sim" in schemes else "Replay" if schemes else ""

    @property
    def paused(self) -> bool:
        """Whether the session waits for the person."""
        return self._worker is not None and self._worker.paused

    @property
    def muted(self) -> bool:
        """Whether the person wants no sound."""
        return self.sound.muted

    def snapshot(self) -> Snapshot | None:
        """The newest snapshot."""
        return None if self._worker is None else self._worker.snapshot

    def health(self) -> Health:
        """The counters of the status bar."""
        worker = self._worker
        snapshot = self.snapshot()
        n_lost = 0 if snapshot is None else snapshot.n_lost
        n_received = 0 if snapshot is None else snapshot.n_received
        counted = self._sources is not None and all(info.has_counter for info in self._sources.streams)
        return Health(
            links=self._hub.links,
            lost_pct=100.0 * n_lost / max(1, n_lost + n_received) if counted else None,
            n_lost=n_lost,
            n_received=n_received,
            dsp_overruns=self._hub.overruns,
            reconnects=self._hub.reconnects,
            arrival_to_snapshot_ms=None if worker is None else worker.to_snapshot.percentiles(),
            arrival_to_paint_ms=None if worker is None else worker.to_paint.percentiles(),
            decision_to_sound_ms=self.sound.latency,
        )

    def recording(self) -> RecordingStatus:
        """The state of the recording."""
        return RecordingStatus("off", cause=self._not_recorded) if self._recorder is None else self._recorder.status

    def problem(self) -> str | None:
        """One sentence if the source cannot be used."""
        return self._problem

    def sound_status(self) -> str:
        """Why there is no sound; empty if there is."""
        return self.sound.status

    def set_paused(self, paused: bool) -> None:
        """Pause the session or go on."""
        if self._worker is not None:
            self._worker.set_paused(paused)

    def go_on(self) -> None:
        """End a planned rest."""
        if self._worker is not None:
            self._worker.go_on()

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""
        self.sound.set_muted(muted)

    def note_painted(self, snapshot: Snapshot, painted_ns: int) -> None:
        """Take note of when a snapshot reached the screen."""
        if self._worker is not None and snapshot.received_ns:
            self._worker.to_paint.add(painted_ns - snapshot.received_ns)
