"""``bench disk``: what a recording does on a disk that is full, forbidden, gone, slow or miserly, sample by sample.

    sudo python3 scripts/dev.py bench disk
    python3 scripts/dev.py bench disk stall

8 channels at 4 kHz in blocks of 5 ms, as they would arrive. The full disk is a real one, mounted in memory (Linux,
root); the folder is really deleted; what only the system can do, stand still for 4 s or take but a part, its calls do.
"""

import argparse
import contextlib
import errno
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.recording.disk import Disk, sync_file, write_at
from app.recording.errors import RecordingError
from app.recording.recorder import Recorder
from drivers.replay.formats.journal import open_journal
from drivers.types import Float32Array
from tests.recording.known_signal import BLOCK, LSB, SESSION, STREAM, block, known_samples

SFREQ: Final = 4000.0
N_CHANNELS: Final = 8
N_KNOWN: Final = 64
"""Different blocks, made before, because making them takes long."""
BEGIN_S: Final = 2.0
MOST_PUSH_MS: Final = 50.0
MOUNTED_BYTES: Final = 24 << 20
STREAM_OF_8: Final = replace(
    STREAM, sfreq=SFREQ, ch_names=tuple(f"muscle {n}" for n in range(N_CHANNELS)), lsb=(LSB,) * N_CHANNELS
)


@dataclass
class Fault:
    """Something that happens to a disk 2 s after a session began, and is over some seconds later."""

    name: str
    lasts_s: float
    disk: Disk
    begin: Callable[[Path], None]
    end: Callable[[Path], None]
    needs_mount: bool = False


def faults() -> Iterator[Fault]:
    """Every fault, fresh."""
    nothing: Callable[[Path], None] = lambda folder: None  # noqa: E731
    yield Fault("full disk, room again after 40 s", 40.0, Disk(), _fill, lambda folder: _filler(folder).unlink(), True)
    refused = threading.Event()

    def forbidden(fd: int, data: bytes, offset: int) -> int:
        if refused.is_set():
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return write_at(fd, data, offset)

    yield Fault(
        "read-only for 10 s", 10.0, Disk(write_at=forbidden), lambda _: refused.set(), lambda _: refused.clear()
    )
    yield Fault("folder deleted", 3.0, Disk(), shutil.rmtree, nothing)
    yield Fault("folder moved away", 3.0, Disk(), lambda folder: os.rename(folder, f"{folder}-moved"), nothing)
    slow = threading.Event()

    def stalling(fd: int) -> None:
        if slow.is_set():
            threading.Event().wait(4.0)
        sync_file(fd)

    yield Fault("syncs stall for 4 s each", 12.0, Disk(sync=stalling), lambda _: slow.set(), lambda _: slow.clear())
    yield Fault(
        "writes of 100 bytes at most", 3.0, Disk(write_at=lambda fd, data, at: write_at(fd, data[:100], at)), nothing,
        nothing,
    )  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be asked."""
    parser.add_argument("rows", nargs="?", default="", help="only rows with this in their name")


def run(arguments: argparse.Namespace) -> int:
    """Print a row for each; 1 if a sample is lost or wrong, or a push waited."""
    logging.disable(logging.WARNING)  # the table says it
    is_bad = False
    may_mount = sys.platform == "linux" and os.geteuid() == 0
    for fault in faults():
        if arguments.rows not in fault.name:
            continue
        if fault.needs_mount and not may_mount:
            print(f"{fault.name}: needs Linux and root")
            continue
        with _place(fault.needs_mount) as place:
            is_bad |= _measure(fault, place / "session")
    if may_mount and arguments.rows in "read-only from the start":
        _refuse_read_only()
    return int(is_bad)


def _measure(fault: Fault, folder: Path) -> bool:
    folder.mkdir()
    recorder = Recorder(folder, [STREAM_OF_8], SESSION, disk=fault.disk)
    known = [known_samples(n * BLOCK, BLOCK, N_CHANNELS) for n in range(N_KNOWN)]
    began, number, longest_ms, risk_s, told_s, cause = time.perf_counter(), 0, 0.0, 0.0, None, ""
    steps = [(BEGIN_S, fault.begin), (BEGIN_S + fault.lasts_s, fault.end)]
    while (now := time.perf_counter() - began) < BEGIN_S + fault.lasts_s + 3.0:
        while steps and now >= steps[0][0]:
            steps.pop(0)[1](folder)
        while number * BLOCK / SFREQ < now:
            stamp_ns = round((number + 1) * BLOCK * 1e9 / SFREQ)
            made = replace(block(number), samples=known[number % N_KNOWN], arrival_ns=stamp_ns)
            before = time.perf_counter()
            recorder.push_block(made)
            longest_ms = max(longest_ms, 1e3 * (time.perf_counter() - before))
            number += 1
        status = recorder.status
        risk_s = max(risk_s, status.at_risk_s)
        if status.cause and told_s is None:
            told_s, cause = now - BEGIN_S, status.cause
        threading.Event().wait(BLOCK / SFREQ)
    state = recorder.stop().state
    n_true, n_wrong = _count(folder, known)
    n_lost = number * BLOCK - n_true - n_wrong
    told = f"told after {told_s:.1f} s: {cause.split(';')[0].replace(str(folder), 'DIR')}" if told_s else "no trouble"
    print(
        f"{fault.name:<34} {number * BLOCK / SFREQ:5.1f} s  lost {n_lost}  wrong {n_wrong}  push {longest_ms:.1f} ms"
        f"  at risk {risk_s:.1f} s  {state}; {told}"
    )
    sys.stdout.flush()
    return bool(n_lost or n_wrong or longest_ms > MOST_PUSH_MS or state != "stopped")


def _count(folder: Path, known: Sequence[Float32Array]) -> tuple[int, int]:
    """Samples of a journal that are the true ones, and that are not."""
    n_true = n_wrong = 0
    journal = open_journal(folder)
    for found in journal.blocks(0.0):
        for row in range(0, found.n_samples, BLOCK):
            number = (found.first_index + row) // BLOCK
            is_true = bool((found.samples[row : row + BLOCK] == known[number % N_KNOWN]).all())
            n_true += BLOCK * is_true
            n_wrong += BLOCK * (not is_true)
    journal.close()
    return n_true, n_wrong


def _filler(folder: Path) -> Path:
    return folder.parent / "filler"


def _fill(folder: Path) -> None:
    with contextlib.suppress(OSError), _filler(folder).open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


@contextlib.contextmanager
def _place(is_mounted: bool, *options: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="glutewake-disk-") as name:
        if is_mounted:
            size = ",".join((f"size={MOUNTED_BYTES}", *options))
            subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", name], check=True)
        try:
            yield Path(name)
        finally:
            if is_mounted:
                subprocess.run(["umount", name], check=True)


def _refuse_read_only() -> None:
    with _place(True) as place:
        (place / "session").mkdir()
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        try:
            Recorder(place / "session", [STREAM_OF_8], SESSION)
        except RecordingError as error:
            print(f"{'read-only from the start':<34} refused: {error.sentence.replace(str(place), '')}")
