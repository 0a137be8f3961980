"""What both sides do right now, on a scale that stands still while a step runs."""

import math
from collections.abc import Mapping
from typing import Final

from app.session.calibrating.findings import FIRES_OVER_REST, Findings
from app.session.calibrating.view import SideLive
from app.session.events import Side, Verdict
from app.session.tick import Float64Array

ROOM_OVER_REST: Final = 20.0
"""Before any squeeze the scale has room for twenty times rest: most comfortable squeezes lie below."""
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


def full_scale(findings: Findings, largest: Float64Array) -> float:
    """Level at which a live bar is full, one for both sides.

    Parameters
    ----------
    findings : Findings
    largest : ndarray of float64, shape (n_sites,)
        Largest level of every site in any squeeze so far, in the unit of the stream.

    Returns
    -------
    float
        The next of 1, 2, 5, 10, ... in the unit of the stream (and in microvolts, which are a power of ten of it) that
        neither the largest squeeze nor `ROOM_OVER_REST` exceeds; NaN while nothing is known.
    """
    levels = [float(largest[findings.column(side)]) for side in findings.sides]
    levels += [ROOM_OVER_REST * findings.rest(findings.column(side)) for side in findings.sides]
    known = [level for level in levels if level > 0.0]
    if not known:
        return math.nan
    decade = 10.0 ** math.floor(math.log10(max(known)))
    # a hair of tolerance: 50e-6 must stay 50e-6, whatever its decade is in binary
    return next(decade * step for step in _STEPS if decade * step >= max(known) * (1.0 - 1e-9))


def live_sides(
    findings: Findings,
    level: Float64Array,
    full: float,
    contacts: Mapping[str, tuple[Verdict, str]],
) -> dict[Side, SideLive]:
    """Make what each side shows.

    Parameters
    ----------
    findings : Findings
    level : ndarray of float64, shape (n_sites,)
        In the unit of the stream; NaN where there is no signal.
    full : float
        From `full_scale`; NaN while nothing is known.
    contacts : mapping of site to (Verdict, str)
    """
    live: dict[Side, SideLive] = {}
    for side in findings.sides:
        column = findings.column(side)
        now = float(level[column])
        known, rest = math.isfinite(now), findings.rest(column)
        verdict, text = contacts.get(findings.sites[column], (None, ""))
        live[side] = SideLive(
            level=now if known else None,
            bar=(min(1.2, now / full) if full > 0.0 else 0.0) if known else None,
            verdict=verdict,
            text=text,
            works=known and findings.fires(column, now),
            line=FIRES_OVER_REST * rest / full if full > 0.0 and rest > 0.0 else None,
        )
    return live
