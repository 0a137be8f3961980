"""What comes next, in words: the application proposes, person or therapist decides (design, section 5). Pure."""

from typing import Final

from app.language import mark
from app.report.facts import Facts
from app.report.language import Words
from app.report.trend import Trend
from app.session.readiness import DAYS_NEEDED, LOOK_BACK_DAYS

_PAIN_STOPS: Final = 5.0
_PAIN_RISE: Final = 2.0
_PLAN: Final = ("prone-ankle-squeeze", "check")
_FELT: Final = {1: mark("Felt in the glute."), 2: mark("Felt in the thigh."), 3: mark("Felt in the back.")}
"""By the value of a ``felt`` rating."""


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
    if facts.record.started.programme in _PLAN:
        joined = facts.n > 0 and all(of_side.how in ("always", "from") for of_side in facts.joined.values())
        steps.append(
            words("Prone ankle squeeze, 3 sets of 20, most days.")
            if joined
            else words("Prone ankle squeeze, short and soft, most days: about 30 squeezes until both sides join.")
        )
    else:
        steps.append(words("The same exercise on most days."))
    steps.append(_proposal(trend, words))
    goals = {goal for squeeze in facts.squeezes[-1:] if squeeze.rep for goal in squeeze.rep.target_pct.values()}
    if len(goals) == 1:
        steps.append(words("Goal {goal} of the reference.", goal=words.percent(goals.pop())))
    return steps


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
