"""`JournalWriter`: the file of a recording. Every call either succeeds or leaves the file valid, to be tried again.

Not for several threads: only the recorder's own thread uses it once it is open. What brings the file to the disk
itself has a thread of its own, so that writing goes on meanwhile.
"""

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from app.recording.disk import Disk, create_file, sync_folder, try_lock
from app.recording.sync_thread import SyncThread
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.replay.formats.journal_chunks import ChunkKind, encode_chunk

RESERVE_NAME = "reserve"
RESERVE_BYTES = 2 << 20
"""Given up at the first write error, so that a session on a full disk can go on for minutes and end cleanly."""

_log = logging.getLogger(__name__)


class JournalWriter:
    """Appends chunks to a new journal, locked as long as it is open.

    Parameters
    ----------
    folder : Path
        Session folder; a journal that is already in it is never touched.
    disk : Disk

    Raises
    ------
    FileExistsError
        If the folder already holds a journal.
    OSError
        If the folder cannot be written to.
    """

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._reserve = folder / RESERVE_NAME
        self._fd = create_file(folder / JOURNAL_NAME)
        self._seq = 0
        self._end = 0
        self._synced_end = 0
        self._unsynced: list[bytes] = []
        self._sync_failed = False
        self._sync_thread = SyncThread(disk.sync)
        self._syncing: Future[None] | None = None
        self._asked = 0, 0
        """Chunks that wait, and bytes of the file, when the sync began."""
        try:
            try_lock(self._fd)
            disk.lay_reserve(self._reserve, RESERVE_BYTES)
            self.has_reserve = True
        except OSError:
            self.discard()
            raise

    def append(self, kind: ChunkKind, payload: bytes, t_host_ns: int, *, stream: int = 0, n_rows: int = 0) -> None:
        """Write one chunk; on `OSError` the file ends where it ended before, and the same call may be made again."""
        chunk = encode_chunk(kind, payload, seq=self._seq, t_host_ns=t_host_ns, stream=stream, n_rows=n_rows)
        self._write(chunk, self._end)
        self._unsynced.append(chunk)
        self._end += len(chunk)
        self._seq += 1

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._end

    @property
    def unsynced(self) -> int:
        """Bytes that are not on the disk itself; a copy of them is kept in memory."""
        return self._end - self._synced_end

    @property
    def is_syncing(self) -> bool:
        """Whether `finish_sync` has something to take in, now or later."""
        return self._syncing is not None

    @property
    def sync_is_over(self) -> bool:
        """Whether `finish_sync` returns at once what the disk said."""
        return self._syncing is not None and self._syncing.done()

    def begin_sync(self, tell: Callable[[], None] = lambda: None) -> None:
        """Begin to bring to the disk itself what is written; more can be written meanwhile. None may be under way.

        After a failed sync the system may have thrown away what it could not write and report success the next
        time, so everything since the last good sync is written once more before the next one. A file that somebody
        deleted or moved away meanwhile comes back to its place. Raises `OSError`.

        Parameters
        ----------
        tell : callable
            Called when it is over, well or not, on the thread ``recorder-sync``.
        """
        if not (self._folder / JOURNAL_NAME).exists():
            self._come_back()
        if self._sync_failed:
            self._write(b"".join(self._unsynced), self._synced_end)
        self._asked = len(self._unsynced), self._end
        self._syncing = self._sync_thread.begin(self._fd)
        self._syncing.add_done_callback(lambda _: tell())

    def finish_sync(self) -> None:
        """Wait for the sync that is under way, if there is one; raises the `OSError` that it ended with."""
        if self._syncing is None:
            return
        syncing, self._syncing = self._syncing, None
        try:
            syncing.result()
        except OSError:
            self._sync_failed = True
            raise
        self._sync_failed = False
        n_chunks, self._synced_end = self._asked
        del self._unsynced[:n_chunks]

    def sync(self) -> None:
        """Wait until everything is on the disk itself. Raises `OSError`, see `begin_sync`."""
        self.finish_sync()
        self.begin_sync()
        self.finish_sync()

    def sync_names(self) -> None:
        """Make sure that the file is found again after a power loss."""
        sync_folder(self._folder)

    def give_up_reserve(self) -> None:
        """Free the reserve."""
        self.has_reserve = False
        with contextlib.suppress(OSError):
            self._reserve.unlink()

    def restore_reserve(self) -> None:
        """Lay the reserve again; raises `OSError` where there is no room for it."""
        self._disk.lay_reserve(self._reserve, RESERVE_BYTES)
        self.has_reserve = True

    def close(self) -> None:
        """Let go of file, lock and reserve, once the disk has answered."""
        self._sync_thread.stop()
        os.close(self._fd)
        self.give_up_reserve()

    def discard(self) -> None:
        """Remove a journal that could not even be begun."""
        self.close()
        with contextlib.suppress(OSError):
            (self._folder / JOURNAL_NAME).unlink()

    def _come_back(self) -> None:
        """Make the file anew where it was; what was written is still in the open one, whatever became of its name."""
        _log.warning("recording: '%s' is gone and is written anew", self._folder / JOURNAL_NAME)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = create_file(self._folder / JOURNAL_NAME)
        try:
            try_lock(fd)
            with open(os.dup(self._fd), "rb") as old, open(os.dup(fd), "wb") as new:
                old.seek(0)
                shutil.copyfileobj(old, new)
            self._disk.sync(fd)
        except OSError:  # nothing half copied stays, and the next sync tries again
            os.close(fd)
            (self._folder / JOURNAL_NAME).unlink()
            raise
        os.close(self._fd)
        self._fd = fd
        self.sync_names()
        self.restore_reserve()

    def _write(self, data: bytes, offset: int) -> None:
        done = 0
        try:
            while done < len(data):
                n_written = self._disk.write_at(self._fd, data[done:], offset + done)
                if n_written <= 0:
                    raise OSError(errno.EIO, "the disk takes nothing and does not say why")
                done += n_written
        except OSError:
            # Where even this fails, the torn chunk is overwritten by the next try and has no valid checksum until then.
            with contextlib.suppress(OSError):
                self._disk.truncate(self._fd, self._end)
            raise
