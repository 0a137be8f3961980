"""What a user asks of a BITalino, the same by wire and radio. Pure."""

from dataclasses import dataclass

from drivers.bitalino import protocol
from drivers.bitalino.protocol import BitalinoCodec
from drivers.errors import SourceFormatError, SourceUriError
from drivers.types import Carried, StreamInfo, Vitals
from drivers.uri import SourceUri

OPTIONS = ("channels", "rate", "test")
NOTHING_HEARD = "'{who}' does not answer as a BITalino would; check that it is on, and that nothing else uses it."
_FIRMWARE = 5
_TEST_NOTE = (
    "TEST SIGNAL: '{who}' sends a signal of its own making, no muscle's; take test=1 out of the source to measure."
)


@dataclass(frozen=True, slots=True)
class Setup:
    """Which inputs, how fast, and whether for real.

    Attributes
    ----------
    channels : tuple of int
        Inputs from 1 to 6, ascending as they are in a frame.
    rate : int
        Samples a second.
    test : bool
        The device is to send its own made-up signal.
    """

    channels: tuple[int, ...]
    rate: int
    test: bool

    @classmethod
    def of(cls, uri: SourceUri) -> "Setup":
        """Read the options ``channels`` (1,2), ``rate`` (1000) and ``test`` (0)."""
        text = uri.options.get("channels", "1,2")
        numbers = [int(part) if part.isascii() and part.isdigit() else 0 for part in text.split(",")]
        if not all(1 <= number <= protocol.N_INPUTS for number in numbers) or len(set(numbers)) < len(numbers):
            raise SourceUriError(f"'{uri.text}': channels={text} must be different numbers from 1 to 6, as in 1,2.")
        rate = uri.integer("rate", 1000, low=1, high=1000)
        if rate not in protocol.RATES:
            raise SourceUriError(f"'{uri.text}': rate={rate} must be 1000 or 100; slower rates miss the muscle.")
        return cls(tuple(sorted(numbers)), rate, uri.integer("test", 0, low=0, high=1) == 1)

    @property
    def rate_command(self) -> bytes:
        """Sets the rate of the idle device."""
        return protocol.RATES[self.rate]

    @property
    def start_command(self) -> bytes:
        """Starts what was asked for."""
        return protocol.start_command(self.channels, test=self.test)

    def codec(self) -> BitalinoCodec:
        """Make the decoder of the frames that then come."""
        return BitalinoCodec(len(self.channels), float(self.rate))

    def stream(self, stream_id: str) -> StreamInfo:
        """Describe the samples."""
        return StreamInfo(
            stream_id=stream_id,
            sfreq=float(self.rate),
            ch_names=tuple(f"A{number}" for number in self.channels),
            lsb=protocol.emg_lsb(len(self.channels)),
            full_scale=protocol.EMG_FULL_SCALE,
            spectrum_valid=self.rate == 1000,  # the sensor passes 25 to 480 Hz
        )

    def carried(self, who: str) -> Carried:
        """Say that it is a test signal, where it is."""
        return Carried(notes=(_TEST_NOTE.format(who=who),) if self.test else ())

    def vitals(self, battery_pct: float | None) -> Vitals:
        """Say how the device is."""
        return Vitals(battery_pct=battery_pct, test_signal=self.test)


def require_version(answer: bytes, who: str) -> None:
    """Raise `SourceFormatError` unless the answer to `protocol.ASK_VERSION` is that of a (r)evolution."""
    version = protocol.find_version(answer)
    if version is None:
        raise SourceFormatError(NOTHING_HEARD.format(who=who), f"it sent {answer[:100]!r}")
    if version[0] < _FIRMWARE:
        raise SourceFormatError(
            f"'{who}' has BITalino firmware {version[0]}.{version[1]}; only the (r)evolution, firmware 5 and later, "
            "can be read."
        )


def find_battery_pct(answer: bytes) -> float | None:
    """Charge in per cent from the end of what came after `protocol.ASK_STATE`, whatever stands before it."""
    found = (protocol.battery_pct(answer[-size:]) for size in protocol.STATE_SIZES)
    return next((pct for pct in found if pct is not None), None)


def is_streaming(heard: bytes) -> bool:
    """Whether frames can be made out in these bytes, of any number of channels."""
    return any(BitalinoCodec(n, 1000.0).feed(heard, 0) for n in range(1, protocol.N_INPUTS + 1))
