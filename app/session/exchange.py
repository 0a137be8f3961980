"""What lies where once left and right have changed places: one meaning for the key, the question and the settings."""

from collections.abc import Collection, Iterable
from typing import Final

from app.session.events import OTHER, SIDES

_OTHER: Final = {str(side): str(other) for side, other in OTHER.items()}


def exchange(units: Iterable[Collection[str]]) -> dict[str, str]:
    """Say where each electrode lies once left and right have changed places.

    A unit with one glute was put on the wrong side, so everything that it measures moves with it. Where one unit
    measures both glutes, it is their two leads that were mixed up, and every other electrode is where it was; so is a
    unit without a glute, and an electrode whose new place such a unit has.

    Parameters
    ----------
    units : iterable of collections of str
        The sites that each unit measures, e.g. ``{"left", "hamstring-left"}``.

    Returns
    -------
    dict of str to str
        The new site of every old one. Applied twice it changes nothing.
    """
    of_units = [frozenset(sites) for sites in units]
    moving = {site for sites in of_units if len(sites.intersection(SIDES)) == 1 for site in sites}
    all_sites = {site for sites in of_units for site in sites}
    staying = all_sites - moving - set(SIDES)
    moving -= {_turned(site) for site in staying}
    return {site: _turned(site) if site in moving or site in SIDES else site for site in all_sites}


def _turned(site: str) -> str:
    muscle, dash, side = site.rpartition("-")
    return f"{muscle}{dash}{_OTHER[side]}"
