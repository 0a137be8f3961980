"""What could be connected now: every driver lists what it sees, and what is one device becomes one entry.

Nothing is opened and nothing is asked: a probe would start the fake stream of one board and reset another. Where the
same chip sits in devices of several families, the entry holds all of them and the user says which it is.
"""

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec

from app.settings import Sensor
from drivers import registry
from drivers.base import Driver
from drivers.errors import DriverError
from drivers.types import DeviceInfo

GRACE_S: Final = 2.0
"""A driver that has not come back so long after its time is not waited for."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """One driver that may be the right one for a device.

    Attributes
    ----------
    uri : str
        What opens the device with it.
    family : str
        What a person calls the devices that it is for.
    """

    uri: str
    family: str


@dataclass(frozen=True, slots=True)
class FoundDevice:
    """One thing that could be connected.

    Attributes
    ----------
    name, detail : str
    key : str
        What stays when port or name change; empty where there is none.
    choices : tuple of Choice
        More than one where the user has to say which device it is.
    sure : bool
        False if it may be something else.
    rssi_dbm : int or None
    battery_pct : float or None
    simulated : bool
        True if there is no device at all.
    """

    name: str
    detail: str
    key: str
    choices: tuple[Choice, ...]
    sure: bool
    rssi_dbm: int | None = None
    battery_pct: float | None = None
    simulated: bool = False

    @property
    def uri(self) -> str:
        """What opens it, by the first choice."""
        return self.choices[0].uri


@dataclass(frozen=True, slots=True)
class Finds:
    """What a search has found so far.

    Attributes
    ----------
    devices : tuple of FoundDevice
    problems : tuple of str
        One sentence for each kind of device that could not be looked for, and what to do.
    done : bool
        False while some driver still looks.
    """

    devices: tuple[FoundDevice, ...] = ()
    problems: tuple[str, ...] = ()
    done: bool = True


@dataclass(frozen=True, slots=True)
class _Seen:
    """One entry of one driver's list."""

    info: DeviceInfo
    driver: type[Driver]


@dataclass(frozen=True, eq=False, slots=True)
class _Job:
    """Something to look at; ``kind`` is the driver that does, if one does."""

    name: str
    look: Callable[[], Sequence[DeviceInfo]]
    kind: type[Driver] | None = None


def search(timeout_s: float, kinds: Iterable[type[Driver]] | None = None) -> Iterator[Finds]:
    """Let all drivers look at once, and tell what is known each time that one comes back.

    Parameters
    ----------
    timeout_s : float
        Seconds that a driver may look.
    kinds : iterable of driver classes, optional
        Those that look; all that load by default.

    Yields
    ------
    Finds
        Growing; the last one is done.
    """
    looking = tuple(dict.fromkeys(installed() if kinds is None else kinds))
    jobs = [_Job(kind.name, partial(kind.scan, timeout_s), kind) for kind in looking]
    if any(kind.isolation == "wireless" and not kind.simulated for kind in looking):
        jobs.append(_Job("Bluetooth", _check_bluetooth))
    answers: queue.SimpleQueue[tuple[_Job, Sequence[DeviceInfo] | str]] = queue.SimpleQueue()
    for job in jobs:
        threading.Thread(target=_look, args=(job, answers), name=f"search-{job.name}", daemon=True).start()
    seen: dict[_Job, list[_Seen]] = {job: [] for job in jobs}  # in this order, whoever comes back first
    problems: list[str] = []
    waiting = set(jobs)
    ends_s = time.perf_counter() + timeout_s + GRACE_S
    while waiting:
        try:
            job, answer = answers.get(timeout=max(0.0, ends_s - time.perf_counter()))
        except queue.Empty:
            names = ", ".join(sorted(late.name for late in waiting))
            problems.append(f"The search did not end for: {names}. Unplug them, plug them in again, and search again.")
            break
        waiting.discard(job)
        if isinstance(answer, str):
            problems += [answer] if answer not in problems else []  # radio families share their one adapter
        elif job.kind is not None:
            seen[job] = [_Seen(info, job.kind) for info in answer]
        if waiting:
            yield Finds(merge(seen.values()), tuple(problems), done=False)
    yield Finds(merge(seen.values()), tuple(problems))


def installed() -> list[type[Driver]]:
    """Every driver that loads, once, whatever the number of its schemes."""
    entries = (registry.entry(scheme) for scheme in registry.schemes())
    return list(dict.fromkeys(entry.driver for entry in entries if entry.driver is not None))


def _check_bluetooth() -> Sequence[DeviceInfo]:
    """Find nothing, but say why nothing can be found: the drivers themselves list what they see, and no more."""
    from drivers import gatt  # whoever lists no radio need not wait for its library

    problem = gatt.problem()
    if problem:
        raise DriverError(problem)
    return ()


def _look(job: _Job, answers: "queue.SimpleQueue[tuple[_Job, Sequence[DeviceInfo] | str]]") -> None:
    try:
        answers.put((job, job.look()))
    except DriverError as error:
        _log.info("%s (%s)", error.sentence, error.detail)
        answers.put((job, error.sentence))
    except Exception:  # noqa: BLE001 - the thread's last handler; a plugin may fail in any way
        _log.exception("the search of %s failed", job.name)
        answers.put((job, f"The search for {job.name} failed; the others are not disturbed."))


def _address(uri: str) -> str:
    """What a URI opens, whichever driver does it."""
    return uri.partition(":")[2].partition("?")[0]


def merge(lists: Iterable[Sequence[_Seen]]) -> tuple[FoundDevice, ...]:
    """Make one entry of everything that is one device: the same key, or the same address. The sure ones come first."""
    groups: list[list[_Seen]] = []
    names: list[set[str]] = []
    for one in itertools.chain.from_iterable(lists):
        own = {_address(one.info.uri)} | ({f"key {one.info.key}"} if one.info.key else set())
        place = next((number for number, known in enumerate(names) if known & own), None)
        if place is None or one.driver.simulated:
            groups.append([one])
            names.append(own)
        else:
            groups[place].append(one)
            names[place] |= own
    return tuple(sorted(map(_device, groups), key=lambda device: (device.simulated, not device.sure)))


def _device(group: Sequence[_Seen]) -> FoundDevice:
    certain = [one for one in group if one.info.sure]
    claims = certain or list(group)
    infos = [one.info for one in (*claims, *group)]
    return FoundDevice(
        name=infos[0].name,
        detail=infos[0].detail,
        key=next((info.key for info in infos if info.key), ""),
        choices=tuple(Choice(one.info.uri, one.driver.name) for one in claims),
        sure=len(certain) == 1,
        rssi_dbm=next((info.rssi_dbm for info in infos if info.rssi_dbm is not None), None),
        battery_pct=next((info.battery_pct for info in infos if info.battery_pct is not None), None),
        simulated=group[0].driver.simulated,
    )


def is_same(sensor: Sensor, device: FoundDevice) -> bool:
    """Whether a device is the one that is remembered: by its key, or by its address where it has none."""
    if sensor.key or device.key:
        return sensor.key == device.key
    return any(_address(choice.uri) == _address(sensor.uri) for choice in device.choices)


def locate(sensor: Sensor, devices: Iterable[FoundDevice]) -> Sensor:
    """Say where a remembered sensor is now; one that is not among `devices` stays where it was."""
    scheme = sensor.uri.partition(":")[0]
    for device in devices:
        if sensor.key and is_same(sensor, device):
            for choice in device.choices:
                if choice.uri.partition(":")[0] == scheme:
                    options = sensor.uri.partition("?")[2]
                    moved = choice.uri.partition("?")[0]
                    return msgspec.structs.replace(sensor, uri=f"{moved}?{options}" if options else moved)
    return sensor


def sites_of(device: FoundDevice, sensors: Iterable[Sensor]) -> tuple[str, ...]:
    """Where a device lay when it was used last; empty if it is new."""
    return next((tuple(sensor.sites) for sensor in sensors if is_same(sensor, device)), ())
