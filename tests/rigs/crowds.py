"""Crowds of simulated people, and how often the coach is right about them: the figures that the coach promises.

Everybody is made of envelope frames (`tests.session.people`), each from a seed of their own, and goes through attempts,
scoring, flags, cues and waking. One table holds every promise; tests try a small crowd, ``bench people`` a large one.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean, median, stdev
from typing import Final, Literal

from app.session.coach import Coach
from app.session.events import Cue, Event
from tests.session.people import (
    FREE,
    HEALTHY,
    PACED,
    SLEEPY_BOTH_WITH_HELPER,
    Frames,
    Person,
    attempts,
    coach_for,
    cues,
    frames,
    reps,
    ticks,
)

FIRST_SEED: Final = 700_000
JUDGED_BY_S: Final = 1.75
"""A squeeze is judged by so many seconds after its command."""
AT_ITS_TIME_S: Final = 0.4
REFERENCE_ERROR: Final = 0.08
PERIOD_S: Final = 2.0
CORRECTIVE: Final = ("not-firing", "late", "low")

Kind = Literal["share", "mean", "median"]


@dataclass(frozen=True)
class Promise:
    """One figure.

    Attributes
    ----------
    name : str
    kind : {'share', 'mean', 'median'}
        Of what `one` says of everybody.
    bound : float
    least : bool
        Whether the figure must not lie below its bound; else not above.
    one : callable
        From a seed to a number; 0 or 1 for a share.
    """

    name: str
    kind: Kind
    bound: float
    least: bool
    one: Callable[[int], float]

    def measure(self, n_people: int, first_seed: int = FIRST_SEED, jobs: int = 1) -> "Figure":
        """Ask a crowd."""
        seeds = range(first_seed, first_seed + n_people)
        if jobs == 1:
            return Figure(self, [self.one(seed) for seed in seeds])
        with ProcessPoolExecutor(jobs) as pool:
            return Figure(self, list(pool.map(self.one, seeds, chunksize=max(1, n_people // (8 * jobs)))))


@dataclass(frozen=True)
class Figure:
    """What a crowd made of a promise."""

    promise: Promise
    values: Sequence[float]

    @property
    def value(self) -> float:
        """The figure itself."""
        return median(self.values) if self.promise.kind == "median" else fmean(self.values)

    @property
    def error(self) -> float:
        """One standard error: binomial of a share, of a mean, half the order-statistics interval of a median."""
        n = len(self.values)
        if self.promise.kind == "share":
            return math.sqrt(max(self.value * (1.0 - self.value), 1.0 / n) / n)
        if self.promise.kind == "mean":
            return stdev(self.values) / math.sqrt(n)
        ordered, half = sorted(self.values), math.sqrt(n) / 2.0
        return (ordered[min(n - 1, math.ceil(n / 2 + half))] - ordered[max(0, math.floor(n / 2 - half))]) / 2.0

    @property
    def holds(self) -> bool:
        """Whether the crowd keeps the promise as it stands."""
        return self.value >= self.promise.bound if self.promise.least else self.value <= self.promise.bound

    @property
    def is_refuted(self) -> bool:
        """Whether the promise is surely not kept: three standard errors beyond, as there are two dozen of them."""
        beyond = self.promise.bound - self.value if self.promise.least else self.value - self.promise.bound
        n, bound = len(self.values), self.promise.bound
        error = math.sqrt(bound * (1.0 - bound) / n) if self.promise.kind == "share" else self.error
        return beyond > 3.0 * error


def session(person: Person, n_squeezes: int, seed: int, *, paced: bool = False) -> tuple[Coach, list[Event], Frames]:
    """One person's set, judged."""
    made = frames(person, n_squeezes, seed)
    coach = coach_for(made, PACED if paced else FREE)
    return coach, coach.advance(ticks(made, 0, len(made.level)), 0.0), made


def is_exact(person: Person, seed: int) -> float:
    """Whether every squeeze of a set of 20 is one counted attempt at its time, and a rep if a glute took part."""
    _, events, made = session(person, 20, seed)
    found = attempts(events)
    in_place = len(found) == len(made.fired) and all(
        one.counted and abs(one.start_s - command_s) < AT_ITS_TIME_S
        for one, command_s in zip(found, made.commands_s.tolist(), strict=True)
    )
    return float(in_place and len(reps(events)) == sum(bool(fired) for fired in made.fired))


def is_named(person: Person, side: str, seed: int) -> float:
    """Whether by the eighth squeeze just that side is named."""
    coach, _, _ = session(replace(person, reference_sd=REFERENCE_ERROR), 8, seed)
    return float(coach.flags.ever_sleeping_side == side)


def is_nagged(reference_error: float, seed: int) -> float:
    """Whether a healthy person hears of a late or low side in a set of 30."""
    _, events, _ = session(replace(HEALTHY, reference_sd=reference_error), 30, seed)
    return float(any(cue.kind in ("late", "low") for cue in cues(events)))


def cues_in_100(reference_error: float, seed: int) -> float:
    """Corrective cues of a healthy person in 100 reps."""
    _, events, _ = session(replace(HEALTHY, reference_sd=reference_error), 30, seed)
    return 100.0 / 30.0 * sum(cue.kind in CORRECTIVE for cue in cues(events))


def is_let_alone(person: Person, seed: int) -> float:
    """Whether after a step to healthy, before the 13th squeeze, nothing is heard from the third one on."""
    better_at = 12
    _, events, _ = session(replace(person, wakes_after=better_at, reference_sd=REFERENCE_ERROR), 20, seed)
    quiet_from_s = 1.0 + PERIOD_S * (better_at + 1) + JUDGED_BY_S
    return float(all(cue.t_s < quiet_from_s for cue in _corrective(events)))


def _corrective(events: Sequence[Event]) -> list[Cue]:
    return [cue for cue in cues(events) if cue.kind in CORRECTIVE]


def wake_up_squeezes(lapses: float, seed: int) -> float:
    """Squeezes that the wake-up phase takes of somebody awake who lapses now and then; 31 where 30 were too few."""
    coach, _, _ = session(Person(lapses=lapses), 30, seed, paced=True)
    wake_up = coach.guidance.wake_up
    return 31.0 if wake_up.woke_at is None else float(wake_up.tried)


def _mirrored(person: Person) -> Person:
    other = {"left": "right", "right": "left"}
    return replace(
        person,
        ratio={other[side]: value for side, value in person.ratio.items()},
        late_s={other[side]: value for side, value in person.late_s.items()},
        asleep=tuple(other[side] for side in person.asleep),
    )


ASLEEP: Final = Person(asleep=("left",))
WEAK: Final = Person(ratio={"left": 0.5})
LATE: Final = Person(late_s={"left": 0.250})
WAKING: Final = Person(asleep=("left",), wakes_after=10)
_TROUBLED: Final = (("asleep 0.1", ASLEEP), ("ratio 0.5", WEAK), ("late 250 ms", LATE))

PROMISES: Final[tuple[Promise, ...]] = (
    *(
        Promise(f"attempts and reps of a set exact, {name}", "share", 0.99, True, partial(is_exact, person))
        for name, person in (
            ("healthy", HEALTHY),
            ("left asleep", ASLEEP),
            ("left waking", WAKING),
            ("both asleep", SLEEPY_BOTH_WITH_HELPER),
            ("left late", LATE),
            ("left weak", WEAK),
        )
    ),
    *(
        Promise(f"left named by rep 8, {name}", "share", 0.97, True, partial(is_named, person, "left"))
        for name, person in (*_TROUBLED, ("late 150 ms", Person(late_s={"left": 0.150})))
    ),
    *(
        Promise(f"right named by rep 8, {name}", "share", 0.97, True, partial(is_named, _mirrored(person), "right"))
        for name, person in _TROUBLED
    ),
    Promise(
        "both named by rep 8, asleep 0.1", "share", 0.97, True, partial(is_named, SLEEPY_BOTH_WITH_HELPER, "both")
    ),
    *(
        Promise(f"healthy set with a low or late cue, reference ±{100 * error:g} %", "share", most, False,
                partial(is_nagged, error))
        for error, most in ((0.04, 0.015), (0.08, 0.04), (0.15, 0.07), (0.20, 0.07))
    ),
    Promise("corrective cues in 100 healthy reps, reference ±4 %", "mean", 1.0, False, partial(cues_in_100, 0.04)),
    *(
        Promise(f"no cue after the second rep awake, {name}", "share", 0.97, True, partial(is_let_alone, person))
        for name, person in (*_TROUBLED, ("both asleep 0.1", SLEEPY_BOTH_WITH_HELPER))
    ),
    Promise("wake-up squeezes of somebody awake, 80 % good", "median", 6.0, False, partial(wake_up_squeezes, 0.2)),
)  # fmt: skip
