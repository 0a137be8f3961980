"""What one attempt was asked to be: which sides, up to where, with how much feedback and under which hint. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.session.events import Feedback, Scheme, Side


@dataclass(frozen=True, slots=True)
class Aim:
    """Decided before the attempt begins; never changes within it.

    Attributes
    ----------
    asked : {'both', 'left', 'right'}
        A side that was not asked for is shown, and nothing is held against it.
    target_pct : mapping of Side to float
        In % of the reference.
    band_top_pct : mapping of Side to float
        Where the band of the strong side ends; without an entry there is no band.
    feedback : {'full', 'bandwidth', 'none'}
    hint : str or None
        Id of the hint in force.
    turn : {'both', 'left', 'right'}
        Whose turn it is in the exercise. A hint may ask for one side alone in the turn of both.
    """

    asked: Scheme
    target_pct: Mapping[Side, float]
    feedback: Feedback = "full"
    hint: str | None = None
    band_top_pct: Mapping[Side, float] = field(default_factory=dict)
    turn: Scheme = "both"

    def asks(self, side: Side) -> bool:
        """Whether that side was to squeeze."""
        return self.asked in ("both", side)
