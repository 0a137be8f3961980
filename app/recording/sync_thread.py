"""`SyncThread`: brings a file to the disk itself while its writer goes on writing."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue


class SyncThread:
    """Runs the thread ``recorder-sync`` from construction until `stop`.

    It lives as long as the file, because starting a thread waits until the system lets that run; and it is a daemon,
    because a disk that never answers must not keep the program from ending, which the threads of an executor do.

    Parameters
    ----------
    sync : callable
        Returns when the file of a descriptor is on the disk itself; raises `OSError`.
    """

    def __init__(self, sync: Callable[[int], None]) -> None:
        self._sync = sync
        self._asked: SimpleQueue[tuple[int, Future[None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recorder-sync", daemon=True)
        self._thread.start()

    def begin(self, fd: int) -> Future[None]:
        """Begin to sync a file, which stays open until the future is done. Returns at once."""
        done: Future[None] = Future()
        self._asked.put((fd, done))
        return done

    def stop(self) -> None:
        """Wait for what was begun, for ever if the disk never answers, and end the thread.

        Only the recorder's own thread waits for that; whoever stops the recorder waits for a limited time.
        """
        self._asked.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            fd, done = asked
            try:
                self._sync(fd)
            except Exception as error:  # noqa: BLE001 - whoever waits for the future gets it
                done.set_exception(error)
            else:
                done.set_result(None)
