"""What happened in a set, as the facts of three short sentences: who joined, how alike, what to do next. Pure.

The sentences themselves are made where a language is known; the same facts serve the voice, the screen and a picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

from app.session.events import SIDES, Rep, Scheme, Side, SideOrBoth
from app.session.flags import LATE_ENTER_MS, WEAK_BELOW_PCT

LEAST_LAGS: Final = 3
"""From so many reps on a usual lag or ratio is worth a sentence."""
MOST: Final = 0.8
"""Share of its squeezes in which a side has to join for it to be called joining."""

NextStep = Literal["softer", "wake", "together", "alike", "go-on", "tomorrow"]
"""What is worth trying next: less force where helpers took over, waking the side that did not join, starting together,
giving both the same, going on as it is; or tomorrow, after enough."""


@dataclass(frozen=True, slots=True)
class Told:
    """One counted squeeze, as the story needs it."""

    fired: frozenset[Side]
    rep: Rep | None
    asked: Scheme = "both"

    def __deepcopy__(self, memo: object) -> "Told":
        """Never changes, so that a standing that is kept costs nothing for its squeezes."""
        return self


@dataclass(frozen=True, slots=True)
class Joining:
    """In how many of the squeezes that asked for it one side joined, and in which best.

    The best one is counted from 1 within the set; None if the side never joined.
    """

    n: int
    of: int
    best: int | None

    @property
    def is_every(self) -> bool:
        """Whether it joined each time."""
        return self.n == self.of


@dataclass(frozen=True, slots=True)
class Story:
    """The facts of one set, or of a whole session.

    Attributes
    ----------
    set_number : int or None
        None for a wake-up phase, a check or the session as a whole.
    n : int
        Counted squeezes, those in which nothing fired too.
    sides : mapping of Side to Joining
        Of the sides that were asked for.
    about : Side or None
        The side that a sentence is about: the one that joined less often, is late or is less than the other.
    lag_ms : float or None
        Usual lag, without sign; None below three.
    later : Side or None
        The side that starts later by it.
    lsi_pct : float or None
        Usual symmetry.
    weaker : Side or None
    n_together : int
        Squeezes in which both started within 100 ms.
    woke_at : int or None
        In a wake-up phase: the first squeeze of the run that ended it.
    hint : str or None
        The hint after which the side woke, in the English words of the programme.
    next : NextStep
    each : tuple of (left, right)
        For the picture: level of each side in % in each squeeze; None where it did not fire or was not measured.
    """

    set_number: int | None
    n: int
    sides: Mapping[Side, Joining]
    about: Side | None
    lag_ms: float | None
    later: Side | None
    lsi_pct: float | None
    weaker: Side | None
    n_together: int
    woke_at: int | None
    hint: str | None
    next: NextStep
    each: tuple[tuple[float | None, float | None], ...]


def tell(
    squeezes: Sequence[Told],
    asked: Sequence[Side],
    *,
    set_number: int | None,
    flagged: SideOrBoth | None,
    woke_at: int | None = None,
    hint: str | None = None,
    enough: bool = False,
) -> Story:
    """Work out the facts.

    Parameters
    ----------
    squeezes : sequence of Told
        The counted ones, in order.
    asked : sequence of Side
        Sides that were measured and asked for.
    set_number : int or None
    flagged : {'left', 'right', 'both'} or None
        The side that sleeps, is late or is weak at the end.
    woke_at : int or None
    hint : str or None
    enough : bool
        Whether the wake-up phase ended without waking.
    """
    reps = [told.rep for told in squeezes if told.rep is not None]
    lags_ms = [rep.lag_ms for rep in reps if rep.lag_ms is not None]
    alike_pct = [rep.lsi_pct for rep in reps if rep.lsi_pct is not None and rep.ref != "session"]
    lag_ms = median(lags_ms) if len(lags_ms) >= LEAST_LAGS else None
    lsi_pct = median(alike_pct) if len(alike_pct) >= LEAST_LAGS else None
    joining = {side: _joining(squeezes, side) for side in asked}
    ratio = median([rep.lr_log for rep in reps if rep.lr_log is not None] or [0.0])
    later: Side | None = None if lag_ms is None else "left" if lag_ms > 0.0 else "right"
    weaker: Side | None = None if lsi_pct is None else "left" if ratio < 0.0 else "right"
    about = _about(joining, lag_ms, later, lsi_pct, weaker, flagged)
    return Story(
        set_number=set_number,
        n=len(squeezes),
        sides=joining,
        about=about,
        lag_ms=None if lag_ms is None else round(abs(lag_ms)),
        later=later,
        lsi_pct=None if lsi_pct is None else round(lsi_pct),
        weaker=weaker,
        n_together=sum(abs(lag) <= LATE_ENTER_MS for lag in lags_ms),
        woke_at=woke_at,
        hint=hint,
        next="tomorrow" if enough else _next(joining, reps, lag_ms, lsi_pct),
        each=tuple((_level(told, "left"), _level(told, "right")) for told in squeezes),
    )


def _joining(squeezes: Sequence[Told], side: Side) -> Joining:
    of = [told for told in squeezes if told.asked in ("both", side)]
    return Joining(sum(side in told.fired for told in of), len(of), _best(squeezes, side))


def _best(squeezes: Sequence[Told], side: Side) -> int | None:
    """The squeeze in which a side joined best: the most alike of those in time, else the strongest of all."""
    fired = [
        (number, told.rep) for number, told in enumerate(squeezes, 1) if side in told.fired and told.rep is not None
    ]
    in_time = [(number, rep) for number, rep in fired if rep.late != side and rep.lsi_pct is not None]
    if in_time:
        return max(in_time, key=lambda one: (one[1].clean, one[1].lsi_pct or 0.0))[0]
    return max(fired, key=lambda one: one[1].sides[side].peak_pct or 0.0)[0] if fired else None


def _about(
    joining: Mapping[Side, Joining],
    lag_ms: float | None,
    later: Side | None,
    lsi_pct: float | None,
    weaker: Side | None,
    flagged: SideOrBoth | None,
) -> Side | None:
    if len(joining) < len(SIDES):
        return next(iter(joining), None)
    shares = {side: joining[side].n / max(1, joining[side].of) for side in SIDES}
    if shares["left"] != shares["right"]:
        return "left" if shares["left"] < shares["right"] else "right"
    if flagged is not None and flagged != "both":
        return flagged
    if lag_ms is not None and abs(lag_ms) > LATE_ENTER_MS:
        return later
    return weaker if lsi_pct is not None and lsi_pct < WEAK_BELOW_PCT else None


def _next(
    joining: Mapping[Side, Joining], reps: Sequence[Rep], lag_ms: float | None, lsi_pct: float | None
) -> NextStep:
    took_over = sum(any(why.startswith("compensator:") for why in rep.not_clean) for rep in reps)
    if reps and 2 * took_over > len(reps):
        return "softer"
    if any(side.n < MOST * side.of for side in joining.values()):
        return "wake"
    if lag_ms is not None and abs(lag_ms) > LATE_ENTER_MS:
        return "together"
    return "alike" if lsi_pct is not None and lsi_pct < WEAK_BELOW_PCT else "go-on"


def _level(told: Told, side: Side) -> float | None:
    return told.rep.sides[side].mean_pct if told.rep is not None and side in told.fired else None
