"""A sensor on its way to being used: which device it is, where its channels lie, what it is called. Pure."""

from dataclasses import dataclass, field
from typing import Literal, Self

from app.language import _
from app.pipeline.discovery import Choice, FoundDevice
from app.settings import Sensor
from app.ui.sensor_words import WHERE, WHICH_DEVICE
from drivers.uri import SITES

Lie = Literal["left", "right", "both"]
MOST_CHANNELS = 8


@dataclass(slots=True)
class Draft:
    """What the user has said so far.

    Attributes
    ----------
    name, key : str
    choices : tuple of Choice
    chosen : int or None
        Which of them it is; None while nobody has said so.
    channels : list of str or None
        Site of each channel; None is not used.
    """

    name: str
    key: str
    choices: tuple[Choice, ...]
    chosen: int | None = None
    channels: list[str | None] = field(default_factory=lambda: [None])

    @classmethod
    def of_device(cls, device: FoundDevice, lay_on: Sensor | None) -> Self:
        """Begin with a device that was found, and where it lay when it was used last."""
        draft = cls(device.name, device.key, device.choices, 0 if device.sure else None)
        if lay_on is not None:
            draft.name = lay_on.name or device.name
            draft.channels = _channels(lay_on)
            scheme = lay_on.uri.partition(":")[0]
            known = (number for number, one in enumerate(device.choices) if one.uri.partition(":")[0] == scheme)
            draft.chosen = next(known, draft.chosen)
        return draft

    @classmethod
    def of_sensor(cls, sensor: Sensor) -> Self:
        """Begin with a sensor that is in use."""
        return cls(sensor.name, sensor.key, (Choice(sensor.uri, sensor.name),), 0, _channels(sensor))

    @property
    def is_ambiguous(self) -> bool:
        """Whether the user has to say which device it is."""
        return len(self.choices) > 1 or self.chosen is None

    @property
    def lie(self) -> Lie | None:
        """Which glutes it lies on."""
        sides = [site for site in self.channels if site in ("left", "right")]
        if len(sides) == 1:
            return "left" if sides == ["left"] else "right"
        return "both" if sides else None

    def put(self, channel: int, site: str | None) -> None:
        """Put a channel, counted from 0, on a site; another one that lay there is not used any more."""
        self.channels = [None if one == site else one for one in self.channels]
        self.channels[channel] = site

    def lie_on(self, lie: Lie) -> None:
        """Put the first channel on one side, or the first two on both."""
        if lie == "both":
            self.channels += [None] * (2 - len(self.channels))
            self.put(0, "left")
            self.put(1, "right")
            return
        channel = next((number for number, site in enumerate(self.channels) if site == lie), 0)
        self.channels = [None if site in ("left", "right") else site for site in self.channels]
        while len(self.channels) > channel + 1 and self.channels[-1] is None:
            self.channels.pop()
        self.put(channel, lie)

    def add_channel(self) -> None:
        """Say more about a device of many channels."""
        if len(self.channels) < MOST_CHANNELS:
            self.channels.append(None)

    def missing(self) -> str:
        """What the user still has to say; empty if all is said."""
        if self.chosen is None:
            return _(WHICH_DEVICE)
        return "" if any(self.channels) else _(WHERE)

    def sensor(self) -> Sensor:
        """The sensor, once nothing is missing."""
        order = {site: number for number, site in enumerate(SITES)}
        sites = {site: channel for channel, site in enumerate(self.channels, start=1) if site is not None}
        by_site = dict(sorted(sites.items(), key=lambda item: order[item[0]]))
        return Sensor(self.choices[self.chosen or 0].uri, by_site, self.key, " ".join(self.name.split()))


def _channels(sensor: Sensor) -> list[str | None]:
    sites = {channel: site for site, channel in sensor.sites.items()}
    return [sites.get(channel) for channel in range(1, max(sites) + 1)]
