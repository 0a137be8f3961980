"""``cyton:PORT``: an OpenBCI Cyton through its USB dongle, with or without a Daisy."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from drivers.backoff import retry_delays
from drivers.codec import Codec
from drivers.errors import SourceFormatError, SourceUriError
from drivers.openbci import cyton_protocol as protocol
from drivers.openbci.cyton_protocol import CytonCodec
from drivers.serial_driver import SerialDriver, UsbId
from drivers.serial_port import SerialLine
from drivers.types import Isolation, StreamInfo
from drivers.uri import SourceUri

RESET_TIMEOUT_S = 5.0
"""The board takes 1.5 s over a reset."""
ANSWER_TIMEOUT_S = 2.0
QUIET_S = 0.2
"""What was on its way when a stream was stopped has come by then."""


class CytonDriver(SerialDriver):
    """Streams the channels of a Cyton in volts, each bipolar between its own two pins.

    A stream has all channels of the board, 8 or 16, so that ``map=`` counts as the board does. Those that are not used
    are powered down and read zero.

    Parameters
    ----------
    uri : SourceUri
        Options ``channels`` (for example ``1,2``; those of ``map=`` where it is not given, else 1 to 8; any above 8
        takes the Daisy and halves the rate) and ``gain`` (24).
    delays : callable
        Gives the seconds to wait before each try to open the port again.
    """

    name: ClassVar[str] = "OpenBCI Cyton"
    schemes: ClassVar[tuple[str, ...]] = ("cyton",)
    isolation: ClassVar[Isolation] = "wireless"
    # Other devices have this chip too, several SpikerBoxes among them.
    usb_ids: ClassVar[tuple[UsbId, ...]] = (UsbId(0x0403, 0x6015, product="FT231X", sure=False),)
    options: ClassVar[tuple[str, ...]] = ("channels", "gain")
    silent_sentence: ClassVar[str] = (
        "The dongle on '{address}' is there but the Cyton sends nothing; is it switched to PC, charged, and near?"
    )

    def __init__(
        self, uri: SourceUri, *, delays: Callable[[], Iterator[float]] = lambda: retry_delays(random.Random())
    ) -> None:
        super().__init__(uri, delays=delays)
        self._gain = _gain(uri)
        self._channels = _channels(uri)

    def greet(self, line: SerialLine) -> tuple[Codec, Sequence[StreamInfo]]:
        """Reset the board, and set up each channel for EMG."""
        self.end(line)  # a board that still streams from a session that ended badly answers nothing
        has_daisy = "On Daisy" in self._reset(line)
        wants_daisy = max(self._channels) > protocol.N_CHANNELS
        if wants_daisy and not has_daisy:
            raise SourceFormatError(
                f"The Cyton on '{line.address}' has no Daisy, so there is no channel {max(self._channels)}; "
                "push the Daisy on firmly and switch the board off and on, or use channels 1 to 8."
            )
        if has_daisy and not wants_daisy:
            self._ask(line, protocol.REMOVE_DAISY)
        n_channels = protocol.N_DAISY_CHANNELS if wants_daisy else protocol.N_CHANNELS
        for channel in range(1, n_channels + 1):
            is_on = channel in self._channels
            self._ask(line, protocol.channel_on(channel, self._gain) if is_on else protocol.channel_off(channel))
        stream = StreamInfo(
            stream_id=self.stream_id(),
            sfreq=protocol.DAISY_SFREQ if wants_daisy else protocol.SFREQ,
            sfreq_known=False,
            ch_names=tuple(f"ch{i + 1}" for i in range(n_channels)),
            lsb=(protocol.lsb_v(self._gain),) * n_channels,
            full_scale=protocol.full_scale_v(self._gain),
            spectrum_valid=False,  # EMG reaches to 450 Hz and the converter to 125
        )
        return CytonCodec(gain=self._gain, daisy=wants_daisy), (stream,)

    def begin(self, line: SerialLine) -> None:
        """Start the stream."""
        line.write(protocol.START)

    def end(self, line: SerialLine) -> None:
        """Stop the stream, and let what is on its way arrive before the next one begins."""
        line.write(protocol.STOP)
        line.drain(QUIET_S)

    def _reset(self, line: SerialLine) -> str:
        """Reset the board and give what it says of itself."""
        line.write(protocol.RESET)
        try:
            banner = line.read_until(protocol.END_OF_ANSWER, RESET_TIMEOUT_S)
        except SourceFormatError as error:
            raise SourceFormatError(
                f"Nothing answers on '{line.address}' as a Cyton would; is it the dongle of a Cyton, "
                "with its switch on GPIO 6 and its blue light on?",
                error.detail,
            ) from None
        text = banner.decode("ascii", "replace")
        if "Failure" in text:
            raise SourceFormatError(
                f"The dongle on '{line.address}' is there but no Cyton answers it; switch the board to PC, charge its "
                "battery, bring it near, and give both the same radio channel.",
                text,
            )
        if "OpenBCI" not in text:
            raise SourceFormatError(f"What answers on '{line.address}' is no Cyton; choose another port.", text)
        return text

    def _ask(self, line: SerialLine, command: bytes) -> None:
        """Send a command and wait until the board has confirmed it."""
        line.write(command)
        try:
            answer = line.read_until(protocol.END_OF_ANSWER, ANSWER_TIMEOUT_S)
        except SourceFormatError as error:
            raise SourceFormatError(
                f"The Cyton on '{line.address}' does not confirm its settings; bring it nearer and try again, "
                "and if that does not help, update its firmware to 3.1 or later.",
                f"{command!r}: {error.detail}",
            ) from None
        if b"Failure" in answer:
            raise SourceFormatError(
                f"The Cyton on '{line.address}' refuses its settings; switch it off and on and try again.",
                f"{command!r}: {answer!r}",
            )


def _gain(uri: SourceUri) -> int:
    text = uri.options.get("gain", "24")
    if text not in map(str, protocol.GAINS):
        gains = ", ".join(map(str, protocol.GAINS))
        raise SourceUriError(f"'{uri.text}': gain={text} must be one of {gains}.")
    return int(text)


def _channels(uri: SourceUri) -> frozenset[int]:
    """The channels to be switched on."""
    mapped = frozenset((uri.channel_map or {}).values())
    text = uri.options.get("channels")
    if text is None:
        chosen = mapped or frozenset(range(1, protocol.N_CHANNELS + 1))
    else:
        parts = text.split(",")
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise SourceUriError(
                f"'{uri.text}': channels={text} must be channel numbers with commas, as in channels=1,2."
            )
        chosen = frozenset(map(int, parts))
    wrong = chosen - set(range(1, protocol.N_DAISY_CHANNELS + 1))
    if wrong:
        raise SourceUriError(
            f"'{uri.text}': there is no channel {min(wrong)}; a Cyton has 1 to 8, and with a Daisy 1 to 16."
        )
    if not mapped <= chosen:
        missing = min(mapped - chosen)
        raise SourceUriError(
            f"'{uri.text}': map uses channel {missing}, which channels={text} leaves switched off; name it there too."
        )
    return chosen
