"""A plan strings programmes over days: read from TOML, checked when it is read, and what it asks for today. Pure.

The application proposes, the person or the therapist decides (design, section 5): `today` never moves anybody, it says
where the plan stands and which step it would offer.
"""

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.session.care import PAIN_LIMIT, PAIN_RISE
from app.session.programme import Identifier, Line, Percent, Programme, line_of
from app.session.readiness import DayResult, TrainingDay, readiness

LOOK_BACK_DAYS: Final = 14
WEEK_DAYS: Final = 7
FAILED_CHECKS: Final = 2
"""So many in a row, and a step back is offered."""
OfWeek = Annotated[int, msgspec.Meta(ge=1, le=7)]
Days = Annotated[int, msgspec.Meta(ge=1, le=60)]


class PlanError(Exception):
    """A plan, or results of one, cannot be used; the text is a sentence for the user."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a plan.

    Attributes
    ----------
    id, title : str
    programmes : tuple of str
        Ids, in the order in which they are done on a day.
    days_a_week : int
        Training days of a week; the others are for rest.
    until : {'ready', 'days', 'open'}
        What ends it: readiness by the checks, a number of training days, or nothing (maintenance).
    days : int
        Training days after which it ends, with ``until = "days"``.
    checks_a_week : int
        How often a check comes first on a training day; 7 is before each training.
    target_pct : float or None
        Goal in place of the programmes' own.
    target_locked : bool
        Whether the goal stays where it is.
    note : str
        What the therapist wants to be read before.
    """

    id: Identifier
    title: Line
    programmes: tuple[Identifier, ...]
    days_a_week: OfWeek = 6
    until: Literal["ready", "days", "open"] = "ready"
    days: Days = 14
    checks_a_week: OfWeek = 7
    target_pct: Percent | None = None
    target_locked: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.programmes:
            raise ValueError("a step needs at least one programme")

    def adapt(self, programme: Programme) -> Programme:
        """Give a programme the goal of this step; a check stays as it is, or its numbers would mean something else."""
        if programme.step == "check":
            return programme
        pct = programme.target_pct if self.target_pct is None else self.target_pct
        locked = programme.target_locked or self.target_locked
        return msgspec.structs.replace(programme, target_pct=pct, target_locked=locked)


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person is to do over days.

    Attributes
    ----------
    id, title : str
    steps : tuple of Step
        In the order of the way.
    person : str
        Code of whom it is for; empty for anybody.
    note : str
    study_lock : bool
        In a study everybody does the same: neither goal nor step nor exercise can be changed by the person.
    check : str
        Id of the check that readiness goes by.
    """

    id: Identifier
    title: Line
    steps: tuple[Step, ...]
    person: str = ""
    note: str = ""
    study_lock: bool = False
    check: Identifier = "check"

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a plan needs at least one [[steps]]")
        if len({step.id for step in self.steps}) < len(self.steps):
            raise ValueError("two steps have the same id")

    def place(self, step_id: str) -> int:
        """Place of a step; the first one for an id that the plan does not have."""
        return next((at for at, step in enumerate(self.steps) if step.id == step_id), 0)

    def key(self, step: Step) -> str:
        """How a session says that it belongs to a step."""
        return f"{self.id}/{step.id}"

    def holds(self, step: Step, programme: str) -> bool:
        """Whether a programme is one of a step; the check is one of each."""
        return programme in (self.check, *step.programmes)

    def days_of(self, step: Step, days: Sequence[TrainingDay], since: date) -> list[TrainingDay]:
        """Return the training days of a step that began on a day.

        On that very day the step before may have been trained, so a day counts by what its sessions say; by its date
        alone where they say nothing, as those of before did.
        """
        return [day for day in days if day.day >= since and (not day.plan_steps or self.key(step) in day.plan_steps)]

    def fixes(self, step: Step) -> bool:
        """Whether the goal of a step is the plan's alone, so that what the person likes does not move it."""
        return self.study_lock or step.target_locked or step.target_pct is not None


Why = Literal["train", "rest-day", "done-today", "pain"]
OfferWhy = Literal["ready", "days-done", "two-checks-failed"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the plan would go to, and why; nobody has to take it."""

    step: Step
    why: OfferWhy


@dataclass(frozen=True, slots=True)
class Today:
    """What a plan asks for on a day.

    Attributes
    ----------
    step : Step
        Where the person stands.
    programmes : tuple of str
        What is still to be done, in this order, the check first; empty on a day of rest.
    why : {'train', 'rest-day', 'done-today', 'pain'}
        ``pain``: it hurt too much today, and today is over.
    offer : Offer or None
        Another step that may be taken.
    trained : tuple of date
        Training days within the last fourteen, today's too. Days without one break nothing.
    """

    step: Step
    programmes: tuple[str, ...]
    why: Why
    offer: Offer | None
    trained: tuple[date, ...]


def today(
    plan: Plan, days: Sequence[TrainingDay], *, at: str, since: date, on: date, done: Collection[str] = ()
) -> Today:
    """Say what a plan asks for on a day.

    Parameters
    ----------
    plan : Plan
    days : sequence of TrainingDay
        Oldest first.
    at : str
        Id of the step where the person stands; an unknown one is the first.
    since : date
        Day on which that step began.
    on : date
        The day in question; later ones are not looked at.
    done : collection of str
        Ids of the programmes that were done on that day.
    """
    place = plan.place(at)
    step = plan.steps[place]
    past = [day for day in days if day.day <= on]
    of_step = plan.days_of(step, past, since)
    trained = tuple(day.day for day in past if day.day > on - timedelta(days=LOOK_BACK_DAYS))
    left = tuple(
        name for name in _programmes(plan, step, [day for day in past if day.day < on], on) if name not in done
    )
    why = _why(step, past, on, left)
    return Today(step, left if why == "train" else (), why, _offer(plan, place, of_step), trained)


def _why(step: Step, past: Sequence[TrainingDay], on: date, left: Sequence[str]) -> Why:
    last = past[-1] if past else None
    if last is not None and last.day == on:
        return "pain" if _hurt(last) else "train" if left else "done-today"
    in_week = sum(day.day > on - timedelta(days=WEEK_DAYS) for day in past)
    return "rest-day" if in_week >= step.days_a_week else "train"


def _hurt(day: TrainingDay) -> bool:
    if day.pain_after is None:
        return False
    return day.pain_after > PAIN_LIMIT or (
        day.pain_before is not None and day.pain_after - day.pain_before >= PAIN_RISE
    )


def _programmes(plan: Plan, step: Step, past: Sequence[TrainingDay], on: date) -> tuple[str, ...]:
    checks = sum(day.check is not None for day in past if day.day > on - timedelta(days=WEEK_DAYS))
    training = tuple(name for name in step.programmes if name != plan.check)
    return (plan.check, *training) if checks < step.checks_a_week else training


def _offer(plan: Plan, place: int, of_step: Sequence[TrainingDay]) -> Offer | None:
    step = plan.steps[place]
    checked = [result for day, result in zip(of_step, _judge(of_step), strict=True) if day.check is not None]
    failed = checked[-FAILED_CHECKS:]
    if place > 0 and len(failed) == FAILED_CHECKS and not any(result.passes for result in failed):
        return Offer(plan.steps[place - 1], "two-checks-failed")
    if place + 1 == len(plan.steps) or step.until == "open":
        return None
    if step.until == "ready":
        return Offer(plan.steps[place + 1], "ready") if readiness(of_step).ready else None
    return Offer(plan.steps[place + 1], "days-done") if len(of_step) >= step.days else None


def _judge(days: Sequence[TrainingDay]) -> list[DayResult]:
    return [readiness([day]).days[0] for day in days]


def parse_plan(text: str, origin: str, programmes: Collection[str]) -> Plan:
    """Read a plan from TOML text.

    Parameters
    ----------
    text, origin : str
        The file's text, and its name for the sentence if it is wrong.
    programmes : collection of str
        Ids of the programmes that there are.

    Raises
    ------
    PlanError
        With file, line (or place) and reason.
    """
    try:
        plan = msgspec.convert(tomllib.loads(text), Plan)
    except msgspec.ValidationError as error:
        line = line_of(text, str(error))
        raise PlanError(f"The plan {origin} is wrong{'' if line is None else f' in line {line}'}: {error}.") from None
    except (ValueError, RecursionError) as error:  # also a number, or lists within lists, without end
        raise PlanError(f"The plan {origin} is not valid TOML: {error}; mend it there.") from None
    named = {plan.check, *(name for step in plan.steps for name in step.programmes)}
    unknown = sorted(named - set(programmes))
    if unknown:
        raise PlanError(
            f"The plan {origin} asks for '{unknown[0]}', which is no programme; glutewake programmes lists all."
        )
    return plan
