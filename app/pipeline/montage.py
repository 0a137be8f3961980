"""Which channel of which stream lies on which site of the body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drivers.errors import SourceUriError
from drivers.types import StreamInfo
from drivers.uri import SITES, TARGET_SITES


@dataclass(frozen=True, slots=True)
class Montage:
    """Sites of a session and where their samples come from.

    Attributes
    ----------
    sites : tuple of str
        Measured sites, left and right first, in the order of every array of the session.
    columns : mapping of str to tuple of (int, int)
        For each stream: pairs of (column in the stream, index of the site).
    """

    sites: tuple[str, ...]
    columns: Mapping[str, tuple[tuple[int, int], ...]]

    def targets_of(self, stream_id: str) -> tuple[str, ...]:
        """The glutes that a stream carries."""
        return tuple(
            self.sites[site] for _, site in self.columns.get(stream_id, ()) if self.sites[site] in TARGET_SITES
        )

    def pair(self, places: Sequence[int]) -> tuple[int, int] | None:
        """Which of these sites are left and right, if both are among them."""
        names = [self.sites[place] for place in places]
        left, right = TARGET_SITES
        return (names.index(left), names.index(right)) if left in names and right in names else None


def source_sites(
    name: str, streams: Sequence[StreamInfo], channel_map: Mapping[str, int] | None, only_side: str | None = None
) -> dict[str, tuple[str, int]]:
    """Find the sites of one source: by its ``map=``, else by its channels' names, else left and right of two.

    Parameters
    ----------
    name : str
        What the user calls the source, for the sentence if it fails.
    streams : sequence of StreamInfo
        Of this source; channels count through all of them, from 1.
    channel_map : mapping of str to int, or None
        Site to channel number.
    only_side : str or None
        The side that the source is all about, where it is one of two: its one channel needs no name.

    Returns
    -------
    dict of str to tuple of (str, int)
        Site to (stream id, column).

    Raises
    ------
    SourceUriError
        If ``map=`` names a channel that is not there, or nothing says which side a channel is.
    """
    channels = [(info.stream_id, column) for info in streams for column in range(len(info.ch_names))]
    ch_names = [name for info in streams for name in info.ch_names]
    if channel_map is not None:
        for site, number in channel_map.items():
            if number > len(channels):
                raise SourceUriError(
                    f"'{name}': map puts {site} on channel {number}; its channels are {_numbered(ch_names)}."
                )
        return {site: channels[number - 1] for site, number in channel_map.items()}
    named = {site: channel for site, channel in zip(ch_names, channels, strict=True) if site in SITES}
    if any(site in named for site in TARGET_SITES):
        return named
    if only_side is not None and len(channels) == 1:
        return {only_side: channels[0]}
    if len(channels) == len(TARGET_SITES) and only_side is None:
        return dict(zip(TARGET_SITES, channels, strict=True))
    example = ",".join(f"{side}:{number}" for number, side in enumerate(TARGET_SITES[: len(channels)], start=1))
    raise SourceUriError(
        f"'{name}': say which channel is which side, for example map={example} (in analyze: --map {example}); "
        f"its channels are {_numbered(ch_names)}."
    )


def _numbered(ch_names: Sequence[str]) -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(ch_names, start=1))


def make_montage(sources: Sequence[Mapping[str, tuple[str, int]]]) -> Montage:
    """Join the sites of all sources of a session.

    Raises
    ------
    SourceUriError
        If two sources claim one site.
    """
    where: dict[str, tuple[str, int]] = {}
    for source in sources:
        for site, channel in source.items():
            if site in where:
                raise SourceUriError(
                    f"Two sources give the site '{site}'; tell them apart with map=, for example map=left:1 for one "
                    "and map=right:1 for the other."
                )
            where[site] = channel
    sites = tuple(site for site in SITES if site in where)
    columns: dict[str, list[tuple[int, int]]] = {}
    for index, site in enumerate(sites):
        stream_id, column = where[site]
        columns.setdefault(stream_id, []).append((column, index))
    return Montage(sites, {stream_id: tuple(pairs) for stream_id, pairs in columns.items()})
