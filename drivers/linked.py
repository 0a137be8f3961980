"""What devices on a wire and on the air have in common: a link that comes and goes, a codec, streams, vital signs.

`drivers.serial_driver` and `drivers.ble_driver` add the link itself.
"""

import logging
import random
import time
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from drivers.backoff import retry_delays
from drivers.base import Driver, DriverListener
from drivers.codec import Chunk, Codec
from drivers.delivery import Delivery, has_its_channels, stalled_after_s
from drivers.errors import DriverError
from drivers.link import LinkTimes
from drivers.types import LinkState, StreamInfo, Vitals
from drivers.uri import SourceUri

_log = logging.getLogger(__name__)

Delays = Callable[[], Iterator[float]]


def usual_delays() -> Iterator[float]:
    """Seconds to wait before each try, another order each time."""
    return retry_delays(random.Random())


class LinkedDriver(Driver):
    """Knows the streams of a device, and whom they are delivered to.

    Parameters
    ----------
    uri : SourceUri
    options : collection of str
        What the URI may take.
    delays : callable
        Gives the seconds to wait before each try to reach the device again.
    """

    times: ClassVar[LinkTimes]
    """How long its link may be silent."""

    def __init__(self, uri: SourceUri, options: Collection[str], delays: Delays) -> None:
        super().__init__(uri)
        uri.refuse_unknown_options(options)
        self.streams: Sequence[StreamInfo] = ()
        """What `open` found; empty while the device is greeted for the first time."""
        self._delays = delays
        self._codec: Codec | None = None
        self._delivery: Delivery | None = None
        self._vitals: dict[str, Vitals] = {}

    # ---- what a family may write anew

    def fits(self, chunk: Chunk, stream: StreamInfo) -> bool:
        """Whether a chunk is what its stream promised; decided by the number of channels."""
        return has_its_channels(chunk, stream)

    # ---- what a family may use

    def stream_id(self, unit: str = "") -> str:
        """The one right name of a stream: scheme and address, and the unit where several share the link."""
        return f"{self.uri.scheme}:{self.uri.address}" + (f":{unit}" if unit else "")

    def tell(self, vitals: Vitals, unit: str = "") -> None:
        """Take note of how a unit is doing."""
        self._vitals[self.stream_id(unit)] = vitals

    @property
    def vitals(self) -> Mapping[str, Vitals]:
        """What the family told, and what the link shows."""
        known = dict(self._vitals)
        ids = [stream.stream_id for stream in self.streams]
        return {name: self._with_link(known.get(name, Vitals())) for name in ids}

    # ---- what the two kinds of link write

    @abstractmethod
    def _with_link(self, vitals: Vitals) -> Vitals:
        """Add what the link shows to what the family told."""

    @property
    @abstractmethod
    def _silent(self) -> str:
        """What is told when no samples come."""

    # ---- what they use

    @property
    def _limits(self) -> LinkTimes:
        """How long the link may be silent with these streams: slow ones stall later."""
        return replace(self.times, stalled_after_s=stalled_after_s(self.times.stalled_after_s, self.streams))

    def _deliver_to(self, listener: DriverListener) -> None:
        """Take note of who wants the blocks of the streams that `open` found."""
        self._delivery = Delivery(
            listener,
            self.streams,
            fits=self.fits,
            silent_after_s=self._limits.stalled_after_s,
            silent=self._silent,
        )

    def _opened(self) -> Delivery:
        """Where blocks go to; raises `DriverError` before `open`."""
        if self._delivery is None:
            raise DriverError(f"'{self.uri.address}' is not open; open it again.", "start() without open()")
        return self._delivery

    def _tell_fault(self, delivery: Delivery) -> str:
        """Log and tell, in a last handler, that reading failed by a fault; returns the reason."""
        _log.exception("reading %s failed", self.uri.text)
        reason = f"Reading '{self.uri.address}' failed; the log says why."
        delivery.tell(LinkState.UNAVAILABLE, reason, time.perf_counter_ns())
        return reason
