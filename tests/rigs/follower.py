"""A body that follows the view of a calibration, told in measures: no samples, so a calibration takes milliseconds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from app.session.calibrating.machine import Calibrator
from app.session.calibrating.measures import BEAT_S, BEAT_TICKS, Measures
from app.session.calibrating.view import CalibrationView, Key
from app.session.contact import TEXTS
from app.session.events import Side, Verdict
from app.session.tick import Ticks

REST_V = 4e-6
TAP_V = 3e-4
HELPER_V = 30e-6
SIDES: tuple[Side, Side] = ("left", "right")


@dataclass
class Follower:
    """Does what the view says.

    Attributes
    ----------
    levels : mapping of side to float
        Amplitude of a comfortable squeeze in volts; a maximal one is twice that.
    helps : bool
        Whether asking for one cheek brings the other with it.
    swapped : bool
        Whether the electrodes are exchanged.
    verdicts : dict of site to Verdict
        Of the electrodes; red ones are lost.
    lost : set of str
        Electrodes that bring nothing.
    taps_at_s : tuple of float
        Seconds before the end of its step at which the asked pad is tapped.
    """

    levels: Mapping[str, float] = field(default_factory=lambda: {"left": 50e-6, "right": 60e-6})
    helps: bool = False
    swapped: bool = False
    verdicts: dict[str, Verdict] = field(default_factory=lambda: {"left": "ok", "right": "ok"})
    lost: set[str] = field(default_factory=set)
    taps_at_s: tuple[float, ...] = (2.0,)
    sites: tuple[str, ...] = SIDES
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))

    def beat(self, view: CalibrationView, n_ticks: int = BEAT_TICKS) -> Measures:
        """What 50 ms bring."""
        levels = np.array([self._level(view, self._muscle(site)) for site in self.sites])
        energy = np.tile(levels**2 + REST_V**2, (n_ticks, 1)) * self.rng.normal(1.0, 0.05, (n_ticks, len(self.sites)))
        gone = np.array([site in self.lost for site in self.sites])
        red = np.array([self.verdicts.get(site) in ("no-contact", "clipping") for site in self.sites])
        energy[:, gone] = np.nan
        window = np.full((1, 3, len(self.sites)), REST_V)
        tapped = view.step.removeprefix("tap-") if view.step.startswith("tap-") else ""
        if tapped and any(at < view.step_left_s < at + 0.06 for at in self.taps_at_s):
            window[0, :, :] = [TAP_V if self._muscle(site) == tapped else 0.1 * TAP_V for site in self.sites]
        window[:, :, gone] = np.nan
        ticks = Ticks(energy, np.sqrt(energy), np.tile(gone | red, (n_ticks, 1)), {})
        words = {site: (verdict, TEXTS[verdict]) for site, verdict in self.verdicts.items()}
        return Measures(ticks, window if n_ticks == BEAT_TICKS else window[:0], words, dict.fromkeys(self.sites, 1e-7))

    def _muscle(self, site: str) -> str:
        return {"left": "right", "right": "left"}.get(site, site) if self.swapped else site

    def _level(self, view: CalibrationView, muscle: str) -> float:
        if view.phase != "do":
            return 0.0
        if view.step.startswith("mvc"):
            return 2.0 * self.levels[muscle] if view.side == muscle else 0.0
        if view.step == "compensator":
            return HELPER_V if "-" in muscle else 0.0
        if not view.step.startswith("squeeze"):
            return 0.0
        asked = view.side in (muscle, "both")
        return self.levels.get(muscle, 0.0) * (1.0 if asked else 0.7 if self.helps else 0.0)


def follow(
    calibrator: Calibrator,
    body: Follower,
    answer: Callable[[CalibrationView], Key | None] = lambda view: None,
    *,
    until_s: float = 1200.0,
) -> Iterator[tuple[float, CalibrationView]]:
    """Let a body follow a calibration to its end; yields seconds and view before every beat."""
    for number in range(round(until_s / BEAT_S)):
        view = calibrator.view
        yield number * BEAT_S, view
        if view.finished:
            return
        key = answer(view)
        if key is not None:
            calibrator.press(key)
            view = calibrator.view
        calibrator.advance(body.beat(view))
    raise AssertionError("the calibration did not end")


def press_space(view: CalibrationView) -> Key | None:
    """Answer every question by the space bar, and skip nothing."""
    return view.space if view.question is not None else None
