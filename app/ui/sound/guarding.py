"""Says aloud, once, what the window shows of sensors and mains, to somebody who cannot see it."""

from collections.abc import Sequence

from app.pipeline.mains import Power
from app.pipeline.units import UnitView
from app.session.events import SIDES, Side
from app.ui.sensor_words import LOW_BATTERY_PCT
from app.ui.sound import Sound


class Guarding:
    """Looks at sensors and mains of one session, as often as the window does.

    Parameters
    ----------
    sound : Sound
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._low: set[Side] = set()
        self._asked = False

    def look(self, units: Sequence[UnitView], question: Power | None) -> None:
        """Tell what is new.

        Parameters
        ----------
        units : sequence of UnitView
        question : Power or None
            While a wired sensor waits until everything is unplugged.
        """
        for unit in units:
            charge_pct = unit.vitals.battery_pct
            if charge_pct is None or charge_pct >= LOW_BATTERY_PCT:
                continue
            for side in SIDES:
                if side in unit.sites and side not in self._low:
                    self._low.add(side)
                    self._sound.say("battery-low", side)
        if question is not None and not self._asked:
            self._sound.say("unplug")
        self._asked = question is not None
