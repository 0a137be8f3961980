"""Which of the Bluetooth devices in reach a URI means, and how they are listed. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from drivers.errors import SourceBusyError, SourceNotFoundError
from drivers.radio import Seen
from drivers.types import DeviceInfo

ANY: Final = ("*", "any")
"""Addresses that mean the only unit in reach."""

_ADDRESS: Final = re.compile(
    r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)


def is_address(text: str) -> bool:
    """Whether a text is a Bluetooth address, or what macOS has in its place: there is one such unit at most."""
    return _ADDRESS.fullmatch(text) is not None


def belongs(seen: Seen, name_prefixes: Sequence[str], services: Sequence[str]) -> bool:
    """Whether a device is of a family, by the beginning of its name or by a service that it advertises."""
    return _begins(seen.name, name_prefixes) or any(uuid.lower() in seen.services for uuid in services)


def limit(address: str, name_prefixes: Sequence[str], services: Sequence[str]) -> Sequence[str]:
    """Services to which the search may be limited: those of the family, where nothing else can make a unit the one.

    A unit that is meant by name need not advertise its service, and many sketches do not.
    """
    return services if address.casefold() in ANY and not name_prefixes else ()


def is_meant(seen: Seen, address: str, name_prefixes: Sequence[str], services: Sequence[str]) -> bool:
    """Whether a device may be the one of a URI.

    Parameters
    ----------
    seen : Seen
    address : str
        What stands in the URI: a Bluetooth address, a name, the beginning of one or of what follows the family's own
        prefix (``umyo:A`` for ``uMyo-A1B2``), or one of `ANY`. Upper and lower case are the same.
    name_prefixes, services : sequence of str
        Of the family; a whole name or address counts without them.
    """
    wanted, name = address.casefold(), seen.name.casefold()
    if wanted in (name, seen.address.casefold()):
        return True
    if not belongs(seen, name_prefixes, services):
        return False
    own_part = [name.removeprefix(prefix.casefold()).lstrip("-_ ") for prefix in name_prefixes]
    return wanted in ANY or any(_begins(part, (wanted,)) for part in (name, *own_part))


def choose(found: Sequence[Seen], address: str, scheme: str) -> Seen:
    """Take the one that was meant among those that may be; a whole name goes before the beginning of one.

    Raises
    ------
    SourceBusyError
        If there are several: a sensor is never guessed.
    """
    exact = [seen for seen in found if address.casefold() in (seen.name.casefold(), seen.address.casefold())]
    found = exact or found
    if len(found) > 1:
        listed = ", ".join(sorted(f"'{seen.name}' ({seen.address})" for seen in found))
        raise SourceBusyError(
            f"'{address}' may be any of {listed}; write the whole name after '{scheme}:', or the address in brackets "
            "where names are alike."
        )
    return found[0]


def not_found(address: str, kind: str, wake_hint: str, own: Sequence[Seen]) -> SourceNotFoundError:
    """Say that a unit is not in reach, what to do, and which of its kind are."""
    what = f"No {kind} is in reach of Bluetooth." if address in ANY else f"'{address}' is not in reach of Bluetooth."
    names = sorted({seen.name for seen in own if seen.name})
    there = [f"Others are in reach: {', '.join(names)}."] if names else []
    return SourceNotFoundError(" ".join((what, wake_hint, *there)))


def listed(
    found: Sequence[Seen], scheme: str, kind: str, battery_pct: Callable[[Seen], float | None]
) -> list[DeviceInfo]:
    """What a scan says of the units of one family: by name, or by address where names are alike or missing."""
    names = Counter(seen.name.casefold() for seen in found)
    return [
        DeviceInfo(
            uri=f"{scheme}:{seen.name if seen.name and names[seen.name.casefold()] == 1 else seen.address}",
            name=seen.name or kind,
            detail=seen.address,
            key=seen.address,
            rssi_dbm=seen.rssi_dbm,
            battery_pct=battery_pct(seen),
        )
        for seen in sorted(found, key=lambda seen: (seen.name, seen.address))
    ]


def _begins(name: str, prefixes: Sequence[str]) -> bool:
    return any(name.casefold().startswith(prefix.casefold()) for prefix in prefixes)
