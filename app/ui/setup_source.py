"""What the Setup page, the start page and the tour may ask of the rest, beside the session itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.history.views import Person
from app.preferences import Goal, Preferences
from app.session.events import Side
from app.session.following import Standing
from app.session.programme import Programme
from app.session.results_file import Taken
from app.ui.sound import Sound


class SetupSource(Protocol):
    """The preferences in force. Called in the GUI thread; returns at once."""

    @property
    def preferences(self) -> Preferences:
        """What is in force."""

    @property
    def goal(self) -> Goal:
        """Where the goal of the person in force starts."""

    @property
    def sound(self) -> Sound:
        """What is heard, for a test of it."""

    def change(self, **changes: Any) -> None:
        """Change preferences by name, at once."""

    def reset(self, name: str) -> None:
        """Bring one preference back to its standard."""

    def set_goal(self, **changes: Any) -> None:
        """Change where the goal of the person in force starts, and whether it stays there."""


class PeopleSource(Protocol):
    """Who trains. `person`, `choose` return at once; all else waits for the disk and is called by `app.ui.work`."""

    @property
    def person(self) -> str:
        """Code of the person in force; empty for nobody in particular."""

    def choose(self, code: str) -> None:
        """Begin a session of this person; empty for nobody in particular."""

    def read(self) -> tuple[Person, ...]:
        """Everybody, those who trained last first."""

    def days_trained(self) -> int:
        """On how many of the last 14 days who trains did so; 0 for nobody in particular."""

    def add(self, code: str, name: str) -> None:
        """Add somebody."""

    def rename(self, code: str, name: str) -> None:
        """Give somebody another name."""

    def set_side(self, code: str, side: Side | None) -> None:
        """Set the side that is treated."""

    def export(self, code: str) -> Path:
        """Write down everything that is kept of somebody; returns the new file."""

    def delete(self, code: str) -> int:
        """Delete somebody for good; returns how many recordings went with them."""


@dataclass(frozen=True, slots=True)
class Moving:
    """The move of all recordings to another folder.

    Attributes
    ----------
    share : float
        Of its bytes that are there, 0 to 1.
    sentence : str
        What came of it, or why it did not come to it; empty while it runs.
    """

    share: float = 0.0
    sentence: str = ""


class PlanSource(Protocol):
    """The plan of whoever trains. `standing`, `is_study`, `next_after` return at once; all else by `app.ui.work`."""

    @property
    def standing(self) -> Standing | None:
        """Where the person in force stands in it; None without one."""

    @property
    def is_study(self) -> bool:
        """Whether neither goal nor step nor exercise may be changed."""

    def next_after(self, programme: str) -> Programme | None:
        """What comes today once a programme is done; None if nothing is left."""

    def open(self, path: Path) -> None:
        """Begin to follow the plan of a file."""

    def open_shipped(self) -> None:
        """Begin to follow the plan that ships."""

    def go_to(self, step_id: str) -> None:
        """Go to another step."""

    def leave(self) -> None:
        """Follow no plan any more."""

    def give(self, path: Path) -> int:
        """Write the results of the person as a new file; returns how many sessions are in it."""

    def take_in(self, path: Path) -> Taken:
        """Take in results that came back as a file, whoever's they are."""


class DataSource(Protocol):
    """Where the recordings are. Called in the GUI thread; `free` and `save_report` wait for the disk a moment."""

    @property
    def folder(self) -> Path:
        """The folder of all recordings."""

    @property
    def moving(self) -> Moving | None:
        """The newest move; None before the first."""

    def free(self) -> tuple[int, float] | None:
        """Return bytes that are free there, and hours of recording that they hold; None where that cannot be told."""

    def move(self, folder: Path) -> None:
        """End the session, move all recordings there, and begin anew; returns at once."""

    def save_report(self) -> Path:
        """Write a problem report; returns the new file."""
