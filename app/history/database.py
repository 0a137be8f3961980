"""Opens the file of the history, brings its tables up to date, and keeps a copy of it from before.

Everything here waits for the disk, so none of it runs on the thread of the window.
"""

import contextlib
import errno
import logging
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event

from app.history.errors import NewerHistoryError, damaged
from app.history.explain import explained

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

VERSIONS: Final = Path(__file__).parent / "migrations" / "versions"
BUSY_S: Final = 5.0
"""How long another process may hold the file before that is an error."""
_SETTINGS: Final = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
_WITH_IT: Final = ("", "-wal", "-shm")
_COPY: Final = ".before-"
_ASIDE: Final = ".damaged-"

_log = logging.getLogger(__name__)


def open_database(path: Path, *, versions: Path = VERSIONS, busy_s: float = BUSY_S) -> Engine:
    """Open the file, made where it is missing and brought up to date where it is old.

    Parameters
    ----------
    path : Path
    versions : Path
        Folder of the migrations.
    busy_s : float
        Seconds to wait for another process.

    Raises
    ------
    HistoryError
        `HistoryDamagedError` if it is no sound database, `NewerHistoryError` if a newer GluteWake wrote it; either way
        it is left as it is.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        if not path.is_file():  # SQLite would wait for a pipe without end
            raise OSError(errno.EINVAL, "it is no file")
        config = _config(versions)
        script = ScriptDirectory.from_config(config)
        before = _read_version(path, busy_s)
        if before is not None and before not in {revision.revision for revision in script.walk_revisions()}:
            raise NewerHistoryError(
                f"The history in '{path}' is of a newer GluteWake; install that version, nothing has been changed.",
                before,
            )
        newest = script.get_current_head()
        if before is not None and before != newest:
            _copy(path, path.with_name(f"{path.name}{_COPY}{newest}"))
        if before != newest:
            _upgrade(path, busy_s, config)
        return _engine(path, busy_s, _SETTINGS)


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the right to write from its start, so that it never has to be given up halfway."""
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        yield connection


def set_aside(path: Path) -> Path | None:
    """Rename a damaged file, and what belongs to it, so that a new one can take its place; None if there is none."""
    with explained(path):
        if not path.exists():
            return None
        number = 1
        while (aside := path.with_name(f"{path.name}{_ASIDE}{number}")).exists():
            number += 1
        for ending in _WITH_IT:
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}{ending}", f"{aside}{ending}")
        return aside


def copies(path: Path) -> list[Path]:
    """Every copy that was ever made of the file: from before a migration, or set aside as damaged."""
    return sorted(other for mark in (_COPY, _ASIDE) for other in path.parent.glob(f"{path.name}{mark}*"))


def empty_log(engine: Engine, path: Path) -> bool:
    """Bring everything into the file itself and cut its write-ahead log to nothing.

    In the file itself SQLite has put zeros where something was deleted, so after this it is nowhere.

    Returns
    -------
    bool
        False if another process reads the log; it goes when that one closes.
    """
    with explained(path), contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = any(busy for busy, *_ in cursor.fetchall())
        cursor.close()
        return not is_busy


def _engine(path: Path, busy_s: float, settings: Sequence[str]) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": busy_s})

    @event.listens_for(engine, "connect")
    def _prepare(connection: "DBAPIConnection", record: object) -> None:
        connection.isolation_level = None  # or sqlite3 ends transactions as it sees fit
        cursor = connection.cursor()
        for setting in settings:
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _read_version(path: Path, busy_s: float) -> str | None:
    """Version of the tables, without changing a byte; None in a new file."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=busy_s)) as connection:
        fault, *_ = connection.execute("PRAGMA quick_check(1)").fetchone()
        if fault != "ok":
            raise damaged(path, str(fault))
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "alembic_version" not in tables:
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if found is None else str(found[0])


def _copy(path: Path, to: Path) -> None:
    for ending in _WITH_IT:
        Path(f"{to}{ending}").unlink(missing_ok=True)
    os.close(os.open(to, os.O_CREAT | os.O_EXCL, 0o600))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    _log.info("history: copied to %s before its tables change", to)


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _upgrade(path: Path, busy_s: float, config: Config) -> None:
    """Bring the tables up to date: all of it, or nothing.

    Foreign keys are off meanwhile: a changed table is made anew and the old one dropped, which would otherwise delete
    whatever belongs to its rows.
    """
    engine = _engine(path, busy_s, (*_SETTINGS, "foreign_keys=OFF"))
    try:
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()) is not None:
                raise sqlite3.IntegrityError(f"a row of {lost[0]} lost its owner")
    finally:
        engine.dispose()
