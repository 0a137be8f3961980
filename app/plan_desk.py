"""`PlanDesk`: the plan of whoever trains: what it asks for today, and how it is opened, gone on with and given back.

`standing`, `next_after` and the refusals return at once; all else waits for the disk and is called on other threads.
"""

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from app import archive
from app.history import has_history
from app.history.errors import HistoryError
from app.language import mark
from app.pipeline.plans import read_plan, shipped_plan
from app.pipeline.programmes import load_programme
from app.recording.errors import RecordingError
from app.recording.export.files import new_file
from app.session.following import OF_NOBODY, Followed, Standing, begun, stand, understood
from app.session.plan import Plan, PlanError
from app.session.programme import Programme, ProgrammeError
from app.session.results_file import Taken, to_text

if TYPE_CHECKING:
    from app.history.store import History

EXERCISE_FIXED: Final = mark("In this study the plan says which exercise comes; ask whoever leads it.")
GOAL_FIXED: Final = mark("In this study the goal stays where the plan puts it; ask whoever leads it.")

_log = logging.getLogger(__name__)


class PlanDesk:
    """Keeps where the person in force stands in a plan.

    Parameters
    ----------
    person : callable
        Code of the person in force; empty for nobody in particular.
    root : callable
        The folder of all recordings.
    changed : callable
        Hears of another plan or step; ``True`` if a plan was opened, and care is to be asked once more.
    day : callable
        Today.

    Attributes
    ----------
    standing : Standing or None
        As far as it was looked at; None without a plan. Read and written whole.
    """

    def __init__(
        self,
        person: Callable[[], str],
        root: Callable[[], Path],
        changed: Callable[[bool], None],
        day: Callable[[], date] = date.today,
    ) -> None:
        self._person, self._root, self._changed, self._day = person, root, changed, day
        self.standing: Standing | None = None

    @property
    def fixes_goal(self) -> bool:
        """Whether the goal of today is the plan's alone."""
        standing = self.standing
        return standing is not None and standing.followed.plan.fixes(standing.followed.step)

    @property
    def is_study(self) -> bool:
        """Whether neither goal nor step nor exercise may be changed."""
        return self.standing is not None and self.standing.followed.plan.study_lock

    def refuses(self, programme: Programme) -> bool:
        """Whether the plan does not let this be trained."""
        return self.standing is not None and not self.standing.allows(programme.id)

    def adapted(self, programme: Programme) -> Programme:
        """A programme with the goal of the step, if it is one of it."""
        standing = self.standing
        if standing is None or programme.id not in standing.followed.step.programmes:
            return programme
        return standing.followed.step.adapt(programme)

    def step_of(self, programme: Programme | None) -> str | None:
        """What a session of a programme belongs to, as ``plan/step``; None if it is no exercise of the step."""
        if self.standing is None or programme is None:
            return None
        plan, step = self.standing.followed.plan, self.standing.followed.step
        return plan.key(step) if plan.holds(step, programme.id) else None

    def next_after(self, programme: str) -> Programme | None:
        """What comes today once a programme is done (empty: at all); None if nothing is left, or it is not there."""
        name = None if self.standing is None else self.standing.after(programme)
        try:
            return None if name is None else load_programme(name)
        except ProgrammeError as error:
            _log.warning("the plan cannot go on: %s", error)
            return None

    def look(self) -> None:
        """Look anew where the person stands; a history that cannot be read leaves no plan."""
        try:
            self.standing = self._stand()
        except HistoryError as error:
            _log.warning("no plan: %s (%s)", error.sentence, error.detail)
            self.standing = None

    def open(self, path: Path) -> None:
        """Begin to follow the plan of a file; raises `PlanError`, `HistoryError`."""
        self._begin(read_plan(path))

    def open_shipped(self) -> None:
        """Begin to follow the plan that ships."""
        self._begin(shipped_plan())

    def go_to(self, step_id: str) -> None:
        """Go to another step, because the person or the therapist wants to; not in a study."""
        standing = self.standing
        if standing is not None and not self.is_study:
            self._keep(msgspec.structs.replace(standing.followed, at=step_id, since=self._day()), is_new=False)

    def leave(self) -> None:
        """Follow no plan any more."""
        self._keep(None, is_new=False)

    def give(self, path: Path) -> int:
        """Write the results of the person as a new file; returns how many sessions are in it."""
        from app.history.results import results_of

        with archive.open_history(self._root()) as history:
            results = results_of(history, self._person())
        if path.exists():
            raise PlanError(f"'{path}' is there already, and nothing is ever overwritten; give another name.")
        try:
            with new_file(path) as file:
                file.write(to_text(results))
        except RecordingError as error:
            raise PlanError(error.sentence) from error
        return len(results.sessions)

    def take_in(self, path: Path) -> Taken:
        """Take in results that came back, whoever's they are; raises `PlanError`, `HistoryError`, `RecordingError`."""
        return archive.take_in(self._root(), path)

    def _stand(self) -> Standing | None:
        code, root = self._person(), self._root()
        if not code or not has_history(root):
            return None
        with archive.open_history(root) as history:
            if code not in {person.code for person in history.people()}:
                return None
            followed = understood(history.plan(code))
            if followed is None:
                return None
            day = self._day()
            done = {line.series.exercise for line in history.sessions(code) if line.day == day and line.attempts}
            return stand(followed, history.days(code), done, day)

    def _begin(self, plan: Plan) -> None:
        code = self._person()
        if not code:
            raise PlanError(OF_NOBODY)
        if plan.person not in ("", code):
            raise PlanError(f"This plan is for {plan.person}, but {code} trains now; choose that person first.")
        self._keep(begun(plan, self._day()), is_new=True)

    def _keep(self, followed: Followed | None, *, is_new: bool) -> None:
        code = self._person()
        try:
            self._root().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HistoryError(
                f"No plan can be kept in '{self._root()}': {error.strerror or error}; check who may write there."
            ) from error
        with archive.open_history(self._root()) as history:
            _know(history, code)
            history.keep_plan(code, None if followed is None else msgspec.to_builtins(followed))
        self.look()
        self._changed(is_new)


def _know(history: "History", code: str) -> None:
    """Add somebody who has a plan before the first session."""
    if code not in {person.code for person in history.people()}:
        history.add_person(code)
