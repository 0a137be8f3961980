"""What sounds when: events of a session in, sounds out. A pure state machine; it knows no clock, thread or sample.

There is one voice. A sound replaces the one before, so two cues can never sound together; only the go tick, which
is over in 40 ms, lies on top.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from app.session.events import (
    SIDES,
    Attempt,
    Cue,
    CueKind,
    Event,
    Feedback,
    Rep,
    Say,
    SessionStarted,
    Side,
    SideOrBoth,
    SideState,
    StateChanged,
    Summary,
)
from app.session.live import PRIORITY
from app.ui.sound.tones import SoundName


@dataclass(frozen=True, slots=True)
class Go:
    """A paced tempo says go: squeeze now. The session has no line for it, because it is no result."""


@dataclass(frozen=True, slots=True)
class FeedbackChanged:
    """How much the person is to hear from now on; with ``none`` (a check) nothing but the go tick."""

    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something to say that is no line of a session: of the window, a sensor, a calibration.

    Attributes
    ----------
    what : str
        An identifier that `prompts.words_of` knows, or a name of its own for a `text`.
    value : int, str or None
    text : str
        Whole sentences for the system's voice, in the language of the person.
    words : tuple of str
        Prompts that say as much of `text` as prompts can, where there is no such voice.
    """

    what: str
    value: int | str | None = None
    text: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A sound to try the volume with."""

    sound: SoundName


Message = Event | Go | FeedbackChanged | Spoken | Sample
Command = SoundName | Literal["silence"]

_ON: frozenset[SideState] = frozenset({"firing", "weak", "fading"})
IDLE: Final[frozenset[SideState]] = frozenset({"quiet", "no-signal"})
_OF_SAY: dict[str, SoundName] = {"let-go": "hold-end", "gesture": "heard", "set": "go"}
_ALWAYS: frozenset[Command] = frozenset({"go", "silence", "hold-end", "heard"})
"""Heard in a check too: they tell how the session goes, not how the person does."""


class Score:
    """Decide on one sound at a time.

    A cue by tone calls its side with pulses; when the side answers they turn into the chord. Both sides in time
    without any cue: the chord, once an attempt. First side on: a soft low note. End of the attempt: silence. With
    ``bandwidth`` only what is missed sounds, and the chord when it comes; with ``none`` nothing but the go.
    """

    def __init__(self) -> None:
        self._words: dict[Side, SideState] = dict.fromkeys(SIDES, "quiet")
        self._feedback: Feedback = "full"
        self._forget_attempt()

    def feed(self, message: Message) -> Command | None:
        """Take one message.

        Parameters
        ----------
        message : Event, Go, FeedbackChanged, Spoken or Sample
            In the order of the session; those without a sound of their own are ignored.

        Returns
        -------
        str or None
            The sound that starts now in place of the one before, ``silence``, or None: go on as you are.
        """
        command = self._command(message)
        if isinstance(message, Sample):
            return message.sound
        return command if self._feedback != "none" or command in _ALWAYS else None

    def followed(self, sleeping: SideOrBoth | None) -> Side | None:
        """The side whose tone goes on while it works: the sleeping one, of two the one that joined last.

        With ``bandwidth`` or ``none`` nothing is told all the time.
        """
        if sleeping is None or self._feedback != "full":
            return None
        return next((side for side in reversed(self._on) if sleeping in (side, "both")), None)

    def _command(self, message: Message) -> Command | None:
        match message:
            case Go():
                return "go"
            case Cue():
                return self._call(message)
            case StateChanged():
                return self._hear(message)
            case Say():
                return _OF_SAY.get(message.what)
            case FeedbackChanged():
                self._feedback = message.feedback
                return self._end() if message.feedback == "none" else None
            case SessionStarted() | Attempt() | Rep() | Summary():
                return self._end()
            case _:
                return None

    def _forget_attempt(self) -> None:
        self._on: list[Side] = []
        self._called: set[Side] = set()
        self._kind: CueKind | None = None
        self._any_behind = False
        self._any_cue = False
        self._noted = False
        self._chorded = False

    def _end(self) -> Command:
        self._forget_attempt()
        return "silence"

    def _call(self, cue: Cue) -> Command | None:
        """Start the pulses of a cue, unless a more urgent one sounds or its side cannot be meant."""
        if cue.channel != "tone":
            return None
        sides: set[Side] = set(SIDES) if cue.side == "both" else {cue.side}
        sides -= {side for side in SIDES if self._words[side] == "no-signal"}
        if cue.kind in ("not-firing", "late"):
            sides.difference_update(self._on)
        if not sides or (self._called and self._kind is not None and PRIORITY[self._kind] < PRIORITY[cue.kind]):
            return None
        self._called, self._kind, self._any_cue = sides, cue.kind, True
        return _pulses(sides)

    def _hear(self, event: StateChanged) -> Command | None:
        side, word, before = event.side, event.state, self._words[event.side]
        self._words[side] = word
        if word in IDLE:
            return self._side_ends(side, word, before)
        # "late" is said of a side that has not joined yet and, once it has, until the attempt ends: it has joined
        # when the word comes after "asleep" or is said a second time.
        joined = word in _ON or (word == "late" and before in ("asleep", "late"))
        self._any_behind |= word in ("asleep", "late")
        if not joined:
            self._leave(side)
            return None
        if side not in self._on:
            self._on.append(side)
        if side in self._called:
            return self._answer(side, word)
        return None if self._called else self._join_unasked()

    def _side_ends(self, side: Side, word: SideState, before: SideState) -> Command | None:
        self._leave(side)
        was_active = before not in IDLE
        if was_active and all(self._words[each] in IDLE for each in SIDES):
            return self._end()
        if side in self._called and (was_active or word == "no-signal"):
            self._called.discard(side)
            return _pulses(self._called) if self._called else "silence"
        return None

    def _leave(self, side: Side) -> None:
        if side in self._on:
            self._on.remove(side)

    def _answer(self, side: Side, word: SideState) -> Command | None:
        """A called side does what it was called for: the pulses turn into the chord."""
        if self._kind == "compensating" or (self._kind in ("low", "fading") and word != "firing"):
            return None
        self._called.discard(side)
        return _pulses(self._called) if self._called else "chord"

    def _join_unasked(self) -> Command | None:
        if self._any_cue or self._feedback != "full":
            return None
        if len(self._on) == len(SIDES) and not self._any_behind and not self._chorded:
            self._chorded = True
            return "chord"
        if len(self._on) == 1 and not self._noted:
            self._noted = True
            return "strong"
        return None


def _pulses(sides: AbstractSet[Side]) -> SoundName:
    if sides == {"left"}:
        return "pulses-left"
    return "pulses-right" if sides == {"right"} else "pulses-both"
