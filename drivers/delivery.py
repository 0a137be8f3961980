"""Hands what a codec decoded to the listener: to which stream it belongs, in which epoch, and whether it still fits.

Shared by wires and radios; knows no port and no clock. Runs in the thread of whoever calls it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from drivers.base import DriverListener
from drivers.codec import Chunk
from drivers.types import LinkState, SampleBlock, StreamInfo

STALLED_AFTER_SAMPLES = 5
"""A device that sends slowly is stalled only after so many samples are missing."""

Fits = Callable[[Chunk, StreamInfo], bool]


def has_its_channels(chunk: Chunk, stream: StreamInfo) -> bool:
    """Whether a chunk is as wide as its stream."""
    return bool(chunk.samples.shape[1] == len(stream.ch_names))


def stalled_after_s(least_s: float, streams: Sequence[StreamInfo]) -> float:
    """Seconds of silence after which a link with these streams counts as stalled, `least_s` or more."""
    return max(least_s, STALLED_AFTER_SAMPLES / min(stream.sfreq for stream in streams))


def same_streams(now: Sequence[StreamInfo], before: Sequence[StreamInfo]) -> bool:
    """Whether a session can go on with these streams; a rate that was measured again may differ a little."""
    return [replace(stream, sfreq=1.0) for stream in now] == [replace(stream, sfreq=1.0) for stream in before]


@dataclass
class _Outlet:
    """One stream on its way to the listener."""

    stream: StreamInfo
    epoch: int = -1
    index_0: int | None = None
    """What the codec called the first sample of this epoch; None before it came."""
    heard_ns: int = 0
    fits: bool = True
    told: tuple[LinkState | None, str] = field(default=(None, ""))


class Delivery:
    """The streams of one link.

    Parameters
    ----------
    listener : DriverListener
    streams : sequence of StreamInfo
        Where several units share the link, the ``stream_id`` of each ends in ``:`` and its `Chunk.unit`.
    fits : callable
        Says of a chunk whether it is what `StreamInfo` promised; such as do not fit are never delivered.
    silent_after_s : float
        Seconds after which one unit of several counts as stalled though the link is alive.
    silent : str
        What to tell the user then.
    """

    def __init__(
        self,
        listener: DriverListener,
        streams: Sequence[StreamInfo],
        *,
        fits: Fits = has_its_channels,
        silent_after_s: float,
        silent: str,
    ) -> None:
        self._listener = listener
        self._outlets = [_Outlet(stream) for stream in streams]
        self._fits = fits
        self._silent_after_ns = round(silent_after_s * 1e9)
        self._silent = silent

    def begin_epoch(self, now_ns: int) -> None:
        """Tell what comes from what came: after each (re)connection, and after each start."""
        for outlet in self._outlets:
            outlet.epoch += 1
            outlet.index_0 = 0
            outlet.heard_ns = now_ns
            outlet.fits = True

    def deliver(self, chunks: Sequence[Chunk]) -> bool:
        """Hand over what came; True if any of it was for a stream of this link.

        Chunks of other channels than `StreamInfo` has make their stream ``UNAVAILABLE`` until chunks fit again, which
        is then another epoch.
        """
        heard = False
        for chunk in chunks:
            outlet = self._outlet(chunk.unit)
            if outlet is None or not len(chunk.samples):
                continue
            heard = True
            outlet.heard_ns = chunk.arrival_ns
            fits = self._fits(chunk, outlet.stream)
            if fits != outlet.fits:
                outlet.fits = fits
                outlet.epoch += 1
                outlet.index_0 = None
            if not fits:
                self._say(
                    outlet,
                    LinkState.UNAVAILABLE,
                    f"'{outlet.stream.stream_id.partition(':')[2]}' now sends other columns than at the beginning; "
                    "open it again.",
                )
                continue
            self._say(outlet, LinkState.STREAMING, "")
            self._listener.on_block(_block(outlet, chunk))
        return heard

    def tell(self, state: LinkState, reason: str, now_ns: int) -> None:
        """Tell the listener how the link is, where that is news."""
        for outlet in self._outlets:
            if state in (LinkState.STREAMING, LinkState.STALLED) and not outlet.fits:
                continue  # said by `deliver`, and worse than silence
            if state is LinkState.STREAMING and now_ns - outlet.heard_ns > self._silent_after_ns:
                self._say(outlet, LinkState.STALLED, self._silent)
            else:
                self._say(outlet, state, reason)

    def _outlet(self, unit: str) -> _Outlet | None:
        """Where the chunks of a unit go; None for a unit that was not there at the beginning."""
        if not unit:
            return self._outlets[0]
        return next((outlet for outlet in self._outlets if outlet.stream.stream_id.endswith(f":{unit}")), None)

    def _say(self, outlet: _Outlet, state: LinkState, reason: str) -> None:
        if outlet.told != (state, reason):
            outlet.told = (state, reason)
            self._listener.on_state(outlet.stream.stream_id, state, reason)


def _block(outlet: _Outlet, chunk: Chunk) -> SampleBlock:
    n_lost = chunk.n_lost
    if outlet.index_0 is None:  # in the middle of a connection: what was lost before belongs to no epoch
        outlet.index_0, n_lost = chunk.first_index, 0
    return SampleBlock(
        outlet.stream.stream_id,
        chunk.samples,
        chunk.first_index - outlet.index_0,
        outlet.epoch,
        chunk.arrival_ns,
        n_lost,
    )
