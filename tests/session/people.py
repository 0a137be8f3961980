"""People made of envelope frames: what the signal chain would tell the coach, at a thousandth of the cost of samples.

The numbers are those of the simulator's people (design, section 3), made anew here so that neither proves itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.session.calibration import Calibration
from app.session.coach import Coach
from app.session.events import Attempt, Cue, Event, Rep
from app.session.programme import Phase, Programme, Tempo, parse_programme
from app.session.reference import scale_of
from app.session.tick import TICK_S, Edge, Ticks
from dsp.onset import DetectorParameters, HopDetector
from dsp.symmetry import BANDWIDTH_HZ

FloatArray = npt.NDArray[np.float64]

PROGRAMMES = Path(__file__).resolve().parents[2] / "assets" / "programmes"
MVC, REST = 100e-6, 5e-6
EFFORT, COMMON_SD, SIDE_SD, JITTER_S, RAMP_S = 0.40, 0.15, 0.15, 0.030, (0.080, 0.300)
LATE_S, WEAK, ASLEEP = 0.250, 0.5, 0.1
SQUEEZE_S, PERIOD_S = 1.2, 2.0
HELPER_AT_WORK, HELPER_AT_REST = 0.45, 0.10
FREE = Programme("free", "Free", "", "any", (Phase("free"),), compensators=("hamstring",), effort_floor_pct=10.0)
PACED = Programme(
    "paced", "Paced", "", "any", (Phase("wake-up", reps=30, tempo=Tempo()),), compensators=("hamstring",),
    effort_floor_pct=10.0,
)  # fmt: skip
BOTH: tuple[str, ...] = ("left", "right")
WITH_HELPER: tuple[str, ...] = ("left", "right", "hamstring-left")


@dataclass(frozen=True)
class Person:
    """Who squeezes: shares of the usual effort, lateness, which glutes sleep, and for how many squeezes that lasts."""

    sites: tuple[str, ...] = BOTH
    ratio: dict[str, float] = field(default_factory=dict)
    late_s: dict[str, float] = field(default_factory=dict)
    asleep: tuple[str, ...] = ()
    wakes_after: int = 10**6
    reference_sd: float = 0.04
    side_sd: float = SIDE_SD
    lapses: float = 0.0
    """Share of the squeezes in which the left side does not join, by chance."""


HEALTHY = Person()
SLEEPY_LEFT = Person(asleep=("left",))
SLEEPY_BOTH = Person(asleep=BOTH)
SLEEPY_BOTH_WITH_HELPER = Person(sites=WITH_HELPER, asleep=BOTH)
LATE_LEFT = Person(late_s={"left": LATE_S})
WEAK_LEFT = Person(ratio={"left": WEAK})
WAKING_LEFT = Person(asleep=("left",), wakes_after=12)
WAKING_BOTH_WITH_HELPER = Person(sites=WITH_HELPER, asleep=BOTH, wakes_after=12)


@dataclass(frozen=True)
class Frames:
    """A whole session in ticks, and the commands to squeeze that lie behind it."""

    sites: tuple[str, ...]
    calibration: Calibration
    energy: FloatArray
    level: FloatArray
    edges: dict[int, list[Edge]]
    commands_s: FloatArray
    fired: tuple[tuple[str, ...], ...]
    """Glutes that took part in each squeeze."""


def _moving_rms(energy: FloatArray, n_ticks: int) -> FloatArray:
    total = np.cumsum(np.vstack([np.zeros((n_ticks, energy.shape[1])), energy]), axis=0)
    mean = (total[n_ticks:] - total[:-n_ticks]) / n_ticks
    rms: FloatArray = np.sqrt(np.maximum(mean, 1e-18))
    return rms


def _onset_back(energy: FloatArray, level: FloatArray, end: int) -> int:
    """Ticks between the likeliest onset and the decision: the likelihood of `dsp.onset.back_date`, on frames."""
    noise = max(REST**2, float(np.percentile(level[max(0, end - 200) : end], 20)) ** 2)
    recent = energy[max(0, end - 80) : end][::-1]
    n = np.arange(1, len(recent) + 1)
    ratio = np.maximum(np.cumsum(recent) / n / noise, 1.0)
    likelihood = n * (ratio - 1.0 - np.log(ratio))
    return 3 + int(np.argmax(likelihood[2:]))


def frames(person: Person, n_squeezes: int, seed: int, *, lead_s: float = 1.0, tail_s: float = 1.0) -> Frames:
    """Let `person` squeeze; the same seed gives the same frames."""
    random = np.random.default_rng(seed)
    n_sites = len(person.sites)
    commands_s: FloatArray = lead_s + PERIOD_S * np.arange(n_squeezes, dtype=np.float64)
    n_ticks = round((lead_s + PERIOD_S * n_squeezes + tail_s) / TICK_S)
    tick_s = TICK_S * np.arange(n_ticks)[:, np.newaxis]
    effort = np.zeros((n_ticks, n_sites))
    fired: list[tuple[str, ...]] = []
    for number, command_s in enumerate(commands_s):
        troubled = number < person.wakes_after
        sleeping = set(person.asleep) if troubled else set()
        if person.lapses and random.random() < person.lapses:
            sleeping.add("left")
        fired.append(tuple(site for site in BOTH if site not in sleeping))
        common, ramp_s = random.normal(0.0, COMMON_SD), random.uniform(*RAMP_S)
        share = EFFORT * np.exp(common + random.normal(0.0, person.side_sd, n_sites))
        start_s = command_s + random.normal(0.0, JITTER_S, n_sites)
        for index, site in enumerate(person.sites):
            if site in BOTH:
                share[index] *= ASLEEP if site in sleeping else person.ratio.get(site, 1.0) if troubled else 1.0
                start_s[index] += person.late_s.get(site, 0.0) if troubled else 0.0
            else:
                share[index] = HELPER_AT_WORK if sleeping else HELPER_AT_REST
        first, last = round((command_s - 0.5) / TICK_S), round((command_s + PERIOD_S - 0.5) / TICK_S)
        now = tick_s[max(0, first) : last]
        shape = np.clip((now - start_s) / ramp_s, 0.0, 1.0) * np.clip(
            (command_s + SQUEEZE_S + ramp_s - now) / ramp_s, 0.0, 1.0
        )
        effort[max(0, first) : last] = share * shape
    freedom = BANDWIDTH_HZ * TICK_S
    energy = (REST**2 + (MVC * effort) ** 2) * random.standard_gamma(freedom, effort.shape) / freedom
    tries = MVC * np.exp(random.normal(0.0, person.reference_sd * np.sqrt(3.0), (3, n_sites)))
    calibration = Calibration(
        id="people",
        method="best-clench",
        rest=dict.fromkeys(person.sites, REST),
        reference={site: float(np.exp(np.log(tries[:, index]).mean())) for index, site in enumerate(person.sites)},
        tries={site: tries[:, index].tolist() for index, site in enumerate(person.sites)},
    )
    level = _moving_rms(energy, 20)
    return Frames(
        person.sites, calibration, energy, level, _edges(energy, level, calibration), commands_s, tuple(fired)
    )


def _edges(energy: FloatArray, level: FloatArray, calibration: Calibration) -> dict[int, list[Edge]]:
    parameters = DetectorParameters.for_onsets(1000.0)
    detector = HopDetector(energy.shape[1], TICK_S, parameters)
    detector.set_levels(list(calibration.rest.values()), list(calibration.reference.values()))
    decided = detector.process(_moving_rms(energy, 10), level)
    edges: dict[int, list[Edge]] = {}
    for tick, site in np.argwhere(decided.went_on | decided.went_off).tolist():
        rises = bool(decided.went_on[tick, site])
        back_s = TICK_S * _onset_back(energy[:, site], level[:, site], tick + 1) if rises else parameters.off_lag_s
        edges.setdefault(tick, []).append(Edge(site, rises, (tick + 1) * TICK_S - back_s))
    return edges


def coach_for(made: Frames, programme: Programme = FREE) -> Coach:
    """A coach who knows that person's calibration."""
    scale = scale_of(made.calibration, made.sites)
    return Coach(programme, made.sites, scale, raw_to_uv=1e6, method=made.calibration.method, skip_rests=True)


def ticks(made: Frames, first: int, last: int, lost: dict[int, set[int]] | None = None) -> Ticks:
    """Ticks [first, last) of a session; `lost` names lost sites by tick."""
    energy, level = made.energy[first:last].copy(), made.level[first:last].copy()
    gone = np.zeros(energy.shape, np.bool_)
    for tick, sites in (lost or {}).items():
        if first <= tick < last:
            gone[tick - first, list(sites)] = True
    energy[gone] = level[gone] = np.nan
    edges = {tick - first: found for tick, found in made.edges.items() if first <= tick < last}
    return Ticks(energy, level, gone, edges)


def play(
    coach: Coach, made: Frames, *, lost: dict[int, set[int]] | None = None, n_ticks: int = 1
) -> Iterator[list[Event]]:
    """Feed the coach some ticks at a time; yields what each of them made happen."""
    for first in range(0, len(made.level), n_ticks):
        yield coach.advance(ticks(made, first, min(first + n_ticks, len(made.level)), lost), 0.0)


def train(
    person: Person, n_squeezes: int, seed: int = 1, programme: Programme = FREE, **times: float
) -> tuple[Coach, list[Event]]:
    """A whole session of one person, to its end."""
    made = frames(person, n_squeezes, seed, **times)
    coach = coach_for(made, programme)
    events = coach.advance(ticks(made, 0, len(made.level)), 0.0)
    return coach, events + coach.finish(coach.track.n_ticks * TICK_S)


def cues(events: Sequence[Event]) -> list[Cue]:
    return [event for event in events if isinstance(event, Cue)]


def reps(events: Sequence[Event]) -> list[Rep]:
    return [event for event in events if isinstance(event, Rep)]


def attempts(events: Sequence[Event]) -> list[Attempt]:
    return [event for event in events if isinstance(event, Attempt)]


def shipped(name: str) -> Programme:
    """A programme that comes with the application."""
    return parse_programme((PROGRAMMES / f"{name}.toml").read_text(encoding="utf-8"), name)
