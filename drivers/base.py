"""The contract between a driver and the application: five methods one way, two the other."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol

from drivers.types import Carried, DeviceInfo, Isolation, LinkState, SampleBlock, StreamInfo, Vitals
from drivers.uri import SourceUri


class DriverListener(Protocol):
    """Whoever wants the samples. Called on the driver's own thread; must return within microseconds.

    An unpaced driver (``StreamInfo.paced`` False) may be held back: there ``on_block`` is allowed to block.
    """

    def on_block(self, block: SampleBlock) -> None:
        """Take the next block of a stream."""

    def on_state(self, stream_id: str, state: LinkState, reason: str) -> None:
        """Take note that a link changed; ``CLOSED`` comes once, after the last block."""


class Driver(ABC):
    """One source of samples.

    ``open``, ``start``, ``stop`` and ``close`` may block up to a few seconds and raise `DriverError`; they are
    called from one control thread, never from the GUI. Blocks and states come back on the driver's own thread.
    After ``stop`` returns, no block arrives any more. ``close`` may be called at any time, any number of times.

    Parameters
    ----------
    uri : SourceUri
        The parsed source; options that the driver does not know are refused here with `SourceUriError`.
    """

    name: ClassVar[str]
    """What a person calls this family of devices."""
    schemes: ClassVar[tuple[str, ...]]
    """The URI schemes it answers to."""
    isolation: ClassVar[Isolation]
    """Whether the person is galvanically separated from the mains."""
    simulated: bool = False
    """True if no living person is on the electrodes now (simulator, replay, a device that sends a test signal)."""

    def __init__(self, uri: SourceUri) -> None:
        self.uri = uri

    @property
    def carried(self) -> Carried:
        """What the source brings besides samples; complete once ``open`` has returned."""
        return Carried()

    @property
    def vitals(self) -> Mapping[str, Vitals]:
        """Battery, signal strength and the like by ``stream_id``, as last heard; may be asked from any thread."""
        return {}

    @classmethod
    @abstractmethod
    def scan(cls, timeout_s: float) -> Sequence[DeviceInfo]:
        """List what could be opened now, without disturbing any device."""

    @abstractmethod
    def open(self, listener: DriverListener) -> Sequence[StreamInfo]:
        """Connect, and learn rate, channels and unit of every stream."""

    @abstractmethod
    def start(self) -> None:
        """Let blocks flow to the listener."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the flow; returns when the last block has been delivered."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything. Idempotent."""
