"""`SensorDesk`: the user's own sensors: found, put on a side, forgotten. What the Sensors page asks of the rest.

A search runs on a thread of its own; everything else is a matter of memory and returns at once.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from app.language import _, mark
from app.pipeline.discovery import Finds, locate, search
from app.pipeline.tap import Taps, measure_taps
from app.said import said
from app.session.exchange import exchange
from app.settings import Sensor, Settings
from drivers.base import Driver
from drivers.errors import DriverError

SEARCH_S: Final = 6.0
"""Sensors that save power are heard only every few seconds."""
LOOK_FOR_S: Final = 3.0
"""How long a remembered sensor that is not at its place is looked for elsewhere."""
MOST_SENSORS: Final = 2
TOO_MANY: Final = mark("Two sensors can be used at once. Forget one of them first.")


class SensorDesk:
    """Keeps the sensors in the settings, and has the session begin anew when they change.

    Parameters
    ----------
    settings : Settings
    switch : callable
        Begins a session with these sources; returns at once.
    measure : callable
        Ends the session, has two sensors knocked together, and begins with what came of it; returns at once.
    """

    def __init__(
        self, settings: Settings, switch: Callable[[Sequence[str]], None], measure: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._switch = switch
        self._measure = measure
        self.taps = Taps()
        """One attribute, read and written whole, as is `finds`."""
        self._search: threading.Thread | None = None
        self.finds = Finds()
        """What the last search has found so far; one attribute, read and written whole."""

    @property
    def remembered(self) -> tuple[Sensor, ...]:
        """The user's sensors."""
        return self._settings.sensors

    @property
    def trouble(self) -> str:
        """One sentence about the settings, if they could not be read or kept."""
        return self._settings.trouble

    def find_elsewhere(self, uris: tuple[str, ...], drivers: Sequence[Driver]) -> tuple[str, ...]:
        """Look for sensors in use under other ports or names; returns where they are now. Takes seconds."""
        *_, finds = search(LOOK_FOR_S, [type(driver) for driver in drivers])
        before = self._settings.sensors
        found = tuple(locate(sensor, finds.devices) for sensor in before)
        moved = {old.source: new.source for old, new in zip(before, found, strict=True) if old.source in uris}
        if any(old != new for old, new in moved.items()):
            self._settings.remember(found)
            self._settings.save()
        return tuple(moved.get(uri, uri) for uri in uris)

    def search(self) -> None:
        """Begin to look, unless a search is running; `finds` grows."""
        if self._search is not None and self._search.is_alive():
            return
        self.finds = Finds(done=False)
        self._search = threading.Thread(target=self._look, name="search", daemon=True)
        self._search.start()

    def _look(self) -> None:
        for finds in search(SEARCH_S):
            self.finds = finds

    def use(self, sensor: Sensor) -> str:
        """Remember a sensor and begin with it; what lay on its sites before gives way.

        Returns
        -------
        str
            Why it cannot be used, in one sentence; empty if it is.
        """
        sensors = placed(self.remembered, sensor)
        if len(sensors) > MOST_SENSORS:
            return TOO_MANY
        self._keep(sensors)
        return ""

    def forget(self, uri: str) -> None:
        """Forget a sensor; without any the simulated person takes its place."""
        self._keep([sensor for sensor in self.remembered if sensor.uri != uri])

    def swap(self) -> None:
        """Have left and right change places, see `app.session.exchange`."""
        self.turn()
        self._switch(in_order(self.remembered))

    def turn(self) -> None:
        """Remember that left and right lie the other way round; the running session stays as it is."""
        to = exchange(sensor.sites for sensor in self.remembered)
        turned = [
            msgspec.structs.replace(sensor, sites={to[site]: channel for site, channel in sensor.sites.items()})
            for sensor in self.remembered
        ]
        self._settings.remember(turned)

    def tap(self) -> None:
        """Have both units knocked together; `taps` tells how far it is."""
        if not self.taps.running:
            self.taps = Taps(running=True)
            self._measure()

    def measure_taps(self, is_over: Callable[[], bool]) -> None:
        """Open the two sensors by themselves, wait for the knocks, remember what they differ by; takes up to a minute.

        Parameters
        ----------
        is_over : callable
            Whether nobody wants the result any more.
        """
        left, right = (
            msgspec.structs.replace(sensor, delay_ms=0)
            for sensor in sorted(self.remembered, key=lambda sensor: "left" not in sensor.sites)
        )
        try:
            result = measure_taps([left.source, right.source], self._felt, is_over)
        except DriverError as error:
            self.taps = Taps(sentence=error.sentence)
            return
        delays_ms = result.delays_ms()
        self._settings.remember(
            [
                msgspec.structs.replace(sensor, delay_ms=delay_ms)
                for sensor, delay_ms in zip((left, right), delays_ms, strict=True)
            ]
        )
        self.taps = Taps(
            n_knocks=result.n_knocks, sentence=f"{said(result.sentence)} {_('It is taken off from now on.')}"
        )

    def _felt(self, n_knocks: int) -> None:
        self.taps = Taps(running=True, n_knocks=n_knocks)

    def simulate(self) -> None:
        """Use the simulated person for now; what is remembered stays."""
        self._switch(())

    def reconnect(self) -> None:
        """Begin with the sensors that are remembered."""
        self._switch(in_order(self.remembered))

    def _keep(self, sensors: Sequence[Sensor]) -> None:
        self._settings.remember(sensors)
        self._switch(in_order(sensors))


def in_order(sensors: Sequence[Sensor]) -> list[str]:
    """Their sources, that of the left side first."""
    return [sensor.source for sensor in sorted(sensors, key=lambda sensor: "left" not in sensor.sites)]


def placed(sensors: Sequence[Sensor], new: Sensor) -> list[Sensor]:
    """The sensors with a new one among them: each site has one sensor, and a sensor without a site is forgotten."""
    kept = []
    for sensor in sensors:
        same = sensor.uri == new.uri or bool(sensor.key and sensor.key == new.key)
        sites = {site: channel for site, channel in sensor.sites.items() if site not in new.sites}
        if sites and not same:
            kept.append(msgspec.structs.replace(sensor, sites=sites))
    return [*kept, new]
