"""From which squeeze on a side joined: one rule for screen and paper. Pure."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

_IN_A_ROW: Final = 3
_MOSTLY: Final = 0.75


def mostly_from(facts: Sequence[bool]) -> int | None:
    """Place of the first of three in a row that hold, and from which on three of every four hold; None without any."""
    left = list(accumulate(reversed(facts), initial=0))[::-1]
    return next(
        (
            at
            for at in range(len(facts) - _IN_A_ROW + 1)
            if all(facts[at : at + _IN_A_ROW]) and left[at] >= _MOSTLY * (len(facts) - at)
        ),
        None,
    )


def joined_at(fired: Sequence[bool]) -> int | None:
    """Place of the squeeze from which on a side joined; None if it never did, or did from the start.

    Parameters
    ----------
    fired : sequence of bool
        Whether the side fired, squeeze by squeeze. At most one in four of those before may hold.
    """
    first = mostly_from(fired)
    return first if first and sum(fired[:first]) <= (1.0 - _MOSTLY) * first else None
