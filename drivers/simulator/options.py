"""`Options`: what a ``sim:`` source string asks for, checked to the last value."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import SourceUriError
from drivers.simulator import people
from drivers.simulator.people import SCENARIOS, Scenario
from drivers.simulator.script import NO_SCRIPT, SCRIPTS, Script
from drivers.uri import SourceUri, did_you_mean

KNOWN = (
    "seed", "rate", "block_ms", "speed", "truth", "compensators", "reps", "period", "wake", "effort", "ratio", "lag",
    "noise", "hum", "hum_hz", "motion", "ecg", "crosstalk", "open_at", "open_s", "loss", "stall_at", "stall_s",
    "disconnect_at", "disconnect_s", "drift", "reference_error", "taps", "transport", "script", "swap", "clip",
    "coarse", "faint", "pressure",
)  # fmt: skip
NEVER = float("inf")

_NEEDS_SCENARIO: dict[str, tuple[Callable[[Scenario], bool], str]] = {
    "wake": (lambda scenario: scenario.wakes, "a person who wakes up, as in sim:waking-left"),
    "open_at": (lambda scenario: scenario.open_lead, "an electrode that is off, as in sim:bad-contact-left"),
    "open_s": (lambda scenario: scenario.open_lead, "an electrode that is off, as in sim:bad-contact-left"),
    "crosstalk": (lambda scenario: scenario.units == 1, "both sides in one unit, unlike sim:two-units"),
    "transport": (lambda scenario: scenario.units == 2, "two units, as in sim:two-units"),
}
_NEEDS_OPTION = {"stall_s": "stall_at", "disconnect_s": "disconnect_at"}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of source time in seconds: ``start_s`` is in it, ``stop_s`` is not."""

    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True)
class Options:
    """A simulated person and the sensor on them.

    Attributes
    ----------
    name : str
        Name of the scenario.
    scenario : Scenario
    seed : int
        Everything random comes from it.
    sfreq : int
        Nominal sampling frequency in Hz.
    block_s : float
        Length of a block; samples do not depend on it.
    speed : float
        Times real time, ``inf`` for as fast as blocks are taken.
    truth : Path or None
        File for one JSON line per squeeze.
    sites : tuple of str
        Sites with an electrode.
    reps : int or None
        Squeezes until the source ends; None never ends.
    period_s : float
        From one squeeze to the next.
    wake : int
        Squeezes that a waking side sleeps through.
    effort : float
        Amplitude of the glutes in a squeeze, in parts of MVC.
    ratio, lag_s : float
        Of the affected side while awake; a negative lag makes the other side the late one.
    noise_v : float or None
        Level at rest of every channel in volts (band-passed RMS); None draws it.
    hum_v, hum_hz : float
        Mains on every channel, volts RMS.
    motion_v : float
        Movement below 10 Hz on every channel, volts RMS.
    ecg_v : float
        Height of the heart's R wave on every channel in volts.
    crosstalk : float
        Part of each glute's EMG that reaches the electrode of the other.
    open_lead : Span
        When the electrode of a ``bad-contact`` is off.
    loss : float
        Share of the packets that are lost.
    stall, disconnect : Span
        When the first unit holds its samples back, or loses them and has to connect anew.
    taps : int
        How often both electrodes are knocked together, once a second from the beginning.
    transport_s : float
        What the first unit holds in store for longer than the second does.
    drift_ppm : float
        How much faster than nominal the clock of the first unit runs.
    reference_error : float or None
        Log-SD of the error in the carried references; None carries the true ones.
    script : Script
        What the person does before the usual squeezes.
    swapped : bool
        The electrodes of left and right are exchanged.
    clip_v : float
        End of the range of every channel in volts; ``inf`` for that of the converter.
    coarse_v : float
        Step of every channel in volts; 0 for that of the converter.
    faint : float
        Part of the EMG of the affected side that reaches its electrode.
    pressure : float
        How much louder the electrode of the affected side is because somebody sits on it; 1 if nobody does.
    """

    name: str
    scenario: Scenario
    seed: int
    sfreq: int
    block_s: float
    speed: float
    truth: Path | None
    sites: tuple[str, ...]
    reps: int | None
    period_s: float
    wake: int
    effort: float
    ratio: float
    lag_s: float
    noise_v: float | None
    hum_v: float
    hum_hz: float
    motion_v: float
    ecg_v: float
    crosstalk: float
    open_lead: Span
    loss: float
    stall: Span
    disconnect: Span
    taps: int
    transport_s: float
    drift_ppm: float
    reference_error: float | None
    script: Script
    swapped: bool
    clip_v: float
    coarse_v: float
    faint: float
    pressure: float

    @classmethod
    def read(cls, uri: SourceUri) -> "Options":
        """Read them from a source string.

        Raises
        ------
        SourceUriError
            For an unknown scenario or option, a value out of range, or an option that the scenario has no use for.
        """
        scenario = SCENARIOS.get(uri.address)
        if scenario is None:
            raise SourceUriError(
                f"'{uri.text}': there is no scenario '{uri.address}'{did_you_mean(uri.address, SCENARIOS)}; "
                f"there are {', '.join(SCENARIOS)}."
            )
        uri.refuse_unknown_options(KNOWN)
        _refuse_useless_options(uri, scenario)
        given = uri.options.keys()
        two_units = scenario.units == 2
        with_compensators = uri.integer("compensators", 1, low=0, high=1) == 1
        return cls(
            name=uri.address,
            scenario=scenario,
            seed=uri.integer("seed", 1, low=0, high=2**32 - 1),
            sfreq=uri.integer("rate", 1000, low=200, high=4000),
            block_s=uri.number("block_ms", 10.0, low=1.0, high=1000.0) * 1e-3,
            speed=uri.speed,
            truth=Path(uri.options["truth"]) if "truth" in given else None,
            sites=people.BODY if with_compensators else people.SIDES,
            reps=uri.integer("reps", 0, low=1, high=100_000) if "reps" in given else None,
            period_s=uri.number("period", 3.0, low=2.5, high=60.0),
            wake=uri.integer("wake", people.WAKE_AFTER, low=0, high=100_000),
            effort=uri.number("effort", people.EFFORT * 100.0, low=1.0, high=100.0) * 1e-2,
            ratio=uri.number("ratio", scenario.ratio, low=0.0, high=2.0),
            lag_s=uri.number("lag", scenario.lag_s * 1e3, low=-800.0, high=800.0) * 1e-3,
            noise_v=uri.number("noise", 0.0, low=0.1, high=1000.0) * 1e-6 if "noise" in given else None,
            hum_v=uri.number("hum", 0.0, low=0.0, high=10_000.0) * 1e-6,
            hum_hz=uri.number("hum_hz", 50.0, low=40.0, high=70.0),
            motion_v=uri.number("motion", 0.0, low=0.0, high=10_000.0) * 1e-6,
            ecg_v=uri.number("ecg", 0.0, low=0.0, high=10_000.0) * 1e-6,
            crosstalk=uri.number("crosstalk", 0.0, low=0.0, high=1.0),
            open_lead=_span(uri, "open", default_at=0.0 if scenario.open_lead else NEVER, default_s=NEVER),
            loss=uri.number("loss", 0.0, low=0.0, high=0.5),
            stall=_span(uri, "stall", default_at=NEVER, default_s=1.0),
            disconnect=_span(uri, "disconnect", default_at=NEVER, default_s=3.0),
            taps=uri.integer("taps", 0, low=0, high=1000),
            transport_s=uri.number("transport", 0.0, low=0.0, high=500.0) * 1e-3,
            drift_ppm=uri.number("drift", people.UNIT_DRIFT_PPM if two_units else 0.0, low=-500.0, high=500.0),
            reference_error=uri.number("reference_error", 0, low=0, high=1) if "reference_error" in given else None,
            script=_script(uri),
            swapped=scenario.swapped or uri.integer("swap", 0, low=0, high=1) == 1,
            clip_v=uri.number("clip", 0.0, low=1.0, high=100_000.0) * 1e-6 if "clip" in given else NEVER,
            coarse_v=uri.number("coarse", 0.0, low=0.0, high=1000.0) * 1e-6,
            faint=uri.number("faint", 1.0, low=0.0, high=1.0),
            pressure=uri.number("pressure", 1.0, low=1.0, high=20.0),
        )


def _refuse_useless_options(uri: SourceUri, scenario: Scenario) -> None:
    for name, (suits, what) in _NEEDS_SCENARIO.items():
        if name in uri.options and not suits(scenario):
            raise SourceUriError(f"'{uri.text}': the option {name} needs {what}.")
    for name, other in _NEEDS_OPTION.items():
        if name in uri.options and other not in uri.options:
            raise SourceUriError(f"'{uri.text}': {name} says nothing without {other}; give that too.")


def _script(uri: SourceUri) -> Script:
    name = uri.options.get("script")
    if name is None:
        return NO_SCRIPT
    if name not in SCRIPTS:
        raise SourceUriError(
            f"'{uri.text}': there is no script '{name}'{did_you_mean(name, SCRIPTS)}; there are {', '.join(SCRIPTS)}."
        )
    return SCRIPTS[name]


def _span(uri: SourceUri, fault: str, *, default_at: float, default_s: float) -> Span:
    """A fault from ``fault_at`` for ``fault_s``; never where ``fault_at`` is neither given nor has a default."""
    start_s = uri.number(f"{fault}_at", default_at, low=0.0, high=1e6)
    return Span(start_s, start_s + uri.number(f"{fault}_s", default_s, low=0.01, high=1e6))
