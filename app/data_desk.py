"""`DataDesk`: where the recordings are, how they are moved as a whole, and the problem report.

Called in the GUI thread; a move runs wherever orders are worked off, and is looked at through `moving`.
"""

import logging
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from app.history.errors import HistoryError
from app.language import mark
from app.problem_report import write_report
from app.recording.bids.names import subject_label
from app.recording.errors import RecordingError
from app.recording.folders import chosen_root
from app.recording.record import read_started
from app.recording.relocate import relocate
from app.session.events import SessionStarted
from app.settings import Settings
from app.ui.setup_source import Moving
from drivers.replay.formats.journal import JOURNAL_NAME

if TYPE_CHECKING:
    from app.history.views import Person

BYTES_PER_HOUR: Final = 60_000_000
"""Two channels at 1 kHz, with their counters, and as much again for the files that are made of them."""
MOVED: Final = mark("All recordings are in '{folder}' now.")

_log = logging.getLogger(__name__)


class DataDesk:
    """Knows the folder of all recordings.

    Parameters
    ----------
    settings : Settings
        Remember a folder that is not the usual one.
    folder : Path or None
        None where nothing is recorded.
    order : callable
        Ends the session, does what it is given, and begins anew; returns at once.
    people : callable
        Tells who has a history: none of them is named in a report.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path | None,
        order: Callable[[Callable[[], None]], None],
        people: "Callable[[], Iterable[Person]]" = tuple,
    ) -> None:
        self._settings = settings
        self.records_in = folder
        self._order = order
        self.moving: Moving | None = None
        """One attribute, read and written whole."""
        self._people = people

    @property
    def folder(self) -> Path:
        """The folder of all recordings, whether or not anything is recorded."""
        return self.records_in or chosen_root(self._settings.preferences)

    def free(self) -> tuple[int, float] | None:
        """Bytes that are free there, and hours of recording that they hold; None where that cannot be told."""
        there = self.folder
        while not there.exists() and there != there.parent:
            there = there.parent
        try:
            free = shutil.disk_usage(there).free
        except OSError:
            return None
        return free, free / BYTES_PER_HOUR

    def move(self, folder: Path) -> None:
        """End the session, move all recordings, and begin anew."""
        self.moving = Moving()
        self._order(lambda: self._move(folder))

    def _move(self, folder: Path) -> None:
        def say(share: float) -> None:
            self.moving = Moving(share)

        try:
            if not folder.is_absolute():
                raise RecordingError(f"'{folder}' is not a whole path; begin it at the root of a disk.")
            relocate(self.folder, folder, say, lambda: self._remember(folder))
        except RecordingError as error:
            _log.warning("not moved: %s (%s)", error.sentence, error.detail)
            self.moving = Moving(0.0, error.sentence)
            return
        if self.records_in is not None:
            self.records_in = folder
        self.moving = Moving(1.0, MOVED.format(folder=folder))

    def _remember(self, folder: Path) -> None:
        """Have the next start find them too, before anything is deleted where it was."""
        before = self._settings.preferences.data_folder
        self._settings.prefer(data_folder=str(folder))
        if not self._settings.save():
            self._settings.prefer(data_folder=before)
            raise RecordingError(f"{self._settings.trouble} The recordings stay where they are.")

    def save_report(self) -> Path:
        """Write a problem report where the person finds it; raises `RecordingError`."""
        documents = platformdirs.user_documents_path()
        place = documents if documents.is_dir() else self.folder
        names: list[str] = []
        try:
            for person in self._people():
                names += [person.code, subject_label(person.code), *re.findall(r"\w+", person.display_name or "")]
        except HistoryError as error:
            _log.warning("nobody's name is known to be left out: %s", error.sentence)
        return write_report(place, self._settings, self._newest(), names)

    def _newest(self) -> SessionStarted | None:
        """First line of the session that was recorded last, if it can be read."""
        for journal in sorted(self.folder.glob(f"*/{JOURNAL_NAME}"), reverse=True):
            try:
                return read_started(journal.parent)
            except OSError as error:
                _log.warning("%s cannot be read: %s", journal, error)
        return None
