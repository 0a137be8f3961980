"""What the summary of a session is made of, counted attempt by attempt."""

from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

from app.session.events import SIDES, Side


@dataclass(slots=True)
class Tally:
    """Counts of one session.

    Attributes
    ----------
    attempts : int
        All of them, those that are not counted too.
    counted, reps, clean : int
        Counted attempts, those in which a glute fired, and those without a fault.
    asked, fired : dict of side to int
        Counted attempts that asked for the side, and those of them in which it fired.
    lags_ms, lsi_pct : list of float
        Of the reps that carry the number.
    """

    attempts: int = 0
    counted: int = 0
    reps: int = 0
    clean: int = 0
    asked: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    fired: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    lags_ms: list[float] = field(default_factory=list)
    lsi_pct: list[float] = field(default_factory=list)

    def count(
        self,
        fired: Collection[Side],
        asked: Collection[Side],
        *,
        clean: bool,
        lag_ms: float | None,
        lsi_pct: float | None,
    ) -> None:
        """Take a counted attempt into account."""
        self.counted += 1
        for side in asked:
            self.asked[side] += 1
            self.fired[side] += side in fired
        if not fired:
            return
        self.reps += 1
        self.clean += clean
        if lag_ms is not None:
            self.lags_ms.append(lag_ms)
        if lsi_pct is not None:
            self.lsi_pct.append(lsi_pct)

    def fired_pct(self, measured: Collection[Side]) -> dict[str, float | None]:
        """Share of the attempts that asked for a side in which it fired; None where it was not measured or asked."""
        return {
            side: round(100.0 * self.fired[side] / self.asked[side], 1)
            if self.asked[side] and side in measured
            else None
            for side in SIDES
        }

    @property
    def usual_lag_ms(self) -> float | None:
        """Median lag, positive if left is later; None without any."""
        return round(median(self.lags_ms), 1) if self.lags_ms else None

    @property
    def usual_lsi_pct(self) -> float | None:
        """Median symmetry; None without any."""
        return round(median(self.lsi_pct), 1) if self.lsi_pct else None
