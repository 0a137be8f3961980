"""Makes a calibration heard: what to do at each step, a tick to begin, two falling notes to let go."""

import time
from typing import Final

from app.said import said
from app.session.calibrating.view import CalibrationView, StepId
from app.ui.sound import Go, Sound
from app.ui.sound.prompts import Words

_WORDS: Final[dict[StepId, Words]] = {
    "rest": ("lie-still",),
    "tap-left": ("left", "tap"),
    "tap-right": ("right", "tap"),
    "squeeze-left": ("left",),
    "squeeze-right": ("right",),
    "squeeze-both": ("both",),
    "mvc-left": ("left",),
    "mvc-right": ("right",),
    "pause": ("rest",),
    "done": ("finished",),
}
"""What prompts say of a step where the system has no voice for its line: the rest is told by tick and notes."""


class Guiding:
    """Looks at the view of a calibration; on the thread of the session.

    Parameters
    ----------
    sound : Sound
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._step: tuple[StepId, int] | None = None
        self._phase = "wait"

    def look(self, view: CalibrationView) -> None:
        """Tell what has changed."""
        if (view.step, view.number) != self._step and not view.interrupted:
            self._step = view.step, view.number
            self._sound.tell(said(view.line), _WORDS.get(view.step, ()))
        if view.phase != self._phase and not view.finished:
            if view.phase == "do":
                self._sound.submit(Go(), time.perf_counter_ns())
            elif view.phase == "relax":
                self._sound.play("hold-end")
        self._phase = view.phase
