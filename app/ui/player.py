"""`Player`: where a replay stands, and how fast it goes. Pure: whoever shows it says what time it is."""

from typing import Final

SPEEDS: Final = (0.5, 1.0, 1.5, 2.0, 4.0)
SEEK_S: Final = 5.0


class Player:
    """The position of a replay.

    Attributes
    ----------
    position_s : float
        Seconds from the beginning of the recording, within 0 and ``duration_s``.
    duration_s : float
    playing : bool
    """

    def __init__(self) -> None:
        self.position_s = 0.0
        self.duration_s = 0.0
        self.playing = False
        self._speed = SPEEDS.index(1.0)
        self._told_ns = 0

    @property
    def speed(self) -> float:
        """Seconds of the recording a second."""
        return SPEEDS[self._speed]

    def change_speed(self, steps: int) -> None:
        """Go faster or slower by so many steps of `SPEEDS`."""
        self._speed = min(max(self._speed + steps, 0), len(SPEEDS) - 1)

    def toggle(self, now_ns: int) -> None:
        """Play or pause; at the end, play from the beginning."""
        if not self.playing and self.position_s >= self.duration_s:
            self.position_s = 0.0
        self.playing = not self.playing and self.duration_s > 0.0
        self._told_ns = now_ns

    def seek(self, position_s: float) -> None:
        """Go to a moment."""
        self.position_s = min(max(position_s, 0.0), self.duration_s)

    def tick(self, now_ns: int) -> None:
        """Go on to now."""
        if self.playing:
            self.seek(self.position_s + (now_ns - self._told_ns) * 1e-9 * self.speed)
            self.playing = self.position_s < self.duration_s
        self._told_ns = now_ns
