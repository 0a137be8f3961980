"""What comes next, in words: the application proposes, person or therapist decides (design, section 5). Pure."""

from collections.abc import Mapping
from typing import Final

from app.language import mark
from app.report.facts import Facts
from app.report.language import Words
from app.report.trend import Trend
from app.session.following import Standing
from app.session.plan import FAILED_CHECKS, OfferWhy
from app.session.readiness import DAYS_NEEDED, LOOK_BACK_DAYS

_PAIN_STOPS: Final = 5.0
_PAIN_RISE: Final = 2.0
_PLAN: Final = ("prone-ankle-squeeze", "check")
_FELT: Final = {1: mark("Felt in the glute."), 2: mark("Felt in the thigh."), 3: mark("Felt in the back.")}
"""By the value of a ``felt`` rating."""
_OFFERS: Final[dict[OfferWhy, str]] = {
    "two-checks-failed": mark("{n} checks in a row did not pass: “{step}” is proposed again."),
    "days-done": mark("The days of this step are done: “{step}” is proposed."),
    "ready": mark("The check passed on {n} of the last {of} training days: “{step}” is proposed."),
}


def next_steps(facts: Facts, trend: Trend, words: Words) -> list[str]:
    """Sentences, the most important first."""
    steps = []
    said = _said(facts, words)
    if said:
        steps.append(said)
    if facts.n_lost > facts.n:
        steps.append(
            words("First the contact: wipe the skin dry, press both pads on for 5 seconds; new pads if they come off.")
        )
    steps += _planned(trend.plan, words) if trend.plan is not None else _usual(facts, trend, words)
    goals = [squeeze.rep.target_pct for squeeze in facts.squeezes[-1:] if squeeze.rep is not None]
    steps += [_goal(target_pct, words) for target_pct in goals if target_pct]
    return steps


def _goal(target_pct: Mapping[str, float], words: Words) -> str:
    """Where the goal stands; in turns each side has its own."""
    goals = {side: words.percent(pct) for side, pct in target_pct.items()}
    if len(set(goals.values())) > 1:
        return words("Goal: left {left}, right {right} of the reference.", left=goals["left"], right=goals["right"])
    return words("Goal {goal} of the reference.", goal=next(iter(goals.values())))


def _planned(standing: Standing, words: Words) -> list[str]:
    """Where the person stands in the plan, and which other step it proposes."""
    plan, step, offer = standing.followed.plan, standing.followed.step, standing.today.offer
    steps = [words("Plan: {plan}, “{step}”.", plan=words(plan.title), step=words(step.title))]
    if offer is None:
        return steps
    other = words(offer.step.title)
    n = {"two-checks-failed": FAILED_CHECKS, "ready": DAYS_NEEDED, "days-done": standing.days}[offer.why]
    proposal = words(_OFFERS[offer.why], n=str(n), of=str(LOOK_BACK_DAYS), step=other)
    return [*steps, f"{proposal} {words('You decide.')}"]


def _usual(facts: Facts, trend: Trend, words: Words) -> list[str]:
    """What comes next on the usual way, without a plan."""
    if facts.record.started.programme not in _PLAN:
        return [words("The same exercise on most days."), _proposal(trend, words)]
    joined = facts.n > 0 and all(of_side.how in ("always", "from") for of_side in facts.joined.values())
    squeeze = (
        words("Prone ankle squeeze, 3 sets of 20, most days.")
        if joined
        else words("Prone ankle squeeze, short and soft, most days: about 30 squeezes until both sides join.")
    )
    return [squeeze, _proposal(trend, words)]


def _proposal(trend: Trend, words: Words) -> str:
    readiness = trend.readiness
    if readiness is None or not readiness.days:
        return words("A check of ten squeezes before each training: its numbers are compared over weeks.")
    n = str(sum(day.passes for day in readiness.days))
    if readiness.ready:
        return words(
            "The check passed on {n} of the last {of} training days: the bridge is proposed. You decide.",
            n=n,
            of=str(len(readiness.days)),
        )
    return words(
        "The check passed on {n} of the last {of} training days; at {need} the bridge is proposed. You decide.",
        n=n,
        of=str(min(len(readiness.days), LOOK_BACK_DAYS)),
        need=str(DAYS_NEEDED),
    )


def _said(facts: Facts, words: Words) -> str:
    """What the person said of it: pain, effort, where it was felt."""
    parts = [_pain(facts, words)]
    if facts.effort is not None:
        parts.append(words("Effort {effort} of 10.", effort=words.number(facts.effort)))
    if facts.felt in _FELT:
        parts.append(words(_FELT[facts.felt]))
    return " ".join(filter(None, parts))


def _pain(facts: Facts, words: Words) -> str:
    if not facts.pain:
        return ""
    before, after = facts.pain
    numbers = {"before": words.number(before), "after": words.number(after)}
    if after > _PAIN_STOPS or after - before >= _PAIN_RISE:
        return words("Pain {before} before, {after} after, of 10: no more today; rest, and ask if it stays.", **numbers)
    return words("Pain {before} before, {after} after, of 10.", **numbers)
