"""The tables. They would run on PostgreSQL as they are: text keys, no type that SQLite alone has.

Keys of sessions and of all that belongs to them are made from the SHA-256 of the journal (`key_of`), so that an index
made anew, or on another computer, has the same. A person's key is random.
"""

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_KEYS: Final = uuid.UUID("6b3b3f2e-6f0e-4d0c-9b58-0f5f1a1a7a11")


def key_of(*names: str | int) -> str:
    """Key of what these names identify: always the same for the same names."""
    return str(uuid.uuid5(_KEYS, "/".join(map(str, names))))


class Utc(TypeDecorator[datetime]):
    """A moment; SQLite forgets the time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; every constraint has a name, so that a migration can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Utc,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[float]: JSON,
        str: Text,
    }


def _key() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True)


def _owner(table: str) -> Mapped[str]:
    return mapped_column(String(36), ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True)


class Person(Base):
    """Somebody who trains: a code, and a name that stands nowhere else."""

    __tablename__ = "person"
    id: Mapped[str] = _key()
    code: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(32), unique=True)
    """The code as folders of the data set spell it, in small letters: two codes must not share one."""
    display_name: Mapped[str | None]
    birth_year: Mapped[int | None]
    affected_side: Mapped[str | None] = mapped_column(String(8))
    consent: Mapped[bool]
    created_utc: Mapped[datetime]


class Session(Base):
    """One recorded session."""

    __tablename__ = "session"
    id: Mapped[str] = _key()
    person_id: Mapped[str] = _owner("person")
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    rel_path: Mapped[str] = mapped_column(String(400), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    started_utc: Mapped[datetime] = mapped_column(index=True)
    utc_offset_min: Mapped[int]
    programme: Mapped[str]
    position: Mapped[str]
    muscle: Mapped[str]
    device: Mapped[str]
    sources: Mapped[list[str]]
    label: Mapped[str | None]
    app: Mapped[str]
    chain: Mapped[str]
    reference: Mapped[str | None]
    electrode: Mapped[str | None]
    plan_step: Mapped[str | None]
    duration_s: Mapped[float]
    missing_s: Mapped[float]
    attempts: Mapped[int]
    reps: Mapped[int]
    clean_reps: Mapped[int]
    woke: Mapped[bool | None]
    wake_up_squeezes: Mapped[int | None]
    woke_after_hint: Mapped[str | None]
    sleeping_side: Mapped[str | None]
    quality: Mapped[dict[str, Any]]
    """How often each verdict other than ok was given, by site."""


class Calibration(Base):
    """Rest and reference of one site in one session, in microvolts or counts."""

    __tablename__ = "calibration"
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    site: Mapped[str]
    unit: Mapped[str]
    name: Mapped[str]
    method: Mapped[str]
    age_s: Mapped[float | None]
    rest: Mapped[float | None]
    reference: Mapped[float | None]
    tries: Mapped[list[float]]


class ExerciseSet(Base):
    """Reps of one phase and set."""

    __tablename__ = "exercise_set"
    __table_args__ = (UniqueConstraint("session_id", "ordinal"),)
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    ordinal: Mapped[int]
    phase: Mapped[str]
    number: Mapped[int | None]
    scheme: Mapped[str]


class Rep(Base):
    """One rep as one version of the signal chain judged it."""

    __tablename__ = "rep"
    __table_args__ = (UniqueConstraint("set_id", "ordinal", "chain"),)
    id: Mapped[str] = _key()
    set_id: Mapped[str] = _owner("exercise_set")
    ordinal: Mapped[int]
    line_index: Mapped[int]
    chain: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]
    counted: Mapped[bool]
    clean: Mapped[bool]
    not_clean: Mapped[list[str]]
    lag_ms: Mapped[float | None]
    lag_pm_ms: Mapped[float | None]
    lag_clock_ms: Mapped[float | None]
    late: Mapped[str | None]
    lag_status: Mapped[str]
    lsi_pct: Mapped[float | None]
    lsi_pm_pct: Mapped[float | None]
    weaker: Mapped[str | None]
    lr_log: Mapped[float | None]
    lsi_basis: Mapped[str]
    ref: Mapped[str]
    feedback: Mapped[str]
    hint: Mapped[str | None]
    target_pct: Mapped[dict[str, Any]]
    sides: Mapped[dict[str, Any]]
    compensators: Mapped[dict[str, Any]]


class Attempt(Base):
    """One try to squeeze, whether or not a glute fired."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("session_id", "ordinal"),)
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    ordinal: Mapped[int]
    line_index: Mapped[int]
    """``index`` of its line; the ordinal counts the lines that there are."""
    start_s: Mapped[float]
    end_s: Mapped[float]
    fired: Mapped[list[str]]
    counted: Mapped[bool]
    why: Mapped[str | None]
    hint: Mapped[str | None]


class Cue(Base):
    """What the person was told."""

    __tablename__ = "cue"
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    ordinal: Mapped[int]
    t_s: Mapped[float]
    side: Mapped[str]
    kind: Mapped[str]
    channel: Mapped[str]


class Rating(Base):
    """A number the person gave."""

    __tablename__ = "rating"
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    ordinal: Mapped[int]
    t_s: Mapped[float]
    kind: Mapped[str]
    value: Mapped[float]


class Note(Base):
    """Free text."""

    __tablename__ = "note"
    id: Mapped[str] = _key()
    session_id: Mapped[str] = _owner("session")
    ordinal: Mapped[int]
    t_s: Mapped[float]
    text: Mapped[str]


class Check(Base):
    """The numbers of a check, as `app.session.checks` worked them out."""

    __tablename__ = "check_run"  # CHECK is a word of SQL
    id: Mapped[str] = _key()
    session_id: Mapped[str] = mapped_column(String(36), ForeignKey("session.id", ondelete="CASCADE"), unique=True)
    attempts: Mapped[int]
    fired_left: Mapped[int | None]
    fired_right: Mapped[int | None]
    lag_ms: Mapped[float | None]
    lag_pm_ms: Mapped[float | None]
    abs_lag_ms: Mapped[float | None]
    n_lags: Mapped[int]
    lsi_pct: Mapped[float | None]
    lsi_pm_pct: Mapped[float | None]
    lsi_bound_pct: Mapped[float | None]
    weaker: Mapped[str | None]
    lsi_basis: Mapped[str]


class Plan(Base):
    """What a person is to do over days, as the file of the plan says it."""

    __tablename__ = "plan"
    id: Mapped[str] = _key()
    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    content: Mapped[dict[str, Any]]
    changed_utc: Mapped[datetime]
