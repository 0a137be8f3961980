"""``myoware:NAME``: a MyoWare 2.0 muscle sensor with the maker's Wireless Shield, one for each glute.

It sends unpaced and without a counter, so its rate is measured and its loss unknown.
"""

from collections.abc import Sequence
from typing import ClassVar

from drivers.ble_driver import BleDriver
from drivers.codec import Codec
from drivers.errors import SourceFormatError, SourceUriError
from drivers.gatt import GattPeer
from drivers.myoware.protocol import LARGEST_CODE, RAW_MIDDLE, RAW_V_PER_CODE, READING, SERVICE, ReadingCodec
from drivers.text.listen import listen
from drivers.text.study import MEASURE_S, SLOWEST_RAW_HZ, RateMeter
from drivers.types import StreamInfo
from drivers.uri import SourceUri


class MyoWareDriver(BleDriver):
    """Reads one MyoWare sensor.

    Parameters
    ----------
    uri : SourceUri
        Options ``signal`` (``env``, or ``raw`` where the sketch sends the ``RAW`` pin) and ``rate`` in Hz (measured
        for 2 s where not given).
    """

    name: ClassVar[str] = "MyoWare Wireless"
    schemes: ClassVar[tuple[str, ...]] = ("myoware",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("MyoWare",)
    services: ClassVar[tuple[str, ...]] = (SERVICE,)
    data: ClassVar[str] = READING
    options: ClassVar[tuple[str, ...]] = ("signal", "rate")
    wake_hint: ClassVar[str] = (
        "Switch it on and hold it near; the maker's sketch waits for a USB cable before it sends, unless that is taken "
        "out of it."
    )

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        signal = uri.options.get("signal", "env")
        if signal not in ("env", "raw"):
            raise SourceUriError(f"'{uri.text}': signal={signal} must be env or raw.")
        self._is_raw = signal == "raw"
        self._rate = uri.number("rate", 0.0, low=1.0, high=20_000.0) or None

    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        """Make sure that readings come, and measure their rate where it was not given; after a loss believe it."""
        codec = ReadingCodec(is_raw=self._is_raw)
        if self.streams:
            return codec, self.streams
        sfreq = self._rate or await self._measure(peer)
        if self._is_raw and sfreq < SLOWEST_RAW_HZ:
            raise SourceFormatError(
                f"'{peer.name}' sends {sfreq:.0f} readings a second, too few for signal=raw; let its sketch send the "
                "ENV pin and leave signal=raw out."
            )
        return codec, (self._describe(sfreq),)

    async def _measure(self, peer: GattPeer) -> float:
        codec, meter = ReadingCodec(is_raw=self._is_raw), RateMeter(MEASURE_S)
        await listen(peer, self.data, lambda data, now_ns: meter.add(codec.feed(data, now_ns) if data else [], now_ns))
        if meter.sfreq is None:
            raise SourceFormatError(
                f"'{peer.name}' sends no readings; is the maker's sketch for the Wireless Shield on it?"
            )
        return meter.sfreq

    def _describe(self, sfreq: float) -> StreamInfo:
        return StreamInfo(
            stream_id=self.stream_id(),
            sfreq=sfreq,
            sfreq_known=False,
            ch_names=("emg",),
            unit="V" if self._is_raw else "counts",
            kind="raw" if self._is_raw else "envelope",
            has_counter=False,
            full_scale=RAW_MIDDLE * RAW_V_PER_CODE if self._is_raw else float(LARGEST_CODE),
        )
