"""What is over and kept: the sessions in the folder of all recordings, one of them opened, and a person's history.

Every function waits for the disk, so the pages call them on threads of their own (`app.ui.work`).
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from app.history import NAME, has_history
from app.history.views import (
    CheckPoint,
    Person,
    ReferenceChange,
    Series,
    SessionLine,
    SessionRatings,
    TrainingDays,
    WakeUp,
)
from app.pipeline.build import SessionPlan
from app.pipeline.montage import source_sites
from app.pipeline.propose import propose_map
from app.pipeline.review import Review, load_review
from app.recording.errors import RecordingError
from app.recording.notes import LaterNote, read_notes
from app.recording.record import SessionRecord, read_started, record_of
from app.session.events import Rep, SessionStarted, Summary
from app.session.readiness import Readiness
from drivers.errors import SourceUriError
from drivers.replay.formats import open_recording
from drivers.replay.formats.journal import JOURNAL_NAME, Journal, journal_file
from drivers.replay.formats.recording import Recording

MOST_SESSIONS: Final = 300
WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """One session in the folder of all recordings."""

    folder: Path
    started: SessionStarted


def kept_sessions(root: Path, person: str = "") -> tuple[Kept, ...]:
    """The sessions that were kept, those of `person` before all others, each the newest first; none that is broken."""
    kept = []
    with contextlib.suppress(OSError):
        for folder in root.iterdir():
            with contextlib.suppress(OSError):
                started = read_started(folder) if (folder / JOURNAL_NAME).is_file() else None
                if started is not None and started.calibrates is None:
                    kept.append(Kept(folder, started))
    kept.sort(key=lambda one: (one.started.utc_start or "", one.folder.name), reverse=True)
    if person:
        kept.sort(key=lambda one: one.started.person != person)
    return tuple(kept[:MOST_SESSIONS])


@dataclass(frozen=True, slots=True)
class Opened:
    """A recording that is open.

    Attributes
    ----------
    path : Path
    record : SessionRecord or None
        What the session itself wrote down; None for a foreign file.
    review : Review
    notes : tuple of LaterNote
    channel_map : str
        What was said about its channels; empty if it says so itself.
    as_recorded : bool
        False if it was judged by other settings than its own.
    """

    path: Path
    record: SessionRecord | None
    review: Review
    notes: tuple[LaterNote, ...] = ()
    channel_map: str = ""
    as_recorded: bool = True

    @property
    def started(self) -> SessionStarted:
        """The first line, as it was recorded; a replay itself is always of nobody."""
        return self.record.started if self.record is not None else replace(self.review.started, simulated=False)

    @property
    def reps(self) -> tuple[Rep, ...]:
        """The reps as they were recorded; of a foreign file, or by other settings, as they are judged now."""
        recorded = tuple(self.record.of(Rep)) if self.record is not None and self.as_recorded else ()
        return recorded or self.review.reps

    @property
    def summary(self) -> Summary | None:
        """The last line, as it was recorded where it was."""
        recorded = self.record.of(Summary) if self.record is not None and self.as_recorded else []
        return recorded[-1] if recorded else self.review.summary


@dataclass(frozen=True, slots=True)
class Asks:
    """A foreign file that does not say which channel is which.

    Attributes
    ----------
    path : Path
    channels : tuple of str
        Their names, in order; they count from 1.
    proposed : dict of str to int
        What their names let guess: site to channel; may be empty.
    """

    path: Path
    channels: tuple[str, ...]
    proposed: dict[str, int] = field(default_factory=dict)


def uri_of(path: Path, channel_map: str = "") -> str:
    """What opens a recording as fast as it goes."""
    return f"file:{path}?speed=max{f'&map={channel_map}' if channel_map else ''}"


def open_past(
    path: Path,
    plan: SessionPlan,
    channel_map: str = "",
    partly: Callable[[Opened, float], None] = lambda opened, share: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Opened | Asks:
    """Open a recording, or find out what has to be asked first.

    Raises
    ------
    DriverError, RecordingError
        With the sentence for the user.
    """
    is_ours = (path / JOURNAL_NAME).is_file() or path.name == JOURNAL_NAME
    record: SessionRecord | None = None
    notes: tuple[LaterNote, ...] = ()
    if not is_ours and not channel_map:
        asks = _what_to_ask(path)
        if asks is not None:
            return asks
    as_recorded = plan.programme is None and plan.calibration == "carried"

    def read(recording: Recording) -> None:
        nonlocal record, notes
        if is_ours and isinstance(recording, Journal):
            record = record_of(recording, journal_file(path))
            with contextlib.suppress(RecordingError):
                notes = read_notes(record.folder)

    def opened(review: Review) -> Opened:
        return Opened(path, record, review, notes, channel_map, as_recorded)

    uri = uri_of(path, channel_map)
    return opened(load_review([uri], plan, lambda review, share: partly(opened(review), share), stopped, read))


def _what_to_ask(path: Path) -> Asks | None:
    with contextlib.closing(open_recording(path)) as recording:
        try:
            source_sites(str(path), recording.streams, None)
        except SourceUriError:
            channels = tuple(name for info in recording.streams for name in info.ch_names)
            return Asks(path, channels, propose_map(recording.streams) or {})
    return None


@dataclass(frozen=True, slots=True)
class Story:
    """What the history tells of one person, within what can be compared.

    Attributes
    ----------
    people : tuple of Person
        Everybody, those who trained last first.
    person : Person or None
        The one whose story it is; None if there is nobody.
    series : Series or None
        Exercise, position, muscle and device of the checks; None before the first check.
    all_series : tuple of Series
    today : date
    days : TrainingDays or None
        Of the last four weeks.
    sessions : tuple of SessionLine
    checks : tuple of CheckPoint
    wake_ups : tuple of WakeUp
    ratings : tuple of SessionRatings
    changes : tuple of ReferenceChange
    readiness : Readiness or None
    root : Path
    """

    root: Path
    today: date
    people: "tuple[Person, ...]" = ()
    person: Person | None = None
    series: Series | None = None
    all_series: "tuple[Series, ...]" = ()
    days: TrainingDays | None = None
    sessions: "tuple[SessionLine, ...]" = ()
    checks: "tuple[CheckPoint, ...]" = ()
    wake_ups: "tuple[WakeUp, ...]" = ()
    ratings: "tuple[SessionRatings, ...]" = ()
    changes: "tuple[ReferenceChange, ...]" = ()
    readiness: Readiness | None = None

    def folder_of(self, session_id: str) -> Path | None:
        """Where a session lies; None if it is not known."""
        return next((self.root / line.folder for line in self.sessions if line.id == session_id), None)


def first_day_shown(today: date) -> date:
    """The Monday from which four whole weeks, with this one, are shown."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def read_story(root: Path, today: date, code: str | None = None, number: int = 0) -> Story:
    """Read what the history tells.

    Parameters
    ----------
    root : Path
        The folder of all recordings; without a history in it there is nothing to tell, and none is made.
    today : date
    code : str or None
        The person; None for the one who trained last.
    number : int
        Which of the series, the one that was used last being 0.

    Raises
    ------
    HistoryError
        With the sentence for the user.
    """
    if not has_history(root):
        return Story(root, today)
    from app.history.store import open_history  # SQLAlchemy: only those who have a history pay for it

    with open_history(root / NAME) as history:
        people = history.people()
        person = next((one for one in people if code in (None, one.code)), None)
        if person is None:  # somebody new has no story yet, and nobody else's is shown for it
            return Story(root, today, people=people)
        all_series = history.series(person.code)
        series = all_series[number % len(all_series)] if all_series else None
        n_days = (today - first_day_shown(today)).days + 1
        sessions = history.sessions(person.code)
        compared = _ids_of(sessions, series)
        return Story(
            root=root,
            today=today,
            people=people,
            person=person,
            series=series,
            all_series=all_series,
            days=history.training_days(person.code, today, n_days),
            sessions=sessions,
            checks=history.checks(person.code, series) if series is not None else (),
            wake_ups=tuple(one for one in history.wake_up_squeezes(person.code) if one.session_id in compared),
            ratings=history.ratings(person.code),
            changes=history.reference_changes(person.code, series.exercise) if series is not None else (),
            readiness=history.readiness(person.code) if sessions else None,
        )


def _ids_of(sessions: Sequence[SessionLine], series: Series | None) -> set[str]:
    """The sessions on the same muscle and device in the same position: what their wake-up phases may be compared by."""
    if series is None:
        return {line.id for line in sessions}
    same = (series.position, series.muscle, series.device)
    return {line.id for line in sessions if (line.series.position, line.series.muscle, line.series.device) == same}
