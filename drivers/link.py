"""What a link does next: one state machine for every radio and every wire. Pure: time comes in, nothing goes out.

::

    SEARCHING ─found─► CONNECTING ─connected─► STREAMING ◄─data─ STALLED
        ▲                  │ failed               │ lost, or dead for too long
        └───── WAITING ◄───┴──────────────────────┘         any ─► UNAVAILABLE ─► SEARCHING

Whoever owns the link (`drivers.gatt`, `drivers.serial_port`) tells what happened and asks `LinkMachine.phase` what to
do; `LinkMachine.tick` is to be called by `LinkMachine.due_ns` at the latest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from drivers.types import LinkState


class Phase(StrEnum):
    """What the owner of the link is to do."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALLED = "stalled"
    WAITING = "waiting"
    UNAVAILABLE = "unavailable"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class LinkTimes:
    """How patient a link is.

    Attributes
    ----------
    stalled_after_s : float
        Seconds without data after which the link counts as stalled.
    dead_after_s : float or None
        Seconds without data after which it is given up and made anew; None waits for ever (a wire that still hangs on
        the same port has nothing to make anew). The operating system notices a vanished radio only after 4 to 10 s.
    proven_after_s : float
        Seconds of data after which the next loss starts with the shortest wait again.
    """

    stalled_after_s: float = 0.5
    dead_after_s: float | None = 4.0
    proven_after_s: float = 5.0


class LinkMachine:
    """The state of one link.

    Parameters
    ----------
    delays : callable
        Gives the seconds to wait before each try after a failed one; the first try after a loss is made at once.
    times : LinkTimes
    again : bool
        True if the device was reached before, so that trying is ``RECONNECTING`` from the first.
    """

    def __init__(
        self, delays: Callable[[], Iterator[float]], times: LinkTimes | None = None, *, again: bool = False
    ) -> None:
        self.times = times or LinkTimes()
        self.phase = Phase.SEARCHING
        self.reason = ""
        """Why the link is not streaming, for the user; empty while it is."""
        self._delays = delays
        self._waits: Iterator[float] | None = None
        self._has_streamed = again
        self._since_ns = 0
        self._heard_ns = 0
        self._again_ns = 0

    @property
    def state(self) -> LinkState:
        """The phase in the words of the JSON contract."""
        if self.phase in (Phase.SEARCHING, Phase.CONNECTING, Phase.WAITING):
            return LinkState.RECONNECTING if self._has_streamed else LinkState.CONNECTING
        return LinkState("closed" if self.phase is Phase.STOPPED else self.phase.value)

    @property
    def due_ns(self) -> int | None:
        """When `tick` changes something by itself; None if never."""
        if self.phase is Phase.WAITING:
            return self._again_ns
        if self.phase is Phase.STREAMING:
            return self._heard_ns + round(self.times.stalled_after_s * 1e9)
        if self.phase is Phase.STALLED and self.times.dead_after_s is not None:
            return self._heard_ns + round(self.times.dead_after_s * 1e9)
        return None

    def found(self) -> None:
        """The device is there: connect."""
        if self.phase is Phase.SEARCHING:
            self.phase = Phase.CONNECTING

    def appeared(self) -> None:
        """The device was away and is there now: connect, whatever was waited for, and be quick again."""
        if self.phase in (Phase.SEARCHING, Phase.WAITING):
            self.phase, self._waits = Phase.CONNECTING, None

    def connected(self, now_ns: int) -> None:
        """The device was told to send."""
        if self.phase is Phase.CONNECTING:
            self.phase, self.reason = Phase.STREAMING, ""
            self._has_streamed = True
            self._since_ns = self._heard_ns = now_ns

    def data(self, now_ns: int) -> None:
        """Samples came."""
        if self.phase not in (Phase.STREAMING, Phase.STALLED):
            return
        if self.phase is Phase.STALLED:
            self.phase, self.reason = Phase.STREAMING, ""
            self._since_ns = now_ns
        self._heard_ns = now_ns
        if now_ns - self._since_ns >= self.times.proven_after_s * 1e9:
            self._waits = None

    def lost(self, now_ns: int, reason: str) -> None:
        """The link broke, or an attempt to make it failed: try again, at once after a good time, else later."""
        if self.phase is Phase.STOPPED:
            return
        first = self._waits is None
        if self._waits is None:
            self._waits = self._delays()
        self.phase, self.reason = Phase.WAITING, reason
        self._again_ns = now_ns if first else now_ns + round(next(self._waits) * 1e9)

    def unavailable(self, reason: str) -> None:
        """Nothing can be reached at all (Bluetooth off, no permission): the owner polls until `available`."""
        if self.phase is not Phase.STOPPED:
            self.phase, self.reason = Phase.UNAVAILABLE, reason

    def available(self) -> None:
        """It can be reached again: search."""
        if self.phase is Phase.UNAVAILABLE:
            self.phase, self._waits = Phase.SEARCHING, None

    def tick(self, now_ns: int, silent: str = "no data comes; is the device on?") -> None:
        """Let time pass: a wait ends, a silent link stalls, a dead one is given up."""
        due_ns = self.due_ns
        if due_ns is None or now_ns < due_ns:
            return
        if self.phase is Phase.WAITING:
            self.phase = Phase.SEARCHING
        elif self.phase is Phase.STREAMING:
            self.phase, self.reason = Phase.STALLED, silent
        else:
            self.lost(now_ns, silent)

    def stop(self) -> None:
        """The user has had enough."""
        self.phase, self.reason = Phase.STOPPED, ""
