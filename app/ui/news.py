"""What stands in the status bar: how the machinery does, and for a while what the session just noted."""

from app.pipeline.health import Health
from app.pipeline.snapshot import Snapshot
from app.session.events import Event, Note, TargetChanged
from app.ui import status_words
from app.ui.source import SessionSource
from app.ui.status_words import StatusEntry
from app.ui.widgets.bars import StatusBar

_STANDS_LOOKS = 32
"""A note of the session stands for 8 s."""


class News:
    """Brings the status bar up to date, four times a second."""

    def __init__(self, status: StatusBar, source: SessionSource) -> None:
        self._status = status
        self._source = source
        self._said = ""
        self._looks_left = 0

    def begin_anew(self) -> None:
        """Another session begins; what the one before said is over."""
        self._looks_left = 0

    def hear(self, event: Event) -> None:
        """Let what the session notes stand for a while."""
        if isinstance(event, Note | TargetChanged):
            self._said = event.text if isinstance(event, Note) else f"{event.side}: {event.why}"
            self._looks_left = _STANDS_LOOKS

    def tell(self, sentence: str) -> None:
        """Let something else stand for a while."""
        self._said, self._looks_left = sentence, _STANDS_LOOKS if sentence else 0

    def look(self, snapshot: Snapshot | None, health: Health, *, measures: bool = True) -> None:
        """Show what holds now; of a simulated person behind somebody who trains without sensors, nothing."""
        recording = self._source.recording()
        entries: tuple[StatusEntry, ...] = (status_words.recording_entry(recording),)
        if measures:
            entries = status_words.status_entries(snapshot, health, recording)
        units = self._source.units()
        entries = (*entries, *status_words.battery_entry(units))
        if person := self._source.people.person:
            entries = (*entries, StatusEntry("", person))
        self._source.guard()
        if self._looks_left:
            self._looks_left -= 1
            entries = (*entries, StatusEntry("", self._said, keep=2))
        self._status.show_entries(entries)
