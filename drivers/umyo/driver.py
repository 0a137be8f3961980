"""``umyo:NAME``: a uMyo over Bluetooth, one for each glute. Runs in the thread ``bluetooth``."""

from collections.abc import Sequence
from typing import ClassVar

from drivers.ble_driver import BleDriver
from drivers.ble_errors import LinkError
from drivers.codec import Codec
from drivers.errors import SourceFormatError
from drivers.gatt import GattPeer
from drivers.radio import Seen
from drivers.types import Carried, StreamInfo, Vitals
from drivers.umyo import protocol
from drivers.umyo.advertising import AdvertisingPeer
from drivers.umyo.protocol import LONGEST_PAYLOAD, SFREQ, LevelCodec, UMyoCodec, telemetry
from drivers.uri import SourceUri

SERVICE = "93375900-f229-8b49-b397-44b5899b8601"
TELEMETRY = "fc7a850d-c1a5-f61f-0da7-9995621fbd01"
_LEVELS_NOTE = (
    "The firmware of this uMyo only advertises: there are bars and counts, about nine levels a second, but neither "
    "timing nor spectrum; the maker's firmware of 2026 sends the muscle signal itself."
)


class UMyoDriver(BleDriver):
    """Reads one uMyo: the muscle signal where its firmware can be connected to, else the levels that it advertises.

    Parameters
    ----------
    uri : SourceUri
        Option ``adv`` (1: do not connect, listen to what is advertised).
    """

    name: ClassVar[str] = "uMyo"
    schemes: ClassVar[tuple[str, ...]] = ("umyo",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("uMyo-", "uMyo")  # its service is not advertised
    data: ClassVar[str] = TELEMETRY
    least_payload: ClassVar[int] = LONGEST_PAYLOAD  # a cut one may look like one of fewer samples
    options: ClassVar[tuple[str, ...]] = ("adv",)
    wake_hint: ClassVar[str] = (
        "Switch it on, hold it near, and press its button once in a while until it flashes blue three times: in its "
        "other modes it speaks to its own USB base alone."
    )

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._wants_levels = uri.integer("adv", 0, low=0, high=1) == 1
        self._sends_levels = False
        self._vital_signs = Vitals()

    @property
    def carried(self) -> Carried:
        """What its firmware cannot do."""
        return Carried(notes=(_LEVELS_NOTE,) if self._sends_levels else ())

    @classmethod
    def battery_pct(cls, seen: Seen) -> float | None:
        """Charge in per cent; advertised by every firmware."""
        advertised = telemetry(seen.manufacturer)
        return protocol.battery_pct(advertised[-1][1]) if advertised else None

    async def link(self, seen: Seen) -> GattPeer:
        """Connect, or listen where that is asked for or all that there is."""
        self._vital_signs = Vitals(battery_pct=self.battery_pct(seen))
        if self._wants_levels:
            return AdvertisingPeer(seen)
        advertises = bool(telemetry(seen.manufacturer))
        try:
            peer = await super().link(seen)
        except LinkError as error:
            if not advertises:
                raise
            raise LinkError(
                f"{error.sentence} If its firmware is from before 2026, write {self.uri.text}?adv=1.", error.detail
            ) from error
        if peer.offers(SERVICE) or not advertises:
            return peer
        await peer.close()
        return AdvertisingPeer(seen)

    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        """Make sure that it is a uMyo; there is nothing to set up."""
        self._sends_levels = isinstance(peer, AdvertisingPeer)
        if not self._sends_levels and not peer.offers(SERVICE):
            raise SourceFormatError(
                f"'{peer.name}' has the name of a uMyo but not what a uMyo offers; is it another device?"
            )
        self.tell(self._vital_signs)
        if self._sends_levels:
            return LevelCodec(), (
                StreamInfo(
                    stream_id=self.stream_id(),
                    sfreq=LevelCodec.sfreq,
                    sfreq_known=False,
                    ch_names=("emg",),
                    unit="counts",
                    kind="envelope",
                ),
            )
        return UMyoCodec(), (
            StreamInfo(
                stream_id=self.stream_id(),
                sfreq=SFREQ,
                sfreq_known=False,
                ch_names=("emg",),
                unit="counts",  # no source tells the gain
                lsb=(1.0,),
            ),
        )
