"""What the history tells: frozen data, detached from the database, safe to hand from thread to thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal, Protocol

from app.session.calibration import Calibration
from app.session.checks import Check
from app.session.events import Attempt, Cue, Event, Note, Rating, ReferenceMethod, Rep, SessionStarted, Side

State = Literal["open", "final", "recovered", "missing"]
"""``open``: not yet made into the data set; ``missing``: the folder is not where it was."""


class Recorded(Protocol):
    """What the history needs of a recorded session; `app.recording.record.SessionRecord` is one."""

    @property
    def folder(self) -> Path:
        """The session folder."""

    @property
    def started(self) -> SessionStarted:
        """The first line."""

    @property
    def events(self) -> Sequence[Event]:
        """Every other line, in order."""

    @property
    def calibration(self) -> Calibration | None:
        """With the electrodes that it was made with."""

    @property
    def duration_s(self) -> float:
        """From the first sample to the last."""

    @property
    def missing_s(self) -> Mapping[str, float]:
        """Seconds missing within it, by stream."""

    @property
    def sha256(self) -> str:
        """Of the journal."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who trains.

    Attributes
    ----------
    code : str
        What stands in files.
    display_name, birth_year : str or None, int or None
        Stand in the database alone.
    affected_side : {'left', 'right'} or None
    consent : bool
        Whether the person agreed to be kept.
    n_sessions : int
    last_started : datetime or None
        With the time zone of that session.
    """

    code: str
    display_name: str | None
    birth_year: int | None
    affected_side: Side | None
    consent: bool
    n_sessions: int
    last_started: datetime | None


@dataclass(frozen=True, slots=True)
class Series:
    """What numbers must have in common to be compared (design, section 5)."""

    exercise: str
    position: str
    muscle: str
    device: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in a list.

    Attributes
    ----------
    id : str
    folder : str
        Session folder, relative to the folder of all recordings.
    started : datetime
        With the time zone of that session.
    series : Series
    label : str or None
    state : State
    reference : {'mvc', 'best-clench', 'session'} or None
    duration_s, missing_s : float
        ``missing_s`` of the stream that misses most.
    attempts, reps, clean_reps : int
    woke : bool or None
        None if the session broke off before its summary.
    wake_up_squeezes : int or None
    woke_after_hint : str or None
        Id of the hint in force when it did.
    sleeping_side : str or None
    chain, sha256 : str
    plan_step : str or None
        What it belonged to, as ``plan/step``; None where nobody said.
    """

    id: str
    folder: str
    started: datetime
    series: Series
    label: str | None
    state: State
    reference: ReferenceMethod | None
    duration_s: float
    missing_s: float
    attempts: int
    reps: int
    clean_reps: int
    woke: bool | None
    wake_up_squeezes: int | None
    woke_after_hint: str | None
    sleeping_side: str | None
    chain: str
    sha256: str
    plan_step: str | None = None

    @property
    def day(self) -> date:
        """The day in the person's own time zone."""
        return self.started.date()


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Rest and reference of one site; ``unit`` is uV or counts."""

    site: str
    unit: str
    name: str
    method: ReferenceMethod
    age_s: float | None
    rest: float | None
    reference: float | None
    tries: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """Everything that is kept of one session; reps, attempts, cues, ratings and notes as the lines of the session."""

    line: SessionLine
    person: str
    check: Check | None
    calibrations: tuple[CalibrationLine, ...]
    reps: tuple[Rep, ...]
    attempts: tuple[Attempt, ...]
    cues: tuple[Cue, ...]
    ratings: tuple[Rating, ...]
    notes: tuple[Note, ...]
    quality: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """One check on the trend."""

    session_id: str
    started: datetime
    check: Check
    reference: ReferenceMethod | None


@dataclass(frozen=True, slots=True)
class WakeUp:
    """How many squeezes a session took until the sleeping side fired; None if it did not."""

    session_id: str
    started: datetime
    squeezes: int | None


@dataclass(frozen=True, slots=True)
class SilentSide:
    """A side that never rose above rest for many sessions with good contact, and the folder of the newest of them."""

    side: Side
    folder: str


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A session from which on numbers stand on another ground: a line on the trend breaks there."""

    session_id: str
    started: datetime
    what: Literal["reference", "electrode", "device", "muscle"]
    before: str
    after: str


LOOKED_AT: Final = 14
"""Days, today among them, that training days are counted in."""


@dataclass(frozen=True, slots=True)
class TrainingDays:
    """On which of the last days there was a session.

    Attributes
    ----------
    first : date
        The first of the days looked at.
    last : date
    trained : tuple of date
    """

    first: date
    last: date
    trained: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class SessionRatings:
    """What somebody said of one session.

    Attributes
    ----------
    session_id : str
    started : datetime
    pain : tuple of float
        0 to 10, in the order in which it was said; empty if it never was.
    effort : float or None
        0 to 10.
    felt : int or None
        1 glute, 2 thigh, 3 low back; the last answer.
    """

    session_id: str
    started: datetime
    pain: tuple[float, ...] = ()
    effort: float | None = None
    felt: int | None = None
