"""`RecordingStatus`: what the screen says about the recording."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

RecordingState = Literal["off", "recording", "error", "stopped"]


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """The recording as it is now.

    Attributes
    ----------
    state : {'off', 'recording', 'error', 'stopped'}
        ``error`` while writing fails and samples wait in memory, or after the queue overflowed.
    path : Path or None
        The session folder of the file that is open, never another one.
    recorded_s : float
        Seconds of signal on disk and in the queue.
    at_risk_s : float
        Seconds of signal that are not on disk yet.
    cause : str
        One sentence in state ``error``, and in state ``off`` where a recording was asked for; else empty.
    left_s : float or None
        Seconds for which the disk has room at this session's own rate, for the files that are made of it too; None
        before it is known.
    dropped_blocks : int
        Blocks that found no room in the queue. Never silent: the state is ``error`` from then on.
    """

    state: RecordingState
    path: Path | None = None
    recorded_s: float = 0.0
    at_risk_s: float = 0.0
    cause: str = ""
    dropped_blocks: int = 0
    left_s: float | None = None
