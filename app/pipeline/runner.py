"""Runs a session: pushes blocks through the engine, hands the events out, and ends it.

`SessionRun` is what both ways of running share. Live, `DspWorker` drives it on the thread ``dsp``; unpaced,
`run_unpaced` drives it on whichever thread calls, engine and recorder in turn, and nothing is dropped.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from app.pipeline.condition import Condition
from app.pipeline.engine import Engine
from app.pipeline.gather import gathered
from app.pipeline.hub import Hub, LinkNote
from app.pipeline.lately import Lately
from app.pipeline.silence import silent
from app.pipeline.snapshot import Snapshot
from app.session.calibration import age_in_words, other_muscle
from app.session.care import CareRating
from app.session.coach import Coach
from app.session.events import Act, Event, Latency, LinkChanged, Note, Percentiles, Rating, SessionStarted, Summary
from drivers.types import SampleBlock

LATENCY_EVERY_S: Final = 10.0
CONDITION_EVERY_S: Final = 0.5
PICTURE_NS: Final = 50_000_000
"""Blocks that come faster than they are taken must not keep the picture back."""
SAMPLES_KEPT: Final = 2048
WAIT_S: Final = 0.025
"""Whatever comes wakes the thread; silence is looked for twice as often as it is shown."""
SILENT_AFTER_S: Final = 0.5
"""Without a block for so long, no side has a signal: the longest stall of a radio that still streams is 0.3 s."""
SILENT_EVERY_S: Final = 0.05
EPSILON_S: Final = 1e-6

EventSink = Callable[[Event, int], None]
"""Gets every event with the ``perf_counter_ns`` of its decision; must not block where the session is live."""

_log = logging.getLogger(__name__)


class LatencyProbe:
    """The newest couple of thousand delays, as percentiles. One thread adds, any reads."""

    def __init__(self) -> None:
        self._delays_ns: deque[int] = deque(maxlen=SAMPLES_KEPT)

    def add(self, delay_ns: int) -> None:
        """Add one delay in nanoseconds."""
        self._delays_ns.append(delay_ns)

    def percentiles(self) -> Percentiles | None:
        """Percentiles in ms; None before the first delay."""
        delays = np.array(tuple(self._delays_ns))
        if not len(delays):
            return None
        p50, p95, p99 = (round(float(value) / 1e6, 2) for value in np.percentile(delays, [50, 95, 99]))
        return Percentiles(p50, p95, p99)


class SessionRun:
    """One session from its first line to its summary.

    Parameters
    ----------
    engine : Engine
    started : SessionStarted
    sinks : sequence of EventSink
    duration_s : float or None
        Source time after which it ends.
    recording : str or None
        Where it is recorded, for the summary.
    watchers : sequence of callables
        Look at the coach after every block, for what no line says: the go of a tempo, how much is to be heard.
    """

    def __init__(
        self,
        engine: Engine,
        started: SessionStarted,
        sinks: Sequence[EventSink],
        *,
        duration_s: float | None = None,
        recording: str | None = None,
        watchers: Sequence[Callable[[Coach, int], None]] = (),
    ) -> None:
        self._watchers = tuple(watchers)
        self.engine = engine
        self.started = started
        self._sinks = tuple(sinks)
        self._duration_s = duration_s
        self._recording = recording
        self.summary: Summary | None = None

    def begin(self, notes: Sequence[str] = ()) -> None:
        """Say the first line, and what should be known about the sources."""
        calibration = self.started.calibration
        muscle = self.engine.programme.muscle
        known = () if calibration is None else (age_in_words(calibration), other_muscle(calibration, muscle))
        texts = (*notes, *(text for text in known if text is not None))
        self.emit([self.started, *(Note(t_s=0.0, text=text) for text in texts)])

    @property
    def is_over(self) -> bool:
        """Whether the asked duration is reached, or the person stopped."""
        if self.engine.coach.course.stage == "stopped":
            return True
        return self._duration_s is not None and self.engine.t_s >= self._duration_s - EPSILON_S

    def emit(self, events: Iterable[Event]) -> None:
        """Hand events to every sink."""
        for event in events:
            now_ns = time.perf_counter_ns()
            for sink in self._sinks:
                sink(event, now_ns)

    def do(self, act: Act) -> None:
        """Do what a person wants, between two blocks."""
        self.emit(self.engine.do(act))

    def push(self, *blocks: SampleBlock) -> None:
        """Judge the next block, or several that `gathered` put together."""
        self.emit(self.engine.push(*blocks))
        for watch in self._watchers:
            watch(self.engine.coach, time.perf_counter_ns())

    def finish(self) -> Summary:
        """Judge what is still on its way and sum up; idempotent."""
        if self.summary is None:
            self.emit(self.engine.finish())
            self.summary = self.engine.coach.summary(recording=self._recording, lost_pct=self.engine.lost_pct)
            self.emit([self.summary])
        return self.summary


def run_unpaced(
    run: SessionRun,
    blocks: Iterable[SampleBlock],
    record: Callable[[SampleBlock], None] | None,
    progress: Callable[[float], None] | None = None,
) -> Summary:
    """Run a session as fast as it goes, on the calling thread.

    Parameters
    ----------
    run : SessionRun
    blocks : iterable of SampleBlock
        In merge order.
    record : callable or None
        Takes every block before the engine does.
    progress : callable or None
        Told the source time now and then.
    """
    for bunch in gathered(run.engine, blocks):
        if record is not None:
            for block in bunch:
                record(block)
        run.push(*bunch)
        if progress is not None:
            progress(run.engine.t_s)
        if run.is_over:
            break
    return run.finish()


class DspWorker:
    """The thread ``dsp``: takes what arrived at the hub, runs the engine, publishes the newest snapshot.

    Parameters
    ----------
    hub : Hub
    run : SessionRun
    sound_latency : callable
        Percentiles of decision to sound, for the latency line.
    on_end : callable
        Called on this thread when the session is over, with the fault if one ended it.
    """

    def __init__(
        self,
        hub: Hub,
        run: SessionRun,
        *,
        sound_latency: Callable[[], Percentiles | None] = lambda: None,
        on_end: Callable[[BaseException | None], None] = lambda fault: None,
    ) -> None:
        self._hub = hub
        self._run = run
        self._sound_latency = sound_latency
        self._on_end = on_end
        self._stopping = threading.Event()
        self._heard: tuple[Snapshot, int] | None = None
        self._silent_due_s = SILENT_AFTER_S
        self._thread = threading.Thread(target=self._work, name="dsp", daemon=True)
        self._latency_due_s = LATENCY_EVERY_S
        self._condition_due_s = 0.0
        self._acts: deque[Act] = deque()
        self._lately = Lately()
        self._next: deque[tuple[SessionRun, Mapping[str, tuple[int, int]], tuple[str, ...]]] = deque()
        self._remarks: deque[Callable[[float], Event]] = deque()
        self._remarking = threading.Lock()
        self._takes_remarks = True
        self.condition = Condition()
        """How the sensors do, twice a second; one attribute, read and written whole."""
        self.snapshot: Snapshot | None = None
        """The newest picture; one attribute, read and written whole."""
        self.to_snapshot = LatencyProbe()
        self.to_paint = LatencyProbe()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End the session and wait for its summary."""
        self._stopping.set()
        self._hub.arrived.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout=10.0)

    def change_to(self, run: SessionRun, firsts: Mapping[str, tuple[int, int]], notes: Sequence[str] = ()) -> None:
        """Go on with another run, which begins with blocks of the last seconds; from any thread, returns at once.

        Parameters
        ----------
        run : SessionRun
            Fresh, so that a replay of what it is given starts from the same state. The one before has no end.
        firsts : mapping of str to (int, int)
            Epoch and index of the first sample that belongs to it, by stream.
        notes : sequence of str
            What should be known about its sources.
        """
        self._next.append((run, firsts, tuple(notes)))
        self._hub.arrived.set()

    def do(self, act: Act) -> None:
        """Change how the session goes, whether samples come or not; from any thread, returns at once."""
        self._acts.append(act)
        self._hub.arrived.set()

    def say(self, text: str) -> None:
        """Put a note into the session; from any thread, returns at once."""
        self._remark(lambda t_s: Note(t_s=t_s, text=text))

    def rate(self, kind: CareRating, value: int) -> bool:
        """Put how much pain, or how much effort, into the session, 0 to 10; from any thread, returns at once.

        Returns
        -------
        bool
            False if the session is over and takes nothing more, although its recording may still be closed.
        """
        return self._remark(lambda t_s: Rating(t_s=t_s, kind=kind, value=float(value)))

    def _remark(self, made_at: Callable[[float], Event]) -> bool:
        with self._remarking:
            if not self._takes_remarks:
                return False
            self._remarks.append(made_at)
        self._hub.arrived.set()
        return True

    def latency(self) -> Latency:
        """How old picture and sound are."""
        return Latency(
            arrival_to_snapshot_ms=self.to_snapshot.percentiles(),
            arrival_to_paint_ms=self.to_paint.percentiles(),
            decision_to_sound_ms=self._sound_latency(),
        )

    def _work(self) -> None:
        fault: BaseException | None = None
        try:
            while not self._stopping.is_set() and not self._run.is_over and not self._hub.ended:
                self._hub.arrived.wait(WAIT_S)
                self._hub.arrived.clear()
                self._drain()
                self._show_silence()
            self._drain(to_the_end=True)
        except Exception as error:  # noqa: BLE001 - the thread's last handler: the session ends, the journal stays
            _log.exception("the session ended by a fault")
            fault = error
        self._hub.let_go()
        with self._remarking:
            self._takes_remarks = False
        try:
            self._say_remarks()
            self._run.emit([self.latency()])
            self._run.finish()
        except Exception as error:  # noqa: BLE001 - as above; a fault in the summary must not hide the first one
            _log.exception("the summary could not be made")
            fault = fault or error
        self._on_end(fault)

    def _drain(self, *, to_the_end: bool = False) -> None:
        """Take what has arrived, then cut a snapshot: of all of it, or where a busy computer has got to in time."""
        newest_ns = None
        enough_ns = self._hub.clock_ns() + PICTURE_NS
        self._change()
        acted = bool(self._acts)
        while self._acts:
            self._run.do(self._acts.popleft())
        self._say_remarks()
        while not self._run.is_over:
            if not to_the_end and newest_ns is not None and self._hub.clock_ns() >= enough_ns:
                self._hub.arrived.set()  # nobody wakes the thread for what it left
                break
            self._change()
            taken = self._hub.take()
            if taken is None:
                break
            if isinstance(taken, LinkNote):
                self._tell_link(taken)
                continue
            block, newest_ns = taken
            if self._lately.add(block):
                self._run.push(block)
        if newest_ns is None:
            if acted:
                self._show_act()
            return
        self.snapshot = self._run.engine.snapshot(newest_ns)
        self._heard, self._silent_due_s = (self.snapshot, newest_ns), SILENT_AFTER_S
        self.to_snapshot.add(self._hub.clock_ns() - newest_ns)
        if self._run.engine.t_s >= self._condition_due_s:
            self._condition_due_s = self._run.engine.t_s + CONDITION_EVERY_S
            self.condition = self._run.engine.condition()
        if self._run.engine.t_s >= self._latency_due_s:
            self._latency_due_s += LATENCY_EVERY_S
            self._run.emit([self.latency()])

    def _tell_link(self, note: LinkNote) -> None:
        engine = self._run.engine
        changed = LinkChanged(
            t_s=round(engine.t_s, 3),
            stream=note.stream_id,
            state=note.state.value,
            reason=note.reason,
            lost=engine.n_lost,
        )
        self._run.emit([changed])

    def _say_remarks(self) -> None:
        while self._remarks:
            self._run.emit([self._remarks.popleft()(round(self._run.engine.t_s, 3))])

    def _change(self) -> None:
        """Go on with another run, if one waits: at once, or what it begins with may be forgotten."""
        while self._next:
            self._run, firsts, notes = self._next.popleft()
            self._run.begin(notes)
            self._latency_due_s, self._condition_due_s = LATENCY_EVERY_S, 0.0
            for block in self._lately.begin(firsts):
                self._run.push(block)

    def _show_act(self) -> None:
        """Show what an act changed where no sample came with it: who stops without a signal has to see it too."""
        if self._heard is None:
            return
        self.snapshot = self._run.engine.snapshot()
        self._heard = self.snapshot, self._heard[1]
        self._silent_due_s = min(self._silent_due_s, SILENT_AFTER_S)

    def _show_silence(self) -> None:
        """Let the picture say so when nothing arrives; the engine, which knows no clock, cannot."""
        if self._heard is None:
            return
        last, heard_ns = self._heard
        elapsed_s = (self._hub.clock_ns() - heard_ns) * 1e-9
        if elapsed_s >= self._silent_due_s and not self._hub.ended:
            self._silent_due_s = elapsed_s + SILENT_EVERY_S
            self.snapshot = silent(last, elapsed_s)
