"""``npg:NAME``: NPG Lite over Bluetooth. Runs in the thread ``bluetooth``."""

from collections.abc import Sequence
from typing import ClassVar

from drivers.ble_driver import BleDriver
from drivers.chords.npg_protocol import MIDDLE, SFREQ, NpgCodec, payload_size
from drivers.errors import SourceFormatError
from drivers.gatt import GattPeer
from drivers.types import StreamInfo, Vitals

CONTROL = "0000ff01-0000-1000-8000-00805f9b34fb"
BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"


class NpgDriver(BleDriver):
    """Reads the three or six channels of one unit.

    It is known by its name alone: the UUID of its service is that of the example that many ESP32 sketches begin with.
    """

    name: ClassVar[str] = "NPG Lite"
    schemes: ClassVar[tuple[str, ...]] = ("npg",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("NPG",)
    data: ClassVar[str] = "beb5483e-36e1-4688-b7f5-ea07361b26a8"
    least_payload: ClassVar[int] = payload_size(3)
    silent_sentence: ClassVar[str] = (
        "'{name}' is linked but sends nothing; it sleeps below 5 % battery: charge it, then switch it off and on."
    )

    async def greet(self, peer: GattPeer) -> tuple[NpgCodec, Sequence[StreamInfo]]:
        """Find out how many channels it has, and have it tell its battery."""
        if not (peer.offers(self.data) and peer.offers(CONTROL)):
            raise SourceFormatError(
                f"'{peer.name}' is no NPG Lite that sends over Bluetooth; flash NPG-LITE-BLE from "
                "github.com/upsidedownlabs/Chords-Arduino-Firmware, or use its cable with chords:PORT."
            )
        n_channels = 6 if "6CH" in peer.name.upper() else 3
        await peer.require_payload(payload_size(n_channels))
        await peer.write(CONTROL, b"STOP", response=True)  # it may still send for a program that crashed
        if peer.offers(BATTERY):  # older firmware has none
            await peer.subscribe(BATTERY, self._on_battery)
        stream = StreamInfo(
            stream_id=self.stream_id(),
            sfreq=SFREQ,
            sfreq_known=False,
            ch_names=tuple(f"ch{k + 1}" for k in range(n_channels)),
            unit="counts",  # no source tells the gain of its amplifiers
            lsb=(1.0,) * n_channels,
            full_scale=MIDDLE - 1.0,  # the nearer rail, so that either shows as clipping
            spectrum_valid=False,  # nor their bandwidth, and half of 500 Hz is less than that of the muscle
        )
        return NpgCodec(n_channels), (stream,)

    async def begin(self, peer: GattPeer) -> None:
        """Start the stream, with the counter at 0."""
        await peer.write(CONTROL, b"START", response=True)

    async def end(self, peer: GattPeer) -> None:
        """Stop the stream."""
        await peer.write(CONTROL, b"STOP", response=True)

    def _on_battery(self, data: bytes, arrival_ns: int) -> None:
        if len(data) == 1 and data[0] <= 100:
            self.tell(Vitals(battery_pct=float(data[0])))
