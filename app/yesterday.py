"""What the last session of a person leaves for today: the hint after which the sleepy side woke."""

import logging
from pathlib import Path
from typing import Final

from app import archive
from app.history.errors import HistoryError
from app.recording.errors import RecordingError
from app.recording.record import read_record
from app.session.events import Summary
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
        Id of the hint in force when a side last woke in that exercise. None without one, and where the history or the
        recording cannot be read: a session begins without a hint as well.

    Notes
    -----
    Reads a whole recording, so never on the thread of the window.
    """
    if person is None or programme is None or not programme.hints:
        return None
    try:
        with archive.open_history(recordings) as history:
            lines = [line for line in history.sessions(person) if line.woke and line.series.exercise == programme.id]
        if not lines:
            return None
        newest = max(lines, key=lambda line: line.started)
        summaries = read_record(recordings / newest.folder).of(Summary)
    except (HistoryError, RecordingError) as error:
        _log.info("no hint of last time: %s", error.sentence)
        return None
    return summaries[-1].woke_after_hint if summaries else None
