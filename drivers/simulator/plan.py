"""What the simulated muscles do, squeeze by squeeze: the truth that a session is held against.

Every squeeze is drawn from the seed and its own number, so that any of them is known without the ones before and
without a single sample. The truth speaks of the body: with exchanged electrodes, ``left`` is still the left muscle.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from drivers.errors import SourceUriError
from drivers.simulator import people
from drivers.simulator.options import Options
from drivers.simulator.script import REACTION_S, SINGLE_HELP, Move
from drivers.uri import parse_uri

_LETTING_GO_S = 2.0
"""No muscle is at work for longer after the word to let go."""


@dataclass(frozen=True, slots=True)
class Squeeze:
    """One squeeze, as the body does it. Times are seconds of the source.

    Attributes
    ----------
    index : int
        Counted from 1.
    start_s, end_s : float
        The command to squeeze and the command to let go. Side-independent.
    ramp_s : float
        Time in which every muscle rises and falls, linearly in amplitude.
    onset_s : dict of str to (float or None)
        When the muscle of a site leaves rest. None for a side that sleeps.
    offset_s : dict of str to (float or None)
        When it is back at rest. None for a side that sleeps.
    amplitude_pct : dict of str to float
        Level of the plateau in % of the MVC of the muscle; of a sleeping side, the little that is left.
    asleep : tuple of str
        Sides that do not fire.
    fired : tuple of str
        Sides that do.
    """

    index: int
    start_s: float
    end_s: float
    ramp_s: float
    onset_s: dict[str, float | None]
    offset_s: dict[str, float | None]
    amplitude_pct: dict[str, float]
    asleep: tuple[str, ...]
    fired: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Make the object of one line of ``truth=FILE``."""
        return asdict(self) | {"asleep": list(self.asleep), "fired": list(self.fired)}


class Plan:
    """All squeezes of one source.

    Parameters
    ----------
    options : Options
    """

    def __init__(self, options: Options) -> None:
        self._options = options

    @property
    def duration_s(self) -> float:
        """When the source ends; ``inf`` if it does not."""
        if self._options.reps is None:
            return math.inf
        n_squeezes = self._options.reps + len(self._options.script.moves)
        return self.squeeze(n_squeezes).end_s + people.LEAD_OUT_S

    def __iter__(self) -> Iterator[Squeeze]:
        index = 1
        n_moves = len(self._options.script.moves)
        while self._options.reps is None or index <= self._options.reps + n_moves:
            yield self.squeeze(index)
            index += 1

    def overlapping(self, start_s: float, stop_s: float) -> list[Squeeze]:
        """Squeezes in which a muscle may be at work within ``[start_s, stop_s)``, in order."""
        script = self._options.script
        n_moves, begin_s = len(script.moves), script.end_s + people.LEAD_IN_S
        scripted = [
            index
            for index, move in enumerate(script.moves, 1)
            if move.start_s < stop_s and move.end_s + _LETTING_GO_S > start_s
        ]
        # Jitter and lateness move a muscle by less than a second; one squeeze more on either side is always enough.
        first = math.floor((start_s - begin_s) / self._options.period_s)
        last = math.floor((stop_s - begin_s) / self._options.period_s) + 2
        if self._options.reps is not None:
            last = min(last, self._options.reps)
        usual = range(max(first, 1) + n_moves, last + 1 + n_moves)
        return [self.squeeze(index) for index in (*scripted, *usual)]

    def squeeze(self, index: int) -> Squeeze:
        """Draw squeeze number `index`, counted from 1."""
        options = self._options
        rng = np.random.default_rng([options.seed, *b"squeeze", index])
        move = options.script.moves[index - 1] if index <= len(options.script.moves) else None
        n_before = len(options.script.moves)
        start_s = options.script.end_s + people.LEAD_IN_S + (index - 1 - n_before) * options.period_s
        end_s = round(start_s + rng.uniform(*people.SQUEEZE_S), 6)
        if move is not None:
            start_s, end_s = move.start_s + REACTION_S, move.end_s + REACTION_S
        ramp_s = round(rng.uniform(*people.RAMP_S), 6)
        common = rng.normal(0.0, people.COMMON_LOG_SD)
        # Always drawn for the whole body, so that leaving the compensators out changes nothing else.
        jitter_s = dict(
            zip(people.BODY, rng.normal(0.0, people.ONSET_JITTER_S, len(people.BODY)).tolist(), strict=True)
        )
        spread = dict(zip(people.BODY, rng.normal(0.0, 1.0, len(people.BODY)).tolist(), strict=True))
        earliest_s = max(jitter_s[side] for side in people.SIDES) - people.COMPENSATOR_LEAD_S

        asleep = self._asleep(index)
        onset_s: dict[str, float | None] = {}
        offset_s: dict[str, float | None] = {}
        amplitude_pct: dict[str, float] = {}
        for site in options.sites:
            if site in people.SIDES:
                delay_s = jitter_s[site] + self._lag_s(site)
                level = self._glute(site, site in asleep) * math.exp(common + people.SIDE_LOG_SD * spread[site])
                if move is not None:
                    level *= self._share(move, site, asleep)
            else:
                delay_s = max(jitter_s[site], earliest_s)
                level = self._compensator(site, index) * math.exp(people.COMPENSATOR_LOG_SD * spread[site])
            still = site in asleep or (move is not None and level == 0.0)
            onset_s[site] = None if still else round(start_s + delay_s, 6)
            offset_s[site] = None if still else round(end_s + ramp_s, 6)
            amplitude_pct[site] = round(100.0 * level, 4)
        fired = tuple(side for side in people.SIDES if onset_s[side] is not None)
        return Squeeze(index, start_s, end_s, ramp_s, onset_s, offset_s, amplitude_pct, asleep, fired)

    def _share(self, move: Move, side: str, asleep: tuple[str, ...]) -> float:
        """How much of a squeeze a side does in a scripted one."""
        if side in move.sides:
            return 1.0 / self._options.effort if move.maximal else 1.0
        # Whoever is asked for a cheek that sleeps tenses the other one instead.
        return SINGLE_HELP if any(asked in asleep for asked in move.sides) else 0.0

    def _asleep(self, index: int) -> tuple[str, ...]:
        scenario = self._options.scenario
        sleeps = scenario.asleep and not (scenario.wakes and index > self._options.wake)
        return scenario.affected if sleeps else ()

    def _lag_s(self, side: str) -> float:
        """How late `side` is; a negative lag of the affected side is a lag of the other one."""
        lag_s = self._options.lag_s if side == self._options.scenario.affected[0] else -self._options.lag_s
        return max(lag_s, 0.0)

    def _glute(self, side: str, asleep: bool) -> float:
        if asleep:
            return self._options.effort * people.ASLEEP_RATIO
        affected = side == self._options.scenario.affected[0]
        return self._options.effort * (self._options.ratio if affected else 1.0)

    def _compensator(self, site: str, index: int) -> float:
        scenario = self._options.scenario
        if site == scenario.taking_over:
            return people.TAKING_OVER
        hamstring = site.startswith("hamstring")
        eased = people.HAMSTRING if hamstring else people.ERECTOR
        working = people.HAMSTRING_WHILE_ASLEEP if hamstring else people.ERECTOR_WHILE_ASLEEP
        if self._asleep(index):
            return working
        if not scenario.wakes or not self._options.wake:
            return eased
        awake = index - self._options.wake  # 1 in the first squeeze after waking
        return eased + (working - eased) * max(0.0, 1.0 - awake / people.EASING_SQUEEZES)


def truth(uri_text: str, duration_s: float | None = None) -> list[Squeeze]:
    """List every squeeze that a simulated source will bring, without running it.

    Parameters
    ----------
    uri_text : str
        For example ``sim:waking-left?seed=1``.
    duration_s : float or None
        Leave out squeezes that end later; None needs the option ``reps``.

    Returns
    -------
    list of Squeeze

    Raises
    ------
    SourceUriError
        If the source is wrong, or neither it nor `duration_s` has an end.
    """
    plan = Plan(Options.read(parse_uri(uri_text, ("sim",))))
    end_s = plan.duration_s if duration_s is None else duration_s
    if math.isinf(end_s):
        raise SourceUriError(f"'{uri_text}' never ends: say reps=, or up to when the squeezes are wanted.")
    squeezes = []
    for squeeze in plan:
        if squeeze.end_s > end_s:
            break
        squeezes.append(squeeze)
    return squeezes
