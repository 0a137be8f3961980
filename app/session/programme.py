"""Programmes: what an exercise asks for, read from TOML and checked when it is read.

Programmes are data (``assets/programmes/*.toml``) that a person can copy and edit; a wrong one is refused with its
name, the line and the reason. Their texts are English; those that ship are translated where they are shown.
"""

import re
import tomllib
from typing import Annotated, Literal

import msgspec

from app.session.events import SIDES, Feedback, PhaseKind, Side

Helper = Literal["adductor", "hamstring", "erector", "tfl", "quad"]
Glute = Literal["gluteus maximus", "gluteus medius"]
Sides = Literal["both", "alternating", "single", "left", "right"]
"""Who works: both at once, one after the other rep by rep, one and then the other in each set, or one side alone."""
Step = Literal["check", "wake", "hold", "side", "integrate", "free"]
"""Which step of the way a programme belongs to; the list of programmes is grouped by it."""
Sensors = Literal["needed", "optional"]
ProgrammePhase = Literal["check", "wake-up", "work", "hold", "rest", "free"]
Identifier = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
Line = Annotated[str, msgspec.Meta(pattern=r"\S")]
Percent = Annotated[float, msgspec.Meta(ge=1, le=120)]
Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Rest = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
OfTen = Annotated[int, msgspec.Meta(ge=0, le=10)]
Seed = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


class ProgrammeError(Exception):
    """A programme is missing or wrong; the text is a sentence for the user."""


class Tempo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paced rhythm: squeeze for ``squeeze_s``, rest for ``rest_s``."""

    squeeze_s: Seconds = 2.0
    rest_s: Seconds = 2.0


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to try next when the cue does not work; the id is what lines and voice know it by."""

    id: Identifier
    text: Line


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of a programme.

    Attributes
    ----------
    kind : {'check', 'wake-up', 'work', 'hold', 'rest', 'free'}
        A hold counts as work in the lines.
    ask : str
        What to do in this phase, in one line; empty where the set-up says it.
    scheme : {'both', 'alternating', 'single', 'left', 'right'} or None
        Who works in this phase; None as in the whole programme.
    reps : int or None
        What is asked for in one set, of each working side; the number shown after "of". None is open-ended.
    sets : int
    rest_s : float
        Planned rest after each set, in seconds; in a phase of rest, how long it lasts.
    hold_s : float or None
        Seconds that each rep is held, in programmes of holds.
    tempo : Tempo or None
        Rhythm of the go while nothing fires; None is the person's own pace throughout.
    max_squeezes, max_s : int, float
        Where a wake-up phase ends kindly if the sleepy side has not joined (design, section 5).
    feedback : {'full', 'bandwidth', 'none'}
    test_reps : int
        Reps of every ten that are silent, to see what stays without feedback.
    seed : int
        Draws which reps these are.
    """

    kind: ProgrammePhase
    reps: Count | None = None
    sets: Count = 1
    rest_s: Rest = 0.0
    hold_s: Seconds | None = None
    tempo: Tempo | None = None
    max_squeezes: Count = 60
    max_s: Seconds = 480.0
    feedback: Feedback = "full"
    ask: str = ""
    scheme: Sides | None = None
    test_reps: OfTen = 0
    seed: Seed = 1

    def __post_init__(self) -> None:
        if self.kind == "hold" and self.hold_s is None:
            raise ValueError("a phase of holds needs hold_s, the seconds of one hold")
        if self.kind == "rest" and self.rest_s <= 0.0:
            raise ValueError("a phase of rest needs rest_s, its seconds")

    @property
    def line_kind(self) -> PhaseKind:
        """What the lines of its reps call it."""
        return "work" if self.kind == "hold" or self.kind == "rest" else self.kind


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exercise asks for.

    Attributes
    ----------
    id, title, purpose, position : str
    step : {'check', 'wake', 'hold', 'side', 'integrate', 'free'}
        Where it belongs on the way.
    muscle : {'gluteus maximus', 'gluteus medius'}
        The target under the electrodes of both sides; another one than before needs new pads and a new reference.
    scheme : {'both', 'alternating', 'single', 'left', 'right'}
    first : {'left', 'right'}
        Which side begins where they take turns.
    phases : tuple of Phase
    compensators : tuple of {'adductor', 'hamstring', 'erector', 'tfl', 'quad'}
        Muscles that tend to take over in this exercise.
    target_pct : float
        Goal line in % of the reference.
    target_locked : bool
        Whether the goal stays as it is.
    compensator_line_pct : float
        A compensator above it takes over.
    effort_floor_pct : float
        Least effort of a counted rep: 10 in squeezes and clenches, 20 elsewhere (design, section 4).
    hints : tuple of Hint
        What to try next when the cue does not work, in this order.
    setup, cautions : tuple of str
    move_on : str
        When it is time for the next exercise.
    next : str
        Id of that exercise; empty without one.
    safety : str
    drawing : str
        Name of a drawing in ``assets/drawings/exercises``; empty without one.
    sensors : {'needed', 'optional'}
        Whether it can be done without, and is then marked "not measured".
    """

    id: Identifier
    title: Line
    purpose: str
    position: str
    phases: tuple[Phase, ...]
    muscle: Glute = "gluteus maximus"
    scheme: Sides = "both"
    compensators: tuple[Helper, ...] = ()
    target_pct: Percent = 30.0
    compensator_line_pct: Percent = 60.0
    effort_floor_pct: Percent = 20.0
    hints: tuple[Hint, ...] = ()
    setup: tuple[Line, ...] = ()
    cautions: tuple[Line, ...] = ()
    safety: Line = "Stop on pain, faintness or dizziness."
    step: Step = "free"
    first: Side = "left"
    target_locked: bool = False
    move_on: str = ""
    next: str = ""
    drawing: str = ""
    sensors: Sensors = "needed"

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError("a programme needs at least one [[phases]]")
        ids = [hint.id for hint in self.hints]
        if len(ids) > len(set(ids)):
            raise ValueError("two hints have the same id")

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that work in some phase."""
        alone = {self.scheme_of(phase) for phase in self.phases}
        if len(alone) == 1 and (only := next((side for side in SIDES if side in alone), None)):
            return (only,)
        return SIDES

    def scheme_of(self, phase: Phase) -> Sides:
        """Who works in one of its phases."""
        return phase.scheme or self.scheme


def parse_programme(text: str, origin: str) -> Programme:
    """Read a programme from TOML text; raises `ProgrammeError` with `origin`, line (or place) and reason."""
    try:
        return msgspec.convert(tomllib.loads(text), Programme)
    except msgspec.ValidationError as error:
        line = line_of(text, str(error))
        raise ProgrammeError(
            f"The programme {origin} is wrong{'' if line is None else f' in line {line}'}: {error}."
        ) from None
    except (ValueError, RecursionError) as error:  # also a number, or lists within lists, without end
        raise ProgrammeError(f"The programme {origin} is not valid TOML: {error}; mend it there.") from None


def line_of(text: str, reason: str) -> int | None:
    """Find the line of the key that msgspec names, as in "... - at `$.phases[0].reps`"; None where it names none."""
    path = re.search(r"`\$\.([^`]+)`$", reason)
    unknown = re.search(r"unknown field `(\w+)`", reason)
    if path is None and unknown is None:
        return None
    keys = re.findall(r"\w+", path.group(1)) if path is not None else []
    lines = text.splitlines()
    first = 0
    if len(keys) > 1 and keys[1].isdecimal():  # in an array of tables, each with a head of its own
        head = re.compile(rf"^\s*\[\[\s*{keys[0]}\s*\]\]")
        heads = [number for number, line in enumerate(lines) if head.match(line)]
        if int(keys[1]) < len(heads):
            first, keys = heads[int(keys[1])], keys[2:]
    names = [unknown.group(1)] if unknown is not None else keys[:1]
    if not names:
        return first + 1
    key = re.compile(rf"(^|[{{,])\s*{re.escape(names[0])}\s*=")
    return next((number + 1 for number in range(first, len(lines)) if key.search(lines[number])), None)
