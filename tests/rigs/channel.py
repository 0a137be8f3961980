"""What the way from a device to the computer does to its packets: loses, repeats and swaps some. Pure."""

import random
from typing import Generic, TypeVar

Packet = TypeVar("Packet")


class Channel(Generic[Packet]):
    """Carries packets one by one, and decides their fate.

    Parameters
    ----------
    lose, repeat, swap : float
        Share of the packets that vanish, come twice, or come after their successor; 0 to 1.
    seed : int
        The same seed and packets have the same fate.
    """

    def __init__(self, *, lose: float = 0.0, repeat: float = 0.0, swap: float = 0.0, seed: int = 0) -> None:
        self.lose, self.repeat, self.swap = lose, repeat, swap
        self.lose_next = self.repeat_next = self.swap_next = 0
        """How many of the packets to come have that fate for certain."""
        self._rng = random.Random(seed)
        self._held: list[Packet] = []

    def carry(self, packet: Packet) -> list[Packet]:
        """Send one packet and give what arrives now."""
        late, self._held = self._held, []
        arriving = [packet]
        if self._hits("lose"):
            arriving = []
        elif self._hits("repeat"):
            arriving = [packet, packet]
        elif not late and self._hits("swap"):
            arriving, self._held = [], [packet]
        return arriving + late

    def clear(self) -> None:
        """Drop what is still under way, as a link does that breaks."""
        self._held = []

    def _hits(self, fate: str) -> bool:
        n_certain = getattr(self, f"{fate}_next")
        if n_certain:
            setattr(self, f"{fate}_next", n_certain - 1)
            return True
        share: float = getattr(self, fate)
        return share > 0.0 and self._rng.random() < share
