"""What the numbers about a contact mean: one word, and one sentence with its remedy.

Red verdicts take the side out at once (it shows *no signal* and its cues are silent); amber ones only speak. A verdict
changes only after two seconds of agreement, so that one knock at a cable is one word and not five.
"""

import math
from dataclasses import dataclass
from typing import Final

from app.session.events import Verdict
from dsp.quality import HEART_S, ChannelQuality

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
    "heartbeat": "The heart shows in the signal: move both pads down and outwards, further from the spine.",
    "crosstalk": "Left and right pick up the same signal: move each pair of pads to the middle of its own cheek, "
    "and press the reference pad on.",
    "too-quiet": "The reference squeeze was hardly above rest: wipe the skin, press the pads on and do it again.",
    "swapped": "Left and right seem exchanged: swap the two sensors, or their sides in the settings.",
    "pressure": "This side does not come to rest: if you sit or lie on the pad, shift your weight off it; else let "
    "that cheek go soft between squeezes.",
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
ALIKE_BOTH: Final = 0.3
ALIKE_ONE: Final = 0.8
QUIET_SHARE: Final = 0.35
"""Below this share of the other side's level a side counts as the quiet one: being alike must then be nearly total."""
LEAST_SHARE: Final = 0.15
QUIET_REFERENCE_DB: Final = 6.0
HEART_REST_S: Final = HEART_S
"""All limits: dsp.md section 4."""
ON_THE_PADS: Final[frozenset[str]] = frozenset({"sitting", "supine"})
"""Positions in which the weight may rest on the pads; prone, nobody lies on a glute."""
PRESSED: Final = 2.0
PRESSED_S: Final = 20.0
"""A level that stays above so many times the rest of the calibration, for longer than any hold and the rest after it.
Nobody has published what a pad that is sat on measures; both limits are our own. That is why the sentence says what is
seen, and names weight on the pad only as what it may come from."""


def judge(
    quality: ChannelQuality,
    channel: int,
    *,
    raw_to_uv: float | None,
    active: bool,
    envelope: bool,
    firing: bool = False,
    rested_s: float = 0.0,
    reference_db: float = math.nan,
    restless_s: float = 0.0,
) -> Verdict | None:
    """Judge one step of 0.5 s of one channel.

    Parameters
    ----------
    quality : ChannelQuality
    channel : int
    raw_to_uv : float or None
        None where the gain is unknown: limits in microvolts are then not applied.
    active : bool
        Whether something is tried; hum is judged at rest alone.
    envelope : bool
        The stream is an envelope already: only flat and clipped can be told.
    firing : bool
        Whether left or right fires right now: crosstalk is judged then alone.
    rested_s : float
        How long no muscle has worked: a heart is looked for in pure rest alone.
    reference_db : float
        Reference contraction over rest; NaN if there is none to be trusted.
    restless_s : float
        For how long it has not come to rest, where the pad may be lain or sat on; 0 elsewhere.

    Returns
    -------
    Verdict or None
        None if nothing can be said yet: most of the step is missing, or there is no spectrum of a whole second where
        the gain is known and hum can be judged.
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
    if raw_to_uv is not None:
        if math.isnan(hum):
            return None
        if hum * raw_to_uv > OPEN_HUM_UV and hum_ratio > OPEN_HUM_RATIO:
            return "no-contact"
        if not active and hum * raw_to_uv > REST_HUM_UV and hum_ratio > REST_HUM_RATIO:
            return "hum"
        motion_ratio, noise_uv = float(quality.motion_ratio[channel]), float(quality.noise[channel]) * raw_to_uv
        if motion_ratio > MOTION_RATIO and noise_uv * math.sqrt(motion_ratio) > MOTION_UV:
            return "movement"
    if flat > COARSE:
        return "too-coarse"
    if rested_s >= HEART_REST_S and float(quality.heart_hz[channel]) > 0.0:
        return "heartbeat"
    if restless_s >= PRESSED_S and not hum_ratio > REST_HUM_RATIO:
        return "pressure"
    if firing and _is_crosstalk(float(quality.alike[channel]), float(quality.level_ratio[channel])):
        return "crosstalk"
    return "too-quiet" if reference_db < QUIET_REFERENCE_DB else "ok"


def _is_crosstalk(alike: float, level_ratio: float) -> bool:
    """Whether two sides show one signal: both of them, or the stronger one in the electrode of the quiet one."""
    if not level_ratio > 0.0:
        return False
    share = min(level_ratio, 1.0 / level_ratio)
    return share > LEAST_SHARE and alike > (ALIKE_ONE if share < QUIET_SHARE else ALIKE_BOTH)


def hidden_from(*, active: bool, firing: bool, rested_s: float) -> frozenset[Verdict]:
    """Which faults cannot be seen now: that a step does not show them says nothing about them."""
    hidden: set[Verdict] = set()
    if active:
        hidden.add("hum")
    if not firing:
        hidden.add("crosstalk")
    if rested_s < HEART_REST_S:
        hidden.add("heartbeat")
    return frozenset(hidden)


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
    _steps_without_red: int = 0

    def update(self, verdict: Verdict, hidden: frozenset[Verdict] = frozenset()) -> bool:
        """Take the next step; returns True if the verdict changed.

        Parameters
        ----------
        verdict : Verdict
        hidden : frozenset of Verdict
            Faults that this step could not have shown: being good now does not clear one of them.
        """
        if self._steps == 0 and self.verdict is None:
            self.bad = False
        self._steps_without_red = 0 if verdict in RED else self._steps_without_red + 1
        if verdict in RED:
            self.bad = True
        elif self._steps_without_red >= STEPS_TO_CHANGE:
            self.bad = False
        if verdict == "ok" and not hidden.isdisjoint({self._candidate, self.verdict}):
            return False
        self._steps = self._steps + 1 if verdict == self._candidate else 1
        self._candidate = verdict
        if self._steps < STEPS_TO_CHANGE:
            return False
        changed = verdict != self.verdict
        self.verdict = verdict
        return changed
