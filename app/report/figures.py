"""The three large numbers of the page, each with its ± and one line beneath. Pure."""

from dataclasses import dataclass
from typing import Final

from app.language import mark
from app.numbers import THIN
from app.report.facts import Facts
from app.report.language import Words
from app.report.muscles import MUSCLES
from app.session.events import OTHER

_EQUAL_PCT: Final = 100.0
_NOT_CLEAN: Final = {
    "not-fired": mark("{n} {side} not yet"),
    "late": mark("{n} {side} late"),
    "weak": mark("{n} {side} less"),
    "below-target": mark("{n} {side} below the goal"),
    "overdrive": mark("{n} {side} harder than usual"),
    "no-signal": mark("{n} {side} no signal"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number: what it is, the number, what stands behind it in grey, and one line beneath."""

    title: str
    value: str
    rest: str
    note: str


def figures(facts: Facts, words: Words) -> list[Figure]:
    """The three large numbers."""
    return [_symmetry(facts, words), _lag(facts, words), _clean(facts, words)]


def _symmetry(facts: Facts, words: Words) -> Figure:
    numbers = facts.numbers
    head = words("Symmetry in the check") if facts.is_check else words("Symmetry, where both joined")
    if numbers is None or numbers.lsi_pct is None:
        why = words("needs both sides in one squeeze") if len(facts.sides) == 2 else words("one side was measured")
        return Figure(head, "–", "", why)
    notes = []
    if numbers.weaker is not None and numbers.lsi_pct + (numbers.lsi_pm_pct or 0.0) < _EQUAL_PCT:
        notes.append(words("{side} is less", side=words(numbers.weaker)))
    if is_stand_in(facts):
        notes.append(words("no reference: no verdict"))
    elif numbers.lsi_basis == "own-best":
        notes.append(words("relative to own best"))
    else:
        notes.append(words("goal 85 to {top}", top=words.percent(_EQUAL_PCT)))
    if facts.lsi_at_first is not None and facts.is_check is False and abs(facts.lsi_at_first - numbers.lsi_pct) > 5.0:
        notes.append(words("at first {lsi}", lsi=words.percent(facts.lsi_at_first)))
    pm = "" if numbers.lsi_pm_pct is None else f"± {words.percent(numbers.lsi_pm_pct)}"
    if not pm:
        pm = f"{THIN}%"
    return Figure(head, words.number(numbers.lsi_pct), pm, ", ".join(notes))


def _lag(facts: Facts, words: Words) -> Figure:
    numbers, later = facts.numbers, facts.later_side
    if numbers is None or numbers.lag_ms is None:
        return Figure(words("Between left and right"), "–", "", _why_no_lag(facts, words))
    head = words("Between left and right, in the check") if facts.is_check else words("Between left and right")
    if later is not None and abs(numbers.lag_ms) > (numbers.lag_pm_ms or 0.0):
        sides = {"Side": words.side(later, capital=True), "other": words(OTHER[later])}
        head = (
            words("{Side} behind {other}, in the check", **sides)
            if facts.is_check
            else words("{Side} behind {other}", **sides)
        )
    pm = "ms" if numbers.lag_pm_ms is None else f"± {words.number(numbers.lag_pm_ms)} ms"
    note = words("goal under 100 ms, together in {n} of {of}", n=str(facts.n_together), of=str(facts.n_lags))
    return Figure(head, words.number(abs(numbers.lag_ms)), pm, note)


def _why_no_lag(facts: Facts, words: Words) -> str:
    if len(facts.sides) < 2:
        return words("one side was measured")
    statuses = {squeeze.rep.lag_status for squeeze in facts.squeezes if squeeze.rep is not None}
    if "not-synced" in statuses:
        return words("no common time, or only envelopes")
    return words("needs both sides in one squeeze")


def _clean(facts: Facts, words: Words) -> Figure:
    if not facts.n:
        return Figure(words("Clean squeezes"), "–", "", words("no squeeze was counted"))
    reasons = []
    for reason, n in facts.not_clean[:3]:
        what, _, where = reason.partition(":")
        if what == "neither":
            reasons.append(words("{n} neither side yet", n=str(n)))
        elif what == "muscle":
            reasons.append(f"{n} {words(MUSCLES.get(where, where))}")
        else:
            reasons.append(words(_NOT_CLEAN.get(what, what), n=str(n), side=words(where)))
    note = ", ".join(reasons) or words("nothing to note")
    return Figure(words("Clean squeezes"), str(facts.n_clean), words("of {n}", n=str(facts.n)), note)


def is_stand_in(facts: Facts) -> bool:
    """Whether there was no reference, so that no verdict rests on the symmetry."""
    calibration = facts.record.started.calibration
    return calibration is None or calibration.method == "session"
