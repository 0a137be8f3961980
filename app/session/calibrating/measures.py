"""What the engine measures, as a calibration takes it, and what a calibration keeps of each step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from app.session.events import Verdict
from app.session.tick import TICK_S, Float64Array, Ticks
from dsp.movement import N_COLUMNS, count_touches, moved_one, movement_strength

BEAT_TICKS: Final = 10
BEAT_S: Final = BEAT_TICKS * TICK_S
"""Everything is judged in beats of 50 ms, so that the size of blocks changes nothing."""
TRY_S: Final = 1.0
"""A try is the largest RMS of a second: shorter windows flatter it by up to 45 % (dsp.md, section 1)."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What came in since the last time; sites in the same order everywhere.

    Attributes
    ----------
    ticks : Ticks
    movement : ndarray of float64, shape (n_windows, 3, n_sites)
        From `dsp.movement.Movement`, in the unit of the stream; NaN for sites that it does not tell of.
    contacts : mapping of str to (Verdict, str)
        Verdict and sentence of every site that was judged.
    hum : mapping of str to float
        RMS of the mains of every site, in the unit of the stream.
    """

    ticks: Ticks
    movement: Float64Array
    contacts: Mapping[str, tuple[Verdict, str]] = field(default_factory=dict)
    hum: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one finished step has brought, by site.

    Attributes
    ----------
    best : ndarray of float64, shape (n_sites,)
        Largest RMS of 1 s; NaN where no whole second was measured.
    quietest : ndarray of float64, shape (n_sites,)
        Smallest RMS of half of the step.
    moved : ndarray of float64, shape (n_sites,)
        `dsp.movement.movement_strength`.
    contacts : mapping of str to Verdict
    hum : mapping of str to float
        As they were when it was measured last, before letting go.
    """

    best: Float64Array
    quietest: Float64Array
    moved: Float64Array
    contacts: Mapping[str, Verdict]
    hum: Mapping[str, float]


class Gathering:
    """Collects one step.

    Parameters
    ----------
    n_sites : int
    """

    def __init__(self, n_sites: int) -> None:
        self._n_sites = n_sites
        self._energy: list[Float64Array] = []
        self._movement: list[Float64Array] = []
        self._contacts: Mapping[str, tuple[Verdict, str]] = {}
        self._hum: Mapping[str, float] = {}

    def add(self, energy: Float64Array, contacts: Mapping[str, tuple[Verdict, str]], hum: Mapping[str, float]) -> None:
        """Add a beat; mean squares, shape (n_sites,), NaN where there is no good signal."""
        self._energy.append(energy)
        self._contacts, self._hum = contacts, hum

    def add_movement(self, windows: Float64Array) -> None:
        """Add windows of movement, shape (n_windows, 3, n_sites)."""
        self._movement.append(windows)

    def touches(self, asked: int, other: int) -> tuple[int, bool | None]:
        """Tell how often the asked pad was touched so far, judged as at the end of the step.

        Parameters
        ----------
        asked, other : int
            Columns of the two pads.

        Returns
        -------
        n_touches : int
            0 unless the asked pad moved clearly more than the other one.
        is_asked : bool or None
            Whether it is the asked pad that moved; None as long as neither clearly did.
        """
        windows = self._windows()
        strength = movement_strength(windows[:, :, [asked, other]])
        moved = moved_one((float(strength[0]), float(strength[1])))
        n_touches = count_touches(windows[:, :, asked]) if moved == 0 else 0
        return n_touches, None if moved is None else moved == 0

    def _windows(self) -> Float64Array:
        return np.concatenate([np.empty((0, N_COLUMNS, self._n_sites)), *self._movement])

    def outcome(self) -> Outcome:
        """Sum up."""
        energy = np.array(self._energy).reshape(-1, self._n_sites)
        return Outcome(
            best=_extreme(energy, round(TRY_S / BEAT_S), np.fmax),
            quietest=_extreme(energy, max(round(TRY_S / BEAT_S), len(energy) // 2), np.fmin),
            moved=movement_strength(self._windows()),
            contacts={site: verdict for site, (verdict, _) in self._contacts.items()},
            hum=dict(self._hum),
        )


def _extreme(energy: Float64Array, n_beats: int, which: np.ufunc) -> Float64Array:
    """Largest or smallest RMS of `n_beats` in a row; NaN where there are none without a gap."""
    if len(energy) < n_beats:
        return np.full(energy.shape[1], np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(energy, n_beats, axis=0).mean(axis=2)
    return np.asarray(np.sqrt(which.reduce(windows, axis=0)))
