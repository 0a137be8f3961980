"""The way from the mains to the electrodes: who needs care, what the system tells, what the person answered.

A sensor that is wired to the computer and not isolated puts the person's skin on whatever the computer is plugged
into. So nothing is opened before the mains are off, or somebody who knows says that an isolator lies in between.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from app.session.events import MainsAnswer
from drivers.base import Driver
from drivers.errors import DriverError

Power = Literal["battery", "mains", "unknown"]

UNPLUG: Final = "This sensor is wired to the computer. Unplug the charger, the monitor and other mains devices now."
PLUGGED_IN: Final = (
    "The charger was plugged in during the session. Unplug it now: the sensor is wired to this computer."
)
UNPLUGGED: Final = "The charger was unplugged again."
NOTES: Final[dict[MainsAnswer, str]] = {
    "on-battery": "Wired sensor: the computer runs on its battery.",
    "unplugged": "Wired sensor: the person said that everything is unplugged; the system does not tell.",
    "isolator": "Wired sensor: an isolator was confirmed.",
}
LOOK_EVERY_S: Final = 1.0

_log = logging.getLogger(__name__)


def needs_care(drivers: Iterable[Driver]) -> bool:
    """Whether a living person hangs on a sensor that is not known to be isolated."""
    return any(not driver.simulated and driver.isolation in ("none", "unknown") for driver in drivers)


def power() -> Power:
    """What the system tells about the mains; ``unknown`` where it has no battery or says nothing."""
    import psutil  # not at the top: few sensors need it, and every start would pay 15 ms

    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (OSError, RuntimeError) as error:  # a system without the files that others have
        _log.info("the power state cannot be read: %s", error)
        return "unknown"
    if battery is None or battery.power_plugged is None:
        return "unknown"
    return "mains" if battery.power_plugged else "battery"


def permit(*, isolator_confirmed: bool) -> MainsAnswer:
    """Let a wired sensor begin where nobody can be asked: on battery, or behind an isolator.

    Raises
    ------
    DriverError
        If the computer hangs on the mains, or may: a desktop computer always does, and tells nothing.
    """
    if isolator_confirmed:
        return "isolator"
    now = power()
    if now == "battery":
        return "on-battery"
    why = "" if now == "mains" else " This computer does not tell whether it hangs on the mains."
    raise DriverError(f"{UNPLUG}{why} Then start again; or add --isolator-confirmed if an isolator lies in between.")


class MainsWatch:
    """Looks at the power state once a second, on the thread ``mains``, and tells when the charger comes or goes.

    Parameters
    ----------
    tell : sequence of callables
        Each gets one sentence each time, on that thread.
    """

    def __init__(self, tell: Sequence[Callable[[str], None]]) -> None:
        self._tell = tuple(tell)
        self._before = power()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mains", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End it. Idempotent."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(2 * LOOK_EVERY_S)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            self.look()

    def look(self) -> None:
        """Look once."""
        now = power()
        if now != self._before and "mains" in (now, self._before):
            for tell in self._tell:
                tell(PLUGGED_IN if now == "mains" else UNPLUGGED)
        self._before = now
