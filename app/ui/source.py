"""`SessionSource`: everything the window gets from the session, and the few things it may ask of it."""

from typing import Protocol

from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.recording.status import RecordingStatus


class SessionSource(Protocol):
    """A running session as the window sees it. Every method is called in the GUI thread and returns at once."""

    @property
    def title(self) -> str:
        """Name of the exercise, as it stands at the top of the page."""

    @property
    def sign(self) -> str:
        """What stands at the top where nobody is measured: ``"Simulated person"``, ``"Replay"``; else empty."""

    @property
    def paused(self) -> bool:
        """True while the session waits for the person."""

    @property
    def muted(self) -> bool:
        """True while the person wants no sound."""

    def snapshot(self) -> Snapshot | None:
        """Return the newest snapshot, the same object until there is a newer one; None before the first."""

    def health(self) -> Health:
        """Return the counters of the status bar."""

    def recording(self) -> RecordingStatus:
        """Return the state of the recording."""

    def problem(self) -> str | None:
        """Return one sentence if the source cannot be used, as `drivers.errors.DriverError.sentence`; else None."""

    def sound_status(self) -> str:
        """Return an empty string if sound works, else why not, e.g. ``"no sound device"``."""

    def set_paused(self, paused: bool) -> None:
        """Pause the session or go on."""

    def go_on(self) -> None:
        """End a planned rest now; does nothing outside one."""

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on."""

    def note_painted(self, snapshot: Snapshot, painted_ns: int) -> None:
        """Take note that a snapshot reached the screen at ``painted_ns`` (``time.perf_counter_ns``)."""
