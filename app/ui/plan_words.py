"""All words about a plan, in the language in force. From where somebody stands in it to sentences.

The application proposes and says why; it never says that somebody has to.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from app import numbers
from app.language import _, mark, n_
from app.pipeline.programmes import all_programmes
from app.session.following import Standing
from app.session.plan import FAILED_CHECKS, WEEK_DAYS, Offer, Step
from app.session.readiness import DAYS_NEEDED, LOOK_BACK_DAYS

NO_PLAN = mark("No plan yet")
WHAT_A_PLAN_IS = mark(
    "A plan says which exercise comes on which day. Open the one that a therapist gave you, or begin the usual one."
)
WHO_DECIDES = mark("The app proposes, you or the therapist decide.")
STUDY = mark("A study: exercise, goal and step are fixed.")
CARE_AGAIN = mark("Before the next session a few questions about your health are asked once more.")

Place = Literal["past", "now", "later"]


@dataclass(frozen=True, slots=True)
class Row:
    """One step of a plan, as it is listed."""

    title: str
    detail: str
    word: str
    place: Place


@cache
def _titles() -> dict[str, str]:
    return {one.id: one.title for one in all_programmes().all}


def exercise_name(programme: str) -> str:
    """Title of an exercise by its id; the id where there is none."""
    return _(_titles().get(programme, programme))


def rows(standing: Standing) -> tuple[Row, ...]:
    """The steps, in the order of the way."""
    plan = standing.followed.plan
    here = plan.place(standing.followed.at)
    return tuple(
        Row(
            _(step.title),
            _detail(step),
            progress(standing) if at == here else _away(at - here),
            "now" if at == here else "past" if at < here else "later",
        )
        for at, step in enumerate(plan.steps)
    )


def _away(n_steps: int) -> str:
    return _("done") if n_steps < 0 else _("next") if n_steps == 1 else _("later")


def progress(standing: Standing) -> str:
    """How far the step is, in two numbers; empty where it never ends."""
    step = standing.followed.step
    if step.until == "ready":
        return _("{n} of {of}", n=min(standing.passed, DAYS_NEEDED), of=DAYS_NEEDED)
    if step.until == "days":
        return _("{n} of {of}", n=min(standing.days, step.days), of=step.days)
    return _("from now on")


def _detail(step: Step) -> str:
    parts = [", ".join(exercise_name(one) for one in step.programmes)]
    parts.append(n_("{n} day a week", "{n} days a week", step.days_a_week))
    if step.target_pct is not None:
        parts.append(_("goal {goal}", goal=numbers.percent(step.target_pct)))
    if step.target_locked:
        parts.append(_("goal stays"))
    return " · ".join([*parts, *([_(step.note)] if step.note else [])])


def today(standing: Standing) -> str:
    """What is asked for today."""
    asked, step = standing.today, standing.followed.step
    if asked.why == "pain":
        return _("It hurt too much today: rest now.")
    if asked.why == "rest-day":
        return _("A day of rest: you trained on {n} of the last {of} days.", n=step.days_a_week, of=WEEK_DAYS)
    if asked.why == "done-today":
        return _("Done for today.")
    return _("Today: {exercises}.", exercises=_(", then ").join(exercise_name(one) for one in asked.programmes))


def proposal(offer: Offer | None) -> str:
    """Which other step is proposed, and why; empty without one."""
    if offer is None:
        return ""
    step = _(offer.step.title)
    if offer.why == "two-checks-failed":
        return _("{n} checks in a row did not pass: “{step}” is proposed again.", n=FAILED_CHECKS, step=step)
    if offer.why == "days-done":
        return _("The days of this step are done: “{step}” is proposed.", step=step)
    return _(
        "The check passed on {n} of the last {of} training days: “{step}” is proposed.",
        n=DAYS_NEEDED, of=LOOK_BACK_DAYS, step=step,
    )  # fmt: skip


def accept(offer: Offer) -> str:
    """What stands on the key that takes a proposal."""
    step = _(offer.step.title)
    return _("Back to {step}", step=step) if offer.why == "two-checks-failed" else _("Go on to {step}", step=step)


def foot(standing: Standing | None) -> str:
    """Who decides."""
    return _(STUDY) if standing is not None and standing.followed.plan.study_lock else _(WHO_DECIDES)


def about(standing: Standing) -> str:
    """Today, the proposal and the therapist's word, in this order."""
    note = standing.followed.plan.note
    return " ".join(filter(None, (today(standing), proposal(standing.today.offer), _(note) if note else "")))
