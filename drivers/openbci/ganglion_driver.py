"""``ganglion:NAME``: an OpenBCI Ganglion over Bluetooth, firmware 2 or 3."""

from collections.abc import Sequence
from typing import ClassVar

from drivers.ble_driver import BleDriver
from drivers.codec import Codec
from drivers.errors import SourceFormatError
from drivers.gatt import GattPeer
from drivers.openbci import ganglion_protocol as protocol
from drivers.openbci.ganglion_protocol import Ganglion2Codec, Ganglion3Codec
from drivers.types import StreamInfo


class GanglionDriver(BleDriver):
    """Streams the four channels of a Ganglion in volts."""

    name: ClassVar[str] = "OpenBCI Ganglion"
    schemes: ClassVar[tuple[str, ...]] = ("ganglion",)
    name_prefixes: ClassVar[tuple[str, ...]] = ("Ganglion", "Simblee")
    services: ClassVar[tuple[str, ...]] = (protocol.SERVICE,)
    data: ClassVar[str] = protocol.NOTIFY
    least_payload: ClassVar[int] = protocol.PACKET_SIZE
    wake_hint: ClassVar[str] = "Switch it off and on: its blue light blinks while it waits to be linked."
    silent_sentence: ClassVar[str] = (
        "'{name}' is linked but sends nothing; switch it off and on, and charge its battery."
    )

    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        """Learn from the software revision how its samples are packed; a link resets the board to its defaults."""
        revision = (await peer.read(protocol.SOFTWARE_REVISION)).decode("ascii", "replace").strip("\0 ")
        codec: Ganglion2Codec | Ganglion3Codec
        if revision.startswith("3"):
            codec = Ganglion3Codec()
        elif revision.startswith(("1", "2")):
            codec = Ganglion2Codec()
        else:
            raise SourceFormatError(
                f"'{peer.name}' has firmware '{revision}', and only 2 and 3 are known; update it with OpenBCI's tools."
            )
        stream = StreamInfo(
            stream_id=self.stream_id(),
            sfreq=codec.SFREQ,
            sfreq_known=False,
            ch_names=tuple(f"ch{i + 1}" for i in range(protocol.N_CHANNELS)),
            lsb=(codec.LSB_V,) * protocol.N_CHANNELS,
            full_scale=protocol.FULL_SCALE_V,
            spectrum_valid=False,  # EMG reaches to 450 Hz and the converter to 100
        )
        return codec, (stream,)

    async def begin(self, peer: GattPeer) -> None:
        """Start the stream."""
        await peer.write(protocol.WRITE, protocol.START, response=False)

    async def end(self, peer: GattPeer) -> None:
        """Stop the stream."""
        await peer.write(protocol.WRITE, protocol.STOP, response=False)
