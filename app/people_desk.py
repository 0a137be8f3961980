"""`PeopleDesk`: who trains, and the people of the history in the folder of all recordings.

`person` and `choose` return at once, in the GUI thread; all else waits for the disk.
"""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from app import archive
from app.history import has_history
from app.history.codes import check_code
from app.history.errors import HistoryError
from app.language import mark
from app.session.events import Side
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.history.store import History
    from app.history.views import Person

IN_FORCE: Final = mark("'{code}' trains now; choose somebody else first, then delete.")


class PeopleDesk:
    """Keeps who trains.

    Parameters
    ----------
    settings : Settings
        Remember who trained last; what they hold of a person goes with the person.
    person : str
        Code of who trains; empty for nobody in particular.
    root : callable
        The folder of all recordings.
    begin : callable
        Begins a session of the person in force; returns at once.
    """

    def __init__(self, settings: Settings, person: str, root: Callable[[], Path], begin: Callable[[], None]) -> None:
        self._settings = settings
        self.person = person
        self._root = root
        self._begin = begin

    def choose(self, code: str) -> None:
        """Begin a session of this person."""
        if code != self.person:
            self.person = code
            self._settings.prefer(person=code)
            self._begin()

    def read(self) -> "tuple[Person, ...]":
        """Everybody, those who trained last first; whoever only asks makes no history."""
        if not has_history(self._root()):
            return ()
        with archive.open_history(self._root()) as history:
            return history.people()

    def days_trained(self) -> int:
        """On how many of the last 14 days who trains did so."""
        if not self.person or not has_history(self._root()):
            return 0
        with archive.open_history(self._root()) as history:
            return len(history.training_days(self.person, date.today()).trained)

    def add(self, code: str, name: str) -> None:
        """Add somebody; raises `CodeRefusedError`."""
        check_code(code)
        try:
            self._root().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HistoryError(
                f"Nobody can be added in '{self._root()}': {error.strerror or error}; check who may write there."
            ) from error
        with archive.open_history(self._root()) as history:
            history.add_person(code, display_name=name or None)

    def rename(self, code: str, name: str) -> None:
        """Give somebody another name; an empty one takes it away."""
        with self._history() as history:
            history.rename(code, name or None)

    def set_side(self, code: str, side: Side | None) -> None:
        """Set the side that is treated."""
        with self._history() as history:
            history.set_affected_side(code, side)

    def export(self, code: str) -> Path:
        """Write down everything that is kept of somebody, by table, as JSON beside the recordings."""
        with self._history() as history:
            rows: dict[str, Any] = history.rows_of(code)
        path = self._root() / f"everything-of-{code}-{datetime.now():%Y-%m-%d-%H%M%S}.json"
        try:
            with path.open("xb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(rows)) + b"\n")
        except OSError as error:
            raise HistoryError(
                f"'{path}' cannot be written: {error.strerror or error}; check who may write there."
            ) from error
        return path

    def delete(self, code: str) -> int:
        """Delete somebody for good, with every recording; returns how many there were."""
        if code == self.person:
            raise HistoryError(IN_FORCE.format(code=code))
        n_deleted = archive.delete_person(self._root(), code)
        for written in self._root().glob(f"everything-of-{code}-????-??-??-??????.json"):  # P is not P-017
            written.unlink(missing_ok=True)
        self._settings.forget_person(code)
        self._settings.save()
        return n_deleted

    @contextmanager
    def _history(self) -> "Iterator[History]":
        with archive.open_history(self._root()) as history:
            yield history
