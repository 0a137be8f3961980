"""How somebody follows a plan: where they stand in it, what is asked of them today, what is fixed. Pure.

The application proposes, the person or the therapist decides: nobody is moved to another step by anything here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec

from app.session.plan import Plan, Step, Today, today
from app.session.readiness import TrainingDay, readiness

OF_NOBODY: Final = "A plan belongs to a person: choose or add one in Setup, then open it."


class Followed(msgspec.Struct, frozen=True):
    """A plan that somebody follows, as the history keeps it.

    Attributes
    ----------
    plan : Plan
    at : str
        Id of the step where the person stands.
    since : date
        Day on which that step began.
    """

    plan: Plan
    at: str
    since: date

    @property
    def step(self) -> Step:
        """The step where the person stands."""
        return self.plan.steps[self.plan.place(self.at)]


def begun(plan: Plan, on: date) -> Followed:
    """Begin a plan at its first step."""
    return Followed(plan, plan.steps[0].id, on)


def understood(content: object) -> Followed | None:
    """Make a followed plan of what was kept; None for none, and for what is none."""
    try:
        return msgspec.convert(content, Followed)
    except msgspec.ValidationError:
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in a plan on a day.

    Attributes
    ----------
    followed : Followed
    today : Today
    days : int
        Training days of the step.
    passed : int
        Those of the last four of them whose check passed: three lead on.
    """

    followed: Followed
    today: Today
    days: int
    passed: int

    def after(self, programme: str) -> str | None:
        """Id of what comes today when a programme is done; None if nothing is left."""
        return next((name for name in self.today.programmes if name != programme), None)

    def allows(self, programme: str) -> bool:
        """Whether a programme may be trained: in a study those of the step alone."""
        plan, step = self.followed.plan, self.followed.step
        return not plan.study_lock or plan.holds(step, programme)


def stand(followed: Followed, days: Sequence[TrainingDay], done: Collection[str], on: date) -> Standing:
    """Say where somebody stands.

    Parameters
    ----------
    followed : Followed
    days : sequence of TrainingDay
        Oldest first.
    done : collection of str
        Ids of the programmes that were done on that day.
    on : date
    """
    asked = today(followed.plan, days, at=followed.at, since=followed.since, on=on, done=done)
    past = [day for day in days if day.day <= on]
    of_step = followed.plan.days_of(followed.step, past, followed.since)
    return Standing(followed, asked, len(of_step), sum(day.passes for day in readiness(of_step).days))
