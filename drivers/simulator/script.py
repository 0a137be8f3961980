"""``script=``: a person who follows a calibration, or lies ready, at fixed times, because the simulator hears no cue.

Times are those of the calibrations of the application, each begun with the source; a person needs a third of a second
to begin and to let go. After the script the usual squeezes go on.
"""

from dataclasses import dataclass
from typing import Final

from drivers.simulator import people

REACTION_S: Final = 0.3
TOUCHES_S: Final = (0.8, 1.8, 2.8)
"""Three taps after the word."""
SINGLE_HELP: Final = 0.5
"""A person asked for a sleeping cheek alone tenses the other by so much of a squeeze."""


@dataclass(frozen=True, slots=True)
class Move:
    """One squeeze of a script.

    Attributes
    ----------
    start_s, end_s : float
        The words to squeeze and to let go.
    sides : tuple of str
        Who is asked.
    maximal : bool
        As hard as possible, else as every squeeze.
    """

    start_s: float
    end_s: float
    sides: tuple[str, ...]
    maximal: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What a person does in one calibration.

    Attributes
    ----------
    moves : tuple of Move
    touches : tuple of (float, str)
        When which pad is tapped, by the side of the body.
    end_s : float
        When the usual squeezes begin.
    """

    moves: tuple[Move, ...] = ()
    touches: tuple[tuple[float, str], ...] = ()
    end_s: float = 0.0


def _three_of_both(first_s: float) -> tuple[Move, ...]:
    return tuple(Move(at_s + 3.0, at_s + 8.0, people.SIDES) for at_s in (first_s, first_s + 11.0, first_s + 22.0))


def _touches(first_s: float) -> tuple[tuple[float, str], ...]:
    return tuple(
        (first_s + 5.0 * number + at_s, side) for number, side in enumerate(people.SIDES) for at_s in TOUCHES_S
    )


def _singles(first_s: float) -> tuple[Move, ...]:
    return tuple(
        Move(first_s + 10.0 * number + 1.0, first_s + 10.0 * number + 9.0, (side,))
        for number, side in enumerate(people.SIDES)
    )


def _maxima(first_s: float) -> tuple[Move, ...]:
    """Three rounds of left and right in each of two positions, 10 s a try, 60 s between the rounds."""
    return tuple(
        Move(first_s + 80.0 * turn + 10.0 * number + 3.0, first_s + 80.0 * turn + 10.0 * number + 7.0, (side,), True)
        for turn in range(6)
        for number, side in enumerate(people.SIDES)
    )


SCRIPTS: Final[dict[str, Script]] = {
    "calibrate": Script((*_singles(30.0), *_three_of_both(50.0)), _touches(20.0), 90.0),
    "daily": Script(_three_of_both(7.0), (), 45.0),
    "clench-test": Script((*_singles(20.0), Move(43.0, 48.0, people.SIDES)), (), 56.0),
    "full": Script((*_singles(30.0), *_maxima(50.0)), _touches(20.0), 490.0),
    "two-squeezes": Script((Move(4.7, 5.1, people.SIDES), Move(5.9, 6.3, people.SIDES)), (), 8.0),
}
"""``calibrate`` is the quick one; ``full`` begins when the question for pain is answered, at once, and in its place;
``two-squeezes`` is the sign by which a session that waits begins."""
NO_SCRIPT: Final = Script()
