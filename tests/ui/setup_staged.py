"""Preferences, people and data as a test wants them; what is asked of them is noted down."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from app.history.errors import UnknownPersonError
from app.history.views import Person
from app.preferences import Goal, Preferences
from app.session.events import Side
from app.session.following import Standing
from app.session.plan import PlanError
from app.session.programme import Programme
from app.session.results_file import Taken
from app.ui.setup_source import Moving

MEIER = Person("P-014", "Ada Meier", None, "left", True, 11, datetime(2026, 11, 19, 18, 0))
OTHER = Person("P-021", None, None, None, True, 4, datetime(2026, 11, 17, 9, 30))
NEW = Person("P-030", "Ben", None, "right", False, 0, None)
PEOPLE = (MEIER, OTHER, NEW)


@dataclass
class StagedSetup:
    """Preferences of a test; the theme and the language are chosen, so that no test depends on the computer."""

    preferences: Preferences = Preferences(language="en", theme="dark", tour_taken=True)  # noqa: RUF009 - frozen
    goal: Goal = Goal()  # noqa: RUF009 - frozen
    sound: Any = field(default_factory=lambda: SimpleNamespace(say=lambda what, value=None: None))

    def change(self, **changes: Any) -> None:
        """See `SetupSource`."""
        table = {**msgspec.structs.asdict(self.preferences), **changes}
        self.preferences = msgspec.convert(table, Preferences)

    def reset(self, name: str) -> None:
        """See `SetupSource`."""
        self.change(**{name: getattr(Preferences(), name)})

    def set_goal(self, **changes: Any) -> None:
        """See `SetupSource`."""
        self.goal = msgspec.structs.replace(self.goal, **changes)


@dataclass
class StagedPeople:
    """People of a test; what is asked of them is noted down."""

    person: str = ""
    people: tuple[Person, ...] = ()
    asked: list[str] = field(default_factory=list)

    def choose(self, code: str) -> None:
        """See `PeopleSource`."""
        self.person = code
        self.asked.append(f"choose {code}")

    def read(self) -> tuple[Person, ...]:
        """See `PeopleSource`."""
        return self.people

    def days_trained(self) -> int:
        """See `PeopleSource`."""
        return 11 if self.person else 0

    def add(self, code: str, name: str) -> None:
        """See `PeopleSource`."""
        self.people = (*self.people, Person(code, name or None, None, None, False, 0, None))

    def rename(self, code: str, name: str) -> None:
        """See `PeopleSource`."""
        self.asked.append(f"rename {code} {name}")

    def set_side(self, code: str, side: Side | None) -> None:
        """See `PeopleSource`."""
        self.asked.append(f"side {code} {side}")

    def export(self, code: str) -> Path:
        """See `PeopleSource`."""
        return Path(f"everything-of-{code}.json")

    def delete(self, code: str) -> int:
        """See `PeopleSource`."""
        if code not in {person.code for person in self.people}:
            raise UnknownPersonError(f"Nobody has the code '{code}'; choose a person, or add one.")
        self.people = tuple(person for person in self.people if person.code != code)
        return 3


@dataclass
class StagedPlan:
    """A plan of a test; what is asked of it is noted down."""

    standing: Standing | None = None
    next: Programme | None = None
    asked: list[str] = field(default_factory=list)
    refusal: str = ""

    @property
    def is_study(self) -> bool:
        """See `PlanSource`."""
        return self.standing is not None and self.standing.followed.plan.study_lock

    def next_after(self, programme: str) -> Programme | None:
        """See `PlanSource`."""
        return self.next

    def open(self, path: Path) -> None:
        """See `PlanSource`."""
        self._ask(f"open {path.name}")

    def open_shipped(self) -> None:
        """See `PlanSource`."""
        self._ask("open shipped")

    def go_to(self, step_id: str) -> None:
        """See `PlanSource`."""
        self._ask(f"go to {step_id}")

    def leave(self) -> None:
        """See `PlanSource`."""
        self._ask("leave")

    def give(self, path: Path) -> int:
        """See `PlanSource`."""
        self._ask(f"give {path.name}")
        return 42

    def take_in(self, path: Path) -> Taken:
        """See `PlanSource`."""
        self._ask(f"take in {path.name}")
        return Taken("P-017", 3, 12, str(path))

    def _ask(self, what: str) -> None:
        if self.refusal:
            raise PlanError(self.refusal)
        self.asked.append(what)


@dataclass
class StagedData:
    """A folder of a test."""

    folder: Path = Path("/home/ada/Documents/GluteWake")
    moving: Moving | None = None
    room: tuple[int, float] | None = (212_000_000_000, 3000.0)
    asked: list[str] = field(default_factory=list)

    def free(self) -> tuple[int, float] | None:
        """See `DataSource`."""
        return self.room

    def move(self, folder: Path) -> None:
        """See `DataSource`."""
        self.asked.append(f"move {folder}")
        self.moving = Moving(0.42)

    def save_report(self) -> Path:
        """See `DataSource`."""
        self.asked.append("report")
        return self.folder / "glutewake-problem.zip"
