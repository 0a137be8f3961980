"""Whether a helper muscle took over, works along, or eased (design, section 4).

Compensating means a level that has not eased, or one above its line; never the order of onsets by itself.
"""

from collections import deque
from statistics import fmean
from typing import Final

EASED_TO: Final = 0.70
"""Mean of the last five against the first five attempts."""
RUN: Final = 5
QUIET_PCT: Final = 20.0
"""Below it a helper is quiet, whatever it did before: nobody has to ease what was never there."""
WORKING_PCT: Final = 30.0


class Compensator:
    """One helper muscle over the attempts of a session.

    Parameters
    ----------
    line_pct : float
        Above it the muscle takes over.
    """

    def __init__(self, line_pct: float) -> None:
        self.line_pct = line_pct
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=RUN)

    def update(self, mean_pct: float) -> None:
        """Take the mean level of the next attempt into account, in % of the reference."""
        if len(self._first) < RUN:
            self._first.append(mean_pct)
        self._last.append(mean_pct)

    @property
    def eased(self) -> bool:
        """Quiet, or well below what it was at first."""
        if not self._last:
            return True
        return fmean(self._last) <= max(EASED_TO * fmean(self._first), QUIET_PCT)

    @property
    def compensating(self) -> bool:
        """Above its line, or at work for five attempts without easing."""
        if not self._last:
            return False
        recent = fmean(self._last)
        not_eased = len(self._first) == RUN and not self.eased and recent > WORKING_PCT
        return recent > self.line_pct or not_eased

    def word(self, level_pct: float | None) -> str:
        """Describe it for the screen by its level now and its story: quiet, working, eased or taking over."""
        if level_pct is not None and level_pct > self.line_pct:
            return "taking over"
        if self._last and fmean(self._last) > self.line_pct:
            return "taking over"
        if len(self._first) == RUN and fmean(self._first) > WORKING_PCT and self.eased:
            return "eased"
        recent = self._last[-1] if self._last else level_pct
        return "working" if recent is not None and recent > WORKING_PCT else "quiet"
