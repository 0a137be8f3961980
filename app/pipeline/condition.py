"""How the sensors of a session do, as the engine sees them: flow, contact, and the clocks of two units."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.pipeline.flow import FlowView
from app.session.events import Verdict


@dataclass(frozen=True, slots=True)
class Sync:
    """How well the clocks of two units agree.

    Attributes
    ----------
    pm_ms : float or None
        Half width of the 95 % interval of the time between left and right; None until they are synced.
    in_s : float or None
        Seconds until there is one; None if there is, NaN if one unit has not been heard yet.
    """

    pm_ms: float | None
    in_s: float | None


@dataclass(frozen=True, slots=True)
class ElectrodeNumbers:
    """What the chain measured of one electrode last, in the unit of its stream (V or counts); NaN while unknown.

    Attributes
    ----------
    rest : float
        Rest level in force.
    noise : float
        Band-passed RMS of the last half second.
    hum_hz, hum, hum_ratio : float
        Mains: 50 or 60, RMS, and share of the power of the EMG band.
    motion_ratio : float
        Power below the EMG band over that within.
    median_hz : float
        Frequency that halves the power of the band.
    clipped, flat : float
        Shares of samples at the end of the range, and of neighbours that are equal.
    snr_db : float
        Reference over rest; NaN until there is a reference that a verdict may rest on.
    notch_hz : float or None
        Mains frequency that is taken out.
    """

    rest: float
    noise: float
    hum_hz: float
    hum: float
    hum_ratio: float
    motion_ratio: float
    median_hz: float
    clipped: float
    flat: float
    snr_db: float
    notch_hz: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """What the Sensors page shows of a running session.

    Attributes
    ----------
    flows : mapping of str to FlowView
        By stream.
    contacts : mapping of str to (str, str)
        Verdict and sentence by site, of those that were judged.
    rest_uv : mapping of str to float
        Rest level in force by site, in microvolts; NaN while unknown, empty where the gain is not known.
    sync : Sync or None
        None where one unit carries both sides.
    electrodes : mapping of str to ElectrodeNumbers
        By site, of those that were judged.
    """

    flows: Mapping[str, FlowView] = field(default_factory=dict)
    contacts: Mapping[str, tuple[Verdict, str]] = field(default_factory=dict)
    rest_uv: Mapping[str, float] = field(default_factory=dict)
    sync: Sync | None = None
    electrodes: Mapping[str, ElectrodeNumbers] = field(default_factory=dict)
