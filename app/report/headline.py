"""The answer of the page: one short line, and one sentence beneath it. Pure; observations, never verdicts."""

from typing import Final

from app.report.facts import Facts, Joined
from app.report.figures import is_stand_in
from app.report.hints import hint_words
from app.report.language import Words
from app.report.muscles import MUSCLES
from app.session.events import OTHER, Side
from app.session.story import LEAST_LAGS

_ALIKE_PCT: Final = 85.0
_LATE_MS: Final = 100.0


def banner(facts: Facts, words: Words) -> str:
    """What paper must say of a session without a living person; empty for all others."""
    if not facts.record.started.simulated:
        return ""
    if any(source.startswith("sim:") for source in facts.record.started.source):
        return words("Simulated: nobody was on the electrodes")
    return words("Played from a file: not part of anybody’s history")


def title(facts: Facts, words: Words) -> str:
    """The answer, as one short line."""
    sides = facts.sides
    if not facts.n or not sides:
        return words("No squeeze could be counted")
    joined = facts.joined
    if all(of_side.how == "never" for of_side in joined.values()):
        side = sides[0]
        return words("Neither side yet") if len(sides) > 1 else words("{Side}: not yet", Side=_cap(words, side))
    never = [side for side in sides if joined[side].how == "never"]
    if never:
        return words("{Side}: not yet", Side=_cap(words, never[0]))
    began = [side for side in sides if joined[side].how == "from"]
    if began:
        last = max(began, key=lambda side: joined[side].number or 0)
        number = str(joined[last].number)
        if len({joined[side].number for side in sides}) == 1 and len(sides) > 1:
            return words("Both sides joined from squeeze {n} on", n=number)
        return words("{Side} joined from squeeze {n} on", Side=_cap(words, last), n=number)
    some = [side for side in sides if joined[side].how == "some"]
    if some:
        return _share(words, some[0], joined[some[0]])
    if len(sides) == 1:
        return _share(words, sides[0], joined[sides[0]])
    late = _usually_late(facts)
    if late is not None:
        return words("{Side} joined late", Side=_cap(words, late))
    less = _surely_less(facts)
    if less is not None:
        return words("{Side} joined with less than {other}", Side=_cap(words, less), other=words(OTHER[less]))
    return words("Both sides joined")


def subtitle(facts: Facts, words: Words) -> str:
    """The rest of the answer, as one sentence under the title; may be empty."""
    if not facts.n:
        return (
            words("The signal was lost; the reasons stand below.") if facts.n_lost else words("No squeeze was tried.")
        )
    joined, sides = facts.joined, facts.sides
    if all(of_side.how == "never" for of_side in joined.values()):
        return words.n_("{n} squeeze was tried.", "{n} squeezes were tried.", facts.n)
    never = [side for side in sides if joined[side].how == "never"]
    if never:
        return _share(words, OTHER[never[0]], joined[OTHER[never[0]]]) + "."
    if any(of_side.how == "from" for of_side in joined.values()):
        parts = []
        hint = hint_words(facts, words)
        if hint:
            parts.append(words("after the hint “{hint}”", hint=hint))
        if facts.n_lags > 1:
            parts.append(_together(facts, words))
        text = words("{first}, and {second}.", first=parts[0], second=parts[1]) if len(parts) > 1 else "".join(parts)
        return text if text.endswith(".") or not text else text + "."
    if facts.n_lags > 1:
        text = _together(facts, words)
        return text[:1].upper() + text[1:] + _taking_over(facts, words) + "."
    return words.n_("{n} squeeze was counted.", "{n} squeezes were counted.", facts.n)


def _usually_late(facts: Facts) -> Side | None:
    numbers = facts.numbers
    if numbers is None or numbers.lag_ms is None or numbers.n_lags < LEAST_LAGS or abs(numbers.lag_ms) < _LATE_MS:
        return None
    return facts.later_side


def _surely_less(facts: Facts) -> Side | None:
    numbers = facts.numbers
    if numbers is None or numbers.lsi_bound_pct is None or numbers.lsi_basis == "own-best" or is_stand_in(facts):
        return None
    return numbers.weaker if numbers.lsi_bound_pct < _ALIKE_PCT else None


def _together(facts: Facts, words: Words) -> str:
    n, of = str(facts.n_together), str(facts.n_lags)
    return words("together in {n} of the {of} squeezes in which both joined", n=n, of=of)


def _share(words: Words, side: Side, joined: Joined) -> str:
    values = {"Side": _cap(words, side), "n": str(joined.n_fired), "of": str(joined.n)}
    if joined.n_fired == joined.n:
        return words("{Side} joined in every squeeze", **values)
    return words("{Side} joined in {n} of {of} squeezes", **values)


def _taking_over(facts: Facts, words: Words) -> str:
    """Which helpers took over, as an end to the sentence; empty if none did."""
    sites = [site.rpartition("-") for site, word in facts.helpers.items() if word == "taking over"]
    names = [f"{words(MUSCLES.get(muscle, muscle))} {words(side)}" for muscle, _, side in sites]
    return words("; took over: {list}", list=", ".join(names)) if names else ""


def _cap(words: Words, side: Side) -> str:
    return words.side(side, capital=True)
