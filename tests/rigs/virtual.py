"""What a virtual device is to the rigs that host it: the far end of a wire or radio link, without one. Pure.

The classes in ``tests/rigs/devices`` speak a maker's protocol both ways, written from the maker's documents and not
from our codecs. A device that begins to send only on a command tells nothing before it has come.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class VirtualDevice(Protocol):
    """Either end of `WireDevice` and `RadioDevice`."""

    @property
    def sfreq(self) -> float:
        """Samples a second, as the device's own crystal counts them."""

    def receive(self, data: bytes) -> bytes:
        """Take what the computer sends and give the answer, if any."""

    def truth(self, first: int, n: int) -> npt.NDArray[np.float32]:
        """Samples ``first`` to ``first + n`` of what it measures, in the unit of the stream, shape (n, n_channels)."""


class WireDevice(VirtualDevice, Protocol):
    """A device on a serial port."""

    def samples(self, n: int) -> bytes:
        """Let the time of `n` more samples pass, and give what is sent meanwhile."""


class RadioDevice(VirtualDevice, Protocol):
    """A device that notifies over Bluetooth."""

    @property
    def name(self) -> str:
        """As it is advertised."""

    @property
    def services(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """UUID of each service to the UUIDs of its characteristics and their properties (read, write, notify, ...).

        The first that notifies carries the samples, and the answers of `receive` where the characteristic that was
        written to does not notify itself.
        """

    @property
    def advertised(self) -> Sequence[str]:
        """UUIDs of the services that the advertisement names; often none."""

    @property
    def values(self) -> Mapping[str, bytes]:
        """What a characteristic says when it is read, by UUID; empty where nothing is to be read."""

    @property
    def samples_per_packet(self) -> int:
        """Samples in one notification."""

    def packets(self, n: int) -> list[bytes]:
        """Let the time of `n` more samples pass, and give the notifications that are sent meanwhile.

        Called with whole packets, `samples_per_packet` at a time, whether anybody listens or not.
        """
