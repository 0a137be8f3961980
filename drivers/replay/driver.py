"""``file:PATH``: a recording played as if it were live. Blocks come on the thread ``replay``.

Block *k* is due at start + its time in the recording / speed, on an absolute schedule, so that nothing drifts and a
late block is followed at once by the next. ``speed=max`` waits for nobody but the listener.
"""

import logging
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from drivers.base import Driver, DriverListener
from drivers.errors import DriverError
from drivers.pace import Pace
from drivers.replay.formats import Recording, open_recording
from drivers.types import Carried, DeviceInfo, Isolation, LinkState, StreamInfo
from drivers.uri import SourceUri

BLOCK_S = 0.01
FAST_BLOCK_S = 0.25
"""Blocks of a replay that nobody watches: what is made of the samples does not depend on it, only the time it takes.

Two recordings that are joined must not fall apart by half a second, which would count as a lost link.
"""
_JOIN_TIMEOUT_S = 5.0

_log = logging.getLogger(__name__)


class ReplayDriver(Driver):
    """Plays any recording that `drivers.replay.formats` can read.

    ``SampleBlock.arrival_ns`` is the time in the recording after the block's last sample, not divided by the speed,
    counted from ``start`` on the host clock at ``speed=1`` and from 0 at any other speed. A second ``start`` plays
    from the beginning.

    Parameters
    ----------
    uri : SourceUri
        Options ``speed`` (times real time, or ``max``) and ``rate`` (Hz, for files that do not say).
    pace : callable
        Makes the schedule of one run from the speed.
    """

    name: ClassVar[str] = "Recording"
    schemes: ClassVar[tuple[str, ...]] = ("file",)
    isolation: ClassVar[Isolation] = "wireless"
    simulated = True

    def __init__(self, uri: SourceUri, *, pace: Callable[[float], Pace] = Pace) -> None:
        super().__init__(uri)
        uri.refuse_unknown_options({"speed", "rate"})
        self._speed = uri.speed
        self._rate = uri.number("rate", 0.0, low=1e-3, high=1e6) or None
        self._new_pace = pace
        self._recording: Recording | None = None
        self._streams: tuple[StreamInfo, ...] = ()
        self._listener: DriverListener | None = None
        self._thread: threading.Thread | None = None
        self._pace: Pace | None = None

    @property
    def recording(self) -> Recording | None:
        """The recording, from ``open`` to ``close``; to be read only until ``start``."""
        return self._recording

    @property
    def carried(self) -> Carried:
        """Calibration, session and notes of the recording."""
        return self._recording.carried if self._recording is not None else Carried()

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last sample; 0 until ``open``."""
        return self._recording.duration_s if self._recording is not None else 0.0

    @classmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """Nothing: recordings are chosen, not found."""
        return []

    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Open the file; see `drivers.replay.formats.open_recording` for what it may raise."""
        self.close()
        self._recording = open_recording(Path(self.uri.address), rate=self._rate)
        self._listener = listener
        paced = self._speed != float("inf")
        self._streams = tuple(replace(stream, paced=paced) for stream in self._recording.streams)
        return self._streams

    def start(self) -> None:
        """Play from the beginning."""
        recording, listener = self._recording, self._listener
        if recording is None or listener is None:
            raise DriverError("The recording is not open.", "start() before open()")
        self.stop()
        self._pace = pace = self._new_pace(self._speed)
        self._thread = threading.Thread(target=self._play, args=(recording, listener, pace), name="replay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop playing; returns when the last block has been delivered."""
        if self._pace is not None and self._thread is not None:
            self._pace.stop()
            self._thread.join(_JOIN_TIMEOUT_S)
            if self._thread.is_alive():
                _log.error("the listener of %s holds a block for more than %g s", self.uri.text, _JOIN_TIMEOUT_S)
            self._thread = None

    def close(self) -> None:
        """Stop and let go of the file."""
        self.stop()
        if self._recording is not None:
            self._recording.close()
            self._recording = None

    def _play(self, recording: Recording, listener: DriverListener, pace: Pace) -> None:
        """Body of the thread ``replay``."""
        reason = "stopped"
        pace.start()
        try:
            self._tell(listener, LinkState.STREAMING, "")
            for block in recording.blocks(FAST_BLOCK_S if math.isinf(pace.speed) else BLOCK_S):
                if not pace.reach(block.arrival_ns):
                    break
                # A copy for nothing is a tenth of the time that a fast replay takes.
                listener.on_block(
                    replace(block, arrival_ns=pace.origin_ns + block.arrival_ns) if pace.origin_ns else block
                )
            else:
                reason = "end of the recording"
        except DriverError as error:
            reason = error.sentence
            _log.error("%s: %s", error.sentence, error.detail)
            self._tell(listener, LinkState.UNAVAILABLE, reason)
        except Exception:  # noqa: BLE001 - the thread's last handler: the user is told and the link closes
            reason = "The replay failed; the log says why."
            _log.exception("replay of %s failed", self.uri.text)
            self._tell(listener, LinkState.UNAVAILABLE, reason)
        self._tell(listener, LinkState.CLOSED, reason)

    def _tell(self, listener: DriverListener, state: LinkState, reason: str) -> None:
        for stream in self._streams:
            listener.on_state(stream.stream_id, state, reason)
