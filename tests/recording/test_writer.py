"""Whatever order writing, syncing and failing come in, the journal holds what it says that it holds."""

import errno
import os
import shutil
import tempfile
import threading
from pathlib import Path
from queue import SimpleQueue

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.recording.disk import Disk, lay_reserve, write_at
from app.recording.writer import JournalWriter
from drivers.replay.formats.journal import JOURNAL_NAME
from drivers.replay.formats.journal_chunks import Chunk, ChunkKind, read_chunks
from tests.recording.fake_disk import wait_until

FULL = os.environ.get("GLUTEWAKE_FULL") == "1"


class Platter:
    """A disk of which is known what it holds for good; it answers a sync when it is told to, and forgets at a failure.

    Attributes
    ----------
    kept : bytes
        What a power cut would leave: the file as it was when the last good sync began.
    """

    def __init__(self) -> None:
        self.kept = b""
        self.refuses_write_after: int | None = None
        self.answers: SimpleQueue[bool] = SimpleQueue()
        self.is_asked = threading.Event()

    def write_at(self, fd: int, data: bytes, offset: int) -> int:
        if self.refuses_write_after is not None:
            write_at(fd, data[: self.refuses_write_after], offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_at(fd, data, offset)

    def sync(self, fd: int) -> None:
        found = os.pread(fd, 1 << 20, 0)
        if threading.current_thread().name == "recorder-sync" and not self._wait_for_answer():
            n_kept = next(
                (at for at, byte in enumerate(self.kept) if found[at : at + 1] != bytes([byte])), len(self.kept)
            )
            write_at(fd, bytes(len(found) - n_kept), n_kept)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        self.kept = found

    def _wait_for_answer(self) -> bool:
        self.is_asked.set()
        return self.answers.get()


class Writing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.root = tempfile.mkdtemp()
        self.folder = Path(self.root, "session")
        self.folder.mkdir()
        self.platter = Platter()
        disk = Disk(
            write_at=self.platter.write_at, sync=self.platter.sync, lay_reserve=lambda path, _: lay_reserve(path, 1)
        )
        self.writer = JournalWriter(self.folder, disk)
        self.appended: list[bytes] = []
        self.forgot = False

    @initialize()
    def begin(self) -> None:
        self.platter.answers.put(True)
        self.writer.sync()

    @rule(payload=st.binary(max_size=40))
    def append(self, payload: bytes) -> None:
        self.writer.append(ChunkKind.EVENT, payload, 0)
        self.appended.append(payload)

    @rule(payload=st.binary(max_size=40), after=st.integers(0, 50))
    def append_in_vain(self, payload: bytes, after: int) -> None:
        self.platter.refuses_write_after = after
        with pytest.raises(OSError, match="No space"):
            self.writer.append(ChunkKind.EVENT, payload, 0)
        self.platter.refuses_write_after = None

    @precondition(lambda self: not self.writer.is_syncing)
    @rule()
    def begin_sync(self) -> None:
        self.platter.is_asked.clear()
        self.writer.begin_sync()
        assert self.platter.is_asked.wait(20.0)
        self.forgot = False

    @precondition(lambda self: self.writer.is_syncing)
    @rule(is_good=st.booleans(), late=st.lists(st.binary(max_size=40), max_size=2))
    def finish_sync(self, is_good: bool, late: list[bytes]) -> None:
        self.platter.answers.put(is_good)
        wait_until(lambda: self.writer.sync_is_over)
        self.forgot = not is_good
        for payload in late:
            self.append(payload)
        try:
            self.writer.finish_sync()
        except OSError:
            assert not is_good
        else:
            assert is_good

    @rule()
    def lose_folder(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @invariant()
    def everything_written_is_in_the_file(self) -> None:
        path = self.folder / JOURNAL_NAME
        if path.exists() and not self.forgot:
            found = list(read_chunks(path.read_bytes()))
            assert [chunk.payload for chunk in found if isinstance(chunk, Chunk)] == self.appended
            assert len(found) == len(self.appended)

    @invariant()
    def what_is_not_unsynced_outlives_a_power_cut(self) -> None:
        n_safe = self.writer.size - self.writer.unsynced
        safe = [chunk for chunk in read_chunks(self.platter.kept[:n_safe]) if isinstance(chunk, Chunk)]
        assert sum(chunk.size for chunk in safe) == n_safe
        assert [chunk.payload for chunk in safe] == self.appended[: len(safe)]

    def teardown(self) -> None:
        self.platter.answers.put(True)
        self.writer.close()
        shutil.rmtree(self.root, ignore_errors=True)


TestWriting = Writing.TestCase
TestWriting.settings = settings(max_examples=300 if FULL else 30, stateful_step_count=20)
