"""The steps of each kind of calibration, with their lengths and the line that each says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.session.calibrating.view import Kind, StepId
from app.session.events import SIDES, Side, SideOrBoth

CONTACT_S: Final = 10.0
CONTACT_AT_MOST_S: Final = 30.0
"""So long a bad contact is waited for; then it goes on without that side."""
ANSWERS_S: Final = 5.0
PAIN_S: Final = 60.0
TODAY_ENDS_PAIN: Final = 5
"""Above it nothing is done today (design, section 9)."""
COMFORTABLE_PAIN: Final = 3
"""From here on nobody is asked for a maximum."""
N_TRIES: Final = 3
MVC_REST_S: Final = 60.0
MVC_POSITIONS: Final = ("prone, knee bent, against resistance", "standing, squeeze")
"""No position is best for everyone (dsp.md, section 1): the larger counts."""

_ASK_OF: Final = {
    "adductor": "Press the inner heels together, or squeeze the pillow.",
    "hamstring": "Pull both heels towards you, against resistance.",
    "erector": "Lift the chest a hand's breadth, and hold.",
    "tfl": "Turn the knees inwards against resistance, and hold.",
    "quad": "Straighten both knees, and hold.",
    "lat": "Pull both elbows down to your hips, and hold.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes
    ----------
    id : StepId
    line : str
        What is said in it.
    do_s : float
        Seconds in which something is measured, after `ready_s` to begin and before `relax_s` to let go.
    ready_s, relax_s : float
    side : SideOrBoth or None
    turn : int
        Which of its kind it is, counted from 1.
    position : str
    muscle : str
        Of a compensator, as in the names of sites.
    """

    id: StepId
    line: str
    do_s: float
    ready_s: float = 0.0
    relax_s: float = 0.0
    side: SideOrBoth | None = None
    turn: int = 1
    position: str = ""
    muscle: str = ""

    @property
    def length_s(self) -> float:
        """Seconds it takes altogether."""
        return self.ready_s + self.do_s + self.relax_s

    @property
    def is_squeeze(self) -> bool:
        """Whether a muscle is asked for something."""
        return self.id in ("squeeze-left", "squeeze-right", "squeeze-both", "mvc-left", "mvc-right", "compensator")


CONTACT: Final = Step("contact", "Lie comfortably, as for the exercise, and let both legs rest.", CONTACT_S)
PAIN: Final = Step("pain", "Does anything hurt now?", PAIN_S)
ANSWERS: Final = Step("answers", "One question is open.", ANSWERS_S)
PAUSE: Final = Step("pause", "Rest. Let everything go soft.", MVC_REST_S)


def rest(seconds: float) -> Step:
    """Rest, which is measured."""
    return Step("rest", "Rest: let both cheeks go quite soft.", seconds)


def tap(side: Side) -> Step:
    """Touch of one pad."""
    line = f"Tap the {side} pad three times, or let somebody press it."
    return Step("tap-left" if side == "left" else "tap-right", line, 5.0, side=side)


def single(side: Side) -> Step:
    """Squeeze of one cheek: 8 s, with a moment before and after."""
    line = f"Squeeze your {side} cheek alone."
    return Step("squeeze-left" if side == "left" else "squeeze-right", line, 8.0, 1.0, 1.0, side=side)


def comfortable(turn: int) -> Step:
    """One of the comfortable squeezes of both."""
    return Step("squeeze-both", "Squeeze both cheeks, comfortably firm.", 5.0, 3.0, 3.0, side="both", turn=turn)


def mvc(side: Side, turn: int, position: str) -> Step:
    """One maximal try."""
    line = f"Squeeze the {side} cheek as hard as you can."
    return Step(
        "mvc-left" if side == "left" else "mvc-right", line, 4.0, 3.0, 3.0, side=side, turn=turn, position=position
    )


def compensator(muscle: str) -> Step:
    """One squeeze of a helping muscle on both sides."""
    return Step("compensator", _ASK_OF.get(muscle, "Tense that muscle, and hold."), 4.0, 2.0, 2.0, muscle=muscle)


def steps_of(kind: Kind, sites: Sequence[str], positions: Sequence[str]) -> list[Step]:
    """List the steps of a calibration.

    Parameters
    ----------
    kind : Kind
    sites : sequence of str
        With an electrode; sides without one are not asked.
    positions : sequence of str
        Of the maximal tries.
    """
    sides = [side for side in SIDES if side in sites]
    reference = [comfortable(turn) for turn in range(1, N_TRIES + 1)]
    if kind == "daily":
        return [rest(7.0), *reference, ANSWERS]
    alone = [single(side) for side in sides]
    if kind == "clench-test":
        return [CONTACT, rest(10.0), *alone, comfortable(1), ANSWERS]
    begin = [CONTACT, rest(10.0), *([tap(side) for side in sides] if len(sides) > 1 else []), *alone]
    if kind == "quick":
        return [*begin, *reference, ANSWERS]
    rounds: list[Step] = []
    for position in positions:
        for turn in range(1, N_TRIES + 1):
            rounds += [*([PAUSE] if rounds else []), *(mvc(side, turn, position) for side in sides)]
    muscles = dict.fromkeys(site.rpartition("-")[0] for site in sites if site not in SIDES)
    return [PAIN, *begin, *rounds, *(compensator(muscle) for muscle in muscles), ANSWERS]
