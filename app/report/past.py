"""What the history beside a recording tells of its person up to that session; nothing where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.history import NAME
from app.recording.record import SessionRecord
from app.report.trend import NO_TREND, Trend
from app.session.events import Side
from app.session.following import Standing, stand, understood

if TYPE_CHECKING:
    from app.history.store import History
    from app.history.views import Series, SessionLine


@dataclass(frozen=True, slots=True)
class Past:
    """The trend up to a session, and the side that a therapist called the involved one."""

    trend: Trend = NO_TREND
    involved: Side | None = None


def past_of(record: SessionRecord) -> Past:
    """Look into the history that lies beside the session folder; printing a page never makes one.

    Raises
    ------
    HistoryError
        If there is one and it cannot be read.
    """
    code, path = record.started.person, record.folder.resolve().parent / NAME
    if code is None or record.started.simulated or not path.exists():
        return Past()
    from app.history.errors import UnknownPersonError
    from app.history.store import open_history  # the database: a page without a person does not pay for it

    with open_history(path) as history:
        try:
            sessions = history.sessions(code)
        except UnknownPersonError:
            return Past()
        (involved,) = (person.affected_side for person in history.people() if person.code == code)
        own = next((line for line in sessions if line.sha256 == record.sha256), None)
        return Past(NO_TREND if own is None else _trend(history, code, own, sessions), involved)


def _trend(history: "History", code: str, own: "SessionLine", sessions: "Sequence[SessionLine]") -> Trend:
    """Nothing that came after the session: its page says the same whenever it is printed."""
    series = next((one for one in history.series(code) if _comparable(one, own.series)), None)
    until, exercise = own.started, (series or own.series).exercise
    is_last_day = max(line.day for line in sessions) == own.day
    return Trend(
        checks=[point for point in history.checks(code, series) if point.started <= until] if series else [],
        wake_ups=[point for point in history.wake_up_squeezes(code) if point.started <= until],
        changes=[one for one in history.reference_changes(code, exercise) if one.started <= until],
        days=history.training_days(code, own.day),
        readiness=history.readiness(code) if is_last_day else None,
        plan=_standing(history, code, own.day, sessions) if is_last_day else None,
    )


def _standing(history: "History", code: str, day: date, sessions: "Sequence[SessionLine]") -> Standing | None:
    followed = understood(history.plan(code))
    if followed is None:
        return None
    return stand(followed, history.days(code), {line.series.exercise for line in sessions if line.day == day}, day)


def _comparable(one: "Series", other: "Series") -> bool:
    return (one.position, one.muscle, one.device) == (other.position, other.muscle, other.device)
