"""All words of the Setup page, in the language in force; called when they are shown."""

from typing import Final

from app import numbers
from app.language import _, n_
from app.preferences import Goal, Preferences, Smoothness

GENTLE_PCT: Final = 25
STRONG_PCT: Final = 45
_GB: Final = 1e9

Values = tuple[tuple[object, str], ...]


def themes() -> Values:
    """What the screen may look like."""
    return (
        ("system", _("as the computer")),
        ("dark", _("dark")),
        ("light", _("light")),
        ("contrast", _("contrast")),
    )


def languages() -> Values:
    """Languages, each in its own."""
    return (("system", _("as the computer")), ("en", "English"), ("de", "Deutsch"))


def text_sizes() -> Values:
    """Sizes of the small text."""
    return ((100, _("normal")), (115, _("larger")), (130, _("largest")))


def smoothnesses() -> Values:
    """How the bars follow."""
    return (("standard", _("standard")), ("plain", _("plain average")))


def bar_filter(smoothness: Smoothness) -> str:
    """What the bars are drawn by, for whoever knows the field."""
    return _("RMS, 100 ms") if smoothness == "plain" else _("Frame-Bayes, 10 ms")


def goals(goal: Goal) -> Values:
    """Where the goal line starts; a number of the expert's own stands among the words."""
    known: Values = ((GENTLE_PCT, _("gentle")), (None, _("by the exercise")), (STRONG_PCT, _("strong")))
    if goal.target_pct in (GENTLE_PCT, None, STRONG_PCT):
        return known
    return (*known, (goal.target_pct, numbers.percent(goal.target_pct or 0)))


def metres(number: float) -> str:
    """A distance."""
    return _("{n}\u2009m", n=numbers.number(number, 1))


def milliseconds(number: float) -> str:
    """A delay."""
    return _("{n}\u2009ms", n=round(number))


def delay(preferences: Preferences) -> str:
    """What is known of the headphones."""
    if not preferences.delay_ms:
        return _("Play")
    return _("{ms} late", ms=milliseconds(preferences.delay_ms))


def free(room: tuple[int, float] | None) -> str:
    """What the disk still holds."""
    if room is None:
        return _("cannot be told")
    gigabytes, hours = room[0] / _GB, int(room[1])
    size = _("{n}\u2009GB", n=numbers.number(gigabytes, 0 if gigabytes >= 10 else 1))
    return n_("{size}, about {n} hour", "{size}, about {n} hours", hours, size=size)


def who(person: str, n_people: int | None) -> str:
    """Who trains, and how many there are."""
    name = person or _("nobody in particular")
    return name if not n_people else n_("{name}; {n} person here", "{name}; {n} people here", n_people, name=name)


def footer(version: str) -> str:
    """What this is."""
    return _("GluteWake {version}, a training aid, not a medical device. No account, no network.", version=version)


def keys() -> str:
    """How to get along with keys alone."""
    return _("Arrow keys go from row to row and change a value; Delete brings its standard back.")
