"""The scale of a live session that nobody calibrated: made from the session itself, visibly, and then frozen.

Rest comes from the quietest moment so far. The reference is the largest level of *any* target side, one number for
both: with one reference per side a weak side would be measured against its own weakness. It grows for the first five
reps, then it is frozen; each change is an event. It comes down only where it was a multiple of a
rest that was none.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from app.session.calibration import Calibration
from app.session.events import SIDES
from app.session.tick import TICK_S, Float64Array, Scale
from dsp.envelope import MovingRms
from dsp.rest import QuietRest
from dsp.symmetry import REFERENCE_ERROR, reference_error

GROWS_FOR_REPS: Final = 5
LEAST_OVER_REST: Final = 8.0
"""Until a squeeze was seen, 100 % stands for eight times rest: noise alone must never fill the bar."""
GROWTH_STEP: Final = 1.05
"""A smaller change of the level is not worth a change of scale."""
SHORT_REST_S: Final = 0.2


def scale_of(calibration: Calibration, sites: tuple[str, ...]) -> Scale:
    """Lay a calibration out in site order; sites it does not know are NaN."""
    spread = np.array([reference_error(calibration.tries.get(site, [])) for site in sites])
    return Scale(
        rest=np.array([calibration.rest.get(site, np.nan) for site in sites]),
        reference=np.array([calibration.reference.get(site, np.nan) for site in sites]),
        reference_spread=spread,
        verdicts=calibration.method != "session",
        own_best=calibration.is_own_best,
    )


def start_scale(calibration: Calibration | None, sites: tuple[str, ...]) -> "tuple[Scale, SessionReference | None]":
    """The scale that a session begins with, and what makes it where nobody measured the rest of every glute."""
    targets = tuple(index for index, site in enumerate(sites) if site in SIDES)
    known = None if calibration is None else scale_of(calibration, sites)
    if known is not None and not np.isnan(known.rest[list(targets)]).any():
        return known, None
    growing = SessionReference(targets, len(sites), TICK_S, known)
    return growing.scale, growing


class SessionReference:
    """Grows a scale out of the running session.

    Parameters
    ----------
    targets : tuple of int
        Site indices that the common reference is taken from; other sites get a reference of their own.
    n_sites : int
    tick_s : float
    known : Scale or None
        A scale whose references are known and whose rest is not: the references stay, rest is found.

    Notes
    -----
    Rest is that of the first quiet 2.5 s (`dsp.rest.QuietRest`). Until there was such a moment - some start to squeeze
    at once, and some never rest that long - the quietest fifth of a second so far stands in for it.
    """

    def __init__(self, targets: tuple[int, ...], n_sites: int, tick_s: float, known: Scale | None = None) -> None:
        self._targets = list(targets)
        self._others = [site for site in range(n_sites) if site not in targets]
        self._reps = 0
        self._peak = np.zeros(n_sites)
        self._quiet_rest = QuietRest(n_sites, tick_s)
        self._short = MovingRms(round(SHORT_REST_S / tick_s), n_sites)
        self._quietest = np.full(n_sites, np.nan)
        unknown = np.full(n_sites, np.nan)
        self.scale = known or Scale(unknown, unknown, np.full(n_sites, REFERENCE_ERROR), verdicts=False)
        self._is_known = known is not None
        self._known_rest = self.scale.rest

    def count_rep(self) -> None:
        """A rep was counted; after the fifth the reference stays."""
        self._reps += 1

    @property
    def frozen(self) -> bool:
        """Whether the reference has stopped growing."""
        return self._is_known or self._reps >= GROWS_FOR_REPS

    def update(self, level: Float64Array, *, active: bool) -> bool:
        """Take one tick into account.

        Parameters
        ----------
        level : ndarray of float, shape (n_sites,)
            RMS of 100 ms now; NaN where there is no signal.
        active : bool
            Whether an attempt runs: what happens in it is no rest.

        Returns
        -------
        bool
            True if 100 % means something else than before.
        """
        rest = self._rest(level, active)
        if not self.frozen:
            self._peak = np.fmax(self._peak, level)
        reference = self.scale.reference.copy()
        before = self.scale.reference[self._targets]
        known = [site for site in self._targets if not np.isnan(rest[site])]
        if known and not self.frozen:
            common = max(self._peak[known].max(), LEAST_OVER_REST * rest[known].max())
            if _differs(common, reference[self._targets[0]]):
                reference[self._targets] = common
        for site in self._others:
            if not self.frozen and not np.isnan(rest[site]):
                own = max(self._peak[site], LEAST_OVER_REST * rest[site])
                if _differs(own, reference[site]):
                    reference[site] = own
        changed = not np.array_equal(reference, self.scale.reference, equal_nan=True)
        if changed or not np.array_equal(rest, self.scale.rest, equal_nan=True):
            self.scale = replace(self.scale, rest=rest, reference=reference)
        return not np.array_equal(reference[self._targets], before, equal_nan=True)

    def _rest(self, level: Float64Array, active: bool) -> Float64Array:
        steady = self._quiet_rest.process(level[np.newaxis], np.full((1, len(level)), active))[0]
        short = self._short.process(np.square(level)[np.newaxis])[0]
        self._quietest = np.fmin(self._quietest, np.where(short > 0.0, short, np.nan))  # no muscle rests at exactly 0
        found = np.where(np.isnan(steady), self._quietest, steady)
        rest: Float64Array = np.where(np.isnan(self._known_rest), found, self._known_rest)
        return rest


def _differs(level: float, reference: float) -> bool:
    """Whether a new reference is worth it; smaller only if what seemed to be rest was none, since peaks stay."""
    return np.isnan(reference) or not reference / GROWTH_STEP < level < GROWTH_STEP * reference


def told(scale: Scale, targets: Iterable[int], raw_to_uv: float | None) -> str:
    """Say what 100 % is now; `raw_to_uv` turns the stream's unit into microvolts, None if its gain is unknown."""
    largest = max(float(scale.reference[site]) for site in targets)
    now = f"{largest * (raw_to_uv or 1.0):.4g} {'µV' if raw_to_uv else 'counts'}"
    return f"100 % is now {now}, the same for every side: the largest level so far"
