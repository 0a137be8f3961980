"""The few things a recording asks of the system, one function each, with a branch per platform where they differ."""

import contextlib
import errno
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FAR_AWAY = 1 << 40
"""A byte that no journal reaches; Windows locks bytes, and a locked byte could not be read."""

_log = logging.getLogger(__name__)


def write_at(fd: int, data: bytes, offset: int) -> int:
    """Write at a place of a file; returns how many bytes went in, which may be fewer than given."""
    if sys.platform == "win32":
        os.lseek(fd, offset, os.SEEK_SET)
        return os.write(fd, data)
    return os.pwrite(fd, data, offset)


def sync_file(fd: int) -> None:
    """Return when the content of a file is on the disk itself."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)  # a plain fsync stops at the drive's cache there
    elif sys.platform == "win32":
        os.fsync(fd)
    else:
        os.fdatasync(fd)


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk itself. Windows does so on its own."""
    if sys.platform != "win32":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def create_file(path: Path) -> int:
    """Create a file that must not exist yet, readable by its owner alone; returns its descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def try_lock(fd: int) -> bool:
    """Lock an open file until it is closed or its process dies; False if another one holds it.

    A file system that knows no locks is no reason not to record: there it is True without a lock.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(fd, _FAR_AWAY, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            os.lseek(fd, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        _log.warning("no lock on this file system: %s", error)
    return True


def open_locked(path: Path) -> int | None:
    """Open an existing file and lock it; None if another open file, in this process or any other, holds the lock."""
    flags = (os.O_RDWR if sys.platform == "win32" else os.O_RDONLY) | getattr(os, "O_BINARY", 0)
    flags |= getattr(os, "O_NONBLOCK", 0)  # waits for no pipe
    fd = os.open(path, flags)
    if try_lock(fd):
        return fd
    os.close(fd)
    return None


def lay_reserve(path: Path, size: int) -> None:
    """Fill a file with `size` bytes that can be given up later; leaves nothing behind where they do not fit."""
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(os.urandom(size))  # zeros would take no room on a disk that compresses
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


@contextlib.contextmanager
def replace_file(path: Path, *, outlives_power_cut: bool = True) -> Iterator[BinaryIO]:
    """Open a file that takes its place only when it is whole and on the disk; readable by its owner alone.

    What need outlive no more than the program does not wait for the disk itself.
    """
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            if outlives_power_cut:
                os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    if outlives_power_cut:
        sync_folder(path.parent)


@dataclass(frozen=True, slots=True)
class Disk:
    """The calls that can fail or stall in the middle of a recording, so that a test can make them.

    ``free`` gives the bytes that are free where a folder is.
    """

    write_at: Callable[[int, bytes, int], int] = write_at
    truncate: Callable[[int, int], None] = os.ftruncate
    sync: Callable[[int], None] = sync_file
    lay_reserve: Callable[[Path, int], None] = lay_reserve
    free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
