"""How much is fed back in the next attempt: all, only what goes wrong, or nothing. Pure.

Feedback all the time makes dependent on it; less of it learns better (peers.md 7.2, K4-K6). So a phase with
``bandwidth`` feedback speaks only of what goes wrong, after five good reps in every second attempt alone, and keeps
some attempts of every ten silent as a test of what stays without it.
"""

from hashlib import sha256
from typing import Final

from app.session.events import Feedback
from app.session.programme import Phase

GOOD_RUN: Final = 5
"""Good reps in a row after which feedback comes in every second attempt (peers.md 7.4)."""
BLOCK: Final = 10
"""Attempts in which a phase's `test_reps` silent ones are spread."""


class FeedbackSchedule:
    """The feedback of one set.

    Parameters
    ----------
    phase : Phase
    set_number : int
        Gives every set an order of silent attempts of its own.

    Attributes
    ----------
    now : {'full', 'bandwidth', 'none'}
        Of the running attempt, or of the next one between two; decided before it begins.
    """

    def __init__(self, phase: Phase, set_number: int = 1) -> None:
        self._usual = phase.feedback
        self._n_silent = phase.test_reps
        self._seed = f"{phase.seed}/{set_number}"
        self._done = 0
        self._good = 0
        self._silent = self._draw()
        self.now: Feedback = self._decide()

    def update(self, *, good: bool) -> None:
        """Take the next counted attempt into account; `good` if nothing in it would have been cued."""
        self._done += 1
        self._good = self._good + 1 if good else 0
        if self._done % BLOCK == 0:
            self._silent = self._draw()
        self.now = self._decide()

    def _draw(self) -> frozenset[int]:
        """Which of the next ten are silent: an order that the seed gives, the same for ever on every computer."""

        def place(number: int) -> bytes:
            return sha256(f"{self._seed}/{self._done + number}".encode()).digest()

        return frozenset(sorted(range(BLOCK), key=place)[: self._n_silent])

    def _decide(self) -> Feedback:
        if self._usual != "bandwidth":
            return self._usual
        if self._done % BLOCK in self._silent:
            return "none"
        faded = self._good >= GOOD_RUN and (self._good - GOOD_RUN) % 2 == 0
        return "none" if faded else "bandwidth"
