"""`Recorder`: takes blocks and events from any thread and never makes one of them wait. Writes on its own thread.

Whatever happens to the disk, the journal is valid at every moment: a failed write is undone and tried again while up
to a minute of samples waits in memory. What was written outlives the program, and is brought to the disk itself once a
second, so that it outlives a power cut too; writing goes on meanwhile.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.recording.disk import Disk
from app.recording.errors import RecordingError, explain
from app.recording.status import RecordingState, RecordingStatus
from app.recording.writer import JournalWriter
from app.session.calibration import Calibration
from app.session.events import Event, SessionStarted, to_json
from drivers.replay.formats.journal_chunks import (
    MAX_ROWS,
    VERSION,
    ChunkKind,
    Clock,
    End,
    Meta,
    RecorderGap,
    encode_block,
    encode_json,
)
from drivers.types import SampleBlock, StreamInfo

QUEUE_S = 60.0
"""Seconds of signal that wait in memory while the disk does not take them."""
MOST_UNSYNCED = 32 << 20
"""Bytes, minutes of signal at least, that are kept in memory until the disk has them; more waits to be written."""
_SYNC_NS = 10**9
_SLOW_NS = 10 * 10**9
_HEAD_NS = 10 * 10**9
_RETRY_S = 0.25
_RETRY_NS = round(_RETRY_S * 1e9)
_LAST_TRIES = 8
"""Tries that a full disk still gets once the session is over."""
_JOIN_TIMEOUT_S = 15.0
_DROPPED = "The disk was too slow or full for over a minute: {n} blocks of signal could not be kept."
_IN_RESERVE = "The disk is full; the recording goes on in its reserve for a few minutes: free some space now."
_SLOW = "The disk has not answered for some seconds; the recording goes on, but do not unplug the disk."
_FAULT = "The recording stopped because of a fault in this program; the log says why."
_NO_ANSWER = "The disk does not answer; do not unplug it, and recover the recording at the next start."

_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Stream:
    """Counts of one stream, in samples; ``pushed`` has one writer (its driver's thread), the others the recorder's."""

    def __init__(self, place: int, info: StreamInfo) -> None:
        self.place = place
        self.info = info
        self.pushed = 0
        self.written = 0
        self.asked = 0
        """Written when the newest sync began."""
        self.synced = 0
        self.refused_blocks = 0
        self.refused_samples = 0

    @property
    def has_room(self) -> bool:
        return self.pushed - self.written < QUEUE_S * self.info.sfreq


class Recorder:
    """Records one session into one folder, from construction until `stop`. Runs the thread ``recorder``.

    A pre-roll is pushed like any other blocks, before the first live one.

    Parameters
    ----------
    folder : Path
        Session folder, see `app.recording.folders`. A journal that is already in it is never touched.
    streams : sequence of StreamInfo
        Every stream whose blocks will come.
    session : SessionStarted
        First line of the session; need not be pushed.
    calibration : Calibration or None
    disk, clock, utc_now : optional
        The calls to the system; replaced by tests alone.

    Raises
    ------
    RecordingError
        If nothing can be recorded there.
    """

    def __init__(
        self,
        folder: Path,
        streams: Sequence[StreamInfo],
        session: SessionStarted,
        calibration: Calibration | None = None,
        *,
        disk: Disk = Disk(),  # noqa: B008 - frozen
        clock: Callable[[], int] = time.perf_counter_ns,
        utc_now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._folder = folder
        self._disk = disk
        self._left_s: float | None = None
        self._clock = clock
        self._utc_now = utc_now
        self._streams = {info.stream_id: _Stream(place, info) for place, info in enumerate(streams)}
        self._queue: deque[SampleBlock | RecorderGap | tuple[int, Event]] = deque()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._never = threading.Event()
        self._drained = threading.Condition()
        self._dropped_blocks = 0
        self._failure = ""
        self._sync_failure = ""
        self._sync_began: int | None = None
        self._fault = ""
        self._ended = False
        self._meta = encode_json(
            Meta(VERSION, tuple(streams), msgspec.Raw(to_json(session)), utc_now().isoformat(), clock())
        )
        self._calibration = None if calibration is None else msgspec.json.encode(calibration)
        self._writer = self._open()
        self._last_head = clock()
        self._next_sync = self._last_head + _SYNC_NS
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def _open(self) -> JournalWriter:
        """Make the file, with its head on the disk itself; nothing of it stays if that cannot be."""
        folder = self._folder
        try:
            writer = JournalWriter(folder, self._disk)
        except FileExistsError as error:
            raise RecordingError(
                f"'{folder}' already holds a recording, and none is ever overwritten; choose another folder."
            ) from error
        except OSError as error:
            raise RecordingError(explain(error, folder), str(error)) from error
        try:
            self._write_head(writer)
            writer.sync()
            writer.sync_names()
        except OSError as error:
            writer.discard()
            raise RecordingError(explain(error, folder), str(error)) from error
        return writer

    @property
    def status(self) -> RecordingStatus:
        """The recording as it is now; true also while the disk holds up the recorder's own thread."""
        streams = self._streams.values()
        cause = self._cause()
        state: RecordingState = "error" if cause else "stopped" if self._ended else "recording"
        return RecordingStatus(
            state=state,
            path=self._folder,
            recorded_s=max((stream.pushed / stream.info.sfreq for stream in streams), default=0.0),
            at_risk_s=max(((stream.pushed - stream.synced) / stream.info.sfreq for stream in streams), default=0.0),
            cause=cause,
            dropped_blocks=self._dropped_blocks,
            left_s=self._left_s,
        )

    def push_block(self, block: SampleBlock) -> None:
        """Hand over one block. Never raises, and never waits for the disk; only an unpaced source is held back."""
        if self._stopping.is_set():
            return
        stream = self._streams.get(block.stream_id)
        if stream is None:
            self._fault = f"'{block.stream_id}' is not part of this recording: its signal is not kept."
            return
        if not stream.info.paced:
            with self._drained:
                self._drained.wait_for(lambda: stream.has_room or bool(self._failure) or self._ended)
        if not stream.has_room:
            stream.refused_blocks += 1
            stream.refused_samples += block.n_samples
            self._dropped_blocks += 1
            return
        if stream.refused_blocks:
            self._queue.append(RecorderGap(block.stream_id, stream.refused_blocks, stream.refused_samples))
            stream.refused_blocks = stream.refused_samples = 0
        stream.pushed += block.n_samples
        self._queue.append(block)
        self._wake.set()

    def push_event(self, event: Event) -> None:
        """Hand over one line of the session. Never waits, never raises; lines are few, so all of them are kept."""
        if not self._stopping.is_set():
            self._queue.append((self._clock(), event))
            self._wake.set()

    def stop(self) -> RecordingStatus:
        """Write what is waiting, the end, and close the file. Idempotent.

        Returns
        -------
        RecordingStatus
            ``stopped`` if everything is on the disk, else ``error`` with what is not.
        """
        self._stopping.set()
        self._wake.set()
        self._thread.join(_JOIN_TIMEOUT_S)
        if self._thread.is_alive():
            self._fault = _NO_ANSWER
        return self.status

    def _cause(self) -> str:
        if cause := self._fault or self._failure or self._sync_failure:
            return cause
        if self._dropped_blocks:
            return _DROPPED.format(n=self._dropped_blocks)
        began = self._sync_began
        if began is not None and self._clock() - began > _SLOW_NS:
            return _SLOW
        return "" if self._ended or self._writer.has_reserve else _IN_RESERVE

    def _run(self) -> None:
        """Body of the thread ``recorder``."""
        try:
            if self._record() and self._append(ChunkKind.END, encode_json(self._totals()), self._clock()):
                self._sync_all()
        except Exception:  # noqa: BLE001 - the thread's last handler: the screen says that nothing is recorded any more
            _log.exception("the recorder stopped")
            self._fault = _FAULT
        finally:
            self._writer.close()
            self._ended = True
            with self._drained:
                self._drained.notify_all()

    def _record(self) -> bool:
        """Write until the session is over; False if the disk refuses even then."""
        while True:
            is_last = self._stopping.is_set()  # asked first: what was pushed before stop() is written in any case
            self._wake.clear()
            while self._queue:
                if not (self._put(self._queue.popleft()) and self._keep_time()):
                    return False
            if not self._keep_time():
                return False
            if is_last:
                return True
            is_waiting = self._writer.unsynced and not self._writer.is_syncing  # a sync that is over wakes this thread
            self._wake.wait((max(0, self._next_sync - self._clock()) if is_waiting else _SYNC_NS) / 1e9)

    def _put(self, item: SampleBlock | RecorderGap | tuple[int, Event]) -> bool:
        if isinstance(item, SampleBlock):
            return self._put_block(item)
        if isinstance(item, RecorderGap):
            return self._append(ChunkKind.GAP, encode_json(item), self._clock())
        t_host_ns, event = item
        return self._append(ChunkKind.EVENT, to_json(event), t_host_ns)

    def _put_block(self, block: SampleBlock) -> bool:
        stream = self._streams[block.stream_id]
        for start in range(0, block.n_samples, MAX_ROWS):
            part = replace(
                block,
                samples=block.samples[start : start + MAX_ROWS],
                first_index=block.first_index + start,
                n_lost=0 if start else block.n_lost,
            )
            try:
                payload = encode_block(part, stream.info)
            except ValueError:  # a driver broke its contract; one block less is better than no recording
                _log.exception("a block of %s cannot be recorded", block.stream_id)
                self._fault = f"'{block.stream_id}' sends blocks that cannot be recorded; the log says why."
                continue
            if not self._append(ChunkKind.DATA, payload, part.arrival_ns, stream=stream.place, n_rows=part.n_samples):
                return False
            stream.written += part.n_samples
        if not stream.info.paced:
            with self._drained:
                self._drained.notify_all()
        return True

    def _append(self, kind: ChunkKind, payload: bytes, t_host_ns: int, *, stream: int = 0, n_rows: int = 0) -> bool:
        return self._insist(lambda: self._writer.append(kind, payload, t_host_ns, stream=stream, n_rows=n_rows))

    def _insist(self, act: Callable[[], None]) -> bool:
        """Do it again until it works; False if it still does not some tries after the session is over."""
        last_tries = _LAST_TRIES
        while True:
            try:
                act()
            except OSError as error:
                self._failure = explain(error, self._folder)
                _log.warning("recording: %s", error)
            else:
                self._failure = ""
                return True
            with self._drained:  # an unpaced source is not held back by a disk that takes nothing
                self._drained.notify_all()
            if self._writer.has_reserve:
                self._writer.give_up_reserve()
                continue
            if self._stopping.is_set():
                last_tries -= 1
                if not last_tries:
                    return False
            self._never.wait(_RETRY_S)

    def _keep_time(self) -> bool:
        """Do what is due by the clock; False if the disk refuses at the very end."""
        now = self._clock()
        if now - self._last_head >= _HEAD_NS:
            self._last_head = now
            if not self._insist(lambda: self._write_head(self._writer)):
                return False
            if not self._writer.has_reserve:
                self._restore_reserve()
            self._look_at_room()
        if self._writer.unsynced > MOST_UNSYNCED:
            return self._sync_all()
        is_due = self._writer.sync_is_over if self._writer.is_syncing else now >= self._next_sync
        if is_due and (self._writer.is_syncing or self._writer.unsynced):
            self._go_on_syncing(now)
        return True

    def _go_on_syncing(self, now: int) -> None:
        """Take in the sync that is over, or begin another. One that fails is begun anew soon, and writing goes on."""
        try:
            if self._writer.is_syncing:
                self._writer.finish_sync()
                self._note_synced(now)
            else:
                self._note_asked(now)
                self._writer.begin_sync(self._wake.set)
        except OSError as error:
            self._sync_began = None
            self._sync_failure = explain(error, self._folder)
            _log.warning("recording: %s", error)
            self._writer.give_up_reserve()
            self._next_sync = now + _RETRY_NS

    def _sync_all(self) -> bool:
        """Wait until everything is on the disk itself; False if it refuses at the very end."""
        self._note_asked(self._clock())
        if not self._insist(self._writer.sync):
            return False
        self._note_synced(self._clock())
        return True

    def _note_asked(self, now: int) -> None:
        self._sync_began = now
        for stream in self._streams.values():
            stream.asked = stream.written

    def _note_synced(self, now: int) -> None:
        self._sync_began, self._sync_failure = None, ""
        # Counted from its end: a disk that takes seconds for it would do nothing else.
        self._next_sync = now + _SYNC_NS
        for stream in self._streams.values():
            stream.synced = stream.asked

    def _write_head(self, writer: JournalWriter) -> None:
        """Write what gives the samples a meaning; again every 10 s, so that no damage to the file's start costs all."""
        now = self._clock()
        writer.append(ChunkKind.META, self._meta, now)
        if self._calibration is not None:
            writer.append(ChunkKind.CAL, self._calibration, now)
        clock = Clock(self._utc_now().isoformat(), self._clock())
        writer.append(ChunkKind.CLOCK, encode_json(clock), clock.perf_ns)

    def _restore_reserve(self) -> None:
        try:
            self._writer.restore_reserve()
        except OSError as error:
            _log.info("still no room for the reserve: %s", error)

    def _look_at_room(self) -> None:
        """Work out how long the disk has room, at the rate of this very file; as much again is needed to finish it."""
        written_s = max((stream.written / stream.info.sfreq for stream in self._streams.values()), default=0.0)
        try:
            free = self._disk.free(self._folder) - self._writer.size
        except OSError as error:
            _log.info("free space unknown: %s", error)
            return
        if written_s:
            self._left_s = max(0.0, free / (2 * self._writer.size / written_s))

    def _totals(self) -> End:
        written = {name: stream.written for name, stream in self._streams.items()}
        return End(self._utc_now().isoformat(), written, self._dropped_blocks)
