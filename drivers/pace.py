"""`Pace`: when to hand over what a simulated or recorded source holds ready.

Runs in the thread of the driver that owns it; only `Pace.stop` is called from outside.
"""

import threading
import time
from collections.abc import Callable


class Pace:
    """An absolute schedule from source time to wall time.

    Every waiting time is taken from the start of the flow, never from the block before, so that a slow listener is
    caught up with and the schedule does not drift.

    Parameters
    ----------
    speed : float
        How many times real time, > 0; ``inf`` never waits.
    clock : callable
        Nanoseconds on a monotonic clock.
    wait : callable or None
        Sleeps for so many seconds at most; None sleeps until `stop` is called.
    """

    def __init__(
        self,
        speed: float,
        *,
        clock: Callable[[], int] = time.perf_counter_ns,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.speed = speed
        self._clock = clock
        self._stopped = threading.Event()
        self._wait = self._stopped.wait if wait is None else wait
        self._begun_ns = 0

    @property
    def origin_ns(self) -> int:
        """What to add to source time for ``SampleBlock.arrival_ns``.

        Wall time of the start at true speed; 0 otherwise, because there source time has nothing to do with wall time.
        """
        return self._begun_ns if self.speed == 1.0 else 0

    def start(self) -> None:
        """Let source time begin now."""
        self._begun_ns = self._clock()

    def reach(self, due_ns: int) -> bool:
        """Wait until source time `due_ns` has come; True once it has, False as soon as `stop` was called."""
        while not self._stopped.is_set():
            left_ns = self._begun_ns + due_ns / self.speed - self._clock()
            if self.speed == float("inf") or left_ns <= 0:
                return True
            self._wait(left_ns * 1e-9)
        return False

    def stop(self) -> None:
        """Make the running and every later `reach` return False."""
        self._stopped.set()
