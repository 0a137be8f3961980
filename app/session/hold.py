"""Whether a long hold fades: its newest three seconds against its seconds one to four (dsp.md 3.7)."""

import math
from typing import Final

from app.session.tick import TICK_S, Track
from dsp.symmetry import hold_steadiness

JUDGED_AFTER_S: Final = 7.0
"""Before that the two stretches overlap."""
EVERY_S: Final = 0.25
FADES_BELOW: Final = 0.70
HOLDS_ABOVE: Final = 0.80


class HoldWatch:
    """The hold of one muscle, looked at four times a second."""

    def __init__(self) -> None:
        self.fading = False
        self._next_s = -math.inf

    def due_s(self, onset_s: float) -> float:
        """When it is to be looked at next."""
        return max(onset_s + JUDGED_AFTER_S, self._next_s)

    def look(self, t_s: float, onset_s: float, site: int, track: Track) -> bool:
        """Look, if it is due; returns True if the hold begins to fade now."""
        if t_s < self.due_s(onset_s):
            return False
        self._next_s = t_s + EVERY_S
        steadiness = hold_steadiness(track.level(onset_s, t_s)[:, site], TICK_S)
        before = self.fading
        if steadiness < FADES_BELOW:  # NaN, where the signal has a hole, changes nothing
            self.fading = True
        elif steadiness > HOLDS_ABOVE:
            self.fading = False
        return self.fading and not before
