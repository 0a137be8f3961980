"""The sessions in the folder of all recordings and their history: keeps the one in step with the other.

Works on the disk for seconds, so never on the thread of the window. SQLAlchemy is loaded by whoever calls it first.
"""

import logging
import os
from collections.abc import Callable, Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.history import NAME, has_history
from app.history.codes import check_code
from app.history.errors import HistoryDamagedError, HistoryError
from app.recording.disk import open_locked, replace_file
from app.recording.erase import PLAN_RESULTS, erase_person
from app.recording.errors import RecordingError, explain
from app.recording.finalise import read_finished
from app.recording.record import read_record, read_started
from app.session.plan import PlanError
from app.session.results_file import PlanResults, Taken, merge, parse_results, to_text
from app.small_file import read_small
from drivers.replay.formats.journal import JOURNAL_NAME

if TYPE_CHECKING:
    from app.history.store import History
    from app.history.views import State

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the history was made of.

    Attributes
    ----------
    sessions : int
        In the history now.
    missing : int
        Of them those whose folder is not there.
    people : int
    aside : Path or None
        Where the damaged file lies; None if it was sound.
    problems : tuple of str
        A sentence for each session that should be in it and is not.
    """

    sessions: int
    missing: int
    people: int
    aside: Path | None
    problems: tuple[str, ...]


def open_history(root: Path) -> "History":
    """Open the history of a folder of recordings; raises `HistoryError`."""
    from app.history import store

    return store.open_history(root / NAME)


def enter(folder: Path) -> bool:
    """Enter a recorded session into the history beside it, and whatever else is not in it yet.

    Parameters
    ----------
    folder : Path
        Session folder.

    Returns
    -------
    bool
        True if it is in the history now; False for a simulated or replayed session, or one of nobody.

    Raises
    ------
    RecordingError, HistoryError
        With a sentence for the user; the recording is as safe as before.
    """
    if not _is_of_somebody(folder):
        return False
    record = read_record(folder)
    with open_history(folder.absolute().parent) as history:
        history.add_session(record, _state_of(folder))
        _catch_up(history)
    return True


def renew(folder: Path) -> None:
    """Enter a session anew that the history knows, because something was said of it afterwards.

    Raises
    ------
    RecordingError, HistoryError
        With a sentence for the user.
    """
    if _is_of_somebody(folder):
        with open_history(folder.absolute().parent) as history:
            history.renew_session(read_record(folder), _state_of(folder))


def catch_up(root: Path) -> None:
    """Enter what is not in the history yet, such as a session that a crash broke off, and note what became of others.

    Parameters
    ----------
    root : Path
        Folder of all recordings. Where no session is of anybody, no history is made.

    Raises
    ------
    HistoryError
        With a sentence for the user.
    """
    if has_history(root) or any(_is_new(folder, ()) for folder in _folders(root)):
        with open_history(root) as history:
            _catch_up(history)


def rebuild(root: Path, say: Callable[[str], None] = lambda name: None) -> Rebuilt:
    """Make the history anew from the session folders; names, sides and plans of people stay.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    say : callable, optional
        Takes the name of each session folder before it is read.

    Raises
    ------
    HistoryError
        If the database cannot be written, or is of a newer version. One that is damaged is set aside.
    """
    root = root.absolute()
    history, aside = _open_anew(root)
    problems = []
    with history:
        for folder in _folders(root):
            try:
                if _is_of_somebody(folder):
                    say(folder.name)
                    history.renew_session(read_record(folder), _state_of(folder))
            except (RecordingError, HistoryError) as error:
                problems.append(error.sentence)
        missing = history.note_states(_state_of)
        people = history.people()
    return Rebuilt(sum(person.n_sessions for person in people), missing, len(people), aside, tuple(problems))


def take_in(root: Path, path: Path) -> Taken:
    """Take in the results of a person that came back as a file; taken in twice they count once.

    Parameters
    ----------
    root : Path
        Folder of all recordings; they are kept in ``plan-results`` there.
    path : Path

    Raises
    ------
    PlanError, HistoryError, RecordingError
        With a sentence for the user, if the file holds none, or they cannot be kept.
    """
    new = _results_in(path)
    kept = root / PLAN_RESULTS / f"{check_code(new.person)}.json"
    merged, n_new = merge(_results_in(kept) if kept.exists() else None, new)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(kept) as file:
            file.write(to_text(merged))
    except OSError as error:
        raise RecordingError(explain(error, kept.parent), str(error)) from error
    return Taken(new.person, n_new, len(merged.sessions), str(kept))


def _results_in(path: Path) -> PlanResults:
    try:
        return parse_results(read_small(path), str(path))
    except OSError as error:
        raise PlanError(f"'{path}' cannot be read: {error.strerror}; choose another file.") from None


def delete_person(root: Path, code: str) -> int:
    """Delete a person for good: session folders, data set, reports, history and every copy of it.

    Parameters
    ----------
    root : Path
        Folder of all recordings.
    code : str

    Returns
    -------
    int
        How many session folders were deleted.

    Raises
    ------
    RecordingError, HistoryError
        With what to do, so that it can be done again: the files go first, and the person last.
    """
    with open_history(root) as history:
        folders = [root / line.folder for line in history.sessions(code)]  # also says if there is nobody of that code
        n_deleted = erase_person(root, code, folders)
        history.forget_person(code)
    return n_deleted


def _open_anew(root: Path) -> "tuple[History, Path | None]":
    from app.history import database, salvage

    try:
        return open_history(root), None
    except HistoryDamagedError:
        aside = database.set_aside(root / NAME)
    history = open_history(root)
    salvage.take_over_people(history, database.copies(root / NAME)[::-1])
    return history, aside


def _catch_up(history: "History") -> None:
    known = history.folders()
    for folder in _folders(history.root):
        try:
            if _is_new(folder, known):
                history.add_session(read_record(folder), _state_of(folder))
        except (
            RecordingError,
            HistoryError,
        ) as error:  # a rebuild names it; here it would be named after every session
            _log.warning("not in the history: %s (%s)", error.sentence, error.detail)
    history.note_states(_state_of)


def _folders(root: Path) -> list[Path]:
    return [journal.parent for journal in sorted(root.glob(f"*/{JOURNAL_NAME}"))]


def _is_new(folder: Path, known: Container[Path]) -> bool:
    """Whether a session should be in the history and is not; one that is being recorded has time."""
    if folder in known:
        return False
    try:
        lock = open_locked(folder / JOURNAL_NAME)
        if lock is None:
            return False
        os.close(lock)
        return _is_of_somebody(folder)
    except (OSError, RecordingError) as error:
        _log.warning("not in the history: %s (%s)", folder, error)
        return False


def _is_of_somebody(folder: Path) -> bool:
    try:
        started = read_started(folder)
    except OSError as error:
        raise RecordingError(f"'{folder}' cannot be read; check who may open it.", str(error)) from error
    if started is None:  # the head is damaged, so all of it has to be read
        started = read_record(folder).started
    return not started.simulated and started.person is not None and started.calibrates is None


def _state_of(folder: Path) -> "State":
    if not (folder / JOURNAL_NAME).is_file():
        return "missing"
    finished = read_finished(folder)
    if finished is None:
        return "open"
    return "final" if finished.ended_well else "recovered"
