"""What is spoken: from what the coach has to tell to recorded words, and the recordings themselves.

One table holds every text; ``scripts/make_prompts.py`` reads it aloud in every language, so that the spoken word is the
written one. Pure but for reading the recordings (``assets/prompts``).
"""

import io
import wave
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from app.language import Language, _, mark
from app.session.events import SIDES, CueKind, SideOrBoth
from app.session.story import Story
from app.ui.sound.tones import SFREQ, Float32Array

Value = int | str | None
Words = tuple[str, ...]
"""Names of prompts, spoken one after the other."""

RECORDED_SFREQ: Final = 16_000
JOIN_S: Final = 0.06
"""Between two words of one sentence."""
NUMBERS: Final = (*range(21), *range(25, 61, 5))
"""Recorded numbers: what a set of 20 needs, then every fifth as counted."""
LONGEST_S: Final = 1.5
"""What is said between two squeezes ends within this time."""
_SIDE_S: Final = 0.5

TEXTS: Final[dict[str, str]] = {
    "left": mark("Left"),
    "right": mark("Right"),
    "both": mark("Both"),
    "squeeze-now": mark("squeeze now"),
    "start-sooner": mark("start sooner"),
    "a-little-more": mark("a little more"),
    "hold-on": mark("hold on"),
    "softer": mark("softer"),
    "check-pad": mark("check the pad"),
    "no-signal": mark("no signal"),
    "signal-back": mark("signal is back"),
    "battery-low": mark("battery is low"),
    "joins": mark("joins in"),
    "both-join": mark("Both join in"),
    "joined-in": mark("joined in"),
    "of": mark("of"),
    "tap": mark("tap the pad"),
    "this-side": mark("this side now"),
    "new-goal": mark("new goal"),
    "set": mark("Set"),
    "set-again": mark("This set again"),
    "three-more": mark("Three more"),
    "two-more": mark("Two more"),
    "last-one": mark("Last one"),
    "rest": mark("Rest"),
    "ten-seconds": mark("Ten seconds"),
    "set-done": mark("Set done"),
    "going-on": mark("Going on"),
    "finished": mark("Finished"),
    "discarded": mark("Taken back"),
    "into-position": mark("Get into position"),
    "halfway": mark("Halfway"),
    "lie-still": mark("Lie still"),
    "sound-back": mark("Sound is back"),
    "hint-hold-until-it-joins": mark("Hold until it joins"),
    "hint-inner-heels": mark("Inner heels, not ankle bones"),
    "hint-softer": mark("Press half as hard"),
    "hint-picture-it": mark("Eyes closed, picture that cheek"),
    "hint-fingers-on-it": mark("Fingers on the muscle"),
    "hint-one-side-then-both": mark("That side alone, then both"),
    "unplug": mark("Unplug the charger now"),
    "stopped": mark("Stopped. What you did is kept."),
    "ready": mark("Squeeze twice to start."),
    "paused": mark("Paused. Squeeze twice to go on."),
    "felt": mark("Where do you feel it? Squeeze once if it is the glute."),
    "enough": mark("Enough for today. This usually takes one to two weeks."),
    "safety": mark("Stop on pain, faintness or dizziness."),
}
UNHURRIED: Final = frozenset({"ready", "paused", "felt", "enough", "stopped", "safety"})
"""May be longer than `LONGEST_S`: nothing follows that they could run into, and a squeeze cuts them off."""

_CUES: Final[dict[CueKind, str]] = {
    "not-firing": "squeeze-now",
    "late": "start-sooner",
    "low": "a-little-more",
    "fading": "hold-on",
    "compensating": "softer",
}
_COUNTED_DOWN: Final = {1: "last-one", 2: "two-more", 3: "three-more"}
_OF_A_SIDE: Final = {
    "contact": "check-pad",
    "side-lost": "no-signal",
    "side-back": "signal-back",
    "battery-low": "battery-low",
    "tap": "tap",
    "squeeze": "squeeze-now",
    "woke": "joins",
    "side": "this-side",
    "target": "new-goal",
}
_PLAIN: Final = {
    **{name: name for name in ("rest", "ten-seconds", "set-done", "felt", "enough", "paused", "going-on", "finished")},
    **{name: name for name in ("stopped", "discarded", "ready", "unplug", "safety", "halfway", "lie-still")},
    "get-into-position": "into-position",
    "repeat-set": "set-again",
    "output-back": "sound-back",
}
COUNTED: Final = frozenset({"count", "countdown", "hold-seconds"})
INSIDE: Final = frozenset({"hold-seconds", "halfway"})
"""Said while a hold lasts; everything else keeps to the time between squeezes."""


def words_of(what: str, value: Value = None) -> Words:
    """Put into words what the coach has to tell; empty where it has no spoken form.

    Parameters
    ----------
    what : str
        Identifier of a ``say`` line.
    value : int, str or None
        The number, side or hint that it is about.
    """
    if what in COUNTED and isinstance(value, int) and value in NUMBERS:
        return (number(value),)
    if what == "set":
        return ("set", number(value)) if value in NUMBERS and isinstance(value, int) else ()
    if what == "count-down" and isinstance(value, int) and value in _COUNTED_DOWN:
        return (_COUNTED_DOWN[value],)
    if what == "hint" and f"hint-{value}" in TEXTS:
        return (f"hint-{value}",)
    if what == "woke" and value == "both":
        return ("both-join",)
    if what in _OF_A_SIDE:
        side = (value,) if value in SIDES and isinstance(value, str) else ()  # for both, the thing alone
        return (*side, _OF_A_SIDE[what])
    return (_PLAIN[what],) if what in _PLAIN else ()


def words_of_cue(side: SideOrBoth, kind: CueKind) -> Words:
    """Put a cue into words; helpers are to ease, and no side is named that might take it for itself."""
    return (_CUES[kind],) if kind == "compensating" else (side, _CUES[kind])


def words_of_story(story: Story) -> Words:
    """Put into prompts what they can say of a set: who joined how often; empty where the numbers are not recorded."""
    least = min(story.sides.values(), key=lambda one: one.n)
    told = least if story.about is None else story.sides[story.about]
    if told.n not in NUMBERS or told.of not in NUMBERS:
        return ()
    who: str = "both" if len(story.sides) > 1 else next(iter(story.sides))
    return (story.about or who, "joined-in", number(told.n), "of", number(told.of))


def number(value: int) -> str:
    """Name the prompt of a number."""
    return f"number-{value}"


def names() -> Sequence[str]:
    """Every prompt that there is."""
    return (*TEXTS, *(number(value) for value in NUMBERS))


def limit_s(name: str) -> float:
    """Seconds that a prompt may take, so that the sentences it stands in end in time."""
    if name in UNHURRIED:
        return float("inf")
    if name in (*SIDES, "both"):
        return _SIDE_S
    after_a_side = {*_OF_A_SIDE.values(), *_CUES.values()}
    return LONGEST_S - _SIDE_S - JOIN_S if name in after_a_side else LONGEST_S


def text(name: str) -> str:
    """What a prompt says, in the language in force."""
    return name.removeprefix("number-") if name.startswith("number-") else _(TEXTS[name])


@cache
def recordings(language: Language) -> dict[str, npt.NDArray[np.int16]]:
    """Read every prompt of a language, as recorded: mono at `RECORDED_SFREQ`; a missing one is left out."""
    folder = files("assets") / "prompts" / language
    found = {}
    for name in names():
        file = folder / f"{name}.wav"
        if file.is_file():
            with wave.open(io.BytesIO(file.read_bytes())) as recorded:
                found[name] = np.frombuffer(recorded.readframes(recorded.getnframes()), "<i2").astype(np.int16)
    return found


def duration_s(words: Words, language: Language) -> float:
    """Seconds that it takes to say these words; infinite where one is not recorded."""
    recorded = recordings(language)
    if not all(name in recorded for name in words):
        return float("inf")
    return sum(len(recorded[name]) / RECORDED_SFREQ for name in words) + JOIN_S * (len(words) - 1)


def spoken(words: Words, language: Language) -> Float32Array:
    """Say these words: mono at `tones.SFREQ`, within ±1; every word must be recorded."""
    pause = np.zeros(round(JOIN_S * RECORDED_SFREQ), np.int16)
    parts = [part for name in words for part in (pause, recordings(language)[name])][1:]
    samples = np.concatenate(parts).astype(np.float32) / 32768.0
    raised: Float32Array = resample_poly(samples, SFREQ // RECORDED_SFREQ, 1).astype(np.float32)
    return np.clip(raised, -1.0, 1.0, out=raised)
