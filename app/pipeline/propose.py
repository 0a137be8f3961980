"""Which channel of a foreign recording probably lies on which site, from the names alone: a proposal, never a fact.

Whoever asks shows it to the user, who knows where the electrodes were. Pure.
"""

import re
from collections.abc import Sequence
from typing import Final

from drivers.types import StreamInfo
from drivers.uri import SITES, TARGET_SITES

_LEFT: Final = {"left", "l", "lt", "li", "links", "gauche", "izquierdo"}
_RIGHT: Final = {"right", "r", "rt", "re", "rechts", "droit", "droite", "derecho"}
_MUSCLES: Final = {
    "": ("glut", "gmax", "gmed", "gm", "gesäß"),
    "hamstring": ("hamstring", "biceps", "semiten", "semimem", "bf", "st", "sm", "ham"),
    "adductor": ("adduct", "add"),
    "erector": ("erector", "spinae", "es", "longissimus", "multifid"),
    "tfl": ("tfl", "tensor"),
    "quad": ("quad", "vastus", "rectus", "vl", "vm", "rf"),
    "lat": ("lat", "latissimus"),
}
"""Beginnings of the names that a muscle goes by; one of three letters or fewer must be the whole word."""
_SHORT: Final = 3
_AUXILIARY: Final = re.compile(r".*\((kgf?|n|nm|deg|rad|g|no unit)\)", re.IGNORECASE)


def propose_map(streams: Sequence[StreamInfo]) -> dict[str, int] | None:
    """Propose the ``map=`` of a recording.

    Parameters
    ----------
    streams : sequence of StreamInfo
        Of one recording; channels count through all of them, from 1.

    Returns
    -------
    dict of str to int, or None
        Site to channel, for the sites that the names tell; left and right in their order where exactly two channels
        are no force or acceleration and no name tells anything. None if no glute can be told.
    """
    names = [name for info in streams for name in info.ch_names]
    proposed: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        site = _site(name)
        if site is not None:
            proposed.setdefault(site, number)
    if any(side in proposed for side in TARGET_SITES):
        return {site: proposed[site] for site in SITES if site in proposed}
    muscles = [number for number, name in enumerate(names, start=1) if not _AUXILIARY.fullmatch(name)]
    if len(muscles) == len(TARGET_SITES) and not proposed:
        return dict(zip(TARGET_SITES, muscles, strict=True))
    return None


def _site(name: str) -> str | None:
    """The site that a name tells; None where it tells no side, or a muscle that is no site."""
    if name in SITES:
        return name
    if _AUXILIARY.fullmatch(name):
        return None
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-zß-ÿ])(?=[A-Z])", " ", name))]
    sides = {side for word in words for side, known in (("left", _LEFT), ("right", _RIGHT)) if word in known}
    muscle = next((muscle for muscle in _MUSCLES if any(_is(word, muscle) for word in words)), None)
    others = [word for word in words if word not in _LEFT | _RIGHT and word not in ("emg", "channel", "ch", "exg")]
    if len(sides) != 1 or (muscle is None and others):
        return None
    (side,) = sides
    return f"{muscle}-{side}" if muscle else side


def _is(word: str, muscle: str) -> bool:
    return any(word == begin if len(begin) <= _SHORT else word.startswith(begin) for begin in _MUSCLES[muscle])
