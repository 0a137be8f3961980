"""What stands in the tables, as views. Every function takes an open session of SQLAlchemy and changes nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, Final, Literal, cast

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.history import models, views
from app.history.errors import HistoryError, UnknownPersonError
from app.history.models import Base
from app.session.checks import Check
from app.session.events import Attempt, Cue, Note, Rating, Rep, Side
from app.session.readiness import TrainingDay

_GROUNDS: Final[tuple[Literal["reference", "electrode", "device", "muscle"], ...]] = (
    "reference", "electrode", "device", "muscle",
)  # fmt: skip


def person_id(session: Session, code: str) -> str:
    """Key of a person; raises `UnknownPersonError`."""
    id_ = session.scalar(select(models.Person.id).where(models.Person.code == code))
    if id_ is None:
        raise UnknownPersonError(f"Nobody has the code '{code}'; choose a person, or add one.")
    return id_


def people(session: Session) -> tuple[views.Person, ...]:
    """Everybody, those who trained last first, then by code."""
    count = func.count(models.Session.id)
    rows = session.execute(
        select(models.Person, count)
        .outerjoin(models.Session, models.Session.person_id == models.Person.id)
        .group_by(models.Person.id)
    ).all()
    newest = {
        line.person_id: line for line in session.scalars(select(models.Session).order_by(models.Session.started_utc))
    }
    everybody = [
        views.Person(
            code=person.code,
            display_name=person.display_name,
            birth_year=person.birth_year,
            affected_side=cast(Side | None, person.affected_side),
            consent=person.consent,
            n_sessions=n_sessions,
            last_started=_local(newest[person.id]) if person.id in newest else None,
        )
        for person, n_sessions in rows
    ]
    return tuple(
        sorted(everybody, key=lambda one: (-one.last_started.timestamp() if one.last_started else 0.0, one.code))
    )


def sessions(session: Session, owner: str) -> tuple[views.SessionLine, ...]:
    """Every session of a person, oldest first."""
    return tuple(_line(row) for row in _sessions(session, owner))


def detail(session: Session, session_id: str) -> views.SessionDetail:
    """Everything that is kept of one session; raises `HistoryError` if there is none."""
    row = session.get(models.Session, session_id)
    if row is None:
        raise HistoryError("That session is not in the history any more; open the page anew.")
    owner = session.get_one(models.Person, row.person_id)
    check = session.scalar(select(models.Check).where(models.Check.session_id == session_id))
    of_session = {"session_id": session_id}
    calibrations = session.scalars(select(models.Calibration).filter_by(**of_session).order_by(models.Calibration.site))
    reps = session.execute(
        select(models.Rep, models.ExerciseSet)
        .join(models.ExerciseSet, models.Rep.set_id == models.ExerciseSet.id)
        .where(models.ExerciseSet.session_id == session_id, models.Rep.chain == row.chain)
        .order_by(models.Rep.ordinal)
    )
    return views.SessionDetail(
        line=_line(row),
        person=owner.code,
        check=None if check is None else _check(check),
        calibrations=tuple(_calibration(calibration) for calibration in calibrations),
        reps=tuple(_rep(rep, of) for rep, of in reps),
        attempts=tuple(
            msgspec.convert({**fields(one), "type": "attempt", "index": one.line_index}, Attempt)
            for one in session.scalars(select(models.Attempt).filter_by(**of_session).order_by(models.Attempt.ordinal))
        ),
        cues=tuple(
            msgspec.convert({**fields(one), "type": "cue"}, Cue)
            for one in session.scalars(select(models.Cue).filter_by(**of_session).order_by(models.Cue.ordinal))
        ),
        ratings=tuple(
            msgspec.convert({**fields(one), "type": "rating"}, Rating)
            for one in session.scalars(select(models.Rating).filter_by(**of_session).order_by(models.Rating.ordinal))
        ),
        notes=tuple(
            msgspec.convert({**fields(one), "type": "note"}, Note)
            for one in session.scalars(select(models.Note).filter_by(**of_session).order_by(models.Note.ordinal))
        ),
        quality=row.quality,
    )


def check_points(session: Session, owner: str) -> list[tuple[views.Series, views.CheckPoint]]:
    """Every check of a person, oldest first, each with what it may be compared with."""
    rows = session.execute(
        select(models.Session, models.Check)
        .join(models.Check, models.Check.session_id == models.Session.id)
        .where(models.Session.person_id == owner)
        .order_by(models.Session.started_utc, models.Session.id)
    )
    return [
        (_series(line), views.CheckPoint(line.id, _local(line), _check(check), cast(Any, line.reference)))
        for line, check in rows
    ]


def wake_ups(session: Session, owner: str) -> tuple[views.WakeUp, ...]:
    """Every session with a wake-up phase, oldest first."""
    phases = select(models.ExerciseSet.session_id).where(models.ExerciseSet.phase == "wake-up")
    rows = session.scalars(
        select(models.Session)
        .where(models.Session.person_id == owner)
        .where(models.Session.wake_up_squeezes.is_not(None) | models.Session.id.in_(phases))
        .order_by(models.Session.started_utc, models.Session.id)
    )
    return tuple(views.WakeUp(row.id, _local(row), row.wake_up_squeezes) for row in rows)


def reference_changes(session: Session, owner: str, exercise: str) -> tuple[views.ReferenceChange, ...]:
    """Sessions of an exercise whose kind of reference, electrode, device or muscle is not that of the one before.

    Where one of them is not known, nothing is said to have changed.
    """
    rows = [row for row in _sessions(session, owner) if row.programme == exercise]
    changed = []
    for what in _GROUNDS:
        known = [(row, getattr(row, what)) for row in rows if getattr(row, what)]
        changed += [
            views.ReferenceChange(row.id, _local(row), what, before, now)
            for (_, before), (row, now) in pairwise(known)
            if before != now
        ]
    return tuple(sorted(changed, key=lambda change: (change.started, _GROUNDS.index(change.what))))


def training_days(session: Session, owner: str) -> list[TrainingDay]:
    """Every day with a session, oldest first, with its first check, its pain and the steps that it belonged to."""
    pains: dict[str, list[float]] = {}
    for session_id, value in session.execute(
        select(models.Rating.session_id, models.Rating.value)
        .join(models.Session, models.Rating.session_id == models.Session.id)
        .where(models.Session.person_id == owner, models.Rating.kind == "pain")
        .order_by(models.Rating.session_id, models.Rating.ordinal)
    ):
        pains.setdefault(session_id, []).append(value)
    checks = {point.session_id: point.check for _, point in check_points(session, owner)}
    days: dict[date, list[str]] = {}
    steps: dict[date, set[str]] = {}
    for row in _sessions(session, owner):
        day = _local(row).date()
        days.setdefault(day, []).append(row.id)
        steps.setdefault(day, set()).update([row.plan_step] if row.plan_step is not None else [])
    return [
        TrainingDay(
            day=day,
            check=next((checks[id_] for id_ in ids if id_ in checks), None),
            pain_before=next(iter(pain), None),
            pain_after=next(reversed(pain), None),
            plan_steps=frozenset(steps[day]),
        )
        for day, ids in sorted(days.items())
        for pain in [[value for id_ in ids for value in pains.get(id_, [])]]
    ]


def rows_of_person(session: Session, owner: str) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a person, by table, as JSON can hold it."""
    of_sessions = select(models.Session.id).where(models.Session.person_id == owner)
    of_sets = select(models.ExerciseSet.id).where(models.ExerciseSet.session_id.in_(of_sessions))
    tables: dict[str, list[dict[str, Any]]] = {}
    for mapper in Base.registry.mappers:
        table = mapper.class_
        columns = mapper.columns
        if table is models.Person:
            mine = table.id == owner
        elif "person_id" in columns:
            mine = table.person_id == owner
        elif "session_id" in columns:
            mine = table.session_id.in_(of_sessions)
        else:
            mine = table.set_id.in_(of_sets)
        rows = session.scalars(select(table).where(mine).order_by(table.id))
        tables[table.__tablename__] = [_jsonable(fields(row)) for row in rows]
    return dict(sorted(tables.items()))


def fields(row: Base) -> dict[str, Any]:
    """Columns of a row by name."""
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def _jsonable(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in columns.items()}


def _sessions(session: Session, owner: str) -> Sequence[models.Session]:
    return session.scalars(
        select(models.Session)
        .where(models.Session.person_id == owner)
        .order_by(models.Session.started_utc, models.Session.id)
    ).all()


def _local(row: models.Session) -> datetime:
    return row.started_utc.astimezone(timezone(timedelta(minutes=row.utc_offset_min)))


def _series(row: models.Session) -> views.Series:
    return views.Series(row.programme, row.position, row.muscle, row.device)


def _line(row: models.Session) -> views.SessionLine:
    return views.SessionLine(
        id=row.id,
        folder=row.rel_path,
        started=_local(row),
        series=_series(row),
        label=row.label,
        state=cast(views.State, row.state),
        reference=cast(Any, row.reference),
        duration_s=row.duration_s,
        missing_s=row.missing_s,
        attempts=row.attempts,
        reps=row.reps,
        clean_reps=row.clean_reps,
        woke=row.woke,
        wake_up_squeezes=row.wake_up_squeezes,
        woke_after_hint=row.woke_after_hint,
        sleeping_side=row.sleeping_side,
        chain=row.chain,
        sha256=row.sha256,
        plan_step=row.plan_step,
    )


def _check(row: models.Check) -> Check:
    columns = fields(row)
    for name in ("id", "session_id"):
        del columns[name]
    fired: dict[Side, int | None] = {"left": columns.pop("fired_left"), "right": columns.pop("fired_right")}
    return Check(fired=fired, **columns)


def _calibration(row: models.Calibration) -> views.CalibrationLine:
    return views.CalibrationLine(
        site=row.site,
        unit=row.unit,
        name=row.name,
        method=cast(Any, row.method),
        age_s=row.age_s,
        rest=row.rest,
        reference=row.reference,
        tries=tuple(row.tries),
    )


def _rep(row: models.Rep, of: models.ExerciseSet) -> Rep:
    places = {"type": "rep", "index": row.line_index, "phase": of.phase, "set": of.number, "scheme": of.scheme}
    return msgspec.convert({**fields(row), **places}, Rep)


def ratings(session: Session, owner: str) -> tuple[views.SessionRatings, ...]:
    """What somebody said of each session, oldest first; none of those of which nothing was said."""
    said: dict[str, dict[str, list[float]]] = {}
    for row in session.scalars(
        select(models.Rating)
        .join(models.Session, models.Rating.session_id == models.Session.id)
        .where(models.Session.person_id == owner)
        .order_by(models.Rating.session_id, models.Rating.ordinal)
    ):
        said.setdefault(row.session_id, {}).setdefault(row.kind, []).append(row.value)
    return tuple(
        views.SessionRatings(
            session_id=row.id,
            started=_local(row),
            pain=tuple(of.get("pain", ())),
            effort=next(reversed(of.get("effort", [])), None),
            felt=next((round(value) for value in reversed(of.get("felt", []))), None),
        )
        for row in _sessions(session, owner)
        if (of := said.get(row.id))
    )
