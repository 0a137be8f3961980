"""The continuous tone of the side that is being woken: its pitch says how much of the target there is.

It glides, so that neither a new pitch nor its beginning or end clicks, and it is soft, because it lasts. Left is low
and woody, right high like a bell, as everywhere. Pure numpy.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.session.events import Side
from app.ui.sound.tones import SFREQ, Float32Array

TARGET_HZ: Final[dict[Side, float]] = {"left": 261.63, "right": 1046.5}
"""Pitch at the target: that of the side's own tone. It falls by an octave down to nothing."""
MOST_PCT: Final = 130.0
"""Pitch rises no further: more than the goal is no better."""
PEAK: Final[dict[Side, float]] = {"left": 0.2, "right": 0.09}
"""Equally loud by the A-weighting, and below the tones of events."""
PITCH_S: Final = 0.030
LEVEL_S: Final = 0.012
"""Time constants of the glide, and of its beginning and end; after four of them nothing is left to hear."""

_PARTIALS: Final[dict[Side, tuple[tuple[float, float], ...]]] = {
    "left": ((1.0, 0.8), (3.93, 0.14), (9.5, 0.03)),
    "right": ((1.0, 0.7), (2.0, 0.2), (3.0, 0.1)),
}
"""(ratio, gain) as in `tones`, without the decay."""
_INAUDIBLE: Final = 1e-4


def pitch_hz(side: Side, target_pct: float) -> float:
    """Pitch for a level of so many percent of the target."""
    return TARGET_HZ[side] * float(2.0 ** (min(max(target_pct, 0.0), MOST_PCT) / 100.0 - 1.0))


@dataclass(frozen=True, slots=True)
class Aim:
    """What the tone glides to: a side, and its level in percent of its target."""

    side: Side
    target_pct: float


class Glide:
    """The sounding tone; `aim` None lets it fade."""

    def __init__(self) -> None:
        self._side: Side = "left"
        self._log_hz = np.log(TARGET_HZ["left"])
        self._phase = 0.0
        self._level = 0.0

    def next(self, n_frames: int, aim: Aim | None) -> Float32Array | None:
        """Make the next frames; None where there is nothing to hear.

        Parameters
        ----------
        n_frames : int
        aim : Aim or None

        Returns
        -------
        ndarray of float32, shape (n_frames,), or None
        """
        if self._level < _INAUDIBLE:
            if aim is None or n_frames == 0:
                self._level = 0.0
                return None
            self._side, self._phase = aim.side, 0.0
            self._log_hz = np.log(pitch_hz(aim.side, aim.target_pct))
        if aim is not None and aim.side != self._side:
            aim = None  # the other side begins when this one has faded
        goal_log_hz = self._log_hz if aim is None else np.log(pitch_hz(aim.side, aim.target_pct))
        log_hz = _approach(self._log_hz, float(goal_log_hz), PITCH_S, n_frames)
        level = _approach(self._level, 0.0 if aim is None else 1.0, LEVEL_S, n_frames)
        phase = self._phase + np.cumsum(np.exp(log_hz)) * (2.0 * np.pi / SFREQ)
        wave = sum(gain * np.sin(ratio * phase) for ratio, gain in _PARTIALS[self._side])
        self._log_hz, self._level, self._phase = float(log_hz[-1]), float(level[-1]), float(phase[-1])
        frames: Float32Array = (PEAK[self._side] * level * wave).astype(np.float32)
        return frames


def _approach(start: float, goal: float, constant_s: float, n_frames: int) -> npt.NDArray[np.float64]:
    """Go from `start` to `goal` with a time constant; shape (n_frames,)."""
    steps = np.arange(1, n_frames + 1)
    return goal + (start - goal) * np.exp(-steps / (constant_s * SFREQ))
