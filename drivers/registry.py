"""Which driver answers to which scheme: a static table, then third parties by entry point.

The table is static because a frozen build sees no entry points. Drivers are imported when first wanted. A broken
plugin is listed with its error and never stops the others.
"""

import importlib
import logging
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from drivers.base import Driver
from drivers.errors import DriverError
from drivers.uri import parse_uri

ENTRY_POINT_GROUP = "glutewake.drivers"

BUILTIN: dict[str, tuple[str, str]] = {
    "sim": ("drivers.simulator.driver", "SimulatorDriver"),
    "file": ("drivers.replay.driver", "ReplayDriver"),
    "text": ("drivers.text.driver", "TextDriver"),
    "nus": ("drivers.nus.driver", "NusDriver"),
    "myoware": ("drivers.myoware.driver", "MyoWareDriver"),
    "chords": ("drivers.chords.driver", "ChordsDriver"),
    "npg": ("drivers.chords.npg_driver", "NpgDriver"),
    "ganglion": ("drivers.openbci.ganglion_driver", "GanglionDriver"),
    "cyton": ("drivers.openbci.cyton_driver", "CytonDriver"),
    "spikerbox": ("drivers.spikerbox.driver", "SpikerBoxDriver"),
    "bitalino": ("drivers.bitalino.driver", "BitalinoDriver"),
    "bitalino+ble": ("drivers.bitalino.ble_driver", "BitalinoBleDriver"),
    "umyo": ("drivers.umyo.driver", "UMyoDriver"),
    "umyo+usb": ("drivers.umyo.base_driver", "UMyoBaseDriver"),
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheme and the driver behind it, or the reason why there is none."""

    scheme: str
    driver: type[Driver] | None
    origin: str
    error: str = ""


def _load(scheme: str, module: str, attribute: str, origin: str) -> Entry:
    try:
        driver = getattr(importlib.import_module(module), attribute)
        if not (isinstance(driver, type) and issubclass(driver, Driver)):
            return Entry(scheme, None, origin, f"{module}.{attribute} is not a Driver")
    except Exception as error:  # noqa: BLE001 - a plugin may fail in any way; it is listed, never fatal
        _log.warning("driver %s of %s cannot be loaded", scheme, origin, exc_info=True)
        return Entry(scheme, None, origin, f"{type(error).__name__}: {error}")
    return Entry(scheme, driver, origin)


@cache
def schemes() -> tuple[str, ...]:
    """Every scheme that is known, built-ins first, without importing any driver."""
    plugins = (point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*BUILTIN, *sorted(set(plugins) - BUILTIN.keys()))


def entry(scheme: str) -> Entry:
    """Load the driver of a scheme; built-ins cannot be replaced by a plugin."""
    if scheme in BUILTIN:
        return _load(scheme, *BUILTIN[scheme], "built in")
    for point in entry_points(group=ENTRY_POINT_GROUP):
        if point.name == scheme:
            origin = point.dist.name if point.dist is not None else "plugin"
            return _load(scheme, point.module, point.attr, origin)
    return Entry(scheme, None, "nowhere", "there is no such scheme")


def create(text: str) -> Driver:
    """Build the driver that a source string names, without opening it.

    Parameters
    ----------
    text : str
        A source URI, see `drivers.uri`.

    Raises
    ------
    SourceUriError
        If the string is wrong.
    DriverError
        If the driver behind it cannot be loaded.
    """
    uri = parse_uri(text, schemes())
    found = entry(uri.scheme)
    if found.driver is None:
        raise DriverError(
            f"The driver for '{uri.scheme}:' ({found.origin}) does not load; reinstall or remove it.", found.error
        )
    return found.driver(uri)
