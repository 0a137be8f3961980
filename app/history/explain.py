"""Turns what SQLite and the system say into sentences."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.history.errors import HistoryError, damaged

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REFUSED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_PRIMARY = 0xFF
"""SQLite keeps the kind of an error in the lowest byte of its code."""


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say about the file `path` into a `HistoryError`."""
    try:
        yield
    except DBAPIError as error:
        raise _explain(error.orig, path) from error
    except (sqlite3.Error, OSError) as error:
        raise _explain(error, path) from error


def _explain(error: BaseException | None, path: Path) -> HistoryError:
    detail = f"{type(error).__name__}: {error}"
    kind = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if kind in _DAMAGED:
        return damaged(path, detail)
    if kind in _BUSY:
        return HistoryError(f"Another GluteWake is using the history in '{path}'; close it and try again.", detail)
    if kind == sqlite3.SQLITE_FULL:
        return HistoryError(f"The disk that holds '{path}' is full; free some space and try again.", detail)
    if kind in _REFUSED or isinstance(error, PermissionError):
        return HistoryError(f"The history in '{path}' may not be opened or written to; check its permissions.", detail)
    return HistoryError(f"The history in '{path}' cannot be used; check the disk, or choose another folder.", detail)
