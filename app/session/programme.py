"""Programmes: what an exercise asks for, read from TOML and checked when it is read.

Programmes are data (``assets/programmes/*.toml``) that a person can copy and edit; a wrong one is refused with its
name, the place and the reason.
"""

import tomllib
from typing import Annotated, Literal

import msgspec

from app.session.events import Feedback, PhaseKind, Scheme

Muscle = Literal["adductor", "hamstring", "erector", "tfl", "quad"]
Percent = Annotated[float, msgspec.Meta(ge=1, le=120)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Rest = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class ProgrammeError(Exception):
    """A programme is missing or wrong; the text is a sentence for the user."""


class Tempo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paced rhythm: squeeze for ``squeeze_s``, rest for ``rest_s``."""

    squeeze_s: Seconds = 2.0
    rest_s: Seconds = 2.0


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of a programme.

    Attributes
    ----------
    kind : {'check', 'wake-up', 'work', 'free'}
    reps : int or None
        What is asked for in one set; the number shown after "of". None is open-ended.
    sets : int
    rest_s : float
        Planned rest after each set, in seconds.
    hold_s : float or None
        Seconds that each rep is held, in programmes of holds.
    tempo : Tempo or None
        Rhythm of the go while nothing fires; None is the person's own pace throughout.
    max_squeezes, max_s : int, float
        Where a wake-up phase ends kindly if the sleepy side has not joined (design, section 5).
    feedback : {'full', 'bandwidth', 'none'}
    """

    kind: PhaseKind
    reps: Count | None = None
    sets: Count = 1
    rest_s: Rest = 0.0
    hold_s: Seconds | None = None
    tempo: Tempo | None = None
    max_squeezes: Count = 60
    max_s: Seconds = 480.0
    feedback: Feedback = "full"


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exercise asks for.

    Attributes
    ----------
    id, title, purpose, position : str
    muscle : str
        The target under the electrodes of both sides.
    scheme : {'both', 'left', 'right'}
    phases : tuple of Phase
    compensators : tuple of {'adductor', 'hamstring', 'erector', 'tfl', 'quad'}
        Muscles that tend to take over in this exercise.
    target_pct : float
        Goal line in % of the reference.
    compensator_line_pct : float
        A compensator above it takes over.
    effort_floor_pct : float
        Least effort of a counted rep: 10 in squeezes and clenches, 20 elsewhere (design, section 4).
    hints : tuple of str
        What to try next when the cue does not work.
    setup, cautions : tuple of str
    safety : str
    """

    id: str
    title: str
    purpose: str
    position: str
    phases: tuple[Phase, ...]
    muscle: str = "gluteus maximus"
    scheme: Scheme = "both"
    compensators: tuple[Muscle, ...] = ()
    target_pct: Percent = 30.0
    compensator_line_pct: Percent = 60.0
    effort_floor_pct: Percent = 20.0
    hints: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    safety: str = "Stop on pain, faintness or dizziness."

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError("a programme needs at least one [[phases]]")


def parse_programme(text: str, origin: str) -> Programme:
    """Read a programme from TOML text; raises `ProgrammeError` with `origin`, place and reason."""
    try:
        return msgspec.convert(tomllib.loads(text), Programme)
    except tomllib.TOMLDecodeError as error:
        raise ProgrammeError(f"The programme {origin} is not valid TOML: {error}.") from None
    except msgspec.ValidationError as error:
        raise ProgrammeError(f"The programme {origin} is wrong: {error}.") from None
