"""`ClenchTest`: what each cheek did when it was asked alone, kept to be compared with the next one."""

import msgspec

from app.session.calibration import SideResult
from app.session.events import Side


class ClenchTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One clench test; the fields are those of `Calibration`.

    Attributes
    ----------
    made_utc : str
    person : str or None
    simulated : bool
    device : tuple of str
    muscle, position : str
    results : dict of side to SideResult
    """

    made_utc: str
    person: str | None
    simulated: bool
    device: tuple[str, ...]
    muscle: str
    position: str
    results: dict[Side, SideResult]

    def is_like(self, other: "ClenchTest") -> bool:
        """Whether two tests may be compared: the same person, muscle and position."""
        return (self.person, self.muscle, self.position) == (other.person, other.muscle, other.position)
