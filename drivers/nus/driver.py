"""``nus:NAME``: lines of numbers over the Nordic UART service, as sketches on an nRF52 or ESP32 print them.

Notifications are a stream of bytes: a line may span several, and one may hold several lines. The lines carry no
counter, so lost ones cannot be counted; a cut line is dropped where its columns are no longer right.
"""

from collections.abc import Sequence
from typing import ClassVar

from drivers.ble_driver import BleDriver
from drivers.codec import Chunk, Codec
from drivers.gatt import GattPeer
from drivers.text.lines import LINE_OPTIONS, Lines
from drivers.text.listen import listen
from drivers.types import Carried, StreamInfo
from drivers.uri import SourceUri

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
FROM_DEVICE = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"


class NusDriver(BleDriver):
    """Reads lines of numbers from a board with the Nordic UART service.

    Parameters
    ----------
    uri : SourceUri
        Options ``rate`` in Hz (measured for 2 s where not given) and ``time`` (1: the first number of a line is a time
        stamp or counter, not a channel).
    """

    name: ClassVar[str] = "board with the Nordic UART service"
    schemes: ClassVar[tuple[str, ...]] = ("nus",)
    services: ClassVar[tuple[str, ...]] = (SERVICE,)
    data: ClassVar[str] = FROM_DEVICE
    options: ClassVar[tuple[str, ...]] = LINE_OPTIONS
    silent_sentence: ClassVar[str] = "'{name}' is linked but sends no numbers; is it on and charged?"

    def __init__(self, uri: SourceUri) -> None:
        super().__init__(uri)
        self._lines = Lines(uri)

    @property
    def carried(self) -> Carried:
        """What was found out about the lines."""
        return self._lines.carried

    async def greet(self, peer: GattPeer) -> tuple[Codec, Sequence[StreamInfo]]:
        """Wait for lines of numbers, and measure their rate where it was not given; after a loss believe both."""
        if self.streams:
            return self._lines.parser, self.streams
        study = self._lines.study(peer.name, no_lines="Is this what its sketch prints over Bluetooth?")
        await listen(peer, self.data, study.is_done)
        return self._lines.learn(study, self.stream_id())

    def fits(self, chunk: Chunk, stream: StreamInfo) -> bool:
        """Whether the lines have the columns, and the labels, that they had at the beginning."""
        return self._lines.fit(chunk)
