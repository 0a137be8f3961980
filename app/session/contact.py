"""What the numbers about a contact mean: one word, and one sentence with its remedy.

Red verdicts take the side out at once (it shows *no signal* and its cues are silent); amber ones only speak. A verdict
changes only after two seconds of agreement, so that one knock at a cable is one word and not five.
"""

import math
from dataclasses import dataclass
from typing import Final

from app.session.events import Verdict
from dsp.quality import ChannelQuality

RED: Final[frozenset[Verdict]] = frozenset({"no-contact", "clipping"})
STEPS_TO_CHANGE: Final = 4
"""Steps of 0.5 s."""

TEXTS: Final[dict[Verdict, str]] = {
    "ok": "Good contact.",
    "no-contact": "No contact: wipe the skin dry, press the pads on for five seconds; if they come off, use new ones.",
    "clipping": "The signal hits the end of its range: lower the gain, or check that both pads sit on skin.",
    "hum": "Mains hum: move cables and phone away, unplug the charger, press the reference pad on.",
    "movement": "Movement: tape the cable down and lie still for a moment.",
    "too-coarse": "The signal is too coarse: raise the gain of the sensor.",
}

FLAT: Final = 0.90
COARSE: Final = 0.50
CLIPPED: Final = 0.01
OPEN_HUM_UV: Final = 50.0
OPEN_HUM_RATIO: Final = 0.90
REST_HUM_UV: Final = 2.0
REST_HUM_RATIO: Final = 0.50
MOTION_UV: Final = 150.0
MOTION_RATIO: Final = 2.0
"""All limits: dsp.md section 4."""


def judge(
    quality: ChannelQuality, channel: int, *, raw_to_uv: float | None, active: bool, envelope: bool
) -> Verdict | None:
    """Judge one step of 0.5 s of one channel.

    Parameters
    ----------
    quality : ChannelQuality
    channel : int
    raw_to_uv : float or None
        None where the gain is unknown: limits in microvolts are then not applied.
    active : bool
        Whether the muscle works; hum is judged at rest alone.
    envelope : bool
        The stream is an envelope already: only flat and clipped can be told.

    Returns
    -------
    Verdict or None
        None if nothing can be said yet: most of the step is missing, or there is no spectrum of a whole second.
    """
    if float(quality.lost[channel]) > 0.5:
        return None
    flat = float(quality.flat[channel])
    if flat >= FLAT:
        return "no-contact"
    if float(quality.clipped[channel]) > CLIPPED:
        return "clipping"
    if envelope:
        return "ok"
    hum, hum_ratio = float(quality.hum[channel]), float(quality.hum_ratio[channel])
    if math.isnan(hum):
        return None
    if raw_to_uv is not None:
        if hum * raw_to_uv > OPEN_HUM_UV and hum_ratio > OPEN_HUM_RATIO:
            return "no-contact"
        if not active and hum * raw_to_uv > REST_HUM_UV and hum_ratio > REST_HUM_RATIO:
            return "hum"
        motion_ratio, noise_uv = float(quality.motion_ratio[channel]), float(quality.noise[channel]) * raw_to_uv
        if motion_ratio > MOTION_RATIO and noise_uv * math.sqrt(motion_ratio) > MOTION_UV:
            return "movement"
    return "too-coarse" if flat > COARSE else "ok"


@dataclass(slots=True)
class ContactVerdict:
    """The verdict of one site, with the patience that a change of it takes.

    Attributes
    ----------
    bad : bool
        The side is out: from the first red step on until two good seconds, and live until the first judgement.
    verdict : Verdict or None
        None until it is known.
    """

    bad: bool
    verdict: Verdict | None = None
    _candidate: Verdict = "ok"
    _steps: int = 0

    def update(self, verdict: Verdict) -> bool:
        """Take the next step; returns True if the verdict changed."""
        if self._steps == 0 and self.verdict is None:
            self.bad = False
        self._steps = self._steps + 1 if verdict == self._candidate else 1
        self._candidate = verdict
        self.bad |= verdict in RED
        if self._steps < STEPS_TO_CHANGE:
            return False
        self.bad = verdict in RED
        changed = verdict != self.verdict
        self.verdict = verdict
        return changed
