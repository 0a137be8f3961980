"""All words of the Calibrate page that the calibration itself does not say. Pure: from its view to words."""

import re
from datetime import datetime
from typing import Final

from app.language import _, language, mark, n_
from app.numbers import day, number
from app.said import said as told
from app.session.calibrating.unfinished import Unfinished
from app.session.calibrating.view import PAIN_KEYS, CalibrationView, Key, Kind, QuestionId, SideLive, StepId
from app.session.calibration import Calibration, SideResult
from app.session.clench import ClenchTest
from app.session.events import OTHER, SIDES, ReferenceMethod, Side, Verdict
from app.ui.sensor_words import VERDICTS
from app.ui.words import Ring

Unit = str
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400

TITLE: Final = mark("Calibrate")
CHOOSE: Final = mark("Which one?")
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "quick": (
        mark("Quick"),
        mark("A minute and a half: contact, rest, which pad is which, three comfortable squeezes."),
    ),
    "daily": (mark("Daily"), mark("40 seconds: rest and three comfortable squeezes. The pads lie where they lay.")),
    "clench-test": (mark("Clench test"), mark("Can each cheek join by itself? A result to repeat next week.")),
    "full": (
        mark("Full"),
        mark("About eight minutes, for therapists: maximal squeezes with long rests. Never needed."),
    ),
}
KIND_KEYS: Final[dict[Kind, str]] = {"quick": "Space", "daily": "D", "clench-test": "C", "full": "F"}
NO_REFERENCE: Final = mark("There is no reference yet: bars show µV, and the session makes a scale of its own.")
GO_ON: Final = mark("Go on where it broke off")
GO_ON_KEY: Final = "G"
UNTIL_OFF: Final = mark("A reference is valid until the pads come off.")
METHODS: Final[dict[ReferenceMethod, str]] = {
    "mvc": mark("maximal squeeze"),
    "best-clench": mark("best comfortable squeeze"),
    "session": mark("stand-in, no verdict rests on it"),
}

_GROUPS: Final[dict[StepId, str]] = {
    "pain": mark("Pain"), "contact": mark("Contact"), "rest": mark("rest"), "tap-left": mark("Tap left"),
    "tap-right": mark("Tap right"), "squeeze-left": mark("Squeeze left"), "squeeze-right": mark("Squeeze right"),
    "squeeze-both": mark("Reference"), "mvc-left": mark("Maximal"), "mvc-right": mark("Maximal"),
    "pause": mark("Maximal"), "compensator": mark("Helpers"),
}  # fmt: skip
_SINGLE: Final = ("Squeeze left", "Squeeze right")
_BEGIN: Final = ("Contact", "rest", "Tap left", "Tap right", *_SINGLE)
_STRIPS: Final[dict[Kind, tuple[str, ...]]] = {
    "quick": (*_BEGIN, "Reference"),
    "daily": ("rest", "Reference"),
    "clench-test": ("Contact", "rest", *_SINGLE, "Reference"),
    "full": ("Pain", *_BEGIN, "Maximal"),
}

KEY_LETTERS: Final[dict[Key, str]] = {
    "redo": "R", "back": "B", "pause": "P", "yes": "Y", "no": "N", "swap": "X", "scale-left": "L", "scale-right": "G",
    "hurts": "Esc", "end": "E", "helpers": "H",
    **{key: "X" if number == 10 else str(number) for number, key in enumerate(PAIN_KEYS)},
}  # fmt: skip
"""The key of each answer; Space has whatever the view gives it."""
_LABELS: Final[dict[Key, str]] = {
    "go-on": mark("Next"),
    "redo": mark("Do this step again"),
    "back": mark("Back"),
    "pause": mark("Pause"),
    "swap": mark("Swap sides"),
    "scale-left": mark("Left on the right's scale"),
    "scale-right": mark("Right on the left's scale"),
    "hurts": mark("It hurts, stop"),
    "end": mark("End here"),
    "helpers": mark("Helping muscles"),
    "yes": mark("Yes"),
    "no": mark("No"),
}
_MEANINGS: Final[dict[tuple[QuestionId, Key], str]] = {
    ("hardened", "yes"): mark("Then the pad is looked at first: press it for 5 seconds, squeeze again."),
    ("hardened", "no"): mark("Then the bar is right: not yet. The wake-up squeezes start from here."),
    ("swapped", "swap"): mark("The bars change places, and so do the sensors from the next session on."),
    ("swapped", "no"): mark("Everything stays as it is."),
    ("scale", "scale-left"): mark("A therapist's choice; it is kept with the reference."),
    ("scale", "scale-right"): mark("A therapist's choice; it is kept with the reference."),
    ("scale", "no"): mark("Each side is measured against its own best."),
}
_SHORT: Final[dict[SideResult, str]] = {
    "alone": mark("alone"),
    "with-the-other": mark("joins in"),
    "not-yet": mark("not yet"),
    "no-signal": mark("no signal"),
}
HARDEN_FOOT: Final = mark("Asked once per set of pads. Until it is answered, that side counts as: no signal yet.")
RUNS: Final = mark("A calibration runs")
USE: Final = mark("Use it now")


def groups(view: CalibrationView, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The steps in the strip: those of the kind, and what came in addition after those that were shown."""
    names = shown or _STRIPS[view.kind]
    own = _GROUPS.get(view.step)
    return names if own is None or own in names else (*names, own)


def group(view: CalibrationView, names: tuple[str, ...]) -> int:
    """Which of them runs; their number at the end."""
    if view.finished:
        return len(names)
    own = _GROUPS.get(view.step)
    return names.index(own) if own in names else len(names) - 1


def strip_names(view: CalibrationView, names: tuple[str, ...]) -> tuple[str, ...]:
    """The steps as they stand in the strip: what one cheek did stands in place of its step."""
    results = {f"Squeeze {side}": f"{_(side).capitalize()}: {_(_SHORT[one])}" for side, one in view.results.items()}
    running = group(view, names)
    return tuple(results.get(name, _capital(name)) if at < running else _capital(name) for at, name in enumerate(names))


def _capital(name: str) -> str:
    word = _(name)
    return word[:1].upper() + word[1:]


def time_left(view: CalibrationView) -> tuple[str, str]:
    """Time left as a number and what it is; both empty where there is none."""
    if view.finished:
        return "", ""
    seconds = round(view.total_left_s)
    return f"{seconds // 60}:{seconds % 60:02d}", _(" left")


def words_of(line: str) -> list[tuple[str, Side | None]]:
    """A line cut at the names of the sides, which stand in capitals and in their colour."""
    names = {_(side): side for side in SIDES}
    parts = re.split(rf"\b({'|'.join(names)})\b", line, flags=re.IGNORECASE)
    found: list[tuple[str, Side | None]] = []
    for part in parts:
        side = names.get(part.lower())
        if part:
            found.append((part.upper() if side else part, side))
    return found


def ring(view: CalibrationView) -> Ring:
    """Seconds of the running phase, around them how far the step is."""
    whole = max(view.step_s, view.step_left_s)
    done = 1.0 - view.step_left_s / whole if whole > 0.0 else 0.0
    if view.paused:
        return Ring(done, "II", _("paused"))
    caption = {"wait": _("seconds"), "ready": _("get ready"), "do": _("seconds"), "relax": _("let go")}[view.phase]
    return Ring(done, f"{max(view.phase_left_s, 0.0):.0f}", caption)


def caption(view: CalibrationView) -> tuple[str, ...]:
    """What the ring says inside, for where it is too small to."""
    said = ring(view).caption
    return (said[:1].upper() + said[1:],) if said != _("seconds") else ()


def pillar_word(live: SideLive | None) -> str:
    """The word on a pillar; nobody is judged here."""
    if live is None or live.level is None:
        return _("no signal")
    return _("joining") if live.works else _("quiet")


def level(value: float | None, unit: Unit) -> str:
    """A level with its unit; empty where there is none."""
    if value is None:
        return ""
    shown, name = (value * 1e6, "µV") if unit == "uV" else (value, _("counts"))
    return f"{number(shown, 1 if shown < 10 else 0)} {name}"


def result_word(result: SideResult, side: Side) -> str:
    """``alone``, ``with the right``, ``not yet``."""
    return {
        "alone": _("alone"),
        "with-the-other": _("with the {other}", other=_(OTHER[side])),
        "not-yet": _("not yet"),
        "no-signal": _("no signal yet"),
    }[result]


def contact(verdict: Verdict | None, sentence: str) -> tuple[str, str, str]:
    """Mark, word and remedy of a contact."""
    if verdict is None:
        return "", _("listening"), ""
    if verdict == "ok":
        return "tick", _("good"), ""
    sentence = told(sentence)
    remedy = sentence.partition(": ")[2] or sentence
    return "warning", _lowered(_(VERDICTS[verdict])), remedy[:1].upper() + remedy[1:]


def _lowered(word: str) -> str:
    """The word inside a sentence; German nouns keep their capital."""
    return word.lower() if language() == "en" else word


def label(key: Key, view: CalibrationView) -> str:
    """What to write on a button."""
    if key == "pause":
        return _("Go on") if view.paused else _("Pause")
    if key == "redo" and view.finished:
        return _("Do it again")
    return _(_LABELS.get(key, key.removeprefix("pain-")))


def answers(view: CalibrationView) -> tuple[tuple[Key, str, str, str], ...]:
    """Key, title, meaning and letter of each answer of the question; none where nothing is asked."""
    question = view.question
    if question is None:
        return ()
    return tuple(
        (
            key,
            told(title),
            _(_MEANINGS.get((question.id, key), "")),
            KEY_LETTERS.get(key, "") + (", Space" if key == view.space else ""),
        )
        for key, title in question.answers
    )


def asks_alone(view: CalibrationView) -> bool:
    """Whether the question has the screen for itself: nothing is to be done meanwhile."""
    return view.question is not None and (view.step in ("answers", "pain") or view.finished)


def reference_words(record: Calibration | None, unit: Unit) -> str:
    """The reference in force, in one sentence."""
    if record is None:
        return _(NO_REFERENCE)
    levels = ", ".join(f"{_(side)} {level(record.reference[side], unit)}" for side in SIDES if side in record.reference)
    age = "" if record.age_s is None else f", {age_words(record.age_s)}"
    return _("In force: {method}{age}: {levels}.", method=_(METHODS[record.method]), age=age, levels=levels)


def go_on_words(unfinished: Unfinished, now: datetime) -> tuple[str, str]:
    """What broke off, as an answer and its meaning."""
    kind, age = _(KINDS[unfinished.kind][0]), age_words(unfinished.age_s(now))
    done = _("{kind}, {age}: {n} of {of} steps are done.", kind=kind, age=age, n=len(unfinished.steps),
             of=unfinished.total)  # fmt: skip
    return _(GO_ON), f"{done} {_('Only if the pads stayed where they were.')}"


def age_words(age_s: float) -> str:
    """How old something is: ``just now``, ``12 minutes old``, ``3 days old``."""
    if age_s < 60:
        return _("just now")
    if age_s >= _DAY_S:
        return n_("{n} day old", "{n} days old", int(age_s // _DAY_S))
    if age_s >= _HOUR_S:
        return n_("{n} hour old", "{n} hours old", int(age_s // _HOUR_S))
    return n_("{n} minute old", "{n} minutes old", int(age_s // 60))


def side_rows(view: CalibrationView, side: Side, unit: Unit) -> tuple[tuple[str, str], ...]:
    """What came out for a side: name and value of each row."""
    record = view.record
    rows = []
    if side in view.results:
        rows.append((_("asked alone"), result_word(view.results[side], side)))
    if record is None:
        return tuple(rows)
    if side in record.rest:
        rows.append((_("rest"), level(record.rest[side], unit)))
    if side in record.reference:
        name = (
            _("reference of the {side}", side=_(record.scaled_to[side])) if side in record.scaled_to else _("reference")
        )
        rows.append((name, level(record.reference[side], unit)))
    if record.tries.get(side) and side not in record.scaled_to:
        rows.append((_("tries"), ",  ".join(level(one, unit).split()[0] for one in record.tries[side])))
    if side in record.snr_db:
        rows.append((_("above rest"), f"{record.snr_db[side]:.0f} dB"))
    return tuple(rows)


def clench_rows(view: CalibrationView, before: ClenchTest | None, side: Side) -> tuple[tuple[str, str], ...]:
    """What a cheek did when it was asked alone, now and the last time."""
    if side not in view.results:
        return ()
    rows = [(_("now"), result_word(view.results[side], side))]
    if before is not None and side in before.results:
        then = datetime.fromisoformat(before.made_utc).astimezone()
        rows.append((_("on {day}", day=day(then.date())), result_word(before.results[side], side)))
    return tuple(rows)


def end_sentences(view: CalibrationView) -> tuple[str, ...]:
    """What the numbers of the sides do not say by themselves."""
    shown = tuple(f"{side.capitalize()}: joins" for side in SIDES)
    return tuple(told(sentence) for sentence in view.sentences if not sentence.startswith(shown))


def finished_title(view: CalibrationView) -> str:
    """What stands large at the end."""
    if view.kind == "clench-test":
        return _("What each cheek does alone")
    if view.lacks:
        return _("{sides}: no reference yet", sides=_(" and ").join(_(side).capitalize() for side in view.lacks))
    return _("Ready to train") if view.usable else _("No reference came out")


def finished_line(view: CalibrationView) -> str:
    """What stands beneath it."""
    return _("A pad that shows nothing cannot be told from a muscle that rests.") if view.lacks else told(view.line)
