"""``SCHEME:ADDRESS?option=value&...``: the one string that names any source.

Everything wrong with it is refused with the part that is wrong and what would be right.
"""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from drivers.errors import SourceUriError

TARGET_SITES = ("left", "right")
"""The gluteus under each electrode; the sites that are compared."""
COMPENSATOR_MUSCLES = ("adductor", "hamstring", "erector", "tfl", "quad")
PARTNER_MUSCLES = ("lat",)
SITES: tuple[str, ...] = TARGET_SITES + tuple(
    f"{muscle}-{side}" for muscle in COMPENSATOR_MUSCLES + PARTNER_MUSCLES for side in TARGET_SITES
)

COMMON_OPTIONS = ("map", "calibration", "delay")
"""Options that every scheme takes; they are for the application, not for the driver."""

_SHAPE = re.compile(r"(?P<scheme>[a-z][a-z0-9+]*):(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceUri:
    """A parsed source.

    Attributes
    ----------
    text : str
        What the user wrote.
    scheme : str
        Which driver, e.g. ``'sim'``.
    address : str
        Scenario, path, port or device name.
    options : mapping of str to str
        Everything after the question mark.
    """

    text: str
    scheme: str
    address: str
    options: Mapping[str, str] = field(default_factory=dict)

    def refuse_unknown_options(self, known: Collection[str]) -> None:
        """Raise `SourceUriError` for the first option that is neither common nor in `known`."""
        accepted = sorted({*known, *COMMON_OPTIONS})
        for name in self.options:
            if name not in accepted:
                raise SourceUriError(
                    f"'{self.text}': there is no option '{name}'{did_you_mean(name, accepted)}; "
                    f"{self.scheme}: takes {', '.join(accepted)}."
                )

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """Option `name` as a number in ``[low, high]``, or `default` where it is not given."""
        text = self.options.get(name)
        if text is None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:  # NaN fails every comparison and is refused here too
            raise SourceUriError(f"'{self.text}': {name}={text} must be a number from {low:.10g} to {high:.10g}.")
        return value

    def integer(self, name: str, default: int, *, low: int, high: int) -> int:
        """Option `name` as a whole number in ``[low, high]``, or `default` where it is not given."""
        value = self.number(name, default, low=low, high=high)
        if value != int(value):
            raise SourceUriError(f"'{self.text}': {name}={self.options[name]} must be a whole number.")
        return int(value)

    @property
    def speed(self) -> float:
        """Option ``speed``: how many times real time; ``inf`` for ``speed=max``."""
        if self.options.get("speed") == "max":
            return float("inf")
        try:
            return self.number("speed", 1.0, low=0.01, high=1000.0)
        except SourceUriError:
            raise SourceUriError(
                f"'{self.text}': speed={self.options['speed']} must be a number from 0.01 to 1000, or max."
            ) from None

    @property
    def delay_s(self) -> float:
        """Option ``delay`` in ms, as seconds: how much later than the body this unit's samples seem to come.

        What two units have in store differs by a constant that no clock sees; ``glutewake tap`` measures it.
        """
        return self.number("delay", 0.0, low=-500.0, high=500.0) * 1e-3

    @property
    def channel_map(self) -> Mapping[str, int] | None:
        """Option ``map`` as site to channel, counted from 1 as the user does; None where it is not given."""
        text = self.options.get("map")
        if text is None:
            return None
        sites: dict[str, int] = {}
        for part in text.split(","):
            site, _, channel = part.partition(":")
            if site not in SITES:
                known = ", ".join(f"'{one}'" for one in SITES)  # in quotes they are no words to be translated
                raise SourceUriError(
                    f"'{self.text}': map names the site '{site}'{did_you_mean(site, SITES)}; sites are {known}."
                )
            if not channel.isascii() or not channel.isdigit() or int(channel) < 1:
                raise SourceUriError(
                    f"'{self.text}': map needs a channel number from 1 after '{site}:', as in map=left:1,right:2."
                )
            if site in sites:
                raise SourceUriError(f"'{self.text}': map names the site '{site}' twice; leave one out.")
            if int(channel) in sites.values():
                raise SourceUriError(f"'{self.text}': map gives channel {channel} to two sites; give each its own.")
            sites[site] = int(channel)
        return sites


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Make the part of a refusal that offers the nearest right word; empty where none is near."""
    close = difflib.get_close_matches(word, known, n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def parse_uri(text: str, schemes: Collection[str]) -> SourceUri:
    """Parse a source, or say exactly what is wrong with it.

    Parameters
    ----------
    text : str
        For example ``sim:waking-left?seed=1``.
    schemes : collection of str
        The schemes that a driver answers to.

    Returns
    -------
    SourceUri

    Raises
    ------
    SourceUriError
        With the part that is wrong and what would be right.
    """
    match = _SHAPE.fullmatch(text)
    if match is None or (match["scheme"] not in schemes and re.fullmatch(r"[a-zA-Z]:[\\/].*", text)):
        raise SourceUriError(
            f"'{text}' does not say what kind of source it is; write SCHEME:ADDRESS, "
            "for example sim:waking-left or file:recording.csv."
        )
    scheme = match["scheme"]
    if scheme not in schemes:
        known = [f"{name}:" for name in sorted(schemes)]
        raise SourceUriError(
            f"'{text}': there is no source '{scheme}:'{did_you_mean(f'{scheme}:', known)}; "
            f"there are {', '.join(known)}."
        )
    address, mark, query = match["rest"].rpartition("?")
    # A file name may hold a question mark: only what looks like options is taken for options.
    if not mark or (query and "=" not in query):
        address, query = match["rest"], ""
    options: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, equals, value = pair.partition("=")
        if not name or not equals or not value:
            raise SourceUriError(f"'{text}': '{pair}' is not an option; write name=value, joined with &.")
        if name in options:
            raise SourceUriError(f"'{text}': the option '{name}' is given twice; leave one out.")
        options[name] = unquote(value)
    if not address:
        raise SourceUriError(f"'{text}': nothing stands after '{scheme}:'; name what to open there.")
    uri = SourceUri(text=text, scheme=scheme, address=address, options=options)
    _ = uri.channel_map, uri.delay_s  # refused now if wrong, not when the device is already open
    return uri
