"""How late a person's headphones are, found by tapping along, and go ticks that leave earlier by it. Pure.

Who taps along with even ticks does not react to them but falls in with them, so reaction time does not come in. People
tap a little before what they hear, by tens of ms (Repp 2005, Psychon. Bull. Rev. 12: 969-992); that is put right.
"""

from statistics import median
from typing import Final

TICK_EVERY_S: Final = 1.0
LEAST_TAPS: Final = 8
"""Of so many taps the median is told; the newest count."""
STEADY_MS: Final = 60.0
"""Half of the taps lie this close to their median, or nobody tapped along."""
AHEAD_MS: Final = 30.0
"""People tap so much before the tick they hear."""
MOST_MS: Final = 500.0
"""More is not told apart from a tap to the next tick."""
EARLY_MS: Final = 250.0
"""A tap may be so early before its tick."""


class TapAlong:
    """Ticks that were sent and taps that came, to a delay."""

    def __init__(self) -> None:
        self._newest_tick_ns: int | None = None
        self._offsets_ms: list[float] = []

    def tick(self, sent_ns: int) -> None:
        """Take note of a tick when it is sent."""
        self._newest_tick_ns = sent_ns

    def tap(self, tapped_ns: int) -> None:
        """Take note of a tap; before the first tick it means nothing."""
        if self._newest_tick_ns is None:
            return
        offset_ms = (tapped_ns - self._newest_tick_ns) / 1e6
        if offset_ms > 1000.0 * TICK_EVERY_S - EARLY_MS:
            offset_ms -= 1000.0 * TICK_EVERY_S
        self._offsets_ms = [*self._offsets_ms, offset_ms][-LEAST_TAPS:]

    @property
    def n_taps(self) -> int:
        """Taps that count so far, at most `LEAST_TAPS`."""
        return len(self._offsets_ms)

    @property
    def delay_ms(self) -> float | None:
        """The delay of what is heard, 0 to `MOST_MS`; None before there are enough taps, or while they scatter."""
        if self.n_taps < LEAST_TAPS:
            return None
        usual_ms = median(self._offsets_ms)
        if median(abs(offset_ms - usual_ms) for offset_ms in self._offsets_ms) > STEADY_MS:
            return None
        return float(round(min(max(usual_ms + AHEAD_MS, 0.0), MOST_MS)))

    @property
    def scatters(self) -> bool:
        """Whether there are enough taps, but too far apart to tell a delay."""
        return self.n_taps == LEAST_TAPS and self.delay_ms is None


class GoesAhead:
    """When the tick of each go is to leave, so that late headphones sound it in time."""

    def __init__(self) -> None:
        self._told_s: float | None = None

    def due(self, t_s: float, newest_s: float | None, planned_s: float | None, delay_s: float) -> bool:
        """Whether a tick leaves now; once for each go.

        Parameters
        ----------
        t_s : float
            Now, in session time.
        newest_s, planned_s : float or None
            The go that came last, and the one that is planned.
        delay_s : float
            How much later the person hears it.
        """
        go_s = newest_s
        if planned_s is not None and 0.0 < planned_s - t_s <= delay_s:
            go_s = planned_s
        if go_s is None or (self._told_s is not None and go_s <= self._told_s + 0.001):
            return False
        self._told_s = go_s
        return True
