"""What the page says about a session, as numbers: pure, from the lines of the session to `Facts`, without words."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

import msgspec

from app.recording.record import SessionRecord
from app.session.checks import PROGRAMME as CHECK
from app.session.checks import Check, check_of
from app.session.compensators import Compensator
from app.session.events import SIDES, Attempt, Gap, Latency, Quality, Rating, Rep, Side
from app.session.joining import joined_at

TOGETHER_MS: Final = 100.0
"""Goal of the lag between the sides (design, section 5)."""
LOST: Final = "signal lost"
_ALWAYS, _NEVER = 0.9, 0.1
"""Shares of the squeezes: nine in ten count as every one, one in ten as none."""
_FIRST: Final = 5

Joining = Literal["always", "from", "some", "never"]


@dataclass(frozen=True, slots=True)
class Squeeze:
    """One squeeze on the chart.

    Attributes
    ----------
    number : int or None
        Counted from 1; None where the signal was lost and nothing was counted.
    fired : frozenset of Side
    rep : Rep or None
        None where neither side fired.
    """

    number: int | None
    fired: frozenset[Side]
    rep: Rep | None

    def level_pct(self, side: Side) -> float | None:
        """Mean activation of a side in % of its reference; None where the data do not carry it."""
        if self.number is None or self.rep is None or side not in self.rep.sides:
            return None
        of_side = self.rep.sides[side]
        return None if of_side.state == "no-signal" else of_side.mean_pct

    def is_asked(self, side: Side) -> bool:
        """Whether this squeeze was one of that side."""
        return self.rep is None or self.rep.scheme in ("both", side)


@dataclass(frozen=True, slots=True)
class Joined:
    """In which squeezes a side fired.

    Attributes
    ----------
    how : {'always', 'from', 'some', 'never'}
    n_fired, n : int
    number : int or None
        With ``from``: the first squeeze of those in which it fired.
    """

    how: Joining
    n_fired: int
    n: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the page says about one session.

    Attributes
    ----------
    record : SessionRecord
    sides : tuple of Side
        Those that were measured, the involved one first.
    squeezes : tuple of Squeeze
    n : int
        Counted squeezes.
    joined : dict of Side to Joined
    is_check : bool
        Whether `numbers` are those of a check.
    numbers : Check or None
        Of the check, if the session had one; else of all its squeezes.
    lsi_at_first : float or None
        Symmetry of the first five reps.
    n_together, n_lags : int
        Reps within 100 ms, and reps with a lag.
    n_clean : int
    not_clean : tuple of (str, int)
        First reason of each squeeze that was not clean, the most frequent first.
    hint : str or None
        Id of what the person was told before the side joined.
    order_at_first, order : tuple of str
        Muscles in the order in which they started, in the first and in the last squeezes.
    helpers : dict of str to str
        Site of each other muscle, and what it did.
    n_lost : int
        Squeezes that were not counted because the signal was lost.
    missing_s : float
        Of the stream that misses most.
    n_gaps : int
    contact : dict of str to list of str
        Verdicts other than good, by site, in order of time.
    lag_pm_ms : float or None
        Usual half width of the 95 % interval of one lag.
    latency_ms : float or None
        Median from arrival to picture.
    pain : tuple of float
        First and last rating; empty without one.
    effort : float or None
        How hard it was, 0 to 10.
    felt : int or None
        Where it was felt, as in a ``felt`` rating.
    """

    record: SessionRecord
    sides: tuple[Side, ...]
    squeezes: tuple[Squeeze, ...]
    n: int
    joined: dict[Side, Joined]
    is_check: bool
    numbers: Check | None
    lsi_at_first: float | None
    n_together: int
    n_lags: int
    n_clean: int
    not_clean: tuple[tuple[str, int], ...]
    hint: str | None
    order_at_first: tuple[str, ...]
    order: tuple[str, ...]
    helpers: dict[str, str]
    n_lost: int
    missing_s: float
    n_gaps: int
    contact: dict[str, list[str]] = field(default_factory=dict)
    lag_pm_ms: float | None = None
    latency_ms: float | None = None
    pain: tuple[float, ...] = ()
    effort: float | None = None
    felt: int | None = None

    @property
    def later_side(self) -> Side | None:
        """The side that usually starts later; None without a lag."""
        lag_ms = None if self.numbers is None else self.numbers.lag_ms
        return None if not lag_ms else "left" if lag_ms > 0 else "right"


def gather(record: SessionRecord, involved: Side | None = None) -> Facts:
    """Work out what the page says.

    Parameters
    ----------
    record : SessionRecord
    involved : {'left', 'right'} or None
        The side that a therapist calls the involved one; it comes first.
    """
    measured = {channel.site for channel in record.started.channels}
    first: Side = involved or "left"
    sides = tuple(side for side in sorted(SIDES, key=lambda side: side != first) if side in measured)
    squeezes = _squeezes(record.of(Attempt), record.of(Rep))
    counted = [squeeze for squeeze in squeezes if squeeze.number is not None]
    joined = {side: _joined([squeeze for squeeze in counted if squeeze.is_asked(side)], side) for side in sides}
    reps = [squeeze.rep for squeeze in counted if squeeze.rep is not None]
    lags = [rep.lag_ms for rep in reps if rep.lag_ms is not None]
    own_check = check_of(record.started, record.events)
    both = [rep for rep in reps if rep.lag_status in ("ok", "not-synced")]
    early, late = _halves(counted, joined)
    latencies = [line.arrival_to_snapshot_ms.p50 for line in record.of(Latency) if line.arrival_to_snapshot_ms]
    ratings = {
        kind: [rating.value for rating in record.of(Rating) if rating.kind == kind]
        for kind in ("pain", "effort", "felt")
    }
    pain = ratings["pain"]
    gaps = record.of(Gap)
    return Facts(
        record=record,
        sides=sides,
        squeezes=tuple(squeezes),
        n=len(counted),
        joined=joined,
        is_check=own_check is not None,
        numbers=own_check or _numbers_of(record, [squeeze for squeeze in counted if squeeze.rep in both]),
        lsi_at_first=_lsi_of(record, counted[:_FIRST]),
        n_together=sum(abs(lag_ms) < TOGETHER_MS for lag_ms in lags),
        n_lags=len(lags),
        n_clean=sum(rep.clean for rep in reps),
        not_clean=_reasons(counted, joined),
        hint=_hint_of(counted, joined),
        order_at_first=_order(early),
        order=_order(late),
        helpers=_helpers(reps),
        n_lost=len(squeezes) - len(counted),
        missing_s=max(record.missing_s.values(), default=0.0),
        n_gaps=len(gaps),
        contact=_contact(record.of(Quality)),
        lag_pm_ms=median(pms) if (pms := [rep.lag_pm_ms for rep in reps if rep.lag_pm_ms is not None]) else None,
        latency_ms=latencies[-1] if latencies else None,
        pain=(pain[0], pain[-1]) if pain else (),
        effort=ratings["effort"][-1] if ratings["effort"] else None,
        felt=round(ratings["felt"][-1]) if ratings["felt"] else None,
    )


def _squeezes(attempts: Sequence[Attempt], reps: Sequence[Rep]) -> list[Squeeze]:
    starts = [attempt.start_s for attempt in attempts]
    # A rep begins with its first glute, so inside its attempt, which may have begun with a helper.
    rep_of = {bisect_right(starts, rep.start_s + 1e-3) - 1: rep for rep in reps}
    squeezes: list[Squeeze] = []
    number = 0
    for index, attempt in enumerate(attempts):
        if not attempt.counted and attempt.why != LOST:
            continue
        number += attempt.counted
        shown = number if attempt.counted else None
        squeezes.append(Squeeze(shown, frozenset(attempt.fired), rep_of.get(index)))
    return squeezes


def _joined(squeezes: Sequence[Squeeze], side: Side) -> Joined:
    fired = [side in squeeze.fired for squeeze in squeezes]
    n, n_fired = len(fired), sum(fired)
    if not n or n_fired <= _NEVER * n:
        return Joined("never", n_fired, n)
    if n_fired >= _ALWAYS * n:
        return Joined("always", n_fired, n)
    at = joined_at(fired)
    if at is not None:
        return Joined("from", n_fired, n, squeezes[at].number)
    return Joined("some", n_fired, n)


def _numbers_of(record: SessionRecord, squeezes: Sequence[Squeeze]) -> Check | None:
    """The numbers of a check, worked out for squeezes that were none: one formula for both."""
    started = msgspec.structs.replace(record.started, programme=CHECK)
    attempts = [attempt for attempt in record.of(Attempt) if attempt.counted]
    reps = [msgspec.structs.replace(squeeze.rep, phase="check") for squeeze in squeezes if squeeze.rep is not None]
    return check_of(started, [*attempts, *reps])


def _lsi_of(record: SessionRecord, squeezes: Sequence[Squeeze]) -> float | None:
    numbers = _numbers_of(record, squeezes)
    return None if numbers is None else numbers.lsi_pct


def _from_number(joined: dict[Side, Joined]) -> int | None:
    return max((of_side.number for of_side in joined.values() if of_side.number is not None), default=None)


def _reasons(squeezes: Sequence[Squeeze], joined: dict[Side, Joined]) -> tuple[tuple[str, int], ...]:
    reasons: Counter[str] = Counter()
    for squeeze in squeezes:
        if squeeze.rep is None:
            reasons["neither"] += 1
        elif not squeeze.rep.clean and squeeze.rep.not_clean:
            what, _, where = squeeze.rep.not_clean[0].partition(":")
            reasons[f"muscle:{where.rpartition('-')[0]}" if what == "compensator" else f"{what}:{where}"] += 1
    return tuple(reasons.most_common())


def _hint_of(squeezes: Sequence[Squeeze], joined: dict[Side, Joined]) -> str | None:
    number = _from_number(joined)
    for squeeze in squeezes:
        if squeeze.number == number and squeeze.rep is not None:
            return squeeze.rep.hint
    return None


def _halves(squeezes: Sequence[Squeeze], joined: dict[Side, Joined]) -> tuple[list[Rep], list[Rep]]:
    """Reps before and after the last side joined; the first and the last third where none did."""
    reps = [(squeeze.number or 0, squeeze.rep) for squeeze in squeezes if squeeze.rep is not None]
    number = _from_number(joined)
    if number is not None:
        return [rep for n, rep in reps if n < number], [rep for n, rep in reps if n >= number]
    third = max(1, len(reps) // 3)
    return [rep for _, rep in reps[:third]], [rep for _, rep in reps[-third:]]


def _order(reps: Sequence[Rep]) -> tuple[str, ...]:
    """Muscles by their usual start within a squeeze; those that started in fewer than half are left out."""
    starts: dict[str, list[float]] = {}
    for rep in reps:
        earliest: dict[str, float] = {}
        for site, of_site in (*rep.sides.items(), *rep.compensators.items()):
            if of_site.onset_s is not None:
                muscle = site if site in SIDES else site.rpartition("-")[0]
                earliest[muscle] = min(earliest.get(muscle, of_site.onset_s), of_site.onset_s)
        for muscle, onset_s in earliest.items():
            starts.setdefault(muscle, []).append(onset_s - rep.start_s)
    usual = {muscle: median(of_muscle) for muscle, of_muscle in starts.items() if 2 * len(of_muscle) >= len(reps)}
    return tuple(sorted(usual, key=usual.__getitem__))


def _helpers(reps: Sequence[Rep]) -> dict[str, str]:
    """What each other muscle did over the squeezes, as the strip of the Train page says it."""
    levels: dict[str, list[float]] = {}
    for rep in reps:
        for site, of_site in rep.compensators.items():
            if of_site.mean_pct is not None and not site.startswith("lat-"):
                levels.setdefault(site, []).append(of_site.mean_pct)
    words: dict[str, str] = {}
    for site, of_site_pct in levels.items():
        helper = Compensator(line_pct=_LINE_PCT)
        for level_pct in of_site_pct:
            helper.update(level_pct)
        words[site] = helper.word(None)
    return words


_LINE_PCT: Final = 60.0
"""`app.session.programme.Programme.compensator_line_pct`, which the lines of a session do not carry."""


def _contact(verdicts: Sequence[Quality]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for quality in verdicts:
        if quality.verdict != "ok":
            found.setdefault(quality.site, []).append(quality.verdict)
    return found
