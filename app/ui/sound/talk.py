"""When something is said: between squeezes only, one sentence at a time, never the same twice running. Pure.

It knows no clock and no recording: time is given in seconds of sound made so far.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.session.events import SIDES, Attempt, Cue, Say, SessionStarted, Side, SideState, StateChanged, Summary
from app.ui.sound.prompts import COUNTED, INSIDE, LONGEST_S, Value, Words, words_of, words_of_cue
from app.ui.sound.score import IDLE, FeedbackChanged, Go, Message, Spoken

GO_QUIET_S: Final = 2.0
"""Nothing is said for so long after a go that nobody follows: the try it asks for lasts no longer."""
PACED_S: Final = 10.0
"""A go so recently, and the next one is near: what is said has to end before it."""
STALE_S: Final = 12.0
"""What could not be said for so long is not said any more."""

STALE_COUNT_S: Final = 0.9
"""A number, too, is only true for a moment."""

_UNPACED: Final = frozenset(
    {"rest", "paused", "finished", "stopped", "enough", "felt", "ready", "get-into-position", "safety", "story"}
)
"""With these the rhythm ends: no go follows before something else begins."""
_FAULTS: Final = frozenset({"side-lost", "side-back", "battery-low", "contact", "unplug", "output-back"})
"""Said as soon as it may be, however old."""
_FEEDBACK: Final = frozenset({"hint"})
"""Not said where a person is to manage without."""
_ADVICE: Final = frozenset({"hint", "target"})
"""Not said after two squeezes running, if it is the same: who heard it thirty times hears it no more."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to say.

    Attributes
    ----------
    words : tuple of str
        Prompts; empty where there are none and the system's voice alone can say it.
    text : str
        The same for the system's voice, in the language of the person; empty where the prompts are all.
    """

    what: str
    words: Words
    text: str = ""
    value: Value = None


class Talk:
    """Decide what is said, and when.

    Parameters
    ----------
    duration_s : callable
        Seconds that a sentence takes.
    """

    def __init__(self, duration_s: Callable[[Sentence], float]) -> None:
        self._duration_s = duration_s
        self._waiting: deque[tuple[float, Sentence]] = deque()
        self._sides: dict[Side, SideState] = dict.fromkeys(SIDES, "quiet")
        self._feedback_off = False
        self._last_go_s: float | None = None
        self._answered = True
        self._gap_since_s = 0.0
        self._saying: tuple[Sentence, float] | None = None
        self._once_more: Sentence | None = None
        self._said: set[tuple[str, Value]] = set()
        self._said_before: set[tuple[str, Value]] = set()

    def feed(self, message: Message, now_s: float) -> bool:
        """Take one message; True if whatever is being said has to stop at once.

        Parameters
        ----------
        message : Event, Go, FeedbackChanged, Spoken or Sample
            In the order of the session.
        now_s : float
            Seconds of sound made so far.
        """
        match message:
            case StateChanged():
                return self._hear(message, now_s)
            case Go():
                self._last_go_s, self._answered = now_s, False
                self._cut_off(now_s)
                return True
            case Attempt():
                self._answered, self._gap_since_s = True, now_s
                self._said_before, self._said = self._said, set()
            case FeedbackChanged():
                self._feedback_off = message.feedback == "none"
            case Say():
                self._take(Sentence(message.what, words_of(message.what, message.value), value=message.value), now_s)
            case Spoken():
                words = message.words or words_of(message.what, message.value)
                self._take(Sentence(message.what, words, message.text, message.value), now_s)
            case Cue(channel="speech"):
                words = words_of_cue(message.side, message.kind)
                self._take(Sentence("hint", words, value=" ".join(words)), now_s)
            case SessionStarted() | Summary():
                over = isinstance(message, Summary)  # what it ends with may still be said
                self._waiting = deque(entry for entry in self._waiting if over and entry[1].what in _UNPACED)
                self._sides = dict.fromkeys(SIDES, "quiet")
                self._last_go_s, self._answered = None, True
            case _:
                pass
        return False

    def next(self, now_s: float) -> Sentence | None:
        """Give the sentence that begins now, if nothing else sounds; None: not yet."""
        for entry in [entry for entry in self._waiting if self._is_stale(entry, now_s)]:
            self._waiting.remove(entry)
        for entry in self._waiting:
            if self._may_begin(entry[1], now_s):
                self._waiting.remove(entry)
                self._said.add((entry[1].what, entry[1].value))
                self._saying = entry[1], now_s + self._duration_s(entry[1])
                return entry[1]
        return None

    @property
    def in_attempt(self) -> bool:
        """Whether somebody squeezes."""
        return any(state not in IDLE for state in self._sides.values())

    def _hear(self, event: StateChanged, now_s: float) -> bool:
        was_in_attempt = self.in_attempt
        self._sides[event.side] = event.state
        if self.in_attempt and not was_in_attempt:
            self._waiting = deque(entry for entry in self._waiting if entry[1].what in _FAULTS | _ADVICE)
            self._cut_off(now_s)
            return True
        if was_in_attempt and not self.in_attempt:
            self._answered, self._gap_since_s = True, now_s
        return False

    def _cut_off(self, now_s: float) -> None:
        """Put what is broken off back, to be said once more in the next gap; what is broken off twice is let go."""
        saying, self._saying = self._saying, None
        if saying is None or now_s >= saying[1] or saying[0] is self._once_more:
            return
        if saying[0].what in _FAULTS | _ADVICE:
            self._once_more = saying[0]
            self._waiting.append((now_s, saying[0]))

    def _take(self, sentence: Sentence, now_s: float) -> None:
        if sentence.what in _UNPACED:
            self._last_go_s = None
        if not sentence.words and not sentence.text:
            return
        if self._feedback_off and sentence.what in _FEEDBACK:
            return
        if sentence.what in _ADVICE and (sentence.what, sentence.value) in self._said | self._said_before:
            return
        self._waiting.append((now_s, sentence))

    def _is_stale(self, entry: tuple[float, Sentence], now_s: float) -> bool:
        since_s, sentence = entry
        stale_s = STALE_COUNT_S if sentence.what in COUNTED else STALE_S
        return sentence.what not in _FAULTS and now_s - since_s > stale_s

    def _may_begin(self, sentence: Sentence, now_s: float) -> bool:
        if sentence.what in INSIDE:
            return True
        if self.in_attempt:
            return False
        if self._last_go_s is None or now_s - self._last_go_s > PACED_S:
            return True
        if not self._answered and now_s - self._last_go_s < GO_QUIET_S:
            return False
        return now_s - self._gap_since_s + self._duration_s(sentence) <= LONGEST_S + 0.2
