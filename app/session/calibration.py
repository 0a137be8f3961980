"""The one calibration object that feeds live, replay and analyze, and the record of how it was made."""

from typing import Final, Literal

import msgspec

from app.session.events import CalibrationInfo, ReferenceMethod, Side

SideResult = Literal["alone", "with-the-other", "not-yet", "no-signal"]
"""What a side did when it was asked alone: an observation of these squeezes, never a failure."""

ALIKE_REFERENCES = (0.6, 1.6)
"""Left over right in microvolts (design, section 4): beyond it the smaller one may be that of a weak side."""


_METHODS: Final = {"mvc": "maximal squeezes", "best-clench": "comfortable squeezes", "session": "a stand-in"}
_AGES: Final = {86400.0: ("day", "days"), 3600.0: ("hour", "hours"), 60.0: ("minute", "minutes")}


def age_in_words(info: CalibrationInfo) -> str | None:
    """Say how old a reference is; None where nobody knows, or it is brand-new."""
    if not info.age_s:
        return None
    for seconds in _AGES:
        number = int(info.age_s // seconds)
        if number:
            return f"The reference ({_METHODS[info.method]}) is {number} {_AGES[seconds][number > 1]} old."
    return f"The reference ({_METHODS[info.method]}) was made just now."


def other_muscle(info: CalibrationInfo, muscle: str) -> str | None:
    """Say that a reference was made on another muscle than an exercise is about; None where not, or nobody knows."""
    if info.muscle in ("", muscle):
        return None
    return (
        f"This exercise is about the {muscle}, the reference is of the {info.muscle}: move the pads and calibrate anew."
    )


class Electrode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The pads that a calibration was made with; None where nobody said.

    Attributes
    ----------
    type, reference_place, skin_preparation : str or None
        For example ``pre-gelled Ag/AgCl``, ``bony knob of the right hip``, ``shaved, rubbed, wiped``.
    size_mm, spacing_mm : float or None
        Diameter of one pad; centre to centre of a pair.
    """

    type: str | None = None
    size_mm: float | None = None
    spacing_mm: float | None = None
    reference_place: str | None = None
    skin_preparation: str | None = None


class Try(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One squeeze of a calibration.

    Attributes
    ----------
    site : str
    kind : {'single', 'comfortable', 'mvc', 'compensator'}
        ``single`` is one cheek alone, ``comfortable`` both together, ``mvc`` as hard as possible.
    position : str
        Empty where it was not asked for.
    level : float
        Largest RMS of 1 s, in the unit of the stream.
    """

    site: str
    kind: Literal["single", "comfortable", "mvc", "compensator"]
    position: str
    level: float


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Rest level and reference contraction of every site.

    Attributes
    ----------
    id : str
        Names this calibration in recordings.
    method : {'mvc', 'best-clench', 'session'}
        How the reference was made. ``session`` is a stand-in taken from the session itself: no verdict rests on it.
    rest : dict of str to float
        Band-passed RMS at rest of each site, in the unit of its stream (V or counts). A site that is missing here has
        its rest found while the session runs.
    reference : dict of str to float
        Band-passed RMS of the reference contraction of each site, in the same unit.
    tries : dict of str to list of float
        The single tries behind each reference; their spread goes into every interval of the LSI.
    age_s : float or None
        Seconds since it was made, at the start of the session; None if unknown.
    made_utc : str or None
        When it was made, ISO 8601; None for levels that were not measured by a guided calibration, as with all below.
    kind : str or None
        ``quick``, ``full`` or ``daily``.
    person : str or None
        Code of the person.
    simulated : bool
        Whether nobody was on the electrodes.
    device : tuple of str
        The sources it was measured with.
    muscle, position : str
        The glute beneath left and right, and how the person lay.
    electrode : Electrode
    hum : dict of str to float
        RMS of the mains at rest, in the unit of the stream.
    snr_db : dict of str to float
        Reference over rest.
    squeezes : tuple of Try
        Every squeeze that was measured, also those behind no reference.
    results : dict of side to SideResult
        What each side did alone.
    hardened : dict of side to bool
        Answers to "did that cheek harden?"; sides that were not asked about, or of which nobody answered, are missing.
    exchanged : bool
        Left and right were found exchanged and put right: `device` has them the wrong way round.
    scaled_to : dict of side to side
        Whose reference stands for a side, where it is not its own.
    stand_in : tuple of str
        Sites whose reference is not a squeeze but eight times rest, or the largest level seen by chance.
    chain : str or None
        Version of the signal chain.
    baseline : bool
        The first of its plan, kept to compare with.
    recording : str or None
        Name of the session folder, beside the others, that holds its raw signal.
    """

    id: str
    method: ReferenceMethod
    rest: dict[str, float]
    reference: dict[str, float]
    tries: dict[str, list[float]] = {}
    age_s: float | None = None
    made_utc: str | None = None
    kind: Literal["quick", "full", "daily"] | None = None
    person: str | None = None
    simulated: bool = False
    device: tuple[str, ...] = ()
    muscle: str = ""
    position: str = ""
    electrode: Electrode = Electrode()
    hum: dict[str, float] = {}
    snr_db: dict[str, float] = {}
    squeezes: tuple[Try, ...] = ()
    results: dict[Side, SideResult] = {}
    hardened: dict[Side, bool] = {}
    exchanged: bool = False
    scaled_to: dict[Side, Side] = {}
    stand_in: tuple[str, ...] = ()
    chain: str | None = None
    baseline: bool = False
    recording: str | None = None

    def __post_init__(self) -> None:
        for name, levels in (("rest", self.rest), ("reference", self.reference)):
            for site, level in levels.items():
                if not 0.0 < level < float("inf"):
                    raise ValueError(f"the {name} of {site} must be greater than zero, but is {level:g}")

    @property
    def reference_ratio(self) -> float | None:
        """Reference of the left over that of the right; None unless both are known."""
        left, right = self.reference.get("left"), self.reference.get("right")
        return None if left is None or right is None else left / right

    @property
    def is_own_best(self) -> bool:
        """Whether the LSI only tells how each side does beside its own best.

        A sleeping side clenches weakly in the reference too, so its own maximum flatters it.
        """
        ratio = self.reference_ratio
        return ratio is not None and not ALIKE_REFERENCES[0] <= ratio <= ALIKE_REFERENCES[1]

    def info(self, scale: dict[str, float]) -> CalibrationInfo:
        """Describe it for the session line; `scale` turns each site's unit into that of the line (1e6 for V)."""

        def scaled(levels: dict[str, float]) -> dict[str, float]:
            return {site: round(level * scale.get(site, 1.0), 4) for site, level in sorted(levels.items())}

        return CalibrationInfo(
            id=self.id,
            muscle=self.muscle,
            age_s=self.age_s,
            method=self.method,
            rest_uv=scaled(self.rest),
            ref_uv=scaled(self.reference),
            ratio=None if self.reference_ratio is None else round(self.reference_ratio, 3),
            tries_uv={
                site: [round(level * scale.get(site, 1.0), 4) for level in levels]
                for site, levels in sorted(self.tries.items())
            },
        )
