"""The simulated people: fixed numbers in one table, and what is the matter in each scenario.

Amplitudes are shares of the maximal voluntary contraction (MVC) of the muscle, voltages band-passed RMS values.
Where a number has no source beside it, it is a choice of this project (design, sections 3 and 4).
"""

from dataclasses import dataclass

SIDES = ("left", "right")
COMPENSATORS = ("hamstring-left", "hamstring-right", "erector-left", "erector-right")
BODY = SIDES + COMPENSATORS

MVC_V = 100e-6
"""Every muscle at its maximum."""
EFFORT = 0.40
"""A squeeze as the glutes do it."""
COMMON_LOG_SD = 0.15
"""Spread of the effort from squeeze to squeeze, the same on both sides (natural logarithm)."""
SIDE_LOG_SD = 0.15
"""Spread of each side by itself, on top."""
COMPENSATOR_LOG_SD = 0.10
ONSET_JITTER_S = 0.030
"""SD of each muscle's onset about the command."""
COMPENSATOR_LEAD_S = 0.030
"""A compensator starts at most so long before the later of the glutes, lateness and sleep left aside."""
RAMP_S = (0.080, 0.300)
"""Range of the time in which the amplitude rises and falls, linearly and alike on both sides."""
SQUEEZE_S = (1.0, 2.0)
"""Range of the time from the command to squeeze to the command to let go."""
REST_NOISE_V = (3e-6, 9e-6)
"""Range of the level at rest, drawn once for each channel."""
LEAD_IN_S = 4.0
"""Rest before the first squeeze."""
LEAD_OUT_S = 3.0
"""Rest after the last squeeze, where their number is limited."""

WEAK_RATIO = 0.5
LATE_S = 0.250
ASLEEP_RATIO = 0.1
WAKE_AFTER = 24
"""Squeezes that a waking side sleeps through."""

HAMSTRING, ERECTOR = 0.10, 0.08
"""Compensators of a person whose glutes do the work."""
HAMSTRING_WHILE_ASLEEP, ERECTOR_WHILE_ASLEEP = 0.45, 0.25
"""Compensators while a glute sleeps: enough for a witness that the person tries."""
EASING_SQUEEZES = 2
"""Squeezes after waking until the compensators have eased."""
TAKING_OVER = 0.85
"""The one muscle that does too much in ``compensator``."""

OPEN_LEAD_HUM_V = 150e-6
N_TRIES = 3
TRY_LOG_SD = 0.04
"""Spread of the three tries behind a carefully made reference."""

UNIT_DRIFT_PPM = 40.0
"""Drift of the left of two units; the right one drifts the other way by `COUNTER_DRIFT` of it."""
COUNTER_DRIFT = -0.75
SECOND_UNIT_STARTS_S = 0.120
"""First sample of the right unit after that of the left one."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is the matter with a person or with the electrodes.

    Attributes
    ----------
    sentence : str
        For the list of sources.
    affected : tuple of str
        The sides it is about; the left where a scenario has none, for the options ``lag`` and ``ratio``.
    asleep : bool
        The affected sides do not fire: all the time, or with `wakes` for the first squeezes.
    wakes : bool
    lag_s : float
        Lateness of the affected side while awake.
    ratio : float
        Amplitude of the affected side while awake, in parts of what it should be.
    taking_over : str or None
        The compensator that does too much.
    swapped : bool
        The electrodes of left and right are exchanged.
    open_lead : bool
        The electrode of the affected side is off.
    units : int
        Streams: 1, or 2 with a clock each.
    """

    sentence: str
    affected: tuple[str, ...] = ("left",)
    asleep: bool = False
    wakes: bool = False
    lag_s: float = 0.0
    ratio: float = 1.0
    taking_over: str | None = None
    swapped: bool = False
    open_lead: bool = False
    units: int = 1


SCENARIOS: dict[str, Scenario] = {
    "healthy": Scenario("both sides fire together"),
    "sleepy-left": Scenario("the left side does not fire", asleep=True),
    "sleepy-right": Scenario("the right side does not fire", ("right",), asleep=True),
    "sleepy-both": Scenario("neither side fires", SIDES, asleep=True),
    "late-left": Scenario("the left side fires late", lag_s=LATE_S),
    "late-right": Scenario("the right side fires late", ("right",), lag_s=LATE_S),
    "weak-left": Scenario("the left side does half of the right", ratio=WEAK_RATIO),
    "weak-right": Scenario("the right side does half of the left", ("right",), ratio=WEAK_RATIO),
    "waking-left": Scenario("the left side wakes up after a while", asleep=True, wakes=True),
    "waking-right": Scenario("the right side wakes up after a while", ("right",), asleep=True, wakes=True),
    "waking-both": Scenario("both sides wake up after a while", SIDES, asleep=True, wakes=True),
    "compensator": Scenario("the left hamstring does too much", taking_over="hamstring-left"),
    "bad-contact-left": Scenario("the left electrode is off", open_lead=True),
    "swapped": Scenario("the left side does not fire, and the electrodes are exchanged", asleep=True, swapped=True),
    "two-units": Scenario("both sides fire together, measured by two units", units=2),
}
