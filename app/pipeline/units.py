"""`UnitView`: one sensor as the person sees it, from what the driver, the hub and the engine know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from app.pipeline.condition import Condition
from app.pipeline.flow import FlowView
from app.pipeline.health import LinkView
from app.pipeline.sources import Sources
from app.session.events import Verdict
from app.settings import Sensor
from drivers.base import Driver
from drivers.types import LinkState, Vitals
from drivers.uri import TARGET_SITES

GATHERS_MS: Final = 4.0
"""A USB chip that holds bytes back for longer delays every cue by as much."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit that is connected, or should be.

    Attributes
    ----------
    uri : str
        What opened it, as it is remembered where it is.
    name : str
    remembered : bool
        Whether it is one of the user's own, with a name of its own, and can be forgotten.
    sites : tuple of str
        What it measures.
    state : LinkState
    reason : str
        One sentence where the state needs one, else empty.
    since_ns : int
        ``perf_counter_ns`` when the state began; 0 where it never ran.
    simulated : bool
    vitals : Vitals
    flow : FlowView or None
        None before samples came.
    contacts : mapping of str to (str, str)
        Verdict and sentence of each of its sites that was judged.
    rest_uv : mapping of str to float
        Rest level of its sites.
    """

    uri: str
    name: str
    remembered: bool
    sites: tuple[str, ...]
    state: LinkState
    reason: str = ""
    since_ns: int = 0
    simulated: bool = False
    vitals: Vitals = field(default_factory=Vitals)
    flow: FlowView | None = None
    contacts: Mapping[str, tuple[Verdict, str]] = field(default_factory=dict)
    rest_uv: Mapping[str, float] = field(default_factory=dict)


def waiting_units(drivers: tuple[Driver, ...], sensors: tuple[Sensor, ...], problem: str) -> tuple[UnitView, ...]:
    """The units of a session that is not open: being connected, or kept from it by `problem`."""
    state = LinkState.UNAVAILABLE if problem else LinkState.CONNECTING
    if not drivers:  # not even that much is known of them, or of one
        return tuple(
            UnitView(sensor.uri, sensor.name or sensor.uri, True, tuple(sensor.sites), state, problem)
            for sensor in sensors
        )
    units = []
    for number, driver in enumerate(drivers):
        only_side = TARGET_SITES[number : number + 1] if len(drivers) > 1 else TARGET_SITES
        units.append(
            replace(
                _named(driver, sensors),
                sites=tuple(driver.uri.channel_map or only_side),
                state=state,
                reason=problem,
            )
        )
    return tuple(units)


def open_units(
    sources: Sources, sensors: tuple[Sensor, ...], links: tuple[LinkView, ...], condition: Condition
) -> tuple[UnitView, ...]:
    """The units of a session that is open, one for each stream that lies on the body."""
    link_of = {link.stream_id: link for link in links}
    units = []
    streams = iter(sources.streams)
    for driver, n_streams in zip(sources.drivers, sources.n_streams, strict=True):
        unit, vitals = _named(driver, sensors), driver.vitals
        for _ in range(n_streams):
            info = next(streams)
            sites = tuple(sources.montage.sites[site] for _, site in sources.montage.columns.get(info.stream_id, ()))
            link = link_of.get(info.stream_id)
            if not sites or link is None:
                continue
            units.append(
                replace(
                    unit,
                    sites=sites,
                    state=link.state,
                    reason=link.reason,
                    since_ns=link.since_ns,
                    vitals=vitals.get(info.stream_id, Vitals()),
                    flow=condition.flows.get(info.stream_id),
                    contacts={site: words for site, words in condition.contacts.items() if site in sites},
                    rest_uv={site: level for site, level in condition.rest_uv.items() if site in sites},
                )
            )
    return tuple(units)


def _named(driver: Driver, sensors: tuple[Sensor, ...]) -> UnitView:
    """The unit under the name that the user gave it, else under its own."""
    sensor = next((sensor for sensor in sensors if sensor.source == driver.uri.text), None)
    own = driver.name if driver.simulated else driver.uri.address
    return UnitView(
        uri=driver.uri.text if sensor is None else sensor.uri,
        name=(sensor.name if sensor is not None else "") or own,
        remembered=sensor is not None,
        sites=(),
        state=LinkState.CONNECTING,
        simulated=driver.simulated,
    )
