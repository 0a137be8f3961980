"""`History`: who trains, and what came of it. Frozen views out, never a row of the database.

Its methods may be called from any thread and wait for the disk, a second at most unless another process writes.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from app.history import NAME as NAME
from app.history import models, reading
from app.history.codes import check_code, label_of
from app.history.database import BUSY_S, VERSIONS, copies, empty_log, open_database, writing
from app.history.entry import refuse_nobody, rows_of_session
from app.history.errors import CodeRefusedError, HistoryError, UnknownPersonError
from app.history.explain import explained
from app.history.models import key_of
from app.history.silent import silent_sides
from app.history.views import (
    LOOKED_AT,
    CheckPoint,
    Person,
    Recorded,
    ReferenceChange,
    Series,
    SessionDetail,
    SessionLine,
    SessionRatings,
    SilentSide,
    State,
    TrainingDays,
    WakeUp,
)
from app.session.events import Side
from app.session.readiness import LOOK_BACK_DAYS, Readiness, TrainingDay, readiness

T = TypeVar("T")


def open_history(path: Path, *, versions: Path = VERSIONS, busy_s: float = BUSY_S) -> "History":
    """Open the history, made where it is missing and brought up to date where it is old.

    Parameters
    ----------
    path : Path
        The file; session folders lie beside it, or below.
    versions, busy_s : optional
        Replaced by tests alone.

    Raises
    ------
    HistoryError
        `HistoryDamagedError` if it can only be rebuilt, `NewerHistoryError` if a newer GluteWake wrote it.
    """
    return History(path.absolute(), versions, busy_s)


class History:
    """An open history; see `open_history`. Close it, or use it in a ``with``.

    Every method raises `HistoryError` with a sentence for the user, and those that take a code `UnknownPersonError`
    if nobody has it.

    Attributes
    ----------
    path : Path
        The file.
    root : Path
        The folder of all recordings.
    """

    def __init__(self, path: Path, versions: Path, busy_s: float) -> None:
        self.path = path
        self.root = path.parent
        self._engine = open_database(path, versions=versions, busy_s=busy_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        with explained(self.path):
            self._engine.dispose()

    def people(self) -> tuple[Person, ...]:
        """Everybody, those who trained last first."""
        with self._reading() as session:
            return reading.people(session)

    def add_person(
        self,
        code: str,
        *,
        display_name: str | None = None,
        birth_year: int | None = None,
        affected_side: Side | None = None,
        consent: bool = False,
    ) -> None:
        """Add somebody.

        Raises
        ------
        CodeRefusedError
            If it is no code, or one that files could not tell from another one.
        """
        with self._writing() as connection:
            _refuse_taken(connection, code)
            row = _person(code, display_name=display_name, birth_year=birth_year)
            connection.execute(insert(models.Person), row | {"affected_side": affected_side, "consent": consent})

    def rename(self, code: str, display_name: str | None) -> None:
        """Give somebody another name; the code stands in files and stays."""
        self._change(code, display_name=display_name)

    def set_affected_side(self, code: str, side: Side | None) -> None:
        """Set the side that is treated."""
        self._change(code, affected_side=side)

    def forget_person(self, code: str) -> None:
        """Delete all rows of somebody, and every copy of the file that still holds them; for good.

        Whoever calls this deletes the files of `sessions` first: from them the rows could be made again.
        """
        with self._writing() as connection:
            deleted = connection.execute(delete(models.Person).where(models.Person.code == code)).rowcount
            if not deleted:
                raise UnknownPersonError(f"Nobody has the code '{code}'; choose a person, or add one.")
        with explained(self.path):
            for copy in copies(self.path):
                copy.unlink(missing_ok=True)
        if not empty_log(self._engine, self.path):
            raise HistoryError(f"'{code}' is deleted; close the other GluteWake now, so that the last trace goes too.")

    def rows_of(self, code: str) -> dict[str, list[dict[str, Any]]]:
        """Everything that is kept of somebody, by table, as JSON can hold it; for handing it over."""
        return self._of(code, reading.rows_of_person)

    def add_session(self, record: Recorded, state: State = "open") -> bool:
        """Enter a session; its person is added if the code is new.

        Parameters
        ----------
        record : Recorded
            Its folder lies in the folder of all recordings.
        state : State

        Returns
        -------
        bool
            False if it was there already: its state and its place are noted, nothing else.

        Raises
        ------
        SimulatedSessionError
            If nobody was on the electrodes.
        HistoryError
            If it has no person or no time.
        """
        return self._enter(record, state, replace=False)

    def renew_session(self, record: Recorded, state: State) -> bool:
        """Enter a session, and make its rows anew if it is there already. See `add_session`."""
        return self._enter(record, state, replace=True)

    def note_states(self, state_of: Callable[[Path], State]) -> int:
        """Ask anew in which state every session folder is; returns how many are missing."""
        with self._writing() as connection:
            rows = connection.execute(select(models.Session.id, models.Session.rel_path, models.Session.state)).all()
            now = {id_: state_of(self.root / rel_path) for id_, rel_path, _ in rows}
            for id_, _, before in rows:
                if now[id_] != before:
                    changed = update(models.Session).where(models.Session.id == id_)
                    connection.execute(changed.values(state=now[id_]))
        return sum(state == "missing" for state in now.values())

    def folders(self) -> frozenset[Path]:
        """Where the sessions of everybody lie, or lay."""
        with self._reading() as session:
            return frozenset(self.root / rel_path for rel_path in session.scalars(select(models.Session.rel_path)))

    def sessions(self, code: str) -> tuple[SessionLine, ...]:
        """Every session of somebody, oldest first."""
        return self._of(code, reading.sessions)

    def session_detail(self, session_id: str) -> SessionDetail:
        """Everything that is kept of one session."""
        with self._reading() as session:
            return reading.detail(session, session_id)

    def training_days(self, code: str, today: date, last: int = LOOKED_AT) -> TrainingDays:
        """On which of the last days, today among them, there was a session."""
        first = today - timedelta(days=last - 1)
        days = self.days(code)
        return TrainingDays(first, today, tuple(day.day for day in days if first <= day.day <= today))

    def series(self, code: str) -> tuple[Series, ...]:
        """What checks there are that may be compared among themselves; the one that was used last stands first."""
        newest_first = [series for series, _ in reversed(self._of(code, reading.check_points))]
        return tuple(dict.fromkeys(newest_first))

    def checks(self, code: str, series: Series) -> tuple[CheckPoint, ...]:
        """The checks of one exercise, position, muscle and device, oldest first."""
        return tuple(point for of, point in self._of(code, reading.check_points) if of == series)

    def wake_up_squeezes(self, code: str) -> tuple[WakeUp, ...]:
        """Squeezes that each wake-up phase took, oldest first."""
        return self._of(code, reading.wake_ups)

    def reference_changes(self, code: str, exercise: str) -> tuple[ReferenceChange, ...]:
        """Where the sessions of an exercise went over to another kind of reference, electrode, device or muscle."""
        return self._of(code, lambda session, owner: reading.reference_changes(session, owner, exercise))

    def ratings(self, code: str) -> tuple[SessionRatings, ...]:
        """What somebody said of each session, oldest first; none of those of which nothing was said."""
        return self._of(code, reading.ratings)

    def silent_sides(self, code: str) -> tuple[SilentSide, ...]:
        """Sides that a professional should see: they never rose above rest, though their contact was good."""
        return self._of(code, silent_sides)

    def days(self, code: str) -> list[TrainingDay]:
        """Every training day, oldest first, with its first check and its pain."""
        return self._of(code, reading.training_days)

    def readiness(self, code: str) -> Readiness:
        """Whether the plan's next step, the bridge, may be proposed."""
        return readiness(self.days(code)[-LOOK_BACK_DAYS:])

    def plan(self, code: str) -> dict[str, Any] | None:
        """The plan that somebody follows, as `app.session.following` has it; None without one."""

        def read(session: Session, owner: str) -> dict[str, Any] | None:
            return session.scalar(select(models.Plan.content).where(models.Plan.person_id == owner))

        return self._of(code, read)

    def keep_plan(self, code: str, content: dict[str, Any] | None) -> None:
        """Keep a plan in place of the one before; None for none."""
        with self._writing() as connection:
            owner = reading.person_id(Session(connection), code)
            connection.execute(delete(models.Plan).where(models.Plan.person_id == owner))
            if content is not None:
                row = {"id": key_of(owner, "plan"), "person_id": owner, "content": content}
                connection.execute(insert(models.Plan), row | {"changed_utc": datetime.now(UTC)})

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self.path), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with explained(self.path), writing(self._engine) as connection:
            yield connection

    def _of(self, code: str, read: Callable[[Session, str], T]) -> T:
        with self._reading() as session:
            return read(session, reading.person_id(session, code))

    def _change(self, code: str, **values: Any) -> None:
        with self._writing() as connection:
            changed = connection.execute(update(models.Person).where(models.Person.code == code).values(**values))
            if not changed.rowcount:
                raise UnknownPersonError(f"Nobody has the code '{code}'; choose a person, or add one.")

    def _enter(self, record: Recorded, state: State, *, replace: bool) -> bool:
        code = refuse_nobody(record.started)
        rel_path = self._place(record.folder)
        with self._writing() as connection:
            is_there = connection.scalar(select(models.Session.id).where(models.Session.sha256 == record.sha256))
            if is_there is not None and not replace:
                found = models.Session.id == is_there
                connection.execute(update(models.Session).where(found).values(state=state, rel_path=rel_path))
                return False
            owner = connection.scalar(select(models.Person.id).where(models.Person.code == code))
            if owner is None:
                _refuse_taken(connection, code)
                row = _person(code)
                owner = row["id"]
                connection.execute(insert(models.Person), row)
            same = (models.Session.sha256 == record.sha256) | (models.Session.rel_path == rel_path)
            connection.execute(delete(models.Session).where(same))
            for table, rows in rows_of_session(record, rel_path, owner, state):
                if rows:
                    connection.execute(insert(table), rows)
        return is_there is None

    def _place(self, folder: Path) -> str:
        place = Path(os.path.abspath(folder))
        if self.root not in place.parents:
            raise HistoryError(
                f"'{folder}' does not lie in '{self.root}'; move it there, so that the history finds it again."
            )
        return place.relative_to(self.root).as_posix()


def _person(code: str, *, display_name: str | None = None, birth_year: int | None = None) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "code": code,
        "label": label_of(code),
        "display_name": display_name,
        "birth_year": birth_year,
        "affected_side": None,
        "consent": False,
        "created_utc": datetime.now(UTC),
    }


def _refuse_taken(connection: Connection, code: str) -> None:
    label = label_of(check_code(code))
    other = connection.scalar(select(models.Person.code).where(models.Person.label == label))
    if other is not None:
        raise CodeRefusedError(f"'{code}' could not be told from '{other}', which is in use; choose another code.")
