"""What the last session of a person leaves for today: the hint after which the sleepy side woke."""

import logging
from pathlib import Path
from typing import Final

from app import archive
from app.history import has_history
from app.history.errors import HistoryError
from app.session.programme import Programme

_log: Final = logging.getLogger(__name__)


def hint_of_last(recordings: Path, person: str | None, programme: Programme | None) -> str | None:
    """Find the hint to begin with.

    Parameters
    ----------
    recordings : Path
        Folder of all recordings.
    person : str or None
        Code of the person.
    programme : Programme or None
        What is done today; hints of other exercises say nothing about it.

    Returns
    -------
    str or None
        Id of the hint in force when a side last woke in that exercise. None without one, and where the history cannot
        be read: a session begins without a hint as well.

    Notes
    -----
    Opens the history, so never on the thread of the window.
    """
    if person is None or programme is None or not programme.hints or not has_history(recordings):
        return None
    try:
        with archive.open_history(recordings) as history:
            lines = [line for line in history.sessions(person) if line.woke and line.series.exercise == programme.id]
    except HistoryError as error:
        _log.info("no hint of last time: %s", error.sentence)
        return None
    return max(lines, key=lambda line: line.started).woke_after_hint if lines else None
