"""`RescueDesk`: what a crash or a power cut left of earlier sessions, offered at the next start. No Qt.

It looks and works on the thread ``rescue``; the window asks it in the GUI thread and never waits.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from app import archive, numbers
from app.history.errors import HistoryError
from app.language import _, mark
from app.recording.errors import RecordingError
from app.recording.finalise import Finished, find_broken_off, read_finished, start_finishing
from app.recording.record import read_started
from app.said import said

_MOST_TOLD: Final = 2
_KEPT: Final = mark("Nothing of it could be read; its journal is kept in '{folder}'.")

_log = logging.getLogger(__name__)


class RescueDesk:
    """Offers once to finish the recordings that broke off, and tells what became of them.

    Parameters
    ----------
    root : callable
        Gives the folder of all recordings, which may move; None where nothing is recorded.
    """

    def __init__(self, root: Callable[[], Path | None]) -> None:
        self._root = root
        self._folders: list[Path] = []
        """Relative to that folder."""
        self._question = ""
        self._news = ""

    def look(self) -> None:
        """Begin to look for recordings that broke off; returns at once."""
        self._begin(self._look)

    def take_question(self) -> str:
        """What to ask the person, once; empty if there is nothing."""
        question, self._question = self._question, ""
        return question

    def take_news(self) -> str:
        """What became of the recordings, once; empty while there is nothing to tell."""
        news, self._news = self._news, ""
        return news

    def accept(self) -> None:
        """Begin to finish them; returns at once."""
        self._begin(self._finish)

    def _begin(self, work: Callable[[Path], None]) -> None:
        if (root := self._root()) is not None:
            threading.Thread(target=self._guarded, args=(work, root), name="rescue", daemon=True).start()

    def _guarded(self, work: Callable[[Path], None], root: Path) -> None:
        try:
            work(root)
        except (OSError, RecordingError) as error:
            _log.warning("broken recordings: %s", error)
            self._news = _(
                "The recordings in '{root}' cannot be looked through; glutewake recover says why.", root=root
            )

    def _look(self, root: Path) -> None:
        self._folders = [folder.relative_to(root) for folder in find_broken_off(root)]
        if self._folders:
            last = _name(root / self._folders[-1])
            n_others = len(self._folders) - 1
            more = _(", and {n} before it,", n=n_others) if n_others else ""
            self._question = _("The recording {last}{more} broke off. Finish it now?", last=last, more=more)

    def _finish(self, root: Path) -> None:
        start_finishing(root).wait()
        made = [(root / folder, read_finished(root / folder)) for folder in self._folders]
        news = [_told(folder, finished) for folder, finished in made[-_MOST_TOLD:]]
        try:
            archive.catch_up(root)
        except HistoryError as error:
            _log.warning("not in the history: %s (%s)", error.sentence, error.detail)
            news.append(said(error.sentence))
        self._news = " ".join(news)


def _told(folder: Path, finished: Finished | None) -> str:
    if finished is None:
        return _(_KEPT, folder=folder)
    seconds = max(finished.recovered_s.values(), default=0.0)
    missing = [sentence for sentence in finished.sentences if " missing" in sentence]
    return " ".join(
        (
            _("The recording {name} is kept: {seconds:.0f} s.", name=_name(folder), seconds=seconds),
            *map(said, missing[:_MOST_TOLD]),
        )
    )


def _name(folder: Path) -> str:
    """When it was, in words."""
    started = read_started(folder)
    if started is None or started.utc_start is None:
        return _("in '{name}'", name=folder.name)
    began = datetime.fromisoformat(started.utc_start).astimezone()
    return _("of {moment}", moment=numbers.moment(began))
