"""What to try when the cue does not work: the hints of a programme, one after the other. Pure.

A hint is offered after five attempts in a row without the sleepy side, stays in force until the next one, and is
logged with every attempt. Two of them change what is asked, the others are words alone.
"""

from collections.abc import Collection, Sequence
from typing import Final

from app.session.events import Scheme, Side
from app.session.programme import Tempo

AFTER_MISSED: Final = 5
HOLD: Final = "hold-until-it-joins"
"""Hold until it joins: the tempo's squeeze lasts up to `HOLD_S`."""
HOLD_S: Final = 4.0
ONE_SIDE: Final = "one-side-then-both"
"""That side alone, then both: `ALONE` attempts ask for the sleepy side alone."""
ALONE: Final = 3


class Hints:
    """The hints of one session.

    Parameters
    ----------
    ids : sequence of str
        Stable ids, in the order of the programme.
    first : str or None
        The hint to begin with, the one after which the side woke last time; one that the programme does not have is
        left out.

    Attributes
    ----------
    in_force : str or None
        The hint offered last.
    """

    def __init__(self, ids: Sequence[str], first: str | None = None) -> None:
        known = first if first in ids else None
        self._order = [known, *(name for name in ids if name != known)] if known is not None else list(ids)
        self._next = 0
        self._missed = 0
        self._missing: set[Side] = set()
        self._alone: Side | None = None
        self._alone_left = 0
        self.in_force: str | None = None
        if known is not None:
            self.in_force = known
            self._next = 1

    @property
    def asked(self) -> Scheme:
        """Which sides the next attempt asks for: ``both``, or the sleepy one alone."""
        return "both" if self._alone is None else self._alone

    def tempo(self, tempo: Tempo | None) -> Tempo | None:
        """The rhythm that the hint in force makes of the phase's own."""
        if tempo is None or self.in_force != HOLD:
            return tempo
        return Tempo(squeeze_s=max(tempo.squeeze_s, HOLD_S), rest_s=tempo.rest_s)

    def update(self, missing: Collection[Side]) -> str | None:
        """Take the next attempt into account.

        Parameters
        ----------
        missing : collection of Side
            Working sides that did not fire.

        Returns
        -------
        str or None
            The hint that is offered now; the list begins anew after its last.
        """
        if self._alone is not None:
            self._alone_left -= 1
            if self._alone_left == 0:
                self._alone = None
        if not missing:
            self._missed = 0
            self._missing.clear()
            return None
        self._missed += 1
        self._missing.update(missing)
        if self._missed < AFTER_MISSED or not self._order:
            return None
        one_sleeps = len(self._missing) == 1
        offered = self._pick(one_sleeps=one_sleeps)
        if offered == ONE_SIDE:
            self._alone, self._alone_left = next(iter(self._missing)), ALONE
        if offered is not None:
            self.in_force = offered
        self._missed = 0
        self._missing.clear()
        return offered

    def _pick(self, *, one_sleeps: bool) -> str | None:
        """The next hint that makes sense: nobody is told to squeeze "that side" alone where both sleep."""
        for _ in self._order:
            name = self._order[self._next % len(self._order)]
            self._next += 1
            if name != ONE_SIDE or one_sleeps:
                return name
        return None
