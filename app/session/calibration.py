"""The one calibration object that feeds live, replay and analyze."""

import msgspec

from app.session.events import CalibrationInfo, ReferenceMethod

ALIKE_REFERENCES = (0.6, 1.6)
"""Left over right in microvolts (design, section 4): beyond it the smaller one may be that of a weak side."""


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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
    """

    id: str
    method: ReferenceMethod
    rest: dict[str, float]
    reference: dict[str, float]
    tries: dict[str, list[float]] = {}
    age_s: float | None = None

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
