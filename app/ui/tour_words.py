"""All words of the tour, in the language in force; called when they are shown."""

from dataclasses import dataclass
from typing import Literal

from app.language import _

Place = Literal["left", "right", "cue", "ring", "numbers", "rail"]


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step: what it points at, and what is said of it."""

    place: Place
    title: str
    text: str


def banner() -> tuple[str, str, str]:
    """What every simulated screen says, and what this is."""
    return _("Simulated signal."), _("Nobody is measured, nothing enters a history."), _("three-minute tour")


def steps() -> tuple[TourStep, ...]:
    """The steps, in order."""
    return (
        TourStep(
            "cue",
            _("One line says what to do"),
            _(
                "It always stands here, and it is spoken too, so that you can lie face down. "
                "The person that you see is simulated: the left side does not join at first."
            ),
        ),
        TourStep(
            "left",
            _("This is your left side"),
            _(
                "Always a square, always on the left, always blue. The bar is how much the muscle works now; "
                "the line across is the goal. “Not yet” speaks of this squeeze alone."
            ),
        ),
        TourStep(
            "right",
            _("This is your right side"),
            _(
                "Always round, always on the right, always orange. When both sides join in time, "
                "both light up and the two goal lines become one."
            ),
        ),
        TourStep(
            "ring",
            _("The muscle counts"),
            _(
                "Squeezes, holds and sets are counted by the muscle, not by a clock. "
                "Without an effort nothing is counted; a rest counts down here."
            ),
        ),
        TourStep(
            "numbers",
            _("Alike, and together"),
            _(
                "How much one side does of the other, and how much later it comes, each with its ±. "
                "The shaded band is the goal. A number that cannot be known is not shown."
            ),
        ),
        TourStep(
            "rail",
            _("When you are ready"),
            _(
                "Sensors finds yours and shows where the pads lie; Calibrate measures each side. "
                "This tour stands in Setup. Stop on pain, faintness or dizziness."
            ),
        ),
    )
