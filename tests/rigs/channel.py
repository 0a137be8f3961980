"""What the way from a device to the computer does to its packets: loses, repeats, swaps and damages some. Pure."""

import random


class Channel:
    """Carries packets one by one, and remembers which never arrived.

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
        self.n_carried = 0
        self.lost: list[int] = []
        """Numbers of the packets that never arrived, counted from 0."""
        self._rng = random.Random(seed)
        self._held: bytes | None = None

    def carry(self, packet: bytes) -> list[bytes]:
        """Send one packet and give what arrives now."""
        number, self.n_carried = self.n_carried, self.n_carried + 1
        before, self._held = self._held, None
        if self._hits("lose"):
            self.lost.append(number)
            arriving = []
        elif self._hits("repeat"):
            arriving = [packet, packet]
        elif before is None and self._hits("swap"):
            self._held = packet
            arriving = []
        else:
            arriving = [packet]
        return arriving if before is None else [*arriving, before]

    def _hits(self, fate: str) -> bool:
        n_certain = getattr(self, f"{fate}_next")
        if n_certain:
            setattr(self, f"{fate}_next", n_certain - 1)
            return True
        share: float = getattr(self, fate)
        return share > 0.0 and self._rng.random() < share
