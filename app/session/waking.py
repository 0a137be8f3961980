"""The wake-up phase: which run of squeezes ends it, and where the person feels it. Pure."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from app.session.tick import Edge

CLEAN_RUN: Final = 4
OF_LAST: Final = 5
LEAST_ANSWER_S: Final = 0.2
"""A shorter burst in a rest is a twitch; as in the gesture of two squeezes."""

Place = Literal["glute", "thigh", "back"]
FELT: Final[Mapping[Place, float]] = {"glute": 1.0, "thigh": 2.0, "back": 3.0}
"""What a `Rating` of kind ``felt`` holds."""


class WakeUp:
    """Finds the run that wakes a side: in time in 4 of the last 5 attempts, and compensators eased.

    Attributes
    ----------
    tried : int
        Attempts of the wake-up phase so far; in a programme without one, of the session.
    woke_at : int or None
        Number among them of the first attempt of that run; None until it is reached.
    woke_after_hint : str or None
        The hint in force in that attempt.
    """

    def __init__(self) -> None:
        self._last: deque[tuple[int, bool, str | None]] = deque(maxlen=OF_LAST)
        self.tried = 0
        self.woke_at: int | None = None
        self.woke_after_hint: str | None = None

    def update(self, *, in_time: bool, eased: bool, hint: str | None = None) -> None:
        """Take the next attempt into account; once the run is found, nothing changes any more.

        Parameters
        ----------
        in_time : bool
            Whether every working side fired, and before its cue would have sounded.
        eased : bool
            Whether every compensator that is measured is quiet or well below what it was.
        hint : str or None
            The hint in force.
        """
        if self.woke_at is not None:
            return
        self.tried += 1
        self._last.append((self.tried, in_time, hint))
        good = [(number, told) for number, ok, told in self._last if ok]
        if len(good) >= CLEAN_RUN and eased:
            self.woke_at, self.woke_after_hint = good[0]


class FeltQuestion:
    """Ask where it is felt: once, in a rest, where no electrode tells whether another muscle did the work.

    Attributes
    ----------
    due : bool
        A side has woken and the question waits for the next rest.
    open : bool
        It was asked and not answered.
    """

    def __init__(self) -> None:
        self.due = False
        self.open = False
        self._began_s: dict[int, float] = {}

    def ask(self) -> bool:
        """A rest runs: returns True if the question is to be asked now."""
        if not self.due:
            return False
        self.due, self.open = False, True
        self._began_s.clear()
        return True

    def hear(self, edges: Iterable[Edge], glutes: Iterable[int]) -> bool:
        """Take onsets and offsets of a rest; True if one of the glutes squeezed, which answers ``glute``."""
        if not self.open:
            return False
        watched = set(glutes)
        for edge in edges:
            if edge.site not in watched:
                continue
            if edge.rises:
                self._began_s.setdefault(edge.site, edge.t_s)
            elif edge.t_s - self._began_s.pop(edge.site, edge.t_s) >= LEAST_ANSWER_S:
                return True
        return False

    def close(self) -> None:
        """It was answered, or the rest is over: nobody is held up by a question."""
        self.open = False
